"""Papers that officers asked for: made in a thread, one outbox row for each file, so that they
survive a restart and a failed one does not hold up the others.

A report begins with a message that says that it is being made. When that is sent, a row for each
file follows the one before it, and the first message is edited after each. The last edit is a row
too, so that it is made even when the process dies meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.outbox.context import Context, Message
from bot.turn.effects import Effect, Show
from office import notices, outbox_bodies
from office.iku import papers
from office.iku.papers import Which
from office.office import Office
from office.outbox_bodies import (
    PlanningPaperBody,
    PosterBody,
    ReportBody,
    SlipsBody,
    VisitSlipsBody,
)
from office.papers import files
from office.papers.refusals import ReportSet
from office.survey.screens import Screen
from reports.handouts.poster import Poster, posters_pdf
from reports.handouts.questionnaire import (
    WORDS,
    Slips,
    VisitSlips,
    questionnaire_pdf,
    visit_slips_pdf,
)
from reports.rendering import PictureError
from scoring import period as calendar
from scoring.instrument import OFFICE_LANGUAGE
from storage import catalogue, periods
from storage.catalogue import Service, ServiceCounter
from storage.database import Db
from storage.outbox import OutboxRow
from storage.settings import office_facts
from storage.survey import visit_codes

log = structlog.get_logger()

Read = Callable[[Db], Callable[[], Message]]  # reads what a paper needs; then it is drawn


async def report(context: Context, row: OutboxRow, body: ReportBody) -> Message:
    """The first message of a report, one of its files, or the last edit of the first message."""
    read = partial(_report, context=context, chat_id=row.chat_id, body=body)
    return await _composed(context.office, _report_name(body), read)


async def poster(context: Context, _row: OutboxRow, body: PosterBody) -> Message:
    """The posters of a service, of one of its counters, or of all there are."""
    office = context.office
    read = partial(_poster, office=office, body=body)
    return await _composed(office, office.words.paper.poster(), read)


async def slips(context: Context, _row: OutboxRow, body: SlipsBody) -> Message:
    """Numbered paper questionnaires."""
    office = context.office
    read = partial(_numbered_slips, office=office, body=body)
    return await _composed(office, office.words.paper.slips(), read)


async def visit_slips(context: Context, _row: OutboxRow, body: VisitSlipsBody) -> Message:
    """Slips with the codes of a visit."""
    office = context.office
    read = partial(_visit_slips, office=office, body=body)
    return await _composed(office, office.words.paper.visits(), read)


async def planning(context: Context, _row: OutboxRow, body: PlanningPaperBody) -> Message:
    """A paper of planning in one format."""
    office = context.office

    def read(db: Db) -> Callable[[], Message]:
        paper = papers.current(db, office, Which(body.kind, body.year, body.quarter))
        name = f"{paper.stem}.{body.format}"
        caption = papers.caption(office.words.document, paper.which, body.format)
        return lambda: Message(caption, document=(name, papers.file(office, paper, body.format)))

    return await _composed(office, _planning_name(body), read)


def _planning_name(body: PlanningPaperBody) -> str:
    return f"{body.kind}-{body.year}.{body.format}"


async def _composed(office: Office, name: str, read: Read) -> Message:
    """The paper, or the sentence that says why there is none."""

    def make() -> Message:
        try:
            with office.database.read() as db:
                draw = read(db)
            return draw()
        except files.REFUSALS as refusal:
            if isinstance(refusal, PictureError):
                log.error("paper failed", file=name, error=str(refusal))
            return Message(_not_made(office, name, files.reason(office, refusal)))

    return await asyncio.to_thread(make)


def _not_made(office: Office, name: str, why: str) -> str:
    """The sentence in the place of a paper; `why` is plain text."""
    return office.words.paper.not_made(file=name, why=why)


# --- a report ---------------------------------------------------------------------------------


def _report_name(body: ReportBody) -> str:
    return body.file or body.label


def _report(db: Db, context: Context, chat_id: int, body: ReportBody) -> Callable[[], Message]:
    words = context.office.words.paper
    title = calendar.title(context.office.calendar.parse(body.label))
    if body.progress is None:
        return lambda: Message(words.report_begun(period=title))
    if body.done:
        return lambda: Message(words.report_done(period=title), edits=body.progress)
    report_set = _report_set(db, context, (chat_id, body.progress), body.label)
    file = {each.name: each for each in files.files(report_set)}[body.file or ""]
    caption = files.caption(context.office, file.name, report_set.papers.period)
    return lambda: Message(caption, document=(file.name, file.make()))


def _report_set(db: Db, context: Context, key: tuple[int, int], label: str) -> ReportSet:
    if context.report_set is None or context.report_set[0] != key:
        context.report_set = key, files.report_set(db, context.office, label)
    return context.report_set[1]


def report_sent(db: Db, office: Office, row: OutboxRow, body: ReportBody) -> Sequence[Effect]:
    """Put the row that follows this one, and edit the report's first message."""
    if body.done:
        return ()
    words = office.words.paper
    named = office.calendar.parse(body.label)
    names = files.names_in(db, office, named)
    first = body.progress or row.message_id
    if first is None:
        return ()  # the first message was not sent
    count = names.index(body.file) + 1 if body.file is not None else 0
    complete = count == len(names)
    following = ReportBody(named.label, first, None if complete else names[count], complete)
    outbox_bodies.put(db, following, row.chat_id, office.clock())
    if complete or not count:
        return ()
    text = words.report_making(period=calendar.title(named), done=count, total=len(names))
    return [Show(row.chat_id, Screen(text), first)]


