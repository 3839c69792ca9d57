"""The office's secret when several processes start at the same moment."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

import pytest

from office import secret as master_secret
from office.config import Config

KEY = bytes(range(32))


def test_a_start_waits_for_a_key_that_another_process_is_writing(tmp_path: Path) -> None:
    path = tmp_path / "puas.key"
    path.touch()
    Timer(0.05, path.write_bytes, [KEY]).start()
    assert master_secret.read(path) == KEY


def test_a_process_uses_the_key_that_another_process_made_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(database={"url": "sqlite:///puas.db"}, secret_file=tmp_path / "puas.key")

    def meanwhile(_: Config) -> bool:
        config.secret_file.write_bytes(KEY)
        return True

    monkeypatch.setattr(master_secret, "_is_known", meanwhile)
    assert master_secret.of_office(config) == KEY


def test_an_office_does_not_start_without_its_existing_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = Config(database={"url": "sqlite:///puas.db"}, secret_file=tmp_path / "puas.key")
    monkeypatch.setattr(master_secret, "_is_known", lambda _: True)
    with pytest.raises(master_secret.SecretChanged):
        master_secret.of_office(config)
