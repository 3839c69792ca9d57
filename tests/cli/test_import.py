"""`puas import` as an operator types it, beside a running bot.

What it stores is tested on both databases, its arguments and sentences on one.
"""

from __future__ import annotations

import pytest

from tests.bot.test_paper_entry import GOOD, HEAD, csv, paper_rows, row
from tests.harness import BOTH_DATABASES, Harness
from tests.shell import CompletedCommand, puas

pytestmark = [pytest.mark.process, pytest.mark.http]


async def imports(office: Harness, content: bytes, *more: str) -> CompletedCommand:
    """The file is written into the folder and named."""
    (office.folder / "kertas.csv").write_bytes(content)
    return await puas(office, "import", "kertas.csv", *more)


@BOTH_DATABASES
async def test_a_dry_run_tells_that_all_is_well_and_stores_nothing(office: Harness) -> None:
    ended = await imports(office, GOOD, "--dry-run")
    assert (ended.code, ended.err) == (0, "Dibaca: judul kolom di baris 1.\n")
    assert "2 lembar (2026-TW3 2): semua baris baik" in ended.out
    assert paper_rows(office) == []


@BOTH_DATABASES
async def test_a_file_comes_in_once_and_is_undone_by_its_number(office: Harness) -> None:
    first, second = await imports(office, GOOD), await imports(office, GOOD)
    assert "masuk sebagai isian kertas 1" in first.out
    assert (second.code, len(paper_rows(office))) == (2, 2)
    assert "berkas yang sama sudah masuk sebagai isian kertas 1" in second.err
    undone = await puas(office, "import", "--undo", "1")
    assert "isian kertas 1 (kertas.csv, 2 lembar) dibatalkan" in undone.out
    assert office.stored.response_count() == 0
    again = await puas(office, "import", "--undo", "1")
    assert (again.code, "sudah dibatalkan" in again.err) == (2, True)


async def test_every_mistake_is_told_and_nothing_is_stored(office: Harness) -> None:
    ended = await imports(office, csv(row(1), row(2, "besok"), row(3, service="salah")))
    assert ended.code == 2
    assert "kertas.csv: tidak ada yang dimasukkan." in ended.err
    assert "Baris 3, kolom tanggal" in ended.err
    assert "Baris 4, kolom layanan" in ended.err
    assert office.stored.response_count() == 0


async def test_the_template_is_written_once_and_read_back(office: Harness) -> None:
    written = await puas(office, "import", "--template", "templat.xlsx")
    assert written.code == 0, written.err
    assert "sudah ada" in (await puas(office, "import", "--template", "templat.xlsx")).err
    read = await puas(office, "import", "templat.xlsx")
    assert "Tidak ada satu baris isian pun" in read.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "sebut satu saja"),
        (("kertas.csv", "--undo", "1"), "sebut satu saja"),
        (("tidak-ada.csv",), "berkas tidak dapat dibuka"),
        (("--undo", "7"), "tidak ada, atau sudah dibatalkan"),
        (("--template", "tidak/ada.xlsx"), "tidak dapat ditulis"),
        (("kertas.csv", "--config", "lain.toml"), "lain.toml: tidak terbaca"),
    ],
)
async def test_a_wrong_command_gets_one_sentence(
    arguments: tuple[str, ...], sentence: str, office: Harness
) -> None:
    ended = await puas(office, "import", *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert "Traceback" not in ended.err


async def test_an_empty_database_is_told_what_comes_first(office: Harness) -> None:
    (office.folder / "config.toml").write_text('[database]\nurl = "sqlite:///kosong.db"\n')
    (office.folder / "kertas.csv").write_text(HEAD)
    office.url = f"sqlite:///{office.folder / 'kosong.db'}"
    ended = await puas(office, "import", "kertas.csv")
    assert (ended.code, "jalankan puas run" in ended.err) == (2, True)
    assert not (office.folder / "kosong.db").exists()
