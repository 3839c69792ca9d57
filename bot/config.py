"""The config: one TOML file or the environment, checked whole before anything starts."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "PUAS_"
TOKEN = re.compile(r"\d{6,12}:[\w-]{30,}", re.ASCII)
DAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")


class ConfigError(Exception):
    """Konfigurasi tidak dapat dipakai; satu baris per masalah, tanpa nilainya."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("bukan nama zona waktu, misalnya Asia/Jakarta") from None
    return name


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

    token: SecretStr | None = None
    token_file: Path | None = None
    api_root: str = Field("https://api.telegram.org", pattern=r"^https?://[^\s/]+$")
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1"
    webhook_port: int = Field(8080, ge=1, le=65535)
    webhook_secret: SecretStr | None = None
    admins: tuple[int, ...] = ()
    group: int | None = None
    topic: int | None = None


class DatabaseSection(_Section):
    """Where the rows are."""

    url: SecretStr = SecretStr("sqlite:///puas.db")


class Schedule(_Section):
    """The office's calendar."""

    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Jakarta"
    period: Literal["tahun", "semester", "triwulan", "bulan"] = "triwulan"
    unit_period: Literal["tahun", "semester", "triwulan", "bulan"] = "semester"
    post_at: time = time(8, 0)
    work_days: tuple[Literal[DAYS], ...] = DAYS[:5]  # type: ignore[valid-type] # a Literal of the tuple above
    holidays: tuple[date, ...] = ()
    lock_after: int = Field(5, ge=0, le=60)
    pulse: bool = False


class Survey(_Section):
    """What is asked, and what counts."""

    instrument: str = "skm-2017"
    unit_instrument: str | None = None
    instruments_dir: Path | None = None
    min_filled: int = Field(5, ge=1)
    min_responses: int = Field(5, ge=1)
    repeat: int = Field(3, ge=1, le=9)


class Health(_Section):
    """Where health is told, on loopback."""

    listen: str = "127.0.0.1"
    port: int | None = Field(None, ge=1, le=65535)


class Simulator(_Section):
    """For tests only: `clock` is the address of a simulator whose clock the program follows."""

    clock: str | None = None


class Config(BaseSettings):
    """Everything an operator sets."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    office: Office = Office()
    telegram: Telegram = Telegram()
    database: DatabaseSection = DatabaseSection()
    secret_file: Path = Path("puas.key")
    schedule: Schedule = Schedule()
    survey: Survey = Survey()
    health: Health = Health()
    simulator: Simulator = Simulator()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, key by key."""
        return env_settings, init_settings

    def token(self) -> str | None:
        """The bot's token, from its own place or its file."""
        if self.telegram.token is not None:
            return self.telegram.token.get_secret_value()
        if self.telegram.token_file is not None:
            try:
                return self.telegram.token_file.read_text("utf-8").strip()
            except OSError as error:
                raise ConfigError(
                    f"telegram.token_file: berkas tidak terbaca ({error.strerror}); periksa letak dan izinnya."
                ) from None
        return None


def load(path: Path | None) -> Config:
    """Read the config; relative paths in it are taken from its own folder.

    Raises:
        ConfigError: one readable line for each problem, never the value that was given.
    """
    found: dict[str, Any] = {}
    if path is not None:
        try:
            found = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise ConfigError(
                f"{path}: tidak terbaca ({error.strerror}); salin config.example.toml menjadi {path.name}."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            where = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = f"baris {where[1]}" if where else "berkas"
            raise ConfigError(
                f"{path}: {line} bukan TOML yang benar; periksa tanda kutip dan kurungnya."
            ) from None
    try:
        return Config(**found)
    except ValidationError as error:
        raise ConfigError("\n".join(_line(problem) for problem in error.errors())) from None


SENTENCES = {
    "extra_forbidden": "kunci ini tidak dikenal; bandingkan dengan config.example.toml",
    "missing": "wajib diisi",
    "string_pattern_mismatch": "bentuknya salah; bandingkan dengan config.example.toml",
    "literal_error": "pilihannya: {expected}",
    "greater_than_equal": "paling sedikit {ge}",
    "less_than_equal": "paling banyak {le}",
    "string_too_long": "paling panjang {max_length} huruf",
    "string_too_short": "tidak boleh kosong",
}


def _line(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "value_error":
        return f"{where}: {problem['ctx']['error']}"
    kind = problem["type"].split("_")[0]
    fallback = {"int": "harus bilangan bulat", "bool": "harus true atau false"}.get(
        kind, "nilainya tidak dapat dipakai; bandingkan dengan config.example.toml"
    )
    sentence = SENTENCES.get(problem["type"], fallback)
    return f"{where}: {sentence.format(**problem.get('ctx', {}))}"
