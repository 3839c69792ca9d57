"""The bot on Telegram: intake, turns, delivery, commands and buttons, outbox, ticks."""

import os

# python-telegram-bot reads this when a 429 is raised: `retry_after` as a timedelta, which is what
# its next version does always; without it every 429 is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
