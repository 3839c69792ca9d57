"""The end of a year in the group: the index of the unit heads first, the citizens' index last."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_unit_index import UNITS, all_messages_go_out, rate
from tests.harness import BOTH_DATABASES, Actor, Harness

pytestmark = [BOTH_DATABASES, pytest.mark.slow]


@pytest.fixture
async def three_heads(admin: Actor, person: Callable[..., Actor]) -> list[Actor]:
    """The heads of three of the seven units."""
    heads = [person(501 + number) for number in range(3)]
    for head, unit in zip(heads, UNITS, strict=False):
        await respondents.appoint(head, unit)
    return heads


def indices(group: Actor) -> list[str]:
    """The messages with an index, as they stand in the group."""
    texts = [message.get("caption") or message.get("text", "") for message in group.messages]
    return [text for text in texts if "📊" in text]


async def test_the_picture_of_the_citizens_index_is_the_last_one_in_the_group(
    three_heads: list[Actor], group: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    await rate(three_heads, 3, 3, 3)
    await respondents.rate(office, [Respondent([3] * 9)] * 6)
    await office.reaches("2027-01-07 08:00")
    await all_messages_go_out(office)
    heads, citizens = indices(group)[-2:]
    assert heads.startswith("📊 Indeks kepuasan unit kerja")
    assert citizens.startswith("📊 IKM")
    assert "IKU 2026: unit kerja 75,00" in citizens
    assert "IKU 2026" not in heads  # the same figure: nothing to explain


async def test_the_heads_message_says_which_figure_of_theirs_the_iku_uses(
    three_heads: list[Actor], group: Actor, office: Harness
) -> None:
    await office.reaches("2027-01-07 08:00")
    await rate(three_heads, 3, 3, 3)
    await office.reaches("2027-07-07 08:00")
    await rate(three_heads, 4, 4, 4)
    await office.reaches("2028-01-07 08:00")
    await all_messages_go_out(office)
    heads = [text for text in indices(group) if "Semester II 2027" in text][-1]
    assert "100,00" in heads
    # six ratings of 3 and 4 together: 3,5 × 25
    assert "untuk periode ini saja; IKU 2027 memakai 87,50 (gabungan Semester I 2027," in heads
