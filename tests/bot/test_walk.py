"""Random people do random things in random order; hypothesis shrinks a failure to its shortest.

PUAS_TEST_WALKS=300 runs that many examples, with a new seed each time, and prints how to reproduce
a failure.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
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
from bot.turn.turn import Turn
from office.conversation import Kind, Tap, read_tap, to, write_tap
from simulator.errors import InvalidAction
from storage import people, periods
from storage.database import Db
from tests.bot import strategies
from tests.bot.invariants import Invariants
from tests.bot.test_access import FOREIGN_GROUP
from tests.bot.test_paper_entry import csv, row
from tests.conftest import ADMIN
from tests.stage import CAMAT_GROUP, Actor, Stage, buttons

WALKS = int(os.environ.get("PUAS_TEST_WALKS", "0"))
STEPS = 30
HOW = settings(
    max_examples=WALKS or 22,
    stateful_step_count=STEPS,
    derandomize=not WALKS,
    print_blob=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

ONWARD = (Kind.SEND, Kind.CONSENT, Kind.CONTINUE, Kind.SERVICE)


class Town(RuleBasedStateMachine):
    """A town with an office; every rule is what one person, the clock or the machine does."""

    def __init__(self, rooms: AbstractContextManager[tuple[Path, str]]) -> None:
        super().__init__()
        self.life = ExitStack()
        folder, url = self.life.enter_context(rooms)
        self.loop = self.life.enter_context(asyncio.Runner())
        self.office = Stage(folder, url, settings={"telegram": {"admins": [ADMIN]}})
        self.heard: list[tuple[datetime, Update]] = []
        self.due: dict[int, int] = {}  # how many answers to taps everybody must have by then
        self.run(self.office.open())

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this on the machine's own loop."""
        self.loop.run(work)

    @initialize(
        rated=st.lists(strategies.ratings, max_size=6),
        worked=st.lists(strategies.work, max_size=3),
        clock=st.sampled_from(("now", *strategies.AROUND)),
    )
    def settles(
        self, rated: list[strategies.Rating], worked: list[strategies.Work], clock: str
    ) -> None:
        """Everybody is there, some have rated, some have worked, and some time has passed."""
        self.run(self._settled())
        for rating in rated:
            self.rates(*rating)
        for one in worked:
            self.goes_about_work(*one)
        self.updates_come_again(31)
        self.run(self._presses_every_button(self.actors["Siti"]))
        if clock in strategies.AROUND:
            self.the_clock_moves(clock)

    async def _presses_every_button(self, who: Actor) -> None:
        """Every button of the officers', by somebody who was never shown one."""
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
        """Keep what is delivered, to deliver it once more; a new process is listened to anew."""
        handler = self.office.app.writer.handler

        def noted(turn: Turn, update: Update, again: bool) -> Any:
            self.heard.append((self.office.now, update))
            return handler(turn, update, again)

        self.office.app.writer.handler = noted

    def teardown(self) -> None:
        """The office closes; what a handler raised fails the walk."""
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
        """A button, mostly one that goes on; of the newest screen, or of an older one."""
        self.run(self._presses(self.actors[who], place, back))

    @rule(
        who=strategies.anybody,
        whose=strategies.anybody,
        place=strategies.places,
        back=strategies.back,
    )
    def presses_what_is_somebody_elses(self, who: str, whose: str, place: int, back: int) -> None:
        """Callback data from another's screen, sent by a client that was tampered with."""
        if taken := _button(self.actors[whose], place, back):
            self.run(self._taps(self.actors[who], taken[1]))

    @rule(who=strategies.anybody, data=strategies.forgeries)
    def presses_what_never_was(self, who: str, data: str) -> None:
        self.run(self._taps(self.actors[who], data))

    @rule(
        several=st.lists(st.tuples(strategies.anybody, strategies.places), min_size=2, max_size=8)
    )
    def presses_at_once(self, several: Sequence[tuple[str, int]]) -> None:
        """Several people, or one several times, before the office looks: one turn for all."""
        for who, place in several:
            if button := _button(self.actors[who], place):
                self._tapped(self.actors[who], *button)
        self.run(self._works())

    @rule(who=strategies.anybody, place=strategies.places)
    def presses_and_the_process_dies(self, who: str, place: int) -> None:
        """It ends between the commit and the confirmation: the same update comes again."""
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
            self.due[who.id] = self.due.get(who.id, answers) + 1

    # --- what people say -----------------------------------------------------------------------

    @rule(who=strategies.anybody, words=strategies.said)
    def says(self, who: str, words: str) -> None:
        """A text, a command with or without words behind it, a link."""
        self.run(self._says(self.actors[who], words))

    @rule(who=strategies.anybody, place=strategies.places)
    def uses_what_somebody_was_shown(self, who: str, place: int) -> None:
        """An invitation's link, or a receipt's code, wherever it stood."""
        texts = (str(m.get("text")) for actor in self.actors.values() for m in actor.messages)
        seen = " ".join(texts)
        found = [f"/start {link}" for link in re.findall(r"start=([\w-]+)", seen)]
        found += [f"/gugurkan {code}" for code in re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", seen)]
        if found:
            self.run(self._says(self.actors[who], found[-1 - place % len(found)]))

    @rule(who=strategies.anybody, name=st.sampled_from(list(strategies.FILES)))
    def sends_a_file(self, who: str, name: str) -> None:
        self.run(self._sends(self.actors[who], name, strategies.FILES[name]))

    async def _says(self, who: Actor, words: str) -> None:
        if who.chat < 0 and words.startswith("/"):  # in a group a bot hears what is said to it
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

    # --- errands: what takes many steps --------------------------------------------------------

    @rule(rating=strategies.ratings)
    def somebody_rates(self, rating: strategies.Rating) -> None:
        self.rates(*rating)

    def rates(self, who: str, link: str, values: list[int], saran: str) -> None:
        """The whole survey, or as far as these answers go: 0 skips."""
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
        """A command of one's own, and on through what it shows; a form gets its texts."""
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
    def brings_papers_in(self, who: str, rows: int) -> None:
        """*Isian kertas*, a file that is good today, *Simpan*, *Masukkan*."""
        today = self.office.now.date().isoformat()
        content = csv(*(row(number, day=today, saran="Kursi") for number in range(1, rows + 1)))
        self.run(self._brings(self.actors[who], content))

    async def _brings(self, who: Actor, content: bytes) -> None:
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
        """The bot is put out, let in again, or the group becomes a supergroup."""
        group, world = self.actors["grup"], self.office.world
        with suppress(InvalidAction):
            if what == "migrate":
                group.chat = world.migrate(group.chat)
                self.office_invariants.groups.add(group.chat)
            else:
                getattr(world, what)(group.chat, self.office.app.bot.id, ADMIN)
        self.run(self._works())

    @rule(what=st.sampled_from((1, 2, 30, 600, 2000, 12_000, *strategies.AROUND)))
    def the_clock_moves(self, what: int | str) -> None:
        """So many minutes, or to where a period ends, or to where the one that ended is locked."""
        if isinstance(what, int):
            moment = self.office.now + timedelta(minutes=what)
        else:
            with self.office.app.office.database.read() as db:
                found = [periods.current(db, kind) for kind in ("ikm", "unit")]
            end = min(period.ends_at for period in found if period)
            moment = end + strategies.AROUND[what]
        self.run(self._passes(moment))

    async def _passes(self, moment: datetime) -> None:
        if moment > self.office.now:
            self.office.world.clock.set(moment)
        await self.office.ticks()

    @rule()
    def the_process_starts_again(self) -> None:
        """Where everybody stands is in the rows: another process finds the same."""
        before = self._rows()
        self.run(self.office.restarts())
        self._listen()
        assert self._rows() == before, "a start changed something"

    @rule(how_many=st.integers(1, 31))
    def updates_come_again(self, how_many: int) -> None:
        """Telegram repeats what it delivered, for a day at the most."""
        day = self.office.now - timedelta(days=1)
        lately = [update for at, update in self.heard if at > day]
        before = self._rows()
        self.run(self._again(lately[-how_many:]))
        assert self._rows() == before, "an update that came again changed something"

    async def _again(self, updates: list[Update]) -> None:
        await self.office.app.turns.handle(updates)
        await self.office.app.display.drained()

    # --- how the office works ------------------------------------------------------------------

    async def _works(self) -> None:
        """The office does all there is to do."""
        self.office.app.sender.rate_limiter.chats.clear()
        await self.office.works()
        self._everybody_was_answered()

    def _everybody_was_answered(self) -> None:
        for user, due in self.due.items():
            assert len(self.office.world.toasts(user)) >= due, f"a tap of {user} got no answer"
        self.due.clear()

    def _rows(self) -> str:
        return self.office.everything()


def _button(who: Actor, place: int, back: int = 0) -> tuple[int, str, str] | None:
    """Message, data and label of a button on who's screens; two of three times one that goes on."""
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
    """What the newest screen with buttons offers: the tap, its data, the message."""
    shown = [m for m in who.messages if any("callback_data" in b for b in buttons(m))]
    data = [str(b["callback_data"]) for m in shown[-1:] for b in buttons(m) if "callback_data" in b]
    return [(tap, each, shown[-1]["message_id"]) for each in data if (tap := read_tap(each))]


@contextmanager
def _rooms(request: pytest.FixtureRequest, where: str) -> Iterator[tuple[Path, str]]:
    """A folder and a database of a walk's own."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        if where == "sqlite":
            url = f"sqlite:///{folder / 'puas.db'}"
            shutil.copy(request.getfixturevalue("sqlite_template"), folder / "puas.db")
        else:
            template = request.getfixturevalue("postgres_template")
            url = opened.enter_context(request.getfixturevalue("postgres").database(template))
        yield folder, url


@pytest.mark.timeout(600 + 30 * WALKS)  # a walk that failed is walked again, ever shorter
def test_whatever_people_do_the_invariants_hold(request: pytest.FixtureRequest, where: str) -> None:
    def town() -> Town:
        return Town(_rooms(request, where))

    run_state_machine_as_test(town, settings=HOW)  # type: ignore[arg-type] # what makes one will do
