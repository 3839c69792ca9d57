"""One office for two years: whatever names a figure of a span names the same one.

Each paper is read for what it says, and held against the other papers alone; that they have the
figures of `office.figures` is tested in test_paper_figures.
"""

from __future__ import annotations

import asyncio
import html
import io
import json
import random
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from cli import rekap
from office.papers import files, period_file
from reports.zip_archive import unzipped
from scoring import instrument_file
from scoring.numbers import comma, half_up, with_comma
from scoring.precision import margin_text
from storage import catalogue, people, periods
from storage.database import Db
from tests.bot.respondents import ABOUT, Respondent, rate
from tests.bot.test_correction import CAMAT, LATE, decides
from tests.bot.test_iku import aims
from tests.bot.test_message import users
from tests.bot.test_paper_entry import enters
from tests.cli.test_report import docx_text
from tests.harness import Actor, Harness
from tests.reports.rendered import poppler_text, text_of
from tests.shell import puas

pytestmark = [pytest.mark.http, pytest.mark.process, pytest.mark.slow]

SERVICES = {"ktp-el": 5, "kk": 4, "sktm": 2, "legalisasi": 1}
IKM = "Indeks Kepuasan Masyarakat"
QUARTERS = {  # how many came, and the morning on which the quarter is locked
    "2026-TW3": (42, "2026-10-07"),
    "2026-TW4": (35, "2027-01-08"),
    "2027-TW1": (58, "2027-04-08"),
    "2027-TW2": (3, "2027-07-08"),
    "2027-TW3": (31, "2027-10-08"),
    "2027-TW4": (64, "2028-01-10"),
    "2028-TW1": (38, "2028-04-10"),
    "2028-TW2": (47, "2028-07-10"),
}
FEW = "2027-TW2"  # its answers run on
LONGER = ("2026-S2", "2027-S1", "2027-S2", "2028-S1", "2026", "2027", "2028")
UNFINISHED = ("2028",)
VERDICTS = {
    "kenaikannya nyata": "naik nyata",
    "penurunannya nyata": "turun nyata",
    "belum ada perubahan nyata": "belum ada perubahan nyata",
}

Said = dict[str, object]  # what a paper says: "ikm", "mutu", "n", "margin", "change", "lowest" …


def came(chance: random.Random, n: int) -> list[Respondent]:
    """So many citizens; each quarter has its own mood."""
    mood = chance.choice(((2, 3, 3, 4), (3, 3, 4, 4), (1, 3, 3, 4)))
    return [
        Respondent(
            [chance.choice((0, *mood * 3)) if at else 3 for at in range(9)],
            chance.choices(list(SERVICES), list(SERVICES.values()))[0],
            {name: chance.choice(codes) for name, codes in ABOUT.items()},
        )
        for _ in range(n)
    ]


async def users_of_each_service(office: Harness, label: str) -> None:
    """Note 120 users of each service in use, and none of the others."""

    def note(db: Db) -> None:
        period = periods.by_label(db, "ikm", label)
        assert period is not None
        for service in catalogue.services(db):
            many = 120 if service.slug in SERVICES else 0
            catalogue.set_service_users(db, period.id, service.id, many)

    await office.app.turns.do(note)


# --- what each paper says ---------------------------------------------------------------------


def data_file(data: Mapping[str, Any]) -> Said:
    change = data["perubahan"]
    margin = Decimal(data["galat"])
    low = min(Decimal(each["nrr"]) for each in data["unsur"])
    return {
        "ikm": with_comma(data["ikm"]),
        "mutu": data["mutu"],
        "n": data["responden"]["jumlah"],
        "margin": margin_text(margin),
        "interval": tuple(comma(Decimal(data["ikm"]) + way * margin, 1) for way in (-1, 1)),
        "change": change and change["keterangan"],
        "delta": change and comma(abs(Decimal(change["selisih"]))),
        "lowest": next(each["nama"] for each in data["unsur"] if Decimal(each["nrr"]) == low),
    }


def page(text: str) -> Said:
    text = text[text.index("Nilai IKM") :]
    figure = re.search(r"(\d+,\d\d) ?([ABCD])? ", text)
    n = re.search(r"(\d+) responden", text)
    margin = re.search(r"galat ± (\d+,\d)", text)
    assert figure
    assert n
    assert margin
    said = {"ikm": figure[1], "mutu": figure[2], "n": int(n[1]), "margin": margin[1]}
    moved = r"IKM (?:naik|turun) "
    return said | changed(moved + r"[^:]*: (.*?)\.", moved + r"(\d+,\d\d) dari", text)


def changed(verdict: str, delta: str, text: str) -> Said:
    """The change that a text tells, if any; a change of nothing has no delta."""
    found, by = re.search(verdict, text), re.search(delta, text)
    if found is None or by is None:
        return {}
    return {"change": found[1], "delta": by[1]}


