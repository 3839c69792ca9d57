"""Preparing the database: migrated, seeded from config and starter list, the periods opened."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from office import notices
from office import secret as master_secret
from office.config import Config, ConfigError
from office.office import INDICES, Calendar, Clock, Office, TelegramTime
from office.periods.lifecycle import tell_new_series, turn_over
from office.periods.lock import store_missing
from office.words import all_words
from office.words.all_words import Words
from scoring import instrument_file, plan, profile, unit_instrument_file
from scoring.instrument import Instrument, untranslated
from scoring.instrument_file import InstrumentError
from scoring.unit_instrument import UnitInstrument
from storage import audit, catalogue, groups, instruments, people, periods
from storage.database import Database, Db
from storage.groups import Group
from storage.instruments import InstrumentCache
from storage.maintenance import schema
from storage.planning import plans
from storage.settings import office_facts
from storage.settings.office_facts import OfficeFacts
from storage.unit_index import unit_results

PROFILE = "pakong-2018"
STARTER = Path(__file__).parent / "starter.toml"


def read_instrument(config: Config) -> tuple[Instrument, str]:
    """What citizens are asked, and its file's content with what the config adds.

    Raises:
        InstrumentError, ConfigError: a bad file is told with its place.
    """
    path = instrument_file.path_of(config.survey.instrument, config.survey.instruments_dir)
    found = instrument_file.load(path)
    content = instrument_file.with_sensitive(path.read_text("utf-8-sig"), config.survey.sensitive)
    if config.survey.sensitive:
        found = instrument_file.parse(content, str(path))
    if found.code != config.survey.instrument:
        wrong = f'tertulis "{found.code}"; samakan dengan nama berkasnya'
        raise InstrumentError(f"{path}: code: {wrong}.")
    if config.survey.min_filled > len(found.items):
        most = f"paling banyak {len(found.items)}, yaitu banyaknya pertanyaan {found.code}"
        raise ConfigError(f"survey.min_filled: {most}.")
    if lacking := [key for code in config.survey.languages for key in untranslated(found, code)]:
        needed = "wajib ada, karena bahasanya disebut dalam survey.languages"
        raise InstrumentError("\n".join(f"{path}: {key}: {needed}." for key in lacking))
    return found, content


def read_words(config: Config) -> Words:
    """All words in the languages of the config.

    Raises:
        WordsError: one line for each problem.
    """
    survey = config.survey
    return all_words.load(survey.languages, survey.words_dir, config.web.port is not None)


def read_unit_instrument(config: Config) -> tuple[UnitInstrument, str]:
    """What unit heads are asked, and its file's content.

    Raises:
        InstrumentError: a bad file is told with its place.
    """
    code, folder = config.survey.unit_instrument, config.survey.instruments_dir
    found = unit_instrument_file.named(code, folder)
    return found, unit_instrument_file.path_of(code, folder).read_text("utf-8-sig")


def prepare(
    config: Config,
    clock: Clock,
    database: Database,
    secret: bytes,
    telegram_time: TelegramTime | None = None,
) -> Office:
    """Migrate, register the instrument, seed an empty database.

    Raises:
        NewerSchema, InstrumentError, SecretChanged, WordsError
    """
    words = read_words(config)
    _, content = read_instrument(config)
    _, unit_content = read_unit_instrument(config)
    schema.migrate(database)
    with database.write() as db:
        master_secret.must_match(db, secret)
        instrument_id = instruments.register(db, content)
        unit_instrument_id = instruments.register(db, unit_content)
        seed(db, config)
        if config.telegram.group is not None and not groups.any_ever_linked(db):
            group = Group(config.telegram.group, config.telegram.topic, "", "linked")
            groups.link(db, group, 0, clock())
            notices.send_missed(db, group, clock())
        office = Office(
            database=database,
            words=words,
            secret=secret,
            calendar=Calendar.from_schedule(config.schedule),
            instruments=InstrumentCache(database, instruments.known, db),
            instrument_id=instrument_id,
            unit_instruments=InstrumentCache(database, instruments.known_units, db),
            unit_instrument_id=unit_instrument_id,
            username="",
            bot_id=0,
            clock=clock,
            min_filled=config.survey.min_filled,
            min_responses=config.survey.min_responses,
            repeat=config.survey.repeat,
            pulse=config.schedule.pulse,
            reminders=config.schedule.reminders,
            visit_codes=config.web.visit_codes,
            public_url=config.web.public_url,
            telegram_time=telegram_time or TelegramTime(),
        )
        store_missing(db, office, clock())
        for user_id in config.telegram.admins:
            people.seed_admin(db, user_id, "Admin", clock())
        tell_new_series(db, office, clock())
    database.mark = master_secret.mark(secret)
    return office


def open_periods(office: Office) -> None:
    """Open the periods of now in a new database; close those that ended, if the clock is confirmed.

    The first periods are those of Telegram's time, whatever the computer's clock says.
    """
    now, telegram = office.clock(), office.telegram_time
    with office.database.write() as db:
        if telegram.confirms(now):
            turn_over(db, office, now)
        elif any(periods.current(db, index) is None for index in INDICES):
            turn_over(db, office, telegram.now() or now)


def seed(db: Db, config: Config) -> None:
    """Fill an empty database from the config and the starter list; afterwards the database wins."""
    given = config.office
    office_facts.seed(db, OfficeFacts(given.nama, given.jabatan, given.kabupaten, given.alamat))
    office_facts.seed_head(db, given.kepala, given.nip, given.jabatan)
    found = profile.named(PROFILE, config.survey.instruments_dir)
    plans.seed(db, plan.of_profile(found))
    starter = _starter()
    catalogue.seed_services(db, ("kantor", config.office.nama), starter["services"])
    unit_results.seed_kerja(db, starter["units"])


@cache
def _starter() -> Mapping[str, Any]:
    return tomllib.loads(STARTER.read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Overruled:
    """A key of the config that was changed after the database was seeded from it."""

    key: str
    written: str
    stored: str

    @property
    def menu(self) -> str:
        """Where /kelola changes it."""
        return "Pejabat penanda tangan" if self.key in ("kepala", "nip") else "Data kantor"

    def __str__(self) -> str:
        """The operator's line."""
        return (
            f'office.{self.key} = "{self.written}" di pengaturan tidak dipakai: yang berlaku'
            f' "{self.stored}", dari basis data. Ubah di bot: /kelola, {self.menu}.'
        )


