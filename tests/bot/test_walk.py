"""Anybody does anything: walks by the dice through every role, and what holds after each step."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from bot import handlers
from bot.flow import Kind, Tap, write_tap
from bot.officers import doors
from bot.officers.doors import to
from storage import people
from storage.database import Db
from tests.conftest import ADMIN
from tests.stage import Actor, Stage, buttons

STEPS = 80
CITIZENS = (730_000_101, 730_000_102, 730_000_103)
HOLDERS = {
    "admin": 740_000_001,
    "camat": 740_000_002,
    "pejabat": 740_000_003,
    "petugas": 740_000_004,
    "kepala_unit": 740_000_005,
}
COMMANDS = sorted({*handlers.PRIVATE, *handlers.OFFICERS, "gubernur"})
OFFICERS_KINDS = (Kind.OFFICER, Kind.FORM)
TYPED = (
    "KTP baru",
    "12",
    "-999999999999",
    "9" * 40,
    "٣",
    "0",
    "71,35",
    "2026",
    "2026-Q3",
    "tidak ada alasan lain",
    "<b>tebal</b> & </b><a href='tg://user?id=1'>",
    "{office} {0} %s",
    '=HYPERLINK("http://x")',
    "\u202egnp.exe",
    "Кеcamatan",
    "\U0001d54f" * 60,
    "👩‍👩‍👧‍👦" * 30,
    "a" * 4096,
    "../../etc/passwd",
    "'; DROP TABLE response; --",
)
NAMES = ("data.xlsx", "../../puas.key", "\u202exslx.exe", "<b>.csv", "a" * 200 + ".pdf", ".")
CONTENTS = (b"", b"PK\x03\x04", b"%PDF-1.7", b"tanggal,jam\n1,2\n", b"\xff\xfe\x00\x00", b"=1+1")

RECOUNT = """
SELECT r.period_id, s.scope, CASE s.scope WHEN 0 THEN r.service_id WHEN 1 THEN v.unit_id ELSE 0 END,
       r.kanal, r.urutan > 1, a.item_id, COALESCE(a.nilai, 0), count(*)
FROM response r JOIN answer a ON a.response_id = r.id JOIN service v ON v.id = r.service_id,
     (SELECT 0 AS scope UNION SELECT 1 UNION SELECT 2) s
