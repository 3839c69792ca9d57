"""The config: one TOML file and the environment, checked whole before anything starts."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)

from scoring import os_reasons
from scoring.instrument import LANGUAGES, OFFICE_LANGUAGE
from scoring.limits import MIN_RESPONSES

PREFIX = "PUAS_"
FILE = Path("config.toml")
TOKEN = re.compile(r"\d{6,12}:[\w-]{30,}", re.ASCII)
WorkDay = Literal["senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"]
DAYS: tuple[WorkDay, ...] = get_args(WorkDay)


class ConfigError(Exception):
    """Konfigurasi tidak dapat dipakai; satu baris per masalah, tanpa nilainya."""


def _like(pattern: str | re.Pattern[str], sentence: str) -> AfterValidator:
    """The whole text has this shape; the sentence says what is wanted, never what was given."""
    shape = re.compile(pattern)

    def check(value: str | SecretStr) -> str | SecretStr:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not shape.fullmatch(text):
            raise ValueError(sentence)
        return value

    return AfterValidator(check)


def _listed(value: object) -> object:
    """In the environment a list is JSON, or parts between commas."""
    if not isinstance(value, str):
        return value
    if not value.startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    try:
        return json.loads(value)
    except ValueError:
        raise ValueError("daftarnya tidak terbaca; pisahkan dengan koma, tanpa kurung") from None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("bukan nama zona waktu, misalnya Asia/Jakarta") from None
    return name


def _hour(value: object) -> time:
    """A number alone would be taken for seconds after midnight."""
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    raise ValueError('harus jam seperti "08:00"')


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("harus tanggal seperti 2026-08-17")


def _webhook_url(value: str, info: ValidationInfo) -> str:
    if not value and info.data.get("mode") == "webhook":
        raise ValueError("wajib diisi bila telegram.mode webhook")
    if value and not re.fullmatch(
        r"https://\S+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/\S*)?", value
    ):
        raise ValueError("harus alamat https://")
    return value


def _public_url(value: str) -> str:
    if value and not re.fullmatch(r"https?://[^\s/?#]+", value):
        raise ValueError("harus seperti https://survei.contoh.go.id, tanpa apa pun sesudahnya")
    return value


ApiRoot = Annotated[
    str,
    _like(
        r"https?://[^\s/]+", "harus seperti https://api.telegram.org, tanpa garis miring di akhir"
    ),
]
Token = Annotated[
    SecretStr,
    _like(TOKEN, "bukan token; salin seluruhnya dari @BotFather, angka dan titik dua juga"),
]
WebhookSecret = Annotated[
    SecretStr, _like(r"[A-Za-z0-9_-]{1,256}", "hanya huruf, angka, _ dan -, paling panjang 256")
]
# What stands in a password as @ or / would be read as the host's name, and told to the resolver.
DatabaseUrl = Annotated[
    SecretStr,
    _like(
        r"sqlite:///(?!.*:memory:).+"
        r"|postgres(?:ql)?(?:\+psycopg)?://(?:[^\s:/@]+(?::[^\s/@]*)?@)?"
        r"(?:\[[\da-fA-F:]+\]|[^\s:/@\[\]]*)(?::\d+)?/[^\s/@?]+(?:\?\S*)?",
        "harus sqlite:///nama.db atau postgresql://nama:sandi@komputer/basisdata"
        " (@ / : dalam sandi ditulis %40 %2F %3A)",
    ),
]
Admin = Annotated[int, Field(gt=0)]
Language = Annotated[str, _like(r"[a-z]{2,3}", 'harus 2 atau 3 huruf kecil, seperti "mad"')]


def _languages(codes: tuple[str, ...]) -> tuple[str, ...]:
    if OFFICE_LANGUAGE not in codes:
        raise ValueError('harus memuat "id", bahasa kantor')
    if len(set(codes)) < len(codes):
        raise ValueError("satu bahasa tertulis dua kali")
    return codes


Day = Annotated[date, BeforeValidator(_day)]
Kind = Literal["tahun", "semester", "triwulan", "bulan"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Office(_Section):
    """Who the office is; seeds an empty database."""

    nama: str = Field("Kecamatan Pakong", min_length=1, max_length=120)
    jabatan: str = Field("Camat Pakong", max_length=120)
    kabupaten: str = Field("Kabupaten Pamekasan", max_length=120)
    alamat: str = Field("", max_length=200)
    kepala: str = Field("", max_length=120)
    nip: str = Field("", max_length=30)


class Telegram(_Section):
    """How Telegram is reached, and who is let in from the start."""

    token: Token | None = None
    token_file: Path | None = None
    api_root: ApiRoot = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: Annotated[str, AfterValidator(_webhook_url)] = Field("", validate_default=True)
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(8080, ge=1, le=65535)
    webhook_secret: WebhookSecret | None = None
    admins: Annotated[tuple[Admin, ...], BeforeValidator(_listed)] = ()
    group: int | None = Field(None, lt=0)
    topic: int | None = Field(None, gt=0)
    messages_per_second: int = Field(30, ge=0, le=1000)
    set_profile: bool = True


class DatabaseSection(_Section):
    """Where the rows are, and their nightly backups."""

    url: DatabaseUrl = SecretStr("sqlite:///puas.db")
    backups: Path | None = None


class Schedule(_Section):
    """The office's calendar."""

    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Jakarta"
    period: Kind = "triwulan"
    unit_period: Kind = "semester"
    rating_days: int = Field(30, ge=0, le=366)  # at the end of the unit period; 0: all of it
    post_at: Annotated[time, BeforeValidator(_hour)] = time(8, 0)
    work_days: Annotated[tuple[WorkDay, ...], BeforeValidator(_listed), Field(min_length=1)] = DAYS[
        :5
    ]
    holidays: Annotated[tuple[Day, ...], BeforeValidator(_listed)] = ()
    lock_after: int = Field(5, ge=1, le=60)
    preview_days: int = Field(1, ge=0, le=10)
    pulse: bool = False
    reminders: bool = True