def overruled(db: Db, config: Config) -> list[Overruled]:
    """The office's data that the config states otherwise than the database ever did.

    What the config said at the first start, and /kelola has changed since, is not among it.
    """
    held = {
        key: [text, *audit.befores(db, office_facts.audit_target(key))]
        for key, text in asdict(office_facts.read(db)).items()
    } | _heads(db)
    written = config.office.model_dump(include=config.office.model_fields_set)
    return [
        Overruled(key, text, held[key][0]) for key, text in written.items() if text not in held[key]
    ]


def _heads(db: Db) -> dict[str, list[str]]:
    """The names and NIP of every head of the office, the latest first, then what they were before.

    An empty one in the config names nobody, and one that is not stored yet is seeded at the start.
    """
    heads = [one for one in office_facts.officials(db) if one.seat == "kepala"]
    changes = [
        each for one in heads for each in audit.befores(db, office_facts.official_target(one.id))
    ]
    before = [each for each in changes if each]
    return {
        "kepala": [*(one.name for one in heads), *(each["nama"] for each in before), ""],
        "nip": [*(one.nip for one in heads), *(each["NIP"] for each in before), ""],
    }


def first_code(db: Db, now: datetime) -> str | None:
    """A new claim code as long as nobody administers the office."""
    return None if people.has_admin(db) else people.new_claim_code(db, now)
