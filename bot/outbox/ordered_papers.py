"""Papers that officers asked for: made off the event loop, one letter a file, so that they survive
a restart and a failing one does not keep the others back.

A report's first letter says that it is being made; once that stands in the chat, a letter for each
file follows the one before it, and the first is edited as they come. The last edit is a letter too:
whoever asked is not left with a report that is for ever being made when a process dies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.outbox.message import Message
from bot.turn.effects import Effect, Show
from office.notices import POSTER, REPORT, SLIPS
from office.office import Office
from office.papers import files
from office.papers.files import ReportSet
from office.roles import ADMIN, READERS, Roles
from office.survey.screens import Screen
from reports.poster import Poster, posters_pdf
from reports.questionnaire import Slips, questionnaire_pdf
from reports.rendering import PictureError
from scoring import period as calendar
from storage import catalogue, outbox, periods
from storage.catalogue import Service, ServiceCounter
from storage.database import Db
from storage.outbox import OutboxRow
from storage.settings import office_facts

log = structlog.get_logger()

ROLES: Mapping[str, Roles] = {REPORT: READERS, POSTER: ADMIN, SLIPS: ADMIN}
PAPER_SIZES = ("a5", "a4")  # as a button numbers them


@dataclass(slots=True)
class Orders:
    """What makes the papers; the figures of one ask are read once, for all its files."""

    office: Office
    _asked: tuple[int, int] = (0, 0)  # chat and first message of the shelf below
    _shelf: ReportSet | None = None

    def composed(self, letter: OutboxRow) -> Message:
        """The paper, or the sentence that says why there is none; blocks for some seconds."""
        with self.office.database.read() as db:
            make = self._read(db, letter)
        try:
            return make()
        except files.REFUSALS as refusal:
            if isinstance(refusal, PictureError):
                log.error("paper failed", kind=letter.kind, error=str(refusal))
            why = files.reason(self.office, refusal)
            return Message(told(self.office, letter, why))

    def _read(self, db: Db, letter: OutboxRow) -> Callable[[], Message]:
        """Everything that the letter's paper needs; drawn after the snapshot has ended."""
        body, spoken = letter.body, self.office.words.paper
        if letter.kind == POSTER:
            posters, size = _posters(db, self.office, body), body["size"]
            name = f"poster-{size}.pdf"
            return lambda: Message("", document=(name, posters_pdf(posters, size)))
        if letter.kind == SLIPS:
            slips = _slips(db, self.office, body)
            name = f"kuesioner-{slips.first:04}-{slips.last:04}.pdf"
            text = spoken.slips_caption(first=slips.first, last=slips.last)
            return lambda: Message(text, document=(name, _printed(slips)))
        title = calendar.title(self.office.calendar.parse(body["label"]))
        if "done" in body:
            done = spoken.report_done(period=title)
            return lambda: Message(done, edits=int(body["progress"]))
        if "file" not in body:
            return lambda: Message(spoken.report_begun(period=title))
        return self._file(db, letter)

    def _file(self, db: Db, letter: OutboxRow) -> Callable[[], Message]:
        asked = (letter.chat_id, int(letter.body["progress"]))
        try:
            if self._shelf is None or self._asked != asked:
                self._shelf = files.shelf(db, self.office, letter.body["label"])
                self._asked = asked
        except files.REFUSALS as refusal:
            why = files.reason(self.office, refusal)
            return lambda: Message(told(self.office, letter, why))
        name = letter.body["file"]
        file = next(each for each in files.files(self._shelf) if each.name == name)
        return lambda: Message("", document=(file.name, file.make()))


def told(office: Office, letter: OutboxRow, why: str) -> str:
    """The sentence in the place of a paper; `why` is plain text."""
    names = {POSTER: office.words.paper.poster(), SLIPS: office.words.paper.slips()}
    name = letter.body.get("file") or names.get(letter.kind, letter.body.get("label", ""))
    return office.words.paper.not_made(file=name, why=why)


def order(db: Db, kind: str, chat_id: int, body: Mapping[str, object], now: datetime) -> bool:
    """Put a paper into the outbox; False while the very same is being made for this chat."""
    waits = outbox.bodies_waiting(db, kind, chat_id)
    if any(all(waiting.get(key) == value for key, value in body.items()) for waiting in waits):
        return False
    outbox.put(db, kind, chat_id, body, now)
    return True


def after(db: Db, office: Office, letter: OutboxRow, now: datetime) -> Sequence[Effect]:
    """What follows a letter of a report, whether it went out or was given up.

    Args:
        letter: its `message_id` is where it stands now.
    """
    if letter.kind != REPORT or "done" in letter.body:
        return ()
    body, spoken = letter.body, office.words.paper
    named = office.calendar.parse(body["label"])
    names = files.names(named)
    first = body.get("progress") or letter.message_id
    if first is None:
        return ()  # not even the first message stands in the chat
    done = names.index(body["file"]) + 1 if "file" in body else 0
    whole = done == len(names)
    following = {"done": True} if whole else {"file": names[done]}
    common = {"label": named.label, "progress": first}
    outbox.put(db, REPORT, letter.chat_id, common | following, now)
    if whole or not done:
        return ()
    text = spoken.report_making(period=calendar.title(named), done=done, total=len(names))
    return [Show(letter.chat_id, Screen(text), first)]


def _posters(db: Db, office: Office, body: Mapping[str, int]) -> list[Poster]:
    """The posters of a service, of one of its counters, or of all there are."""
    current = periods.current(db, "ikm")
    used = office.instruments[current.instrument_id if current else office.instrument_id]
    items = len(used.instrument.items)
    named = office_facts.name(db)

    def poster(service: Service, counter: ServiceCounter | None) -> Poster:
        return Poster(
            named, office.username, service.name, service.slug,
            counter.name if counter else "", counter.slug if counter else "", items,
        )  # fmt: skip

    chosen = (
        catalogue.active_services(db)
        if not body["service"]
        else [catalogue.active_service(db, body["service"])]
    )
    found, desks = [], catalogue.counters_by_service(db)
    for service in chosen:
        if service is None:
            continue  # put away since
        counters = [each for each in desks.get(service.id, ()) if each.active]
        if body["counter"]:
            found += [poster(service, each) for each in counters if each.id == body["counter"]]
            continue
        found.append(poster(service, None))
        if not body["service"]:
            found += [poster(service, each) for each in counters]
    return found


def _slips(db: Db, office: Office, body: Mapping[str, int]) -> Slips:
    current = periods.current(db, "ikm")
    instrument_id = office.instrument_id if current is None else current.instrument_id
    services = [(each.slug, each.name) for each in catalogue.active_services(db)]
    return Slips(
        office_facts.name(db),
        office.instruments[instrument_id].instrument,
        services,
        body["first"],
        body["last"],
    )


def _printed(slips: Slips) -> bytes:
    """The slips; where half a page cannot hold all services, a line to write one on."""
    try:
        return questionnaire_pdf(slips)
    except PictureError:
        return questionnaire_pdf(replace(slips, services=()))
