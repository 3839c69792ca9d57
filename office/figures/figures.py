"""The one source of every figure that a person sees: `of(span, units)`.

A figure is a sum of whole blocks of locked periods (`scoring.blocks`), so no two figures, whatever
their spans and scopes, differ by the answers of fewer than five people. No other module computes,
joins, ranks, rounds or hides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from office.figures import parts, spans
from office.figures.parts import Part
from office.figures.spans import Span
from office.office import Office
from scoring import ikm, precision, sample
from scoring import period as calendar
from scoring.ikm import Score
from scoring.iku import YearMethod
from scoring.instrument import same_wording
from scoring.moments import Moments
from scoring.naming import Levy, levies_together
from scoring.numbers import half_up, square_root
from scoring.period import Period
from scoring.precision import Change, Measurement
from storage import catalogue, corrections, periods, results
from storage.catalogue import Service
from storage.corrections import Correction
from storage.database import Db
from storage.periods import PeriodRow
from storage.planning import ikus
from storage.registered import Registered
from storage.results import Options, PeriodResult
from storage.survey import tallies
from storage.survey.responses import wordings
from storage.tables import Scope

TREND = 4  # earlier spans


@dataclass(frozen=True, slots=True)
class ServiceUsers:
    """How many used a service, and how many of them answered.

    Args:
        users: in the `users_known` periods of which they are known; None: of none.
        received_of_users: its responses in those periods.
    """

    key: int
    name: str
    received: int
    users: int | None
    users_known: int
    received_of_users: int

    @property
    def response_rate(self) -> Fraction | None:
        """Responses of the users, where these are known."""
        return Fraction(self.received_of_users, self.users) if self.users else None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier figure that this one is compared with, or shown beside.

    Args:
        label: its short title.
        named: its span; None: entered by hand.
        by_hand: entered by an official, of a year that has no answers here.
        other_wording: the questions or labels were worded differently, for some of the answers.
        part: a period inside the span itself: shown, not compared with.
    """

    label: str
    named: Period | None
    measured: Measurement
    mutu: str
    by_hand: bool = False
    other_wording: bool = False
    part: bool = False

    @property
    def ikm(self) -> Decimal:
        """Its IKM."""
        if self.measured.ikm is None:
            raise AssertionError("an earlier figure without IKM")
        return self.measured.ikm


