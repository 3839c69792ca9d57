"""The tabulation as XLSX, with formulas that give the same figures as the bot."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from reports import tables, workbook
from reports.papers import Breakdown, Papers, PartFigures, check_totals
from reports.tables import UNKNOWN
from reports.workbook import Cell, Formula, Sheet, Workbook
from scoring import ikm, period
from scoring.ikm import Score
from scoring.instrument import Instrument
from scoring.numbers import NONE

SNAP = 10  # decimals to which a binary fraction is rounded first, to remove its error
MAX_ROWS = 1_000_000  # a sheet holds 1,048,576; with more responses it has only the totals
ALL_SERVICES = "Semua layanan"


def tabulation_xlsx(papers: Papers) -> bytes:
    """The workbook: all answers, totals of each service, respondents, study, follow-up, method.

    Raises:
        PapersError: totals that differ.
    """
    check_totals(papers)
    created = papers.locked_at or papers.period.end
    with workbook.new_workbook(f"Tabulasi SKM {papers.office.nama}", created) as (book, out):
        _office(book, papers)
        for service in papers.services:
            sheet = _tabulation(book, papers, service.name, service)
            _Totals(sheet, service.score).write(None)
            _legend(sheet, service.score)
        _respondents(book, papers)
        _quality(book, papers)
        _follow_up(book, papers)
        _method(book, papers)
    return out.getvalue()


def recomputes(score: Score) -> bool:
    """Whether a spreadsheet, which calculates in binary fractions, gives the IKM of the bot.

    It does when the exact figure is a half, because the formulas first round to SNAP decimals.
    It may not when the exact figure differs from a half by less than that.
    """
    terms = [unsur.nrr_tertimbang for unsur in score.unsur.values()]
    exact = sum((term for term in terms if term is not None), Fraction(0))
    if not score.mode.rounds_indeks:
        exact *= score.instrument.conversion
    distance = abs(exact * 100 % 1 - Fraction(1, 2)) / 100
    return distance == 0 or distance > Fraction(1, 10 ** (SNAP - 1))


def _office(book: Workbook, papers: Papers) -> None:
    """The sheet of all answers: they have neither service nor anything about the respondent."""
    sheet = _tabulation(book, papers, "Tabulasi", None)
    totals = _Totals(sheet, papers.score)
    totals.write(_answers(sheet, papers.rows), tables.ikm_names(papers)[0])
    _by_rule(sheet, papers)
    _legend(sheet, papers.score)


def _by_rule(sheet: Sheet, papers: Papers) -> None:
    """The IKM of the papers, where it is not that of all answers together."""
    _, mean = tables.ikm_names(papers)
    if mean:
        value = UNKNOWN if papers.ikm is None else float(papers.ikm)
        sheet.write_row(mean, value, style="figure", first="label")
        sheet.write_row(f"Mutu {mean}", papers.mutu or NONE, style="figure", first="label")


def _tabulation(book: Workbook, papers: Papers, name: str, service: PartFigures | None) -> Sheet:
    """The head of a tabulation, up to the names of its columns."""
    instrument = papers.score.instrument
    n, received = papers.score.n, papers.received
    if service is not None:
        n, received = service.score.n, service.received
    sheet = book.sheet(name, (40, *(14 for _ in instrument.codes)), landscape=True)
    sheet.write_row("TABULASI NILAI PERSEPSI RESPONDEN", style="title")
    for line in (
        f"Unit pelayanan: {papers.office.nama}",
        f"Periode: {_period_text(papers)}",
        f"Layanan: {service.name if service else ALL_SERVICES}",
        f"Jumlah responden: {tables.share_of(n, received)}",
    ):
        sheet.write_row(line, style="note")
    if service is None and papers.rows_note:
        sheet.write_row(papers.rows_note, style="note")
    sheet.skip_row()
    if instrument.grouped:
        sheet.write_row(
            "Unsur", *_by_unsur(instrument, map(instrument.title, instrument.unsur_codes))
        )
    sheet.freeze(sheet.write_head("No", *(instrument.title(code) for code in instrument.codes)), 1)
    return sheet


def _by_unsur(instrument: Instrument, cells: Iterable[Cell]) -> Iterator[Cell]:
    """A cell of each unsur, in the column of its first item."""
    for unsur, cell in zip(instrument.unsur, cells, strict=True):
        yield cell
        yield from (None for _ in unsur.items[1:])


def _answers(sheet: Sheet, rows: Sequence[tuple[int | None, ...]]) -> tuple[int, int] | None:
    """Write the responses and return their first and last row; None when there are only totals."""
    if not 0 < len(rows) <= MAX_ROWS:
        return None
    first = sheet.row
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, *row, style="count")
    return first, sheet.row - 1


class _Totals:
    """The rows of totals of one tabulation; each is calculated from the rows above it."""

    def __init__(self, sheet: Sheet, score: Score) -> None:
        self.sheet = sheet
        self.score = score
        self.items = list(score.items.values())
        self.unsur = list(score.unsur.values())
        self.each = "butir" if score.instrument.grouped else "unsur"

    def write(self, span: tuple[int, int] | None, ikm_name: str = "IKM") -> None:
        """Write the totals of the responses in the rows of `span`; None: there are no rows."""
        jumlah = self._sums(f"Jumlah nilai per {self.each}", "SUM", span)
        filled = self._sums(f"Jumlah jawaban terisi per {self.each}", "COUNT", span)
        nrr = self._nrr(jumlah, filled)
        if self.score.instrument.grouped:
            nrr = self._means(nrr)
        weighted = self._weighted(nrr)
        self._mutu_per_unsur(nrr)
        self._total(weighted, ikm_name)

    def _sums(self, label: str, function: str, span: tuple[int, int] | None) -> int:
        values = [each.jumlah if function == "SUM" else each.n for each in self.items]
        if span is None:
            return self.sheet.write_row(label, *values, style="count", first="label")
        columns = range(1, len(self.items) + 1)
        ranges = [xl_range(span[0], column, span[1], column) for column in columns]
        formulas = [
            Formula(f"={function}({cells})", value)
            for cells, value in zip(ranges, values, strict=True)
        ]
        return self.sheet.write_row(label, *formulas, style="count", first="label")

    def _nrr(self, jumlah: int, filled: int) -> int:
        cells = []
        grouped = bool(self.score.instrument.grouped)
        exact = [each.nrr for each in self.items] if grouped else [each.nrr for each in self.unsur]
        for column, nrr in enumerate(exact, 1):
            quotient = f"{xl_rowcol_to_cell(jumlah, column)}/{xl_rowcol_to_cell(filled, column)}"
            if self.score.mode.rounds_nrr and not grouped:
                quotient = _half_up(quotient)
            text = f'=IF({xl_rowcol_to_cell(filled, column)}=0,"{NONE}",{quotient})'
            cells.append(Formula(text, NONE if nrr is None else float(nrr)))
        return self.sheet.write_row(f"NRR per {self.each}", *cells, style="three", first="label")

    def _means(self, nrr: int) -> int:
        """The mean of the NRR of each unsur's items; AVERAGE passes over those without answers."""
        cells = []
        for column, unsur in zip(self._columns(), self.score.instrument.unsur, strict=True):
            items = xl_range(nrr, column, nrr, column + len(unsur.items) - 1)
            mean = f"AVERAGE({items})"
            if self.score.mode.rounds_nrr:
                mean = _half_up(mean)
            value = self.score.unsur[unsur.code].nrr
            text = f'=IF(COUNT({items})=0,"{NONE}",{mean})'
            cells.append(Formula(text, NONE if value is None else float(value)))
        return self._write_by_unsur("NRR per unsur", cells, "three")

    def _write_by_unsur(self, label: str, cells: Iterable[Cell], style: str) -> int:
        row = _by_unsur(self.score.instrument, cells)
        return self.sheet.write_row(label, *row, style=style, first="label")

    def _weighted(self, nrr: int) -> int:
        shares = ikm.weights(self.score.instrument, self.score.mode)
        cells = []
        for column, each in zip(self._columns(), self.unsur, strict=True):
            share = shares[each.code]
            cell = xl_rowcol_to_cell(nrr, column)
            product = f"{cell}*{share.numerator}/{share.denominator}"
            value = NONE if each.nrr_tertimbang is None else float(each.nrr_tertimbang)
            cells.append(Formula(f'=IF(ISNUMBER({cell}),{product},"{NONE}")', value))
        return self._write_by_unsur("NRR tertimbang per unsur", cells, "three")

    def _mutu_per_unsur(self, nrr: int) -> None:
        conversion = self.score.instrument.conversion
        cells = []
        for column, each in zip(self._columns(), self.unsur, strict=True):
            cell = xl_rowcol_to_cell(nrr, column)
            grade = self._grade(_half_up(f"{cell}*{conversion}"), "mutu")
            text = f'=IF(ISNUMBER({cell}),{grade},"{NONE}")'
            cells.append(Formula(text, each.mutu or NONE))
        self._write_by_unsur("Mutu per unsur", cells, "count")

    def _total(self, weighted: int, ikm_name: str) -> None:
        score, conversion = self.score, self.score.instrument.conversion
        terms = xl_range(weighted, 1, weighted, len(self.items))
        total = f"SUM({terms})"
        if score.mode.rounds_indeks:
            total = _half_up(total)
        text = f'=IF(COUNT({terms})={len(self.unsur)},{total},"{UNKNOWN}")'
        value = UNKNOWN if score.indeks is None else float(score.indeks)
        cell = self._single("*) Jumlah NRR tertimbang", Formula(text, value), "index")
        title = f"**) {ikm_name} unit pelayanan = *) × {conversion}"
        cell = self._single(title, self._ikm(cell), "figure")
        for label, kind, grade in (
            ("Mutu", "mutu", score.mutu),
            ("Kinerja", "kinerja", score.kinerja),
        ):
            text = f'=IF(ISNUMBER({cell}),{self._grade(cell, kind)},"{NONE}")'
            self._single(label, Formula(text, grade or NONE), "figure")

    def _ikm(self, indeks: str) -> Formula | float:
        score = self.score
        if score.ikm is not None and not recomputes(score):
            return float(score.ikm)
        rounded = _half_up(f"{indeks}*{score.instrument.conversion}")
        value = UNKNOWN if score.ikm is None else float(score.ikm)
        return Formula(f'=IF(ISNUMBER({indeks}),{rounded},"{UNKNOWN}")', value)

    def _single(self, label: str, cell: Formula | float, style: str) -> str:
        row = self.sheet.write_row(label, cell, style=style, first="label")
        return str(xl_rowcol_to_cell(row, 1))

    def _grade(self, nik: str, kind: str) -> str:
        """A formula for the grade of a rounded NIK, from the lower bounds of the grades."""
        *upper, last = self.score.instrument.grades
        formula = _quoted(getattr(last, kind))
        for grade in reversed(upper):
            formula = f"IF({nik}>={grade.lower},{_quoted(getattr(grade, kind))},{formula})"
        return formula

    def _columns(self) -> list[int]:
        """The column of the first item of each unsur."""
        sizes = (len(unsur.items) for unsur in self.score.instrument.unsur)
        return list(accumulate(sizes, initial=1))[:-1]