class Survey(_Section):
    """What is asked, and what counts."""

    instrument: str = "skm-2017"
    unit_instrument: str = "unit-pakong-contoh"
    instruments_dir: Path | None = None
    min_filled: int = Field(5, ge=1)
    min_responses: int = Field(MIN_RESPONSES, ge=MIN_RESPONSES)  # of fewer people are known
    repeat: int = Field(3, ge=1, le=9)
    languages: Annotated[
        tuple[Language, ...], BeforeValidator(_listed), AfterValidator(_languages)
    ] = LANGUAGES
    words_dir: Path | None = None
    sensitive: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()


class Health(_Section):
    """Where health is told, on loopback."""

    listen: str = "127.0.0.1"
    port: int | None = Field(None, ge=1, le=65535)


class Web(_Section):
    """The survey's pages for a browser; without a port they are not opened.

    `proxies` are the addresses of the reverse proxy, whose X-Forwarded-For is believed.
    With `visit_codes` a visitor may enter the code of a slip that the office printed for him.
    """

    listen: str = "127.0.0.1"
    port: int | None = Field(None, ge=1, le=65535)
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    proxies: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    visit_codes: bool = False


class Simulator(_Section):
    """For tests only: `clock` is the address of a simulator whose clock the program follows."""

    clock: str | None = None


