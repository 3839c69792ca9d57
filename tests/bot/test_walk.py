"""Random people do random things in random order; hypothesis shrinks a failure to its shortest.

PUAS_TEST_WALKS=300 runs that many examples, with a new seed each time, and prints how to reproduce
a failure.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from telegram import Update

from bot import commands
from office.conversation import Kind, Tap, read_tap, to, write_tap
from office.turn import Turn
from simulator.errors import InvalidAction
from storage import people, periods
from storage.database import Db
from storage.settings import program_state
from tests.bot import strategies
from tests.bot.invariants import Invariants
from tests.bot.test_access import FOREIGN_GROUP
from tests.bot.test_paper_entry import csv, row
from tests.harness import CAMAT_GROUP, Actor, Harness, buttons
from tests.prepared import ADMIN, copied
from tests.prepared import SETTINGS as OFFICE

WALKS = int(os.environ.get("PUAS_TEST_WALKS", "0"))
STEPS = 30
SETTINGS = settings(
    max_examples=WALKS or 14,
    stateful_step_count=STEPS,
    derandomize=not WALKS,
    print_blob=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

ONWARD = (Kind.SEND, Kind.CONSENT, Kind.CONTINUE, Kind.SERVICE)


class OfficeMachine(RuleBasedStateMachine):
    """An office and its people; each rule is one action of a person, the clock or the process."""

    def __init__(self, database: AbstractContextManager[tuple[Path, str]]) -> None:
        super().__init__()
        self.life = ExitStack()
        folder, url = self.life.enter_context(database)
        self.loop = self.life.enter_context(asyncio.Runner())
        self.office = Harness(folder, url, settings=OFFICE)
        self.delivered: list[tuple[datetime, Update]] = []
        self.expected_toasts: dict[int, int] = {}  # by user, after the updates are handled
        self.run(self.office.open())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine on the event loop of this example."""
        self.loop.run(work)

    @initialize(
        rated=st.lists(strategies.ratings, max_size=6),
        worked=st.lists(strategies.work, max_size=3),
        clock=st.sampled_from(("now", *strategies.CLOCK_JUMPS)),
    )
    def settles(
        self, rated: list[strategies.Rating], worked: list[strategies.Work], clock: str
    ) -> None:
        """Create everybody; some have rated, some officers have worked, some time has passed."""
        self.run(self._settled())
        for rating in rated:
            self.rates(*rating)
        for one in worked:
            self.goes_about_work(*one)
        self.updates_come_again(31)
        self.run(self._presses_every_button(self.actors["Siti"]))
        if clock in strategies.CLOCK_JUMPS:
            self.the_clock_moves(clock)

    async def _presses_every_button(self, who: Actor) -> None:
        """Press every officers' button as a citizen, who was never shown one."""
        await self._says(who, "/privasi")
        for route in commands.BUTTONS:
            self._tapped(who, who.screen["message_id"], write_tap(to(route, 1)))
        await self._works()

    async def _settled(self) -> None:
        self._listen()
        office = self.office
        self.actors = {
            name: Actor(office, number, "en" if name == "Mary" else "id", strategies.NAME)
            for name, number in {
                **strategies.CITIZENS,
                **strategies.OFFICERS,
                "pemilik": ADMIN,
            }.items()
        }
        for role in strategies.OFFICERS:
            await office.app.turns.do(partial(self._granted, role=role))
        for name in (*strategies.OFFICERS, "pemilik"):
            await self.actors[name].says("/bantuan")
        office.world.add_group(CAMAT_GROUP, "Camat Pakong", [ADMIN])
        office.world.add_group(FOREIGN_GROUP, "Grup lain", [strategies.CITIZENS["Siti"]])
        await office.works()
        self.actors["grup"] = Actor(office, ADMIN, name=strategies.NAME, chat=CAMAT_GROUP)
        self.actors["grup lain"] = Actor(
            office, strategies.CITIZENS["Siti"], name=strategies.NAME, chat=FOREIGN_GROUP
        )
        await self.actors["grup"].says(f"/pasang_grup@{office.app.office.username}")
        self.office_invariants = Invariants(
            office, self.actors.values(), {CAMAT_GROUP}, ("Zulaikha",)
        )

    def _granted(self, db: Db, role: str) -> None:
        unit = self.office.stored.first_unit_kerja()
        place = unit if role == "kepala_unit" else None
        people.grant(db, strategies.OFFICERS[role], role, "Uji", None, self.office.now, place)

    def _listen(self) -> None:
        """Record delivered updates, to deliver them again; call it after each start."""
        handler = self.office.app.writer.handler

        def recorded(turn: Turn, update: Update, again: bool) -> Any:
            self.delivered.append((self.office.now, update))
            return handler(turn, update, again)

        self.office.app.writer.handler = recorded

    def teardown(self) -> None:
        """Close the office; an exception of a handler fails the example."""
        try:
            self.run(self.office.close())
        finally:
            self.life.close()

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "office_invariants"):
            self.office_invariants.check()

    # --- what people press ---------------------------------------------------------------------

    @rule(who=strategies.anybody, place=strategies.places, back=strategies.back)
    def presses(self, who: str, place: int, back: int) -> None:
        """Press a button, mostly one that leads on, of the newest or an older screen."""
        self.run(self._presses(self.actors[who], place, back))

    @rule(
        who=strategies.anybody,
        whose=strategies.anybody,
        place=strategies.places,
        back=strategies.back,
    )
    def presses_a_button_of_somebody_else(
        self, who: str, whose: str, place: int, back: int
    ) -> None:
        """Send callback data from another person's screen, as a modified client could."""
        if taken := _button(self.actors[whose], place, back):
            self.run(self._taps(self.actors[who], taken[1]))

    @rule(who=strategies.anybody, data=strategies.forgeries)
    def presses_a_forged_button(self, who: str, data: str) -> None:
        self.run(self._taps(self.actors[who], data))

    @rule(
        several=st.lists(st.tuples(strategies.anybody, strategies.places), min_size=2, max_size=8)
    )
    def presses_at_once(self, several: Sequence[tuple[str, int]]) -> None:
        """Press several buttons before the office handles them: one turn for all."""
        for who, place in several:
            if button := _button(self.actors[who], place):
                self._tapped(self.actors[who], *button)
        self.run(self._works())

    @rule(who=strategies.anybody, place=strategies.places)
    def presses_and_the_process_dies(self, who: str, place: int) -> None:
        """Stop the process between commit and confirmation: the update is delivered again."""
        if button := _button(self.actors[who], place):
            self._tapped(self.actors[who], *button)
            self.run(self._dies())

    async def _dies(self) -> None:
        await self.office.app.polling.once(0)
        await self.office.app.display.drained()
        self._everybody_was_answered()
        before = self._rows()
        await self.office.restarts()
        self._listen()
        await self.office.app.polling.once(0)
        assert self._rows() == before, "an update that came again changed something"
        await self._works()

    async def _presses(self, who: Actor, place: int, back: int = 0) -> None:
        if button := _button(who, place, back):
            note(f"{who.id} presses {button[2]!r} = {button[1]}")
            self._tapped(who, *button)
            await self._works()

    async def _taps(self, who: Actor, data: str) -> None:
        shown = [m["message_id"] for m in who.messages if m.get("from", {}).get("is_bot")]
        if shown:
            self._tapped(who, shown[-1], data)
            await self._works()

    def _tapped(self, who: Actor, message: int, data: str, _label: str = "") -> None:
        with suppress(InvalidAction):
            self.office.world.tap(who.id, who.chat, message, data)
            answers = len(self.office.world.toasts(who.id))
            self.expected_toasts[who.id] = self.expected_toasts.get(who.id, answers) + 1

    # --- what people say -----------------------------------------------------------------------

    @rule(who=strategies.anybody, words=strategies.messages)
    def says(self, who: str, words: str) -> None:
        """Send a text, a command with or without arguments, or a link."""
        self.run(self._says(self.actors[who], words))

    @rule(who=strategies.anybody, place=strategies.places)
    def uses_a_link_or_receipt_of_somebody(self, who: str, place: int) -> None:
        """Use an invitation link or a receipt code from any person's screen."""
        texts = (str(m.get("text")) for actor in self.actors.values() for m in actor.messages)
        shown = " ".join(texts)
        commands_shown = [f"/start {link}" for link in re.findall(r"start=([\w-]+)", shown)]
        commands_shown += [
            f"/gugurkan {code}" for code in re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", shown)
        ]
        if commands_shown:
            command = commands_shown[-1 - place % len(commands_shown)]
            self.run(self._says(self.actors[who], command))

    @rule(who=strategies.anybody, name=st.sampled_from(list(strategies.FILES)))
    def sends_a_file(self, who: str, name: str) -> None:
        self.run(self._sends(self.actors[who], name, strategies.FILES[name]))

    async def _says(self, who: Actor, words: str) -> None:
        if who.chat < 0 and words.startswith(
            "/"
        ):  # in a group a bot receives only commands that name it
            name, _, rest = words.partition(" ")
            words = f"{name}@{self.office.app.office.username} {rest}"
        with suppress(InvalidAction):
            self.office.world.say(who.id, who.chat, words, typed=True)
        await self._works()

    async def _sends(self, who: Actor, name: str, content: bytes) -> None:
        with suppress(InvalidAction):
            if name == "stiker":
                self.office.world.send_sticker(who.id, who.chat)
            else:
                self.office.world.send_file(who.id, who.chat, name, content, caption="/kelola")
        await self._works()

    # --- tasks of many steps ---------------------------------------------------------------------

    @rule(rating=strategies.ratings)
    def somebody_rates(self, rating: strategies.Rating) -> None:
        self.rates(*rating)

    def rates(self, who: str, link: str, values: list[int], saran: str) -> None:
        """Complete a survey, or answer as long as there are values: 0 skips."""
        self.run(self._rates(self.actors[who], link, values, saran))

    async def _rates(self, who: Actor, link: str, values: list[int], saran: str) -> None:
        await self._says(who, f"/start {link}")
        left = iter(values)
        for _ in range(18):
            offered = _taps_on(who)
            writing = [o for o in offered if o[0].kind == Kind.WRITE]
            if saran and writing:
                self._tapped(who, writing[0][2], writing[0][1])
                await self._works()
                await self._says(who, saran)
                saran = ""
                continue
            wanted = {*ONWARD, Kind.SKIP}
            if any(tap.kind == Kind.ANSWER for tap, _, _ in offered) and (value := next(left, 0)):
                offered = [o for o in offered if o[0].kind != Kind.ANSWER or o[0].value == value]
                wanted.add(Kind.ANSWER)
            for tap, data, message in sorted(offered, key=lambda o: o[0].kind != Kind.ANSWER):
                if tap.kind in wanted:
                    self._tapped(who, message, data)
                    break
            else:
                return
            await self._works()

    @rule(one=strategies.work)
    def somebody_works(self, one: strategies.Work) -> None:
        self.goes_about_work(*one)

    def goes_about_work(self, who: str, place: int, presses: list[int], words: list[str]) -> None:
        """Send a command of the own role and press on; a form gets its texts."""
        roles = {"admin"} if who == "pemilik" else {who}
        mine = [route.name for route in commands.OFFICERS if route.roles and route.roles & roles]
        self.run(self._works_on(self.actors[who], mine[place % len(mine)], presses, words))

    async def _works_on(
        self, who: Actor, command: str, presses: list[int], words: list[str]
    ) -> None:
        await self._says(who, f"/{command}")
        for place in presses:
            items = [tap.item for tap, _, _ in _taps_on(who) if tap.kind == Kind.FORM]
            if items and words and "simpan" not in items and "pilih" not in items:
                await self._says(who, words.pop())
            else:
                await self._presses(who, place)

    @rule(who=strategies.officers, rows=st.integers(1, 6))
    def enters_paper_answers(self, who: str, rows: int) -> None:
        """Press *Isian kertas*, send a valid file, press *Simpan* and *Masukkan*."""
        today = self.office.now.date().isoformat()
        content = csv(*(row(number, day=today, saran="Kursi") for number in range(1, rows + 1)))
        self.run(self._enters(self.actors[who], content))

    async def _enters(self, who: Actor, content: bytes) -> None:
        await self._says(who, "/kelola")
        for label in ("Isian kertas", "📄"):
            await self._presses_label(who, label)
        await self._sends(who, "kertas.csv", content)
        for label in ("✅ Simpan", "✅ Masukkan"):
            await self._presses_label(who, label)

    async def _presses_label(self, who: Actor, label: str) -> None:
        for message in reversed(who.messages):
            for button in buttons(message):
                if str(button["text"]).startswith(label) and "callback_data" in button:
                    self._tapped(who, message["message_id"], str(button["callback_data"]))
                    await self._works()
                    return

    # --- what happens to them ------------------------------------------------------------------

    @rule(who=strategies.anybody, blocked=st.booleans())
    def blocks_the_bot(self, who: str, blocked: bool) -> None:
        with suppress(InvalidAction):
            self.office.world.block(self.actors[who].id, blocked)
        self.run(self._works())

    @rule(role=st.sampled_from(list(strategies.OFFICERS)), taken=st.booleans())
    def loses_the_role_or_has_it_again(self, role: str, taken: bool) -> None:
        def work(db: Db) -> None:
            for held in people.role_rows_of(db, strategies.OFFICERS[role]):
                people.revoke(db, held.id, self.office.now)
            if not taken:
                self._granted(db, role)

        self.run(self.office.app.turns.do(work))

    @rule(what=st.sampled_from(("kick", "add", "migrate")))
    def something_happens_to_the_group(self, what: str) -> None:
        """Remove the bot, add it again, or make the group a supergroup."""
        group, world = self.actors["grup"], self.office.world
        with suppress(InvalidAction):
            match what:
                case "migrate":
                    group.chat = world.migrate(group.chat)
                    self.office_invariants.groups.add(group.chat)
                case "kick":
                    world.kick(group.chat, self.office.app.bot.id, ADMIN)
                case "add":
                    world.add_member(group.chat, self.office.app.bot.id, ADMIN)
        self.run(self._works())

    @rule(what=st.sampled_from((1, 2, 30, 600, 2000, 12_000, *strategies.CLOCK_JUMPS)))
    def the_clock_moves(self, what: int | str) -> None:
        """Advance by minutes, or to the close or the lock of a period."""
        if isinstance(what, int):
            moment = self.office.now + timedelta(minutes=what)
        else:
            with self.office.app.office.database.read() as db:
                open_periods = [periods.current(db, kind) for kind in ("ikm", "unit")]
            end = min(period.ends_at for period in open_periods if period)
            moment = end + strategies.CLOCK_JUMPS[what]
        self.run(self._passes(moment))

    async def _passes(self, moment: datetime) -> None:
        if moment > self.office.now:
            self.office.world.clock.set(moment)
        await self.office.ticks()

    @rule()
    def the_process_starts_again(self) -> None:
        """Restart the process: all state is in the database, so nothing changes."""
        before = self._rows()
        self.run(self.office.restarts())
        self._listen()
        assert self._rows() == before, "a start changed something"

    @rule(how_many=st.integers(1, 31))
    def updates_come_again(self, how_many: int) -> None:
        """Deliver updates of the last day again, as Telegram may."""
        day = self.office.now - timedelta(days=1)
        recent = [update for at, update in self.delivered if at > day]
        before = self._rows()
        self.run(self._again(recent[-how_many:]))
        assert self._rows() == before, "an update that came again changed something"

    async def _again(self, updates: list[Update]) -> None:
        await self.office.app.turns.handle(updates)
        await self.office.app.display.drained()

    # --- how the office works ------------------------------------------------------------------

    async def _works(self) -> None:
        """Let the office handle all updates and send all messages."""
        self.office.app.sender.rate_limiter.chats.clear()
        await self.office.works()
        self._everybody_was_answered()

    def _everybody_was_answered(self) -> None:
        for user, expected in self.expected_toasts.items():
            assert len(self.office.world.toasts(user)) >= expected, f"a tap of {user} got no answer"
        self.expected_toasts.clear()

    def _rows(self) -> list[tuple[object, ...]]:
        """Every row but the note of the process that polls, which is a new one at each start."""
        rows = self.office.rows()
        return [row for row in rows if not str(row[0]).startswith(program_state.POLLER)]


