"""Ralat: a correction of locked figures, which an admin proposes and the Camat confirms.

Whole batches of paper slips are added late, or filed under another service. What is added to a
block or taken from it is people enough for a block of its own, and so is what remains: the figures
before and after a correction differ by whole blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from office import notices, outbox_bodies
from office.conversation import to, write_tap
from office.figures import figures, parts
from office.office import Office
from office.outbox_bodies import CorrectionBody
from office.periods import division
from office.periods.recount import Read
from scoring import blocks, ikm
from scoring.blocks import People
from scoring.ikm import Tally
from scoring.numbers import comma
from scoring.period import title
from storage import audit, catalogue, corrections, groups, people, periods, results
from storage.corrections import Correction
from storage.database import Db
from storage.periods import PeriodRow
from storage.registered import Registered
from storage.results import Block, Options, PeriodResult
from storage.survey import batches, patterns
from storage.survey.tallies import Counts

ROUTE = "ralat"  # of the button that opens a proposal


class NotCorrectable(Exception):
    """A correction that cannot be made; the message, plain text from the words, says why."""


def counting(db: Db, period: PeriodRow) -> PeriodRow:
    """The period whose figures count the answers of this one."""
    later = None if period.runs_into is None else periods.by_id(db, period.runs_into)
    return later or period


def propose_late(
    db: Db, office: Office, batch_id: int, user_id: int | None, now: datetime
) -> Correction:
    """Propose to count a held batch of late slips.

    Raises:
        NotCorrectable
    """
    period = _period_of_batch(db, office, batch_id)
    _late_blocks(db, office, period, batch_id)
    return _propose(db, office, period, batch_id, None, user_id, now)


def propose_move(
    db: Db, office: Office, batch_id: int, service_id: int, user_id: int, now: datetime
) -> Correction:
    """Propose to file a whole counted batch under another service.

    Raises:
        NotCorrectable
    """
    if corrections.waits_for(db, batch_id):
        raise NotCorrectable(office.words.period.ralat_waits.plain())
    period = _period_of_batch(db, office, batch_id)
    _moved_blocks(db, office, period, batch_id, service_id)
    return _propose(db, office, period, batch_id, service_id, user_id, now)


def _propose(
    db: Db,
    office: Office,
    period: PeriodRow,
    batch_id: int,
    service_id: int | None,
    user_id: int | None,
    now: datetime,
) -> Correction:
    registered = office.instruments[period.instrument_id]
    slips = sum(n for _, _, n in patterns.of_batch(db, registered, batch_id))
    number = corrections.propose(db, period.id, batch_id, service_id, slips, user_id, now)
    proposed = corrections.by_id(db, number)
    if proposed is None:
        raise LookupError("a proposal was not stored")
    audit.record(db, now, user_id, "usul_ralat", period.label, after=_facts(proposed))
    words = office.words.period
    text = words.ralat_proposed(what=described(db, office, proposed))
    for camat in people.users_with_role(db, "camat"):
        notices.tell(db, camat, text, now, (words.ralat_open(), write_tap(to(ROUTE, number))))
    return proposed


def _facts(correction: Correction) -> dict[str, object]:
    return {
        "ralat": correction.id,
        "isian_kertas": correction.batch_id,
        "lembar": correction.slips,
        "layanan": correction.service_id,
    }


def described(db: Db, office: Office, correction: Correction) -> str:
    """What a correction changes, plain text."""
    words, period = office.words.period, periods.by_id(db, correction.period_id)
    named = "" if period is None else title(office.calendar.period_of(period))
    values = {"slips": correction.slips, "batch": correction.batch_id or "–", "period": named}
    if correction.service_id is None:
        return words.ralat_late.plain(**values)
    service = catalogue.service(db, correction.service_id)
    return words.ralat_move.plain(**values, service=service.name if service else "–")


def confirm(
    db: Db, office: Office, correction: Correction, user_id: int, reason: str, now: datetime
) -> tuple[str, str]:
    """Change the figures, keep both, and tell the groups.

    Returns:
        The figure before and after: `84,76 (B)`.

    Raises:
        NotCorrectable: it is decided already, or the batch is gone.
    """
    words = office.words.period
    period = periods.by_id(db, correction.period_id)
    if period is None or correction.batch_id is None:
        raise NotCorrectable(words.ralat_gone.plain())
    periods.lock_row(db, period.id)
    if not corrections.decide(db, correction.id, user_id, reason, now):
        raise NotCorrectable(words.ralat_gone.plain())
    registered, batch_id = office.instruments[period.instrument_id], correction.batch_id
    before = figures.index_of_period(db, office, period)
    (stored,) = results.of_periods(db, office.instruments, [period])
    if correction.service_id is None:
        replaced, added = _late_blocks(db, office, period, batch_id)
        attributes = _with_options(stored, db, batch_id, office.min_responses)
        batches.count_late(db, batch_id, registered)
    else:
        replaced, added = _moved_blocks(db, office, period, batch_id, correction.service_id)
        attributes = dict(stored.attributes)
        batches.move(db, batch_id, registered, correction.service_id)
    results.correct(db, registered, stored, replaced, added, attributes, now)
    after = figures.index_of_period(db, office, period)
    corrections.note_figures(db, correction.id, before.ikm, after.ikm)
    change = {"ikm": [_text(before.ikm), _text(after.ikm)]}
    audit.record(
        db, now, user_id, "ralat", period.label,
        before=_facts(correction), after=change, reason=reason,
    )  # fmt: skip
    told = _figure(before.ikm, before.mutu), _figure(after.ikm, after.mutu)
    what = described(db, office, correction)
    text = words.ralat_told(what=what, before=told[0], after=told[1], reason=reason)
    for group in groups.linked(db):
        if not group.units:
            outbox_bodies.put(
                db, CorrectionBody(text), group.chat_id, now,
                part=str(correction.id), topic_id=group.topic_id, period_id=period.id,
            )  # fmt: skip
    return told


def refuse(db: Db, office: Office, correction: Correction, user_id: int, now: datetime) -> None:
    """Refuse a proposal; late slips are deleted by the next ticks.

    Raises:
        NotCorrectable: it is decided already.
    """
    if not corrections.decide(db, correction.id, user_id, None, now):
        raise NotCorrectable(office.words.period.ralat_gone.plain())
    period = periods.by_id(db, correction.period_id)
    audit.record(
        db, now, user_id, "tolak_ralat", period.label if period else "", before=_facts(correction)
    )
    if correction.service_id is None and correction.batch_id is not None:
        batches.abandon(db, correction.batch_id, datetime.now(UTC))
    if correction.proposed_by is not None:
        text = office.words.period.ralat_refused(what=described(db, office, correction))
        notices.tell(db, correction.proposed_by, text, now)


def _text(ikm: Decimal | None) -> str | None:
    return None if ikm is None else str(ikm)


def _figure(ikm: Decimal | None, mutu: str | None) -> str:
    return "–" if ikm is None else f"{comma(ikm)} ({mutu})"


# --- blocks -----------------------------------------------------------------------------------


def _period_of_batch(db: Db, office: Office, batch_id: int) -> PeriodRow:
    """The locked period that a whole batch belongs to."""
    ids = batches.periods_of(db, batch_id)
    counted = {counting(db, period).id for number in ids if (period := periods.by_id(db, number))}
    period = periods.by_id(db, counted.pop()) if len(counted) == 1 else None
    if period is None or period.status != "locked":
        raise NotCorrectable(office.words.period.ralat_one_period.plain())
    return period


def _read(db: Db, registered: Registered, batch_id: int) -> Read:
    """The slips of a batch, each of a person of its own."""
    codes = registered.instrument.codes
    once: Counter[tuple[tuple[int, str, bool], tuple[int, ...]]] = Counter()
    for where, answers, n in patterns.of_batch(db, registered, batch_id):
        place = (where.service_id, where.kanal, False)
        once[place, tuple(answers.get(code, 0) for code in codes)] += n
    given = {
        attribute: Counter(counts)
        for attribute, counts in patterns.options_of_batch(db, batch_id).items()
    }
    options = {
        attribute: {code: People(n, {}, {}) for code, n in counts.items()}
        for attribute, counts in given.items()
    }
    return Read(once, {}, options, given)


def _late_blocks(
    db: Db, office: Office, period: PeriodRow, batch_id: int
) -> tuple[list[int], list[Block]]:
    """No block is replaced; the late slips are blocks of their own."""
    registered = office.instruments[period.instrument_id]
    read = _read(db, registered, batch_id)
    services = catalogue.services_by_id(db)
    added = division.divided(registered, read, services, office.min_responses)
    if not added or not all(block.published for block in added):
        raise NotCorrectable(office.words.period.ralat_few.plain(least=office.min_responses))
    return [], added


def _moved_blocks(
    db: Db, office: Office, period: PeriodRow, batch_id: int, service_id: int
) -> tuple[list[int], list[Block]]:
    """The block that the slips leave is replaced by what remains of it, and by theirs."""
    words, least = office.words.period, office.min_responses
    registered = office.instruments[period.instrument_id]
    few = NotCorrectable(words.ralat_few.plain(least=least))
    read, services = _read(db, registered, batch_id), catalogue.services_by_id(db)
    there = {place[0] for place, _ in read.once}
    target = services.get(service_id)
    if len(there) != 1 or target is None or there == {service_id}:
        raise NotCorrectable(words.ralat_one_service.plain())
    (moved,) = division.divided(registered, read, services, least)
    (stored,) = results.of_periods(db, office.instruments, [period])
    (left,) = there
    places = [number for number, block in enumerate(stored.blocks) if left in block.services]
    if len(places) > 1:  # after another correction: which of them holds the batch is unknown
        raise NotCorrectable(words.ralat_twice.plain())
    if not places or not moved.published:
        raise few
    (place,) = places
    whole = stored.blocks[place]
    own = Block({service_id: target.unit_id}, moved.people, True, True, moved.counts, moved.moments)
    if whole.counts.n == moved.counts.n:
        return [place], [own]
    remaining = _without(registered, whole, moved, least)
    if remaining is None:
        raise few
    return [place], [remaining, own]


def _without(registered: Registered, whole: Block, part: Block, least: int) -> Block | None:
    """A block without some of its paper slips; None where too few people remain.

    Who gave which of the remaining answers is unknown by now. The moments say how many people they
    are at least: those who gave n answers, with Σ c² over the people's numbers c, are n² ÷ Σ c².
    """
    moments, counts = whole.moments - part.moments, _less(whole.counts, part.counts)
    people = whole.people - part.people
    if people < least:
        return None
    for item, code in enumerate(moments.codes):
        n = sum(count for nilai, count in counts.total().get(code, {}).items() if nilai)
        if n and n**2 < least * moments.products[item][item]:
            return None
    paper = counts.cells.get((batches.CHANNEL, False), {})
    if whole.apart and any(0 < n < least for n in _sizes(paper)):
        return None
    return Block(dict(whole.services), people, True, False, counts, moments)


def _sizes(tally: Tally) -> list[int]:
    """How many responses these are, and how many answered each unsur."""
    filled = [ikm.filled(counted)[0] for counted in tally.values()]
    return [sum(next(iter(tally.values()), {}).values()), *filled]


def _less(whole: Counts, part: Counts) -> Counts:
    cells: dict[tuple[str, bool], Mapping[str, Mapping[int, int]]] = {}
    for key, tally in whole.cells.items():
        taken = part.cells.get(key, {})
        left = {
            code: {
                nilai: n - taken.get(code, {}).get(nilai, 0)
                for nilai, n in counted.items()
                if n - taken.get(code, {}).get(nilai, 0)
            }
            for code, counted in tally.items()
        }
        if any(left.values()):
            cells[key] = left
    return Counts(cells)


def _with_options(stored: PeriodResult, db: Db, batch_id: int, least: int) -> dict[str, Options]:
    """The attributes of the period and of the late slips, joined as they are in either."""
    given = patterns.options_of_batch(db, batch_id)
    attributes: dict[str, Options] = {}
    for code in dict.fromkeys((*stored.attributes, *given)):
        before, late = list(stored.attributes.get(code, ())), given.get(code, {})
        people_by_option = {option: People(n, {}, {}) for option, n in late.items()}
        groups = blocks.merged_options(people_by_option, least)
        if late and not groups:
            attributes[code] = []  # too few gave any: none of this attribute is published
            continue
        added = [(options, sum(late[option] for option in options)) for options in groups]
        attributes[code] = parts.joined_options([before, added])
    return attributes
