"""The files for installation: Containerfile, compose.yaml, the systemd units."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from contextlib import suppress
from ipaddress import IPv4Address, ip_network
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTAINER = (ROOT / "Containerfile").read_text()
LIBRARIES, LAST = (stage for stage in CONTAINER.split("\nFROM ")[1:])
COMPOSE = (ROOT / "compose.yaml").read_text()
UNIT = "puas-kantor@.service"
ANALYZE = shutil.which("systemd-analyze")


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


def engine() -> str:
    """A container engine that runs here and has the base image, or can pull it; else skip."""
    base = LAST.split("\n")[0]
    reasons = []
    for name in ("docker", "podman"):
        if shutil.which(name) is None:
            reasons.append(f"{name} is not installed")
        elif not _does([name, "info"]):
            reasons.append(f"{name} is installed, but its engine does not run")
        elif _does([name, "image", "inspect", base]) or _does([name, "pull", base]):
            return name
        else:
            reasons.append(f"{name} has no {base} and cannot pull it")
    pytest.skip("; ".join(reasons))


def _does(command: list[str]) -> bool:
    with suppress(subprocess.TimeoutExpired):
        return (
            subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0
        )
    return False


@pytest.mark.process
@pytest.mark.slow
def test_the_image_is_built_and_runs_a_year_without_rights_on_a_read_only_system() -> None:
    name, image = engine(), "localhost/puas-test"
    limits = ["--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "--security-opt=no-new-privileges"]
    subprocess.run(
        [name, "build", "-q", "-f", "Containerfile", "-t", image, "."], cwd=ROOT, check=True
    )

    def says(*arguments: str) -> str:
        command = [name, "run", "--rm", *limits, "--network=none", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    try:
        assert says("--entrypoint=id", image, "-u") == "10001\n"
        assert "✗ Token: telegram.token: wajib diisi" in says(image, "check")
        assert "kesalahan bot: 0" in says(image, "demo", "--headless", "--citizens", "5")
    finally:
        subprocess.run([name, "image", "rm", image], capture_output=True, check=False)


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


def test_a_clone_made_by_git_of_windows_has_the_line_ends_of_linux() -> None:
    assert (ROOT / ".gitattributes").read_text() == "/puas text eol=lf\n"


def test_no_file_of_an_office_goes_into_an_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept_apart = {"config.toml", "token.txt", "**/*.key", "**/*.db", "kantor", "rahasia", ".venv"}
    assert kept_apart <= set(ignored)
    assert not kept_apart & {source for sources, _ in copies(LAST) for source in sources}


def test_the_compose_file_holds_no_secret_and_opens_the_pages_to_its_own_computer_alone() -> None:
    assert "dockerfile: Containerfile" in COMPOSE
    assert "image: postgres:17" in COMPOSE
    assert "POSTGRES_PASSWORD_FILE: /run/secrets/db_password" in COMPOSE
    assert "PUAS_HEALTH__LISTEN: 127.0.0.1" in COMPOSE
    assert not re.search(r"(PASSWORD|TOKEN|SECRET):", COMPOSE)
    assert re.findall(r"ports:\n +- (\S+)", COMPOSE) == ["127.0.0.1:8088:8088"]
    ours = dict(re.findall(r"(PUAS_WEB_\w+): (\S+)", COMPOSE))
    subnet = ip_network(re.findall(r"subnet: (\S+)", COMPOSE)[0])
    assert ours == {
        "PUAS_WEB__LISTEN": str(IPv4Address(0)),
        "PUAS_WEB__PORT": '"8088"',
        "PUAS_WEB__PROXIES": str(subnet[1]),  # Docker gives the gateway the first address
    }


def unit(name: str) -> ConfigParser:
    """A unit file; of a repeated key the last value."""
    parsed = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign] # keys as systemd writes them
    parsed.read(ROOT / "deploy" / name)
    return parsed


def test_each_office_runs_as_its_own_user_and_may_write_only_to_its_own_folder() -> None:
    service = unit(UNIT)["Service"]
    assert service["ExecStart"] == "/opt/puas/puas run"
    assert (service["User"], service["Group"]) == ("puas-%i", "puas-%i")
    assert (service["StateDirectory"], service["WorkingDirectory"]) == (
        "puas/%i",
        "/var/lib/puas/%i",
    )
    assert (service["UMask"], service["StateDirectoryMode"]) == ("0077", "0700")
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["NoNewPrivileges"] == service["MemoryDenyWriteExecute"] == "yes"
    assert service["SystemCallErrorNumber"] == "EPERM"  # else a refused call ends the program
    assert "@resources" not in service["SystemCallFilter"]  # threads lower their priority


def test_processes_of_one_office_have_its_folder_and_their_own_ports() -> None:
    process = unit("puas@.service.d/porta.conf")["Service"]
    assert (process["User"], process["Group"]) == ("puas-kabupaten", "puas-kabupaten")
    assert "/var/lib/" + process["StateDirectory"] == process["WorkingDirectory"]
    ports = "PUAS_TELEGRAM__WEBHOOK_PORT=%i PUAS_HEALTH__PORT=1%i PUAS_WEB__PORT=2%i"
    assert process["Environment"] == ports


@pytest.mark.process
@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed")
def test_systemd_accepts_the_units_and_calls_their_exposure_low(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / UNIT).read_text().replace("/opt/puas/puas", str(ROOT / "puas"))
    units = [str(tmp_path / name) for name in ("puas-kantor@pakong.service", "puas@8081.service")]
    for each in units:
        Path(each).write_text(text)
    shutil.copytree(ROOT / "deploy/puas@.service.d", tmp_path / "puas@.service.d")
    for arguments in (
        ["verify", *units],
        ["security", "--offline=true", "--no-pager", "--threshold=20", *units],
    ):
        done = subprocess.run(
            [ANALYZE or "", *arguments], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_every_file_named_in_the_how_to_exists() -> None:
    how_to = (ROOT / "docs/how-to/kabupaten.md").read_text()
    assert f"/opt/puas/deploy/{UNIT}" in how_to
    for name in re.findall(r"/opt/puas/(deploy/[\w@./-]+?)[\"\s]", how_to):
        assert (ROOT / name).exists(), name
    for folder in ("kantor", "rahasia"):
        assert f"./{folder}" in COMPOSE
        assert f"/{folder}/" in (ROOT / ".gitignore").read_text().splitlines()
