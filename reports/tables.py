"""The tables that several papers share: rows of text, with figures in Indonesian format."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TypeAlias

from reports.papers import Breakdown, Change, FollowUp, Papers, PartFigures, TrendPoint
from scoring import period
from scoring.channels import CHANNELS, in_order
from scoring.ikm import Mode
from scoring.iku import YearMethod
from scoring.instrument import Instrument
from scoring.numbers import NONE, comma, grouped, half_up, percent, with_comma, with_shares
from scoring.period import Period, long_day
from scoring.precision import margin_text

Row: TypeAlias = tuple[str, ...]

UNKNOWN = "belum dapat dihitung"
ROUNDINGS = {
    "tanpa": "tanpa pembulatan di tengah; IKM dibulatkan sekali di akhir, angka 5 ke atas",
    "indeks2": "indeks dibulatkan dua desimal sebelum dikalikan; angka 5 ke atas",
    "nrr2": "setiap NRR dibulatkan dua desimal; angka 5 ke atas",
    "nrr2+indeks2": "setiap NRR, lalu indeks, dibulatkan dua desimal; angka 5 ke atas",
}
BY_ROUNDING = (
    "Angka tercetak tiga desimal; jumlahnya dapat berbeda pada angka terakhir: selisih karena"
    " pembulatan."
)
WEAKER_IDENTITY = (
    "Yang mengisi di halaman web atau layar loket dikenali dari cookie saja, tanda pengenal yang"
    " lebih lemah daripada akun Telegram: siapa yang menghapusnya terhitung sebagai orang baru."
)
NOT_COMPARED = "belum dapat dibandingkan"
MISSING = "rerata_per_unsur: setiap unsur dirata-rata dari jawabannya yang terisi"
MISSING_ITEMS = "rerata_per_unsur: setiap butir dirata-rata dari jawabannya yang terisi"
NOT_COMPUTABLE = "tidak dapat dihitung"
VALIDITY_HEAD = ("Unsur", "r (butir–total)", "Keterangan")
METHODS: Mapping[YearMethod, str] = MappingProxyType(
    {"gabungan": "gabungan", "rerata_periode": "rerata periode"}
)
LOWER = "jelas lebih rendah"
FEW = "responden sedikit"  # beside a figure that can still change much
INCOMPLETE = "Belum lengkap: baru memuat periode yang sudah dikunci."
MORE_QUESTIONS = "Pertanyaan tambahan, tanpa nilai:"
COMPLETE_FROM = 30  # complete responses; of fewer the questionnaire is not studied
PLAN_HEAD = ("No", "Prioritas unsur", "Program/kegiatan", "Waktu", "Penanggung jawab")
REALISATION_HEAD = ("No", "Rencana", "Sudah/belum", "Deskripsi", "Dokumentasi", "Hambatan")


def grades(instrument: Instrument) -> list[Row]:
    """Mutu, kinerja and interval of NIK; each interval ends 0,01 below the next lower bound."""
    upper = comma(instrument.scale[1] * instrument.conversion)
    rows: list[Row] = []
    for grade in instrument.grades:
        rows.append((grade.mutu, grade.kinerja, f"{comma(grade.lower)}–{upper}"))
        upper = comma(grade.lower - Decimal("0.01"))
    return rows


def plan(lines: Sequence[FollowUp], instrument: Instrument) -> list[Row]:
    """The follow-up plan, with the columns of `PLAN_HEAD`."""
    of = _of_period(lines)
    return [
        (
            str(number),
            unsur_title(instrument, line.unsur) + of(line),
            line.kegiatan,
            long_day(line.due) if line.due else NONE,
            line.responsible or NONE,
        )
        for number, line in enumerate(lines, 1)
    ]


def realisation(lines: Sequence[FollowUp]) -> list[Row]:
    """The realisation of a plan, with the columns of `REALISATION_HEAD`."""
    of = _of_period(lines)
    return [
        (
            str(number),
            line.kegiatan + of(line),
            "Sudah" if line.done else "Belum",
            line.description or line.status.capitalize() or NONE,
            line.evidence or NONE,
            line.obstacle or NONE,
        )
        for number, line in enumerate(lines, 1)
    ]


def _of_period(lines: Sequence[FollowUp]) -> Callable[[FollowUp], str]:
    """The period whose results a line answers, where the lines are of several."""
    several = len({line.period for line in lines}) > 1
    return lambda line: f" ({line.period})" if several else ""


DISTRIBUTION_NOT_TOLD = "tidak disebut"


def distribution(papers: Papers) -> list[Row]:
    """How many gave each nilai of each item, with their share, and how many answered."""
    instrument = papers.score.instrument
    rows: list[Row] = []
    for code, item in papers.score.items.items():
        counted = papers.distribution.get(code)
        cells = (
            [DISTRIBUTION_NOT_TOLD] * len(instrument.steps)
            if counted is None
            else with_shares(counted.values(), item.n)
        )
        rows.append((instrument.title(code), *cells, grouped(item.n)))
    return rows


def realised_share(papers: Papers) -> str:
    """The realised share of the plans, without cancelled lines: `2 dari 3 (66,7 %)`.

    What is not finished and was due after the lock is named: `; 1 belum sampai waktunya`.
    """
    planned = [line for line in papers.last_follow_up if line.counts]
    done = sum(line.done for line in planned)
    share = f"{done} dari {len(planned)} ({percent(done, len(planned))})"
    locked = papers.locked_at
    if locked is None:
        return share
    until = locked.astimezone(papers.period.zone).date()
    open_lines = [line for line in planned if not line.done]
    not_due = sum(line.due is not None and line.due > until for line in open_lines)
    return f"{share}; {not_due} belum sampai waktunya" if not_due else share


def planned_after(papers: Papers) -> str:
    """The periods whose results the plans in `last_follow_up` answer, each once."""
    return ", ".join(dict.fromkeys(line.period for line in papers.last_follow_up)) or NONE


def unsur_title(instrument: Instrument, code: str) -> str:
    """Number and name of an unsur or item; its code when the instrument does not have it."""
    known = code in instrument.unsur_codes or code in instrument.codes
    return instrument.title(code) if known else code


def channels(papers: Papers) -> Breakdown:
    """The number of responses from each channel, always in the same order."""
    codes = in_order(papers.channels)
    rows = tuple((CHANNELS[code].title, papers.channels[code]) for code in codes)
    return Breakdown("kanal", "Cara mengisi", rows)


def ikm_text(ikm: Decimal | None) -> str:
    """An IKM as printed, or a text that it cannot be computed yet."""
    return UNKNOWN if ikm is None else comma(ikm)


def ikm_names(papers: Papers) -> tuple[str, str]:
    """What the IKM of all answers is called, and the IKM of the papers where that is another."""
    if papers.method == "rerata_periode":
        return "IKM gabungan", f"IKM {METHODS[papers.method]}"
    return "IKM", ""


def share_of(n: int, received: int) -> str:
    """How many responses are in a figure: `33`, or `30 dari 33` where some are not."""
    return grouped(n) if n == received else f"{grouped(n)} dari {grouped(received)}"


def part_rows(parts: Iterable[PartFigures]) -> list[Row]:
    """Name, responses, IKM and mutu of services or units, and what a reader must know."""
    return [
        (
            part.name,
            share_of(part.score.n, part.received),
            ikm_text(part.score.ikm),
            part.score.mutu or NONE,
            ", ".join(
                note for note, holds in {LOWER: part.lower, FEW: part.provisional}.items() if holds
            ),
        )
        for part in parts
    ]


def titles(periods: Iterable[Period]) -> str:
    """The titles of some periods."""
    return ", ".join(period.title(each) for each in periods)


def population_note(papers: Papers) -> str:
    """Of which periods the users are known, where it is not all: ` (dari 2 triwulan …)`."""
    return _known_note(papers, papers.population, papers.population_known)


def _known_note(papers: Papers, users: int | None, known: int) -> str:
    of = len(papers.periods)
    if users is None or known == of:
        return ""
    return f" (dari {period.kind(papers.periods[0])} yang diketahui, {known} dari {of})"


USERS_HEAD = ("Layanan", "Pengguna", "Responden", "Tingkat respons")


def service_users(papers: Papers) -> list[Row]:
    """Users, responses and response rate of each service, with the columns of `USERS_HEAD`."""
    return [
        (
            each.name,
            NONE
            if each.users is None
            else grouped(each.users) + _known_note(papers, each.users, each.known),
            grouped(each.received),
            percent(each.received_of_users, each.users or 0),
        )
        for each in papers.service_users
    ]


def mutu_text(papers: Papers) -> str:
    """The mutu, with those that the interval reaches too: `B, mungkin A`."""
    if not papers.letters:
        return papers.mutu or NONE
    own, *others = papers.letters
    return f"{own}, mungkin {' atau '.join(others)}" if others else own


CORRECTIONS_HEAD = ("Tanggal", "Ralat", "IKM semula", "IKM menjadi", "Alasan")


def corrections(papers: Papers) -> list[Row]:
    """The corrections after the lock, with the columns of `CORRECTIONS_HEAD`."""
    return [
        (long_day(each.day), each.what, ikm_text(each.before), ikm_text(each.after), each.reason)
        for each in papers.corrections
    ]


def trend_label(point: TrendPoint) -> str:
    """What a figure of the trend is of; a year that was entered by hand has its number alone."""
    return f"Tahun {point.label}" if point.by_hand else point.label


def trend_note(point: TrendPoint) -> str:
    """What a reader must know of a figure in the trend."""
    notes = {"diisi tangan": point.by_hand, "teks berubah": point.other_wording}
    return ", ".join(note for note, holds in notes.items() if holds)


def verdict(change: Change) -> str:
    """Whether a change is real: in the words of every view, marked where the questions changed."""
    words = change.verdict or "tidak dapat diuji"
    return f"{words} (teks berubah)" if change.since.other_wording else words


def change_text(change: Change | None) -> str:
    """A change with its verdict: `turun 1,78 dari 81,90 pada TW II 2026: belum ada …`."""
    if change is None:
        return NOT_COMPARED
    told = f"{comma(change.since.ikm)} pada {trend_label(change.since)}: {verdict(change)}"
    if not change.delta:
        return f"tetap {told}"
    direction = "naik" if change.delta > Decimal(0) else "turun"
    return f"{direction} {comma(abs(change.delta))} dari {told}"


def method(papers: Papers) -> list[Row]:
    """How the figures were computed, for the sheet "Metode" and the report's appendix."""
    score = papers.score
    instrument, mode = score.instrument, score.mode
    zone = papers.period.zone
    locked = long_day(papers.locked_at.astimezone(zone).date()) if papers.locked_at else NONE
    users = NONE if papers.population is None else grouped(papers.population)
    rows = [
        ("Unit pelayanan", papers.office.nama),
        ("Periode", f"{period.title(papers.period)} ({period.span(papers.covers, zone)})"),
        ("Instrumen", f"{instrument.code} versi {instrument.version}: {instrument.name['id']}"),
        ("Dasar", instrument.source),
        ("Responden", NONE if papers.draft else share_of(score.n, papers.received)),
        ("Pengguna layanan (populasi)", f"{users}{population_note(papers)}"),
        ("Sampel yang diperlukan", grouped(papers.required) if papers.required else NONE),
        ("Bobot", bobot(instrument, mode)),
        ("Pembulatan", ROUNDINGS[mode.pembulatan]),
        ("Jawaban kosong", MISSING_ITEMS if instrument.grouped else MISSING),
        ("Rumus NRR", nrr_formula(instrument)),
        ("Rumus NRR tertimbang", "NRR × bobot"),
        ("Rumus IKM", f"jumlah NRR tertimbang × {instrument.conversion}"),
        ("Galat (95 %, perkiraan)", margin_cell(papers)),
        ("Terkunci", locked),
        ("Revisi", str(papers.revision)),
        ("Sidik masukan", papers.fingerprint or NONE),
    ]
    if papers.method is not None:
        rows.append(("IKM beberapa periode", METHODS[papers.method]))
    if papers.joined_from:
        rows.append(("Digabung dari", papers.joined_from))
    if papers.run_in:
        rows.append(("Termasuk jawaban", titles(papers.run_in)))
    rows += [("Perhatian", warning.teks) for warning in score.warnings]
    return [*rows, ("Catatan", BY_ROUNDING)]


