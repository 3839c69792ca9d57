"""The workbook of a plan: what is written is read, as Excel, LibreOffice and ODS have it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.planning.plan_workbook import plan_xlsx
from scoring import plan_file, plan_reader, plan_sheets, sheet_file
from scoring.iku import Target
from scoring.plan import (
    EnteredRealisasi,
    IkuQuarter,
    IkuYear,
    Plan,
    PlanHead,
    PlannedIku,
    Rules,
    Sasaran,
)
from scoring.plan_file import PlanFileError
from tests.planning import SHIPPED
from tests.reports.libreoffice import converted

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
LINES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
TEXTS = st.one_of(st.just(""), LINES)
NUMBERS = st.decimals(0, 1_000_000, places=2)
CODES = st.lists(
    st.from_regex(r"(?!U\d)[A-Z][A-Z0-9_]{0,8}", fullmatch=True),
    min_size=1,
    max_size=4,
    unique=True,
)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan, with some of its values filled in."""
    first = draw(st.integers(1970, 2190))
    last = first + draw(st.integers(0, 4))
    years = st.sampled_from(range(first, last + 1))
    of_year = st.builds(
        IkuYear, st.builds(Target, some(NUMBERS), some(WORDS)), TEXTS, TEXTS, TEXTS
    ).filter(lambda each: each != IkuYear())
    of_quarter = st.builds(IkuQuarter, some(NUMBERS), TEXTS, some(NUMBERS), TEXTS).filter(
        lambda each: each != IkuQuarter()
    )
    duties = st.lists(LINES, max_size=3, unique=True).map(tuple)
    day = st.dates(date(first, 1, 1), date(first, 12, 31))
    rules = st.builds(
        Rules, st.sampled_from(("gabungan", "rerata_periode")),
        st.sampled_from(("terbit", "dinilai")),
        st.sampled_from(("lebih dari", "paling sedikit")), some(NUMBERS),
    )  # fmt: skip
    head = PlanHead(
        draw(LINES), first, last, draw(TEXTS), draw(duties), draw(duties), draw(rules),
        draw(TEXTS), draw(some(day)),
    )  # fmt: skip
    ikus = [
        PlannedIku(
            code, draw(LINES), draw(LINES.map(lambda text: text[:40].strip())), draw(LINES),
            draw(st.sampled_from(("naik", "turun"))),
            draw(st.sampled_from(("ikm", "unit", "sakip", "tangan"))),
            draw(st.dictionaries(years, of_year, max_size=3)),
            draw(st.dictionaries(st.tuples(years, st.integers(1, 4)), of_quarter, max_size=3)),
            draw(st.dictionaries(years, st.builds(EnteredRealisasi, NUMBERS, LINES), max_size=2)),
        )
        for code in draw(CODES)
    ]  # fmt: skip
    names = draw(st.lists(LINES, min_size=len(ikus), max_size=len(ikus), unique=True))
    apart = draw(st.integers(1, len(ikus)))
    groups = [ikus[at : at + apart] for at in range(0, len(ikus), apart)]
    return Plan(
        head,
        tuple(Sasaran(name, tuple(own)) for name, own in zip(names, groups, strict=False)),
    )


def read(data: bytes, before: Plan | None = None) -> Plan:
    """The plan that a workbook makes of another."""
    return plan_reader.merged(before, plan_file.found(sheet_file.parse(data))).plan


@pytest.mark.slow
@given(plan=plans(), other=plans())
@settings(max_examples=40)
def test_a_plan_that_is_written_and_read_is_the_same(plan: Plan, other: Plan) -> None:
    data = plan_xlsx(plan)
    assert read(data) == plan
    assert read(data, plan) == plan
    assert plan_sheets.changes(plan, read(data, plan)) == []
    assert plan_sheets.changes(None, plan) != []
    assert (plan_sheets.changes(plan, other) == []) == (plan == other)


FULL = replace(
    SHIPPED,
    head=replace(SHIPPED.head, sk_number="188/12/2018", sk_date=date(2018, 1, 2)),
    sasaran=tuple(
        replace(
            sasaran,
            iku=tuple(
                replace(
                    iku,
                    years={
                        2018: IkuYear(Target(Decimal("82.5"), "BB"), "Pelayanan", "Rp 5 jt"),
                        2019: IkuYear(Target(Decimal(83)), analisis="Loket ditambah"),
                    },
                    quarters={(2018, 2): IkuQuarter(Decimal(40), "rapat", Decimal("41.25"), "-")},
                    entered={2018: EnteredRealisasi(Decimal("81.9"), "LKIP 2018 hal. 14")},
                )
                for iku in sasaran.iku
            ),
        )
        for sasaran in SHIPPED.sasaran
    ),
)


