"""The tables that several papers share: rows of text, with figures in Indonesian format."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TypeAlias

from reports.papers import Breakdown, FollowUp, Papers
from scoring import period
from scoring.ikm import Mode, Score, UnsurScore
from scoring.instrument import Instrument
from scoring.numbers import comma, grouped, half_up, with_comma
from scoring.period import long_day
from scoring.precision import margin_text

Row: TypeAlias = tuple[str, ...]

UNKNOWN = "belum dapat dihitung"
NONE = "–"
CHANNELS: Mapping[str, str] = MappingProxyType(
    {
        "telegram": "Mengisi sendiri (Telegram)",
        "dibantu": "Dibantu petugas",
        "kertas": "Lembar kertas",
    }
)
ROUNDINGS = {
    "tanpa": "tanpa pembulatan di tengah; IKM dibulatkan sekali di akhir, angka 5 ke atas",
    "indeks2": "indeks dibulatkan dua desimal sebelum dikalikan; angka 5 ke atas",
    "nrr2": "setiap NRR dibulatkan dua desimal; angka 5 ke atas",
}
BY_ROUNDING = (
    "Angka tercetak tiga desimal; jumlahnya dapat berbeda pada angka terakhir: selisih karena"
    " pembulatan."
)
MISSING = "rerata_per_unsur: setiap unsur dirata-rata dari jawabannya yang terisi"
NOT_COMPUTABLE = "tidak dapat dihitung"
VALIDITY_HEAD = ("Unsur", "r (butir–total)", "Keterangan")
GROUPS_HEAD = ("Responden", "IKM", "Mutu")
PLAN_HEAD = ("No", "Prioritas unsur", "Program/kegiatan", "Waktu", "Penanggung jawab")
REALISATION_HEAD = ("No", "Rencana", "Sudah/belum", "Deskripsi", "Dokumentasi", "Hambatan")


def percent(part: int, whole: int) -> str:
    """A share with one decimal, `60,2 %`; a dash when `whole` is 0."""
    return f"{comma(Fraction(100 * part, whole), 1)}\u00a0%" if whole else NONE


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
    return [
        (
            str(number),
            unsur_title(instrument, line.unsur),
            line.kegiatan,
            long_day(line.due) if line.due else NONE,
            line.responsible or NONE,
        )
        for number, line in enumerate(lines, 1)
    ]


def realisation(lines: Sequence[FollowUp]) -> list[Row]:
    """The realisation of a plan, with the columns of `REALISATION_HEAD`."""
    return [
        (
            str(number),
            line.kegiatan,
            "Sudah" if line.done else "Belum",
            line.description or line.status.capitalize() or NONE,
            line.evidence or NONE,
            line.obstacle or NONE,
        )
        for number, line in enumerate(lines, 1)
    ]


def realised_share(lines: Sequence[FollowUp]) -> str:
    """The realised share of a plan, without cancelled lines: `2 dari 3 (66,7 %)`."""
    planned = [line for line in lines if line.counts]
    done = sum(line.done for line in planned)
    return f"{done} dari {len(planned)} ({percent(done, len(planned))})"


def unsur_title(instrument: Instrument, code: str) -> str:
    """Number and name of an unsur; its code when the instrument does not have it."""
    return instrument.title(code) if code in instrument.codes else code


def channels(papers: Papers) -> Breakdown:
    """The number of responses from each channel, always in the same order."""
    codes = [code for code in CHANNELS if code in papers.channels]
    codes += sorted(papers.channels.keys() - CHANNELS.keys())
    rows = tuple((CHANNELS.get(code, code), papers.channels[code]) for code in codes)
    return Breakdown("kanal", "Cara mengisi", rows)


def ikm_text(score: Score) -> str:
    """The IKM as printed, or a text that it cannot be computed yet."""
    return UNKNOWN if score.ikm is None else comma(score.ikm)


def method(papers: Papers) -> list[Row]:
    """How the figures were computed, for the sheet "Metode" and the report's appendix."""
    score = papers.score
    instrument, mode = score.instrument, score.mode
    zone = papers.period.zone
    locked = papers.locked_at and long_day(papers.locked_at.astimezone(zone).date())
    rows = [
        ("Unit pelayanan", papers.office.nama),
        ("Periode", f"{period.title(papers.period)} ({period.span(papers.period, zone)})"),
        ("Instrumen", f"{instrument.code} versi {instrument.version}: {instrument.name['id']}"),
        ("Dasar", instrument.source),
        ("Responden", grouped(score.n)),
        ("Pengguna layanan (populasi)", grouped(papers.population) if papers.population else NONE),
        ("Sampel yang diperlukan", grouped(papers.required) if papers.required else NONE),
        ("Bobot", bobot(instrument, mode)),
        ("Pembulatan", ROUNDINGS[mode.pembulatan]),
        ("Jawaban kosong", MISSING),
        ("Rumus NRR", "jumlah nilai per unsur ÷ jumlah jawaban terisi unsur itu"),
        ("Rumus NRR tertimbang", "NRR × bobot"),
        ("Rumus IKM", f"jumlah NRR tertimbang × {instrument.conversion}"),
        ("Galat (95 %, perkiraan)", margin_cell(papers)),
        ("Keadaan angka", f"terkunci {locked}" if locked else "sementara, belum dikunci"),
        ("Revisi", str(papers.revision)),
        ("Sidik masukan", papers.fingerprint or NONE),
    ]
    if papers.rebuilt_from:
        rows.append(("Digabung dari", papers.rebuilt_from))
    rows += [("Perhatian", warning.teks) for warning in score.warnings]
    return [*rows, ("Catatan", BY_ROUNDING)]


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
    if papers.quality is None:
        return []
    verdicts = {True: "valid", False: "lemah", None: NOT_COMPUTABLE}
    return [
        (
            unsur_title(papers.score.instrument, code),
            None if item.r is None else half_up(item.r, 3),
            verdicts[item.valid],
        )
        for code, item in papers.quality.study.items.items()
    ]


def alpha_text(papers: Papers) -> str:
    """Cronbach's alpha of the complete responses: `0,812 (andal)`."""
    study = papers.quality and papers.quality.study
    if not study or study.alpha is None:
        return NOT_COMPUTABLE
    return f"{comma(study.alpha, 3)} ({'andal' if study.reliable else 'kurang andal'})"


def ikm_without_uniform(papers: Papers) -> str:
    """The IKM without the responses that have the same nilai for every unsur."""
    return ikm_without(papers.quality.without_uniform if papers.quality else None)


def ikm_without(score: Score | None) -> str:
    """The IKM without some responses; a text when the difference could reveal their answers."""
    return ikm_text(score) if score else "tidak disebut, karena terlalu sedikit"


PROVISIONAL = 30  # a figure of fewer responses is marked as provisional


DOTTED_LINE = "........................"


def lowest(papers: Papers) -> tuple[UnsurScore, ...]:
    """The three lowest unsur, lowest first."""
    return tuple(papers.score.unsur[code] for code in papers.lowest)


def highest(papers: Papers, count: int = 3) -> tuple[UnsurScore, ...]:
    """The highest unsur, highest first, without those that are among the lowest."""
    others = [
        unsur
        for unsur in papers.score.unsur.values()
        if unsur.nrr is not None and unsur.code not in papers.lowest
    ]
    return tuple(sorted(others, key=lambda unsur: (-(unsur.nrr or 0), unsur.code))[:count])
