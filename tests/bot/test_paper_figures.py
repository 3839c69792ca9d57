"""Every number that a paper prints is one of the figures of its span."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from office.figures import figures
from office.figures.figures import Figures
from office.figures.parts import Part
from office.papers import files
from reports.zip_archive import unzipped
from scoring.ikm import Score
from scoring.naming import COST
from scoring.numbers import comma, half_up
from scoring.precision import margin_text
from storage import catalogue
from storage.database import Db
from storage.planning import ikus
from tests.bot.respondents import ABOUT, Respondent, rate
from tests.bot.test_laporan import FILES
from tests.cli.test_report import docx_text
from tests.harness import Harness
from tests.planning import change_rules
from tests.reports.rendered import poppler_text

SERVICES = {"ktp-el": 30, "kk": 14, "sktm": 3, "pkm-1": 12, "pkm-2": 7, "kel-1": 4}
SPANS = ("2026-TW3", "2026-TW4", "2026")
DECIMAL = re.compile(r"(?<![\d,.])\d{1,3},\d{1,3}(?!\d)")


@dataclass(frozen=True)
class Made:
    """The papers of one span, by the ending of their name, and its figures."""

    figures: Figures
    papers: dict[str, bytes]


def visitors(chance: random.Random, n: int) -> list[Respondent]:
    """Random citizens: more at some services than at others, some of whom tell little."""
    return [
        Respondent(
            [chance.choice((0, 1, 2, 3, 3, 3, 4, 4)) if at else 3 for at in range(9)],
            chance.choices(list(SERVICES), list(SERVICES.values()))[0],
            {name: chance.choice(codes) for name, codes in ABOUT.items()},
        )
        for _ in range(n)
    ]


async def two_quarters(office: Harness, seed: int, tahunan: str) -> None:
    """Two locked quarters of an office of three units, whose year before was entered by hand."""
    chance = random.Random(seed)

    def prepare(db: Db) -> None:
        for slug, name in (("pkm", "Puskesmas"), ("kel", "Kelurahan")):
            unit = catalogue.add_unit(db, slug, name, kerja=False)
            assert unit is not None
            for number in (1, 2):
                catalogue.add_service(db, unit, f"{slug}-{number}", f"{name} {number}")
        for unit in (each.id for each in catalogue.units(db)):
            catalogue.set_users(db, 1, unit, 90)
        by_ikm = next(each.id for each in ikus.of_year(db, 2026) if each.sumber == "ikm")
        ikus.enter_realisasi(db, by_ikm, 2025, Decimal("81.5"), "LKjIP", None, 1, office.now)
        change_rules(db, 2026, tahunan=tahunan)

    await office.app.turns.do(prepare)
    await rate(office, visitors(chance, 70))
    await office.reaches("2026-10-07 08:00")
    await rate(office, visitors(chance, 41))
    await office.reaches("2027-01-08 08:00")


async def made(office: Harness, label: str) -> Made:
    """All papers of a span."""

    def make() -> Made:
        with office.app.office.database.read() as db:
            given = figures.of(db, office.app.office, label)
            report_set = files.report_set(db, office.app.office, label)
        papers = {
            each.name.replace(f"-{label}", ""): each.make() for each in files.files(report_set)
        }
        return Made(given, papers | unzipped(papers["halaman.zip"]))

    return await asyncio.to_thread(make)


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(("seed", "tahunan"), [(1, "gabungan"), (2, "rerata_periode")])
async def test_every_number_in_every_paper_is_one_of_the_figures(
    seed: int, tahunan: str, office: Harness
) -> None:
    await two_quarters(office, seed, tahunan)
    for label in SPANS:
        span = await made(office, label)
        assert span.figures.n > 40
        assert len(span.papers) >= len(FILES) + 3
        the_data_file_has_the_figures(span.figures, json.loads(span.papers["data.json"]))
        the_table_has_the_data_of_the_file(span.papers)
        the_workbook_has_the_figures(span.figures, span.papers["tabulasi.xlsx"])
        report = poppler_text(span.papers["laporan.pdf"])
        page = html.unescape(re.sub("<[^>]+>", " ", span.papers["index.html"].decode()))
        page = page[page.index("Hasil Survei", page.index("}\n")) :]
        document = docx_text(span.papers["laporan.docx"])
        for text in (report, document, page):
            says_the_figures(span.figures, text)
        the_tables_have_every_unsur(span.figures, document)
        for text in (
            report.rpartition("LAMPIRAN 5")[0],
            page,
            poppler_text(span.papers["publikasi.pdf"]),
        ):
            says_nothing_else(span.figures, text)


def the_tables_have_every_unsur(given: Figures, text: str) -> None:
    """The NRR of each unsur at each service, and how many gave each nilai of it."""
    assert given.levy is not None
    assert given.distribution.keys() == given.score.unsur.keys() - {COST}
    for part in given.services:
        assert all(comma(unsur.nrr or 0, 3) in text for unsur in part.score.unsur.values())
    for code, counted in given.distribution.items():
        n = given.score.unsur[code].n
        assert sum(counted.values()) == n
        assert sum(nilai * count for nilai, count in counted.items()) == (
            given.score.unsur[code].jumlah
        )
        for count in counted.values():
            assert f"{count} ({comma(Fraction(100 * count, n), 1)}\u00a0%)" in text


def told(value: Decimal | Fraction | None, places: int) -> str | None:
    """A figure as data files have it."""
    return None if value is None else str(half_up(value, places))


def the_data_file_has_the_figures(given: Figures, data: dict[str, Any]) -> None:
    assert (data["ikm"], data["mutu"], data["kinerja"]) == (
        told(given.ikm, 2), given.mutu, given.kinerja,
    )  # fmt: skip
    assert data["galat"] == told(given.margin, 2)
    people = data["responden"]
    assert (people["jumlah"], people["diterima"]) == (given.n, given.received)
    assert (people["populasi"], people["sampel_diperlukan"]) == (given.users, given.required)
    assert people["kanal"] == dict(given.channels)
    for code, options in given.attributes.items():
        counted = [row["jumlah"] for row in people["rincian"][code]]
        assert sum(counted) == given.n
        assert sorted(n for n in counted[:-1] if n) == sorted(n for _, n in options)
    assert {each["kode"]: each["nrr"] for each in data["unsur"]} == {
        code: told(unsur.nrr, 3) for code, unsur in given.score.unsur.items()
    }
    assert data["layanan"] == [
        {"nama": called(part, "Layanan"), "n": part.n, "diterima": part.received,
         "ikm": told(part.score.ikm, 2), "mutu": part.score.mutu}
        for part in given.services
    ]  # fmt: skip
    trend = [(each.label, told(each.ikm, 2), each.mutu) for each in reversed(given.earlier)]
    assert [(p["periode"], p["ikm"], p["mutu"]) for p in data["tren"][:-1]] == trend
    assert data["tren"][-1]["ikm"] == data["ikm"]
    change, before = data["perubahan"], given.compared
    assert (change is None) == (before is None)
    if before is not None:
        assert (change["sejak"], change["selisih"]) == (before.label, told(given.delta, 2))
        assert change["keterangan"] == (given.change or "tidak dapat diuji")


def the_table_has_the_data_of_the_file(papers: dict[str, bytes]) -> None:
    data = json.loads(papers["data.json"])
    table = list(csv.DictReader(io.StringIO(papers["data.csv"].decode())))

    def column(part: str, name: str) -> list[str]:
        return [row[name] for row in table if row["bagian"] == part]

    assert column("indeks", "nilai") == [data["ikm"], data["galat"]]
    assert column("unsur", "nilai") == [each["nrr"] for each in data["unsur"]]
    assert column("layanan", "nilai") == [each["ikm"] for each in data["layanan"]]
    assert column("layanan", "jumlah") == [str(each["n"]) for each in data["layanan"]]
    assert column("tren", "nilai") == [each["ikm"] for each in data["tren"]]
    groups = [row for rows in data["responden"]["rincian"].values() for row in rows]
    assert column("responden", "jumlah") == [str(row["jumlah"]) for row in groups]


def called(part: Part, what: str) -> str:
    """What the papers call a service or unit; those that are joined have no name of their own."""
    return part.name if part.key is not None else f"{what} kecil (digabung)"


def the_workbook_has_the_figures(given: Figures, xlsx: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    the_totals_are_those_of(given.score, sheets["Tabulasi"])
    for part, name in zip(given.services, book.sheet_names[1:], strict=False):
        the_totals_are_those_of(part.score, sheets[name])
    answers = [row for row in sheets["Tabulasi"] if isinstance(row[0], float | int)]
    assert len(answers) == given.n == given.received
    if given.method == "rerata_periode":
        mean = next(row[1] for row in sheets["Tabulasi"] if row[0] == "IKM rerata periode")
        assert mean == float(given.ikm or 0)
    listed = iter(sheets["Responden"])
    parts = [(part, "Layanan") for part in given.services]
    for part, what in (*parts, *((part, "Unit") for part in given.by_unit)):
        row = next(row for row in listed if row[0] == called(part, what))
        assert row[1:4] == [shares(part), float(part.score.ikm or 0), part.score.mutu]


def shares(part: Part) -> float | str:
    """How many of a service's responses are in its figure, as a cell has it."""
    return float(part.n) if part.n == part.received else f"{part.n} dari {part.received}"


