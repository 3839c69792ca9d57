"""A stand-in for Telegram's Bot API on loopback: it refuses what Telegram refuses, in its words."""
