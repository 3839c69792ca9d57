"""The papers of a period, filled from its figures (`office.figures`), and the office's own data.

Nothing is computed here. Papers with figures exist for locked periods only; before that there is a
template without figures (`draft`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from office.figures import figures, spans
from office.figures.figures import Earlier, Figures, ServiceUsers
from office.figures.parts import (
    JOINED,
    PROVISIONAL,
    Part,
    attributes_of_series,
    definitions_of_series,
    lower,
)
from office.office import Office
from office.papers import own_words
from office.papers.own_words import office_data
from office.periods import corrections
from reports.papers import (
    Breakdown,
    Change,
    Correction,
    Papers,
    PartFigures,
    Quality,
    ServiceUse,
    TrendPoint,
)
from reports.publication.public_figures import DECLINED, NOT_ASKED, TOO_FEW
from scoring import ikm, naming, reliability
from scoring.instrument import USUAL_ATTRIBUTES, Attribute
from scoring.numbers import grouped
from scoring.period import Period, short_title
from storage.database import Db
from storage.periods import PeriodRow
from storage.results import Options
from storage.survey import patterns, suggestions, tallies

MOST_ROWS = 20_000  # of more, papers have the sums
MOST_SUGGESTIONS = 500

Rows: TypeAlias = tuple[tuple[int | None, ...], ...]


def papers(
    db: Db, office: Office, label: str, *, whole: bool = True, with_suggestions: bool = False
) -> Papers:
    """The papers of a locked period, semester or year, read in the one snapshot of `db`.

    Args:
        whole: with answers one by one and the study of the questionnaire; a picture needs neither.
        with_suggestions: with those that the Camat chose to print.

    Raises:
        NoFigures, Differs: as `figures.of`.
    """
    found = figures.of(db, office, label)
    low, low_mutu = naming.priorities(found.score, found.moments)
    span, levy = found.span, found.levy
    all_told = whole and 0 < found.n == found.received
    own = own_words.of_papers(db, office, span, with_photos=whole)
    locked_at = max(each.locked_at for each in span.periods if each.locked_at is not None)
    return Papers(
        office=own.office,
        period=span.named,
        covers=span.covers,
        periods=_named(office, span.periods),
        run_in=_named(office, span.run_in),
        complete=span.final is not None,
        locked_at=locked_at,
        revision=found.revision,
        fingerprint=found.fingerprint,
        score=found.score,
        received=found.received,
        provisional=found.people < PROVISIONAL,
        ikm=found.ikm,
        mutu=found.mutu,
        kinerja=found.kinerja,
        method=found.method,
        margin=found.margin,
        letters=found.letters,
        lowest=low,
        low_mutu=low_mutu,
        highest=naming.highest_codes(found.score, [each.code for each in (*low, *low_mutu)]),
        population=found.users,
        population_known=found.users_known,
        population_received=found.received_of_users,
        required=found.required,
        service_users=tuple(_use(each) for each in found.service_users),
        unrated=found.unrated,
        channels=found.channels,
        repeats=found.repeats,
        score_without_repeats=found.without_repeats,
        levy=None if levy is None else (levy.paid, levy.answered),
        services=tuple(_parts(found.services, "Layanan")),
        units=tuple(_parts(found.by_unit, "Unit")),
        respondents=tuple(_respondents(office, found)),
        trend=tuple(_trend(found)),
        change=_change(found),
        follow_up=own.follow_up,
        last_follow_up=own.last_follow_up,
        corrections=tuple(_corrections(db, office, found)),
        rows=_rows(db, found) if all_told and found.n <= MOST_ROWS else (),
        rows_note=_rows_note(office, found),
        suggestions=_suggestions(db, found) if with_suggestions else (),
        suggestion_counts=own.suggestions,
        quality=_quality(db, found) if all_told else None,
        definitions=definitions_of_series(office.instruments, found.registered.id),
        distribution=found.distribution,
        causes=own.causes,
    )


def _named(office: Office, stored: tuple[PeriodRow, ...]) -> tuple[Period, ...]:
    return tuple(office.calendar.period_of(each) for each in stored)


# --- figures ----------------------------------------------------------------------------------


def _parts(parts: Sequence[Part], what: str) -> Iterator[PartFigures]:
    """Services or units; those too small to be told alone are called `Layanan kecil (digabung)`."""
    low_keys = lower(parts)
    for part in parts:
        low = part.key in low_keys
        name = part.name if part.key is not None else f"{what} kecil ({JOINED})"
        yield PartFigures(name, part.score, part.received, part.provisional, low)


def _use(service: ServiceUsers) -> ServiceUse:
    return ServiceUse(
        service.name,
        service.received,
        service.users,
        service.users_known,
        service.received_of_users,
    )


def _respondents(office: Office, found: Figures) -> Iterator[Breakdown]:
    """How many gave which answer to each attribute; those who gave none stand at the end."""
    for attribute in attributes_of_series(office.instruments, found.registered.id):
        options = found.attributes.get(attribute.code)
        if options is not None and not options:
            yield _breakdown(attribute, (TOO_FEW, found.n))
        elif options is not None:
            declined = found.n - sum(n for _, n in options)
            usual = attribute.code in USUAL_ATTRIBUTES
            label = DECLINED if usual else NOT_ASKED  # by earlier wordings of the span
            yield _breakdown(attribute, *_options(attribute, options), (label, declined))


def _breakdown(attribute: Attribute, *rows: tuple[str, int]) -> Breakdown:
    return Breakdown(attribute.code, attribute.name["id"], rows, attribute.subject)


def _options(attribute: Attribute, counted: Options) -> Iterator[tuple[str, int]]:
    """The options in the order they are asked in; joined ones stand in the place of the first."""
    labels = {option.code: option.label["id"] for option in attribute.options}
    earlier = {option.code: option.label["id"] for option in attribute.withheld}
    given = [code for codes, _ in counted for code in codes]
    labels |= {code: earlier.get(code, code) for code in given if code not in labels}
    group_of = {code: (codes, n) for codes, n in counted for code in codes}
    for code, label in labels.items():
        codes, n = group_of.get(code, ((code,), 0))
        joined = [name for each, name in labels.items() if each in codes]
        if len(joined) == 1:
            yield label, n
        elif len(joined) == len(labels):
            yield f"Semua pilihan ({JOINED})", n
            return
        elif label == joined[0]:
            yield f"{' / '.join(joined)} ({JOINED})", n


def _trend(found: Figures) -> Iterator[TrendPoint]:
    """The figures before, the oldest first, and this one."""
    for before in reversed(found.earlier):
        yield _point(before)
    if found.ikm is not None:
        yield TrendPoint(short_title(found.named), found.ikm, found.mutu or "")


def _point(before: Earlier) -> TrendPoint:
    return TrendPoint(
        before.label,
        before.ikm,
        before.mutu,
        by_hand=before.by_hand,
        other_wording=before.other_wording,
        part=before.part,
    )


def _change(found: Figures) -> Change | None:
    before, delta = found.compared, found.delta
    return None if before is None or delta is None else Change(_point(before), delta, found.change)


def _corrections(db: Db, office: Office, found: Figures) -> Iterator[Correction]:
    """What was changed after the lock, the oldest first."""
    for each in found.corrections:
        if each.decided_at is not None and each.reason is not None:
            yield Correction(
                office.calendar.day(each.decided_at),
                corrections.described(db, office, each),
                each.reason,
                None if each.ikm_before is None else Decimal(each.ikm_before),
                None if each.ikm_after is None else Decimal(each.ikm_after),
            )


def _suggestions(db: Db, found: Figures) -> tuple[str, ...]:
    return tuple(suggestions.texts_to_print(db, found.span.ids, MOST_SUGGESTIONS))


# --- answers one by one, for the office's own annex -------------------------------------------


def _rows(db: Db, found: Figures) -> Rows:
    """Every response of the office, its answers alone, shuffled the same way whenever it is made.

    They are sorted by what they say before: the seed stands in the papers, and whoever shuffles
    back must not find the order they came in.
    """
    read = patterns.rows(db, found.registered, found.span.ids)
    rows = sorted((row.answers for row in read), key=lambda row: [nilai or 0 for nilai in row])
    random.Random(found.fingerprint).shuffle(rows)  # noqa: S311 # an order, no secret
    return tuple(rows)


def _rows_note(office: Office, found: Figures) -> str:
    words = office.words.paper
    if found.n < found.received:
        return words.rows_not_all.plain(n=grouped(found.n), received=grouped(found.received))
    return words.rows_too_many.plain(most=grouped(MOST_ROWS)) if found.n > MOST_ROWS else ""


def _quality(db: Db, found: Figures) -> Quality:
    instrument = found.registered.instrument
    equal = patterns.grouped_answers(db, found.registered, found.span.ids)
    alike = reliability.uniform(instrument, equal, found.score.mode)
    return Quality(reliability.analysis(found.moments, found.n), alike.n)


# --- a template before the lock ---------------------------------------------------------------


def draft(db: Db, office: Office, label: str) -> Papers:
    """The report's data without any figure: chapters, plans, and how many responses there are.

    Raises:
        NoFigures: a wrong label, or no such period.
    """
    named, stored = spans.stored(db, office, label)
    registered = office.instruments[stored[-1].instrument_id]
    before, after = own_words.plans(db, office, tuple(stored), with_photos=True)
    nothing = ikm.score(registered.instrument, ikm.tally_of(registered.instrument, ()))
    return Papers(
        office=office_data(db, office.calendar.day(office.clock())),
        period=named,
        covers=named,
        periods=_named(office, tuple(stored)),
        run_in=(),
        complete=False,
        locked_at=None,
        revision=0,
        fingerprint="",
        score=nothing,
        received=sum(tallies.response_count(db, registered, each.id) for each in stored),
        provisional=False,
        ikm=None,
        mutu=None,
        kinerja=None,
        method=None,
        margin=None,
        letters=(),
        lowest=(),
        low_mutu=(),
        highest=(),
        population=None,
        population_known=0,
        population_received=0,
        required=None,
        service_users=(),
        unrated=(),
        channels={},
        repeats=0,
        score_without_repeats=None,
        levy=None,
        services=(),
        units=(),
        respondents=tuple(
            _breakdown(each, *_options(each, ()), (DECLINED, 0))
            for each in registered.instrument.attributes
        ),
        trend=(),
        change=None,
        follow_up=after,
        last_follow_up=before,
        rows=(),
        definitions=definitions_of_series(office.instruments, registered.id),
    )
