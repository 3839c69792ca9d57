"""What every page needs: who asks, a snapshot or a turn for him, his form, his cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar

from aiohttp import web

from office.config import Web
from office.conversation import Kind, Tap, read_tap
from office.office import Office
from office.survey import screens, survey, views
from office.survey.screens import Screen
from office.survey.views import Current, Reply, Unstored
from office.turn import Respondent, Turn, language_for, read_only, words_for
from storage import catalogue, people
from storage.catalogue import Service, ServiceCounter
from storage.settings import office_facts
from storage.tables import Door
from web import addresses, html, visitor
from web.bursts import Bursts
from web.html import Page
from web.visitor import HOME, Place

R = TypeVar("R")

BODY_SECONDS = 15.0  # for a form to arrive
FORM = "application/x-www-form-urlencoded"
READERS = 2  # threads that read pages; drawing a paper must not keep them waiting
# What a form here may say; the rest belongs to officers, or to an assisted response.
TAPS = frozenset(Kind) - {Kind.OFFICER, Kind.FORM, Kind.INVITED, Kind.BEGIN}


class Answer(Protocol):
    """Does the work of a form in the one writer; what it changed is on disk when it returns."""

    async def __call__(self, person: int | None, work: Callable[[Turn], R]) -> R: ...


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that one of our own pages sent.

    Args:
        tap: what its button says; None for anything we did not write.
        text: of its text field; None without one.
        code: of a visit, as it was typed.
        new_token: of a person who begins with it and has no cookie yet.
    """

    who: Respondent
    tap: Tap | None
    text: str | None
    language: str | None  # that the address or the button names
    new_token: str | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of an office."""

    office: Office
    answer: Answer
    config: Web
    bursts: Bursts = field(default_factory=Bursts)
    readers: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(READERS, "pages"), repr=False
    )

    def who(self, request: web.Request, place: Place, token: str | None) -> Respondent:
        """The person of this token."""
        person = None if token is None else visitor.person(self.office.secret, place, token)
        address = visitor.address(request, self.config.proxies)
        noted = partial(self.bursts.notes, address)
        return Respondent(Door.WEB, person, place.kanal, visitor.language(request), noted)

    async def read(
        self, request: web.Request, place: Place, work: Callable[[Turn, Respondent], R]
    ) -> R:
        """Do this on a snapshot, off the event loop."""
        who = self.who(request, place, visitor.token_of(request, place))

        def snapshot() -> R:
            with self.office.database.read() as db:
                persons = [] if who.person is None else [who.person]
                return work(read_only(self.office, db, Door.WEB, persons), who)

        return await asyncio.get_running_loop().run_in_executor(self.readers, snapshot)

    async def posted(self, request: web.Request, place: Place) -> Posted:
        """The form of a request.

        Raises:
            HTTPForbidden: another site sent it.
        """
        if not visitor.is_own(request, visitor.origin(request), self.config.public_url):
            raise web.HTTPForbidden
        form = await form_of(request)
        tap, text = tap_of(form), form.get(screens.TEXT)
        token, new_token = visitor.token_of(request, place), None
        if token is None and tap is not None and tap.kind == Kind.CONSENT:
            token = new_token = visitor.new_token()
        language = visitor.chosen_language(request)
        offered = self.office.words.languages
        if tap is not None and tap.kind == Kind.LANGUAGE and tap.item in offered:
            language = tap.item
        who = self.who(request, place, token)
        typed = text if isinstance(text, str) else None
        return Posted(who, tap, typed, language, new_token, str(form.get(screens.CODE, "")))

    def page(self, turn: Turn, who: Respondent, request: web.Request, screen: Screen) -> Page:
        """A screen as a page whose form is sent to the address it stands at."""
        language, code = language_for(turn, who), request.query.get("pesan")
        return Page(
            screen,
            language,
            self.office.words.page[language],
            office_facts.name(turn.db),
            action(request),
            getattr(words_for(turn, who), code).plain() if code in addresses.NOTICES else None,
        )

    async def unstored(
        self, request: web.Request, place: Place, view: Unstored, finish: Callable[[Page], Page]
    ) -> web.Response:
        """The form again with what was typed in it, and why it is not stored."""

        def read(turn: Turn, who: Respondent) -> Page:
            screen = views.screen(turn, who, view)
            return finish(self.page(turn, who, request, screen))

        return response(await self.read(request, place, read), 422)


async def form_of(request: web.Request) -> Mapping[str, Any]:
    """What a form says; nothing for a body that no form of ours has.

    Raises:
        HTTPRequestTimeout: it did not arrive in time.
    """
    if request.content_type != FORM:
        return {}
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, LookupError):  # no UTF-8, or a character set that nobody knows
        return {}


def tap_of(form: Mapping[str, Any]) -> Tap | None:
    """What the pressed button of a form says; None when it is none of the survey."""
    tap = read_tap(str(form.get("tap", "")))
    return tap if tap is not None and tap.kind in TAPS else None


def take(turn: Turn, posted: Posted, tap: Tap) -> Reply:
    """What a form changes."""
    who = posted.who
    if tap.kind == Kind.CONSENT:
        code = posted.code.strip()
        reply = survey.on_code(turn, who, tap, code) if code else survey.on_tap(turn, who, tap)
        if isinstance(reply.view, Current):
            _keep_language(turn, posted)
        return reply
    searches = tap.kind == Kind.SERVICES and (posted.text or "").strip()
    if searches or tap.kind in (Kind.TEXT, Kind.ADD):
        return survey.on_typed(turn, who, tap, posted.text or "")
    return survey.on_tap(turn, who, tap)


def _keep_language(turn: Turn, posted: Posted) -> None:
    """Keep the language of the address for who begins with it; a counter's person has no later."""
    who, begins = posted.who, posted.new_token is not None and posted.who.kanal == HOME.kanal
    if begins and posted.language is not None and who.person is not None:
        key = people.person_key(turn.office.secret, who.person, who.door)
        people.choose_language(turn.db, key, posted.language)


def target(turn: Turn, request: web.Request) -> tuple[Service, ServiceCounter | None] | None:
    """The service and counter that an address names."""
    named = request.match_info
    return catalogue.by_slug(turn.db, named["layanan"], named.get("loket"))


def action(request: web.Request) -> str:
    """The address of a request without what was said once."""
    kept = {
        "ke": request.query.get("ke"),
        "bahasa": visitor.chosen_language(request),
        "kode": visitor.visit_code(request),
    }
    return addresses.with_query(request.path, kept)


def set_cookie(answered: web.Response, place: Place, token: str, request: web.Request) -> None:
    """Give a new person his cookie; over HTTPS it is for HTTPS alone."""
    answered.set_cookie(
        place.cookie,
        token,
        max_age=visitor.COOKIE_DAYS * 86400,
        path=place.path,
        httponly=True,
        samesite="Lax",
        secure=(visitor.origin(request) or "").startswith("https:"),
    )


def forget_cookie(answered: web.Response, place: Place) -> web.Response:
    """Delete the cookie of a place."""
    answered.del_cookie(place.cookie, path=place.path)
    return answered


def see(location: str) -> web.Response:
    """The answer to a form: the address of the next screen."""
    return web.Response(status=303, headers={"Location": location})


def response(shown: Page, status: int = 200) -> web.Response:
    """A page; one that counts down says it in a header, since the markup may not refresh itself."""
    answered = web.Response(text=html.page(shown), status=status, content_type="text/html")
    if shown.countdown is not None:
        answered.headers["Refresh"] = f"{shown.countdown.seconds};url={shown.countdown.address}"
    return answered
