"""The bands of hours that the regulation's form asks a visit to be put into."""

from __future__ import annotations

BANDS = {"08-12": range(8, 12), "13-17": range(13, 17)}
OTHER = "lain"


def band_of(hour: int) -> str:
    """The band of an hour of the day, 0 to 23."""
    return next((band for band, hours in BANDS.items() if hour in hours), OTHER)
