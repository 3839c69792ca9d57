"""The period's message: its caption and its picture, from stored results alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bot.office import Office
from bot.texts import Html, OfficeWords
from reports.picture import Bar, IkmPicture
from scoring import ikm, period
from scoring.ikm import Measured, Score, UnsurScore
from scoring.period import Period
from storage import offices, periods, results, tallies
from storage.database import Db
from storage.offices import Service
from storage.periods import Current
from storage.results import Result
from storage.tables import Scope

MOST = 1024  # what Telegram takes as a caption, in UTF-16 units after the markup is read
SERVICES = 4  # named one by one; the rest is "lainnya"
COST = "BIAYA"
FEW = 30  # below it a service's figure is marked as provisional


@dataclass(frozen=True, slots=True)
class Earlier:
    """A locked period before this one."""

    period: Period
    measured: Measured


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a summary says, read in one snapshot."""

    office: str
    period: Period
    locked: bool
    late: bool
    result: Result
    services: tuple[tuple[Service, Result], ...]  # those with a response, in the office's order
    earlier: tuple[Earlier, ...]  # newest first
    min_responses: int


def read(db: Db, office: Office, current: Current, *, late: bool = False) -> Facts:
    """The facts of a period, from its stored results.

    Those of an open period are last night's: figures that follow every answer would tell whoever
    looks before and after somebody's visit what that person answered.
    """
    registered = office.instruments[current.instrument_id]
    found = results.of_period(db, registered, current.id)
    nothing = results.computed(registered, tallies.Counts({}), None)
    named = offices.service_names(db)
    return Facts(
        offices.name(db),
        office.calendar.parse(current.label),
        current.status == "locked",
        late,
        found.get((Scope.OFFICE, 0), nothing),
        tuple(
            (service, found[Scope.SERVICE, key])
            for key, service in named.items()
            if (Scope.SERVICE, key) in found
        ),
        tuple(_earlier(db, office, current)),
        office.min_responses,
    )


def _earlier(db: Db, office: Office, current: Current, most: int = 4) -> list[Earlier]:
    found: list[Earlier] = []
    before = current.starts_at
    while len(found) < most:
        locked = periods.latest_locked(db, "ikm", before)
        if locked is None:
            break
        before = locked.starts_at
        if locked.instrument_id != current.instrument_id:
            break  # another instrument is another series: nothing is compared across
        registered = office.instruments[locked.instrument_id]
        result = results.of_period(db, registered, locked.id).get((Scope.OFFICE, 0))
        if result is not None and result.score.n >= office.min_responses:
            measured = Measured.of(result.score, result.margin)
            found.append(Earlier(office.calendar.parse(locked.label), measured))
    return found


def text(facts: Facts, words: OfficeWords) -> str:
    """The caption, HTML, at most 1024 UTF-16 units as it is shown: the last lines give way."""
    lines = _lines(facts, words)
    while len(lines) > 3 and shown_length("\n".join(lines)) > MOST:
        lines.pop()
    return "\n".join(lines)


def shown_length(markup: str) -> int:
    """UTF-16 units after the entities: the markup here has no tags but <b>."""
    import html

    plain = html.unescape(markup.replace("<b>", "").replace("</b>", ""))
    return len(plain.encode("utf-16-le")) // 2


def _lines(facts: Facts, words: OfficeWords) -> list[str]:
    score = facts.result.score
    title = words.summary_title(office=facts.office, period=period.title(facts.period))
    dated = _state(facts, words)
    head = [f"<b>{title}</b>", dated(span=period.span(facts.period, facts.period.zone))]
    if score.n == 0:
        return [*head, words.summary_none() if facts.locked else words.summary_not_yet()]
    if score.n < facts.min_responses:
        return [*head, words.summary_too_few(n=score.n, least=facts.min_responses)]
    if score.ikm is None:
        empty = [score.instrument.title(code) for code, u in score.unsur.items() if not u.n]
        return [*head, words.summary_not_computable(unsur=", ".join(empty))]
    figure = words.summary_ikm(
        ikm=comma(score.ikm), mutu=score.mutu or "", kinerja=score.kinerja or ""
    )
    return [
        *head,
        f"<b>{figure}</b>{_change(facts, words)}",
        words.summary_n(n=score.n) + _margin(facts, words),
        _channels(facts, words),
        *_repeats(facts, words),
        _worst(facts, words),
        *_gratis(facts, words),
        *_services(facts, words),
    ]


