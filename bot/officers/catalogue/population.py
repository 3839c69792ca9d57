"""*Pengguna layanan*: how many used each unit, or each service, in a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import PAGE, Button, Screen, on_page, paged
from office.turn import Turn
from office.words.all_words import Html
from scoring import period as calendar
from scoring import sample
from scoring.numbers import grouped
from storage import audit, catalogue, periods
from storage.catalogue import Noun, Service, Unit
from storage.periods import PeriodRow
from storage.survey import tallies
from storage.tables import Scope

LIST = "pengguna"
BY_SERVICE = "pengguna-layanan"
LOCKED = "locked"
RECENT = 4  # locked periods whose users may be corrected: a year of quarters
UNKNOWN = "?"  # typed for a service whose users are not known
LISTED = 80  # services of the form's question
NAMED = 6  # services of a refusal
SLOVIN = Decimal("0.05")


def on_list(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The unlocked periods, and those locked last."""
    words = turn.office.words.manage
    shown = [
        *reversed(periods.unlocked(turn.db, "ikm")),
        *periods.recently_locked(turn.db, "ikm", RECENT),
    ]
    rows = [(Button(_named(turn, period), to(routes.USERS, period.id)),) for period in shown]
    back = (Button(words.back(), to(routes.MANAGE)),)
    return edited(press, Screen(words.users_screen(), (*rows, back)))


def _named(turn: Turn, period: PeriodRow) -> str:
    title = _title(turn, period)
    return f"🔒 {title}" if period.status == LOCKED else title


def _title(turn: Turn, period: PeriodRow) -> str:
    return calendar.title(turn.office.calendar.parse(period.label))


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The users of each unit in a period."""
    period = _known(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    return edited(press, _screen(turn, period, tap.value))


def _known(turn: Turn, number: int) -> PeriodRow | None:
    period = periods.by_id(turn.db, number)
    return period if period and period.kind == "ikm" else None


def _screen(turn: Turn, period: PeriodRow, page: int = 0) -> Screen:
    words = turn.office.words.manage
    units = catalogue.units_with_services(turn.db)
    page = on_page(page, len(units), PAGE)
    users = catalogue.users_by_unit(turn.db, period.id)
    entered = catalogue.users_entered(turn.db, period.id)
    lines = [
        _line(turn, unit, users.get(unit.id), summed=unit.id not in entered)
        for unit in units[page * PAGE : (page + 1) * PAGE]
    ]
    text = words.users_of_period(
        period=_title(turn, period),
        units=Html("\n".join(lines)),
        note=words.users_after_lock() if period.status == LOCKED else words.users_help(),
    )
    rows = paged(
        turn.office.words.of("id"),
        units,
        page,
        lambda unit: Button(unit.name, to("pengguna-isi", period.id, unit.id)),
        lambda number: to(routes.USERS, period.id, number),
    )
    services = (Button(words.users_by_service(), to(BY_SERVICE, period.id)),)
    return Screen(text, (services, *rows, (Button(words.back(), to(LIST)),)))


def _line(turn: Turn, unit: Unit, users: int | None, *, summed: bool) -> str:
    """A unit's users, where they come from, and the sample that they ask for."""
    words = turn.office.words.manage
    if users is None:
        return words.users_unknown(unit=unit.name)
    named = words.users_summed if summed else words.users_known
    return named(
        unit=unit.name,
        users=grouped(users),
        sample=grouped(sample.krejcie_morgan(users)),
        slovin=grouped(sample.slovin(users, SLOVIN)),
    )


def _respondents(turn: Turn, period_id: int, scope: Scope) -> dict[int, int]:
    """At least so many rated each service or unit: in steps, so that no single visit shows."""
    period = periods.by_id(turn.db, period_id)
    if period is None:
        return {}
    registered = turn.office.instruments[period.instrument_id]
    counted = tallies.of_period(turn.db, registered, period_id)
    exact = {
        key: sum(each.channels().values()) for (of, key), each in counted.items() if of == scope
    }
    return {key: n - n % sample.STEP for key, n in exact.items()}