@dataclass(frozen=True, slots=True)
class Index:
    """The index of a span alone, for what shows no more than that.

    Args:
        received: responses that were counted in the office; `score.n` of them are in the index.
        method: the office's rule for a span of several periods.
    """

    span: Span
    people: int
    received: int
    score: Score
    moments: Moments
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None
    margin: Decimal | None
    method: YearMethod | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of a span and a scope.

    Args:
        units: ids of the units; () is the whole office.
        received: responses that were counted in the scope; `score.n` of them are in the figures.
        ikm: by the office's rule for a span of several periods: `method` names it.
        distribution: of each item, how many gave each nilai; of the office alone, and not of the
            one of which the levy tells a part.
        services: named ones in the office's order, then the joined ones; () when they would only
            repeat the index.
        users: of the periods whose users are known (`users_known` of `len(periods)`), and
            `received_of_users` are the responses of those.
        unit_users: of each unit whose users are known in every period.
        service_users: each service in use or rated, in the office's order.
        earlier: newest first.
        corrections: of these periods after their lock, with the office's IKM before and after.
    """

    span: Span
    units: tuple[int, ...]
    registered: Registered
    revision: int
    fingerprint: str
    people: int
    received: int
    score: Score
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None
    method: YearMethod | None
    margin: Decimal | None
    moments: Moments
    distribution: Mapping[str, Mapping[int, int]]
    services: tuple[Part, ...]
    by_unit: tuple[Part, ...]
    channels: Mapping[str, int]
    by_channel: Mapping[str, Score]
    repeats: int
    without_repeats: Score | None
    attributes: Mapping[str, Options]
    levy: Levy | None
    users: int | None
    users_known: int
    received_of_users: int
    unit_users: Mapping[int, int]
    service_users: tuple[ServiceUsers, ...]
    earlier: tuple[Earlier, ...]
    corrections: tuple[Correction, ...]

    @property
    def named(self) -> Period:
        """The span that was asked for."""
        return self.span.named

    @property
    def n(self) -> int:
        """How many responses are in the figures."""
        return self.score.n

    @property
    def required(self) -> int | None:
        """The sample that the number of users asks for (Krejcie & Morgan)."""
        return sample.krejcie_morgan(self.users) if self.users else None

    @property
    def required_slovin(self) -> int | None:
        """The sample that the number of users asks for by Slovin's formula, at 5 %."""
        return sample.slovin(self.users, sample.ERROR) if self.users else None

    @property
    def interval(self) -> tuple[Decimal, Decimal] | None:
        """The interval of the IKM, 95 %."""
        if self.ikm is None or self.margin is None:
            return None
        return precision.interval(self.score.instrument, self.ikm, self.margin)

    @property
    def letters(self) -> tuple[str, ...]:
        """The mutu that the interval reaches, that of the IKM first."""
        if self.ikm is None:
            return ()
        return precision.letters(self.score.instrument, self.ikm, self.margin)

    @property
    def unrated(self) -> tuple[str, ...]:
        """The services in use that nobody rated."""
        periods = len(self.span.periods)
        return tuple(
            each.name
            for each in self.service_users
            if not each.received and not (each.users == 0 and each.users_known == periods)
        )

    @property
    def unit_mean(self) -> Decimal | None:
        """The mean of the units that have a figure of their own; None of fewer than two."""
        named = [part.score.ikm for part in self.by_unit if part.key is not None]
        known = [each for each in named if each is not None]
        return ikm.mean_of_units(known) if len(known) > 1 else None

    @property
    def response_rate(self) -> Fraction | None:
        """Responses of the users, where these are known."""
        return Fraction(self.received_of_users, self.users) if self.users else None

    @property
    def measured(self) -> Measurement:
        """What a comparison needs."""
        score = self.score
        return Measurement(self.ikm, self.margin, score.instrument.series, score.mode)

    @property
    def compared(self) -> Earlier | None:
        """The figure before, which a change is told against."""
        return next((each for each in self.earlier if not each.part), None)

    @property
    def delta(self) -> Decimal | None:
        """Points of IKM since the figure before."""
        before = self.compared
        return None if before is None or self.ikm is None else self.ikm - before.ikm

    @property
    def change(self) -> Change | None:
        """Whether it really changed; None where that cannot be tested."""
        before = self.compared
        if before is None or before.by_hand:
            return None
        return precision.significant_change(before.measured, self.measured)


def of(db: Db, office: Office, label: str, units: Collection[int] = ()) -> Figures:
    """The figures of the locked periods that a label names or contains.

    Args:
        units: the scope; () is the whole office.

    Raises:
        NoFigures: a wrong label, nothing locked, or periods that cannot be joined.
        Differs: what is stored is not what was stored at the lock.
    """
    return of_span(db, office, spans.locked(db, office, label), units)


def of_period(db: Db, office: Office, period: PeriodRow, units: Collection[int] = ()) -> Figures:
    """The figures of one locked period."""
    return of_span(db, office, spans.of_period(db, office, period), units)


def index(db: Db, office: Office, label: str) -> Index:
    """The office's index of a label alone; as `of`, and cheaper.

    Raises:
        NoFigures, Differs
    """
    return _index_of_span(db, office, spans.locked(db, office, label))


def index_of_period(db: Db, office: Office, period: PeriodRow) -> Index:
    """The office's index of one locked period alone."""
    return _index_of_span(db, office, spans.of_period(db, office, period))


def _index_of_span(db: Db, office: Office, span: Span) -> Index:
    registered = office.instruments[span.periods[-1].instrument_id]
    return _index(db, registered, span, results.of_periods(db, office.instruments, span.periods))