def nrr_formula(instrument: Instrument) -> str:
    """How an NRR is computed; where an unsur has several items, from theirs."""
    each = "butir" if instrument.grouped else "unsur"
    formula = f"jumlah nilai per {each} ÷ jumlah jawaban terisi {each} itu"
    return f"{formula}; NRR unsur = rata-rata NRR butirnya" if instrument.grouped else formula


def bobot(instrument: Instrument, mode: Mode) -> str:
    """The weight of each unsur: `1/9`, or the rounded weight that the office chose."""
    shares = set(instrument.weights.values())
    if mode.bobot != "1/k":
        return f"{with_comma(mode.bobot)} (dibulatkan)"
    return str(next(iter(shares))) if len(shares) == 1 else "menurut berkas instrumen"


def margin_cell(papers: Papers) -> str:
    """The margin with its sign: `± 1,5`, or a text that there is none."""
    if papers.margin is None:
        return UNKNOWN
    return f"± {margin_text(papers.margin)}"


def validity(papers: Papers) -> list[tuple[str, Decimal | None, str]]:
    """The item-total correlation of each unsur, with the columns of `VALIDITY_HEAD`."""
    if not studied(papers) or papers.quality is None:
        return []
    verdicts = {True: "valid", False: "lemah", None: NOT_COMPUTABLE}
    instrument, study = papers.score.instrument, papers.quality.study.items
    return [
        (
            unsur_title(instrument, code),
            None if study[code].r is None else half_up(study[code].r or 0, 3),
            verdicts[study[code].valid],
        )
        for code in instrument.codes
        if code in study
    ]


def alpha_text(papers: Papers) -> str:
    """Cronbach's alpha of the complete responses: `0,812 (andal)`."""
    if not studied(papers):
        return f"dihitung mulai {COMPLETE_FROM} jawaban lengkap"
    study = papers.quality and papers.quality.study
    if not study or study.alpha is None:
        return NOT_COMPUTABLE
    return f"{comma(study.alpha, 3)} ({'andal' if study.reliable else 'kurang andal'})"


def studied(papers: Papers) -> bool:
    """Whether enough complete responses exist for a study of the questionnaire."""
    return papers.quality is not None and papers.quality.study.n >= COMPLETE_FROM


def ikm_without_repeats(papers: Papers) -> str:
    """The IKM without repeats; a text when the difference could reveal their answers."""
    score = papers.score_without_repeats
    if score is None:
        return "tidak disebut, karena terlalu sedikit"
    pooled = " (gabungan)" if papers.method == "rerata_periode" else ""
    return ikm_text(score.ikm) + pooled
