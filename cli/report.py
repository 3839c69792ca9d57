"""`puas report`: write the papers of a period as files to a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli import command
from cli.command import CommandRefused
from office.config import Config
from office.office import Office
from office.papers import files
from office.papers.files import REFUSALS, PaperFile
from reports.zip_archive import unzipped
from scoring import os_reasons
from storage.database import Database

PUBLIC = ("publikasi-", "halaman-")  # the others list single responses or suggestions
PUBLIC_MODE, PRIVATE_MODE = 0o644, 0o600


@dataclass(frozen=True, slots=True)
class Request:
    """The arguments of the command line."""

    label: str
    out: Path
    config: Path | None
    prose: Path | None  # the folder of the office's own texts
    suggestions: bool
    draft: bool  # the report alone, without figures


def run(request: Request) -> int:
    """Write the papers and print their paths; print on standard error why any was refused."""

    def work(config: Config, database: Database) -> str:
        if request.prose is not None and not request.prose.is_dir():
            raise CommandRefused(f"--naskah: folder {request.prose} tidak ada.")
        return _write_papers(command.office_of(config, database), request)

    return command.run("report", request.config, "tidak semuanya dibuat.", work)


def _write_papers(office: Office, request: Request) -> str:
    count = 0
    papers, refused = _files(office, request)
    for file in papers:
        try:
            for path, content in _output_files(request.out, file):
                _write_file(
                    path, content, PUBLIC_MODE if file.name.startswith(PUBLIC) else PRIVATE_MODE
                )
                count += 1
        except REFUSALS as refusal:
            refused.append(f"{file.name}: {files.reason(office, refusal)}")
    summary = f"{count} berkas ditulis ke {request.out}."
    if request.draft:
        summary += " Keduanya draf tanpa angka: jangan ditandatangani."
    if refused:
        raise CommandRefused("\n".join([*refused, summary]))
    return summary


def _files(office: Office, request: Request) -> tuple[list[PaperFile], list[str]]:
    """The files, and why some are not among them.

    Raises:
        CommandRefused: there are none.
    """
    label, prose = request.label, request.prose
    with office.database.read() as db:
        try:
            if request.draft:
                return files.draft_files(db, office, label, prose), []
            planning = files.planning_files(db, office, label)
        except REFUSALS as refusal:
            raise CommandRefused(files.reason(office, refusal)) from None
        try:
            report_set = files.report_set(
                db, office, label, prose, with_suggestions=request.suggestions
            )
        except REFUSALS as refusal:
            reason = files.reason(office, refusal)
            if not planning:
                raise CommandRefused(reason) from None
            return planning, [reason]
    papers = files.files(report_set)
    known = {each.name for each in papers}
    return [*papers, *(each for each in planning if each.name not in known)], []


def _output_files(out: Path, file: PaperFile) -> Iterator[tuple[Path, bytes]]:
    """The file; of a ZIP, which holds the web page, its files in a folder."""
    if not file.name.endswith(".zip"):
        yield out / file.name, file.make()
        return
    for name, content in unzipped(file.make()).items():
        yield out / file.name.removesuffix(".zip") / name, content


def _write_file(path: Path, content: bytes, mode: int) -> None:
    """Write a temporary file and rename it, so that no reader sees a partial file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.baru")
        temporary.unlink(missing_ok=True)
        temporary.touch(PRIVATE_MODE)
        temporary.write_bytes(content)
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        raise CommandRefused(f"{path} tidak dapat ditulis ({os_reasons.reason(error)}).") from None
    sys.stdout.write(f"{path}\n")
