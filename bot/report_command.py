"""`puas report`: the papers of a period as files in a folder."""

from __future__ import annotations

import html
import sys
from dataclasses import dataclass
from pathlib import Path

from bot import app as program
from bot import config as configs
from bot import paper_files, reading
from bot.office import Office
from bot.paper_files import REFUSALS, File
from reports.zipped import unzipped

REFUSED = 2


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
    try:
        if request.prose is not None and not request.prose.is_dir():
            raise configs.ConfigError(f"--naskah: folder {request.prose} tidak ada.")
        with reading.opened(configs.load(request.config)) as office:
            return _run(office, request)
    except (reading.NothingYet, reading.OlderSchema) as stop:
        return _refused(str(stop.__doc__))
    except program.STOPS as stop:
        return _refused(program.sentence(stop))


def _run(office: Office, request: Request) -> int:
    try:
        with office.database.read() as db:
            shelf = paper_files.shelf(
                db, office, request.label, request.prose, with_suggestions=request.suggestions
            )
    except REFUSALS as refusal:
        return _refused(html.unescape(paper_files.why(office, refusal)))
    if shelf.papers.locked_at is None:
        told = "angkanya belum terkunci; berkasnya bertanda SEMENTARA. Jangan ditandatangani."
        sys.stderr.write(f"puas report: {told}\n")
    try:
        return max([_made(office, request.out, file) for file in paper_files.files(shelf)])
    except OSError as error:
        return _refused(f"--out: {request.out} tidak dapat ditulisi ({error.strerror}).")


def _made(office: Office, out: Path, file: File) -> int:
    try:
        content = file.make()
    except REFUSALS as refusal:
        return _refused(f"{file.name}: {html.unescape(paper_files.why(office, refusal))}")
    if file.name.endswith(".zip"):  # the page: a folder, as a website takes it
        for name, part in unzipped(content).items():
            _written(out / file.name.removesuffix(".zip") / name, part)
    else:
        _written(out / file.name, content)
    return 0


def _written(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.baru")  # nobody finds half a file
    beside.write_bytes(content)
    beside.replace(path)
    sys.stdout.write(f"{path}\n")


def _refused(sentence: str) -> int:
    sys.stderr.write(f"puas report: {sentence}\n")
    return REFUSED
