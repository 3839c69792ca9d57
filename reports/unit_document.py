"""The paper of the unit heads' index: who rated, with which form, and the arithmetic by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reports import rendering
from reports.document import (
    Align,
    Block,
    Document,
    Heading,
    Numbered,
    Paragraph,
    Table,
)
from reports.papers import OfficeData
from scoring import period as calendar
from scoring.numbers import comma, with_comma
from scoring.period import Period
from scoring.unit_instrument import ArtiPembagi, UnitInstrument

MAX_CHARACTERS = 2_000  # characters of one text
PLACES = 4  # of a step of the arithmetic
LANGUAGE = "id"
PRINTED = (
    "(Nilai per aspek ÷ {pembagi}) × bobot per indikator; nilai per aspek = Σ nilai per indikator;"
    " nilai indeks = Σ (nilai aspek × bobot aspek)."
)
FORMULAS: dict[ArtiPembagi, str] = {
    "jumlah_indikator": "nilai aspek = Σ (rata-rata indikator × bobot indikator) ÷ {pembagi}",
    "skala_maks": "nilai aspek = Σ (rata-rata indikator ÷ {pembagi} × bobot indikator)",
    "jumlah_penilai": "nilai aspek = Σ (jumlah nilai ÷ kepala yang menjawab × bobot indikator)",
}
BY_ROUNDING = (
    "Puas menghitung dengan pecahan tepat dan membulatkan sekali di akhir; hitungan ulang dari"
    " angka empat desimal dapat berbeda pada angka terakhir."
)


@dataclass(frozen=True, slots=True)
class UnitAsked:
    """A unit kerja whose head was asked, and the day of the rating; never what he answered."""

    name: str
    day: date | None


@dataclass(frozen=True, slots=True)
class IndikatorLine:
    """An indikator: the sum of its nilai and the heads who answered; None where few answered."""

    number: str
    name: str
    bobot: Fraction
    jumlah: int | None
    n: int | None

    @property
    def mean(self) -> Fraction | None:
        """The mean over the heads who answered."""
        return Fraction(self.jumlah, self.n) if self.jumlah is not None and self.n else None


@dataclass(frozen=True, slots=True)
class AspekLine:
    """An aspek with its indikator; `value` before bobot aspek, None where it is not told."""

    name: str
    bobot: Fraction
    value: Fraction | None
    items: tuple[IndikatorLine, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of the divisor: the index under it, or why there is none."""

    arti: ArtiPembagi
    name: str
    nilai: Decimal | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class UnitPaper:
    """The data of the paper; what may not be told is None already.

    `change` compares with the period before, `open_question` says that the meaning of the divisor
    is not confirmed, `least` are the heads from whom on the index and the aspek are told.
    """

    office: OfficeData
    period: Period
    form: UnitInstrument
    units: tuple[UnitAsked, ...]
    n: int
    units_then: int
    nilai: Decimal | None
    indeks: Fraction | None
    aspek: tuple[AspekLine, ...]
    readings: tuple[Reading, ...]
    change: str
    open_question: str
    least: tuple[int, int]
    made: datetime


def unit_document(paper: UnitPaper) -> Document:
    """The paper as blocks."""
    return Document(
        title="INDEKS KEPUASAN UNIT KERJA",
        subtitle=paper.office.nama,
        period=calendar.title(paper.period),
        publisher=paper.office.kabupaten,
        foot=f"Indeks kepuasan unit kerja {paper.period.label} · {paper.office.nama}",
        draft="",
        blocks=tuple(_blocks(paper)),
    )


def unit_pdf(paper: UnitPaper) -> bytes:
    """The paper as PDF/A-2b.

    Raises:
        PictureError: typst could not render it.
    """
    return rendering.rendered(
        "unit_document.typ",
        rendering.json_values(unit_document(paper)),
        "pdf",
        standards=("a-2b",),
        timestamp=paper.made,
        max_characters=MAX_CHARACTERS,
    )


def _blocks(paper: UnitPaper) -> Iterator[Block]:
    yield Heading(2, "1. Hasil")
    yield from _result(paper)
    yield Heading(2, "2. Yang diminta menilai dan yang mengisi")
    yield from _raters(paper)
    yield Heading(2, "3. Aspek, indikator, dan bobotnya")
    yield _weights(paper)
    yield Heading(2, f"4. Arti angka {paper.form.pembagi} pada rumus")
    yield from _readings(paper)
    yield Heading(2, "5. Perhitungan")
    yield from _arithmetic(paper)
    day = calendar.long_day(paper.made.astimezone(paper.period.zone).date())
    yield paper.office.signed(day)
    yield Heading(1, "Lampiran: formulir yang dipakai")
    yield from _form(paper.form)


