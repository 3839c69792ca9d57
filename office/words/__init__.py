"""The words people read: one TOML file and one typed model a subject."""
