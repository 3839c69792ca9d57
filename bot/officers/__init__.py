"""What the office's people do by the bot: one module a subject, each door with its roles."""