def _fewer(turn: Turn, name: str, users: int, n: int) -> list[str]:
    """A question where fewer used a service than rated it."""
    if users >= n:
        return []
    return [turn.office.words.manage.users_fewer.plain(name=name, users=grouped(users), n=n)]


# --- one unit --------------------------------------------------------------------------------


def on_fill(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for the users of a unit."""
    period, unit = _known(turn, tap.response), catalogue_rows.known(turn, Noun.UNIT, tap.value)
    if period is None or unit is None:
        return access.gone(turn, press)
    given = {"period": period.id, "unit": unit.id, "name": unit.name, "label": _title(turn, period)}
    return forms.begin(turn, press.person, FILLING, given, press)


def _unit_users(turn: Turn, values: Values, typed: str) -> int:
    """A number; 0, so that the services' sum counts, only where that sum is whole."""
    users = fields.whole(turn, typed)
    if not users:
        known = catalogue.users_by_service(turn.db, values["period"])
        missing = _missing(catalogue.services(turn.db), known, {values["unit"]})
        if missing:
            raise InvalidInput(_incomplete(turn, missing))
    return users


def _unit_notes(turn: Turn, values: Values) -> Sequence[str]:
    n = _respondents(turn, values["period"], Scope.UNIT).get(values["unit"], 0)
    return _fewer(turn, values["name"], values["users"], n) if values["users"] else []


def _fill(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    period, unit = _known(turn, values["period"]), catalogue.unit(turn.db, values["unit"])
    if period is None or unit is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    before = catalogue.users_entered(turn.db, period.id).get(unit.id, 0)
    if before != values["users"]:
        catalogue.set_users(turn.db, period.id, unit.id, values["users"])
        audit.record(
            turn.db, turn.now, person.chat_id, "pengguna_layanan", f"{period.label} {unit.slug}",
            before=before, after=values["users"],
        )  # fmt: skip
    return [Show(person.chat_id, _screen(turn, period))]


# --- all services ----------------------------------------------------------------------------


def on_services(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for the users of the services, one on each line."""
    period = _known(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    given = {"period": period.id, "label": _title(turn, period)}
    return forms.begin(turn, press.person, SERVICES, given, press)


def _offered(turn: Turn, period_id: int) -> list[Service]:
    """The active services, and others whose users are known."""
    known = catalogue.users_by_service(turn.db, period_id)
    every = catalogue.services(turn.db)
    return [service for service in every if service.active or service.id in known]


def _typed_names(services: Sequence[Service]) -> dict[int, str]:
    """What names each service on a line: its name, or its code where two have the name."""
    held = Counter(service.name.casefold() for service in services)
    return {
        each.id: each.name if held[each.name.casefold()] == 1 else each.slug for each in services
    }


def _ask_services(turn: Turn, values: Values) -> str:
    words = turn.office.words.manage
    services = _offered(turn, values["period"])
    users = catalogue.users_by_service(turn.db, values["period"])
    names = _typed_names(services)
    lines = [f"{names[each.id]} {users.get(each.id, UNKNOWN)}" for each in services[:LISTED]]
    text = words.ask_service_users(services="\n".join(lines))
    more = len(services) - LISTED
    return text if more <= 0 else text + words.ask_more_services(count=more)


def _service_users(turn: Turn, values: Values, typed: str) -> dict[str, int | None]:
    """Users by service id, of the lines typed; each unit's services whole or not at all."""
    words = turn.office.words.manage
    services = _offered(turn, values["period"])
    by_name = {name.casefold(): number for number, name in _typed_names(services).items()}
    by_name |= {service.slug: service.id for service in services}
    users: dict[str, int | None] = {}
    for line in filter(None, (line.strip() for line in typed.splitlines())):
        name, _, number = " ".join(line.split()).rpartition(" ")
        service_id = by_name.get(name.rstrip(" :=").casefold())
        if service_id is None:
            raise InvalidInput(words.users_line_wrong(line=line[: fields.NAME]))
        if str(service_id) in users:
            raise InvalidInput(words.users_line_twice(line=line[: fields.NAME]))
        users[str(service_id)] = None if number == UNKNOWN else fields.whole(turn, number)
    entered = catalogue.users_entered(turn.db, values["period"])
    units = {service.unit_id for service in services} - entered.keys()
    missing = _missing(services, _merged(turn, values["period"], users), units)
    if missing:
        raise InvalidInput(_incomplete(turn, missing))
    return users


def _merged(turn: Turn, period_id: int, typed: Mapping[str, int | None]) -> dict[int, int]:
    """Users by service, after what was typed."""
    after: dict[int, int | None] = {**catalogue.users_by_service(turn.db, period_id)}
    after |= {int(number): users for number, users in typed.items()}
    return {number: users for number, users in after.items() if users is not None}


def _missing(services: Sequence[Service], known: Mapping[int, int], units: set[int]) -> list[str]:
    """Services not known in these units while others of the unit are: their sum would be short."""
    begun = {service.unit_id for service in services if service.id in known} & units
    return [
        service.name
        for service in services
        if service.active and service.unit_id in begun and service.id not in known
    ]


def _incomplete(turn: Turn, missing: Sequence[str]) -> str:
    words, more = turn.office.words.manage, len(missing) - NAMED
    named = ", ".join(missing[:NAMED])
    if more > 0:
        named = words.and_others.plain(units=named, count=more)
    return words.users_incomplete(services=named)


def _service_notes(turn: Turn, values: Values) -> Sequence[str]:
    rated = _respondents(turn, values["period"], Scope.SERVICE)
    names = {service.id: service.name for service in catalogue.services(turn.db)}
    asked = [
        _fewer(turn, names[int(number)], users, rated.get(int(number), 0))
        for number, users in values["users"].items()
        if users is not None
    ]
    return [note for notes in asked for note in notes]


def _shown(turn: Turn, users: Mapping[str, int | None]) -> str:
    names = {service.id: service.name for service in catalogue.services(turn.db)}
    return ", ".join(
        f"{names[int(number)]} {UNKNOWN if n is None else grouped(n)}"
        for number, n in users.items()
    )


def _fill_services(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    period = _known(turn, values["period"])
    if period is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    known = catalogue.users_by_service(turn.db, period.id)
    before, after = {}, {}
    for service in catalogue.services(turn.db):
        users = values["users"].get(str(service.id), known.get(service.id))
        if users != known.get(service.id):
            catalogue.set_service_users(turn.db, period.id, service.id, users)
            before[service.slug], after[service.slug] = known.get(service.id), users
    if after:
        audit.record(
            turn.db, turn.now, person.chat_id, "pengguna_layanan", period.label,
            before=before, after=after,
        )  # fmt: skip
    return [Show(person.chat_id, _screen(turn, period))]


FILLING = register(
    Form(
        "pengguna",
        lambda turn, values: turn.office.words.manage.users_of_unit_title(
            unit=values["name"], period=values["label"]
        ),
        ADMIN,
        (
            Field(
                "users",
                lambda words: words.manage.label_users.plain(),
                lambda turn, values: turn.office.words.manage.ask_users(unit=values["name"]),
                _unit_users,
                show=lambda _turn, users: grouped(users),
            ),
        ),
        _fill,
        _unit_notes,
    )
)

SERVICES = register(
    Form(
        "pengguna-layanan",
        lambda turn, values: turn.office.words.manage.users_title(period=values["label"]),
        ADMIN,
        (
            Field(
                "users",
                lambda words: words.manage.label_users.plain(),
                _ask_services,
                _service_users,
                show=_shown,
            ),
        ),
        _fill_services,
        _service_notes,
    )
)

BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    routes.USERS: Route(ADMIN, on_period),
    "pengguna-isi": Route(ADMIN, on_fill),
    BY_SERVICE: Route(ADMIN, on_services),
}