def _result(paper: UnitPaper) -> Iterator[Block]:
    form = paper.form
    yield Paragraph(form.objek[LANGUAGE])
    least, least_aspek = paper.least
    if paper.nilai is not None:
        low, high = comma(form.minimum), comma(form.maximum)
        yield Paragraph(
            f"Indeks kepuasan unit kerja: {comma(paper.nilai)} (rentang teoretis {low}–{high};"
            f" {paper.change})."
        )
    elif paper.n < least:
        yield Paragraph(
            f"Indeks tidak disebut: yang mengisi {paper.n} kepala unit, kurang dari {least}."
        )
    else:
        yield Paragraph(
            "Indeks belum dapat dihitung: ada indikator yang tidak dijawab seorang pun."
        )
    yield Paragraph(f"{paper.n} dari {paper.units_then} unit kerja mengisi.")
    notes = []
    if paper.open_question:
        notes.append(f"Rumus: {paper.open_question} (lihat bagian 4).")
    if form.contoh is not None:
        notes.append(f"Formulir: {form.contoh[LANGUAGE]}.")
    if paper.nilai is not None and paper.n < least_aspek:
        notes.append(f"Nilai tiap aspek disebut bila paling sedikit {least_aspek} kepala mengisi.")
    notes.append("Tidak ada peraturan yang menetapkan mutu bagi indeks ini.")
    yield Paragraph(" ".join(notes))


def _raters(paper: UnitPaper) -> Iterator[Block]:
    rows = tuple(
        (
            str(number),
            unit.name,
            "belum mengisi" if unit.day is None else calendar.long_day(unit.day),
        )
        for number, unit in enumerate(paper.units, 1)
    )
    yield Table(("No", "Unit kerja", "Mengisi pada"), rows, (2, 16, 8), ("center", "left", "left"))
    text = (
        "Yang dicatat hanya bahwa unit itu mengisi, dan harinya. Jawabannya disimpan tanpa nama"
        " unit, sehingga tidak seorang pun dapat menghubungkannya lagi."
    )
    if len(paper.units) != paper.units_then:
        text += " Daftar unit kerja berubah sesudah periode ini dikunci."
    yield Paragraph(text)


def _weights(paper: UnitPaper) -> Table:
    rows: list[tuple[str, ...]] = []
    for number, aspek in enumerate(paper.aspek, 1):
        rows.append((str(number), f"Aspek: {aspek.name}", share(aspek.bobot), ""))
        rows += [(item.number, item.name, "", share(item.bobot)) for item in aspek.items]
    head = ("No", "Aspek dan indikator", "Bobot aspek", "Bobot indikator")
    return Table(head, tuple(rows), (2, 14, 5, 5), ("center", "left", "right", "right"))


def _readings(paper: UnitPaper) -> Iterator[Block]:
    form = paper.form
    yield Paragraph(f"Rumus pada naskah IKU: {PRINTED.format(pembagi=form.pembagi)}")
    yield Paragraph(
        f"Naskah itu tidak menyebut arti angka {form.pembagi}. Formulir ini menghitung menurut yang"
        " bertanda ●."
    )
    rows = tuple(_reading(reading, form) for reading in paper.readings)
    head = ("", f"Angka {form.pembagi} adalah", "Rumus", "Hasil periode ini")
    yield Table(head, rows, (1, 7, 12, 7), ("center", "left", "left", "left"))
    if paper.open_question:
        yield Paragraph(f"{_capital(paper.open_question)}.")
    else:
        yield Paragraph("Arti yang bertanda sudah dipastikan kantor.")


def _reading(reading: Reading, form: UnitInstrument) -> tuple[str, ...]:
    told = reading.why or ("tidak disebut" if reading.nilai is None else comma(reading.nilai))
    formula = FORMULAS[reading.arti].format(pembagi=form.pembagi)
    return "●" if reading.arti == form.arti_pembagi else "", reading.name, formula, told


