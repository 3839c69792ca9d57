"""What people read of periods, their revisions, and what is voided: `periode.toml`."""

from __future__ import annotations

from bot.wording import Part


class PeriodWords(Part):
    """What /periode and /gugurkan say."""
