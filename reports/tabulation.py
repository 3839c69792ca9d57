"""The tabulation: the annex sheet as XLSX, with formulas that give the bot's own figures."""

from collections.abc import Sequence
from fractions import Fraction

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from reports import papers as model
from reports import tables, workbook
from reports.papers import Breakdown, Papers, ResponseRow
from reports.tables import NONE, UNKNOWN
from reports.workbook import Book, Formula, Page
from scoring import ikm, period
from scoring.ikm import Score

SNAP = 10  # decimals at which binary fractions are taken for the decimal ones they stand for
MOST_ROWS = 1_000_000  # a sheet holds 1,048,576; of more the sums are given
ALL = "Semua layanan"


def tabulation_xlsx(papers: Papers) -> bytes:
    """The workbook: all services, each service shown, respondents, follow-up and method.

    Raises:
        PapersError: the papers contradict themselves.
    """
    model.check(papers)
    made = papers.locked_at or papers.period.end
    with workbook.written(f"Tabulasi SKM {papers.office.nama}", made) as (book, out):
        _tabulation(book, papers, "Tabulasi", ALL, papers.score, papers.rows)
        for service in papers.services:
            if service.shown:
                rows = model.answers_of(papers, service.name)
                _tabulation(book, papers, service.name, service.name, service.score, rows)
        _respondents(book, papers)
        _quality(book, papers)
        _follow_up(book, papers)
        _method(book, papers)
    return out.getvalue()


def recomputes(score: Score) -> bool:
    """Whether a spreadsheet rounds to the bot's IKM though it calculates in binary fractions.

    It does at every exact half, since what is rounded is first taken to SNAP decimals; it need
    not where the exact figure is no half but lies closer to one than that.
    """
    terms = [unsur.nrr_tertimbang for unsur in score.unsur.values()]
    exact = sum((term for term in terms if term is not None), Fraction(0))
    if score.mode.pembulatan != "indeks2":
        exact *= score.instrument.conversion
    from_half = abs(exact * 100 % 1 - Fraction(1, 2)) / 100
    return from_half == 0 or from_half > Fraction(1, 10 ** (SNAP - 1))


def _tabulation(
    book: Book,
    papers: Papers,
    name: str,
    service: str,
    score: Score,
    rows: Sequence[ResponseRow],
) -> None:
    instrument = score.instrument
    page = book.page(name, (40, *(14 for _ in instrument.codes)), landscape=True)
    page.put("TABULASI NILAI PERSEPSI RESPONDEN", style="title")
    for line in (
        f"Unit pelayanan: {papers.office.nama}",
        f"Periode: {_dated(papers)}",
        f"Layanan: {service}",
        f"Jumlah responden: {score.n}",
    ):
        page.put(line, style="note")
    if not rows and papers.rows_note:
        page.put(papers.rows_note, style="note")
    page.gap()
    page.freeze(page.head("No", *(instrument.title(code) for code in instrument.codes)), 1)
    _Footer(page, score).write(_answers(page, rows))
    _legend(page, score)


def _answers(page: Page, rows: Sequence[ResponseRow]) -> tuple[int, int] | None:
    """Write the responses; their first and last row, None when the sheet has sums only."""
    if not 0 < len(rows) <= MOST_ROWS:
        return None
    first = page.row
    for number, row in enumerate(rows, 1):
        page.put(number, *row.answers, style="count")
    return first, page.row - 1


