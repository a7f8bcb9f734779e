"""SAP AI Core: who we are, the token, and what its HTTP API can do."""
