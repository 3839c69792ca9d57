"""The config: the file, the environment, and the errors of a wrong one."""

from __future__ import annotations

import re
import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.intake import webhook
from office import backups
from office import config as configs
from office.config import Config, ConfigError, load

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"
TOKEN = "123456789:" + "Abc-def_9" * 4
PASSWORD = "sandi-yang-rahasia"


def write_config(folder: Path, text: str) -> Path:
    """Write a config file with this text; its path."""
    path = folder / "kantor.toml"
    path.write_text(text, "utf-8")
    return path


def error_lines(path: Path | None = None, **environ: str) -> list[str]:
    """The error lines of an invalid config."""
    with pytest.raises(ConfigError) as refused:
        load(path, environ)
    return str(refused.value).splitlines()


def keys_of(model: type[BaseModel]) -> dict[str, set[str]]:
    """The keys of each section; keys outside any section are under the empty name."""
    keys: dict[str, set[str]] = {"": set()}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys[name] = set(field.annotation.model_fields)
        else:
            keys[""].add(name)
    return keys


def test_the_example_config_loads_and_equals_the_defaults(tmp_path: Path) -> None:
    empty = load(write_config(tmp_path, ""), {})
    shown = load(write_config(tmp_path, EXAMPLE.read_text("utf-8")), {})
    assert shown == empty


def test_the_example_config_names_every_key_and_no_unknown_one() -> None:
    named: dict[str, set[str]] = {"": set()}
    section = ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            section = header[1]
            named[section] = set()
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            named[section].add(key[1])
    assert named == keys_of(Config)


def test_the_placeholders_of_the_example_config_are_no_valid_secrets() -> None:
    filled = re.sub(r"^# (\w+ = )", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    telegram = tomllib.loads(filled)["telegram"]
    assert not configs.TOKEN.fullmatch(telegram["token"])
    assert telegram["webhook_secret"].startswith("GANTI")


def test_every_key_can_be_set_by_an_environment_variable() -> None:
    given = load(
        None,
        {
            "PUAS_TELEGRAM__TOKEN": TOKEN,
            "PUAS_OFFICE__NAMA": "Kecamatan Galis",
            "PUAS_DATABASE__URL": f"postgresql://puas:{PASSWORD}@db:5432/puas",
            "PUAS_SECRET_FILE": "kunci/puas.key",
            "PUAS_SCHEDULE__POST_AT": "07:30",
            "PUAS_SCHEDULE__PULSE": "true",
            "PUAS_TELEGRAM__GROUP": "-1001234567890",
            "PUAS_HEALTH__PORT": "8090",
        },
    )
    assert given.token() == TOKEN
    assert given.office.nama == "Kecamatan Galis"
    assert given.secret_file == Path("kunci/puas.key")
    assert (given.schedule.post_at, given.schedule.pulse) == (time(7, 30), True)
    assert (given.telegram.group, given.health.port) == (-1001234567890, 8090)
    assert given.secrets() == (PASSWORD, PASSWORD)


@pytest.mark.parametrize("admins", ["11,12", "11, 12,", "[11, 12]"])
def test_a_list_in_the_environment_is_json_or_comma_separated(admins: str) -> None:
    given = load(None, {"PUAS_TELEGRAM__ADMINS": admins})
    assert given.telegram.admins == (11, 12)


def test_days_in_the_environment_are_comma_separated() -> None:
    days = {"PUAS_SCHEDULE__WORK_DAYS": "senin,sabtu", "PUAS_SCHEDULE__HOLIDAYS": "2026-08-17"}
    given = load(None, days).schedule
    assert (given.work_days, given.holidays) == (("senin", "sabtu"), (date(2026, 8, 17),))


@pytest.mark.parametrize("days", ["-1", "11", "sehari"])
def test_a_preview_of_other_than_0_to_10_days_is_refused(days: str) -> None:
    with pytest.raises(ConfigError, match=r"schedule\.preview_days: "):
        load(None, {"PUAS_SCHEDULE__PREVIEW_DAYS": days})


@pytest.mark.parametrize("least", ["1", "4"])
def test_min_responses_below_five_is_refused(least: str) -> None:
    with pytest.raises(ConfigError, match=r"survey\.min_responses: paling sedikit 5"):
        load(None, {"PUAS_SURVEY__MIN_RESPONSES": least})


def test_the_environment_overrides_the_file_key_by_key(tmp_path: Path) -> None:
    file = write_config(tmp_path, '[office]\nnama = "Dari berkas"\nkepala = "Bu Camat"\n')
    given = load(file, {"PUAS_OFFICE__NAMA": "Dari lingkungan"}).office
    assert (given.nama, given.kepala) == ("Dari lingkungan", "Bu Camat")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    file = write_config(tmp_path, f'[telegram]\ntoken = "{TOKEN}"\n')
    given = load(file, {"PUAS_TELEGRAM__TOKEN": "", "PUAS_TELEGRAM__GROUP": " "})
    assert given.token() == TOKEN


def test_unknown_variables_are_ignored_and_listed() -> None:
    others = {"PUAS_PYTHON": "python3.13", "PUAS_TELEGRAM_TOKEN": TOKEN, "PATH": "/bin"}
    assert load(None, others) == Config()
    assert configs.ignored(others) == ["PUAS_TELEGRAM_TOKEN"]


def test_a_config_built_in_code_ignores_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PUAS_OFFICE__NAMA", "Dari lingkungan")
    assert Config().office.nama == "Kecamatan Pakong"


def test_paths_in_the_file_are_relative_to_its_folder(tmp_path: Path) -> None:
    file = write_config(
        tmp_path,
        '[telegram]\ntoken_file = "token.txt"\n[survey]\ninstruments_dir = "/etc/puas"\n'
        '[database]\nurl = "sqlite:///data/kantor.db"\n',
    )
    given = load(file, {})
    assert given.telegram.token_file == tmp_path / "token.txt"
    assert given.survey.instruments_dir == Path("/etc/puas")
    assert given.database.url.get_secret_value() == f"sqlite:///{tmp_path}/data/kantor.db"
    assert given.secret_file == tmp_path / "puas.key"


def test_paths_in_the_environment_are_relative_to_the_current_folder(tmp_path: Path) -> None:
    here = {"PUAS_SECRET_FILE": "puas.key", "PUAS_DATABASE__URL": "sqlite:////data/puas.db"}
    given = load(write_config(tmp_path, 'secret_file = "lain.key"'), here)
    assert given.secret_file == Path("puas.key")
    assert given.database.url.get_secret_value() == "sqlite:////data/puas.db"


def test_config_toml_in_the_current_folder_is_read_if_it_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None, {}) == Config()
    (tmp_path / "config.toml").write_text('\ufeff[office]\nnama = "Kecamatan Galis"\n', "utf-8")
    assert load(None, {}).office.nama == "Kecamatan Galis"