class _Footer:
    """The footer rows of one tabulation, each calculated from those above it."""

    def __init__(self, page: Page, score: Score) -> None:
        self.page = page
        self.score = score
        self.unsur = list(score.unsur.values())

    def write(self, span: tuple[int, int] | None) -> None:
        """Write them under the responses in the rows of `span`."""
        jumlah = self._sums("Jumlah nilai per unsur", "SUM", span)
        filled = self._sums("Jumlah jawaban terisi per unsur", "COUNT", span)
        nrr = self._nrr(jumlah, filled)
        weighted = self._weighted(nrr)
        self._mutu_per_unsur(nrr)
        self._total(weighted)

    def _sums(self, label: str, function: str, span: tuple[int, int] | None) -> int:
        values = [each.jumlah if function == "SUM" else each.n for each in self.unsur]
        if span is None:
            return self.page.put(label, *values, style="count", first="label")
        places = [xl_range(span[0], at, span[1], at) for at in self._columns()]
        formulas = [
            Formula(f"={function}({place})", value)
            for place, value in zip(places, values, strict=True)
        ]
        return self.page.put(label, *formulas, style="count", first="label")

    def _nrr(self, jumlah: int, filled: int) -> int:
        cells = []
        for at, each in zip(self._columns(), self.unsur, strict=True):
            quotient = f"{xl_rowcol_to_cell(jumlah, at)}/{xl_rowcol_to_cell(filled, at)}"
            if self.score.mode.pembulatan == "nrr2":
                quotient = _half_up(quotient)
            text = f'=IF({xl_rowcol_to_cell(filled, at)}=0,"{NONE}",{quotient})'
            cells.append(Formula(text, NONE if each.nrr is None else float(each.nrr)))
        return self.page.put("NRR per unsur", *cells, style="three", first="label")

    def _weighted(self, nrr: int) -> int:
        shares = ikm.weights(self.score.instrument, self.score.mode)
        cells = []
        for at, each in zip(self._columns(), self.unsur, strict=True):
            share = shares[each.code]
            place = xl_rowcol_to_cell(nrr, at)
            product = f"{place}*{share.numerator}/{share.denominator}"
            value = NONE if each.nrr_tertimbang is None else float(each.nrr_tertimbang)
            cells.append(Formula(f'=IF(ISNUMBER({place}),{product},"{NONE}")', value))
        return self.page.put("NRR tertimbang per unsur", *cells, style="three", first="label")

    def _mutu_per_unsur(self, nrr: int) -> None:
        conversion = self.score.instrument.conversion
        cells = []
        for at, each in zip(self._columns(), self.unsur, strict=True):
            place = xl_rowcol_to_cell(nrr, at)
            letter = self._graded(_half_up(f"{place}*{conversion}"), "mutu")
            text = f'=IF(ISNUMBER({place}),{letter},"{NONE}")'
            cells.append(Formula(text, each.mutu or NONE))
        self.page.put("Mutu per unsur", *cells, style="count", first="label")

    def _total(self, weighted: int) -> None:
        score, conversion = self.score, self.score.instrument.conversion
        terms = xl_range(weighted, 1, weighted, len(self.unsur))
        total = f"SUM({terms})"
        if score.mode.pembulatan == "indeks2":
            total = _half_up(total)
        text = f'=IF(COUNT({terms})={len(self.unsur)},{total},"{UNKNOWN}")'
        value = UNKNOWN if score.indeks is None else float(score.indeks)
        place = self._single("*) Jumlah NRR tertimbang", Formula(text, value), "index")
        title = f"**) IKM unit pelayanan = *) × {conversion}"
        place = self._single(title, self._ikm(place), "figure")
        for label, kind, known in (
            ("Mutu", "mutu", score.mutu),
            ("Kinerja", "kinerja", score.kinerja),
        ):
            text = f'=IF(ISNUMBER({place}),{self._graded(place, kind)},"{NONE}")'
            self._single(label, Formula(text, known or NONE), "figure")

    def _ikm(self, indeks: str) -> Formula | float:
        score = self.score
        if score.ikm is not None and not recomputes(score):
            return float(score.ikm)
        rounded = _half_up(f"{indeks}*{score.instrument.conversion}")
        value = UNKNOWN if score.ikm is None else float(score.ikm)
        return Formula(f'=IF(ISNUMBER({indeks}),{rounded},"{UNKNOWN}")', value)

    def _single(self, label: str, cell: Formula | float, style: str) -> str:
        row = self.page.put(label, cell, style=style, first="label")
        return str(xl_rowcol_to_cell(row, 1))

    def _graded(self, nik: str, kind: str) -> str:
        """A formula for the grade of a NIK that is rounded already, by lower bounds alone."""
        *upper, last = self.score.instrument.grades
        formula = _quoted(getattr(last, kind))
        for grade in reversed(upper):
            formula = f"IF({nik}>={grade.lower},{_quoted(getattr(grade, kind))},{formula})"
        return formula

    def _columns(self) -> range:
        return range(1, len(self.unsur) + 1)


def _half_up(value: str) -> str:
    return f"ROUND(ROUND({value},{SNAP}),2)"


def _quoted(text: str) -> str:
    """A text as formulas write it."""
    return '"{}"'.format(text.replace('"', '""'))


