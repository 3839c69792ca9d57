"""Headings: every name of an unsur is that of its own, and other columns are no unsur."""

import pytest

from scoring import heading_rows, instrument_file
from scoring.answers import UNREADABLE, Readings
from scoring.headings import Vocabulary, is_number
from scoring.instrument import Instrument

SKM = instrument_file.named("skm-2017")
BOTH = [SKM, instrument_file.named("skm-2004")]
OFFICIAL = (  # of the regulation's questionnaire, which asks about facilities eighth
    "1. Pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?",
    "2. Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
    "3. Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?",
    "4. Bagaimana pendapat Bapak/Ibu tentang kewajaran biaya/tarif dalam pelayanan?",
    "5. Kesesuaian produk antara yang tercantum dalam standar dengan hasil yang diberikan",
    "6. Pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan",
    "7. Perilaku petugas dalam pelayanan terkait kesopanan dan keramahan",
    "8. Kualitas sarana dan prasarana",
    "9. Penanganan pengaduan pengguna layanan",
)


@pytest.mark.parametrize("instrument", BOTH, ids=lambda each: each.code)
def test_every_name_and_question_is_that_of_its_own_unsur(instrument: Instrument) -> None:
    vocabulary = Vocabulary(instrument)
    for i, item in enumerate(instrument.items, 1):
        wordings = [*item.resmi.values(), *item.mudah.values()]
        for text in (item.code, *item.name.values(), *(each.question for each in wordings)):
            for heading in (text, text.upper(), f"U{i} {text}", f"{i}. {text}", f"{text} (U{i})"):
                unsur = vocabulary.item(heading)
                assert unsur is not None, heading
                assert (unsur.code, unsur.ambiguous) == (item.code, None), heading


@pytest.mark.parametrize("instrument", BOTH, ids=lambda each: each.code)
def test_every_label_has_its_nilai_and_is_no_label_of_totals(instrument: Instrument) -> None:
    for item in instrument.items:
        readings = Readings(instrument, item.code)
        for wording in (*item.resmi.values(), *item.mudah.values()):
            for nilai, label in zip(instrument.steps, wording.labels, strict=True):
                assert [readings[label], readings[label.upper()]] == [nilai, nilai], label
                assert readings[f"{nilai} = {label}"] == nilai
                assert readings[f"{nilai % 4 + 1} = {label}"] == UNREADABLE
                assert not heading_rows.is_footer_label(label)


def test_the_questions_of_the_official_form_name_their_unsur() -> None:
    found = [Vocabulary(SKM).item(heading) for heading in OFFICIAL]
    assert [unsur.code for unsur in found if unsur] == list(SKM.form_order)


@pytest.mark.parametrize(
    "heading",
    [
        *("Waktu survei", "Cap waktu", "Timestamp", "Saran", "Saran dan masukan", "Jenis layanan"),
        *("Jumlah", "NRR", "U10", "U0", "U1 x 0,11", "NRR U1", "U1 tertimbang", "Unsur", "1", "9"),
        *("Nama petugas", "Pendidikan", "Umur", "Kualitas", "", "Biaya transportasi", "u1_bobot"),
        *("Persyaratan dan prosedur", "Jumlah unsur 9", "U8 Sarpras"),
    ],
)
def test_another_heading_is_no_unsur(heading: str) -> None:
    assert Vocabulary(SKM).item(heading) is None


@pytest.mark.parametrize(
    "heading", ["No", "NO.", "No. Responden", "No_Slip", "Nomor urut", "No Res"]
)
def test_running_numbers_have_many_headings(heading: str) -> None:
    assert is_number(heading)


@pytest.mark.parametrize(
    "text",
    [
        *("Jumlah", "JUMLAH NILAI", "Rata-rata", "NRR per unsur", "Skor maksimal", "∑ Nilai/Unsur"),
        *("*) Jumlah NRR tertimbang", "**) IKM unit pelayanan = *) × 25", "Keterangan:", "Mutu"),
        *("n", "Nilai rata-rata", "Total", "Indeks", "Bobot 0,11"),
    ],
)
def test_labels_of_totals_are_known(text: str) -> None:
    assert heading_rows.begins_footer(text)


@pytest.mark.parametrize("text", ["R1", "Siti", "min-01", "Nilam", "12", "Maximilian", "N-7"])
def test_names_and_numbers_of_respondents_are_no_labels(text: str) -> None:
    assert not heading_rows.begins_footer(text)
