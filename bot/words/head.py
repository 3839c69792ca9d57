"""What people read of roles, invitations and the heads of units: `kepala.toml`."""

from __future__ import annotations

from bot.wording import Part


class HeadWords(Part):
    """What /undang and the rating of the office by its units say."""