def _state(facts: Facts, words: OfficeWords):  # type: ignore[no-untyped-def] # one of three texts
    if not facts.locked:
        return words.summary_open
    return words.summary_late if facts.late else words.summary_locked


def comma(value: Decimal, places: int = 2) -> str:
    """A figure as Indonesians write it."""
    return f"{ikm.half_up(value, places):f}".replace(".", ",")


def change(facts: Facts, words: OfficeWords) -> str:
    """The change from the period before, with its verdict; empty when there is none."""
    return _change(facts, words).strip()


def _change(facts: Facts, words: OfficeWords) -> str:
    score = facts.result.score
    if not facts.earlier or score.ikm is None:
        return ""
    before = facts.earlier[0]
    if before.measured.ikm is None:
        return ""
    delta = score.ikm - before.measured.ikm
    name, value = _short(before.period), comma(before.measured.ikm)
    if not delta:
        return words.summary_same(earlier=name, value=value)
    verdict = ikm.significant_change(before.measured, Measured.of(score, facts.result.margin))
    told = words.summary_up if delta > 0 else words.summary_down
    return told(
        delta=comma(abs(delta)),
        earlier=name,
        value=value,
        verdict=verdict or words.not_comparable(),
    )


def _short(of: Period) -> str:
    """`TW II 2026`: what a trend and a comparison call a period."""
    return period.title(of).replace("Triwulan", "TW").replace("Semester", "Sem.")


def _margin(facts: Facts, words: OfficeWords) -> str:
    if facts.result.margin is None:
        return ""
    return words.summary_margin(margin=_margin_shown(facts.result.margin))


def _margin_shown(margin: Decimal) -> str:
    """One place, and never ± 0,0: an index of a sample is never without error."""
    return comma(max(margin, Decimal("0.1")), 1)


def _channels(facts: Facts, words: OfficeWords) -> str:
    counts = facts.result.counts.channels()
    named = (
        ("telegram", words.channel_telegram),
        ("dibantu", words.channel_dibantu),
        ("kertas", words.channel_kertas),
    )
    return " · ".join(told(n=counts[kanal]) for kanal, told in named if kanal in counts)


def _repeats(facts: Facts, words: OfficeWords) -> list[str]:
    """Second and third responses of a phone, and the index without them where both are many."""
    score = facts.result.score
    first = facts.result.counts.total(repeats=False)
    rest = sum(next(iter(first.values())).values()) if first else 0
    n = score.n - rest
    if not n:
        return []
    if min(n, rest) < facts.min_responses:
        return [words.summary_repeats_few(n=n)]
    without = ikm.score(score.instrument, first, score.mode).ikm
    figure = words.not_computable() if without is None else comma(without)
    return [words.summary_repeats(n=n, ikm=figure)]


def enough(unsur: UnsurScore, least: int) -> bool:
    """Whether so many answered this unsur that its figure tells of nobody."""
    return unsur.nrr is not None and unsur.n >= least


def _worst(facts: Facts, words: OfficeWords, most: int = 3) -> str:
    score = facts.result.score
    told = [unsur for unsur in score.unsur.values() if enough(unsur, facts.min_responses)]
    ranked = sorted(told, key=lambda unsur: (unsur.nrr or 0, unsur.code))
    parts = []
    for place, unsur in enumerate(ranked[:most]):
        name = score.instrument.item(unsur.code).name["id"].split(",")[0]
        part = words.worst_item(unsur=name, nrr=_two(unsur.nrr), mutu=unsur.mutu or "")
        parts.append(part + (_worst_at(facts, words, unsur.code) if place == 0 else ""))
    return words.summary_worst(worst=Html(" · ".join(parts)))


