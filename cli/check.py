"""`puas check`: what stands between this config and a running bot; it changes nothing."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from telegram import Bot, ChatMember, ChatMemberRestricted, ChatPermissions
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from bot import app as program
from cli import check_ports
from cli.check_ports import BAD, HINT, OK, SECONDS, Line
from office import bootstrap, logs
from office import config as configs
from office import secret as master_secret
from office.bootstrap import Overruled
from office.config import SQLITE, Config, ConfigError
from office.office import INDICES, Index, TelegramTime
from office.secret import DatabaseMissing, KeyMissing, SecretChanged
from office.words import all_words
from scoring import option_words
from scoring.instrument import Instrument
from scoring.instrument_file import InstrumentError
from scoring.numbers import comma
from scoring.unit_instrument import UnitInstrument
from storage import groups, instruments, people, periods
from storage.database import Database, DatabaseTrouble
from storage.groups import Group
from storage.maintenance import schema
from storage.maintenance.schema import NewerSchema
from storage.registered import Registered, RegisteredUnit
from storage.settings import program_state

ADULT = 17  # years
OWN_QUESTIONS = "docs/how-to/pertanyaan-sendiri.md"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a database of this program's schema knows."""

    secret: str | None = None
    has_admin: bool = False
    groups: Sequence[Group] = ()
    overruled: Sequence[Overruled] = ()
    instruments: Sequence[Instrument | UnitInstrument] = ()
    in_use: Mapping[str, Instrument | UnitInstrument] = field(default_factory=dict)  # by index


EMPTY = Stored()


def run(path: Path | None) -> int:
    """Print every line; 0 when the bot can run, 2 when something must be mended first."""
    marks = set()
    for line in lines(path):
        typer.echo(logs.redact(str(line)))
        marks.add(line.mark)
    return 2 if BAD in marks else 0


def lines(path: Path | None) -> Iterator[Line]:
    """Everything that can be told of this config."""
    file = configs.file_used(path)
    for name in configs.ignored():
        told = f"{name} bukan nama kunci dan diabaikan; bagian dan kunci dipisah dua garis bawah."
        yield Line(HINT, "Lingkungan", told)
    try:
        config = configs.load(path)
    except ConfigError as error:
        yield from (Line(BAD, "Konfigurasi", line) for line in str(error).splitlines())
        yield Line(HINT, "Lainnya", "diperiksa setelah konfigurasi benar.")
        return
    absent = "tidak ada config.toml di folder ini; dipakai nilai bawaan dan variabel PUAS_..."
    yield Line(HINT, "Konfigurasi", absent) if file is None else Line(OK, "Konfigurasi", str(file))
    if file is not None and config.telegram.token and not os.environ.get("PUAS_TELEGRAM__TOKEN"):
        yield from _others_may_read("Konfigurasi", file)
    of_database, known = _database(config)  # the lines before it need what it knows
    yield from _instrument(config, known)
    yield from _unit_instrument(config, known)
    yield from _words(config)
    yield from _secret(config.secret_file, known)
    yield of_database
    for each in known.overruled if known else ():
        yield Line(HINT, "Data kantor", str(each))
    yield from _telegram(config, known)
    yield _admins(config, known)
    yield from _schedule(config)
    yield from check_ports.health(config)
    yield from check_ports.pages(config)


def _instrument(config: Config, known: Stored | None) -> Iterator[Line]:
    part = "Instrumen"
    try:
        found, _ = bootstrap.read_instrument(config)
    except (InstrumentError, ConfigError) as error:
        yield from (Line(BAD, part, line) for line in str(error).splitlines())
        return
    items = f", {len(found.items)} butir" if len(found.items) > len(found.unsur) else ""
    asked = f"{len(found.unsur)} unsur{items}"
    yield Line(OK, part, f"{found.code} versi {found.version}, {asked}.")
    yield from _difference(part, found, "ikm", known)
    yield from _ages_of_children(part, found)