def test_a_named_config_file_must_exist(tmp_path: Path) -> None:
    (line,) = error_lines(tmp_path / "tidak-ada.toml")
    assert "tidak terbaca" in line
    assert "config.example.toml" in line


def test_every_wrong_key_gets_its_own_line(tmp_path: Path) -> None:
    file = write_config(
        tmp_path,
        "[telegram]\ntokne = 1\nadmins = [11, -5]\ngroup = 12\n"
        '[schedule]\nperiod = "windu"\nwork_days = []\nholidays = ["17 Agustus"]\npost_at = 8\n',
    )
    assert error_lines(file) == [
        "telegram.admins (ke-2): harus lebih dari 0.",
        "telegram.group: harus kurang dari 0; nomor grup selalu negatif.",
        "telegram.tokne: kunci ini tidak dikenal; bandingkan dengan config.example.toml.",
        "schedule.period: pilihannya: 'tahun', 'semester', 'triwulan' atau 'bulan'.",
        'schedule.post_at: harus jam seperti "08:00".',
        "schedule.work_days: tidak boleh kosong.",
        "schedule.holidays (ke-1): harus tanggal seperti 2026-08-17.",
    ]


def test_a_wrong_variable_is_named() -> None:
    (line,) = error_lines(PUAS_TELEGRAM__WEBHOOK_PORT="delapan ribu")
    assert line == (
        "telegram.webhook_port: harus bilangan bulat (dari PUAS_TELEGRAM__WEBHOOK_PORT)."
    )