def _worst_at(facts: Facts, words: OfficeWords, code: str) -> str:
    """Where the lowest unsur is lowest, among services with enough answers to say so."""
    found = [
        (unsur.nrr or Fraction(0), service.name)
        for service, result in facts.services
        if enough(unsur := result.score.unsur[code], facts.min_responses)
    ]
    if len(found) < 2:
        return ""
    nrr, name = min(found)
    return words.worst_at(service=name, nrr=_two(nrr))


def _two(nrr: Fraction | None) -> str:
    return comma(ikm.half_up(nrr or Fraction(0), 2))


def _gratis(facts: Facts, words: OfficeWords) -> list[str]:
    """Whoever paid for a service that is free: a finding of its own, from five answers upward."""
    named: list[tuple[str, int, int]] = []
    rest_paid = rest_total = 0
    for service, result in facts.services:
        unsur = result.score.unsur.get(COST)
        if not service.gratis or unsur is None or not unsur.n:
            continue
        free = result.counts.total()[COST].get(result.score.instrument.scale[1], 0)
        if unsur.n < facts.min_responses:
            rest_paid, rest_total = rest_paid + unsur.n - free, rest_total + unsur.n
        elif unsur.n > free:
            named.append((service.name, unsur.n - free, unsur.n))
    if rest_paid and rest_total >= facts.min_responses:
        named.append((words.other_gratis(), rest_paid, rest_total))
    if not named:
        return []
    return [
        words.summary_gratis(
            n=sum(paid for _, paid, _ in named),
            total=sum(total for _, _, total in named),
            services=", ".join(name for name, _, _ in named),
        )
    ]


def _services(facts: Facts, words: OfficeWords) -> list[str]:
    """The largest services by name, the others together; cells under five always merged."""
    least = facts.min_responses
    ranked = sorted(facts.services, key=lambda pair: (-pair[1].score.n, pair[0].id))
    named = [pair for pair in ranked if pair[1].score.n >= least][:SERVICES]
    rest = [pair for pair in ranked if pair not in named]
    # What remains must not be told from the total: it is merged up to five, or goes unnamed.
    while named and rest and sum(result.score.n for _, result in rest) < least:
        rest.append(named.pop())
    parts = [_service(words, service.name, result.score) for service, result in named]
    if rest and named:
        tally = ikm.merged(*(result.counts.total() for _, result in rest))
        together = ikm.score(facts.result.score.instrument, tally, facts.result.score.mode)
        parts.append(_service(words, words.other_services(), together))
    return [words.summary_services(services=Html(" · ".join(parts)))] if parts else []


def _service(words: OfficeWords, name: str, score: Score) -> str:
    figure = words.not_computable() if score.ikm is None else comma(score.ikm)
    told = words.service_item_few if score.n < FEW else words.service_item
    return told(service=name, ikm=figure, n=score.n)


def picture(facts: Facts, words: OfficeWords) -> IkmPicture | None:
    """What the picture shows; None while there is no figure to draw."""
    score = facts.result.score
    if score.ikm is None or score.n < facts.min_responses:
        return None
    bars = tuple(
        Bar(
            score.instrument.item(code).name["id"],
            score.instrument.number(code),
            _shown(unsur, facts.min_responses),
            unsur.mutu if enough(unsur, facts.min_responses) else None,
        )
        for code, unsur in score.unsur.items()
    )
    margin = facts.result.margin
    return IkmPicture(
        office=facts.office,
        period=period.title(facts.period),
        span=period.span(facts.period, facts.period.zone),
        ikm=score.ikm,
        mutu=score.mutu or "",
        kinerja=score.kinerja or "",
        bars=bars,
        respondents=words.summary_n(n=score.n),
        margin=None if margin is None else words.picture_margin(margin=_margin_shown(margin)),
        change=change(facts, words) or None,
        note=None if facts.locked else words.picture_note_open(),
        trend=_trend(facts.earlier),
    )


def _shown(unsur: UnsurScore, least: int) -> Decimal | None:
    return ikm.half_up(unsur.nrr, 3) if unsur.nrr is not None and enough(unsur, least) else None


def _trend(earlier: Sequence[Earlier]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(
        (_short(before.period), before.measured.ikm)
        for before in reversed(earlier)
        if before.measured.ikm is not None
    )