def _button(who: Actor, place: int, back: int = 0) -> tuple[int, str, str] | None:
    """Message, data and label of a button; for two of three values one that leads on."""
    shown = [m for m in who.messages if any("callback_data" in b for b in buttons(m))]
    if not shown:
        return None
    message = shown[max(-len(shown), -1 - back)]
    pressable = [b for b in buttons(message) if "callback_data" in b]
    onward = [b for b in pressable if not re.search("Batal|‹|Lewati|Cabut|Tidak|Hapus", b["text"])]
    among = onward if onward and place < 20 else pressable
    chosen = among[place % len(among)]
    return int(message["message_id"]), str(chosen["callback_data"]), str(chosen["text"])


def _taps_on(who: Actor) -> list[tuple[Tap, str, int]]:
    """Tap, data and message of each button on the newest screen with buttons."""
    shown = [m for m in who.messages if any("callback_data" in b for b in buttons(m))]
    data = [str(b["callback_data"]) for m in shown[-1:] for b in buttons(m) if "callback_data" in b]
    return [(tap, each, shown[-1]["message_id"]) for each in data if (tap := read_tap(each))]


@contextmanager
def _database(request: pytest.FixtureRequest, where: str) -> Iterator[tuple[Path, str]]:
    """A folder and the URL of a prepared database, for one example."""
    with tempfile.TemporaryDirectory() as name, copied(where, request, Path(name)) as url:
        yield Path(name), url


@pytest.mark.slow
@pytest.mark.timeout(600 + 30 * WALKS)  # hypothesis repeats a failed example to shrink it
def test_whatever_people_do_the_invariants_hold(request: pytest.FixtureRequest, where: str) -> None:
    def machine() -> OfficeMachine:
        return OfficeMachine(_database(request, where))

    run_state_machine_as_test(machine, settings=SETTINGS)  # type: ignore[arg-type] # a factory is enough
