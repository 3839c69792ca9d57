"""`puas report`: real processes on the office's database, and the files they leave."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import sys
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from storage.database import Db
from storage.survey import suggestions
from storage.survey.suggestions import Wanted
from tests import forks
from tests.bot.respondents import Respondent, random_respondents, rate, rate_and_lock
from tests.harness import Harness
from tests.reports.sample import HOSTILE

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
FILES = {
    "laporan-2026-TW3.pdf",
    "laporan-2026-TW3.docx",
    "tabulasi-2026-TW3.xlsx",
    "publikasi-2026-TW3.pdf",
    "publikasi-2026-TW3.png",
    "halaman-2026-TW3/index.html",
    "halaman-2026-TW3/data.json",
    "halaman-2026-TW3/data.csv",
}


async def report(office: Harness, *arguments: str) -> tuple[int, str, str]:
    """Run the command: exit code, output, errors."""
    command = ("report", *arguments, "--out", str(office.folder / "keluar"))
    environ = os.environ | {"PUAS_DATABASE__URL": office.url}
    code, said, complained = await forks.run(command, ROOT, environ)
    assert "Traceback" not in complained
    return code, said, complained


async def report_of_hash_seed(office: Harness, seed: int, out: str) -> tuple[int, str]:
    """Run the command in a process whose sets have an order of their own: exit code, output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "report", "2026-tw3", "--out", str(office.folder / out)),
        cwd=ROOT,
        env=os.environ | {"PUAS_DATABASE__URL": office.url, "PYTHONHASHSEED": str(seed)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def written(text: str) -> str:
    """The text as Telegram can deliver it: it has no lone halves of letters, and no NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\0", "")


def found(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def hashes(folder: Path) -> dict[str, str]:
    """The same as SHA-256."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in found(folder).items()}


def chooses_all_suggestions(db: Db) -> None:
    """Let every suggestion of the third quarter print."""
    (period_id,) = suggestions.period_ids(db)
    for one in suggestions.page(db, period_id, date.max, Wanted(), 0, 999):
        suggestions.choose_to_print(db, one.id, True)


@pytest.fixture
async def papers(office: Harness) -> dict[str, bytes]:
    """A locked period's papers, with suggestions of the worst kind among them."""
    people = [
        Respondent(one.answers, one.service, one.about, written(saran))
        for one, saran in zip(random_respondents(len(HOSTILE)), HOSTILE, strict=True)
    ]
    await rate_and_lock(office, [*people, *random_respondents(30, ("ktp-el", "kk"), seed=2)])
    await office.app.turns.do(chooses_all_suggestions)
    code, _, complained = await report(office, "2026-TW3", "--saran")
    assert (code, complained) == (0, "")
    return found(office.folder / "keluar")


async def test_two_processes_write_the_same_bytes_of_a_locked_period(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(40, ("ktp-el", "kk", "sktm")))
    for seed, out in enumerate(("keluar", "keluar-lagi"), 1):
        code, said = await report_of_hash_seed(office, seed, out)
        assert code == 0
        *paths, told = said.splitlines()
        assert {str(Path(path).relative_to(office.folder / out)) for path in paths} == FILES
        assert told == f"puas report: 8 berkas ditulis ke {office.folder / out}."
    assert hashes(office.folder / "keluar") == hashes(office.folder / "keluar-lagi")


async def test_every_paper_says_the_same_index(papers: dict[str, bytes], office: Harness) -> None:
    (ikm,) = office.stored.office_ikm()
    shown = ikm.replace(".", ",")
    assert shown in pdf_text(papers["laporan-2026-TW3.pdf"])
    assert shown in pdf_text(papers["publikasi-2026-TW3.pdf"])
    assert shown in docx_text(papers["laporan-2026-TW3.docx"])
    assert shown in papers["halaman-2026-TW3/index.html"].decode()
    assert f'"ikm": "{ikm}"' in papers["halaman-2026-TW3/data.json"].decode()
    assert float(ikm) in cells(papers["tabulasi-2026-TW3.xlsx"], "Tabulasi")


async def test_what_people_typed_harms_no_paper(papers: dict[str, bytes]) -> None:
    assert set(papers) == FILES
    document = docx_text(papers["laporan-2026-TW3.docx"])
    assert '=HYPERLINK("https://contoh.invalid";"klik")' in document
    assert "<b>tebal</b> & <script>alert(1)</script>" in document
    assert "{{ 7 * 7 }}" in document
    assert "<script>" not in papers["halaman-2026-TW3/index.html"].decode()
    assert '#panic() #read("/etc/passwd")' in pdf_text(papers["laporan-2026-TW3.pdf"])


async def test_before_the_lock_nothing_is_written_and_the_lock_is_named(office: Harness) -> None:
    await rate(office, random_respondents(20))
    await office.reaches("2026-07-07 08:00")
    code, said, complained = await report(office, "2026-TW3")
    assert (code, said) == (2, "")
    assert "Triwulan III 2026 belum dikunci. Angkanya keluar 7 Okt 2026" in complained
    assert not (office.folder / "keluar").exists()


async def test_a_draft_is_a_report_without_figures(office: Harness) -> None:
    await rate(office, random_respondents(20))
    code, said, complained = await report(office, "2026-TW3", "--draf")
    drafts = found(office.folder / "keluar")
    assert (code, complained) == (0, "")
    assert set(drafts) == {"draf-laporan-2026-TW3.pdf", "draf-laporan-2026-TW3.docx"}
    assert "draf tanpa angka: jangan ditandatangani" in said
    text = " ".join(docx_text(drafts["draf-laporan-2026-TW3.docx"]).split())
    assert "Survei diisi 20 responden." in text
    assert "adalah …, mutu pelayanan … (…)." in text


async def test_a_year_brings_the_iku_document_along(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    code, _, _ = await report(office, "2026")
    made = found(office.folder / "keluar")
    text = pdf_text(made["iku-2026.pdf"])
    assert code == 0
    assert "merumuskan kebijakan di Kecamatan Pakong" in text
    assert {"pk-2026.docx", "aksi-2026.xlsx", "aksi-2026-TW4.pdf", "lkjip-2026.pdf"} <= set(made)
    report_text = pdf_text(made["lkjip-2026.pdf"])
    assert "gabungan Triwulan III 2026" in " ".join(report_text.split())
    assert "SEMENTARA" in report_text


async def test_a_year_without_locked_periods_has_its_papers_of_planning(office: Harness) -> None:
    code, said, complained = await report(office, "2027")
    assert code == 2
    assert "pk-2027.pdf" in said
    assert "Tidak ada periode 2027" in complained or "Belum ada periode" in complained


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["2026-TW9"], "tulis seperti 2026, 2026-S1"),
        (["2020-TW1"], "Tidak ada periode 2020-TW1 pada kantor ini. Yang terakhir dikunci: belum"),
        (["<b>&amp;"], 'periode "<b>&amp;" tidak dikenal'),
        (["2026-TW3", "--naskah", "tidak-ada"], "--naskah: folder tidak-ada tidak ada"),
        (["2026-TW3", "--config", "tidak-ada.toml"], "tidak-ada.toml"),
    ],
)
async def test_what_cannot_be_made_gets_one_sentence_and_exit_2(
    arguments: list[str], sentence: str, office: Harness
) -> None:
    code, said, complained = await report(office, *arguments)
    assert (code, said) == (2, "")
    assert sentence in complained
    assert not (office.folder / "keluar").exists()


