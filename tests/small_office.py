"""A small office that remembers who answered what, and collects every figure that it publishes.

It is driven through the functions of the program: responses, voids, voids, paper, the nightly
recount, the lock. Each figure becomes a statement: whose answers it adds up, and to what.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from office.config import Schedule
from office.figures import figures
from office.figures.figures import Figures
from office.figures.parts import Part
from office.figures.spans import NoFigures
from office.office import Calendar, Office, real_clock
from office.papers import period_file
from office.periods import corrections, lock, recount
from office.periods.corrections import NotCorrectable
from office.words import all_words
from scoring import period as calendar
from scoring.channels import BROWSER, CHANNELS
from scoring.ikm import Score
from scoring.naming import Levy
from scoring.paper import Slip
from scoring.period import WIB, Kind
from storage import catalogue, instruments, periods, results
from storage.database import Database, Db
from storage.periods import PeriodRow
from storage.registered import Registered
from storage.results import Block, PeriodResult
from storage.settings import office_facts, period_marks
from storage.settings.office_facts import OfficeFacts
from storage.survey import batches, owners, responses, sending, voids
from storage.survey.sending import Sent
from storage.survey.tallies import CountedResponse, Deltas
from storage.tables import Door, Status
from tests.compiled import compiled_once
from tests.storage.office_fixture import SECRET, SKM, TODAY

ADMIN, CAMAT = 9001, 9002
NILAI = (1, 2, 3, 4)  # a statement with these weights is a sum
PAID = (1, 1, 1, 0)  # counts the answers other than gratis
ONE = (1,)  # counts who gave an option
# The channels of people; paper has one of its own.
KANAL = tuple(code for code in CHANNELS if code != batches.CHANNEL)

# What this module makes of each field of `Figures`. A function of statements adds no statement.
STATEMENTS = {
    "score", "distribution", "services", "by_unit", "by_channel", "without_repeats", "attributes",
    "levy",
}  # fmt: skip
FUNCTIONS = {"ikm", "mutu", "kinerja", "method", "margin", "moments", "earlier"}
NO_ANSWERS = {
    "span", "units", "registered", "revision", "fingerprint", "people", "received", "channels",
    "repeats", "users", "users_known", "received_of_users", "unit_users", "service_users",
    "corrections",
}  # fmt: skip


Sender = tuple[Door, int]  # a phone, or a cookie of a browser
Written = tuple[int, Sequence[int], Mapping[str, str]]  # a slip: service, answers, attributes


def office_without_bot(
    database: Database,
    known: Mapping[int, Registered],
    instrument_id: int,
    schedule: Schedule,
    secret: bytes = b"",
) -> Office:
    """An office on a database that is open and migrated, without unit heads and without a bot."""
    return Office(
        database=database,
        words=all_words.load(),
        secret=secret,
        calendar=Calendar.from_schedule(schedule),
        instruments=known,
        instrument_id=instrument_id,
        unit_instruments={},
        unit_instrument_id=0,
        username="",
        bot_id=0,
        clock=real_clock,
        min_filled=5,
        min_responses=5,
        repeat=3,
    )


@dataclass(frozen=True, slots=True)
class Given:
    """One response: a phone is another person in each period, a slip is a person of its own."""

    person: str
    service: int
    kanal: str
    repeat: bool
    answers: Mapping[str, int]  # without what was skipped
    about: Mapping[str, str]  # without what was declined


@dataclass(frozen=True, slots=True)
class Statement:
    """A published number: the sum, over the answers of some responses, of a weight each.

    Args:
        subject: an unsur or an attribute.
        members: the responses; of an attribute, those that gave one of the options counted.
        weights: of each nilai; of an attribute, `ONE`.
    """

    where: str
    subject: str
    members: frozenset[int]
    weights: tuple[int, ...]


@dataclass
class SmallOffice:
    """An office; responses are known by their numbers.

    Args:
        chance: each span is collected for the office and a few other scopes; None: for all.
        longer: whether the spans that contain a period are published when it is locked, too.
        given: every response that ever counted.
        counting: period -> the responses that count in it now.
        blocks: locked period -> the responses in each of its blocks.
        described: locked period and attribute -> the responses whose options are counted.
        levied: period -> those that the count of answers other than gratis was about.
    """

    database: Database
    office: Office
    now: datetime
    kind: Kind
    groups: Sequence[tuple[int, ...]] = ()
    longer: bool = True
    chance: random.Random | None = None
    given: dict[int, Given] = field(default_factory=dict)
    counting: dict[int, set[int]] = field(default_factory=dict)
    blocks: dict[int, list[frozenset[int]]] = field(default_factory=dict)
    described: dict[tuple[int, str], frozenset[int]] = field(default_factory=dict)
    levied: dict[int, frozenset[int]] = field(default_factory=dict)
    published: dict[tuple[str, frozenset[int], tuple[int, ...]], Statement] = field(
        default_factory=dict
    )
    few_named: list[str] = field(default_factory=list)
    figures: int = 0
    ran_on: int = 0
    corrected: int = 0
    _senders: dict[int, Sender] = field(default_factory=dict)
    _batches: dict[int, set[int]] = field(default_factory=dict)

    @staticmethod
    def at(path: Path, units: Sequence[Sequence[bool]], first: str = "2026-TW1") -> SmallOffice:
        """An office in a migrated database.

        Args:
            units: for each unit, its services: whether each is free.
            first: the label of the first period; the others are of its kind.
        """
        database = compiled_once(Database(f"sqlite:///{path}"))
        named = calendar.parse(first, WIB)
        with database.write() as db:
            instrument_id = instruments.register(db, SKM)
            office_facts.seed(db, OfficeFacts(nama="Kecamatan Pakong"))
            for place, services in enumerate(units, 1):
                unit = catalogue.add_unit(db, f"u{place}", f"Unit {place}", kerja=False)
                assert unit is not None
                for number, gratis in enumerate(services, 1):
                    name = f"{place}.{number}"
                    service = catalogue.add_service(db, unit, f"s{place}-{number}", name)
                    assert service is not None
                    catalogue.change(db, catalogue.Noun.SERVICE, service, gratis=gratis)
            periods.open_period(db, "ikm", named, instrument_id, named.start)
            known = instruments.known(db)
        schedule = Schedule(period=calendar.kind(named))
        office = office_without_bot(database, known, instrument_id, schedule, SECRET)
        return SmallOffice(database, office, named.start, calendar.kind(named))

    @property
    def codes(self) -> Sequence[str]:
        """The unsur."""
        return self.office.instruments[self.office.instrument_id].instrument.codes

    def open(self) -> PeriodRow:
        """The open period."""
        with self.database.read() as db:
            period = periods.current(db, "ikm")
        assert period is not None
        return period

    def unlocked(self) -> list[PeriodRow]:
        """The periods that are not locked."""
        with self.database.read() as db:
            return periods.unlocked(db, "ikm")

    def period(self, label: str) -> PeriodRow:
        """The period of a label."""
        with self.database.read() as db:
            period = periods.by_label(db, "ikm", label)
        assert period is not None
        return period

    # --- what people do -------------------------------------------------------------------------

    def times(self, chat: int, service: int, kanal: str = "telegram") -> int:
        """How often a phone or browser rated a service in the open period, of what counts."""
        counting, sender = self.counting.get(self.open().id, set()), (_door(kanal), chat)
        return sum(self._senders.get(n) == sender and self.given[n].service == service
                   for n in counting)  # fmt: skip

    def anybody(self, rng: random.Random) -> int | None:
        """The response of some phone in a period that is not locked."""
        counting = set[int]().union(*(self.counting.get(each.id, ()) for each in self.unlocked()))
        return rng.choice(sorted(counting & self._senders.keys()) or [None])

    def rates(
        self,
        chat: int,
        answers: Sequence[int],
        about: Mapping[str, str] | None = None,
        service: int = 1,
        kanal: str = "telegram",
    ) -> int:
        """A phone or browser rates a service now; 0 skips an unsur. Returns the number."""
        registered = self.office.instruments[self.office.instrument_id]
        with self.database.write() as db:
            period = periods.current(db, "ikm")
            assert period is not None
            assert period.salt is not None
            owner = owners.owner_hash(SECRET, period.salt, _door(kanal), chat)
            times = owners.times_rated(db, period.id, service, owner) + 1
            number = self._remembers(period.id, chat, service, kanal, times > 1, answers, about)
            values = {code: nilai or None for code, nilai in zip(self.codes, answers, strict=True)}
            sent = Sent(
                period.id, service, None, kanal, times, TODAY, None, values,
                dict(about or {}), None, owner, receipt=number,
            )  # fmt: skip
            sending.add(db, registered, [sent], Status.COMPLETED)
            unit = catalogue.services_by_id(db)[service].unit_id
            deltas = Deltas()
            where = CountedResponse(period.id, service, unit, kanal, times)
            deltas.add(registered, where, values, 1)
            deltas.apply(db)
        self._senders[number] = _door(kanal), chat
        return number

    def _remembers(
        self,
        period_id: int,
        chat: int | None,
        service: int,
        kanal: str,
        repeat: bool,
        answers: Sequence[int],
        about: Mapping[str, str] | None,
    ) -> int:
        number = len(self.given) + 1
        sender = f"slip {number}" if chat is None else f"{_door(kanal).name} {chat} in {period_id}"
        filled = {code: nilai for code, nilai in zip(self.codes, answers, strict=True) if nilai}
        told = {what: code for what, code in (about or {}).items() if code != "-"}
        self.given[number] = Given(sender, service, kanal, repeat, filled, told)
        self.counting.setdefault(period_id, set()).add(number)
        return number

    def erases(self, chat: int, door: Door = Door.TELEGRAM) -> None:
        """A phone or browser deletes what it sent: `/hapus_data`."""
        deltas = Deltas()
        with self.database.write() as db:
            known = self.office.instruments
            responses.erase(db, known, deltas, SECRET, chat, self.now, door)
            deltas.apply(db)
        own = {number for number, of in self._senders.items() if of == (door, chat)}
        self._forgets(own)

    def voids(self, number: int) -> None:
        """An admin voids the response of a receipt: `/gugurkan`."""
        deltas = Deltas()
        with self.database.write() as db:
            found = voids.by_code(db, owners.receipt(number << owners.HIDDEN_BITS))
            for response in found:
                voids.void(
                    db, self.office.instruments, deltas, response.id, ADMIN, "keliru", self.now
                )
            deltas.apply(db)
        if found:
            self._forgets({number})

    def _forgets(self, numbers: set[int]) -> None:
        for period in self.unlocked():
            self.counting.setdefault(period.id, set()).difference_update(numbers)

    def adds_paper(self, period: PeriodRow, slips: Sequence[Written]) -> int:
        """An admin adds a file of slips. Returns its number."""
        added, _ = self._writes(period, slips)
        return added

    def _writes(
        self, period: PeriodRow, slips: Sequence[Written], *, late: bool = False
    ) -> tuple[int, set[int]]:
        registered = self.office.instruments[self.office.instrument_id]
        attributes = [attribute.code for attribute in registered.instrument.attributes]
        numbers, rows = set(), []
        for service, answers, about in slips:
            number = self._remembers(period.id, None, service, batches.CHANNEL, False, answers,
                                     about)  # fmt: skip
            numbers.add(number)
            told = tuple(about.get(code, "-") for code in attributes)
            given = tuple(nilai or None for nilai in answers)
            rows.append(Slip(period.id, service, None, TODAY, None, None, told, given, None))
        with self.database.write() as db:
            name = f"{min(numbers)}.csv"
            added = batches.start(db, name, name.encode(), len(rows), ADMIN, self.now, self.now)
            assert added is not None
            batches.write_slice(db, added, registered, rows, self.now, late=late)
            if late:
                batches.hold(db, added, self.now)
            else:
                units = {each.id: each.unit_id for each in catalogue.services(db)}
                cells = batches.deltas_by_period(registered, rows, units)
                batches.finish(db, added, cells, ADMIN, self.now)
        self._batches[added] = numbers
        return added, numbers

    def undoes_paper(self, batch: int) -> None:
        """An admin takes a whole file out again."""
        with self.database.write() as db:
            batches.undo(db, batch, ADMIN, self.now)
            while batches.remove_leftovers(db, self.now):
                pass
        self._forgets(self._batches[batch])

    # --- what the clock does --------------------------------------------------------------------

    def night(self) -> None:
        """Recount what is not locked, and collect what that tells anybody."""
        self.now += timedelta(days=1)
        for period in self.unlocked():
            counted = self._counted(period)
            with self.database.write() as db:
                known = lock.whole(db, self.office, period, counted)
                lock.store_recount(db, self.office, period, counted, known, self.now)
                self._note_levy(db, period)

    def turns_over(self) -> PeriodRow:
        """Close the open period and open the next one; returns the closed one."""
        ended = self.open()
        self.now = max(self.now, ended.ends_at)
        with self.database.write() as db:
            periods.close(db, ended.id, self.now)
            following = calendar.following(calendar.parse(ended.label, WIB))
            periods.open_period(db, "ikm", following, self.office.instrument_id, self.now)
        return self.period(ended.label)

    def locks(self, label: str) -> bool:
        """Lock a closed period; False where it runs on. What is published then is collected."""
        period = self.period(label)
        counted = self._counted(period)
        with self.database.write() as db:
            early = periods.running_into(db, period.id)
            made = lock.divided(db, self.office, period, counted)
            assert lock.lock(db, self.office, period, counted, made, self.now)
        period = self.period(label)
        if period.status != "locked":
            self.ran_on += 1
            return False
        ids = [*(each.id for each in early), period.id]
        everybody = set[int]().union(*(self.counting.get(number, set()) for number in ids))
        with self.database.read() as db:
            result = self._result(db, period)
            self.blocks[period.id] = [self._at(everybody, block) for block in result.blocks]
            for attribute, options in result.attributes.items():
                of = (number for number in everybody if attribute in self.given[number].about)
                self.described[period.id, attribute] = frozenset(of if options else ())
            if result.levy is not None and not any(number in self.levied for number in ids):
                self._levy_made(db, period.id, ids[:-1], result.levy)
        self._publishes(label)
        return True

    def _result(self, db: Db, period: PeriodRow) -> PeriodResult:
        (result,) = results.of_periods(db, self.office.instruments, [period])
        return result

    def _at(self, numbers: Iterable[int], block: Block) -> frozenset[int]:
        return frozenset(n for n in numbers if self.given[n].service in block.services)

    def batch_in(self, rng: random.Random, label: str) -> int | None:
        """Some file that a locked period counts."""
        counted = frozenset[int]().union(*self.blocks[self.period(label).id])
        files = [batch for batch, numbers in self._batches.items() if numbers <= counted]
        return rng.choice(files or [None])

    # --- corrections ----------------------------------------------------------------------------

    def adds_late(self, label: str, slips: Sequence[Written]) -> int | None:
        """A file of slips comes after the lock and the Camat confirms it; None if he cannot."""
        period = self.period(label)
        added, numbers = self._writes(period, slips, late=True)
        with self.database.write() as db:
            try:
                proposed = corrections.propose_late(db, self.office, added, ADMIN, self.now)
            except NotCorrectable:
                batches.abandon(db, added, self.now)
                return None
            corrections.confirm(db, self.office, proposed, CAMAT, "susulan", self.now)
            result = self._result(db, period)
        kept = self.blocks[period.id]
        more = [self._at(numbers, block) for block in result.blocks[len(kept) :]]
        self.blocks[period.id] = [*kept, *more]
        for attribute in result.attributes:
            told = {number for number in numbers if attribute in self.given[number].about}
            told |= self.described.get((period.id, attribute), frozenset())
            of = told if result.attributes[attribute] else ()
            self.described[period.id, attribute] = frozenset(of)
        self._corrects(label)
        return added

    def moves(self, label: str, batch: int, service: int) -> bool:
        """The Camat confirms that a counted file belongs to another service; False if he cannot."""
        period, numbers = self.period(label), self._batches[batch]
        with self.database.write() as db:
            try:
                proposed = corrections.propose_move(
                    db, self.office, batch, service, ADMIN, self.now
                )
                corrections.confirm(db, self.office, proposed, CAMAT, "salah layanan", self.now)
            except NotCorrectable:
                return False
        for number in numbers:
            self.given[number] = replace(self.given[number], service=service)
        known = self.blocks[period.id]
        (left,) = [block for block in known if numbers & block]
        kept = [block for block in known if block is not left]
        remaining = [left - numbers] if left - numbers else []
        self.blocks[period.id] = [*kept, *remaining, frozenset(numbers)]
        self._corrects(label)
        return True

    def _corrects(self, label: str) -> None:
        self.corrected += 1
        self._publishes(label)

    def _publishes(self, label: str) -> None:
        self._collect_all([label, *(self._longer(label) if self.longer else ())])

    def collects_longer(self) -> None:
        """Collect every span that contains a locked period."""
        with self.database.read() as db:
            locked = [each.label for each in periods.of_kind(db, "ikm") if each.id in self.blocks]
        self._collect_all(dict.fromkeys(span for each in locked for span in self._longer(each)))

    def _collect_all(self, labels: Iterable[str]) -> None:
        with self.database.read() as db:
            for name in labels:
                for units in self.scopes(db):
                    self._collect(db, name, units)

    def _counted(self, period: PeriodRow) -> list[recount.Recount]:
        registered = self.office.instruments[period.instrument_id]
        with self.database.read() as db:
            together = [*periods.running_into(db, period.id), period]
            return [recount.of_period(db, registered, each.id) for each in together]

    def _longer(self, label: str) -> list[str]:
        """The longer spans that contain a period."""
        named = calendar.parse(label, WIB)
        kinds: tuple[Kind, ...] = ("triwulan", "semester", "tahun")
        spans = [calendar.containing(named.start, kind, WIB) for kind in kinds]
        return [span.label for span in spans if span.end - span.start > named.end - named.start]

    def scopes(self, db: Db) -> list[tuple[int, ...]]:
        """The office, each unit, and the units of each group."""
        others = [*((unit.id,) for unit in catalogue.units(db)), *self.groups]
        if self.chance is not None:
            others = self.chance.sample(others, min(2, len(others)))
        return [(), *others]

    # --- what leaves ----------------------------------------------------------------------------

    def _note_levy(self, db: Db, period: PeriodRow) -> None:
        """Note whose answers the count of answers other than gratis is about, when it is made."""
        levy = period_marks.levy(db, period.id)
        if levy is None or period.id in self.levied:
            return
        early = periods.running_into(db, period.id)
        self._levy_made(db, period.id, [each.id for each in early], levy)

    def _levy_made(self, db: Db, period_id: int, early: Sequence[int], levy: Levy) -> None:
        free = {number for number, each in catalogue.services_by_id(db).items() if each.gratis}
        counted = set().union(*(self.counting.get(n, set()) for n in (*early, period_id)))
        members = frozenset(
            number
            for number in counted
            if self.given[number].service in free and "BIAYA" in self.given[number].answers
        )
        self.levied[period_id] = members
        assert levy.answered == len(members)
        self._states(f"levy of {period_id}", "BIAYA", members, PAID, levy.paid)
        for service in levy.services:
            paid = {
                self.given[number].person
                for number in members
                if self.given[number].service == service
                and self.given[number].answers["BIAYA"] < NILAI[-1]
            }
            if len(paid) < self.office.min_responses:
                self.few_named.append(f"levy of {period_id}: {len(paid)} people at {service}")

    def _states(
        self,
        where: str,
        subject: str,
        members: Iterable[int],
        weights: tuple[int, ...],
        value: int,
    ) -> None:
        """Add a statement, and hold its value against the answers that were given."""
        of = frozenset(members)
        if weights == ONE:
            counted = len(of)
        else:
            counted = sum(weights[self.given[number].answers[subject] - 1] for number in of)
        assert counted == value, f"{where}, {subject}: published {value}, given {counted}"
        self.figures += 1
        statement = Statement(where, subject, of, weights)
        if of:
            self.published.setdefault((subject, of, weights), statement)

    def _scores(self, where: str, score: Score, members: frozenset[int]) -> None:
        """The sums of a score; its index follows from them."""
        assert score.n == len(members), where
        for code, unsur in score.unsur.items():
            filled = [number for number in members if code in self.given[number].answers]
            assert unsur.n == len(filled), f"{where}, {code}"
            self._states(where, code, filled, NILAI, unsur.jumlah)

    def _collect(self, db: Db, label: str, units: tuple[int, ...]) -> None:
        try:
            given = figures.of(db, self.office, label, units)
        except NoFigures:
            return
        where = f"{label} of {units or 'the office'}"
        stored = results.of_periods(db, self.office.instruments, given.span.periods)
        self._collect_scores(where, given, self._blocks(stored, units))
        if not units:
            self._collect_counts(where, given, stored)
            if given.span.final is not None:
                self._collect_file(db, label, given)
        else:
            assert not given.attributes
            assert given.levy is None

    def _blocks(
        self, stored: Sequence[PeriodResult], units: Sequence[int]
    ) -> list[tuple[Mapping[int, int], frozenset[int]]]:
        """Services and units of each block that is told in a scope, and its responses."""
        return [
            (block.services, of)
            for result in stored
            for block, of in zip(result.blocks, self.blocks[result.period_id], strict=True)
            if block.published and (not units or set(block.services.values()) <= set(units))
        ]

    def _collect_scores(
        self,
        where: str,
        given: Figures,
        told: Sequence[tuple[Mapping[int, int], frozenset[int]]],
    ) -> None:
        everybody = frozenset[int]().union(*(of for _, of in told))
        self._scores(where, given.score, everybody)
        for code, counted in given.distribution.items():
            filled = [number for number in everybody if code in self.given[number].answers]
            for nilai, n in counted.items():
                one = tuple(int(each == nilai) for each in NILAI)
                self._states(f"{where}, {nilai}", code, filled, one, n)

        def parts(shown: Sequence[Part], key: Callable[[Mapping[int, int]], int | None]) -> None:
            for part in shown:
                of = frozenset[int]().union(*(of for block, of in told if key(block) == part.key))
                self._scores(f"{where}, {part.name}", part.score, of)

        parts(given.services, lambda block: next(iter(block)) if len(block) == 1 else None)
        parts(given.by_unit, lambda block: _only(block.values()))
        for kanal, score in given.by_channel.items():
            of = frozenset(n for n in everybody if self.given[n].kanal == kanal)
            self._scores(f"{where}, {kanal}", score, of)
        if given.without_repeats is not None:
            of = frozenset(n for n in everybody if not self.given[n].repeat)
            self._scores(f"{where}, without repeats", given.without_repeats, of)

    def _collect_counts(self, where: str, given: Figures, stored: Sequence[PeriodResult]) -> None:
        for attribute, options in given.attributes.items():
            told = [self.described.get((each.period_id, attribute), ()) for each in stored]
            of = frozenset[int]().union(*told)
            for names, n in options:
                gave = [each for each in of if self.given[each].about[attribute] in names]
                self._states(f"{where}, {'/'.join(names)}", attribute, gave, ONE, n)
        if given.levy is not None:
            levies = [self.levied.get(number, frozenset()) for number in given.span.ids]
            members = frozenset[int]().union(*levies)
            self._states(f"{where}, levy", "BIAYA", members, PAID, given.levy.paid)

    def _collect_file(self, db: Db, label: str, given: Figures) -> None:
        """The file for `rekap` holds the sums of the units' figures and nothing else."""
        file = period_file.locked_figures(db, self.office, label)
        parts = [(part.name, part.score) for part in given.by_unit]
        own = parts or [(office_facts.name(db), given.score)]
        for unit, (name, score) in zip(file.unit, own, strict=True):
            sums = {code: (unsur.n, unsur.jumlah) for code, unsur in score.unsur.items()}
            assert (unit.nama, unit.n, dict(unit.jumlah)) == (name, score.n, sums)


def _door(kanal: str) -> Door:
    """The door that a channel's people come through."""
    return Door.WEB if kanal in BROWSER else Door.TELEGRAM


def _only(units: Iterable[int]) -> int | None:
    known = set(units)
    return known.pop() if len(known) == 1 else None
