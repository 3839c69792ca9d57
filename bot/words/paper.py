"""What people read of papers, paper answers and the follow-up: `kertas.toml`."""

from __future__ import annotations

from bot.wording import Part


class PaperWords(Part):
    """What /laporan, /poster and paper entry say."""
