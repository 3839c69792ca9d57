"""The papers of a period, filled from what is stored: figures, respondents, trend, follow-up.

A stored period stands for itself; a longer one is joined from the locked periods in it. Before the
lock the papers are marked *sementara*, and answers one by one are left out: of two papers made
before and after somebody's visit, or an erasure, the rows would tell what that person answered.
An open period has last night's figures only, and no respondents' groups, for the same reason.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import TypeAlias

from office.figures import disclosure, spans
from office.figures.spans import NoPapers, Source
from office.office import Office
from reports.papers import (
    AttributeIndex,
    Breakdown,
    FollowUp,
    GroupIndex,
    OfficeData,
    Papers,
    Quality,
    ResponseRow,
    ServiceFigures,
    TrendPoint,
)
from reports.public_figures import DECLINED
from reports.public_figures import REST as REST_OF_GROUPS
from scoring import ikm, precision, reliability, sample
from scoring.instrument import Attribute
from scoring.moments import moments
from scoring.numbers import grouped
from scoring.period import short_title
from storage import catalogue, follow_ups, periods
from storage.catalogue import Service
from storage.database import Db
from storage.settings import office_facts
from storage.survey import patterns, suggestions
from storage.survey.patterns import ATTRIBUTES
from storage.survey.tallies import Counts
from storage.tables import Scope

MOST_ROWS = 20_000  # of more, papers have the sums
MOST_SUGGESTIONS = 500
TREND = 4  # earlier periods

Equal: TypeAlias = Sequence[tuple[dict[str, int | None], int]]  # responses counted together
Given: TypeAlias = patterns.ByCode


def papers(
    db: Db, office: Office, label: str, *, whole: bool = True, with_suggestions: bool = False
) -> Papers:
    """The papers of a period, semester or year, read in the one snapshot of `db`.

    Args:
        whole: with answers one by one and the study of the questionnaire; a picture needs neither.
        with_suggestions: those of locked periods; whoever asks has to read them first.

    Raises:
        NoPapers: a wrong label, no such period, or several that cannot be joined.
    """
    source = spans.source(db, office, label)
    score, final = source.result.score, source.final
    least, served = office.min_responses, _served(db, source)
    apart = disclosure.publishable_services(served, least)
    names = _names(apart)
    users = _users(db, source)
    again, without = disclosure.repeats(source.result, least)
    enough = whole and source.ended and score.n >= least
    equal = patterns.grouped_answers(db, source.registered, source.ids) if enough else []
    rest = office.words.office.other_gratis.plain()
    described = _described(db, source) if enough else {}
    before, after = _follow_ups(db, source)
    return Papers(
        office=_facts(db),
        period=source.named,
        locked_at=final,
        revision=sum(periods.newest_revision(db, part.id) for part in source.parts),
        fingerprint=source.result.fingerprint if final else "",
        score=score,
        margin=_margin(source, equal) if source.joined else source.result.margin,
        population=users,
        required=sample.krejcie_morgan(users) if users else None,
        channels=source.result.counts.channels(),
        repeats=again,
        score_without_repeats=without,
        gratis_findings=tuple(
            disclosure.paid_though_free(source.registered.instrument, served, least, rest)
        ),
        services=tuple(
            ServiceFigures(
                name,
                each.service is not None and each.service.gratis,
                ikm.score(source.registered.instrument, each.tally, score.mode),
                shown=True,
            )
            for each, name in zip(apart, names, strict=True)
        ),
        respondents=tuple(_respondents(db, source)),
        trend=tuple(_trend(db, office, source)),
        follow_up=tuple(after),
        last_follow_up=tuple(before),
        rows=tuple(_rows(db, source, apart, names)) if enough and _may_show_rows(source) else (),
        rows_note=_rows_note(office, source),
        suggestions=tuple(
            suggestions.texts_of_periods(db, source.ids, MOST_SUGGESTIONS)
            if with_suggestions and source.locked
            else ()
        ),
        rebuilt_from=", ".join(part.label for part in source.parts) if source.joined else "",
        quality=_quality(source, described, equal, least) if enough else None,
        least=least,
    )


def _served(db: Db, source: Source) -> list[tuple[Service, Counts]]:
    named = catalogue.services_by_id(db)
    return [
        (service, source.found[Scope.SERVICE, key].counts)
        for key, service in named.items()
        if (Scope.SERVICE, key) in source.found
    ]


def _users(db: Db, source: Source) -> int | None:
    """Users of the units in all the periods; None where one was not counted."""
    known = [spans.users_of(db, part.id, source.found) for part in source.parts]
    return sum(each or 0 for each in known) if all(known) else None


def _facts(db: Db) -> OfficeData:
    return OfficeData(**asdict(office_facts.read(db)))


# --- figures ----------------------------------------------------------------------------------


def _margin(source: Source, equal: Equal) -> Decimal | None:
    """The margin of joined periods, from all their answers; None where those were not read."""
    if not equal:
        return None
    margin = precision.margin_of_patterns(source.result.score, equal)
    return None if margin is None else precision.stored_margin(margin)


def _names(apart: Sequence[disclosure.PublishableService]) -> list[str]:
    """What services are called; two of one name, an old and a new one, by their codes."""
    plain = [each.service.name if each.service else disclosure.REST for each in apart]
    counted = Counter(name.casefold() for name in plain)
    return [
        f"{name} ({each.service.slug})" if each.service and counted[name.casefold()] > 1 else name
        for each, name in zip(apart, plain, strict=True)
    ]


def _described(db: Db, source: Source) -> dict[str, Given]:
    """The tallies by each attribute; none while the period is open."""
    asked = [attribute.code for attribute in _asked(source)]
    return dict(patterns.tallies_by_attribute(db, source.registered, source.ids, asked))


def _asked(source: Source) -> list[Attribute]:
    asked = source.registered.instrument.attributes if source.ended else ()
    return [attribute for attribute in asked if attribute.code in ATTRIBUTES]


def _respondents(db: Db, source: Source) -> Iterator[Breakdown]:
    """How many gave which answer to each attribute; none while the period is open."""
    for attribute in _asked(source):
        counts = patterns.counts_by_attribute(db, source.ids, attribute.code)
        rows = [(label, counts.get(code, 0)) for code, label in _labels(attribute, counts)]
        yield Breakdown(attribute.code, attribute.name["id"], tuple(rows))


def _attributes(
    source: Source, described: Mapping[str, Given]
) -> Iterator[tuple[Attribute, Given]]:
    for attribute in source.registered.instrument.attributes:
        if attribute.code in described:
            yield attribute, described[attribute.code]


def _labels(attribute: Attribute, given: Iterable[str | None]) -> list[tuple[str | None, str]]:
    """Every answer in the order it is asked in, and at the end that none was given."""
    known: list[tuple[str | None, str]] = [
        (option.code, option.label["id"]) for option in attribute.options
    ]
    codes = {code for code, _ in known}
    known += [(code, code) for code in sorted(c for c in given if c and c not in codes)]
    return [*known, (None, DECLINED)]


def _trend(db: Db, office: Office, source: Source) -> Iterator[TrendPoint]:
    """The periods before of the same series, the oldest first, and this one."""
    instrument, score = source.registered.instrument, source.result.score
    earlier = _years_before(db, office, source) if source.joined else []
    if not source.joined:
        earlier = [
            TrendPoint(
                short_title(one.period), one.measured.ikm, instrument.grade(one.measured.ikm).mutu
            )
            for one in spans.comparable_periods(db, office, source.parts[0], TREND)
            if one.measured.ikm is not None
        ]
    yield from reversed(earlier)
    if score.ikm is not None:
        yield TrendPoint(short_title(source.named), score.ikm, score.mutu or "")


def _years_before(db: Db, office: Office, source: Source) -> list[TrendPoint]:
    """The same stretch of earlier years or semesters, joined likewise, newest first."""
    points: list[TrendPoint] = []
    named = source.named
    while len(points) < TREND:
        named = named.previous()
        try:
            before = spans.source_of(db, office, named)
        except NoPapers:
            break
        score = before.result.score
        if score.instrument.series != source.registered.instrument.series:
            break  # nothing is compared across series
        if score.n < office.min_responses:
            break
        if score.ikm is not None:
            points.append(TrendPoint(short_title(named), score.ikm, score.mutu or ""))
    return points


def _follow_ups(db: Db, source: Source) -> tuple[list[FollowUp], list[FollowUp]]:
    """What was to be done in this time, and what is planned after it."""
    first, last = source.parts[0], source.parts[-1]
    earlier = periods.preceding(db, first)
    then = [*([earlier.id] if earlier else []), *(part.id for part in source.parts[:-1])]
    before = [line for number in then for line in follow_ups.of_period(db, number)]
    after = [line for line in follow_ups.of_period(db, last.id) if line.counts]
    return [_line(line) for line in before], [_line(line) for line in after]


def _line(line: follow_ups.FollowUp) -> FollowUp:
    return FollowUp(
        line.item,
        line.kegiatan,
        line.due,
        line.responsible,
        line.status,
        line.evidence,
        line.obstacle,
    )


# --- answers one by one, and what practitioners ask of them -----------------------------------


def _may_show_rows(source: Source) -> bool:
    return source.locked and source.result.score.n <= MOST_ROWS


def _rows_note(office: Office, source: Source) -> str:
    if _may_show_rows(source):
        return ""
    words = office.words.paper
    most = grouped(MOST_ROWS)
    return words.rows_too_many.plain(most=most) if source.locked else words.rows_after_lock.plain()


def _rows(
    db: Db, source: Source, apart: Sequence[disclosure.PublishableService], names: Sequence[str]
) -> list[ResponseRow]:
    """Every response, shuffled the same way whenever it is made.

    They are sorted by what they say before: the seed stands in the papers, and whoever shuffles
    back must not find the order they came in.
    """
    named = {each.service.id: name for each, name in zip(apart, names, strict=True) if each.service}
    rows = [
        ResponseRow(named.get(row.service_id, disclosure.REST), row.kanal, row.answers)
        for row in patterns.rows(db, source.registered, source.ids)
    ]
    rows.sort(key=lambda row: (row.service, row.kanal, [n or 0 for n in row.answers]))
    random.Random(source.result.fingerprint).shuffle(rows)  # noqa: S311 # an order, no secret
    return rows


def _quality(source: Source, described: Mapping[str, Given], equal: Equal, least: int) -> Quality:
    instrument, mode = source.registered.instrument, source.result.score.mode
    alike = reliability.uniform(instrument, equal, mode)
    publishable = alike.n >= least and alike.varied.n >= least
    return Quality(
        reliability.analysis(moments(instrument.codes, equal), alike.everybody.n),
        alike.n,
        alike.varied if publishable else None,
        tuple(
            _by_attribute(source, attribute, given, least)
            for attribute, given in _attributes(source, described)
        ),
    )


def _by_attribute(source: Source, attribute: Attribute, given: Given, least: int) -> AttributeIndex:
    tallied = {label: given[code] for code, label in _labels(attribute, given) if code in given}
    safe = disclosure.publishable(tallied, least, REST_OF_GROUPS)
    instrument, mode = source.registered.instrument, source.result.score.mode
    groups = [
        GroupIndex(label, ikm.score(instrument, tally, mode)) for label, tally in safe.items()
    ]
    return AttributeIndex(attribute.name["id"], tuple(groups))