class Config(_Section):
    """Everything an operator sets."""

    office: Office = Office()
    telegram: Telegram = Telegram()
    database: DatabaseSection = DatabaseSection()
    secret_file: Path = Path("puas.key")
    schedule: Schedule = Schedule()
    survey: Survey = Survey()
    health: Health = Health()
    web: Web = Web()
    simulator: Simulator = Simulator()

    def token(self) -> str:
        """The bot's token, from its own place or its file.

        Raises:
            ConfigError: there is none, or its file has none.
        """
        if self.telegram.token is not None:
            return self.telegram.token.get_secret_value()
        if self.telegram.token_file is None:
            raise ConfigError("telegram.token: wajib diisi; minta token kepada @BotFather.")
        try:
            token = self.telegram.token_file.read_bytes().decode("ascii", "replace").strip()
        except OSError as error:
            raise ConfigError(
                f"telegram.token_file: berkas tidak terbaca ({os_reasons.reason(error)});"
                " periksa letak dan izinnya."
            ) from None
        if not TOKEN.fullmatch(token):
            raise ConfigError(
                "telegram.token_file: isinya bukan token; salin seluruhnya dari @BotFather."
            )
        return token

    def secrets(self) -> tuple[str, ...]:
        """What no log may show, besides tokens: the database's password, the webhook's secret."""
        found = re.search(r"://[^:/@]*:([^/@]+)@", self.database.url.get_secret_value())
        passwords = (found[1], unquote(found[1])) if found else ()
        webhook = self.telegram.webhook_secret
        return (*passwords, webhook.get_secret_value()) if webhook else passwords


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the config: the environment wins over the file, key by key.

    Relative paths, those of keys left out too, start at the file's own folder; those in the
    environment at the current one.

    Args:
        path: a file that must exist; None for `config.toml` here, which need not.
        environ: `PUAS_TELEGRAM__TOKEN` is telegram.token; one that is empty counts as not set.

    Raises:
        ConfigError: one readable line for each problem, never the value that was given.
    """
    file = file_used(path)
    found = {} if file is None else _rooted(_read(file), file.absolute().parent)
    origins: dict[tuple[str, ...], str] = {}
    for name, value in sorted(environ.items()):
        keys = tuple(name.removeprefix(PREFIX).lower().split("__", 1))
        if not _is_ours(name) or not value.strip():
            continue
        table = found.setdefault(keys[0], {}) if len(keys) > 1 else found
        if isinstance(table, dict):
            table[keys[-1]] = value.strip()
            origins[keys] = name
    try:
        return Config.model_validate(found)
    except ValidationError as error:
        lines = dict.fromkeys(_line(problem, origins) for problem in error.errors())
        raise ConfigError("\n".join(lines)) from None


def file_used(path: Path | None) -> Path | None:
    """The file `load` reads; None when there is none."""
    return FILE if path is None and FILE.is_file() else path


def ignored(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Variables that look like ours but name no key; PUAS_PYTHON belongs to ./puas."""
    names = (name for name in environ if name.startswith(PREFIX) and not _is_ours(name))
    return sorted(name for name in names if name != "PUAS_PYTHON")


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) and ("__" in name or name == "PUAS_SECRET_FILE")


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{file}: tidak terbaca ({os_reasons.reason(error)});"
            " salin config.example.toml ke sana, atau periksa izinnya."
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: bukan teks UTF-8; simpan ulang sebagai UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column \d+\)", str(error))
        raise ConfigError(
            f"{file}: {f'baris {where[1]}' if where else 'akhir berkas'} bukan TOML yang benar;"
            " periksa tanda kutip, kurung, dan kunci yang tertulis dua kali."
        ) from None


SQLITE = "sqlite:///"


def _rooted(found: dict[str, Any], folder: Path) -> dict[str, Any]:
    defaults = Config()
    places = (
        (found, "secret_file", str(defaults.secret_file)),
        (found.setdefault("database", {}), "url", defaults.database.url.get_secret_value()),
        (found["database"], "backups", None),
        (found.setdefault("telegram", {}), "token_file", None),
        (found.setdefault("survey", {}), "instruments_dir", None),
        (found["survey"], "words_dir", None),
    )
    for table, key, default in places:
        value = table.get(key, default) if isinstance(table, dict) else None
        if not isinstance(value, str):
            continue
        if value.startswith(SQLITE):
            table[key] = f"{SQLITE}{folder / value.removeprefix(SQLITE)}"
        elif key != "url":
            table[key] = str(folder / value)
    return found


EXAMPLE = "bandingkan dengan config.example.toml"
SENTENCES = {
    "extra_forbidden": f"kunci ini tidak dikenal; {EXAMPLE}",
    "model_type": f"harus berupa bagian; {EXAMPLE}",
    "tuple_type": f"harus daftar dalam kurung siku; {EXAMPLE}",
    "literal_error": "pilihannya: {expected}",
    "greater_than_equal": "paling sedikit {ge}",
    "less_than_equal": "paling banyak {le}",
    "greater_than": "harus lebih dari {gt}",
    "less_than": "harus kurang dari {lt}; nomor grup selalu negatif",
    "string_too_long": "paling panjang {max_length} huruf",
    "string_too_short": "tidak boleh kosong",
    "too_short": "tidak boleh kosong",
}
KINDS = {
    "int": "harus bilangan bulat",
    "bool": "harus true atau false",
    "string": "harus teks dalam tanda kutip",
    "path": "harus teks dalam tanda kutip",
}


def _line(problem: Any, origins: Mapping[tuple[str, ...], str]) -> str:
    """`key: what to do`; pydantic's own words would carry the value."""
    place, kind, facts = problem["loc"], problem["type"], problem.get("ctx", {})
    where = ".".join(part for part in place if isinstance(part, str))
    where += "".join(f" (ke-{part + 1})" for part in place if isinstance(part, int))
    if kind == "value_error":
        sentence = str(facts["error"])
    else:
        fallback = KINDS.get(kind.split("_")[0], f"nilainya tidak dapat dipakai; {EXAMPLE}")
        sentence = SENTENCES.get(kind, fallback).format(**facts).replace(" or ", " atau ")
    origin = next((name for keys, name in origins.items() if keys[: len(place)] == place[:2]), None)
    return f"{where}: {sentence}{f' (dari {origin})' if origin else ''}."