def _ages_of_children(part: str, found: Instrument) -> Iterator[Line]:
    """Ages under 17 that are offered without a sentence of consent."""
    for attribute in found.attributes:
        for option in attribute.options if attribute.code == "umur" else ():
            band = option_words.parse_ages(option.code)
            if band is not None and band.last < ADULT and option.consent is None:
                told = f"umur {option.code} ditawarkan tanpa consent; lihat {OWN_QUESTIONS}."
                yield Line(HINT, part, told)


def _unit_instrument(config: Config, known: Stored | None) -> Iterator[Line]:
    part = "Formulir kepala unit"
    try:
        found, _ = bootstrap.read_unit_instrument(config)
    except InstrumentError as error:
        yield from (Line(BAD, part, line) for line in str(error).splitlines())
        return
    low, high = (comma(edge) for edge in (found.minimum, found.maximum))
    asked = f"{len(found.aspek)} aspek, {len(found.items)} indikator, nilai {low}–{high}"
    yield Line(OK, part, f"{found.code} versi {found.version}, {asked}.")
    yield from _difference(part, found, "unit", known)
    if found.contoh is not None:
        told = "masih contoh; ganti dengan formulir kantor lewat survey.unit_instrument."
        yield Line(HINT, part, told)


def _difference(
    part: str, found: Instrument | UnitInstrument, index: Index, known: Stored | None
) -> Iterator[Line]:
    """What a file that differs from the open period's instrument means for its results."""
    used = known.in_use.get(index) if known else None
    if known is None or used is None:
        return
    if found.series != used.series:
        told = (
            "memulai seri baru pada periode berikutnya: hasilnya tidak dibandingkan dengan hasil"
            " sebelumnya; periode yang berjalan selesai dengan yang lama."
        )
        yield Line(HINT, part, told)
    elif found not in known.instruments:
        yield Line(HINT, part, "teksnya berubah: dipakai mulai isian berikutnya, tren berlanjut.")


def _words(config: Config) -> Iterator[Line]:
    try:
        words = bootstrap.read_words(config)
    except all_words.WordsError as error:
        yield from (Line(BAD, "Kata-kata", line) for line in str(error).splitlines())
        return
    yield Line(OK, "Kata-kata", f"{', '.join(words.languages)}, dan kata-kata kantor.")


def _secret(path: Path, known: Stored | None) -> Iterator[Line]:
    part = "Kunci rahasia"
    used = known is not None and known.secret is not None
    if not path.exists():
        if used:
            yield Line(BAD, part, program.sentence(KeyMissing()))
        else:
            yield _to_be_made(part, path)
        return
    try:
        secret = master_secret.read(path)
    except ConfigError as error:
        yield Line(BAD, part, str(error))
        return
    if used and known is not None and known.secret != master_secret.mark(secret):
        yield Line(BAD, part, program.sentence(SecretChanged()))
        return
    yield Line(OK, part, f"{path} terbaca.")
    yield from _others_may_read(part, path)


def _to_be_made(part: str, path: Path) -> Line:
    folder = path.absolute().parent
    if not folder.is_dir():
        return Line(BAD, part, f"folder {folder} tidak ada; buat dulu.")
    if not os.access(folder, os.W_OK):
        return Line(BAD, part, f"folder {folder} tidak dapat ditulisi; perbaiki izinnya.")
    return Line(HINT, part, f"{path} belum ada; dibuat saat puas run pertama kali.")


def _others_may_read(part: str, path: Path) -> Iterator[Line]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Line(HINT, part, f"{path} terbaca pengguna lain di komputer ini: chmod 600 {path}")


