"""Pages of members: one's own data, and the import of local authorities."""
