"""Calls to Telegram: transport, rate limit, refusals, screens, menus."""