def _database(config: Config) -> tuple[Line, Stored | None]:
    part, url = "Basis data", config.database.url.get_secret_value()
    kind = "PostgreSQL"
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE).partition("?")[0])
        if not path.exists():
            if config.secret_file.exists():
                return Line(BAD, part, program.sentence(DatabaseMissing())), EMPTY
            return _to_be_made(part, path), EMPTY
        kind = f"SQLite {path}"
        if not os.access(path, os.R_OK | os.W_OK):
            told = f"{path} tidak dapat dibaca dan ditulisi; perbaiki izinnya."
            return Line(BAD, part, told), None
    elif "connect_timeout=" not in url:
        url += f"{'&' if '?' in url else '?'}connect_timeout={SECONDS}"
    with closing(Database(url)) as database:
        mark, told, known = _standing(database, config)
    if known is EMPTY and config.secret_file.exists():
        return Line(BAD, part, program.sentence(DatabaseMissing())), known
    return Line(mark, part, f"{kind} {told}"), known


def _standing(database: Database, config: Config) -> tuple[str, str, Stored | None]:
    try:
        with database.read() as db:
            if not schema.is_migrated(db):
                return HINT, "masih kosong; diisi saat puas run pertama kali.", EMPTY
    except DatabaseTrouble:
        return BAD, "tidak terbaca; periksa database.url: letak, nama dan sandinya.", None
    try:
        with database.read() as db:  # nothing can be written here: what is missing is only noticed
            schema.upgrade(db)
            registered: tuple[Registered | RegisteredUnit, ...] = (
                *instruments.known(db).values(),
                *instruments.known_units(db).values(),
            )
            stored = {each.id: each.instrument for each in registered}
            current = {index: periods.current(db, index) for index in INDICES}
            known = Stored(
                program_state.secret_mark(db),
                people.has_admin(db),
                groups.linked(db),
                bootstrap.overruled(db, config),
                tuple(stored.values()),
                {
                    index: stored[period.instrument_id]
                    for index, period in current.items()
                    if period is not None
                },
            )
    except NewerSchema:
        return BAD, f"terbaca. {NewerSchema.__doc__}", None
    except DatabaseTrouble:
        return HINT, "terbaca; skemanya diperbarui saat puas run.", None
    return OK, "terbaca, skemanya mutakhir.", known


def _telegram(config: Config, known: Stored | None) -> Iterator[Line]:
    telegram_time = TelegramTime(exempt=config.simulator.clock is not None)
    try:
        bot = program.telegram_bot(config, telegram_time)
    except ConfigError as error:
        yield Line(BAD, "Token", str(error))
        return
    if config.telegram.token is None and config.telegram.token_file is not None:
        yield from _others_may_read("Token", config.telegram.token_file)
    groups = list(known.groups) if known else []
    told = asyncio.run(_asked(bot, groups, known is not None))
    yield from told
    answered = told[0].mark == OK or telegram_time.noted is not None
    if answered and not telegram_time.exempt:
        yield from _clock(telegram_time, config.schedule.zone)


async def _asked(bot: Bot, groups: Sequence[Group], known: bool) -> list[Line]:
    try:
        await asyncio.wait_for(bot.initialize(), SECONDS)
        told = [Line(OK, "Token", f"diterima Telegram: @{bot.username}."), *_privacy(bot)]
        told += [await _group(bot, group) for group in groups]
    except InvalidToken:
        return [Line(BAD, "Token", program.REFUSED_BY_TELEGRAM)]
    except (TelegramError, TimeoutError):
        unreached = "tidak dapat diperiksa: Telegram tidak terjangkau; periksa sambungan internet"
        return [Line(BAD, "Token", f"{unreached} dan telegram.api_root.")]
    finally:
        await bot.shutdown()
    if not groups:
        unknown = "diketahui setelah basis data dapat dibaca."
        absent = "belum ada; masukkan bot ke grup Camat, lalu tekan Pasang di sini pada sapaannya."
        told.append(Line(HINT, "Grup", absent if known else unknown))
    return told


