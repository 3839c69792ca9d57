"""Updates from Telegram: polling, webhook, parsing, liveness."""
