"""The paper of the unit heads' index: its numbers can be redone by hand, and name no head."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.document import Numbered, Paragraph, Table
from reports.unit_document import (
    AspekLine,
    IndikatorLine,
    Reading,
    UnitAsked,
    UnitPaper,
    share,
    unit_document,
    unit_pdf,
)
from scoring import ikm, period, unit_index, unit_instrument_file
from scoring.unit_instrument import UnitInstrument
from tests.reports import sample
from tests.reports.rendered import rendered_anew
from tests.scoring import units

SHIPPED = unit_instrument_file.named("unit-pakong-contoh")
UNITS = (
    "Subbag Umum dan Kepegawaian",
    "Subbag Perencanaan dan Keuangan",
    "Seksi Pemerintahan",
    "Seksi Ketenteraman dan Ketertiban Umum",
    "Seksi Pemberdayaan Masyarakat dan Desa",
    "Seksi Kesejahteraan Rakyat",
    "Seksi Pelayanan Umum",
)


def made(form: UnitInstrument = SHIPPED, heads: int = 6) -> UnitPaper:
    """The paper of six heads whose answers vary, everything told."""
    rows: list[dict[str, int | None]] = [
        {code: 1 + (head + at) % form.scale[1] for at, code in enumerate(form.codes)}
        for head in range(heads)
    ]
    score = unit_index.score(form, ikm.tally_of(form, rows))
    aspek = tuple(
        AspekLine(
            each.name["id"],
            each.bobot,
            score.aspek[each.code].value,
            tuple(
                IndikatorLine(
                    form.number(item.code),
                    item.name["id"],
                    each.bobot_indikator[item.code],
                    score.indikator[item.code].jumlah,
                    score.indikator[item.code].n,
                )
                for item in each.items
            ),
        )
        for each in form.aspek
    )
    days = [date(2026, 12, 2 + number) if number < heads else None for number in range(len(UNITS))]
    return UnitPaper(
        office=sample.OFFICE,
        period=period.parse("2026-S2", period.WIB),
        form=form,
        units=tuple(UnitAsked(name, day) for name, day in zip(UNITS, days, strict=True)),
        n=heads,
        units_then=7,
        nilai=score.nilai,
        indeks=score.indeks,
        aspek=aspek,
        readings=(
            Reading("jumlah_indikator", "banyaknya indikator setiap aspek", score.nilai),
            Reading("skala_maks", "nilai tertinggi pada skala", None, "tidak dapat dihitung: ..."),
            Reading("jumlah_penilai", "banyaknya kepala unit yang menilai", score.nilai),
        ),
        change="seri baru, belum ada pembanding",
        open_question="arti angka 7 belum dipastikan",
        least=(3, 5),
        made=datetime(2027, 1, 7, 1, 0, tzinfo=UTC),
    )


def texts(paper: UnitPaper) -> str:
    """All texts of the paper."""
    lines: list[str] = []
    for block in unit_document(paper).blocks:
        match block:
            case Paragraph(text):
                lines.append(text)
            case Numbered(numbered):
                lines += numbered
            case Table():
                lines += [" | ".join(row) for row in block.rows]
    return "\n".join(lines)


def number(text: str) -> Fraction:
    """`3,0204` or `1/3`."""
    return Fraction(text.replace(",", "."))


@pytest.mark.parametrize(
    "form",
    [SHIPPED, units.form(units.SEVEN_POINTS), units.form(units.THREE_AND_ONE)],
    ids=lambda form: form.arti_pembagi,
)
def test_a_clerk_gets_the_index_again_from_the_printed_steps(form: UnitInstrument) -> None:
    paper = made(form)
    text = texts(paper)
    for line, aspek in zip(re.findall(r": (\(?\d.* = \d.*)", text), paper.aspek, strict=False):
        formula, value = line.rsplit(" = ", 1)
        python = re.sub(r"(\d+),(\d+)", r"\1.\2", formula).replace("×", "*").replace("÷", "/")
        assert abs(eval(python) - float(number(value))) < 0.001  # noqa: S307 # what the paper prints
        assert abs(number(value) - (aspek.value or 0)) < Fraction(1, 1000)
    index = re.search(r"Langkah 3\. Indeks = (.+) = ([\d,]+)\.", text)
    assert index
    parts = [part.split(" × ") for part in index[1].split(" + ")]
    total = sum(number(value) * number(bobot) for value, bobot in parts)
    assert abs(total - number(index[2])) < Fraction(1, 1000)
    last = re.search(r"Langkah 4\. Nilai akhir = ([\d,]+) × 100(?: ÷ (\d))? = ([\d,]+)\.", text)
    assert last
    nilai = number(last[1]) * 100 / Fraction(last[2] or 1)
    assert abs(nilai - number(last[3])) < Fraction(2, 100)
    assert number(last[3]) == Fraction(paper.nilai or 0)


def test_it_names_readings_form_and_who_has_rated() -> None:
    text = texts(made())
    for part in (
        "Rumus pada naskah IKU: (Nilai per aspek ÷ 7) × bobot per indikator",
        "Arti angka 7 belum dipastikan.",
        "Nilai aspek = Σ (rata-rata indikator × bobot indikator) ÷ 7.",
        "● | banyaknya indikator setiap aspek",
        "Formulir: contoh, ganti dengan formulir kantor.",
        "1 | Subbag Umum dan Kepegawaian | 2 Desember 2026",
        "7 | Seksi Pelayanan Umum | belum mengisi",
        "1.1 | Target kinerja kecamatan jelas bagi unit kerja saya.",
        "1 = Tidak sesuai, 2 = Kurang sesuai, 3 = Sesuai, 4 = Sangat sesuai",
        "Paling sedikit 11 dari 21 pernyataan",
    ):
        assert part in text, part


def test_fewer_than_five_heads_give_no_step_of_the_arithmetic() -> None:
    full = made()
    untold = tuple(
        replace(
            each,
            value=None,
            items=tuple(replace(item, jumlah=None, n=None) for item in each.items),
        )
        for each in full.aspek
    )
    text = texts(replace(full, n=4, aspek=untold))
    assert "supaya jawaban seorang kepala tidak dapat diketahui: yang mengisi 4 kepala." in text
    assert "Langkah" not in text
    assert "kurang dari 3" in texts(replace(full, n=2, nilai=None, indeks=None, aspek=untold))


def test_an_aspek_of_which_one_indikator_has_few_answers_shows_its_value_alone() -> None:
    full = made()
    first = full.aspek[0]
    items = tuple(replace(item, jumlah=None, n=None) for item in first.items)
    text = texts(replace(full, aspek=(replace(first, items=items), *full.aspek[1:])))
    assert "indikatornya tidak ditulis: ada yang dijawab kurang dari 5 kepala" in text
    assert "1.1 | Kejelasan target | " in text  # its weight
    assert not re.search(r"1\.1 \| Kejelasan target \| \d+ \| 6", text)
    assert re.search(r"2\.1 \| .+ \| \d+ \| 6 \| [\d,]+", text)


def test_weights_are_written_as_a_clerk_writes_them() -> None:
    assert [share(Fraction(each)) for each in ("1", "1/4", "1/3", "3/2", "2/7")] == [
        "1",
        "0,25",
        "1/3",
        "1,5",
        "2/7",
    ]


@pytest.mark.slow
def test_the_pdf_is_one_to_be_signed_and_the_same_each_time() -> None:
    paper = made()
    content = unit_pdf(paper)
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    assert 3 <= len(pages) <= 5
    text = " ".join("\n".join(pages).split())
    assert "Ditetapkan di Pakong pada tanggal 7 Januari 2027" in text
    assert sample.OFFICE.pangkat in text
    assert content == rendered_anew(lambda: unit_pdf(paper))
