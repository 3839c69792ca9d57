"""A simulator of Telegram's Bot API on loopback, with Telegram's limits and error texts."""
