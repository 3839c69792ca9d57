"""*Data kantor*: the office's name and data on screens and papers; a change applies at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bot.officers import access
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Field, Form, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import Html
from office.words.manage import ManageWords
from storage import audit
from storage.settings import office_facts

SCREEN = "data-kantor"
MEMBERS = 20  # of the survey team


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of the office, as the form shows it."""

    key: office_facts.Fact
    label: Callable[[ManageWords], str]
    most: int  # UTF-16 units of a line
    needed: bool = False
    lines: int = 1


FACTS = (
    Fact("nama", lambda words: words.fact_nama(), 120, needed=True),
    Fact("jabatan", lambda words: words.fact_jabatan(), 120),
    Fact("kabupaten", lambda words: words.fact_kabupaten(), 120),
    Fact("alamat", lambda words: words.fact_alamat(), 200),
    Fact("kontak", lambda words: words.fact_kontak(), 120),
    Fact("sk", lambda words: words.fact_sk(), 200),
    Fact("tim", lambda words: words.fact_tim(), 120, lines=MEMBERS),
    Fact("persiapan", lambda words: words.fact_persiapan(), 60),
    Fact("pelaporan", lambda words: words.fact_pelaporan(), 60),
    Fact("publikasi", lambda words: words.fact_publikasi(), 60),
)


def on_facts(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The data of the office."""
    return edited(press, _screen(turn))


def _screen(turn: Turn) -> Screen:
    words = turn.office.words.manage
    facts = office_facts.read(turn.db)
    lines = [
        words.fact(label=fact.label(words), value=getattr(facts, fact.key) or words.empty())
        for fact in FACTS
    ]
    text = words.facts_screen(facts=Html("\n".join(lines)))
    rows = [
        (Button(fact.label(words), to("data-isi", number)),) for number, fact in enumerate(FACTS)
    ]
    return Screen(text, (*rows, (Button(words.back(), to(routes.MANAGE)),)))


def on_fill(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for one of them."""
    if tap.response >= len(FACTS):
        return access.gone(turn, press)
    return forms.begin(turn, press.person, FORMS[tap.response], {}, press)


def _read(turn: Turn, _values: Values, text: str, *, fact: Fact) -> str:
    if fact.lines > 1:
        return fields.lines(turn, text, fact.lines, fact.most)
    return fields.line(turn, text, fact.most)


def _ask(turn: Turn, _values: Values, *, fact: Fact) -> str:
    words = turn.office.words.manage
    before = getattr(office_facts.read(turn.db), fact.key) or words.empty()
    question = words.ask_fact(label=fact.label(words), before=before, most=fact.most)
    if fact.lines > 1:
        question += words.ask_team(most=fact.lines)
    return question if fact.needed else question + words.may_be_empty()


def _fill(turn: Turn, person: Person, values: Values, *, fact: Fact) -> Sequence[Effect]:
    after = values["value"] or ""
    before = getattr(office_facts.read(turn.db), fact.key)
    if before != after:
        office_facts.change(turn.db, fact.key, after)
        target = office_facts.audit_target(fact.key)
        user, action = person.chat_id, "ubah_data_kantor"
        audit.record(turn.db, turn.now, user, action, target, before=before, after=after)
    return [Show(person.chat_id, _screen(turn))]


def _form(fact: Fact) -> Form:
    field = Field(
        "value",
        lambda words: fact.label(words.manage),
        partial(_ask, fact=fact),
        partial(_read, fact=fact),
        optional=not fact.needed,
    )
    return register(
        Form(
            f"data-{fact.key}",
            lambda turn, _values: turn.office.words.manage.facts_title(),
            ADMIN,
            (field,),
            partial(_fill, fact=fact),
        )
    )


FORMS = tuple(_form(fact) for fact in FACTS)

BUTTONS: dict[str, Route] = {
    SCREEN: Route(ADMIN, on_facts),
    "data-isi": Route(ADMIN, on_fill),
}
