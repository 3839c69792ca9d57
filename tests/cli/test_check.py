"""`puas check`: what an operator reads of a config, part by part."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bot.monitoring import endpoints
from bot.monitoring.health import Health
from cli import check
from office import bootstrap
from office import secret as master_secret
from office.config import Config, Web
from office.config import Health as Place
from office.office import TelegramTime
from scoring import instrument_file, unit_instrument_file
from storage.database import Database
from tests.harness import CAMAT_GROUP, TOKEN, Actor, Harness
from tests.kills import free_port
from tests.postgres import (
    ON_SQLITE,
    backend,
    empty_url,
    postgres,
    postgres_template,
    sqlite_template,
    url,
)
from tests.third_language import CODE, words_folder
from web import server as pages

__all__ = [  # fixtures
    "backend",
    "empty_url",
    "postgres",
    "postgres_template",
    "sqlite_template",
    "url",
]

ROOT = Path(__file__).parents[2]
ALL = "0.0.0.0"  # noqa: S104 # what an office writes whose counters have screens
NOWHERE = "http://127.0.0.1:9"
PASSWORD = "sandi-yang-rahasia"
EXEMPT = f'[simulator]\nclock = "{NOWHERE}"\n'


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PUAS_")]:
        monkeypatch.delenv(name)


def written(folder: Path, *, api_root: str = NOWHERE, token: str = TOKEN, more: str = "") -> Path:
    """A config file of its owner alone."""
    path = folder / "config.toml"
    path.write_text(f'[telegram]\ntoken = "{token}"\napi_root = "{api_root}"\n{more}')
    path.chmod(0o600)
    return path


def told(path: Path | None) -> list[str]:
    """Every line, as printed."""
    return [str(line) for line in check.lines(path)]


def about(part: str, lines: list[str]) -> str:
    """What is said of a part."""
    found = [line for line in lines if line[2:].startswith(part)]
    assert found, "\n".join(lines)
    return "\n".join(found)


async def told_of(
    office: Harness, clock_ahead: timedelta = timedelta(0), **changes: Any
) -> list[str]:
    """What is said of this running office, by a computer whose clock is right."""
    assert office.server
    office.world.clock.set(datetime.now(UTC) - clock_ahead)
    path = written(office.folder, **{"api_root": office.server.url, **changes})
    return await asyncio.to_thread(told, path)


def prepared(folder: Path, url: str) -> None:
    """An office that ran once on this database."""
    config = Config(database={"url": url}, secret_file=folder / "puas.key")
    database = Database(url)
    secret = master_secret.read(config.secret_file)
    exempt = TelegramTime(exempt=True)
    office = bootstrap.prepare(
        config, lambda: datetime(2026, 7, 6, tzinfo=UTC), database, secret, exempt
    )
    bootstrap.open_periods(office)
    database.close()


@pytest.mark.slow
@pytest.mark.http
async def test_an_office_in_order_has_a_tick_on_every_part(office: Harness, group: Actor) -> None:
    year = datetime.now(UTC).year
    more = (
        f"[schedule]\nholidays = [{year}-08-17]\n[health]\nport = {free_port()}\n"
        f'[web]\nlisten = "0.0.0.0"\nport = {free_port()}\n'
        'public_url = "https://survei.contoh.go.id"\nproxies = ["127.0.0.1"]\n'
    )
    lines = await told_of(office, more=more)
    ticked = [line for line in lines if line.startswith("✓")]
    (hint,) = [line for line in lines if line not in ticked]
    assert hint.startswith("– Formulir kepala unit: masih contoh")
    assert "skm-2017 versi 1, 9 unsur" in about("Instrumen", lines)
    assert f"@{office.app.office.username}" in about("Token", lines)
    assert "boleh mengirim pesan dan foto" in about("Grup Camat Pakong", lines)
    assert "sudah ada" in about("Admin", lines)


@pytest.mark.http
async def test_an_office_in_order_ends_with_zero_and_shows_no_token(
    office: Harness, group: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert office.server
    office.world.clock.set(datetime.now(UTC))
    path = written(office.folder, api_root=office.server.url)
    assert await asyncio.to_thread(check.run, path) == 0
    shown = capsys.readouterr().out
    assert shown.count("\n") > 8
    assert TOKEN not in shown


@pytest.mark.http
async def test_the_difference_of_the_clock_from_telegrams_is_told(office: Harness) -> None:
    assert about("Jam", await told_of(office)).startswith("✓ Jam: cocok dengan jam Telegram")
    wrong = about("Jam", await told_of(office, timedelta(days=518, hours=2, minutes=7)))
    assert wrong.startswith("✗ Jam: komputer ")
    assert "selisih 518 hari 2 jam 7 menit" in wrong
    exempt = await told_of(office, timedelta(days=518), more=EXEMPT)
    assert not any("Jam:" in line for line in exempt)


@pytest.mark.http
async def test_answers_without_telegrams_time_are_told(
    office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TelegramTime, "note", lambda *_: None)
    line = about("Jam", await told_of(office))
    assert line.startswith("✗ Jam: jawaban Telegram tidak menyebut jam")


@pytest.mark.http
async def test_a_group_the_bot_was_put_out_of_is_told(office: Harness, group: Actor) -> None:
    office.world.kick(CAMAT_GROUP, office.app.office.bot_id)
    assert about("Grup", await told_of(office)).startswith("✗ Grup Camat Pakong: bot ")


@pytest.mark.slow
@pytest.mark.http
async def test_a_group_where_the_bot_may_not_send_pictures_is_told(
    office: Harness, group: Actor
) -> None:
    supergroup = office.world.migrate(CAMAT_GROUP)
    await office.works()
    office.world.restrict(supergroup, office.app.office.bot_id, ["can_send_messages"])
    line = about("Grup", await told_of(office))
    assert line.startswith("✗")
    assert "tidak boleh mengirim pesan dan foto" in line


@pytest.mark.http
async def test_a_group_that_became_a_supergroup_meanwhile_is_no_trouble(
    office: Harness, group: Actor
) -> None:
    office.world.migrate(CAMAT_GROUP)
    assert "puas run mengikutinya" in about("Grup", await told_of(office))


@pytest.mark.http
async def test_an_office_without_a_group_is_told_how_to_link_one(office: Harness) -> None:
    line = about("Grup", await told_of(office))
    assert line.startswith("– Grup: belum ada")
    assert "Pasang di sini" in line


@pytest.mark.http
async def test_a_token_that_telegram_refuses_is_told(office: Harness) -> None:
    other = TOKEN[:-4] + "9999"
    lines = await told_of(office, token=other)
    assert about("Token", lines).startswith("✗ Token: telegram.token: ditolak Telegram")
    assert other not in "\n".join(lines)


def test_no_network_is_told_apart_from_a_wrong_token(tmp_path: Path) -> None:
    line = about("Token", told(written(tmp_path)))
    assert line.startswith("✗")
    assert "tidak terjangkau; periksa sambungan internet" in line


def test_checking_makes_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = told(None)
    assert list(tmp_path.iterdir()) == []
    assert about("Konfigurasi", lines).startswith("– Konfigurasi: tidak ada config.toml")
    assert "dibuat saat puas run" in about("Kunci rahasia", lines)
    assert "dibuat saat puas run" in about("Basis data", lines)
    assert "telegram.token: wajib diisi" in about("Token", lines)
    assert "kode klaim" in about("Admin", lines)


def test_every_bad_line_of_a_config_is_told(tmp_path: Path) -> None:
    lines = told(written(tmp_path, token=PASSWORD, more="tokne = 1\n[survey]\nrepeat = 0\n"))
    bad = [line.partition(";")[0] for line in lines if line.startswith("✗")]
    assert bad == [
        "✗ Konfigurasi: telegram.token: bukan token",
        "✗ Konfigurasi: telegram.tokne: kunci ini tidak dikenal",
        "✗ Konfigurasi: survey.repeat: paling sedikit 1.",
    ]
    assert PASSWORD not in "\n".join(lines)


def test_a_variable_with_one_underscore_too_few_is_pointed_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUAS_TELEGRAM_TOKEN", PASSWORD)
    line = about("Lingkungan", told(written(tmp_path)))
    assert "PUAS_TELEGRAM_TOKEN bukan nama kunci" in line
    assert PASSWORD not in line


def test_files_that_others_may_read_come_with_the_command_that_helps(tmp_path: Path) -> None:
    config, key = written(tmp_path), tmp_path / "puas.key"
    master_secret.read(key)
    assert "chmod" not in "\n".join(told(config))
    config.chmod(0o644)
    key.chmod(0o640)
    lines = told(config)
    assert f"chmod 600 {config}" in about("Konfigurasi", lines)
    assert f"chmod 600 {key}" in about("Kunci rahasia", lines)


def test_a_token_s_own_file_is_looked_at_too(tmp_path: Path) -> None:
    path, token = tmp_path / "config.toml", tmp_path / "token.txt"
    path.write_text(f'[telegram]\ntoken_file = "token.txt"\napi_root = "{NOWHERE}"\n')
    assert "telegram.token_file: berkas tidak terbaca" in about("Token", told(path))
    token.write_text(TOKEN)
    token.chmod(0o644)
    assert f"chmod 600 {token}" in about("Token", told(path))


@pytest.mark.slow
def test_a_key_that_is_lost_or_another_one_is_told(tmp_path: Path) -> None:
    config, key = written(tmp_path), tmp_path / "puas.key"
    prepared(tmp_path, f"sqlite:///{tmp_path}/puas.db")
    assert about("Kunci rahasia", told(config)).startswith("✓")
    key.unlink()
    assert "Kunci rahasia kantor ini tidak ada" in about("Kunci rahasia", told(config))
    key.write_bytes(b"x" * 32)
    assert "tidak cocok dengan basis data" in about("Kunci rahasia", told(config))
    key.write_bytes(b"x")
    assert "terlalu pendek" in about("Kunci rahasia", told(config))


def named(url: str) -> str:
    """A database in the config."""
    return f'[database]\nurl = "{url}"\n'


def test_a_migrated_database_is_up_to_date(tmp_path: Path, url: str) -> None:
    line = about("Basis data", told(written(tmp_path, more=named(url))))
    assert line.startswith("✓ Basis data: ")
    assert "skemanya mutakhir" in line


def test_an_empty_database_stays_empty(tmp_path: Path, empty_url: str) -> None:
    path = written(tmp_path, more=named(empty_url))
    file = Path(empty_url.removeprefix("sqlite:///"))
    if empty_url.startswith("sqlite"):
        file.touch()
    first, second = (about("Basis data", told(path)) for _ in range(2))
    assert first == second
    assert "masih kosong; diisi saat puas run" in first
    assert not empty_url.startswith("sqlite") or file.stat().st_size == 0


def changed(url: str, statement: str) -> None:
    """Another program's hand on the database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
            db.execute(statement)
            db.commit()
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_a_database_of_a_newer_program_is_told(tmp_path: Path, url: str) -> None:
    changed(url, "UPDATE alembic_version SET version_num = '9999'")
    line = about("Basis data", told(written(tmp_path, more=named(url))))
    assert line.startswith("✗")
    assert "perbarui program ini, atau pulihkan cadangan" in line


