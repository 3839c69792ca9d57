"""The tables and bar charts that the report's text inserts by name, as blocks."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from reports import tables
from reports.document import Align, Bar, Bars, Block, Numbered, Paragraph, Table
from reports.papers import Breakdown, Papers
from reports.public_figures import ON_SHEET
from reports.report_text import FigureName, TableName
from reports.tables import NONE, Row
from scoring import period
from scoring.ikm import UnsurScore
from scoring.instrument import Instrument
from scoring.numbers import comma, grouped

MAX_ROWS = 500  # with more responses only the totals are printed
Blocks = Iterable[Block]


def table(name: TableName, papers: Papers) -> tuple[Block, ...]:
    """The blocks of the table with this name."""
    return tuple(TABLES[name](papers))


def figure(name: FigureName, papers: Papers) -> tuple[Block, ...]:
    """The bar chart with this name; no block when there is nothing to draw."""
    bars = _unsur_bars(papers) if name == "unsur" else _trend_bars(papers)
    return (Bars(bars),) if any(bar.filled is not None for bar in bars) else ()


def _table(
    head: Row, rows: Iterable[Row], widths: tuple[int, ...], align: str, **more: object
) -> Table:
    """A table; `align` has one letter for each column: l, c or r."""
    names: Mapping[str, Align] = {"l": "left", "c": "center", "r": "right"}
    title, strong = str(more.get("title", "")), int(str(more.get("strong", 0)))
    return Table(head, tuple(rows), widths, tuple(names[letter] for letter in align), title, strong)


def _breakdown(breakdown: Breakdown, n: int) -> Table:
    rows = [(label, grouped(count), tables.percent(count, n)) for label, count in breakdown.rows]
    total = ("Jumlah", grouped(n), tables.percent(n, n))
    return _table((breakdown.title, "Jumlah", "Persen"), (*rows, total), (5, 2, 2), "lrr", strong=1)


def _respondents(papers: Papers) -> Blocks:
    if not papers.respondents:
        return [Paragraph("Rincian responden dimuat sesudah periode ditutup.")]
    return [_breakdown(each, papers.score.n) for each in papers.respondents]


def _channels(papers: Papers) -> Blocks:
    return [_breakdown(tables.channels(papers), papers.score.n)]


def _unsur_row(papers: Papers, unsur: UnsurScore) -> Row:
    instrument = papers.score.instrument
    weighted, nik = unsur.nrr_tertimbang, unsur.nik
    return (
        instrument.number(unsur.code),
        instrument.item(unsur.code).name["id"],
        grouped(unsur.n),
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
    sums: list[Row] = [
        ("", "Jumlah NRR tertimbang (indeks)", "", "", indeks, "", ""),
        ("", f"IKM (indeks × {factor})", "", "", "", tables.ikm_text(score), score.mutu or NONE),
    ]
    return [_table(head, [*rows, *sums], (5, 20, 5, 5, 9, 6, 5), "clrrrrc", strong=2)]


def _ranked(papers: Papers, unsur: Iterable[UnsurScore]) -> Blocks:
    rows = [
        (str(rank), *(_unsur_row(papers, each)[column] for column in (1, 3, 5, 6)))
        for rank, each in enumerate(unsur, 1)
    ]
    return [_table(("No", "Unsur", "NRR", "Nilai", "Mutu"), rows, (1, 9, 2, 2, 2), "clrrc")]


def _services(papers: Papers) -> Blocks:
    rows = [
        (
            service.name,
            grouped(service.score.n),
            tables.ikm_text(service.score),
            service.score.mutu or NONE,
            "sementara" if service.score.n < tables.PROVISIONAL else "",
        )
        for service in papers.services
        if service.shown
    ]
    head = ("Layanan", "Responden", "IKM", "Mutu", "Keterangan")
    return [_table(head, rows, (8, 3, 3, 2, 3), "lrrcl")]


def _validity(papers: Papers) -> Blocks:
    rows = [
        (name, tables.NOT_COMPUTABLE if r is None else comma(r, 3), verdict)
        for name, r, verdict in tables.validity(papers)
    ]
    return [_table(tables.VALIDITY_HEAD, rows, (9, 4, 4), "lrl")]


def _groups(papers: Papers) -> Blocks:
    for attribute in papers.quality.by_attribute if papers.quality else ():
        if attribute.groups:
            rows = [
                (
                    group.label,
                    grouped(group.score.n),
                    tables.ikm_text(group.score),
                    group.score.mutu or NONE,
                )
                for group in attribute.groups
            ]
            yield _table((attribute.title, *tables.GROUPS_HEAD), rows, (8, 3, 3, 2), "lrrc")


def _grades(papers: Papers) -> Blocks:
    rows = tables.grades(papers.score.instrument)
    return [_table(("Mutu", "Kinerja", "Nilai IKM"), rows, (2, 4, 4), "clc")]


def _gratis(papers: Papers) -> Blocks:
    rows = [
        (name, grouped(paid), grouped(answered)) for name, paid, answered in papers.gratis_findings
    ]
    head = ("Layanan tanpa biaya", "Tidak menjawab gratis", "Menjawab")
    return [_table(head, rows, (6, 3, 2), "lrr")]


def _suggestions(papers: Papers) -> Blocks:
    return [Numbered(papers.suggestions)]


def _plan(papers: Papers) -> Blocks:
    rows = tables.plan(papers.follow_up, papers.score.instrument)
    return [_table(tables.PLAN_HEAD, rows, (1, 4, 6, 3, 4), "cllll")]


def _realisation(papers: Papers) -> Blocks:
    rows = tables.realisation(papers.last_follow_up)
    return [_table(tables.REALISATION_HEAD, rows, (2, 9, 5, 7, 7, 7), "clclll")]


def _trend(papers: Papers) -> Blocks:
    rows = [(point.label, comma(point.ikm), point.mutu) for point in papers.trend]
    return [_table(("Periode", "IKM", "Mutu"), rows, (5, 3, 2), "lrc")]


def _respondent_questions(papers: Papers) -> Blocks:
    rows = [
        (each.name["id"], " · ".join(option.label["id"] for option in each.options))
        for each in papers.score.instrument.attributes
    ]
    return [_table(("Pertanyaan", "Pilihan jawaban"), rows, (3, 9), "ll")]


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
    instrument, unsur = papers.score.instrument, papers.score.unsur.values()
    rows: list[Row] = [
        (str(number), *("" if nilai is None else str(nilai) for nilai in row.answers))
        for number, row in enumerate(papers.rows, 1)
    ]
    if not 0 < len(rows) <= MAX_ROWS:
        rows = []
        elsewhere = "Jawaban setiap responden ada pada berkas tabulasi; di sini jumlahnya."
        yield Paragraph(papers.rows_note or elsewhere)
    sums: list[Row] = [
        ("Jumlah nilai", *(grouped(each.jumlah) for each in unsur)),
        ("Jumlah terisi", *(grouped(each.n) for each in unsur)),
        ("NRR", *(_three_decimals(each.nrr) for each in unsur)),
        ("NRR tertimbang", *(_three_decimals(each.nrr_tertimbang) for each in unsur)),
    ]
    columns = tuple(_column(instrument, code) for code in instrument.codes)
    head = ("No", *columns)
    widths = (3, *(3 if " " in column else 2 for column in columns))
    yield _table(head, rows + sums, widths, "c" * len(head), strong=len(sums))
    indeks = _three_decimals(papers.score.indeks)
    total, mutu = tables.ikm_text(papers.score), papers.score.mutu or NONE
    yield Paragraph(
        f"*) Jumlah NRR tertimbang = {indeks}. **) IKM unit pelayanan = *) ×"
        f" {instrument.conversion} = {total}, mutu {mutu}."
    )
    legend = "; ".join(instrument.title(code) for code in instrument.codes)
    yield Paragraph(f"Keterangan: {legend}.")


def _column(instrument: Instrument, code: str) -> str:
    """The number of an unsur, with its name where common forms use another number."""
    index = instrument.codes.index(code)
    same = instrument.form_order[index] == code
    return instrument.number(code) if same else instrument.title(code)


def _three_decimals(value: Fraction | None) -> str:
    return NONE if value is None else comma(value, 3)


def _method(papers: Papers) -> Blocks:
    return [_table(("Hal", "Keterangan"), tables.method(papers), (3, 8), "ll")]


def _publication(papers: Papers) -> Blocks:
    score, n = papers.score, papers.score.n
    dated = f"{period.title(papers.period)} ({period.span(papers.period, papers.period.zone)})"
    services = ", ".join(service.name for service in papers.services if service.shown)
    yield _table(
        ("Indeks Kepuasan Masyarakat (IKM)", ""),
        [
            ("Unit pelayanan", papers.office.nama),
            ("Nilai IKM", tables.ikm_text(score)),
            ("Mutu pelayanan", f"{score.mutu} ({score.kinerja})" if score.mutu else NONE),
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
            point.label,
            comma(point.ikm),
            point.mutu,
            float((point.ikm - Decimal(low)) / Decimal(high - low)),
        )
        for point in papers.trend
    )


TABLES: Mapping[TableName, Callable[[Papers], Blocks]] = MappingProxyType(
    {
        "gratis": _gratis,
        "ikm_kelompok": _groups,
        "kanal": _channels,
        "kuesioner": _questionnaire,
        "layanan": _services,
        "metode": _method,
        "mutu": _grades,
        "pertanyaan_responden": _respondent_questions,
        "publikasi": _publication,
        "realisasi": _realisation,
        "rencana": _plan,
        "responden": _respondents,
        "saran": _suggestions,
        "tabulasi": _tabulation,
        "terendah": lambda papers: _ranked(papers, tables.lowest(papers)),
        "tertinggi": lambda papers: _ranked(papers, tables.highest(papers)),
        "tren": _trend,
        "unsur": _unsur,
        "validitas": _validity,
    }
)
