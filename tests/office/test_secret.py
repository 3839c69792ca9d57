"""The office's secret when several processes start at the same moment."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

import pytest

from office import secret as master_secret
from office.config import Config
from storage.database import Database

KEY = bytes(range(32))


def test_a_start_waits_for_a_key_that_another_process_is_writing(tmp_path: Path) -> None:
    path = tmp_path / "puas.key"
    path.touch()
    Timer(0.05, path.write_bytes, [KEY]).start()
    assert master_secret.read(path) == KEY


def test_a_process_uses_the_key_that_another_process_made_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = office_in(tmp_path)

    def meanwhile(_: Database) -> str:
        config.secret_file.write_bytes(KEY)
        return "marked"

    monkeypatch.setattr(master_secret, "_state", meanwhile)
    assert master_secret.of_office(config) == KEY


def test_an_office_does_not_start_without_its_existing_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(master_secret, "_state", lambda _: "marked")
    with pytest.raises(master_secret.KeyMissing):
        master_secret.of_office(office_in(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("empty_file", [False, True])
def test_a_key_without_its_database_makes_no_new_one_unless_a_new_office_is_meant(
    empty_file: bool, tmp_path: Path
) -> None:
    config = office_in(tmp_path)
    config.secret_file.write_bytes(KEY)
    if empty_file:
        (tmp_path / "puas.db").touch()
    with pytest.raises(master_secret.DatabaseMissing):
        master_secret.of_office(config)
    assert (tmp_path / "puas.db").exists() == empty_file
    assert master_secret.of_office(config, new_office=True) == KEY
    assert master_secret.of_office(config) == KEY


@pytest.mark.slow
def test_a_first_start_that_ended_between_key_and_mark_can_be_repeated(tmp_path: Path) -> None:
    config = office_in(tmp_path)
    made = master_secret.of_office(config)
    assert master_secret.of_office(config) == made


def office_in(folder: Path) -> Config:
    """The config of an office whose files are in this folder."""
    url = f"sqlite:///{folder / 'puas.db'}"
    return Config(database={"url": url}, secret_file=folder / "puas.key")
