"""Keeping the database: its schema, backups, and how deleted rows leave its files."""