def test_a_database_of_an_older_program_is_left_to_the_next_start(
    tmp_path: Path, empty_url: str
) -> None:
    changed(empty_url, "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    path = written(tmp_path, more=named(empty_url))
    first, second = (about("Basis data", told(path)) for _ in range(2))
    assert first == second
    assert first.startswith("–")
    assert "skemanya diperbarui saat puas run" in first


def test_a_database_out_of_reach_is_told_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://puas:{PASSWORD}@127.0.0.1:9/puas"
    lines = told(written(tmp_path, more=named(url)))
    assert about("Basis data", lines).startswith("✗ Basis data: PostgreSQL tidak terbaca")
    assert PASSWORD not in "\n".join(lines)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "puas.db").write_text("Daftar tamu kantor kecamatan\n" * 100)
    assert "tidak terbaca" in about("Basis data", told(written(tmp_path)))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, more=named("sqlite:///data/puas.db"))
    assert f"folder {tmp_path}/data tidak ada" in about("Basis data", told(path))


@ON_SQLITE
def test_a_checked_database_leaves_no_files_beside_it(tmp_path: Path, url: str) -> None:
    before = (tmp_path / "puas.db").read_bytes()
    told(written(tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["config.toml", "puas.db"]
    assert (tmp_path / "puas.db").read_bytes() == before


def test_an_instrument_of_no_use_is_told(tmp_path: Path) -> None:
    missing = told(written(tmp_path, more='[survey]\ninstrument = "skm-1999"\n'))
    assert "✗ Instrumen: instrumen" in about("Instrumen", missing)
    many = told(written(tmp_path, more="[survey]\nmin_filled = 10\n"))
    assert "survey.min_filled: paling banyak 9" in about("Instrumen", many)


def test_the_form_of_unit_heads_is_told_with_its_range(tmp_path: Path) -> None:
    lines = told(written(tmp_path))
    line = "✓ Formulir kepala unit: unit-pakong-contoh versi 1, 3 aspek, 21 indikator"
    assert f"{line}, nilai 25,00–100,00." in lines
    assert "masih contoh" in about("Formulir kepala unit", lines)


def test_a_form_of_unit_heads_of_no_use_is_told(tmp_path: Path) -> None:
    missing = told(written(tmp_path, more='[survey]\nunit_instrument = "skm-2017"\n'))
    assert '✗ Formulir kepala unit: formulir unit "skm-2017" tidak ada' in "\n".join(missing)
    own = tmp_path / "instrumen"
    own.mkdir()
    shipped = (unit_instrument_file.SHIPPED / "unit-pakong-contoh.toml").read_text("utf-8")
    broken = shipped.replace('bobot = "1/3"', 'bobot = "1/2"', 1)
    (own / "unit-pakong-contoh.toml").write_text(broken, "utf-8")
    path = written(tmp_path, more='[survey]\ninstruments_dir = "instrumen"\n')
    assert about("Formulir kepala unit", told(path)).startswith("✗")


def changed_file(folder: Path, shipped: Path, *changes: tuple[str, str]) -> Path:
    """The config of an office that ran once and then changed texts of this shipped file."""
    prepared(folder, f"sqlite:///{folder}/puas.db")
    text = shipped.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "instrumen").mkdir()
    (folder / "instrumen" / shipped.name).write_text(text, "utf-8")
    return written(folder, more='[survey]\ninstruments_dir = "instrumen"\n')


SKM_FILE = instrument_file.SHIPPED / "skm-2017.toml"
FORM_FILE = unit_instrument_file.SHIPPED / "unit-pakong-contoh.toml"
TEXT_CHANGED = "teksnya berubah: dipakai mulai isian berikutnya, tren berlanjut."


@pytest.mark.slow
def test_a_corrected_text_is_told_and_no_version_asked_for(tmp_path: Path) -> None:
    lines = told(changed_file(tmp_path, SKM_FILE, ("Misalnya KTP", "Contohnya KTP")))
    assert "✓ Instrumen: skm-2017 versi 1, 9 unsur." in lines
    assert f"– Instrumen: {TEXT_CHANGED}" in lines


@pytest.mark.slow
def test_a_file_with_another_remark_has_changed_no_text(tmp_path: Path) -> None:
    lines = told(changed_file(tmp_path, SKM_FILE, ("code =", "# kantor\ncode =")))
    assert about("Instrumen", lines) == "✓ Instrumen: skm-2017 versi 1, 9 unsur."


@pytest.mark.slow
def test_another_limit_is_told_to_begin_a_series(tmp_path: Path) -> None:
    lines = told(changed_file(tmp_path, SKM_FILE, ('"88.31"', '"88.50"')))
    assert "– Instrumen: memulai seri baru pada periode berikutnya" in "\n".join(lines)


@pytest.mark.slow
def test_a_changed_form_of_unit_heads_is_told(tmp_path: Path) -> None:
    other = (('bobot = "1/3"', 'bobot = "1/2"'), ('bobot = "1/3"', 'bobot = "1/6"'))
    lines = told(changed_file(tmp_path, FORM_FILE, *other))
    assert "– Formulir kepala unit: memulai seri baru" in "\n".join(lines)


@pytest.mark.slow
def test_a_corrected_form_of_unit_heads_is_told(tmp_path: Path) -> None:
    lines = told(changed_file(tmp_path, FORM_FILE, ("kecamatan jelas", "kecamatan ini jelas")))
    assert f"– Formulir kepala unit: {TEXT_CHANGED}" in lines


def test_a_year_without_holidays_is_only_a_hint(tmp_path: Path) -> None:
    line = about("Jadwal", told(written(tmp_path)))
    assert f"– Jadwal: belum ada hari libur {datetime.now(UTC).year}" in line
    assert "✗" not in line


def test_without_a_port_nothing_is_opened(tmp_path: Path) -> None:
    assert about("Kesehatan", told(written(tmp_path))).startswith("– Kesehatan: tidak dibuka")


@pytest.mark.parametrize(
    ("troubles", "told_then"),
    [
        ([], "✓ Kesehatan: puas run sedang berjalan dan sehat."),
        (["jam: gagal"], "– Kesehatan: puas run sedang berjalan; jam: gagal."),
    ],
    ids=["well", "ill"],
)
async def test_a_running_program_tells_of_itself(
    troubles: list[str], told_then: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Health, "troubles", lambda *_: troubles)
    port = free_port()
    path = written(tmp_path, more=f"[health]\nport = {port}\n")
    runner = await endpoints.listen(Place(port=port), Health())
    lines = await asyncio.to_thread(told, path)
    await runner.cleanup()
    assert about("Kesehatan", lines) == told_then


def test_a_port_of_something_else_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor(1) as pool:
        path = written(tmp_path, more=f"[health]\nport = {other.getsockname()[1]}\n")
        lines = pool.submit(told, path)
        other.accept()[0].close()
        assert "dipakai program lain" in about("Kesehatan", lines.result())


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ('listen = "0.0.0.0"', "terbaca dari luar komputer ini"),
        ('listen = "192.0.2.1"', "tidak dapat dipakai"),
    ],
)
def test_a_place_that_others_reach_or_nobody_has_is_told(
    place: str, said: str, tmp_path: Path
) -> None:
    path = written(tmp_path, more=f"[health]\nport = {free_port()}\n{place}\n")
    assert said in about("Kesehatan", told(path))


