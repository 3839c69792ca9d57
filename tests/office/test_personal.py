"""What tells who somebody is in a text: found in every usual spelling, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from office.survey.personal import CUT, Personal, found, is_greeting, redacted
from office.words import all_words

HELD = {
    Personal.NIK: (
        "3528014101900001", "3528 0141 0190 0001", "3528-0141-0190-0001", "35.28.01.410190.0001",
        "352801 410190 0001", "352801\u00a0410190\u00a00001",
    ),
    Personal.PHONE: (
        "081234567890", "0812 3456 7890", "0812-3456-7890", "0812.3456.7890", "081.234.567.890",
        "+6281234567890", "+62 812-3456-7890", "+62 (0)812 3456 789", "62812 3456 7890",
        "(0812) 345 6789", "0878 1234 567",
    ),
    Personal.EMAIL: ("siti@surel.id", "siti.aminah+ktp@kantor.pamekasan.go.id", "A_B@x-y.co"),
}  # fmt: skip
ORDINARY = (
    "Biayanya Rp150.000, padahal gratis",
    "Rp 1.500.000,00 untuk 3 orang",
    "15.000 20.000 30.000 5.000",
    "Buka 08.00-12.00 dan 13.00-15.00",
    "antre 08.15, dilayani 11.45, padahal buka 07.30",
    "08:00 s.d. 14:30 WIB",
    "tanggal 08-12-2026",
    "01-01-2026 dan 12-11-2026",
    "11-01-2026 12-01-2026",
    "2026-11-29 08.00",
    "RT 003/RW 005 Dusun Tengah",
    "RT.03 RW.05 no. 12",
    "Nomor 470/123/432.505/2026",
    "No. 005/1234.567/432.501/2026",
    "Surat 400.12.3.1/0812/432.505/2026",
    "PermenPANRB 14/2017 pasal 5",
    "tahun 2023 2024 2025 2026",
    "antrean A-0123",
    "kursi 20, rusak 4, hilang 2",
    "loket 1 2 3 4 5",
    "buka @kecamatan, tulis di sana",
    "Rp 812.345.678",
    "1.000.000.000.000.000 rupiah",
)


@pytest.mark.parametrize(("kind", "held"), [(kind, each) for kind in HELD for each in HELD[kind]])
def test_every_usual_spelling_is_found_and_cut_out(kind: Personal, held: str) -> None:
    for text in (held, f"Hubungi {held} ya", f"({held})", f"baris\n{held}\nlagi"):
        assert found(text) == (kind,), text
        assert redacted(text) == text.replace(held, CUT)


def test_several_in_one_text_are_all_found() -> None:
    text = "NIK 3528014101900001 081234567890, siti@surel.id"
    assert found(text) == (Personal.NIK, Personal.PHONE, Personal.EMAIL)
    assert redacted(text) == f"NIK {CUT} {CUT}, {CUT}"


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_texts_with_numbers_are_left_alone(text: str) -> None:
    assert found(text) == ()
    assert redacted(text) == text


typed = st.text(st.sampled_from("0123456789 .-+()@abc_/:…\n\u00a0"), max_size=60)


@given(typed | st.text(max_size=60))
def test_nothing_is_left_after_cutting_out_and_only_that_is_changed(text: str) -> None:
    cut = redacted(text)
    assert found(cut) == ()
    assert redacted(cut) == cut
    assert (cut == text) == (not found(text))


@given(st.integers(1, 9), st.integers(0, 10**15 - 1), st.sampled_from(["", " ", ".", "-"]))
def test_any_sixteen_digits_in_groups_of_four_are_a_nik(first: int, rest: int, gap: str) -> None:
    digits = f"{first}{rest:015}"
    groups = [digits[start : start + 4] for start in range(0, 16, 4)]
    assume(not gap or any(group[:2] not in ("19", "20") for group in groups))  # four years
    assert found(f"NIK {gap.join(groups)} ya") == (Personal.NIK,)


@given(
    st.integers(100, 899), st.integers(0, 10**8 - 1), st.sampled_from(["0", "62", "+62", "+62 "])
)
def test_any_number_of_a_phone_is_found(operator: int, rest: int, prefix: str) -> None:
    text = f"hp {prefix}8{operator % 100:02}{rest:08} ya"
    assert found(text) == (Personal.PHONE,)
    assert redacted(text) == f"hp {CUT} ya"


@pytest.mark.parametrize(
    "text",
    [
        "Mulai",
        "halo",
        "Haloooo!!",
        "HAI",
        "hallo min",
        "Assalamualaikum",
        "assalamu'alaikum wr. wb.",
        "Assalamu’alaikum",
        "ass wr wb",
        "selamat pagi pak",
        "mulai survei",
        "p",
        "hello",
        "Good morning",
        "start",
    ],
)
def test_a_greeting_is_known_in_its_spellings(text: str) -> None:
    assert is_greeting(all_words.load(), text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀",
        "Assalamualaikum, kursinya kurang",
        "good",
        "mulai jam berapa",
        "terima kasih",
        "KTP",
    ],
)
def test_a_text_that_says_more_is_no_greeting(text: str) -> None:
    assert not is_greeting(all_words.load(), text)
