"""`puas export`: the columns of an export, and what an export never contains.

What a query selects is tested on both databases, the form of the files on one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
import python_calamine

from scoring.instrument_file import named
from storage.survey import owners
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_paper_entry import csv as sheet
from tests.bot.test_paper_entry import row
from tests.bot.test_unit_index import UNITS
from tests.cli.test_import import imports
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.shell import CompletedCommand, puas

pytestmark = [pytest.mark.process, pytest.mark.http]

CODES = list(named("skm-2017").codes)
ABOUT = ["instrumen", "periode", "unit", "layanan", "loket", "kanal", "urutan", "tanggal", "jam"]
COLUMNS = [*ABOUT, "jenis_kelamin", "umur", "pendidikan", "pekerjaan", *CODES]
NINE = (1, 2, 3, 4, 0, 4, 3, 2, 1)
HOSTILE = '=HYPERLINK("http://x";"a");=1+1\n@SUM(A1) <b> _*[ \u202e🙂'


async def rate(office: Harness, actor: Actor, saran: str = "") -> None:
    """Rate as this citizen, perhaps with a suggestion."""
    await actor.reaches_review(*NINE)
    if saran:
        await actor.taps("✍")
        await actor.says(saran)
    await actor.taps("✅")


async def exported(
    office: Harness, label: str = "2026-TW3", out: str = "a.csv"
) -> CompletedCommand:
    """Run `puas export`; it must succeed."""
    ended = await puas(office, "export", label, "--out", out)
    assert ended.code == 0, ended.err
    return ended


def lines(office: Harness, name: str = "a.csv") -> list[dict[str, str]]:
    """The rows of a written file."""
    return list(csv.DictReader(StringIO((office.folder / name).read_text("utf-8-sig"))))


async def locked(office: Harness, *people: Respondent) -> None:
    """The third quarter of these responses, locked."""
    await respondents.rate_and_lock(office, people)


@BOTH_DATABASES
async def test_a_response_is_one_row_of_codes_and_a_skip_is_empty(
    citizen: Actor, office: Harness
) -> None:
    await rate(office, citizen)
    await locked(office, *[Respondent(NINE)] * 4)
    ended = await exported(office)
    assert "5 jawaban dari 2026-TW3" in ended.out
    text = (office.folder / "a.csv").read_bytes()
    assert text.split(b"\n")[0].decode().split(",") == COLUMNS
    assert text.split(b"\n")[1] == (
        b"skm-2017,2026-TW3,kantor,ktp-el,,telegram,1,,,,,,,1,2,3,4,,4,3,2,1"
    )


async def test_only_locked_periods_are_exported(citizen: Actor, office: Harness) -> None:
    await rate(office, citizen)
    refused = await puas(office, "export", "2026-TW3", "--out", "a.csv")
    assert refused.code == 2
    assert "belum dikunci. Angkanya keluar 7 Okt 2026" in refused.err
    assert not (office.folder / "a.csv").exists()


@BOTH_DATABASES
async def test_score_of_the_export_gives_the_bots_own_figure(
    citizen: Actor, office: Harness
) -> None:
    await rate(office, citizen)
    assert (await imports(office, sheet(*[row(n) for n in range(1, 8)]))).code == 0
    await office.reaches("2026-10-07 08:00")
    for out in ("a.csv", "b.xlsx"):
        await exported(office, out=out)
        said = await puas(office, "score", out, "--json")
        assert said.code == 0, said
        scored = json.loads(said.out)
        stored = office.stored.office_results()
        assert stored == [(scored["n"], scored["ikm"], scored["mutu"])]


@BOTH_DATABASES
async def test_joined_services_and_rare_people_are_not_told_apart(office: Harness) -> None:
    man = {"jenis_kelamin": "L", "umur": "26-35", "pendidikan": "SMA", "pekerjaan": "swasta"}
    rare = man | {"umur": "56-65"}
    people = [Respondent(NINE, "ktp-el", man)] * 6
    people += [Respondent(NINE, "kk", man)] * 2 + [Respondent(NINE, "sktm", rare)] * 3
    await locked(office, *people)
    await exported(office)
    written = lines(office)
    assert {(line["layanan"], line["unit"]) for line in written} == {
        ("ktp-el", "kantor"), ("digabung", "kantor"),
    }  # fmt: skip
    assert [line["umur"] for line in written].count("26-35") == 8
    assert {line["pekerjaan"] for line in written if not line["umur"]} == {""}
    assert {(line["loket"], line["tanggal"], line["jam"]) for line in written} == {("", "", "")}


@BOTH_DATABASES
async def test_every_column_needs_a_reason_which_is_recorded(
    citizen: Actor, office: Harness
) -> None:
    await rate(office, citizen)
    await locked(office, *[Respondent(NINE)] * 4)
    arguments = ("export", "2026-TW3", "--out", "a.csv", "--rinci")
    refused = await puas(office, *arguments)
    assert refused.code == 2
    assert "--alasan" in refused.err
    ended = await puas(office, *arguments, "--alasan", "Pemeriksaan Inspektorat")
    assert ended.code == 0, ended.err
    assert "data pribadi" in ended.out
    assert {line["tanggal"] for line in lines(office)} == {"2026-07-06"}
    assert office.stored.audit_actions()[-1] == "ekspor_rinci"


async def test_a_paper_response_has_its_own_channel_and_codes_as_attributes(
    office: Harness,
) -> None:
    await imports(office, sheet(*[row(n) for n in range(1, 6)]))
    await office.reaches("2026-10-07 08:00")
    await exported(office)
    only = lines(office)[0]
    assert [only[name] for name in ("kanal", "jam", "jenis_kelamin", "umur", "pekerjaan")] == [
        "kertas", "", "P", "26-35", "",
    ]  # fmt: skip


@BOTH_DATABASES
async def test_suggestions_are_not_in_the_order_of_entry(office: Harness) -> None:
    marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    await imports(office, sheet(*[row(n, saran=mark) for n, mark in enumerate(marks, 1)]))
    await office.reaches("2026-10-07 08:00")
    await exported(office)
    assert sorted(line["saran"] for line in lines(office, "a-saran.csv")) == list(marks)
    assert [line["saran"] for line in lines(office, "a-saran.csv")] != list(marks)
    assert list(lines(office, "a-saran.csv")[0]) == ["periode", "layanan", "saran", "unsur"]


async def test_a_hostile_suggestion_is_no_formula_with_any_separator(
    citizen: Actor, office: Harness
) -> None:
    await rate(office, citizen, HOSTILE)
    await locked(office, *[Respondent(NINE)] * 4)
    await exported(office)
    text = (office.folder / "a-saran.csv").read_text("utf-8-sig")
    for sign in ",;\t|":
        for cells in csv.reader(StringIO(text), delimiter=sign, quoting=csv.QUOTE_NONE):
            assert not [cell for cell in cells if cell.strip(' "')[:1] in tuple("=+-@")]
    (only,) = lines(office, "a-saran.csv")
    assert "<b> _*[" in only["saran"]
    assert "🙂" in only["saran"]


@BOTH_DATABASES
async def test_no_receipt_key_or_number_of_a_response_is_in_an_export(
    citizen: Actor, office: Harness
) -> None:
    await rate(office, citizen, "Kursi")
    ((_, number),) = office.stored.owners()
    receipt = owners.receipt(number << owners.HIDDEN_BITS)
    citizen.sees(receipt)
    await locked(office, *[Respondent(NINE)] * 4)
    await exported(office)
    written = "".join(path.read_text("utf-8") for path in office.folder.glob("a*.csv"))
    assert "Kursi" in written
    for secret in (receipt, str(number), str(citizen.id)):
        assert secret not in written


@BOTH_DATABASES
async def test_a_year_joins_the_periods_it_is_made_of(office: Harness) -> None:
    await locked(office, *[Respondent(NINE)] * 5)
    await respondents.rate(office, [Respondent(NINE)] * 6)
    await office.reaches("2027-01-11 08:00")
    ended = await exported(office, "2026-S2")
    assert "11 jawaban dari 2026-TW3, 2026-TW4" in ended.out
    labels = [line["periode"] for line in lines(office)]
    assert (labels.count("2026-TW3"), labels.count("2026-TW4")) == (5, 6)


async def test_answers_that_ran_on_stand_under_the_period_that_counts_them(
    office: Harness,
) -> None:
    await locked(office, *[Respondent(NINE)] * 3)
    await respondents.rate(office, [Respondent(NINE)] * 4)
    await office.reaches("2027-01-11 08:00")
    await exported(office, "2026-TW4")
    assert [line["periode"] for line in lines(office)] == ["2026-TW4"] * 7


@BOTH_DATABASES
async def test_the_heads_index_is_exported_as_sums_and_never_by_head(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    heads = [person(501 + number) for number in range(6)]
    for head, unit in zip(heads, UNITS, strict=False):
        await respondents.appoint(head, unit)
    await respondents.rate_as_heads(heads, (3, 3, 3, 3, 3, 4))
    await respondents.rate(office, [Respondent(NINE)] * 5)
    await office.reaches("2027-01-07 08:00")
    ended = await exported(office, "2026-TW4")
    assert "indeks unit kerja 2026-S2 ditulis" in ended.out
    rows = lines(office, "a-unit.csv")
    assert len(rows) == 21 + 3 + 1
    assert rows[0] == {
        "periode": "2026-S2", "aspek": "1", "indikator": "1.1", "bobot": "1",
        "kepala_menjawab": "6", "jumlah_nilai": "19", "nilai": "3,1667",
    }  # fmt: skip
    assert (rows[-1]["nilai"], rows[-1]["kepala_menjawab"]) == ("79,17", "6")
    assert not any(unit in str(rows) for unit in UNITS)


async def test_of_three_heads_the_index_alone_is_exported(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    heads = [person(501 + number) for number in range(3)]
    for head, unit in zip(heads, UNITS, strict=False):
        await respondents.appoint(head, unit)
    await respondents.rate_as_heads(heads, (3, 3, 4))
    await respondents.rate(office, [Respondent(NINE)] * 5)
    await office.reaches("2027-01-07 08:00")
    await exported(office, "2026-TW4")
    *parts, index = lines(office, "a-unit.csv")
    assert index["nilai"] == "83,33"
    assert not any(row["nilai"] or row["jumlah_nilai"] for row in parts)


async def test_only_the_owner_may_read_an_export(citizen: Actor, office: Harness) -> None:
    await rate(office, citizen)
    await locked(office, *[Respondent(NINE)] * 4)
    await exported(office, out="a.xlsx")
    assert {path.stat().st_mode & 0o777 for path in office.folder.glob("a*")} == {0o600}
    content = (office.folder / "a.xlsx").read_bytes()
    first = python_calamine.load_workbook(BytesIO(content)).get_sheet_by_index(0).to_python()[1]
    assert first[-9:] == [1, 2, 3, 4, "", 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("label", "out", "sentence"),
    [
        ("2026-TW9", "a.csv", "tidak dikenal"),
        (
            "2025",
            "a.csv",
            "Tidak ada periode 2025 pada kantor ini.",
        ),
        ("2026-TW3", "ada.csv", "ada.csv sudah ada"),
        ("2026-TW3", "sudah.csv", "sudah-saran.csv sudah ada"),
        ("2026-TW3", "tidak/ada.csv", "tidak dapat ditulis"),
    ],
)
async def test_a_refused_export_says_why_and_writes_nothing(
    label: str, out: str, sentence: str, office: Harness
) -> None:
    await locked(office, *[Respondent(NINE)] * 5)
    for name in ("ada.csv", "sudah-saran.csv"):
        (office.folder / name).write_text("milik orang")
    before = sorted(office.folder.iterdir())
    ended = await puas(office, "export", label, "--out", out)
    assert ended.code == 2
    assert sentence in ended.err
    assert sorted(office.folder.iterdir()) == before
    assert (office.folder / "ada.csv").read_text() == "milik orang"
