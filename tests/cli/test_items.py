"""An office that asks 8 unsur with 22 questions, from the QR to the message, papers and export."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from scoring import instrument_file
from scoring.numbers import with_comma
from tests import independent as twin
from tests.bot.respondents import Respondent, rate
from tests.bot.test_laporan import FILES, documents, messages_go_out
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.shell import puas

FILE = Path(__file__).parents[1] / "data" / "instruments" / "skm-berbutir.toml"
ITEMS = instrument_file.load(FILE)
GROUPS = [[ITEMS.codes.index(code) for code in unsur.items] for unsur in ITEMS.unsur]
SURVEY = {"instrument": ITEMS.code, "instruments_dir": str(FILE.parent), "min_filled": 11}

pytestmark = [
    pytest.mark.process,
    pytest.mark.http,
    pytest.mark.slow,
    BOTH_DATABASES,
    pytest.mark.parametrize("office", [{"survey": SURVEY}], indirect=True),
]


def drawn(count: int) -> list[list[int]]:
    """Answers of so many people to the 22 items; WAKTU is the lowest in each."""
    chance = random.Random(16)
    return [
        [
            chance.choice((1, 2)) if code.startswith("WAKTU") else chance.choice((0, 3, 4, 4))
            for code in ITEMS.codes
        ]
        for _ in range(count)
    ]


async def test_items_are_asked_one_by_one_and_figures_are_those_of_the_unsur(
    citizen: Actor, admin: Actor, group: Actor, office: Harness
) -> None:
    first, *others = answers = drawn(40)
    await citizen.begins()
    citizen.sees("Pertanyaan 1 dari 22", "Apakah syaratnya mudah dipahami?")
    await citizen.answers(*first)
    await citizen.declines()
    await citizen.taps("✅")
    await rate(office, [Respondent(each) for each in others])
    await office.reaches("2026-10-07 08:00")
    rows = [[nilai or None for nilai in row] for row in answers]
    exact = twin.exact_ikm_of_groups(rows, GROUPS)
    assert exact is not None
    ikm = twin.rounded(exact)

    group.sees(f"{with_comma(ikm)} – mutu", "40 responden", "Nilai terendah: Waktu penyelesaian")
    await citizen.says("/hasil")
    citizen.sees(with_comma(ikm), "Waktu penyelesaian: ", "Sarana dan prasarana: ")
    citizen.sees_not("Waktu menunggu")

    await admin.says("/laporan 2026-TW3")
    await messages_go_out(office)
    assert documents(admin) == FILES

    ended = await puas(office, "export", "2026-TW3", "--out", "a.csv")
    assert ended.code == 0, ended.err
    said = await puas(office, "score", "a.csv", "--instrument", str(FILE), "--json")
    assert said.code == 0, said
    scored = json.loads(said.out)
    assert (scored["n"], scored["ikm"]) == (40, str(ikm))
    assert office.stored.office_results() == [(40, str(ikm), scored["mutu"])]