def test_health_and_webhook_on_one_port_is_told(tmp_path: Path) -> None:
    hook = 'mode = "webhook"\nwebhook_url = "https://contoh.id/puas"\nwebhook_port = 8090\n'
    path = written(tmp_path, more=f"{hook}[health]\nport = 8090\n")
    assert "sama dengan telegram.webhook_port" in about("Kesehatan", told(path))


# --- the pages for a browser


def of_pages(folder: Path, **keys: object) -> str:
    """What is said of pages with these keys."""
    lines = [
        f"{key} = {str(value) if isinstance(value, int) else repr(value)}"
        for key, value in keys.items()
    ]
    return about("Halaman survei", told(written(folder, more="\n".join(["[web]", *lines]))))


def test_pages_without_a_port_are_not_opened(tmp_path: Path) -> None:
    assert of_pages(tmp_path).startswith("– Halaman survei: tidak dibuka")


def test_an_address_on_posters_that_nobody_answers_is_told(tmp_path: Path) -> None:
    line = of_pages(tmp_path, public_url="https://survei.contoh.go.id")
    assert line.startswith("✗ Halaman survei: web.public_url terisi")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, ["✓ Halaman survei: 127.0.0.1:", "– Halaman survei: hanya terbuka di komputer ini"]),
        ({"listen": ALL}, ["/kios/LAYANAN dari jaringan kantor; batasi"]),
        (
            {"public_url": "https://survei.contoh.go.id"},
            [
                "✓ Halaman survei: warga membuka https://survei.contoh.go.id.",
                "– Halaman survei: web.proxies kosong",
            ],
        ),
        (
            {"public_url": "http://survei.contoh.go.id", "proxies": ["127.0.0.1"]},
            ["– Halaman survei: web.public_url bukan https://"],
        ),
        (
            {"listen": "192.0.2.1"},
            ["✗ Halaman survei: 192.0.2.1:", "tidak dapat dipakai", "periksa web."],
        ),
    ],
    ids=["loopback", "office", "public", "http", "nobody's"],
)
def test_who_can_open_the_pages_is_told(
    keys: dict[str, object], said: list[str], tmp_path: Path
) -> None:
    lines = of_pages(tmp_path, port=free_port(), **keys)
    for part in said:
        assert part in lines


