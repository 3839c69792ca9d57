"""The ways in which a response can come, each counted apart: `channels.toml`, the one table."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from scoring.data_file import Key, Label, StrictModel

FILE = Path(__file__).with_suffix(".toml")


class Channel(StrictModel):
    """One channel.

    Args:
        code: as stored and exported.
        name: in a short list.
        title: in a report.
        browser: filled in a browser, where a person is known by a cookie alone.
        shared: filled on a device that somebody else uses next.
        burst: the channel of its responses that come in a burst from one address.
        visited: the channel of its responses with a code of a visit.
        own: the channel of its responses about the service of the petugas' own counter.
    """

    code: Key
    name: Label
    title: Label
    browser: bool = False
    shared: bool = False
    burst: Key | None = None
    visited: Key | None = None
    own: Key | None = None


class _File(StrictModel):
    channel: list[Channel]


# By code, in the order of lists.
CHANNELS: Mapping[str, Channel] = {
    each.code: each for each in _File.model_validate(tomllib.loads(FILE.read_text("utf-8"))).channel
}
BROWSER = frozenset(code for code, each in CHANNELS.items() if each.browser)
# The channel of a response with a code of a visit -> its channel without one.
WITHOUT_CODE: Mapping[str, str] = {
    each.visited: code for code, each in CHANNELS.items() if each.visited is not None
}
BURSTS = frozenset(each.burst for each in CHANNELS.values() if each.burst is not None)


def in_order(counted: Iterable[str]) -> list[str]:
    """The codes that are counted, in the order of lists."""
    return sorted(counted, key=list(CHANNELS).index)


def of_counts(counts: Mapping[str, int], some: Iterable[str]) -> int:
    """How many responses came through some of the channels."""
    return sum(counts.get(code, 0) for code in some)