def _half_up(value: str) -> str:
    return f"ROUND(ROUND({value},{SNAP}),2)"


def _quoted(text: str) -> str:
    """A text as a string literal of a formula."""
    return '"{}"'.format(text.replace('"', '""'))


def _legend(sheet: Sheet, score: Score) -> None:
    instrument = score.instrument
    sheet.skip_row()
    sheet.write_row("Keterangan", style="bold")
    bobot = tables.bobot(instrument, score.mode)
    lines = [
        f"NRR = nilai rata-rata: {tables.nrr_formula(instrument)}",
        f"NRR tertimbang = NRR × bobot ({bobot})",
        f"IKM = Indeks Kepuasan Masyarakat: *) × {instrument.conversion}, angka 5 ke atas",
        tables.BY_ROUNDING,
    ]
    if score.ikm is not None and not recomputes(score):
        lines.append(
            "IKM di lembar ini ditulis sebagai angka: nilai tepatnya terlalu dekat dengan batas"
            " pembulatan untuk dihitung ulang lembar kerja."
        )
    for line in lines:
        sheet.write_row(line, style="note")
    sheet.skip_row()
    sheet.write_head("Mutu pelayanan", "Kinerja", "Nilai IKM")
    for mutu, kinerja, interval in tables.grades(instrument):
        sheet.write_row(mutu, kinerja, interval)


