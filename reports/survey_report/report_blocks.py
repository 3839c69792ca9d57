"""The tables and bar charts that the report's text inserts by name, as blocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from reports import tables
from reports.document import (
    DOTTED_LINE,
    Align,
    Bar,
    Bars,
    Block,
    Numbered,
    Paragraph,
    Photos,
    Table,
)
from reports.papers import ON_SHEET, Breakdown, Papers, PartFigures
from reports.survey_report.report_text import FigureName, TableName
from reports.tables import Row
from scoring import period
from scoring.ikm import Score, UnsurScore
from scoring.instrument import Instrument, Subject, Unsur
from scoring.numbers import NONE, comma, grouped, percent

MAX_ROWS = 500  # with more responses only the totals are printed
Blocks = Iterable[Block]


def table(name: TableName, papers: Papers, title: str = "") -> tuple[Block, ...]:
    """The blocks of the table with this name; where they are several, each has its own title."""
    blocks = tuple(TABLES[name](papers))
    several = sum(isinstance(block, Table) for block in blocks) > 1
    return tuple(
        replace(block, title=f"{title}: {block.head[0]}" if several else title)
        if title and isinstance(block, Table)
        else block
        for block in blocks
    )


def figure(name: FigureName, papers: Papers, title: str = "") -> tuple[Block, ...]:
    """The bar chart with this name; no block when there is nothing to draw."""
    bars = _unsur_bars(papers) if name == "unsur" else _trend_bars(papers)
    return (Bars(bars, title),) if any(bar.filled is not None for bar in bars) else ()


def _table(
    head: Row, rows: Iterable[Row], widths: tuple[int, ...], align: str, **more: object
) -> Table:
    """A table; `align` has one letter for each column: l, c or r."""
    names: Mapping[str, Align] = {"l": "left", "c": "center", "r": "right"}
    title, strong = str(more.get("title", "")), int(str(more.get("strong", 0)))
    return Table(head, tuple(rows), widths, tuple(names[letter] for letter in align), title, strong)


def _breakdown(breakdown: Breakdown, n: int) -> Table:
    rows = [(label, grouped(count), percent(count, n)) for label, count in breakdown.rows]
    total = ("Jumlah", grouped(n), percent(n, n))
    return _table((breakdown.title, "Jumlah", "Persen"), (*rows, total), (5, 2, 2), "lrr", strong=1)


def _respondents(papers: Papers) -> Blocks:
    if not papers.respondents:
        return [Paragraph("Rincian responden terlalu kecil untuk disebut.")]
    about = [each for each in papers.respondents if each.subject == "responden"]
    more = [each for each in papers.respondents if each.subject != "responden"]
    apart = [Paragraph(tables.MORE_QUESTIONS)] if more else []
    return [
        *(_breakdown(each, papers.n) for each in about),
        *apart,
        *(_breakdown(each, papers.n) for each in more),
    ]


def _channels(papers: Papers) -> Blocks:
    return [_breakdown(tables.channels(papers), papers.n)]


def _unsur_row(papers: Papers, unsur: UnsurScore) -> Row:
    instrument = papers.score.instrument
    number, name = instrument.number(unsur.code), instrument.name_of(unsur.code)
    weighted, nik = unsur.nrr_tertimbang, unsur.nik
    filled = grouped(unsur.n)  # of several items the fewest and the most: `38–42`
    if unsur.most > unsur.n:
        filled += f"–{grouped(unsur.most)}"
    return (
        number,
        name,
        filled,
        NONE if unsur.nrr is None else comma(unsur.nrr, 3),
        NONE if weighted is None else comma(weighted, 3),
        NONE if nik is None else comma(nik),
        unsur.mutu or NONE,
    )


def _unsur(papers: Papers) -> Blocks:
    score = papers.score
    head = ("Unsur", "Nama", "Terisi", "NRR", "NRR tertimbang", "Nilai", "Mutu")
    rows = [_unsur_row(papers, unsur) for unsur in score.unsur.values()]
    indeks = NONE if score.indeks is None else comma(score.indeks, 3)
    factor = score.instrument.conversion
    pooled, mean = tables.ikm_names(papers)
    sums: list[Row] = [
        ("", "Jumlah NRR tertimbang (indeks)", "", "", indeks, "", ""),
        ("", f"{pooled} (indeks × {factor})", "", "", "", tables.ikm_text(score.ikm),
         score.mutu or NONE),
    ]  # fmt: skip
    if mean:
        sums.append(("", mean, "", "", "", tables.ikm_text(papers.ikm), papers.mutu or NONE))
    return [_table(head, [*rows, *sums], (5, 20, 5, 5, 9, 6, 5), "clrrrrc", strong=len(sums))]


RANKED_HEAD = ("No", "Unsur", "NRR", "Nilai", "Mutu")
RANKED_WIDTHS, RANKED_ALIGN = (1, 9, 2, 2, 2), "clrrc"


def _ranked(papers: Papers, codes: Iterable[str]) -> list[Row]:
    rows = (_unsur_row(papers, papers.score.unsur[code]) for code in codes)
    return [
        (str(rank), *(row[column] for column in (1, 3, 5, 6))) for rank, row in enumerate(rows, 1)
    ]


def _lowest(papers: Papers) -> Blocks:
    """The unsur to improve, and of each whether it is clearly lower than the others."""
    unsur = (*papers.lowest, *papers.low_mutu)
    verdicts = ("nyata" if each.clearly_lower else "belum nyata" for each in unsur)
    ranked = zip(_ranked(papers, (each.code for each in unsur)), verdicts, strict=True)
    rows = [(*row, verdict) for row, verdict in ranked]
    head, widths = (*RANKED_HEAD, "Lebih rendah"), (*RANKED_WIDTHS, 3)
    return [_table(head, rows, widths, f"{RANKED_ALIGN}l")]


def _highest(papers: Papers) -> Blocks:
    return [_table(RANKED_HEAD, _ranked(papers, papers.highest), RANKED_WIDTHS, RANKED_ALIGN)]


def _service_users(papers: Papers) -> Blocks:
    return [_table(tables.USERS_HEAD, tables.service_users(papers), (8, 5, 3, 3), "lrrr")]


def _services(papers: Papers) -> Blocks:
    return [_parts("Layanan", papers.services)]


def _services_by_unsur(papers: Papers) -> Blocks:
    """The NRR of each unsur at each service that has a figure of its own, or with others."""
    instrument = papers.score.instrument
    rows = [
        (
            part.name,
            *(_three_decimals(unsur.nrr) for unsur in part.score.unsur.values()),
            tables.ikm_text(part.score.ikm),
        )
        for part in papers.services
    ]
    head = ("Layanan", *map(instrument.number, instrument.unsur_codes), "IKM")
    widths = (6, *(2 for _ in instrument.unsur), 2)
    return [_table(head, rows, widths, "l" + "r" * (len(head) - 1))]


def _distribution(papers: Papers) -> Blocks:
    steps = papers.score.instrument.steps
    head = ("Unsur", *(f"Nilai {nilai}" for nilai in steps), "Terisi")
    widths = (8, *(3 for _ in steps), 2)
    return [_table(head, tables.distribution(papers), widths, "l" + "r" * (len(head) - 1))]


def _schedule(papers: Papers) -> Blocks:
    """The stages of the survey: those of the program with their days, others as the office says."""
    office, zone = papers.office, papers.period.zone
    first, after = (at.astimezone(zone).date() for at in (papers.covers.start, papers.covers.end))
    locked = papers.locked_at
    computed = NONE if locked is None else (
        period.long_span(after, locked.astimezone(zone).date())
    )  # fmt: skip
    stages = (
        ("Persiapan: tim, kuesioner, dan tempat survei", office.persiapan or DOTTED_LINE),
        ("Pengumpulan data", period.long_span(first, after - timedelta(days=1))),
        ("Pengolahan data dan penguncian hasil", computed),
        ("Penyusunan laporan dan rencana tindak lanjut", office.pelaporan or DOTTED_LINE),
        ("Publikasi hasil", office.publikasi or DOTTED_LINE),
    )
    rows = [(str(number), *stage) for number, stage in enumerate(stages, 1)]
    return [_table(("No", "Tahap", "Waktu"), rows, (1, 7, 7), "cll")]


def _team(papers: Papers) -> Blocks:
    members = enumerate(papers.office.members, 1)
    rows = [(str(number), name, place) for number, (place, name) in members]
    return [_table(("No", "Nama atau jabatan", "Kedudukan dalam tim"), rows, (1, 7, 5), "cll")]


def _definitions(papers: Papers) -> Blocks:
    instrument, given = papers.score.instrument, papers.definitions
    codes = (code for code in instrument.unsur_codes if code in given)
    rows = [(instrument.title(code), given[code]) for code in codes]
    return [_table(("Unsur", "Pengertian"), rows, (3, 8), "ll")]


def _corrections(papers: Papers) -> Blocks:
    rows = tables.corrections(papers)
    return [_table(tables.CORRECTIONS_HEAD, rows, (4, 8, 3, 3, 6), "llrrl")]


def _units(papers: Papers) -> Blocks:
    return [_parts("Unit", papers.units)]


def _parts(what: str, parts: Iterable[PartFigures]) -> Table:
    head = (what, "Responden", "IKM", "Mutu", "Keterangan")
    return _with_notes(head, tables.part_rows(parts), (8, 3, 3, 2, 4), "lrrcl")


def _with_notes(head: Row, rows: Sequence[Row], widths: tuple[int, ...], align: str) -> Table:
    """A table whose last column has notes; without the column where no row has one."""
    if any(row[-1] for row in rows):
        return _table(head, rows, widths, align)
    return _table(head[:-1], [row[:-1] for row in rows], widths[:-1], align[:-1])


def _validity(papers: Papers) -> Blocks:
    rows = [
        (name, tables.NOT_COMPUTABLE if r is None else comma(r, 3), verdict)
        for name, r, verdict in tables.validity(papers)
    ]
    return [_table(tables.VALIDITY_HEAD, rows, (9, 4, 4), "lrl")]


def _grades(papers: Papers) -> Blocks:
    rows = tables.grades(papers.score.instrument)
    return [_table(("Mutu", "Kinerja", "Nilai IKM"), rows, (2, 4, 4), "clc")]


def _suggestions(papers: Papers) -> Blocks:
    return [Numbered(papers.suggestions)]


def _suggestion_counts(papers: Papers) -> Blocks:
    counts, instrument = papers.suggestion_counts, papers.score.instrument
    if counts is None or not counts.by_unsur:
        return []
    rows = [
        (instrument.name_of(code) if code in instrument.unsur_codes else "Lain-lain", grouped(n))
        for code, n in counts.by_unsur
    ]
    if counts.rest:
        rows.append(("Unsur lain atau belum dikelompokkan", grouped(counts.rest)))
    return [_table(("Saran tentang", "Jumlah"), rows, (8, 2), "lr")]


def _plan(papers: Papers) -> Blocks:
    rows = tables.plan(papers.follow_up, papers.score.instrument)
    return [_table(tables.PLAN_HEAD, rows, (1, 4, 6, 3, 4), "cllll")]


def _realisation(papers: Papers) -> Blocks:
    rows = tables.realisation(papers.last_follow_up)
    yield _table(tables.REALISATION_HEAD, rows, (2, 9, 5, 7, 7, 7), "clclll")
    photos = [
        (photo, f"Rencana no. {number}: {line.kegiatan}")
        for number, line in enumerate(papers.last_follow_up, 1)
        for photo in line.photos
    ]
    if photos:
        yield Photos(tuple(photos))


def _causes(papers: Papers) -> Blocks:
    instrument = papers.score.instrument
    of_periods = list(dict.fromkeys(each.period for each in papers.causes))
    order = {code: place for place, code in enumerate(instrument.unsur_codes)}
    causes = sorted(
        papers.causes,
        key=lambda each: (of_periods.index(each.period), order.get(each.unsur, len(order))),
    )
    several = len(of_periods) > 1
    rows = [
        (
            tables.unsur_title(instrument, each.unsur) + (f" ({each.period})" if several else ""),
            each.text,
        )
        for each in causes
    ]
    return [_table(("Unsur", "Sebab menurut kantor"), rows, (4, 9), "ll")]


def _trend(papers: Papers) -> Blocks:
    rows = [
        (tables.trend_label(point), comma(point.ikm), point.mutu, tables.trend_note(point))
        for point in papers.trend
    ]
    return [_with_notes(("Periode", "IKM", "Mutu", "Keterangan"), rows, (5, 3, 2, 5), "lrcl")]


def _respondent_questions(papers: Papers) -> Blocks:
    asked: dict[Subject, list[Row]] = {"responden": [], "layanan": []}
    for each in papers.score.instrument.attributes:
        options = " · ".join(option.label["id"] for option in each.options)
        title = each.name if each.subject == "responden" else each.question
        asked[each.subject].append((title["id"], options))
    head = ("Pertanyaan", "Pilihan jawaban")
    yield _table(head, asked["responden"], (3, 9), "ll")
    if asked["layanan"]:
        yield Paragraph(tables.MORE_QUESTIONS)
        yield _table(head, asked["layanan"], (5, 7), "ll")


def _questionnaire(papers: Papers) -> Blocks:
    instrument = papers.score.instrument
    steps = tuple(str(nilai) for nilai in instrument.steps)
    rows = [
        (instrument.number(item.code), item.resmi["id"].question, *item.resmi["id"].labels)
        for item in instrument.items
    ]
    widths = (2, 9, *(3 for _ in steps))
    return [_table(("Unsur", "Pertanyaan", *steps), rows, widths, "cl" + "l" * len(steps))]


def _tabulation(papers: Papers) -> Blocks:
    instrument, items = papers.score.instrument, papers.score.items.values()
    rows: list[Row] = [
        (str(number), *("" if nilai is None else str(nilai) for nilai in row))
        for number, row in enumerate(papers.rows, 1)
    ]
    if not 0 < len(rows) <= MAX_ROWS:
        rows = []
        elsewhere = "Jawaban setiap responden ada pada berkas tabulasi; di sini jumlahnya."
        yield Paragraph(papers.rows_note or elsewhere)
    sums: list[Row] = [
        ("Jumlah nilai", *(grouped(each.jumlah) for each in items)),
        ("Jumlah terisi", *(grouped(each.n) for each in items)),
        *_nrr_rows(papers.score),
    ]
    columns = tuple(_column(instrument, code) for code in instrument.codes)
    head = ("No", *columns)
    widths = (3, *(3 if " " in column else 2 for column in columns))
    yield _table(head, rows + sums, widths, "c" * len(head), strong=len(sums))
    indeks = _three_decimals(papers.score.indeks)
    total, mutu = tables.ikm_text(papers.score.ikm), papers.score.mutu or NONE
    pooled, mean = tables.ikm_names(papers)
    by_rule = f" {mean}: {tables.ikm_text(papers.ikm)}, mutu {papers.mutu or NONE}." if mean else ""
    yield Paragraph(
        f"*) Jumlah NRR tertimbang = {indeks}. **) {pooled} unit pelayanan = *) ×"
        f" {instrument.conversion} = {total}, mutu {mutu}.{by_rule}"
    )
    legend = "; ".join(_legend(instrument, unsur) for unsur in instrument.unsur)
    yield Paragraph(f"Keterangan: {legend}.")


def _nrr_rows(score: Score) -> list[Row]:
    """NRR and NRR tertimbang; of an unsur with several items below the first of them."""
    rows: list[Row] = [
        ("NRR", *_by_unsur(score, (each.nrr for each in score.unsur.values()))),
        ("NRR tertimbang", *_by_unsur(score, (each.nrr_tertimbang for each in
                                              score.unsur.values()))),
    ]  # fmt: skip
    if score.instrument.grouped:
        rows.insert(0, ("NRR butir", *(_three_decimals(each.nrr) for each in score.items.values())))
    return rows


def _by_unsur(score: Score, values: Iterable[Fraction | None]) -> Iterator[str]:
    for unsur, value in zip(score.instrument.unsur, values, strict=True):
        yield _three_decimals(value)
        yield from ("" for _ in unsur.items[1:])


def _legend(instrument: Instrument, unsur: Unsur) -> str:
    items = ", ".join(map(instrument.title, unsur.items)) if unsur.divided else ""
    return instrument.title(unsur.code) + (f" ({items})" if items else "")


def _column(instrument: Instrument, code: str) -> str:
    """The number of an unsur, with its name where common forms use another number."""
    orders = (instrument.codes, instrument.form_order)
    same = len({instrument.numbers(order)[code] for order in orders}) == 1
    return instrument.number(code) if same else instrument.title(code)


def _three_decimals(value: Fraction | None) -> str:
    return NONE if value is None else comma(value, 3)


def _method(papers: Papers) -> Blocks:
    return [_table(("Hal", "Keterangan"), tables.method(papers), (3, 8), "ll")]


def _publication(papers: Papers) -> Blocks:
    n = papers.n
    dated = f"{period.title(papers.period)} ({period.span(papers.covers, papers.covers.zone)})"
    services = ", ".join(service.name for service in papers.services)
    yield _table(
        ("Indeks Kepuasan Masyarakat (IKM)", ""),
        [
            ("Unit pelayanan", papers.office.nama),
            ("Nilai IKM", tables.ikm_text(papers.ikm)),
            ("Mutu pelayanan", f"{papers.mutu} ({papers.kinerja})" if papers.mutu else NONE),
            ("Layanan", services or NONE),
            ("Periode survei", dated),
            ("Jumlah responden", grouped(n)),
        ],
        (4, 6),
        "ll",
    )
    shown = [each for each in papers.respondents if each.attribute in ON_SHEET]
    yield from (_breakdown(each, n) for each in shown)
    yield Paragraph(
        "Terima kasih atas penilaian yang telah Anda berikan. Masukan Anda bermanfaat untuk"
        " kemajuan unit kami agar terus memperbaiki dan meningkatkan mutu pelayanan."
    )


def _unsur_bars(papers: Papers) -> tuple[Bar, ...]:
    low, high = papers.score.instrument.scale
    return tuple(
        Bar(
            papers.score.instrument.title(unsur.code),
            NONE if unsur.nrr is None else comma(unsur.nrr, 3),
            unsur.mutu or "",
            None if unsur.nrr is None else float((unsur.nrr - low) / (high - low)),
        )
        for unsur in papers.score.unsur.values()
    )


def _trend_bars(papers: Papers) -> tuple[Bar, ...]:
    low, high = (
        step * papers.score.instrument.conversion for step in papers.score.instrument.scale
    )
    return tuple(
        Bar(
            tables.trend_label(point),
            comma(point.ikm),
            point.mutu,
            float((point.ikm - Decimal(low)) / Decimal(high - low)),
        )
        for point in papers.trend
    )


TABLES: Mapping[TableName, Callable[[Papers], Blocks]] = MappingProxyType(
    {
        "definisi": _definitions,
        "jadwal": _schedule,
        "kanal": _channels,
        "kuesioner": _questionnaire,
        "layanan": _services,
        "layanan_unsur": _services_by_unsur,
        "metode": _method,
        "mutu": _grades,
        "pengguna_layanan": _service_users,
        "pertanyaan_responden": _respondent_questions,
        "publikasi": _publication,
        "ralat": _corrections,
        "realisasi": _realisation,
        "rencana": _plan,
        "responden": _respondents,
        "saran": _suggestions,
        "saran_unsur": _suggestion_counts,
        "sebab": _causes,
        "sebaran": _distribution,
        "tabulasi": _tabulation,
        "terendah": _lowest,
        "tertinggi": _highest,
        "tim": _team,
        "tren": _trend,
        "unit": _units,
        "unsur": _unsur,
        "validitas": _validity,
    }
)
