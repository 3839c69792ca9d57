"""The screen at a counter: one address, and a new person after each *Kirim* or idle minutes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import web

from office.conversation import Kind, base36
from office.survey import views
from office.survey.screens import Screen
from office.survey.views import Current, Opening, Reply, Thanks
from office.turn import Respondent, Turn, open_response
from web import addresses, visitor
from web.html import Link, Page
from web.site import Site, forget_cookie, response, see, set_cookie, take, target
from web.visitor import KIOSK

IDLE, IDLE_WRITING, IDLE_THANKS = 120, 300, 20  # seconds until the next person begins
GRACE = 10  # seconds that a form may take to arrive after that
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

        def read(turn: Turn, who: Respondent) -> Page | None:
            return self._screen(turn, who, request)

        shown = await self.site.read(request, KIOSK, read)
        if shown is None:
            raise web.HTTPNotFound
        answered = response(shown)
        if shown.idle is not None:
            # A header, since a page that names it in its markup is refused by accessibility checks.
            answered.headers["Refresh"] = f"{shown.idle};url={request.path}?ulang=1"
        if shown.idle in (IDLE, IDLE_WRITING):
            return answered
        return forget_cookie(answered, KIOSK)

    def _screen(self, turn: Turn, who: Respondent, request: web.Request) -> Page | None:
        found = target(turn, request)
        if found is None:
            return None
        current, key = open_response(turn, who), addresses.key(request.query.get("selesai", ""))
        if current is not None and not _is_idle(turn, who):
            shown = self._page(turn, who, request, views.current(turn, who, current))
            return replace(shown, idle=IDLE_WRITING if current.writing else IDLE)
        if key is not None and who.person is not None:
            view = Thanks(key, visitor.chosen_language(request))
            shown = self._page(turn, who, request, views.screen(turn, who, view))
            following = Link(shown.words.new_person.plain(), f"{request.path}?ulang=1")
            return replace(shown, idle=IDLE_THANKS, links=(following,))
        somebody = replace(who, person=None)
        return self._page(turn, somebody, request, views.screen(turn, somebody, Opening(*found)))

    def _page(self, turn: Turn, who: Respondent, request: web.Request, screen: Screen) -> Page:
        return replace(self.site.page(turn, who, request, _stays(screen)), kiosk=True)

    async def take(self, request: web.Request) -> web.Response:
        """A form; each *Setuju* without an open response begins a new person."""
        self._must_be_in_the_office(request)
        posted = await self.site.posted(request, KIOSK)
        tap, who = posted.tap, posted.who
        if tap is None or tap.kind in AT_HOME:
            return forget_cookie(see(request.path), KIOSK)

        def work(turn: Turn) -> Reply | None:
            return Reply(None, "toast_foreign") if _is_idle(turn, who) else take(turn, posted, tap)

        reply = await self.site.answer(who.person, work)
        if reply is None:
            return await self.site.too_long(
                request,
                KIOSK,
                posted.text or "",
                lambda page: replace(page, kiosk=True, idle=IDLE_WRITING),
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
        public = config.public_url.partition("://")[2]
        if request.remote in config.proxies or (public and request.host == public):
            raise web.HTTPNotFound


def _is_idle(turn: Turn, who: Respondent) -> bool:
    """Whether the open response was left for longer than a counter waits."""
    current = open_response(turn, who)
    if current is None:
        return False
    allowed = IDLE_WRITING if current.writing else IDLE
    return turn.now - current.touched_at > timedelta(seconds=allowed + GRACE)


def _stays(screen: Screen) -> Screen:
    """A screen without the buttons that lead away from the counter's service."""
    rows = (
        tuple(button for button in row if button.tap is None or button.tap.kind not in AWAY)
        for row in screen.rows
    )
    return replace(screen, rows=tuple(row for row in rows if row))
