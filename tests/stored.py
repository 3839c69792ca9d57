"""Questions of tests to the database, about what no screen shows; one method per question.

Scenarios name no table: a change of the schema changes only this file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from sqlalchemy import text

from scoring import instrument_file
from scoring.ikm import half_up
from storage.database import Database, Db
from storage.tables import Status

Row: TypeAlias = tuple[Any, ...]
SKM = instrument_file.named("skm-2017")
OPEN = 0  # the status of a response that is being filled in


@dataclass(frozen=True, slots=True)
class Stored:
    """Questions to one database; each is answered in its own read transaction."""

    url: str

    @contextmanager
    def _snapshot(self) -> Iterator[Db]:
        with closing(Database(self.url)) as database, database.read() as db:
            yield db

    def _rows(self, sql: str, **values: Any) -> list[Row]:
        with self._snapshot() as db:
            return [tuple(row) for row in db.execute(text(sql), values)]

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query; only for tests.bot.invariants, whose invariants are queries."""
        return self._rows(sql)

    def _column(self, sql: str, **values: Any) -> list[Any]:
        return [row[0] for row in self._rows(sql, **values)]

    def _mappings(self, sql: str) -> list[dict[str, Any]]:
        with self._snapshot() as db:
            return [dict(row) for row in db.execute(text(sql)).mappings()]

    def _value(self, sql: str, **values: Any) -> Any:
        return self._rows(sql, **values)[0][0]

    def _count(self, table: str, **where: Any) -> int:
        """How many rows of a table have these values."""
        condition = " AND ".join(f"{column} = :{column}" for column in where) or "1 = 1"
        return int(self._value(f"SELECT count(*) FROM {table} WHERE {condition}", **where))  # noqa: S608 # names of our own tables

    def row_counts(self, *tables: str) -> list[int]:
        """How many rows each of these tables has."""
        return [self._count(table) for table in tables]

    # Responses and answers

    def _responses(self) -> list[dict[str, Any]]:
        """Every response, open ones first; `status` is `OPEN` while it is being filled in."""
        unfinished = self._mappings("SELECT * FROM open_response ORDER BY touched_at, person")
        sent = self._mappings("SELECT * FROM response ORDER BY period_id, tanggal, id")
        return [{"status": OPEN, **row} for row in unfinished] + sent

    def _answers(self) -> list[int | None]:
        """Every nilai, of open responses first; None where it was skipped."""
        unfinished = [
            nilai
            for row in self._mappings("SELECT answers FROM open_response ORDER BY touched_at")
            for nilai in _json(row["answers"]).values()
        ]
        sent = self._column("SELECT nilai FROM answer ORDER BY response_id, item_id")
        return unfinished + sent

    def response_count(self, **where: Any) -> int:
        """How many responses there are, of any status."""
        every = self._responses()
        return len([row for row in every if where.items() <= row.items()])

    def open_count(self) -> int:
        """How many responses are being filled in."""
        return self._count("open_response")

    def completed_count(self) -> int:
        """How many responses are completed."""
        return self._count("response", status=Status.COMPLETED)

    def voided_count(self) -> int:
        """How many responses were voided."""
        return self._count("response", status=Status.VOID)

    def response_status(self) -> list[int]:
        """The status of every response, sorted."""
        return sorted(row["status"] for row in self._responses())

    def responses_by_status(self) -> list[Row]:
        """Status, and how many responses have it."""
        return sorted(Counter(self.response_status()).items())

    def responses_and_highest_status(self) -> Row:
        """How many responses there are, and the highest status among them."""
        status = self.response_status()
        return len(status), status[-1]

    def open_revisions(self) -> list[int]:
        """The revision of every open response."""
        return [row["revision"] for row in self._responses() if row["status"] == OPEN]

    def owners(self) -> list[Row]:
        """Owner and receipt of every sent response of the periods that are not locked."""
        periods = self._column("SELECT period_id FROM period_salt ORDER BY period_id")
        of_period = "SELECT owner, receipt FROM owner_{} ORDER BY response_id"
        return [row for each in periods for row in self._rows(of_period.format(each))]

    def status_and_age(self) -> list[Row]:
        """Status and age group of every sent response."""
        return self._rows(
            "SELECT r.status, (SELECT o.code FROM response_attribute a JOIN attribute_option o"
            " ON o.id = a.option_id WHERE a.response_id = r.id AND o.attribute = 'umur')"
            " FROM response r ORDER BY r.id"
        )

    def channels_and_status(self) -> list[Row]:
        """Channel and status of every response, by status."""
        return [
            (row["kanal"], row["status"])
            for row in sorted(self._responses(), key=lambda row: int(row["status"]))
        ]

    def channels_urutan_and_status(self) -> list[Row]:
        """Channel, urutan and status of every response."""
        return [(row["kanal"], row["urutan"], row["status"]) for row in self._responses()]

    def urutan(self) -> list[int]:
        """The urutan of every response, sorted."""
        return sorted(row["urutan"] for row in self._responses())

    def voided_urutan(self) -> list[Row]:
        """Status and urutan of the voided responses."""
        return self._rows(
            "SELECT status, urutan FROM response WHERE status = :void", void=Status.VOID
        )

    def paper_attributes(self) -> list[Row]:
        """Sex, age group and occupation of every completed paper response, sorted."""
        given: dict[int, dict[str, str]] = {}
        rows = self._rows(
            "SELECT r.id, o.attribute, o.code FROM response r"
            " JOIN response_attribute a ON a.response_id = r.id"
            " JOIN attribute_option o ON o.id = a.option_id"
            " WHERE r.kanal = 'kertas' AND r.status = :completed",
            completed=Status.COMPLETED,
        )
        for number, attribute, code in rows:
            given.setdefault(number, {})[attribute] = code
        names = ("jenis_kelamin", "umur", "pekerjaan")
        every = [tuple(one.get(name) for name in names) for one in given.values()]
        return sorted(every, key=str)

    def response_periods(self) -> list[str]:
        """The period of every response, by its label."""
        labels: dict[int, str] = dict(self._rows("SELECT id, label FROM period"))
        return [labels[row["period_id"]] for row in self._responses()]

    def responses_by_period(self) -> list[Row]:
        """Label of a period, and how many responses it has."""
        return sorted(Counter(self.response_periods()).items())

    def answers(self) -> list[int | None]:
        """The value of every answer, None where it was skipped, in the order of the items."""
        return self._answers()

    def answer_count(self, nilai: int | None = None) -> int:
        """How many answers there are, or how many of this nilai."""
        return len([each for each in self._answers() if nilai in (None, each)])

    def answered_and_filled(self) -> Row:
        """How many answers there are, skipped ones included, and how many of them have a value."""
        every = self._answers()
        return len(every), len([each for each in every if each is not None])

    def answers_and_sum(self) -> Row:
        """How many answers there are, and the sum of their values."""
        every = self._answers()
        return len(every), sum(each or 0 for each in every)

    def answers_and_newest_revision(self) -> Row:
        """How many answers there are, and the revision of the open response; there is one."""
        return self.answer_count(), max(self.open_revisions())

    def answers_by_value(self) -> list[Row]:
        """A value, and how many answers have it."""
        return sorted(Counter(self._answers()).items(), key=lambda each: each[0] or 0)

    def suggestions(self) -> list[str]:
        """The suggestions that were sent, sorted."""
        return self._column("SELECT text FROM suggestion ORDER BY text")

    def suggestion_count(self) -> int:
        """How many suggestions were sent."""
        return self._count("suggestion")

    def draft_suggestions(self) -> list[str | None]:
        """The suggestion of every open response."""
        parts = [_json(row["saran_parts"]) for row in self._responses() if row["status"] == OPEN]
        return ["\n".join(each.values()) or None for each in parts]

    def slip_numbers(self) -> list[str]:
        """The slip numbers that are in use."""
        return self._column("SELECT number FROM slip ORDER BY number")

    def petugas(self) -> list[int]:
        """Who held the phone, of every assisted response that was sent."""
        return self._column("SELECT petugas FROM response WHERE petugas IS NOT NULL ORDER BY id")

    def batch_count(self) -> int:
        """How many files of paper answers were entered."""
        return self._count("batch")

    # Figures

    def tally_sum(self, **where: Any) -> int:
        """The sum of the tallies."""
        condition = " AND ".join(f"{column} = :{column}" for column in where) or "1 = 1"
        return int(self._value(f"SELECT sum(count) FROM tally WHERE {condition}", **where))  # noqa: S608 # names of our own columns

    def tally_repeats(self) -> list[int]:
        """The distinct values of `repeat` in the tallies."""
        return self._column("SELECT DISTINCT repeat FROM tally ORDER BY repeat")

    def result_count(self) -> int:
        """How many results are stored."""
        return self._count("result")

    def result_revisions(self) -> list[int]:
        """The distinct revisions of the results."""
        return self._column("SELECT DISTINCT revision FROM result ORDER BY 1")

    def unit_results(self) -> list[Row]:
        """Formula, n and figure of every locked period of unit heads."""
        return self._rows("SELECT formula, n, nilai FROM unit_result ORDER BY period_id")

    def office_results(self) -> list[Row]:
        """n, IKM and mutu of the office in each locked period."""
        rows = self._rows('SELECT n, "index" FROM result ORDER BY period_id, revision')
        results: list[Row] = []
        for n, index in rows:
            figure = None if index is None else half_up(Fraction(index) * SKM.conversion, 2)
            mutu = None if figure is None else SKM.grade(figure).mutu
            results.append((n, None if figure is None else str(figure), mutu))
        return results

    def office_ikm(self) -> list[str]:
        """The IKM of the office in each locked period."""
        return [row[1] for row in self.office_results()]

    def office_n(self) -> list[int]:
        """The n of the office in each locked period."""
        return [row[0] for row in self.office_results()]

    def running_on(self) -> list[Row]:
        """Each period whose answers a later one counts, and that one, by label."""
        return self._rows(
            "SELECT p.label, later.label FROM period p JOIN period later ON later.id = p.runs_into"
            " ORDER BY p.starts_at"
        )

    def standings(self) -> list[dict[str, Any]]:
        """What officials may know of each period that is not locked."""
        return [
            _json(value)
            for value in self._column("SELECT value FROM setting WHERE key LIKE 'standing:%'")
        ]

    def population(self) -> list[int]:
        """The number of users of services, per unit."""
        return self._column("SELECT users FROM population ORDER BY unit_id")

    def population_count(self) -> int:
        """How many entries of users of services there are."""
        return self._count("population")

    # Periods

    def periods(self) -> list[Row]:
        """Label and status of the citizens' periods."""
        return self._rows("SELECT label, status FROM period WHERE kind = 'ikm' ORDER BY starts_at")

    def all_periods(self) -> list[Row]:
        """Kind, label and status of every period."""
        return self._rows("SELECT kind, label, status FROM period ORDER BY kind, starts_at")

    def period_labels(self) -> list[str]:
        """The labels of the citizens' periods."""
        return [label for label, _ in self.periods()]

    def period_status(self, label: str | None = None) -> list[str]:
        """The status of the citizens' periods, or of the one with this label."""
        return [status for each, status in self.periods() if label in (None, each)]

    def period_status_and_salt(self, label: str) -> list[Row]:
        """Status and salt of the period with this label."""
        return self._rows(
            "SELECT p.status, s.salt FROM period p LEFT JOIN period_salt s ON s.period_id = p.id"
            " WHERE p.kind = 'ikm' AND p.label = :label",
            label=label,
        )

    def salts(self) -> list[bytes]:
        """The salt of the citizens' periods."""
        return self._column("SELECT salt FROM period_salt ORDER BY period_id")

    def open_period_kinds(self) -> list[str]:
        """The kinds of the open periods."""
        return self._column("SELECT kind FROM period WHERE status = 'open' ORDER BY kind")

    def revision_count(self) -> int:
        """How many revisions of closed periods there are."""
        return self._count("revision")

    def revision_reasons(self) -> list[Row]:
        """Number and reason of each revision."""
        return self._rows("SELECT number, reason FROM revision ORDER BY period_id, number")

    def revision_users(self) -> list[Row]:
        """Number and user of each revision."""
        return self._rows("SELECT number, user_id FROM revision ORDER BY period_id, number")

    # The unit heads' rating

    def rating_count(self) -> int:
        """How many ratings there are, open and sent."""
        return self._count("open_rating") + self._count("rating")

    def rating_ids(self) -> list[int]:
        """The random ids of the sent ratings."""
        return self._column("SELECT id FROM rating")

    def open_ratings(self) -> list[Row]:
        """Key and revision of each open rating."""
        return self._rows("SELECT key, revision FROM open_rating")

    def rating_answer_count(self) -> int:
        """How many indikator were rated, in open and sent ratings."""
        unfinished = self._mappings("SELECT answers FROM open_rating")
        open_ones = sum(len(_json(row["answers"])) for row in unfinished)
        return open_ones + self._count("rating_answer")

    def rating_values(self) -> list[int]:
        """The distinct values of the heads' answers."""
        return self._column("SELECT DISTINCT nilai FROM rating_answer")

    def rating_answers_by_value(self) -> list[Row]:
        """A value, and how many of the heads' answers have it."""
        return self._rows("SELECT nilai, count(*) FROM rating_answer GROUP BY nilai ORDER BY 1")

    # Messages

    def outbox_count(self, kind: str) -> int:
        """How many rows of a kind the outbox has."""
        return self._count("outbox", kind=kind)

    def outbox_status(self, kind: str | None = None) -> list[str]:
        """The status of the outbox's rows, or of those of a kind."""
        return [status for status, _ in self.outbox_reasons(kind)]

    def outbox_reasons(self, kind: str | None = None) -> list[Row]:
        """Status and reason of the outbox's rows, or of those of a kind."""
        rows = self._rows("SELECT kind, status, reason FROM outbox ORDER BY id")
        return [row[1:] for row in rows if kind in (None, row[0])]

    def outbox_attempts(self, chat_id: int) -> list[Row]:
        """Status and attempts of the outbox's rows for a chat."""
        return self._rows(
            "SELECT status, attempts FROM outbox WHERE chat_id = :chat ORDER BY id", chat=chat_id
        )

    def ledger_status(self) -> list[str]:
        """The status of the summaries in the outbox."""
        return self._column("SELECT status FROM outbox WHERE period_id IS NOT NULL ORDER BY id")

    def group_rows_by_status(self) -> list[Row]:
        """Number and status of the outbox's rows for groups."""
        return self._rows(
            "SELECT count(*), status FROM outbox WHERE chat_id < 0 GROUP BY status ORDER BY status"
        )

    def handled_updates(self) -> list[int]:
        """The ids of the updates that were handled."""
        return self._column("SELECT update_id FROM handled_update ORDER BY update_id")

    def handled_update_count(self, update_id: int | None = None) -> int:
        """How many updates were handled, or how often this one."""
        return sum(update_id in (None, each) for each in self.handled_updates())

    def set_aside(self) -> list[Row]:
        """Payload and error of the updates that were set aside."""
        return self._rows("SELECT payload, error FROM set_aside ORDER BY id")

    def set_aside_payloads(self) -> list[dict[str, Any]]:
        """What is kept of each update that is set aside; SQLite hands it over as text."""
        payloads = [row[0] for row in self.set_aside()]
        return [json.loads(each) if isinstance(each, str) else each for each in payloads]

    def set_aside_count(self) -> int:
        """How many updates were set aside."""
        return self._count("set_aside")

    def awaited_count(self) -> int:
        """How many chats the bot awaits a text or a file from."""
        return self._count("awaited_text")

    # The office and its people

    def settings(self) -> list[Any]:
        """The value of every setting."""
        return self._column("SELECT value FROM setting ORDER BY key")

    def service_count(self, *, active: bool | None = None) -> int:
        """How many services there are, or of those that are active or not."""
        return self._count("service") if active is None else self._count("service", active=active)

    def service_is_active(self, slug: str) -> bool:
        """Whether citizens are offered a service."""
        return bool(self._value("SELECT active FROM service WHERE slug = :slug", slug=slug))

    def service_name(self, slug: str) -> str:
        """The name of a service."""
        return str(self._value("SELECT name FROM service WHERE slug = :slug", slug=slug))

    def counter_count(self) -> int:
        """How many counters there are."""
        return self._count("counter")

    def unit_kerja_count(self) -> int:
        """How many units have a head who rates the office."""
        return self._count("unit", kerja=True)

    def unit_kerja_names(self) -> list[str]:
        """The names of the units whose heads rate the office."""
        return self._column("SELECT name FROM unit WHERE kerja ORDER BY position")

    def first_unit_kerja(self) -> int:
        """The id of the first unit whose head rates the office."""
        return int(self._value("SELECT min(id) FROM unit WHERE kerja"))

    def group_count(self) -> int:
        """How many groups were ever linked."""
        return self._count("group_link")

    def group_topics(self) -> list[int | None]:
        """The topic of each linked group."""
        return self._column("SELECT topic_id FROM group_link ORDER BY chat_id")

    def roles(self) -> list[str]:
        """Every role that was granted."""
        return self._column("SELECT role FROM role ORDER BY id")

    def role_ids(self) -> list[int]:
        """The ids of the roles, in the order of granting."""
        return self._column("SELECT id FROM role ORDER BY id")

    def role_count(self, **where: Any) -> int:
        """How many roles were granted."""
        return self._count("role", **where)

    def held_roles(self) -> list[Row]:
        """Id, user and role of every role that is not revoked."""
        return self._rows(
            "SELECT id, user_id, role FROM role WHERE revoked_at IS NULL ORDER BY user_id, id"
        )

    def language_count(self) -> int:
        """How many people have chosen a language."""
        return self._count("language")

    def duties(self) -> list[Row]:
        """Petugas and counter of every duty."""
        return self._rows("SELECT user_id, counter_id FROM duty ORDER BY user_id")

    def invitation_count(self) -> int:
        """How many invitations were made."""
        return self._count("invitation")

    def used_invitation_count(self) -> int:
        """How many invitations were used."""
        return len([user for _, user in self.invitation_ends() if user is not None])

    def invitation_ends(self) -> list[Row]:
        """When each invitation was revoked, and who used it."""
        return self._rows("SELECT revoked_at, used_by FROM invitation ORDER BY id")

    def invitation_titles(self) -> list[str]:
        """The title that each invitation gives."""
        return self._column("SELECT title FROM invitation ORDER BY id")

    # IKU, SAKIP and follow-up

    def iku_entries(self) -> list[Row]:
        """Revision, realisasi and reason of every figure entered by hand."""
        return self._rows("SELECT revision, realisasi, reason FROM iku_entry ORDER BY id")

    def iku_entry_count(self) -> int:
        """How many figures were entered by hand."""
        return self._count("iku_entry")

    def iku_target_count(self) -> int:
        """How many targets were set."""
        return self._count("iku_year")

    def signed_papers(self) -> list[Row]:
        """Kind, year and version of every paper of planning, and whether it is signed."""
        sql = "SELECT kind, year, version, signed_at IS NOT NULL FROM planning_paper ORDER BY id"
        return [(*row[:3], bool(row[3])) for row in self._rows(sql)]

    def signed_contents(self) -> list[str]:
        """The content of every signed paper, as text."""
        sql = "SELECT content FROM planning_paper WHERE signed_at IS NOT NULL ORDER BY id"
        return [str(content) for content in self._column(sql)]

    def sakip_count(self) -> int:
        """How many LHE SAKIP were entered, revisions included."""
        return self._count("lhe")

    def sakip_revisions(self) -> list[Row]:
        """Nilai and revision of every LHE SAKIP."""
        return self._rows("SELECT nilai, revision FROM lhe ORDER BY id")

    def follow_up_count(self) -> int:
        """How many lines of follow-up are planned."""
        return self._count("follow_up")

    # The audit

    def audit(self) -> list[Row]:
        """User, action and target of every entry."""
        return self._rows("SELECT user_id, action, target FROM audit ORDER BY id")

    def audit_actions(self) -> list[str]:
        """The action of every entry."""
        return [action for _, action, _ in self.audit()]

    def audit_count(self, action: str | None = None) -> int:
        """How many entries there are, or of an action."""
        return sum(action in (None, each) for each in self.audit_actions())

    def audit_users(self, action: str) -> list[int | None]:
        """The users of the entries of an action."""
        return [user for user, each, _ in self.audit() if each == action]

    def audit_users_and_targets(self, *actions: str) -> list[Row]:
        """User and target of the entries of these actions."""
        return [(user, target) for user, action, target in self.audit() if action in actions]

    def audit_changes(self) -> list[Row]:
        """Action, before and after of every entry."""
        return self._rows("SELECT action, before, after FROM audit ORDER BY id")

    def audit_before_and_after(self, action: str) -> list[Row]:
        """Before and after of the entries of an action."""
        return [row[1:] for row in self.audit_changes() if row[0] == action]

    def follow_up_audit(self) -> list[Row]:
        """Action, target and after of the entries about follow-up."""
        return self._rows(
            "SELECT action, target, after FROM audit WHERE action LIKE '%tindak%' ORDER BY id"
        )

    def voids(self) -> list[Row]:
        """User, target, before and reason of every voided response."""
        return self._rows(
            "SELECT user_id, target, before, reason FROM audit WHERE action = 'gugurkan'"
            " ORDER BY id"
        )


def _json(value: Any) -> Any:
    """A value of a JSON column, which SQLite's driver returns as text."""
    return json.loads(value) if isinstance(value, str) else value