WHERE r.status = 1 GROUP BY 1, 2, 3, 4, 5, 6, 7"""
TALLIES = """
SELECT period_id, scope, scope_id, kanal, repeat, item_id, nilai, count
FROM tally WHERE count > 0"""
NEVER = (
    "SELECT * FROM set_aside",
    "SELECT kind, body, reason FROM outbox WHERE status = 'failed'",
    "SELECT chat_id FROM response WHERE status <> 0 AND chat_id IS NOT NULL",
    "SELECT chat_id FROM response WHERE status = 0 GROUP BY chat_id HAVING count(*) > 1",
    """SELECT owner FROM response WHERE status = 1 AND owner IS NOT NULL
    GROUP BY owner, service_id, period_id, urutan HAVING count(*) > 1""",
    "SELECT id FROM period WHERE status = 'locked' AND salt IS NOT NULL",
    """SELECT r.id FROM response r JOIN period p ON p.id = r.period_id WHERE p.status = 'locked'
    AND (r.owner IS NOT NULL OR r.key IS NOT NULL OR r.status = 0)""",
    "SELECT kind FROM period WHERE status = 'open' GROUP BY kind HAVING count(*) > 1",
    """SELECT kind, period_id, chat_id FROM outbox WHERE period_id IS NOT NULL
    GROUP BY kind, period_id, chat_id HAVING count(*) > 1""",
)
LOCKED = """
SELECT r.* FROM result r JOIN period p ON p.id = r.period_id
WHERE p.status = 'locked' ORDER BY r.id"""


@dataclass
class Walk:
    """A town whose people do what the dice say; what was seen so far, to hold against the rows."""

    office: Stage
    dice: random.Random
    actors: list[Actor]
    audit: list[tuple[Any, ...]] = field(default_factory=list)
    locked: list[tuple[Any, ...]] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)

    async def step(self) -> None:
        """One errand or act of one person, or of the clock."""
        if self.dice.random() < 0.1:
            await self.dice.choice((self.clock, self.clock, self.restart, self.roles))()
        who = self.dice.choice(self.actors)
        acts = (self.errand, self.press, self.command, self.text, self.link, self.forged, self.file)
        act = self.dice.choices(acts, (20, 20, 10, 10, 8, 20, 6))[0]
        self.trail.append(f"{who.name}: {act.__name__}")
        await act(who)

    async def errand(self, who: Actor) -> None:
        """Begin something one may do, and go on with it for a while."""
        mine = [name for name, roles in doors.COMMANDS.items() if who.name in roles]
        link = f"/start l_{self.dice.choice(('ktp-el', 'kk'))}"
        begin = f"/{self.dice.choice(mine)}" if mine and self.dice.random() < 0.8 else link
        await self.say(who, begin)
        for _ in range(self.dice.randint(1, 18)):
            await (self.text if self.dice.random() < 0.15 else self.press)(who)

    async def press(self, who: Actor) -> None:
        """A button of the newest message, mostly one that goes on; now and then an older one."""
        back = 0 if self.dice.random() < 0.9 else self.dice.randint(1, 8)
        shown = [m for m in who.messages if "reply_markup" in m]
        if not shown:
            return
        message = shown[max(-len(shown), -1 - back)]
        pressed = [b for b in buttons(message) if "callback_data" in b]
        onward = [b for b in pressed if not re.search("Batal|‹|Lewati|Cabut", str(b["text"]))]
        if pressed:
            chosen = onward if onward and self.dice.random() < 0.9 else pressed
            await self.tap(who, message, self.dice.choice(chosen)["callback_data"])

    async def tap(self, who: Actor, message: dict[str, Any], data: str) -> None:
        """Press what this says, on this message."""
        self.trail[-1] += f" {data}"
        self.office.world.tap(who.id, who.chat, message["message_id"], data)
        await self.works()

    async def command(self, who: Actor) -> None:
        """A command, with or without words behind it."""
        words = self.dice.choice(("", "", self.dice.choice(TYPED)))
        await self.say(who, f"/{self.dice.choice(COMMANDS)} {words}"[:4096].strip())

    async def text(self, who: Actor) -> None:
        """A text, awaited or not."""
        await self.say(who, self.dice.choice(TYPED))

    async def link(self, who: Actor) -> None:
        """A link somebody was shown, or a code of a receipt, wherever it stood."""
        seen = " ".join(str(m.get("text")) for actor in self.actors for m in actor.messages[-20:])
        found = [*re.findall(r"start=([\w-]+)", seen), "l_ktp-el", "l_kk", "u_" + "A" * 22]
        codes = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", seen)
        said = [f"/start {payload}" for payload in found] + [f"/gugurkan {code}" for code in codes]
        await self.say(who, self.dice.choice(said))

    async def say(self, who: Actor, words: str) -> None:
        """Say it, and note it."""
        self.trail[-1] += f" {words[:60]!r}"
        self.office.world.say(who.id, who.chat, words, typed=True)
        await self.works()

    async def works(self) -> None:
        """The office works, and everything holds."""
        self.office.app.post.pace.chats.clear()
        await self.office.works()
        assert self.office.raised == [], self.trail[-6:]
        self.holds()

    async def forged(self, who: Actor) -> None:
        """Callback data made up, or taken from somebody else's screen."""
        shown = [m for m in who.messages if m.get("from", {}).get("is_bot")]
        if not shown:
            return
        other = self.dice.choice(self.actors)
        theirs = [b.get("callback_data") for m in other.messages for b in buttons(m)]
        number = self.dice.choice((0, 1, 2, 7, 2**62))
        route = to(self.dice.choice(sorted(handlers.BUTTONS)), number, number % 10, number % 5)
        kind = self.dice.choice(list(Kind))
        made = Tap(kind, number, self.dice.choice(("WAKTU", "ktp-el", "", "simpan")), number % 9, 1)
        known = [data for data in theirs if data] or ["a"]
        data = self.dice.choice((self.dice.choice(known), write_tap(route), write_tap(made), "\0"))
        await self.tap(who, self.dice.choice(shown), data)

    async def file(self, who: Actor) -> None:
        """A document nobody asked for, or one that was asked for."""
        name = self.dice.choice(NAMES)
        content = self.dice.choice(CONTENTS)
        self.office.world.upload(who.id, who.chat, name, content, caption="/kelola")
        await self.works()

    async def clock(self) -> None:
        """Time passes, from minutes to weeks."""
        self.trail.append("clock")
        await self.office.waits(minutes=self.dice.choice((1, 30, 600, 2000, 12_000, 60_000)))
        await self.office.ticks()
        self.holds()

    async def restart(self) -> None:
        """The process ends, and another one goes on."""
        self.trail.append("restart")
        await self.office.restarts()

    async def roles(self) -> None:
        """Somebody loses his role, or has it again."""
        role, user = self.dice.choice(sorted(HOLDERS.items()))
        taken = self.dice.random() < 0.5
        self.trail.append(f"{'revoke' if taken else 'grant'} {role}")
        held = f"SELECT id FROM role WHERE user_id = {user} AND revoked_at IS NULL"  # noqa: S608 # a number of ours
        unit = self.office.rows("SELECT min(id) FROM unit WHERE kerja")[0][0]

        def work(db: Db) -> None:
            if taken:
                for (number,) in self.office.rows(held):
                    people.revoke(db, number, self.office.now)
            else:
                place = unit if role == "kepala_unit" else None
                people.grant(db, user, role, "Uji", None, self.office.now, place)

        await self.office.app.turns.do(work)

    def holds(self) -> None:
        """Fail unless every invariant holds."""
        fates = self.office.app.display.fates
        assert not fates["refused"] + fates["failed"], self.trail[-6:]
        for sql in NEVER:
            assert self.office.rows(sql) == [], sql
        assert sorted(self.office.rows(TALLIES)) == sorted(self.office.rows(RECOUNT))
        audit = self.office.rows("SELECT * FROM audit ORDER BY id")
        assert audit[: len(self.audit)] == self.audit
        locked = self.office.rows(LOCKED)
        assert [row for row in locked if row in self.locked] == self.locked
        self.audit, self.locked = audit, locked
        self.shows_no_office_to_others()

    def shows_no_office_to_others(self) -> None:
        """No officers' button, ever, on the screen of somebody who never had a role."""
        ever = {user for (user,) in self.office.rows("SELECT user_id FROM role")}
        for actor in self.actors:
            if actor.chat < 0 or actor.id not in ever:
                for button in (b for m in actor.messages for b in buttons(m)):
                    assert not str(button.get("callback_data", "")).startswith(
                        tuple(f"{kind}." for kind in OFFICERS_KINDS)
                    ), button

    def forgets(self) -> None:
        """A citizen who has nothing open stands in no row."""
        known = {row[0] for row in self.office.rows("SELECT chat_id FROM response")}
        known |= {row[0] for row in self.office.rows("SELECT chat_id FROM awaited_text")}
        known |= {row[0] for row in self.office.rows("SELECT user_id FROM role")}
        rows = self.office.everything()
        for citizen in CITIZENS:
            assert citizen in known or str(citizen) not in rows, citizen


@pytest.fixture
async def walk(
    request: pytest.FixtureRequest, office: Stage, group: Actor, person: Callable[..., Actor]
) -> Walk:
    """Citizens, one holder of each role, and the group, before the first step."""
    for role, user in HOLDERS.items():
        found = office.rows("SELECT min(id) FROM unit WHERE kerja")[0][0]
        unit = found if role == "kepala_unit" else None
        grant = partial(
            people.grant, user_id=user, role=role, title="Uji", granted_by=None, now=office.now
        )
        await office.app.turns.do(partial(grant, unit_id=unit))
    actors = [person(citizen) for citizen in CITIZENS]
    actors += [person(user, name=role) for role, user in HOLDERS.items()]
    return Walk(office, random.Random(request.param), [*actors, person(ADMIN), group])


@pytest.mark.parametrize("walk", [1, 2, 3], indirect=True)
async def test_whatever_people_do_the_invariants_hold(walk: Walk) -> None:
    for number in range(STEPS):
        await walk.step()
        if number % 20 == 0:
            walk.forgets()
    walk.forgets()