def _clock(telegram_time: TelegramTime, zone: str) -> Iterator[Line]:
    part, known, now = "Jam", telegram_time.now(), datetime.now(UTC)
    if known is None:
        told = "jawaban Telegram tidak menyebut jam; penutupan dan penguncian akan menunggu."
        yield Line(BAD, part, told)
        return
    seconds = abs(round((now - known).total_seconds()))
    if telegram_time.confirms(now):
        yield Line(OK, part, f"cocok dengan jam Telegram (selisih {seconds} detik).")
        return
    ours, theirs = (f"{each.astimezone(ZoneInfo(zone)):%d/%m/%Y %H.%M}" for each in (now, known))
    apart = timedelta(seconds=seconds)
    away = f"{apart.days} hari {apart.seconds // 3600} jam {apart.seconds // 60 % 60} menit"
    told = f"komputer {ours}, Telegram {theirs}, selisih {away}; nyalakan sinkronisasi waktu."
    yield Line(BAD, part, told)


def _privacy(bot: Bot) -> Iterator[Line]:
    if bot.can_read_all_group_messages:
        told = "mati, bot menerima semua pesan grup; sebaiknya hidup: @BotFather, /setprivacy."
        yield Line(HINT, "Mode privasi", told)
    else:
        yield Line(OK, "Mode privasi", "hidup; di grup bot hanya menerima perintah untuknya.")
    if not bot.can_join_groups:
        told = "bot tidak boleh dimasukkan ke grup; izinkan: @BotFather, /setjoingroups."
        yield Line(HINT, "Grup", told)


async def _group(bot: Bot, group: Group) -> Line:
    part = f"Grup {group.title or group.chat_id}"
    try:
        chat = await bot.get_chat(group.chat_id)
        member = await bot.get_chat_member(group.chat_id, bot.id)
    except ChatMigrated:
        return Line(HINT, part, "sudah menjadi supergrup; puas run mengikutinya.")
    except (BadRequest, Forbidden):
        gone = "bot tidak ada di grup ini; masukkan lagi, lalu tekan Pasang di sini pada sapaannya."
        return Line(BAD, part, gone)
    if not _is_in(member):
        gone = "bot sudah keluar dari grup ini; masukkan lagi, lalu tekan Pasang di sini."
        return Line(BAD, part, gone)
    if not _may_post(member, chat.permissions):
        return Line(BAD, part, "bot tidak boleh mengirim pesan dan foto; izinkan di grup itu.")
    return Line(OK, part, "bot ada di sana dan boleh mengirim pesan dan foto.")


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def _may_post(member: ChatMember, everybody: ChatPermissions | None) -> bool:
    if member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER):
        return True
    rights = member if isinstance(member, ChatMemberRestricted) else everybody
    return rights is None or bool(rights.can_send_messages and rights.can_send_photos)


def _admins(config: Config, known: Stored | None) -> Line:
    if config.telegram.admins:
        return Line(OK, "Admin", f"{len(config.telegram.admins)} orang di telegram.admins.")
    if known is None:
        return Line(HINT, "Admin", "diketahui setelah basis data dapat dibaca.")
    if known.has_admin:
        return Line(OK, "Admin", "sudah ada.")
    return Line(HINT, "Admin", "belum ada; puas run mencetak kode klaim untuk admin pertama.")


def _schedule(config: Config) -> Iterator[Line]:
    schedule = config.schedule
    days = ", ".join(schedule.work_days)
    hour = f"{schedule.post_at:%H.%M} {schedule.zone}"
    locked = f"{schedule.period} dikunci pada hari kerja ke-{max(schedule.lock_after, 1)}"
    wait = f"{schedule.preview_days} hari kerja sesudah Camat dan admin melihatnya"
    group = f"grup mendapat ringkasan {wait if schedule.preview_days else 'saat itu juga'}"
    free = f"{len(schedule.holidays)} hari libur"
    yield Line(OK, "Jadwal", f"hari kerja {days}; {locked} pukul {hour}; {group}; {free}.")
    span = f"{schedule.rating_days} hari terakhir" if schedule.rating_days else "sepanjang"
    yield Line(OK, "Kepala unit", f"menilai {span} {schedule.unit_period}.")
    year = datetime.now(ZoneInfo(schedule.zone)).year
    if not any(day.year == year for day in schedule.holidays):
        told = f"belum ada hari libur {year}; isi schedule.holidays dari keputusan bersama menteri."
        yield Line(HINT, "Jadwal", told)