def the_totals_are_those_of(score: Score, sheet: list[list[Any]]) -> None:
    totals = {row[0]: row[1:] for row in sheet}
    unsur = list(score.unsur.values())
    assert totals["Jumlah nilai per unsur"] == [each.jumlah for each in unsur]
    assert totals["Jumlah jawaban terisi per unsur"] == [each.n for each in unsur]
    ikm = next(row[1] for row in sheet if str(row[0]).startswith("**)"))
    assert ikm == float(score.ikm or 0)


def says_the_figures(given: Figures, text: str) -> None:
    """The text has the IKM, its margin, every unsur, every service and the trend."""
    said = set(DECIMAL.findall(text))
    assert comma(given.ikm or 0) in said
    assert given.margin is not None
    assert f"± {margin_text(given.margin)}" in text
    for unsur in given.score.unsur.values():
        assert comma(unsur.nrr or 0, 3) in said
    for part in given.services:
        assert comma(part.score.ikm or 0) in said
        assert called(part, "Layanan") in text
        if part.n != part.received:
            assert f"{part.n} dari {part.received}" in text
    for before in given.earlier:
        assert comma(before.ikm) in said
    if given.change is not None and given.delta is not None:
        assert f": {given.change}" in text
        assert comma(abs(given.delta)) in said


