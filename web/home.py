"""The pages at home: an address for each view of the survey, and a form for each tap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from aiohttp import web

from office.conversation import Kind
from office.survey import results, screens, survey, views
from office.survey.screens import Screen
from office.survey.views import Current, Message, Opening, Services, Thanks, Unstored, View
from office.turn import Respondent, Turn, language_for, open_response, words_for
from web import addresses, visitor
from web.html import Link, Page
from web.site import Site, forget_cookie, response, see, set_cookie, take, target
from web.visitor import HOME


@dataclass(frozen=True, slots=True)
class Home:
    """The pages at home."""

    site: Site

    def routes(self) -> list[web.RouteDef]:
        """Every address, to see and to send a form to."""
        return [
            route
            for path in PAGES
            for route in (web.get(path, self.show), web.post(path, self.take))
        ]

    async def show(self, request: web.Request) -> web.Response:
        """A page."""
        resource = request.match_info.route.resource
        make = PAGES[resource.canonical if resource else "/"]

        def read(turn: Turn, who: Respondent) -> Page | None:
            screen = make(turn, who, request)
            return None if screen is None else self._with_menu(turn, who, request, screen)

        shown = await self.site.read(request, HOME, read)
        if shown is None:
            return see(addresses.address(None, pesan="unknown_service"))
        return response(shown)

    def _with_menu(self, turn: Turn, who: Respondent, request: web.Request, screen: Screen) -> Page:
        page = self.site.page(turn, who, request, screen)
        return replace(page, links=self._menu(page, request), telegram=self._telegram(request))

    def _menu(self, page: Page, request: web.Request) -> tuple[Link, ...]:
        words, language = page.words, visitor.chosen_language(request)
        menu = (
            (words.services, "/"),
            (words.result, "/hasil"),
            (words.privacy, "/privasi"),
            (words.erase, "/hapus"),
            (words.language, "/bahasa"),
        )
        return tuple(
            Link(label.plain(), addresses.with_query(path, {"bahasa": language}))
            for label, path in menu
        )

    def _telegram(self, request: web.Request) -> str | None:
        """The same service in the chat."""
        name, path = self.site.office.username, request.path
        if not name or not (path == "/" or path.startswith("/l/")):
            return None
        start = path.strip("/").replace("/", "_")
        return f"https://t.me/{name}" + (f"?start={start}" if start else "")

    async def take(self, request: web.Request) -> web.Response:
        """A form."""
        posted = await self.site.posted(request, HOME)
        tap, who = posted.tap, posted.who
        if tap is None:
            return see(addresses.address(None, pesan=survey.UNKNOWN))
        reply = await self.site.answer(who.person, lambda turn: take(turn, posted, tap))
        if isinstance(reply.view, Unstored):
            return await self.site.unstored(
                request, HOME, reply.view, lambda page: self._finish(page, request)
            )
        query = {"pesan": reply.notice, "bahasa": posted.language}
        if isinstance(reply.view, Services | Opening) and tap.kind != Kind.CONSENT:
            query["kode"] = posted.code.strip() or visitor.visit_code(request)
        answered = see(addresses.address(reply.view, **query))
        if posted.new_token is not None and isinstance(reply.view, Current):
            set_cookie(answered, HOME, posted.new_token, request)
        if tap.kind == Kind.ERASE:
            forget_cookie(answered, HOME)
        return answered

    def _finish(self, page: Page, request: web.Request) -> Page:
        return replace(page, links=self._menu(page, request))


def _services(turn: Turn, who: Respondent, request: web.Request) -> Screen:
    page, typed = request.query.get("hal", ""), request.query.get("cari", "")
    return views.screen(turn, who, Services(_small(page), typed[: screens.TYPED]))


def _service(turn: Turn, who: Respondent, request: web.Request) -> Screen | None:
    found = target(turn, request)
    if found is None:
        return None
    urutan, code = _small(request.query.get("ke", "1")), visitor.visit_code(request)
    return views.screen(turn, who, Opening(*found, urutan=urutan, code=code))


def _small(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _response(turn: Turn, who: Respondent, request: web.Request) -> Screen:
    current = open_response(turn, who)
    looked = addresses.LOOKED in request.query
    view = Message("nothing_open") if current is None else Current(current, looked)
    return views.screen(turn, who, view)


def _thanks(turn: Turn, who: Respondent, request: web.Request) -> Screen:
    key, language = addresses.key(request.match_info["kunci"]), visitor.chosen_language(request)
    view: View = Message("expired") if key is None else Thanks(key, language)
    return views.screen(turn, who, view)


def _message(turn: Turn, who: Respondent, request: web.Request) -> Screen | None:
    name = request.match_info["nama"]
    return views.screen(turn, who, Message(name)) if name in addresses.MESSAGES else None


def _result(turn: Turn, who: Respondent, _request: web.Request) -> Screen:
    words, language = words_for(turn, who), language_for(turn, who)
    return results.newest(turn.db, turn.office, words, language).screen


def _privacy(turn: Turn, who: Respondent, _request: web.Request) -> Screen:
    return Screen(words_for(turn, who).privacy())


def _languages(turn: Turn, who: Respondent, _request: web.Request) -> Screen:
    return views.languages(turn, who)


def _erase(turn: Turn, who: Respondent, _request: web.Request) -> Screen:
    return screens.erase(words_for(turn, who))


# What an address shows; None: it names a service that there is not.
PAGES: dict[str, Callable[[Turn, Respondent, web.Request], Screen | None]] = {
    "/": _services,
    "/l/{layanan}": _service,
    "/l/{layanan}/{loket}": _service,
    "/isi": _response,
    "/selesai/{kunci}": _thanks,
    "/kabar/{nama}": _message,
    "/hasil": _result,
    "/privasi": _privacy,
    "/bahasa": _languages,
    "/hapus": _erase,
}
