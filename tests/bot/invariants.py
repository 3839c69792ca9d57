"""The invariants of the design, checked on rows and screens after each step of a test."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect

from bot.commands import BUTTONS
from bot.officers.groups import linking
from office.conversation import Kind, read_tap
from storage.survey.owners import TABLE
from tests.harness import Actor, Harness, buttons

Rows = list[tuple[Any, ...]]

RECOUNT = """
SELECT r.period_id, s.scope, CASE s.scope WHEN 0 THEN r.service_id WHEN 1 THEN v.unit_id ELSE 0 END,
       r.kanal, r.urutan > 1, a.item_id, COALESCE(a.nilai, 0), count(*)
FROM response r JOIN answer a ON a.response_id = r.id JOIN service v ON v.id = r.service_id,
     (SELECT 0 AS scope UNION SELECT 1 UNION SELECT 2) s
WHERE r.status = 1 GROUP BY 1, 2, 3, 4, 5, 6, 7"""
TALLIES = """
SELECT period_id, scope, scope_id, kanal, repeat, item_id, nilai, count
FROM tally WHERE count > 0"""
LOCKED_TALLIES = """
SELECT t.* FROM tally t JOIN period p ON p.id = t.period_id WHERE p.status = 'locked'
ORDER BY 1, 2, 3, 4, 5, 6, 7"""
LOCKED_RESULTS = """
SELECT r.* FROM result r ORDER BY r.period_id, r.revision"""
LOCKED_BLOCKS = """
SELECT b.* FROM block b ORDER BY b.period_id, b.number"""

UNLOCKED = "SELECT id FROM period WHERE kind = 'ikm' AND status <> 'locked'"
# Of the table of owners of a period, each must return no row.
TWICE = """
SELECT owner FROM owner_{} WHERE voided = 0 AND owner IS NOT NULL
GROUP BY owner, service_id, urutan HAVING count(*) > 1"""
OWNERS = """
SELECT o.response_id FROM owner_{} o LEFT JOIN response r ON r.id = o.response_id
WHERE r.id IS NULL OR o.voided <> CASE r.status WHEN 2 THEN 1 ELSE 0 END
OR r.service_id <> o.service_id OR r.urutan <> o.urutan"""

# Each of these queries must return no row.
NEVER = {
    "an update was set aside": "SELECT error FROM set_aside",
    "a message failed, though its chat exists": """
    SELECT kind, body, reason FROM outbox WHERE status IN ('failed', 'uncertain')
    AND reason NOT LIKE 'Forbidden%'""",
    "two summaries of the ledger are the same": """
    SELECT kind, period_id, chat_id FROM outbox WHERE period_id IS NOT NULL
    GROUP BY kind, period_id, chat_id HAVING count(*) > 1""",
    "an open response is not of the open period": """
    SELECT r.person FROM open_response r JOIN period p ON p.id = r.period_id
    WHERE p.status <> 'open' OR p.kind <> 'ikm'""",
    "a chat is awaited to send a suggestion and another text": """
    SELECT w.chat_id FROM awaited_text w JOIN open_response r ON r.person = w.chat_id
    WHERE r.writing""",
    "a phone rated more often than the office allows": """
    SELECT id FROM response WHERE urutan > 3""",
    "a completed response has too few answers": """
    SELECT r.id FROM response r JOIN answer a ON a.response_id = r.id
    WHERE r.status = 1 GROUP BY r.id, r.kanal
    HAVING count(*) <> 9 OR count(a.nilai) < CASE r.kanal WHEN 'kertas' THEN 1 ELSE 5 END""",
    "a completed response has no answers": """
    SELECT id FROM response WHERE status = 1 AND id NOT IN (SELECT response_id FROM answer)""",
    "an answer is off the scale": "SELECT response_id FROM answer WHERE nilai NOT BETWEEN 1 AND 4",
    "a locked period still identifies its respondents": """
    SELECT r.person FROM open_response r JOIN period p ON p.id = r.period_id
    WHERE p.status = 'locked'""",
    "a locked period has its salt": """
    SELECT s.period_id FROM period_salt s JOIN period p ON p.id = s.period_id
    WHERE p.status = 'locked'""",
    "a locked period still has the numbers of its slips": """
    SELECT s.number FROM slip s JOIN period p ON p.id = s.period_id WHERE p.status = 'locked'""",
    "a response has not the prefix of its period": """
    SELECT id FROM response WHERE id / 1099511627776 <> period_id""",
    "a locked period that was answered has no result": """
    SELECT p.id FROM period p JOIN tally t ON t.period_id = p.id AND t.count > 0
    WHERE p.status = 'locked' AND COALESCE(p.runs_into, p.id) NOT IN
    (SELECT period_id FROM result)""",
    "a period that is not locked has a result": """
    SELECT r.period_id FROM result r JOIN period p ON p.id = r.period_id
    WHERE p.status <> 'locked' OR p.runs_into IS NOT NULL""",
    "a period runs into one that is not later, or that runs on itself": """
    SELECT p.id FROM period p JOIN period q ON q.id = p.runs_into
    WHERE q.kind <> p.kind OR q.starts_at < p.ends_at OR q.runs_into IS NOT NULL""",
    "a period that runs on is locked before the one that counts it, or after": """
    SELECT p.id FROM period p JOIN period q ON q.id = p.runs_into
    WHERE (p.status = 'locked') <> (q.status = 'locked')""",
    "the blocks of a lock do not hold each response once": """
    SELECT r.period_id FROM result r WHERE
    (SELECT sum(b.n) FROM block b WHERE b.period_id = r.period_id AND b.until IS NULL) <>
    (SELECT count(*) FROM response a JOIN period p ON a.id / 1099511627776 = p.id
     WHERE a.status = 1 AND COALESCE(p.runs_into, p.id) = r.period_id)""",
    "a kind has two open periods, or none": """
    SELECT kind FROM period GROUP BY kind
    HAVING sum(CASE status WHEN 'open' THEN 1 ELSE 0 END) <> 1""",
    "two periods of a kind overlap": """
    SELECT a.id FROM period a JOIN period b ON a.kind = b.kind AND a.id < b.id
    WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at""",
    "more ratings were sent than units have rated": """
    SELECT g.period_id FROM rating g GROUP BY g.period_id
    HAVING count(*) <> (SELECT count(*) FROM rated d WHERE d.period_id = g.period_id)""",
    "a revoked invitation was used": """
    SELECT id FROM invitation WHERE used_by IS NOT NULL AND revoked_at < used_at""",
    "a duplicate of an update was recorded": """
    SELECT update_id FROM handled_update GROUP BY bot_id, update_id HAVING count(*) > 1""",
}
BROKEN = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS ({sql})" for name, sql in NEVER.items())
MAY_BE_KNOWN = """
SELECT person FROM open_response UNION SELECT chat_id FROM awaited_text
UNION SELECT chat_id FROM news_request UNION SELECT user_id FROM role
UNION SELECT chat_id FROM outbox WHERE kind = 'kabar_warga'"""
SUMMARY = re.compile(r"📊 .* – ([^–\n]+)\n")
OFFICIAL = (Kind.OFFICER, Kind.FORM)


@dataclass
class Invariants:
    """Checks an office after each step, and remembers what must not change later."""

    office: Harness
    actors: Collection[Actor]
    groups: set[int]  # every chat that was ever a group of the office
    secrets: tuple[str, ...]  # the names of people on Telegram
    audit: Rows = field(default_factory=list)
    locked: dict[str, Rows] = field(default_factory=dict)

    def check(self) -> None:
        """Fail unless every invariant holds."""
        assert self.office.raised == []
        fates = self.office.app.display.fates
        assert not fates["refused"] + fates["failed"] + fates["given_up"], fates
        tables = self._tables_of_owners()
        assert sorted(tables) == sorted(self.office.stored.rows(UNLOCKED)), "owners outlived a lock"
        for (period_id,) in tables:
            assert self.office.stored.rows(TWICE.format(period_id)) == [], "a person counts twice"
            assert self.office.stored.rows(OWNERS.format(period_id)) == [], "owners of no response"
        for (broken,) in self.office.stored.rows(BROKEN):
            raise AssertionError(f"{broken}: {self.office.stored.rows(NEVER[broken])}")
        if self.office.app.office.database.is_sqlite:
            assert self.office.stored.rows("PRAGMA foreign_key_check") == []
        assert sorted(self.office.stored.rows(TALLIES)) == sorted(self.office.stored.rows(RECOUNT))
        self._locked_figures_and_audit_do_not_change()
        self._no_summary_is_posted_twice()
        self._buttons_match_the_roles_of_their_reader()
        self._no_row_identifies_a_citizen()

    def _locked_figures_and_audit_do_not_change(self) -> None:
        audit = self.office.stored.rows("SELECT * FROM audit ORDER BY id")
        assert audit[: len(self.audit)] == self.audit, "an entry of the audit changed"
        self.audit = audit
        for sql in (LOCKED_TALLIES, LOCKED_RESULTS, LOCKED_BLOCKS):
            rows = self.office.stored.rows(sql)
            before = self.locked.get(sql, [])
            assert [row for row in rows if row in before] == before, "a locked figure changed"
            self.locked[sql] = rows

    def _tables_of_owners(self) -> Rows:
        """The periods that have a table of owners."""
        with self.office.app.office.database.read() as db:
            names = inspect(db).get_table_names()
        return [(int(name[len(TABLE) :]),) for name in names if name.startswith(TABLE)]

    def _no_summary_is_posted_twice(self) -> None:
        """At most one summary per period in all groups, plus those that an admin sent again."""
        again = self.office.stored.rows("SELECT count(*) FROM audit WHERE action = 'kirim_lagi'")[
            0
        ][0]
        for kind in ("IKM", "Indeks"):
            posted = Counter(
                title[1]
                for group in self.groups
                for text in _texts(self.office.world.transcript(group))
                if (title := SUMMARY.match(text)) and text.startswith(f"📊 {kind}")
            )
            assert all(times <= 1 + again for times in posted.values()), posted

    def _buttons_match_the_roles_of_their_reader(self) -> None:
        """An officer's button is shown only to people who had its role.

        In a group there is only the one that links it, which an admin alone may press.
        """
        held: dict[int, set[str]] = {}
        for user, role in self.office.stored.rows("SELECT user_id, role FROM role"):
            held.setdefault(user, set()).add(role)
        for actor in self.actors:
            mine = set() if actor.chat < 0 else held.get(actor.id, set())
            for data in _pressable(actor.messages):
                assert len(data.encode()) <= 64, data
                tap = read_tap(data)
                assert tap is not None, f"{data} is no button of ours"
                if actor.chat < 0 and tap.item == linking.HERE:
                    continue
                if tap.kind == Kind.OFFICER:
                    assert mine & BUTTONS[tap.item].roles, f"{actor.name} sees {data}"
                assert mine or tap.kind not in OFFICIAL, f"{actor.name} sees {data}"

    def _no_row_identifies_a_citizen(self) -> None:
        """No row has a Telegram name, or the id of a person without role and open response.

        Who asked for news is kept until he is told.
        """
        rows = self.office.everything()
        for name in self.secrets:
            assert name not in rows, f"{name} is kept"
        known = {number for (number,) in self.office.stored.rows(MAY_BE_KNOWN)}
        for actor in self.actors:
            assert actor.chat < 0 or actor.id in known or str(actor.id) not in rows, actor.name


def _texts(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        yield str(message.get("text") or message.get("caption") or "")


def _pressable(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        for button in buttons(message):
            if "callback_data" in button:
                yield str(button["callback_data"])