@pytest.mark.parametrize("section", ["health", "webhook"])
def test_pages_on_the_port_of_another_part_are_told(section: str, tmp_path: Path) -> None:
    hook = 'mode = "webhook"\nwebhook_url = "https://contoh.id/puas"\nwebhook_port = 8091\n'
    other = hook if section == "webhook" else "[health]\nport = 8091\n"
    path = written(tmp_path, more=f"{other}[web]\nport = 8091\n")
    assert "✗ Halaman survei: web.port sama" in about("Halaman survei", told(path))


@pytest.mark.slow
async def test_running_pages_are_recognized_also_at_the_public_address(
    office: Harness, tmp_path: Path
) -> None:
    port = free_port()
    keys: dict[str, object] = {"port": port, "public_url": f"http://127.0.0.1:{port}"}
    runner = await pages.listen(Web(port=port), office.app.office, office.app.turns.answer)
    lines = await asyncio.to_thread(of_pages, tmp_path, **keys)
    away = await asyncio.to_thread(of_pages, tmp_path, **{**keys, "public_url": NOWHERE})
    await runner.cleanup()
    assert "✓ Halaman survei: puas run sedang berjalan dan menjawab." in lines
    assert f"✓ Halaman survei: warga membuka http://127.0.0.1:{port}; alamat itu menjawab." in lines
    assert f"– Halaman survei: {NOWHERE} tidak menjawab dari komputer ini" in away


