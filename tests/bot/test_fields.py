"""What is made of what officers type."""

from contextlib import suppress
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given

from bot.officers.forms import fields
from bot.officers.forms.form import InvalidInput
from office.turn import Turn
from office.words import all_words
from office.words.text import cut, length
from scoring import paper_cells
from scoring.dates import SERIAL
from scoring.paper_cells import CellError
from tests.scoring.typed import ANYTHING

TURN = cast("Turn", SimpleNamespace(office=SimpleNamespace(words=all_words.load())))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kartu Keluarga (KK)", "kartu-keluarga-kk"),
        ("  Izin Café & Résto ", "izin-cafe-resto"),
        ("Rekomendasi pencairan ADD/DD tahap dua", "rekomendasi-pencairan"),
        ("خدمة", None),
    ],
)
def test_a_code_is_made_of_a_name(name: str, code: str | None) -> None:
    assert fields.proposed(name, set[str]().__contains__) == code


def test_a_proposed_code_is_free_and_never_too_long() -> None:
    taken = {"a" * 24, "a" * 22 + "-2"}
    assert fields.proposed("a" * 60, taken.__contains__) == "a" * 22 + "-3"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [("KTP-el", 6, "KTP-el"), ("KTP-el", 5, "KTP-…"), ("🙂🙂🙂", 4, "🙂…"), ("🙂🙂", 4, "🙂🙂")],
)
def test_a_long_text_is_cut_as_telegram_counts(text: str, most: int, shown: str) -> None:
    assert cut(text, most) == shown
    assert length(shown) <= most


@pytest.mark.parametrize(
    "text", ["8 Oktober 2026", "08-10-26", "8/10/2026", "Kamis, 8 Okt 2026", "2026-10-08 10:15"]
)
def test_a_form_reads_a_day_as_a_paper_sheet_does(text: str) -> None:
    assert fields.day(TURN, text) == paper_cells.day(text)


@given(ANYTHING)
def test_a_form_refuses_a_day_that_a_paper_sheet_refuses(text: str) -> None:
    on_paper = None
    with suppress(CellError):
        on_paper = paper_cells.day(text)
    if on_paper is None or SERIAL.fullmatch(text):
        with pytest.raises(InvalidInput):
            fields.day(TURN, text)
    else:
        assert fields.day(TURN, text) == on_paper
