"""What people read of running the office, its history and its status: `kelola.toml`."""

from __future__ import annotations

from bot.wording import Part


class ManageWords(Part):
    """What /kelola, /riwayat and /status say."""
