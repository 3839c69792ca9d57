"""The screen at a counter: one address, and a new person after each *Kirim* or idle minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from office.conversation import Kind, base36
from office.survey import views
from office.survey.screens import Screen
from office.survey.views import Current, Opening, Reply, Thanks, Unstored
from office.turn import Respondent, Turn, open_response
from storage.survey.open_responses import OpenResponse
from web import addresses, visitor
from web.html import Countdown, Page
from web.site import Site, forget_cookie, response, see, set_cookie, take, target
from web.visitor import KIOSK

IDLE, IDLE_WRITING, IDLE_THANKS = 120, 300, 20  # seconds until the next person begins
GRACE = 10  # seconds that a form may take to arrive after that
FORWARDED = ("Forwarded", "X-Forwarded-For")  # headers of any proxy
AWAY = (Kind.SERVICES, Kind.SERVICE)  # buttons that lead away from the counter's service
AT_HOME = (Kind.ERASE, Kind.KEEP, *AWAY)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The pages at a counter."""

    site: Site

    def routes(self) -> list[web.RouteDef]:
        """The address of each counter, to see and to send a form to."""
        paths = ("/kios/{layanan}", "/kios/{layanan}/{loket}")
        return [
            route
            for path in paths
            for route in (web.get(path, self.show), web.post(path, self.take))
        ]

    async def show(self, request: web.Request) -> web.Response:
        """The open response, the thanks, or the start for the next person."""
        self._must_be_in_the_office(request)
        if "ulang" in request.query:
            return forget_cookie(see(request.path), KIOSK)

        shown = await self.site.read(
            request, KIOSK, lambda turn, who: self._screen(turn, who, request)
        )
        if shown is None:
            raise web.HTTPNotFound
        page, goes_on = shown
        return response(page) if goes_on else forget_cookie(response(page), KIOSK)

    def _screen(
        self, turn: Turn, who: Respondent, request: web.Request
    ) -> tuple[Page, bool] | None:
        """The page, and whether its person goes on; None without such a service."""
        found = target(turn, request)
        if found is None:
            return None
        current, key = open_response(turn, who), addresses.key(request.query.get("selesai", ""))
        if current is not None and not _is_idle(turn, who):
            page = self._page(turn, who, request, views.current(turn, who, current))
            return counting_down(page, request, _allowed(current)), True
        if key is not None and who.person is not None:
            view = Thanks(key, visitor.chosen_language(request))
            page = self._page(turn, who, request, views.screen(turn, who, view))
            label = page.words.new_person.plain()
            return replace(page, countdown=Countdown(IDLE_THANKS, again(request), label)), False
        somebody = replace(who, person=None)
        page = self._page(turn, somebody, request, views.screen(turn, somebody, Opening(*found)))
        if request.query:  # another language, or a sentence for somebody who leaves
            page = replace(page, countdown=Countdown(IDLE, again(request)))
        return page, False

    def _page(self, turn: Turn, who: Respondent, request: web.Request, screen: Screen) -> Page:
        return replace(self.site.page(turn, who, request, _stays(screen)), kiosk=True)

    async def take(self, request: web.Request) -> web.Response:
        """A form; each *Setuju* without an open response begins a new person."""
        self._must_be_in_the_office(request)
        posted = await self.site.posted(request, KIOSK)
        tap, who = posted.tap, posted.who
        if tap is None or tap.kind in AT_HOME:
            return forget_cookie(see(request.path), KIOSK)

        def work(turn: Turn) -> Reply:
            return Reply(None, "toast_foreign") if _is_idle(turn, who) else take(turn, posted, tap)

        reply = await self.site.answer(who.person, work)
        if isinstance(reply.view, Unstored):
            return await self.site.unstored(
                request,
                KIOSK,
                reply.view,
                lambda page: counting_down(page, request, IDLE_WRITING),
            )
        query = {"bahasa": posted.language}
        if isinstance(reply.view, Thanks):
            query["selesai"] = base36(reply.view.key)
        elif not isinstance(reply.view, Opening):
            query["pesan"] = reply.notice
        answered = see(addresses.with_query(request.path, query))
        if posted.new_token is not None and isinstance(reply.view, Current):
            set_cookie(answered, KIOSK, posted.new_token, request)
        if isinstance(reply.view, Current | Thanks):
            return answered
        return forget_cookie(answered, KIOSK)

    def _must_be_in_the_office(self, request: web.Request) -> None:
        """A counter belongs to the office's own network, not to the public address.

        Raises:
            HTTPNotFound: the request came from outside.
        """
        config = self.site.config
        public = _host(config.public_url.partition("://")[2])
        by_proxy = request.remote in config.proxies or any(h in request.headers for h in FORWARDED)
        if by_proxy or (public and _host(request.host) == public):
            raise web.HTTPNotFound


def _host(named: str) -> str:
    """A host without its port, as any spelling of it means it: `Survei.Pakong.Example.:443`."""
    return re.sub(r"\.?(:[0-9]*)?$", "", named.lower())


def counting_down(page: Page, request: web.Request, seconds: int = IDLE) -> Page:
    """A page that starts again after these seconds, or at once by its button."""
    countdown = Countdown(seconds, again(request), page.words.start_over.plain())
    return replace(page, kiosk=True, countdown=countdown)


def again(request: web.Request) -> str:
    """Where a counter starts again for the next person."""
    return f"{request.path}?ulang=1"


def _is_idle(turn: Turn, who: Respondent) -> bool:
    """Whether the open response was left for longer than a counter waits."""
    current = open_response(turn, who)
    if current is None:
        return False
    return turn.now - current.touched_at > timedelta(seconds=_allowed(current) + GRACE)


def _allowed(current: OpenResponse) -> int:
    return IDLE_WRITING if current.writing else IDLE


def _stays(screen: Screen) -> Screen:
    """A screen without the buttons that lead away from the counter's service."""
    rows = (
        tuple(button for button in row if button.tap is None or button.tap.kind not in AWAY)
        for row in screen.rows
    )
    return replace(screen, rows=tuple(row for row in rows if row))
