"""`puas report`: the papers of a period as files in a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli import command_context, read_only
from cli.command_context import NotReady
from office.config import Config
from office.office import Office
from office.papers import files
from office.papers.files import REFUSALS, File, ReportSet
from reports.zip_archive import unzipped
from storage.database import Database

PUBLIC = ("publikasi-", "halaman-")  # the others list every response, or what people wrote
FOR_ALL, FOR_ITS_OWNER = 0o644, 0o600


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    label: str
    out: Path
    config: Path | None
    prose: Path | None  # a folder
    suggestions: bool


def run(request: Request) -> int:
    """Write what can be made and print its paths; what cannot is told on standard error."""

    def work(config: Config, database: Database) -> str:
        if request.prose is not None and not request.prose.is_dir():
            raise NotReady(f"--naskah: folder {request.prose} tidak ada.")
        return _written(read_only.office_of(config, database), request)

    return command_context.run("report", request.config, "tidak semuanya dibuat.", work)


def _written(office: Office, request: Request) -> str:
    report_set = _report_set(office, request)
    count, refused = 0, []
    for file in files.files(report_set):
        try:
            for path, content in _parts(request.out, file):
                _write(path, content, FOR_ALL if file.name.startswith(PUBLIC) else FOR_ITS_OWNER)
                count += 1
        except REFUSALS as refusal:
            refused.append(f"{file.name}: {_why(office, refusal)}")
    told = f"{count} berkas ditulis ke {request.out}."
    if report_set.papers.locked_at is None:
        told += " Angkanya belum terkunci: bertanda SEMENTARA, jangan ditandatangani."
    if refused:
        raise NotReady("\n".join([*refused, told]))
    return told


def _report_set(office: Office, request: Request) -> ReportSet:
    try:
        with office.database.read() as db:
            return files.report_set(
                db, office, request.label, request.prose, with_suggestions=request.suggestions
            )
    except REFUSALS as refusal:
        raise NotReady(_why(office, refusal)) from None


def _why(office: Office, refusal: Exception) -> str:
    return files.reason(office, refusal)


def _parts(out: Path, file: File) -> Iterator[tuple[Path, bytes]]:
    """The file; the page is a folder here, as a website takes it."""
    if not file.name.endswith(".zip"):
        yield out / file.name, file.make()
        return
    for name, content in unzipped(file.make()).items():
        yield out / file.name.removesuffix(".zip") / name, content


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write it beside and put it in its place: nobody finds half a file, or reads it meanwhile."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.baru")
        beside.unlink(missing_ok=True)
        beside.touch(FOR_ITS_OWNER)
        beside.write_bytes(content)
        beside.chmod(mode)
        beside.replace(path)
    except OSError as error:
        raise NotReady(f"{path} tidak dapat ditulis ({error.strerror}).") from None
    sys.stdout.write(f"{path}\n")