def test_an_unknown_section_in_the_environment_is_named() -> None:
    (line,) = error_lines(PUAS_TELEGRAMM__TOKEN=TOKEN)
    assert line.startswith("telegramm: kunci ini tidak dikenal")
    assert "PUAS_TELEGRAMM__TOKEN" in line


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[telegram\n", "baris 1 bukan TOML"),
        ("x = 1\nx = 2\n", "baris 2 bukan TOML"),
        ('office = "Pakong"\n', "office: harus berupa bagian"),
        ("[office]\nnama = 5\n", "office.nama: harus teks dalam tanda kutip"),
        ("[telegram]\nadmins = 5\n", "telegram.admins: harus daftar"),
        ('[schedule]\npulse = "mungkin"\n', "schedule.pulse: harus true atau false"),
        ('[schedule]\nzone = "Asia/Pakong"\n', "schedule.zone: bukan nama zona waktu"),
        ("[survey]\nrepeat = 10\n", "survey.repeat: paling banyak 9"),
        ('[survey]\nlanguages = ["en"]\n', 'survey.languages: harus memuat "id", bahasa kantor'),
        ('[survey]\nlanguages = ["id", "id"]\n', "survey.languages: satu bahasa tertulis dua kali"),
        ('[survey]\nlanguages = ["id", "../x"]\n', "survey.languages (ke-2): harus 2 atau 3 huruf"),
        ('[telegram]\napi_root = "https://x.id/"\n', "tanpa garis miring"),
        ('[telegram]\nmode = "webhook"\n', "telegram.webhook_url: wajib diisi"),
        ('[telegram]\nwebhook_url = "http://puas.go.id"\n', "harus alamat https://"),
        ('[database]\nurl = "mysql://db/puas"\n', "database.url: harus sqlite:///"),
        ('[database]\nurl = "sqlite:///:memory:"\n', "database.url: harus sqlite:///"),
    ],
)
def test_a_wrong_value_is_reported_in_one_line(tmp_path: Path, text: str, error: str) -> None:
    (line,) = error_lines(write_config(tmp_path, text))
    assert error in line


@pytest.mark.parametrize(
    "text",
    [
        f'[telegram]\ntoken = "{PASSWORD}"\n',
        f'[telegram]\nwebhook_secret = "{PASSWORD}!"\n',
        f"[telegram]\ntoken = {PASSWORD}\n",
        f'[database]\nurl = "postgresql://puas:{PASSWORD}@db"\n',
        f'[database]\nurl = "postgresql://puas:p@{PASSWORD}@db/puas"\n',
        f'[database]\nurl = "postgresql://puas:a/{PASSWORD}@db/puas"\n',
        f'[health]\nport = "{PASSWORD}"\n',
        f'[schedule]\nholidays = ["{PASSWORD}"]\n',
    ],
)
def test_an_error_never_contains_the_value(tmp_path: Path, text: str) -> None:
    errors = "\n".join(error_lines(write_config(tmp_path, text)))
    assert PASSWORD not in errors
    assert "pydantic" not in errors


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://puas:sandi%40kantor@db:5432/puas?sslmode=require",
        "postgres://puas@[::1]:5432/puas",
        "postgresql+psycopg://puas@/puas?host=/var/run/postgresql",
        "sqlite:////srv/data kantor/puas.db",
    ],
)
def test_the_usual_database_urls_are_accepted(url: str) -> None:
    assert load(None, {"PUAS_DATABASE__URL": url}).database.url.get_secret_value() == url


def test_the_token_may_be_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text(f"{TOKEN}\n")
    given = load(write_config(tmp_path, '[telegram]\ntoken_file = "token.txt"\n'), {})
    assert given.token() == TOKEN


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", "isinya bukan token"), (b"\xff\xfe1", "isinya bukan token"), (None, "tidak terbaca")],
)
def test_an_unusable_token_file_is_reported(
    tmp_path: Path, content: bytes | None, error: str
) -> None:
    if content is not None:
        (tmp_path / "token.txt").write_bytes(content)
    given = load(write_config(tmp_path, '[telegram]\ntoken_file = "token.txt"\n'), {})
    with pytest.raises(ConfigError, match=rf"^telegram\.token_file: .*{error}"):
        given.token()


def test_the_repr_of_a_config_shows_no_secret() -> None:
    secret = {"PUAS_TELEGRAM__TOKEN": TOKEN, "PUAS_TELEGRAM__WEBHOOK_SECRET": PASSWORD}
    url = f"postgresql://puas:{PASSWORD}@db/puas"
    shown = repr(load(None, {**secret, "PUAS_DATABASE__URL": url}))
    assert TOKEN not in shown
    assert PASSWORD not in shown


def test_every_process_of_an_office_derives_the_same_webhook_secret() -> None:
    config = Config().telegram
    assert webhook.secret_token(config, b"x" * 32) == webhook.secret_token(config, b"x" * 32)
    assert webhook.secret_token(config, b"x" * 32) != webhook.secret_token(config, b"y" * 32)


def test_backups_go_to_the_configured_folder(tmp_path: Path) -> None:
    far = tmp_path / "jauh" / "dari" / "kunci"
    config = Config.model_validate({"database": {"url": "postgresql://h/x", "backups": far}})
    assert backups.folder_of(config) == far
    beside = Config(database={"url": "postgresql://h/x"}, secret_file=tmp_path / "puas.key")
    assert backups.folder_of(beside) == tmp_path / "cadangan"