def report(text: str) -> Said:
    figure = re.search(r"adalah (\d+,\d\d), mutu pelayanan ([ABCD]) ", text)
    end = re.search(r"mendapat IKM (\d+,\d\d) dengan mutu ([ABCD]) .*? menurut (\d+) respon", text)
    margin = re.search(r"Galatnya ± (\d+,\d)", text)
    lowest = re.search(r"nilai terendah adalah ([^(]+) \(\d,\d{3}\)", text)
    assert figure
    assert end
    assert margin
    assert lowest
    assert (figure[1], figure[2]) == (end[1], end[2])
    said = {"ikm": end[1], "mutu": end[2], "n": int(end[3]), "margin": margin[1]}
    moved = r"instrumen yang sama, IKM (?:naik|turun) "
    about = changed(moved + r"[^:]*: (.*?)\.", moved + r"(\d+,\d\d) dari", text)
    return {**said, "lowest": lowest[1].strip(), **about}


def workbook(xlsx: bytes) -> Said:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    rows = book.get_sheet_by_name("Tabulasi").to_python()
    cell = {str(row[0]): row[1] for row in rows}
    ikm = next(value for name, value in cell.items() if name.startswith("**)"))
    answers = [row for row in rows if isinstance(row[0], float | int)]
    nrr = next(row[1:10] for row in rows if str(row[0]).startswith("NRR per unsur"))
    names = next(row[1:10] for row in rows if "Waktu penyelesaian" in str(row[3]))
    lowest = str(names[nrr.index(min(nrr))]).partition(" ")[2]
    return {"ikm": comma(half_up(Decimal(str(ikm)), 2)), "n": len(answers), "mutu": cell["Mutu"],
            "lowest": lowest}  # fmt: skip


def sheet(text: str) -> Said:
    figure = re.search(r"(\d+,\d\d)", text)
    assert figure
    return {"ikm": figure[1]}


def message(text: str) -> Said:
    """The message of the group, or /ringkasan: quarters only."""
    figure = re.search(r"^(\d+,\d\d) – mutu ([ABCD])", text, re.MULTILINE)
    people = re.search(r"^(\d+) responden.*?; perkiraan (\d+,\d)–(\d+,\d)", text, re.MULTILINE)
    lowest = re.search(r"^Nilai terendah: (.*?) \d,\d\d \(", text, re.MULTILINE)
    assert figure, text
    assert people, text
    assert lowest, text
    about = re.search(r"^(?:Naik|Turun) (\d+,\d\d) dari .*?; (.*?)$", text, re.MULTILINE)
    first = lowest[1].partition(" serta ")[0]  # of two that are equal
    said = {"ikm": figure[1], "mutu": figure[2], "n": int(people[1]), "lowest": first,
            "interval": (people[2], people[3])}  # fmt: skip
    return said | ({"delta": about[1], "change": VERDICTS[about[2]]} if about else {})


def hasil(text: str) -> Said:
    figure = re.search(r"^(\d+,\d\d) – ([ABCD]) ", text, re.MULTILINE)
    people = re.search(r"^(\d+) responden", text, re.MULTILINE)
    nrr = re.findall(r"^(.+): (\d,\d{3}) \([ABCD]\)", text, re.MULTILINE)
    assert figure
    assert people
    lowest = min(nrr, key=lambda each: each[1])[0]
    return {"ikm": figure[1], "mutu": figure[2], "n": int(people[1]), "lowest": lowest}


def rollup(file: period_file.PeriodFile) -> dict[str, Said]:
    """The period's JSON, and the row of `rekap` that is made of it; the office has one unit."""
    (unit,), skm = file.unit, instrument_file.named("skm-2017")
    (row, *_) = rekap.combined([file], skm).units
    assert row.fingerprint_matches
    return {
        "ekspor": {"ikm": with_comma(unit.ikm or ""), "mutu": unit.mutu, "n": unit.n,
                   "lowest": skm.item(unit.terendah[0]).name["id"]},
        "rekap": {"ikm": comma(row.ikm or 0), "mutu": row.mutu, "n": row.n,
                  "lowest": skm.item(row.lowest[0]).name["id"]},
    }  # fmt: skip


async def all_papers(office: Harness, label: str) -> dict[str, Said]:
    """What each paper of a span says."""

    def make() -> tuple[dict[str, bytes], dict[str, Said]]:
        with office.app.office.database.read() as db:
            ours = files.report_set(db, office.app.office, label)
            exported = {} if label in UNFINISHED else rollup(
                period_file.locked_figures(db, office.app.office, label))  # fmt: skip
            planning = files.planning_files(db, office.app.office, label)
        tables = [each for each in planning if each.name == f"lkjip-{label}.pdf"]
        return {
            each.name.replace(f"-{label}", ""): each.make()
            for each in (*files.files(ours), *tables)
            if not each.name.endswith((".png", *(() if label.isdigit() else (".docx",))))
        }, exported

    made, said = await asyncio.to_thread(make)
    of_page = unzipped(made["halaman.zip"])
    text = html.unescape(re.sub("<[^>]+>", " ", of_page["index.html"].decode()))
    said |= {
        "data.json": data_file(json.loads(of_page["data.json"])),
        "halaman": page(" ".join(text.split())),
        "laporan.pdf": report(poppler_text(made["laporan.pdf"])),
        "tabulasi": workbook(made["tabulasi.xlsx"]),
        "publikasi": sheet(poppler_text(made["publikasi.pdf"])),
    }
    if label.isdigit():  # a year
        said["laporan.docx"] = report(docx_text(made["laporan.docx"]))
        said["tabel LKjIP"] = {"ikm": realised(text_of(made["lkjip.pdf"]), label)}
    return said


