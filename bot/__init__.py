"""The door to Telegram: intake, turns, screens, outbox, ticks, and the words people read."""

import os

# python-telegram-bot reads this when a 429 is raised: `retry_after` as a timedelta, which is what
# its next version does always; without it every 429 is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")