def test_pages_on_a_port_of_something_else_are_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor(1) as pool:
        lines = pool.submit(of_pages, tmp_path, port=other.getsockname()[1])
        other.accept()[0].close()
        assert "dipakai program lain; pilih web.port lain" in lines.result()


@pytest.mark.process
async def test_the_command_prints_to_standard_output_and_ends_with_two(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "check", "--config", "tidak-ada.toml"),
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "LC_ALL": "C"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    assert said.decode().startswith("✗ Konfigurasi: tidak-ada.toml: tidak terbaca")
    assert (complained, process.returncode) == (b"", 2)


def test_a_language_of_the_config_without_a_file_or_texts_is_told_by_file_and_key(
    tmp_path: Path,
) -> None:
    lines = told(written(tmp_path, more='[survey]\nlanguages = ["id", "mad"]\n'))
    assert any("Kata-kata: mad.toml: berkas ini tidak ada di" in line for line in lines)
    needed = "wajib ada, karena bahasanya disebut dalam survey.languages."
    assert any(f"items.BIAYA.mudah.mad: {needed}" in line for line in lines)
    assert any(f"attributes.umur.options.17-25.label.mad: {needed}" in line for line in lines)


def test_a_text_missing_in_a_language_is_told_by_file_and_key(tmp_path: Path) -> None:
    folder = words_folder(tmp_path / "kata")
    path = folder / f"{CODE}.toml"
    path.write_text(path.read_text("utf-8").replace("agree =", "agre =").replace("short", "shor"))
    survey = f'[survey]\nlanguages = ["id", "{CODE}"]\nwords_dir = "kata"\n'
    lines = told(written(tmp_path, more=survey))
    assert any(f"Kata-kata: {CODE}.toml: agree: tidak ada" in line for line in lines)
    assert any(f"{CODE}.toml: dates: isinya lain dari [dates]" in line for line in lines)


