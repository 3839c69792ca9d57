"""What is made of what officers type."""

import pytest

from bot.officers.forms import fields
from office.words.text import cut, length


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kartu Keluarga (KK)", "kartu-keluarga-kk"),
        ("  Izin Café & Résto ", "izin-cafe-resto"),
        ("Rekomendasi pencairan ADD/DD tahap dua", "rekomendasi-pencairan-ad"),
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