@pytest.mark.libreoffice
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_workbook_that_libreoffice_saved_is_the_same_plan(kind: str, tmp_path: Path) -> None:
    saved = converted({"rencana.xlsx": plan_xlsx(FULL)}, kind, tmp_path)["rencana"]
    assert read(saved) == read(saved, FULL) == FULL


Rows: TypeAlias = list[list[Any]]


def book(**sheets: Rows) -> bytes:
    """A workbook of these sheets, `_` in their names for a space."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name.replace("_", " "))
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return file.getvalue()


YEARS: Rows = [["Keterangan", "Isi"], ["Tahun pertama", 2018], ["Tahun terakhir", 2023]]


def test_what_a_file_does_not_have_stays_as_it_is() -> None:
    data = book(
        Rencana=[["Rencana kantor"], *YEARS],
        Target=[["KODE", "tahun", "Target"], ["ikm", 2018, "84,5"], ["IKM", 2020, 85]],
    )
    after = read(data, FULL)
    assert [
        (each.subject, each.before, each.after) for each in plan_sheets.changes(FULL, after)
    ] == [
        ("IKM 2018, target", "82,5", "84,5"),
        ("IKM 2020, target", "", "85"),
    ]


@pytest.mark.parametrize(
    ("sheets", "line"),
    [
        ({"Isian": [["no"]]}, 'lembar "Rencana" tidak ada. Yang ada: "Isian"'),
        ({"Rencana": YEARS, "Target": [["Kode", "Target"]]}, "judul kolom Kode, Tahun tidak"),
        (
            {"Rencana": YEARS, "Target": [["Kode", "Tahun", "Target"], ["IKM", 2019, "delapan"]]},
            'Lembar "Target", baris 2, kolom C (Target): "delapan" bukan angka',
        ),
        (
            {"Rencana": YEARS, "Target": [["Tahun", "Kode"], [2024, "IKM"]]},
            'Lembar "Target", baris 2, kolom A (Tahun): "2024" bukan tahun dari 2018–2023.',
        ),
        (
            {"Rencana": YEARS, "Target": [["Kode", "Tahun"], ["XX", 2019]]},
            'kolom A (Kode): "XX" tidak ada di lembar Sasaran dan IKU.',
        ),
        (
            {"Rencana": YEARS, "Target": [["Kode", "Tahun"], ["IKM", 2019], ["IKM", 2019]]},
            "baris 3, kolom A (Kode): IKM 2019 sudah ada di baris sebelumnya.",
        ),
        (
            {"Rencana": [["Keterangan", "Isi"], ["Tahun pertama", 2019], ["Tahun terakhir", 2023]]},
            "Tahun 2018 masih berisi target",
        ),
        (
            {"Rencana": [*YEARS, ["Batas predikat SAKIP", "kira-kira"]]},
            'baris 4, kolom B (Isi): "kira-kira" tidak dikenal; pilih lebih dari atau paling',
        ),
        (
            {"Rencana": YEARS, "Realisasi": [["Kode", "Tahun", "Realisasi"], ["IKM", 2020, 80]]},
            "sebut dari dokumen mana realisasinya.",
        ),
        (
            {"Rencana": YEARS, "Sasaran_dan_IKU": [["Kode", "Indikator"], ["u1", "Baru"]]},
            'kolom A (Kode): "U1" bukan kode',
        ),
        ({"Rencana": [["Keterangan", "Isi"]]}, "baris Tahun pertama tidak ada"),
    ],
)
def test_a_mistake_is_named_by_sheet_row_and_column(sheets: dict[str, Rows], line: str) -> None:
    with pytest.raises(PlanFileError, match=re.escape(line)):
        read(book(**sheets), FULL)


def test_an_indikator_is_added_and_another_dropped() -> None:
    heads = ["Sasaran strategis", "Kode", "Indikator", "Formulasi", "Satuan", "Arah", "Asal angka"]
    data = book(
        Rencana=YEARS,
        Sasaran_dan_IKU=[
            heads,
            [
                "Desa tertib",
                "desa",
                "Desa tertib administrasi",
                "desa tertib ÷ 12",
                "%",
                "naik",
                "",
            ],
            ["", "IKM", "IKM", "IKM × 25", "Indeks", "makin tinggi makin baik", "IKM"],
        ],
    )
    after = read(data, FULL)
    assert [(iku.code, iku.sumber) for iku in after.iku] == [("DESA", "tangan"), ("IKM", "ikm")]
    assert after.iku[1].years == FULL.iku[2].years
    told = {each.subject: each.after for each in plan_sheets.changes(FULL, after)}
    assert told["DESA, indikator"] == "Desa tertib administrasi"
    assert told["SAKIP, indikator"] == told["UNIT_KERJA, indikator"] == ""
    assert not any("SAKIP 2018" in subject for subject in told)
