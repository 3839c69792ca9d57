"""An office's own questions: whatever is asked is kept, from the QR to the export and back."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import python_calamine

from office.papers import contents
from reports.papers import Papers
from reports.publication import web_page
from reports.tabulation import tabulation_xlsx
from scoring import instrument_file
from scoring.instrument import USUAL_ATTRIBUTES
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_laporan import content, messages_go_out
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.reports.rendered import text_of
from tests.shell import puas

OWN = """
[[questions]]
code = "sumber"
name = { id = "Sumber informasi", en = "Source" }
question = { id = "Dari mana Anda tahu layanan ini?", en = "How did you hear of this service?" }
options = [
    { code = "desa", label = { id = "Kantor desa", en = "Village office" } },
    { code = "teman", label = { id = "Teman / tetangga", en = "Friends" } },
]

[[attributes]]
code = "kunjungan"
name = { id = "Kunjungan", en = "Visit" }
question = { id = "Kunjungan ke berapa?", en = "Which visit is it?" }
options = [
    { code = "pertama", label = { id = "Pertama kali", en = "The first" } },
    { code = "ulang", label = { id = "Sudah pernah", en = "Not the first" } },
]
"""
NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)
MORE = ("sumber", "kunjungan", "disabilitas")
ABOUT = {
    "jenis_kelamin": "P", "umur": "26-35", "pendidikan": "SMA", "pekerjaan": "swasta",
    "sumber": "desa", "kunjungan": "ulang", "disabilitas": "ya",
}  # fmt: skip


@pytest.fixture
async def asking(office: Harness, tmp_path: Path) -> Harness:
    """The office after a restart with own questions, one of them sensitive."""
    folder = tmp_path / "instrumen"
    folder.mkdir()
    shipped = instrument_file.path_of("skm-2017").read_text("utf-8")
    head, attributes, rest = shipped.partition("# Tidak ditanyakan kecuali disebut")
    (folder / "skm-2017.toml").write_text(f"{head}{OWN}{attributes}{rest}", "utf-8")
    office.settings["survey"] = {"instruments_dir": folder, "sensitive": ("disabilitas",)}
    await office.restarts()
    return office


async def rates(citizen: Actor) -> None:
    """Rate, and answer every question that follows as `ABOUT` says."""
    await citizen.begins()
    await citizen.answers(*NINE)
    citizen.sees("Pertanyaan tambahan 1 dari 1", "Dari mana Anda tahu layanan ini?")
    await citizen.taps("Kantor desa")
    citizen.sees("Tentang Anda 1 dari 6")
    await citizen.taps("Perempuan", "26–35", "SMA", "Karyawan swasta", "Sudah pernah", "Ya", "✅")
    citizen.sees("Terima kasih")


def rows(text: str) -> list[dict[str, str]]:
    """The rows of an export."""
    return list(csv.DictReader(StringIO(text)))


def papers(office: Harness) -> Papers:
    """The papers of the locked quarter."""
    with office.app.office.database.read() as db:
        return contents.papers(db, office.app.office, "2026-TW3")


@BOTH_DATABASES
async def test_the_consent_screen_names_more_questions_and_what_is_sensitive(
    asking: Harness, citizen: Actor
) -> None:
    await citizen.scans()
    citizen.sees("9 pertanyaan mudah, 1 tambahan, dan 6 tentang diri", "menanyakan disabilitas")
    await citizen.taps("English")
    citizen.sees("9 easy questions, 1 more, and 6 about you", "about disability")


async def test_what_is_sensitive_is_not_asked_by_default(office: Harness, citizen: Actor) -> None:
    await citizen.begins()
    citizen.sees_not("disabilitas")
    await citizen.answers(*NINE)
    await citizen.taps("Tidak menjawab")
    assert citizen.labels()[0] == "17–25 tahun"
    await citizen.declines(3)
    citizen.sees("Sudah selesai?")


@pytest.mark.process
@pytest.mark.http
async def test_own_questions_are_kept_from_the_qr_to_the_export_and_back(
    asking: Harness, citizen: Actor, tmp_path: Path
) -> None:
    office = asking
    await rates(citizen)
    await respondents.rate_and_lock(office, [Respondent(NINE, about=ABOUT)] * 6)
    given = {each.attribute: dict(each.rows) for each in papers(office).respondents}
    assert given["sumber"] == {
        "Kantor desa": 7,
        "Teman / tetangga": 0,
        "Tidak menjawab atau tidak ditanya": 0,
    }
    assert given["kunjungan"] == {
        "Pertama kali": 0,
        "Sudah pernah": 7,
        "Tidak menjawab atau tidak ditanya": 0,
    }
    assert given["disabilitas"] == {"Ya": 7, "Tidak": 0, "Tidak menjawab atau tidak ditanya": 0}

    assert (await puas(office, "export", "2026-TW3", "--out", "a.csv")).code == 0
    written = rows((office.folder / "a.csv").read_text("utf-8-sig"))
    assert tuple(written[0])[-len(MORE) :] == MORE
    assert [{code: row[code] for code in ABOUT} for row in written] == [ABOUT] * 7

    # Back: the rows as a sheet of the quarter that is open now.
    ended = await puas(office, "export", "2026-TW3", "--out", "b.csv", "--rinci", "--alasan", "Uji")
    assert ended.code == 0, ended.err
    text = (office.folder / "b.csv").read_text("utf-8-sig")
    for day in {row["tanggal"] for row in rows(text)}:
        text = text.replace(day, "2026-10-02")
    (office.folder / "kertas.csv").write_text(text, "utf-8")
    ended = await puas(office, "import", "kertas.csv")
    assert ended.code == 0, ended.err
    assert "7 lembar" in ended.out
    await office.reaches("2027-01-08 08:00")
    assert (await puas(office, "export", "2026-TW4", "--out", "c.csv")).code == 0
    again = rows((office.folder / "c.csv").read_text("utf-8-sig"))
    assert [{code: row[code] for code in ABOUT} for row in again] == [ABOUT] * 7


@pytest.mark.process
@pytest.mark.http
async def test_own_questions_of_few_people_are_joined_and_emptied(asking: Harness) -> None:
    rare = ABOUT | {"kunjungan": "pertama"}
    people = [Respondent(NINE, about=ABOUT)] * 6 + [Respondent(NINE, about=rare)] * 3
    await respondents.rate_and_lock(asking, people)
    given = {each.attribute: dict(each.rows) for each in papers(asking).respondents}
    assert given["kunjungan"] == {
        "Semua pilihan (digabung)": 9,
        "Tidak menjawab atau tidak ditanya": 0,
    }
    assert (await puas(asking, "export", "2026-TW3", "--out", "a.csv")).code == 0
    written = rows((asking.folder / "a.csv").read_text("utf-8-sig"))
    told = [{code: row[code] for code in ABOUT} for row in written]
    assert told.count(ABOUT) == 6
    assert told.count(dict.fromkeys(ABOUT, "")) == 3


async def test_papers_show_questions_without_a_score_apart(asking: Harness) -> None:
    people = [Respondent(NINE, about=ABOUT)] * 6
    await respondents.rate_and_lock(asking, people)
    made = papers(asking)
    book = python_calamine.load_workbook(BytesIO(tabulation_xlsx(made)))
    cells = [row[0] for row in book.get_sheet_by_name("Responden").to_python()]
    apart = cells.index("Pertanyaan tambahan, tanpa nilai:")
    assert cells.index("Disabilitas") < apart < cells.index("Sumber informasi")
    page = web_page.files(made)["index.html"].decode()
    _, heading, after = page.partition("Pertanyaan tambahan")
    assert heading
    assert "Sumber informasi" in after
    assert "Disabilitas" not in after


async def test_an_option_that_is_offered_no_longer_keeps_its_name(
    asking: Harness, tmp_path: Path
) -> None:
    asking.settings["survey"]["sensitive"] = ("umur.<17",)
    await asking.restarts()
    await respondents.rate(asking, [Respondent(NINE, about={"umur": "<17"})] * 5)
    await respondents.rate(asking, [Respondent(NINE, about=dict.fromkeys(USUAL_ATTRIBUTES, "-"))])
    asking.settings["survey"] = {}
    await asking.restarts()
    await asking.reaches("2026-10-07 08:00")
    given = {each.attribute: dict(each.rows) for each in papers(asking).respondents}
    assert given["umur"]["Di bawah 17 tahun"] == 5


@pytest.mark.process
@pytest.mark.slow
async def test_the_paper_form_asks_them_apart_with_the_sentence_of_consent(
    asking: Harness, admin: Actor
) -> None:
    await admin.fills("/poster", "[📄]", "1", "2", "[Bahasa Indonesia]", "[✅ Simpan]")
    await messages_go_out(asking, 2)
    printed = text_of(await content(asking, admin))
    assert "Pertanyaan tambahan" in printed
    assert "Dari mana Anda tahu layanan ini?" in printed
    assert "Disabilitas" in printed
    assert "menanyakan disabilitas" in printed