def test_a_language_without_pages_needs_no_files_for_the_browser(tmp_path: Path) -> None:
    folder = words_folder(tmp_path / "kata")
    (folder / f"{CODE}-web.toml").unlink()
    survey = f'[survey]\nlanguages = ["id", "{CODE}"]\nwords_dir = "kata"\n'
    line = about("Kata-kata", told(written(tmp_path, more=survey)))
    assert line == f"✓ Kata-kata: id, {CODE}, dan kata-kata kantor."
    lines = told(written(tmp_path, more=f"{survey}[web]\nport = 8088\n"))
    assert any(f"Kata-kata: {CODE}-web.toml: berkas ini tidak ada di" in line for line in lines)


def test_an_age_of_children_without_a_sentence_of_consent_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "instrumen"
    folder.mkdir()
    shipped = instrument_file.path_of("skm-2017").read_text("utf-8")
    old = re.sub(r'(code = "<17".*?"Under 17" \}), consent = \{[^}]*\}', r"\1", shipped)
    old = old.replace('code = "disabilitas"', 'code = "keadaan"')
    (folder / "skm-2017.toml").write_text(old, "utf-8")
    lines = told(written(tmp_path, more='[survey]\ninstruments_dir = "instrumen"\n'))
    hint = "umur <17 ditawarkan tanpa consent; lihat docs/how-to/pertanyaan-sendiri.md."
    assert any(hint in line for line in lines)
    assert not any(hint in line for line in told(written(tmp_path)))


def test_a_sensitive_question_that_the_instrument_lacks_is_told(tmp_path: Path) -> None:
    lines = told(written(tmp_path, more='[survey]\nsensitive = ["agama"]\n'))
    sentence = (
        'survey.sensitive: "agama" tidak punya consent di berkas ini; yang punya: disabilitas,'
        " umur.<17."
    )
    assert any(sentence in line for line in lines)
