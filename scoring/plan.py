"""A plan: the tugas, fungsi, sasaran, IKU, targets and realisasi of an office's planning period."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from scoring.iku import Arah, Target, YearMethod
from scoring.profile import Profile
from scoring.sakip import AtBoundary, LheYear

Sumber: TypeAlias = Literal["ikm", "unit", "sakip", "tangan"]  # where the realisasi comes from
QUARTERS = range(1, 5)
MOST_YEARS = 30  # of one plan


@dataclass(frozen=True, slots=True)
class Rules:
    """How the figures of a plan's years are made and shown; printed beside them."""

    tahunan: YearMethod = "gabungan"
    feeding: LheYear = "terbit"
    at_boundary: AtBoundary = "lebih dari"
    cap: Decimal | None = None


NO_TARGET = Target()
DEFAULT_RULES = Rules()  # of a year that no plan holds


@dataclass(frozen=True, slots=True)
class IkuYear:
    """What is planned for an indikator in a year, and what is said of its result, as typed."""

    target: Target = NO_TARGET
    program: str = ""
    anggaran: str = ""
    analisis: str = ""


@dataclass(frozen=True, slots=True)
class IkuQuarter:
    """An indikator in one quarter of the Rencana Aksi, as typed."""

    target: Decimal | None = None
    aksi: str = ""
    realisasi: Decimal | None = None
    penyebab: str = ""


@dataclass(frozen=True, slots=True)
class EnteredRealisasi:
    """A year's realisasi that was entered by hand, with its source."""

    realisasi: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class PlannedIku:
    """One indikator; `code` names it, in the plans before and after too.

    The mappings have no empty values; quarters are keyed by (year, quarter).
    """

    code: str
    name: str
    satuan: str
    formulasi: str
    arah: Arah
    sumber: Sumber
    years: Mapping[int, IkuYear] = field(default_factory=dict)
    quarters: Mapping[tuple[int, int], IkuQuarter] = field(default_factory=dict)
    entered: Mapping[int, EnteredRealisasi] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sasaran:
    """One sasaran strategis with its indikator."""

    name: str
    iku: tuple[PlannedIku, ...]


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan without its sasaran; `sk_number` and `sk_date` are those of the SK that set it."""

    name: str
    first: int
    last: int
    source: str
    tugas: tuple[str, ...]
    fungsi: tuple[str, ...]
    rules: Rules = DEFAULT_RULES
    sk_number: str = ""
    sk_date: date | None = None

    @property
    def years(self) -> range:
        """The years that the plan holds."""
        return range(self.first, self.last + 1)

    @property
    def period(self) -> str:
        """`Periode 2018–2023`."""
        return f"Periode {span(self.first, self.last)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan."""

    head: PlanHead
    sasaran: tuple[Sasaran, ...]

    @property
    def iku(self) -> tuple[PlannedIku, ...]:
        """Every indikator, in the order of the table."""
        return tuple(each for sasaran in self.sasaran for each in sasaran.iku)


def span(first: int, last: int) -> str:
    """`2018–2023`, or `2026` alone."""
    return str(first) if first == last else f"{first}–{last}"


def default_name(first: int, last: int) -> str:
    """What a plan of these years is called until somebody names it."""
    return f"IKU Periode {span(first, last)}"


def of_profile(profile: Profile) -> Plan:
    """The plan of a data file."""
    first, last = profile.periode
    head = PlanHead(
        default_name(first, last),
        first,
        last,
        profile.source,
        tuple(profile.tugas),
        tuple(profile.fungsi),
    )
    return Plan(
        head,
        tuple(
            Sasaran(
                sasaran.name,
                tuple(
                    PlannedIku(
                        each.code, each.name, each.satuan, each.formulasi, each.arah,
                        each.realisasi,
                    )
                    for each in sasaran.iku
                ),
            )
            for sasaran in profile.sasaran
        ),
    )  # fmt: skip


def copied(plan: Plan, first: int, last: int) -> Plan:
    """The plan for other years: without targets, figures, texts of a year, and SK."""
    head = replace(
        plan.head,
        name=default_name(first, last),
        first=first,
        last=last,
        source=f"Disalin dari {plan.head.name}",
        sk_number="",
        sk_date=None,
    )
    return Plan(head, tuple(_emptied(each) for each in plan.sasaran))


def _emptied(sasaran: Sasaran) -> Sasaran:
    iku = (replace(each, years={}, quarters={}, entered={}) for each in sasaran.iku)
    return replace(sasaran, iku=tuple(iku))