async def test_without_a_database_nothing_is_made_up(tmp_path: Path) -> None:
    empty = Harness(tmp_path, f"sqlite:///{tmp_path / 'kosong.db'}")
    code, _, complained = await report(empty, "2026-TW3")
    assert code == 2
    assert "jalankan puas run dulu" in complained
    assert not (tmp_path / "kosong.db").exists()


async def test_a_folder_that_is_a_file_is_told(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    (office.folder / "keluar").write_text("bukan folder")
    code, said, complained = await report(office, "2026-TW3")
    assert (code, said) == (2, "")
    assert "tidak dapat ditulis" in complained


def pdf_text(content: bytes) -> str:
    """What a PDF says."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def docx_text(content: bytes) -> str:
    """What a DOCX says, in paragraphs and tables."""
    document = Document(io.BytesIO(content))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def cells(content: bytes, sheet: str) -> list[object]:
    """Every value of a sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [cell for row in book.get_sheet_by_name(sheet).to_python() for cell in row]


async def test_papers_are_their_owners_alone_but_for_what_is_published(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    code, _, _ = await report(office, "2026-TW3")
    assert code == 0
    folder = office.folder / "keluar"
    modes = {str(p.relative_to(folder)): p.stat().st_mode & 0o777 for p in folder.rglob("*.*")}
    assert {name for name, mode in modes.items() if mode == 0o600} == {
        "laporan-2026-TW3.pdf",
        "laporan-2026-TW3.docx",
        "tabulasi-2026-TW3.xlsx",
    }