def _arithmetic(paper: UnitPaper) -> Iterator[Block]:
    form = paper.form
    top = "100" if form.arti_pembagi == "skala_maks" else f"100 ÷ {form.scale[1]}"
    yield Numbered(
        (
            "Rata-rata indikator = jumlah nilai dari semua kepala ÷ kepala yang menjawab.",
            f"{_capital(FORMULAS[form.arti_pembagi].format(pembagi=form.pembagi))}.",
            "Indeks = Σ (nilai aspek × bobot aspek).",
            f"Nilai akhir = indeks × {top}, dibulatkan dua desimal, angka 5 ke atas.",
        )
    )
    values = [aspek.value for aspek in paper.aspek]
    if None in values or paper.indeks is None or paper.nilai is None:
        yield Paragraph(
            "Angka tiap langkah tidak ditulis, supaya jawaban seorang kepala tidak dapat diketahui:"
            f" yang mengisi {paper.n} kepala."
            if paper.n < paper.least[1]
            else "Angka tiap langkah tidak ditulis: ada aspek yang belum dapat dihitung."
        )
        return
    yield from _step_of_items(paper)
    yield from _step_of_aspek(paper)
    parts = " + ".join(
        f"{comma(each.value or 0, PLACES)} × {share(each.bobot)}" for each in paper.aspek
    )
    yield Paragraph(f"Langkah 3. Indeks = {parts} = {comma(paper.indeks, PLACES)}.")
    yield Paragraph(
        f"Langkah 4. Nilai akhir = {comma(paper.indeks, PLACES)} × {top} = {comma(paper.nilai)}."
    )
    yield Paragraph(BY_ROUNDING)


def _step_of_items(paper: UnitPaper) -> Iterator[Block]:
    rows = tuple(
        (item.number, item.name, str(item.jumlah), str(item.n), comma(item.mean, PLACES))
        for aspek in paper.aspek
        for item in aspek.items
        if item.mean is not None
    )
    if not rows:
        return
    head = ("No", "Indikator", "Jumlah nilai", "Kepala yang menjawab", "Rata-rata")
    title = "Langkah 1. Rata-rata tiap indikator"
    align: tuple[Align, ...] = ("center", "left", "right", "right", "right")
    yield Table(head, rows, (2, 12, 4, 5, 4), align, title)


def _step_of_aspek(paper: UnitPaper) -> Iterator[Block]:
    lines = []
    for aspek in paper.aspek:
        means = [(item.mean, item.bobot) for item in aspek.items if item.mean is not None]
        value = comma(aspek.value or 0, PLACES)
        if len(means) < len(aspek.items):
            lines.append(
                f"{aspek.name}: {value} (indikatornya tidak ditulis: ada yang dijawab kurang dari"
                f" {paper.least[1]} kepala)"
            )
        else:
            lines.append(f"{aspek.name}: {_sum(means, paper.form)} = {value}")
    yield Paragraph("Langkah 2. Nilai tiap aspek")
    yield Numbered(tuple(lines))


def _sum(means: Sequence[tuple[Fraction, Fraction]], form: UnitInstrument) -> str:
    """Σ of an aspek with its numbers, as its formula has it."""
    divided = f" ÷ {form.pembagi}" if form.arti_pembagi == "skala_maks" else ""
    parts = " + ".join(f"{comma(mean, PLACES)}{divided} × {share(bobot)}" for mean, bobot in means)
    return f"({parts}) ÷ {form.pembagi}" if form.arti_pembagi == "jumlah_indikator" else parts


def _capital(text: str) -> str:
    """With a capital first letter; the others stay, Σ too."""
    return text[0].upper() + text[1:]


def share(weight: Fraction) -> str:
    """A weight as a clerk writes it: `1`, `0,25`, or `1/3` where no decimal is exact."""
    scaled = weight * 10**PLACES
    if scaled.denominator != 1:
        return f"{weight.numerator}/{weight.denominator}"
    return with_comma(f"{Decimal(scaled.numerator).scaleb(-PLACES).normalize():f}")


def _form(form: UnitInstrument) -> Iterator[Block]:
    example = "" if form.contoh is None else f" Formulir ini {form.contoh[LANGUAGE]}."
    yield Paragraph(f"{form.name[LANGUAGE]}; {form.code} versi {form.version}.{example}")
    yield Paragraph(f"Sumber: {form.source}.")
    yield Paragraph(form.objek[LANGUAGE])
    scales = {item.resmi[LANGUAGE].labels for item in form.items}
    common = scales.pop() if len(scales) == 1 else None
    if common is not None:
        yield Paragraph(f"Pilihan jawaban setiap pernyataan: {_labels(form, common)}.")
    for number, aspek in enumerate(form.aspek, 1):
        yield Heading(2, f"Aspek {number}: {aspek.name[LANGUAGE]}")
        rows = []
        for item in aspek.items:
            wording = item.resmi[LANGUAGE]
            own = "" if common is not None else f" ({_labels(form, wording.labels)})"
            rows.append((form.number(item.code), f"{wording.question}{own}"))
        yield Table(("No", "Pernyataan"), tuple(rows), (2, 24), ("center", "left"))
    yield Paragraph(
        f"Paling sedikit {form.min_filled} dari {len(form.codes)} pernyataan dijawab supaya isian"
        " dapat dikirim."
    )


def _labels(form: UnitInstrument, labels: Sequence[str]) -> str:
    return ", ".join(f"{nilai} = {label}" for nilai, label in zip(form.steps, labels, strict=True))
