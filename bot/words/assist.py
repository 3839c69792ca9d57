"""What people read of assisted entry: `bantu.toml`."""

from __future__ import annotations

from bot.wording import Part


class AssistWords(Part):
    """What /isi_bantu says."""
