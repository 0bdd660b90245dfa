"""Organisations of any kind, what they signed with one another, and who paid for what."""