def _legend(page: Page, score: Score) -> None:
    instrument = score.instrument
    page.gap()
    page.put("Keterangan", style="bold")
    bobot = tables.bobot(instrument, score.mode)
    lines = [
        "NRR = nilai rata-rata: jumlah nilai per unsur ÷ jumlah jawaban terisi unsur itu",
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
        page.put(line, style="note")
    page.gap()
    page.head("Mutu pelayanan", "Kinerja", "Nilai IKM")
    for mutu, kinerja, interval in tables.grades(instrument):
        page.put(mutu, kinerja, interval)


def _respondents(book: Book, papers: Papers) -> None:
    page = book.page("Responden", (44, 14, 14, 14, 20))
    page.put("RESPONDEN", style="title")
    page.put(f"{papers.office.nama} · {_dated(papers)}", style="note")
    for breakdown in (*papers.respondents, tables.channels(papers)):
        page.gap()
        _breakdown(page, breakdown, papers.score.n)
    page.gap()
    page.head("Layanan", "Jumlah", "IKM", "Mutu", "Kinerja")
    for service in papers.services:
        if service.shown:
            score = service.score
            value = UNKNOWN if score.ikm is None else float(score.ikm)
            mutu, kinerja = score.mutu or NONE, score.kinerja or NONE
            page.put(service.name, score.n, value, mutu, kinerja, first="text", style="two")


def _breakdown(page: Page, breakdown: Breakdown, n: int) -> None:
    page.head(breakdown.title, "Jumlah", "Persen")
    first, total = page.row, page.row + len(breakdown.rows)
    whole = xl_rowcol_to_cell(total, 1)
    for label, count in breakdown.rows:
        part = xl_rowcol_to_cell(page.row, 1)
        share = Formula(f'=IF({whole}=0,"{NONE}",{part}/{whole})', count / n if n else NONE)
        page.put(label, count, share, style="share", first="text")
    summed = f"=SUM({xl_range(first, 1, total - 1, 1)})" if breakdown.rows else "=0"
    page.put("Jumlah", Formula(summed, n), style="count", first="label")


def _quality(book: Book, papers: Papers) -> None:
    """What practitioners ask: whether items measure alike, answers all alike, groups."""
    quality = papers.quality
    if quality is None:
        return
    page = book.page("Kualitas data", (44, 20, 24, 14))
    page.put("KUALITAS DATA", style="title")
    page.put(f"{papers.office.nama} · {_dated(papers)}", style="note")
    page.gap()
    page.put("Jawaban lengkap yang dikaji", quality.study.n, first="label")
    page.put("Tidak lengkap, tidak dikaji", quality.study.incomplete, first="label")
    page.put("Cronbach's alpha (andal mulai 0,70)", tables.alpha(papers), first="label")
    page.gap()
    page.head(*tables.VALIDITY)
    for name, r, said in tables.validity(papers):
        shown = tables.NOT_COMPUTABLE if r is None else float(r)
        page.put(name, shown, said, first="text", style="three")
    page.put("Valid mulai 0,30: patokan yang lazim, bukan dari peraturan.", style="note")
    page.gap()
    page.put("Memberi nilai yang sama untuk semua unsur", quality.uniform, first="label")
    page.put("IKM tanpa jawaban itu", tables.uniform(papers), first="label")
    page.put("Jawaban seperti itu dapat jujur, dan tetap dihitung.", style="note")
    for attribute in quality.by_attribute:
        if attribute.groups:
            page.gap()
            page.head(attribute.title, *tables.GROUPS)
            for group in attribute.groups:
                ikm_of = UNKNOWN if group.score.ikm is None else float(group.score.ikm)
                mutu = group.score.mutu or NONE
                page.put(group.label, group.score.n, ikm_of, mutu, first="text", style="two")


def _follow_up(book: Book, papers: Papers) -> None:
    page = book.page("Tindak lanjut", (8, 40, 40, 34, 34, 34), landscape=True)
    page.put("TINDAK LANJUT", style="title")
    page.put(f"{papers.office.nama} · {_dated(papers)}", style="note")
    page.gap()
    page.put("Rencana tindak lanjut periode ini", style="bold")
    page.head(*tables.PLAN)
    for row in tables.plan(papers.follow_up, papers.score.instrument):
        page.put(*row)
    page.gap()
    page.put("Realisasi tindak lanjut periode sebelumnya", style="bold")
    page.head(*tables.REALISATION)
    for row in tables.realisation(papers.last_follow_up):
        page.put(*row)
    page.put(f"Terlaksana: {tables.realised(papers.last_follow_up)}", style="bold")


def _method(book: Book, papers: Papers) -> None:
    page = book.page("Metode", (32, 100))
    page.put("CARA HITUNG", style="title")
    page.gap()
    for label, text in tables.method(papers):
        page.put(label, text, first="label")


def _dated(papers: Papers) -> str:
    return f"{period.title(papers.period)} ({period.span(papers.period, papers.period.zone)})"