def _respondents(book: Workbook, papers: Papers) -> None:
    sheet = book.sheet("Responden", (44, 14, 14, 14, 20))
    sheet.write_row("RESPONDEN", style="title")
    sheet.write_row(f"{papers.office.nama} · {_period_text(papers)}", style="note")
    about = [each for each in papers.respondents if each.subject == "responden"]
    for breakdown in (*about, tables.channels(papers)):
        sheet.skip_row()
        _breakdown(sheet, breakdown, papers.score.n)
    if more := [each for each in papers.respondents if each.subject != "responden"]:
        sheet.skip_row()
        sheet.write_row(tables.MORE_QUESTIONS, style="note")
    for breakdown in more:
        sheet.skip_row()
        _breakdown(sheet, breakdown, papers.score.n)
    for title, parts in (("Layanan", papers.services), ("Unit", papers.units)):
        if parts:
            sheet.skip_row()
            sheet.write_head(title, "Jumlah", "IKM", "Mutu", "Keterangan")
        for part, (name, share, _, *marks) in zip(parts, tables.part_rows(parts), strict=True):
            count = part.score.n if part.score.n == part.received else share
            value = UNKNOWN if part.score.ikm is None else float(part.score.ikm)
            sheet.write_row(name, count, value, *marks, first="text", style="two")