def says_nothing_else(given: Figures, text: str) -> None:
    """No decimal number in the text is anything but a figure, a share of one, or a limit."""
    extra = set(DECIMAL.findall(text)) - {*decimals(given), *limits(given)}
    assert not extra, [text[max(0, text.index(e) - 200) : text.index(e) + 60] for e in extra]


def decimals(given: Figures) -> Iterator[str]:
    scores = (given.score, *(part.score for part in (*given.services, *given.by_unit)))
    for score in scores:
        yield comma(score.ikm or 0)
    for unsur in given.score.unsur.values():
        yield from (comma(unsur.nrr or 0, 3), comma(unsur.nrr_tertimbang or 0, 3))
        yield comma(unsur.nik or 0)
        for count in given.distribution.get(unsur.code, {}).values():
            yield comma(Fraction(100 * count, unsur.n), 1)
    for part in given.services:
        yield from (comma(unsur.nrr or 0, 3) for unsur in part.score.unsur.values())
    yield from (comma(given.score.indeks or 0, 3), comma(given.ikm or 0))
    yield from (margin_text(given.margin or Decimal(0)), comma(abs(given.delta or Decimal(0))))
    yield from (comma(end, 1) for end in given.interval or ())
    yield from (comma(before.ikm) for before in given.earlier)
    yield from (comma(end, 1) for end in given.interval or ())
    if given.without_repeats is not None:
        yield comma(given.without_repeats.ikm or 0)
    if given.response_rate is not None:
        yield comma(100 * given.response_rate, 1)
    yield from (comma(Fraction(100 * n, given.n), 1) for n in counts(given))


def counts(given: Figures) -> Iterable[int]:
    """Counts that are shown with their share."""
    yield from (0, given.n, *given.channels.values())
    for options in given.attributes.values():
        yield from (n for _, n in options)
        yield given.n - sum(n for _, n in options)


def limits(given: Figures) -> Iterator[str]:
    instrument = given.score.instrument
    yield comma(instrument.scale[1] * instrument.conversion)
    for grade in instrument.grades:
        yield from (comma(grade.lower), comma(grade.lower - Decimal("0.01")))
