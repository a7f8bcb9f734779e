"""What this machine stored where, for whom, and until when: what a write-only service cannot tell."""