def realised(text: str, year: str) -> str:
    """The realisasi of the IKM in the IKU sheet or the tables of the LKjIP."""
    pattern = rf"dan capaian {year} .*?\(IKM\).*? (\d+,\d\d) (\d+,\d\d) .*?gabungan Triwulan"
    found = re.search(pattern, text)
    assert found, text
    return found[2]  # after the target


def agree(said: Mapping[str, Said]) -> None:
    """Whatever two papers say of one thing is the same."""
    known: dict[str, tuple[str, object]] = {}
    for paper, facts in said.items():
        for fact, value in facts.items():
            first, other = known.setdefault(fact, (paper, value))
            assert value == other, f"{fact}: {first} says {other!r}, {paper} says {value!r}"
    assert {"ikm", "mutu", "n", "margin", "lowest", "change"} <= known.keys()


# --- the two years ----------------------------------------------------------------------------


async def screens(citizen: Actor, admin: Actor, label: str) -> dict[str, Said]:
    """What the screens say of the newest quarter."""
    await citizen.says("/hasil")
    await admin.says(f"/ringkasan {label}")
    return {"/hasil": hasil(citizen.text), "/ringkasan": message(admin.text)}


async def iku(admin: Actor, year: str) -> Said:
    await admin.says(f"/iku {year}")
    found = re.search(r"\(IKM\)\s+(\d+,\d\d) dari target .*\s+gabungan Triwulan", admin.text)
    assert found, admin.text
    return {"ikm": found[1]}


async def of_commands(office: Harness, label: str) -> dict[str, Said]:
    """What the papers of `puas report` and `puas export` say."""
    ended = await puas(office, "report", label, "--out", "laporan")
    assert ended.code == 0, ended.err
    pdf = next((office.folder / "laporan").rglob(f"laporan-{label}.pdf"))
    ended = await puas(office, "export", label, "--out", "ekspor.json")
    assert ended.code == 0, ended.err
    file = period_file.read(office.folder / "ekspor.json")
    said = {f"puas {name}": facts for name, facts in rollup(file).items()}
    return said | {"puas report": report(poppler_text(pdf.read_bytes()))}


async def test_every_paper_of_two_years_says_the_same_figures(
    citizen: Actor, admin: Actor, group: Actor, office: Harness
) -> None:
    with office.app.office.database.write() as db:
        people.grant(db, CAMAT, "camat", "Camat", None, office.now)
    camat = Actor(office, CAMAT, name="Camat")
    await camat.says("/bantuan")
    for year in (2026, 2027, 2028):
        await aims(admin, year, IKM, "83")
    chance = random.Random(14)
    for label, (n, locked) in QUARTERS.items():
        if label in ("2026-TW4", "2027-TW3"):
            await users_of_each_service(office, label)
        elif label == "2027-TW4":
            await users(office, label, 400)
        await rate(office, came(chance, n))
        await office.reaches(f"{locked} 08:00")
        if label == FEW:
            group.sees("3 responden di seluruh kantor", "Jawabannya dihitung bersama Triwulan III")
            continue
        told = {"pesan": message(group.text), **await screens(citizen, admin, label)}
        agree(told | await all_papers(office, label))
        if label == "2026-TW3":
            before = told["pesan"]["ikm"]
            await enters(admin, LATE)
            await decides(camat, "✅ Setujui")
            told = await screens(citizen, admin, label)
            assert told["/hasil"]["ikm"] != before
            agree(told | await all_papers(office, label))
    for label in LONGER:
        said = await all_papers(office, label)
        if len(label) == len("2027"):
            said["/iku"] = await iku(admin, label)
        if label == "2027":
            said |= await of_commands(office, label)
        agree(said)


async def test_a_quarter_of_four_people_gives_the_year_one_figure_everywhere(
    admin: Actor, office: Harness
) -> None:
    """Six of all 3 in the third quarter, four of all 1 in the fourth, which runs on."""
    await aims(admin, 2026, IKM, "83")
    await rate(office, [Respondent([3] * 9)] * 6)
    await office.reaches("2026-10-07 08:00")
    await rate(office, [Respondent([1] * 9)] * 4)
    await office.reaches("2027-01-08 08:00")

    def make() -> dict[str, bytes]:
        with office.app.office.database.read() as db:
            year = files.report_set(db, office.app.office, "2026")
        return {each.name: each.make() for each in files.files(year) if each.name[-3:] == "pdf"}

    made = await asyncio.to_thread(make)
    text = poppler_text(made["laporan-2026.pdf"])
    assert "adalah 75,00, mutu pelayanan C" in text
    assert "55,00" not in text
    assert (await iku(admin, "2026"))["ikm"] == "75,00"
    assert realised(text_of(made["iku-2026.pdf"]), "2026") == "75,00"
