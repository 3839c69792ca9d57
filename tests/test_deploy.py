"""The files for installation: Containerfile, compose.yaml, the systemd units."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTAINER = (ROOT / "Containerfile").read_text()
LIBRARIES, LAST = (stage for stage in CONTAINER.split("\nFROM ")[1:])
COMPOSE = (ROOT / "compose.yaml").read_text()


def copies(stage: str) -> list[tuple[list[str], str]]:
    """Sources and target of each COPY of a stage."""
    lines = re.findall(r"^COPY (?!--from)(.+) (\S+)$", stage, re.MULTILINE)
    return [(sources.split(), target) for sources, target in lines]


def built(folder: Path) -> Path:
    """Copy the files of the last stage into a folder, with the libraries of this environment."""
    folder.mkdir()
    for sources, place in copies(LAST):
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(
                    ROOT / source, folder / place, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(ROOT / source, folder / place)
    (folder / ".venv" / "bin").mkdir(parents=True)  # without uv: nothing can be installed
    for name in ("bin/python", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to((ROOT / ".venv").resolve() / name)
    shutil.copy(folder / "requirements.txt", folder / ".venv" / "requirements.pins")
    return folder


def test_every_file_that_the_container_copies_exists() -> None:
    for stage in (LIBRARIES, LAST):
        assert copies(stage)
        for sources, _ in copies(stage):
            assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_container_has_every_room() -> None:
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    copied = {source for sources, _ in copies(LAST) for source in sources}
    assert set(linter["root_packages"]) <= copied


@pytest.mark.process
def test_the_files_in_the_container_are_enough_to_run_from_another_folder(
    tmp_path: Path,
) -> None:
    program = built(tmp_path / "puas")
    office = tmp_path / "data"
    office.mkdir()
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PUAS_")}
    done = subprocess.run(
        [program / "puas", "check"],
        cwd=office,
        env={**environ, "PYTHONDONTWRITEBYTECODE": "1", "PUAS_HEALTH__PORT": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "✓ Instrumen: skm-2017" in done.stdout
    assert "✓ Kata-kata: " in done.stdout
    assert list(office.iterdir()) == []


def test_the_container_runs_puas_as_an_unprivileged_user() -> None:
    assert 'ENTRYPOINT ["/puas/puas"]\nCMD ["run"]\n' in LAST
    user = re.search(r"^USER (\d+):(\d+)$", LAST, re.MULTILINE)
    assert user is not None
    assert 0 not in map(int, user.groups())
    assert LAST.index("USER ") > LAST.rindex("RUN ")


def test_libraries_are_installed_by_hash_and_only_in_the_first_stage() -> None:
    assert "install --only-binary :all: --require-hashes -r requirements.txt" in LIBRARIES
    assert "cp requirements.txt .venv/requirements.pins" in LIBRARIES
    assert not re.search(r"apt-get|pip install|uv ", LAST)
    python = re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    assert len(set(python)) == 1


def test_no_file_of_an_office_goes_into_an_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept_apart = {"config.toml", "token.txt", "**/*.key", "**/*.db", "kantor", "rahasia", ".venv"}
    assert kept_apart <= set(ignored)
    assert not kept_apart & {source for sources, _ in copies(LAST) for source in sources}


def test_the_compose_file_holds_no_secret_and_opens_no_port() -> None:
    assert "dockerfile: Containerfile" in COMPOSE
    assert "image: postgres:17" in COMPOSE
    assert "POSTGRES_PASSWORD_FILE: /run/secrets/db_password" in COMPOSE
    assert "PUAS_HEALTH__LISTEN: 127.0.0.1" in COMPOSE
    assert not re.search(r"(PASSWORD|TOKEN|SECRET):|^\s*ports:", COMPOSE, re.MULTILINE)
    ours = set(re.findall(r"PUAS_[A-Z_]+", COMPOSE))
    assert ours == {"PUAS_HEALTH__LISTEN", "PUAS_HEALTH__PORT", "PUAS_WEB__LISTEN"}


def unit(name: str) -> ConfigParser:
    """A unit file; of a repeated key the last value."""
    parsed = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign] # keys as systemd writes them
    parsed.read(ROOT / "deploy" / name)
    return parsed


def test_the_systemd_service_may_write_only_to_its_own_folder() -> None:
    service = unit("puas.service")["Service"]
    assert service["ExecStart"] == "/opt/puas/puas run"
    assert (service["User"], service["StateDirectory"]) == ("puas", "puas")
    assert service["WorkingDirectory"] == "/var/lib/puas"
    assert (service["UMask"], service["StateDirectoryMode"]) == ("0077", "0700")
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["NoNewPrivileges"] == service["MemoryDenyWriteExecute"] == "yes"


def test_each_service_instance_has_its_own_ports() -> None:
    ports = unit("puas@.service.d/porta.conf")["Service"]["Environment"]
    assert ports == "PUAS_TELEGRAM__WEBHOOK_PORT=%i PUAS_HEALTH__PORT=1%i PUAS_WEB__PORT=2%i"


def test_every_file_named_in_the_how_to_exists() -> None:
    how_to = (ROOT / "docs/how-to/kabupaten.md").read_text()
    for name in re.findall(r"/opt/puas/(deploy/[\w@./]+?)[\"\s]", how_to):
        assert (ROOT / name).exists(), name
    for folder in ("kantor", "rahasia"):
        assert f"./{folder}" in COMPOSE
        assert f"/{folder}/" in (ROOT / ".gitignore").read_text().splitlines()
