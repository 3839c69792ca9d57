"""What people read of the evaluation of SAKIP, the IKU table and the profile: `iku.toml`."""

from __future__ import annotations

from bot.wording import Part


class IkuWords(Part):
    """What /sakip, /iku and /profil say."""
