"""Credentials that stand in notebooks and in files beside them: found, and taken out."""
