"""Pages that say what went wrong, and what to do; they read no database."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from office.survey import screens
from office.survey.screens import Button, Screen, TextField
from web import addresses, visitor
from web.html import Link, Page
from web.kiosk import counting_down
from web.site import Site, action, form_of, response, tap_of
from web.visitor import HOME

NAME = "Puas"  # the office's name is in the database
BY_STATUS = {
    403: "other_site",
    404: "not_found",
    405: "not_allowed",
    408: "too_slow",
    413: "too_large",
}


def refused(site: Site, request: web.Request, status: int) -> web.Response:
    """The page of an HTTP status."""
    language = visitor.language(request)
    page, citizens = site.office.words.page[language], site.office.words.of(language, HOME.kanal)
    text = getattr(page, BY_STATUS[status])() if status in BY_STATUS else citizens.error()
    start = addresses.with_query("/", {"bahasa": visitor.chosen_language(request)})
    shown = Page(Screen(text), language, page, NAME, links=(Link(page.services.plain(), start),))
    return response(_as_there(shown, request, status), status)


async def not_written(site: Site, request: web.Request) -> web.Response:
    """The database has trouble: nothing was stored, and the same button may be pressed again."""
    language = visitor.language(request)
    page, citizens = site.office.words.page[language], site.office.words.of(language, HOME.kanal)
    screen, again = Screen(page.not_written()), page.try_again.plain()
    form = await form_of(request) if request.method == "POST" else {}
    tap, typed, code = tap_of(form), form.get(screens.TEXT), form.get(screens.CODE)
    if tap is not None and isinstance(code, str) and code:
        label, most = citizens.visit_code_label.plain(), screens.VISIT_CODE
        field = TextField(label, again, tap, most, code[:most], name=screens.CODE)
        screen = replace(screen, field=field)
    elif tap is not None and isinstance(typed, str) and typed:
        label = citizens.suggestion_label.plain()
        screen = replace(screen, field=TextField(label, again, tap, len(typed), typed, lines=6))
    elif tap is not None:
        screen = replace(screen, rows=((Button(again, tap),),))
    shown = Page(screen, language, page, NAME, action(request))
    return response(_as_there(shown, request, 503), 503)


def _as_there(page: Page, request: web.Request, status: int) -> Page:
    """A counter starts again by itself, also from a refusal; where none is, there is no counter."""
    if status == 404 or not visitor.at_counter(request):
        return page
    return counting_down(replace(page, links=()), request)