def of_span(db: Db, office: Office, span: Span, units: Collection[int] = ()) -> Figures:
    """The figures of a span of locked periods."""
    scope = tuple(sorted(units))
    stored = results.of_periods(db, office.instruments, span.periods)
    told = [block for result in stored for block in parts.published(result, scope)]
    registered = office.instruments[span.periods[-1].instrument_id]
    whole = _index(db, registered, span, stored, scope)
    known_services = catalogue.services_by_id(db)
    counted = _received(db, registered, span, scope, known_services)
    unit_users = [
        _known_users(catalogue.users_by_unit(db, number) for number in span.counted(period))
        for period in span.periods
    ]
    received = {by: _total(each[by] for each in counted) for by in (Scope.UNIT, Scope.SERVICE)}
    apart = bool(told) and all(block.apart for block in told)
    levy = None if scope else levies_together(result.levy for result in stored)
    users, known, of_users = _users(unit_users, counted)
    return Figures(
        span=span,
        units=scope,
        registered=registered,
        revision=sum(result.revision for result in stored),
        fingerprint=periods.fingerprint([result.fingerprint for result in stored]),
        people=whole.people,
        received=sum(received[Scope.UNIT].values()),
        score=whole.score,
        ikm=whole.ikm,
        mutu=whole.mutu,
        kinerja=whole.kinerja,
        method=whole.method,
        margin=whole.margin,
        moments=whole.moments,
        distribution={} if scope else parts.distribution(registered, told, levy),
        services=parts.services(registered, told, received[Scope.SERVICE], known_services),
        by_unit=parts.units(registered, told, received[Scope.UNIT], scope, catalogue.units(db)),
        channels=parts.channels(told),
        by_channel=parts.by_channel(registered, told) if apart else {},
        repeats=parts.repeats(registered, told),
        without_repeats=parts.without_repeats(registered, told) if apart else None,
        attributes=parts.attributes(stored) if not scope else {},
        levy=levy,
        users=users,
        unit_users=_known_users(unit_users),
        users_known=known,
        received_of_users=of_users,
        service_users=tuple(_service_users(db, span, scope, counted, known_services)),
        earlier=tuple(_earlier(db, office, span, scope)),
        corrections=tuple(corrections.confirmed(db, [each.id for each in span.periods])),
    )


def _year_method(db: Db, span: Span) -> YearMethod:
    """How the plan that holds the span's year joins its periods."""
    return ikus.rules(db, span.named.start.astimezone(span.named.zone).year).tahunan


def _index(
    db: Db,
    registered: Registered,
    span: Span,
    stored: Sequence[PeriodResult],
    scope: Sequence[int] = (),
) -> Index:
    """The index of a span by the office's rule: all answers pooled, or the mean of periods."""
    own = [parts.published(result, scope) for result in stored]
    whole = parts.summed(registered, [block for blocks in own for block in blocks])
    received = sum(result.n for result in stored)
    found = (span, whole.people, received, whole.score, whole.moments)
    score, method = whole.score, _year_method(db, span) if span.joined else None
    if method != "rerata_periode":
        return Index(*found, score.ikm, score.mutu, score.kinerja, whole.margin, method)
    each = [parts.summed(registered, told) for told in own]
    figures = [one for one in each if one.score.ikm is not None]
    mean = ikm.mean_of_units(one.score.ikm for one in figures if one.score.ikm is not None)
    if mean is None:
        return Index(*found, None, None, None, None, method)
    grade, margins = registered.instrument.grade(mean), [one.margin for one in figures]
    margin = None
    if all(margins):
        squares = sum((Fraction(margin or 0) ** 2 for margin in margins), Fraction(0))
        squares /= len(margins) ** 2
        margin = precision.stored_margin(square_root(squares))
    return Index(*found, mean, grade.mutu, grade.kinerja, margin, method)


Counted: TypeAlias = Mapping[Scope, Mapping[int, int]]  # responses by unit, and by service


def _received(
    db: Db,
    registered: Registered,
    span: Span,
    scope: Sequence[int],
    services: Mapping[int, Service],
) -> list[Counted]:
    """Responses of each period with those that run into it, by unit and by service of the scope."""
    each = tallies.responses_by_period(db, registered, span.ids)
    found: list[Counted] = []
    for period in span.periods:
        ids = span.counted(period)
        by_unit = _total(each[number][Scope.UNIT] for number in ids)
        by_service = _total(each[number][Scope.SERVICE] for number in ids)
        if scope:
            by_unit = {unit: n for unit, n in by_unit.items() if unit in scope}
            by_service = {
                number: n for number, n in by_service.items() if services[number].unit_id in scope
            }
        found.append({Scope.UNIT: by_unit, Scope.SERVICE: by_service})
    return found


def _total(counts: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)


def _users(
    by_period: Sequence[Mapping[int, int]], counted: Sequence[Counted]
) -> tuple[int | None, int, int]:
    """Users of the measured units, of how many periods they are known, and their responses."""
    total = known = responses = 0
    for users, counts in zip(by_period, counted, strict=True):
        here = counts[Scope.UNIT]
        if here and here.keys() <= users.keys():
            total += sum(users[unit] for unit in here)
            responses += sum(here.values())
            known += 1
    return (total if known else None), known, responses


