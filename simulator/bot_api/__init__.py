"""The Bot API: one call from its arguments to its result."""