def _breakdown(sheet: Sheet, breakdown: Breakdown, n: int) -> None:
    sheet.write_head(breakdown.title, "Jumlah", "Persen")
    first, total = sheet.row, sheet.row + len(breakdown.rows)
    whole = xl_rowcol_to_cell(total, 1)
    for label, count in breakdown.rows:
        part = xl_rowcol_to_cell(sheet.row, 1)
        share = Formula(f'=IF({whole}=0,"{NONE}",{part}/{whole})', count / n if n else NONE)
        sheet.write_row(label, count, share, style="share", first="text")
    summed = f"=SUM({xl_range(first, 1, total - 1, 1)})" if breakdown.rows else "=0"
    sheet.write_row("Jumlah", Formula(summed, n), style="count", first="label")


def _quality(book: Workbook, papers: Papers) -> None:
    """Reliability and validity of the questionnaire, and uniform responses."""
    quality = papers.quality
    if quality is None:
        return
    sheet = book.sheet("Kualitas data", (44, 20, 24, 14))
    sheet.write_row("KUALITAS DATA", style="title")
    sheet.write_row(f"{papers.office.nama} · {_period_text(papers)}", style="note")
    sheet.skip_row()
    sheet.write_row("Jawaban lengkap yang dikaji", quality.study.n, first="label")
    sheet.write_row("Tidak lengkap, tidak dikaji", quality.study.incomplete, first="label")
    sheet.write_row("Cronbach's alpha (andal mulai 0,70)", tables.alpha_text(papers), first="label")
    sheet.skip_row()
    sheet.write_head(*tables.VALIDITY_HEAD)
    for name, r, verdict in tables.validity(papers):
        value = tables.NOT_COMPUTABLE if r is None else float(r)
        sheet.write_row(name, value, verdict, first="text", style="three")
    sheet.write_row("Valid mulai 0,30: patokan yang lazim, bukan dari peraturan.", style="note")
    sheet.skip_row()
    sheet.write_row("Memberi nilai yang sama untuk semua unsur", quality.uniform, first="label")
    sheet.write_row("Jawaban seperti itu dapat jujur, dan tetap dihitung.", style="note")


def _follow_up(book: Workbook, papers: Papers) -> None:
    sheet = book.sheet("Tindak lanjut", (8, 40, 40, 34, 34, 34), landscape=True)
    sheet.write_row("TINDAK LANJUT", style="title")
    sheet.write_row(f"{papers.office.nama} · {_period_text(papers)}", style="note")
    sheet.skip_row()
    sheet.write_row("Rencana tindak lanjut periode ini", style="bold")
    sheet.write_head(*tables.PLAN_HEAD)
    for row in tables.plan(papers.follow_up, papers.score.instrument):
        sheet.write_row(*row)
    sheet.skip_row()
    sheet.write_row("Realisasi tindak lanjut periode sebelumnya", style="bold")
    sheet.write_head(*tables.REALISATION_HEAD)
    for row in tables.realisation(papers.last_follow_up):
        sheet.write_row(*row)
    sheet.write_row(f"Terlaksana: {tables.realised_share(papers)}", style="bold")


def _method(book: Workbook, papers: Papers) -> None:
    sheet = book.sheet("Metode", (32, 100))
    sheet.write_row("CARA HITUNG", style="title")
    sheet.skip_row()
    for label, text in tables.method(papers):
        sheet.write_row(label, text, first="label")


def _period_text(papers: Papers) -> str:
    return f"{period.title(papers.period)} ({period.span(papers.covers, papers.covers.zone)})"