def _known_users(of_periods: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The sum of the users of several periods, where they are known in all of them."""
    first, *others = of_periods
    return {
        key: users + sum(other[key] for other in others)
        for key, users in first.items()
        if all(key in other for other in others)
    }


def _service_users(
    db: Db,
    span: Span,
    scope: Sequence[int],
    counted: Sequence[Counted],
    services: Mapping[int, Service],
) -> Iterable[ServiceUsers]:
    """Each service of the scope that is active, was rated, or has users."""
    users = [
        _known_users(catalogue.users_by_service(db, number) for number in span.counted(period))
        for period in span.periods
    ]
    met = {number for each in (*users, *(counts[Scope.SERVICE] for counts in counted))
           for number, n in each.items() if n}  # fmt: skip
    listed = [
        service
        for service in services.values()
        if (service.active or service.id in met) and (not scope or service.unit_id in scope)
    ]
    for number, name in parts.distinct_names(listed).items():
        received = [counts[Scope.SERVICE].get(number, 0) for counts in counted]
        known = [
            (each[number], n) for each, n in zip(users, received, strict=True) if number in each
        ]
        yield ServiceUsers(
            number,
            name,
            sum(received),
            sum(used for used, _ in known) if known else None,
            len(known),
            sum(n for _, n in known),
        )


# --- earlier figures --------------------------------------------------------------------------


def earlier(db: Db, office: Office, period: PeriodRow) -> list[Earlier]:
    """The figures before a period, newest first; the period need not be locked."""
    span = spans.of_period(db, office, period)
    return list(_earlier(db, office, span, ()))


def _earlier(db: Db, office: Office, span: Span, scope: Sequence[int]) -> Iterable[Earlier]:
    """The spans before of the same series, newest first; of a year also those entered by hand."""
    registered = office.instruments[span.periods[-1].instrument_id]
    if span.joined:
        newest = spans.of_period(db, office, span.periods[-1])
        for period in reversed(span.periods):
            inside = spans.of_period(db, office, period)
            yield from _point(db, office, inside, newest, registered, scope, part=True)
    found = 0
    for before in spans.before(db, office, span):
        points = list(_point(db, office, before, span, registered, scope))
        if not points and not _of_series(office, before, registered):
            break  # another series: nothing is compared across
        yield from points
        found += len(points)
        if found == TREND:
            return
    if not scope and (calendar.kind(span.named) == "tahun" or not found):
        yield from _by_hand(db, registered, span, TREND - found)


def _of_series(office: Office, span: Span, registered: Registered) -> bool:
    return all(
        office.instruments[period.instrument_id].instrument.series == registered.instrument.series
        for period in span.periods
    )


def _point(
    db: Db,
    office: Office,
    span: Span,
    beside: Span,
    registered: Registered,
    scope: Sequence[int],
    *,
    part: bool = False,
) -> Iterable[Earlier]:
    if not _of_series(office, span, registered):
        return
    stored = results.of_periods(db, office.instruments, span.periods)
    own = office.instruments[span.periods[-1].instrument_id]
    found = _index(db, own, span, stored, scope)
    if found.ikm is None:
        return
    series = registered.instrument.series
    measured = Measurement(found.ikm, found.margin, series, found.score.mode)
    label = calendar.short_title(span.named)
    reworded = _reworded(db, office, registered, [*span.ids, *beside.ids])
    yield Earlier(label, span.named, measured, found.mutu or "", other_wording=reworded, part=part)


def _reworded(db: Db, office: Office, registered: Registered, period_ids: Sequence[int]) -> bool:
    """Whether the answers of these periods were given to more than one wording."""
    now = registered.instrument
    in_series = {
        number: each.instrument
        for number, each in office.instruments.items()
        if each.instrument.series == now.series
    }
    if all(same_wording(now, each) for each in in_series.values()):
        return False
    used = [in_series[number] for number in wordings(db, period_ids) if number in in_series]
    return any(not same_wording(used[0], each) for each in used)


def _by_hand(db: Db, registered: Registered, span: Span, most: int) -> Iterable[Earlier]:
    """The years before whose IKM was entered by hand, newest first."""
    year = span.named.start.astimezone(span.named.zone).year
    years = list(range(year - most, year))
    entered = ikus.entered_of_source(db, "ikm", years)
    for before in reversed(years):
        if before in entered:
            nilai = half_up(entered[before], 2)
            mutu = registered.instrument.grade(nilai).mutu
            measured = Measurement(nilai, None, registered.instrument.series, ikm.EXACT)
            yield Earlier(str(before), None, measured, mutu, by_hand=True)