def report_not_sent(
    db: Db, office: Office, row: OutboxRow, body: ReportBody | None
) -> Sequence[Effect]:
    """Say which file was not sent, and go on with the next one."""
    _tell_not_sent(db, office, row, "" if body is None else _report_name(body))
    return () if body is None else report_sent(db, office, row, body)


def planning_not_sent(
    db: Db, office: Office, row: OutboxRow, body: PlanningPaperBody | None
) -> Sequence[Effect]:
    """Say which file was not sent."""
    _tell_not_sent(db, office, row, "" if body is None else _planning_name(body))
    return ()


def poster_not_sent(
    db: Db, office: Office, row: OutboxRow, _body: PosterBody | None
) -> Sequence[Effect]:
    """Say that the posters were not sent."""
    _tell_not_sent(db, office, row, office.words.paper.poster())
    return ()


def slips_not_sent(
    db: Db, office: Office, row: OutboxRow, _body: SlipsBody | None
) -> Sequence[Effect]:
    """Say that the questionnaires were not sent."""
    _tell_not_sent(db, office, row, office.words.paper.slips())
    return ()


def visit_slips_not_sent(
    db: Db, office: Office, row: OutboxRow, _body: VisitSlipsBody | None
) -> Sequence[Effect]:
    """Say that the slips with codes were not sent."""
    _tell_not_sent(db, office, row, office.words.paper.visits())
    return ()


def _tell_not_sent(db: Db, office: Office, row: OutboxRow, name: str) -> None:
    text = _not_made(office, name, office.words.paper.not_sent())
    notices.tell(db, row.chat_id, text, office.clock())


# --- posters and questionnaires ---------------------------------------------------------------


def _poster(db: Db, office: Office, body: PosterBody) -> Callable[[], Message]:
    posters, words = _posters(db, office, body), office.words.paper
    of, told = "semua", words.poster_all.plain()
    if body.service and posters:
        of = "-".join(part for part in (posters[0].service_code, posters[0].counter_code) if part)
        told = " · ".join(part for part in (posters[0].service, posters[0].counter) if part)
    caption = words.poster_caption(of=told, size=body.size.upper())
    name = f"poster-{of}-{body.size}.pdf"
    return lambda: Message(caption, document=(name, posters_pdf(posters, body.size)))


def _numbered_slips(db: Db, office: Office, body: SlipsBody) -> Callable[[], Message]:
    data = _slips(db, office, body)
    code = "" if data.language == OFFICE_LANGUAGE else f"-{data.language}"
    name = f"kuesioner-{body.first:04}-{body.last:04}{code}.pdf"
    text = office.words.paper.slips_caption(first=body.first, last=body.last)
    return lambda: Message(text, document=(name, _printed(data)))


def _visit_slips(db: Db, office: Office, body: VisitSlipsBody) -> Callable[[], Message]:
    words, period = office.words.paper, periods.by_id(db, body.period)
    if period is None or period.salt is None:  # locked since they were ordered
        return lambda: Message(words.visits_locked())
    numbers, salt = range(body.first, body.last + 1), period.salt
    title = calendar.title(office.calendar.parse(period.label))
    codes = [visit_codes.code(office.secret, salt, number) for number in numbers]
    slips = VisitSlips(office_facts.name(db), title, office.public_url, codes)
    name = f"kode-kunjungan-{period.label}-{body.first}-{body.last}.pdf"
    text = words.visits_caption(count=len(codes), period=title)
    return lambda: Message(text, document=(name, visit_slips_pdf(slips)))


def _posters(db: Db, office: Office, body: PosterBody) -> list[Poster]:
    """The posters of a service, of one of its counters, or of all there are."""
    current = periods.current(db, "ikm")
    used = office.instruments[office.asked_in(current) if current else office.instrument_id]
    items = len(used.instrument.items)
    named = office_facts.name(db)
    browser_only = office_facts.poster_codes(db) == "peramban"

    def poster(service: Service, counter: ServiceCounter | None) -> Poster:
        return Poster(
            named, office.username, service.name, service.slug,
            counter.name if counter else "", counter.slug if counter else "", items,
            office.public_url, browser_only,
        )  # fmt: skip

    chosen = (
        catalogue.active_services(db)
        if not body.service
        else [catalogue.active_service(db, body.service)]
    )
    posters, counters_by_service = [], catalogue.counters_by_service(db)
    for service in chosen:
        if service is None:
            continue  # no longer active
        counters = [each for each in counters_by_service.get(service.id, ()) if each.active]
        if body.counter:
            posters += [poster(service, each) for each in counters if each.id == body.counter]
            continue
        posters.append(poster(service, None))
        if not body.service:
            posters += [poster(service, each) for each in counters]
    return posters


def _slips(db: Db, office: Office, body: SlipsBody) -> Slips:
    current = periods.current(db, "ikm")
    instrument_id = office.instrument_id if current is None else office.asked_in(current)
    instrument = office.instruments[instrument_id].instrument
    language = instrument.spoken(office.words.offered(body.language))
    words = office.words.of(language)
    return Slips(
        office_facts.name(db),
        instrument,
        {name: getattr(words, f"slip_{name}").plain() for name in WORDS},
        [(each.slug, each.name) for each in catalogue.active_services(db)],
        body.first,
        body.last,
        language,
    )


def _printed(slips: Slips) -> bytes:
    """The slips; if a page is too small for all services, with a blank line for one."""
    try:
        return questionnaire_pdf(slips)
    except PictureError:
        return questionnaire_pdf(replace(slips, services=()))
