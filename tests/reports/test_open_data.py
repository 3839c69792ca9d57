"""The data files of the public web page, as programs read them."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reports.papers import Papers
from reports.publication import web_page
from reports.publication.web_page import Markup, joined, tag
from tests.reports import sample
from tests.reports.sample import HOSTILE

DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "publikasi.md"


def test_text_that_is_not_markup_is_escaped() -> None:
    assert tag("b", "<i>", class_='"') == '<b class="&quot;">&lt;i&gt;</b>'
    assert joined("a & b", Markup("<br>")) == "a &amp; b<br>"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_file_runs_a_typed_text(text: str) -> None:
    files = web_page.files(sample.hostile(text))

    assert set(files) == {"index.html", "data.json", "data.csv", "foto-1.png"}
    assert b"<script" not in files["index.html"]
    assert b"<b>tebal" not in files["index.html"]
    assert json.loads(files["data.json"])["responden"]["jumlah"] == 142
    for row in rows_of(files["data.csv"]):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def data_of(papers: Papers) -> dict[str, object]:
    data = json.loads(web_page.files(papers)["data.json"])
    assert isinstance(data, dict)
    return data


def test_figures_in_json_are_texts_with_a_decimal_point() -> None:
    data = data_of(sample.papers())

    assert (data["ikm"], data["mutu"], data["kinerja"]) == ("85.72", "B", "Baik")
    assert data["periode"] == {
        "label": "2026-TW3", "judul": "Triwulan III 2026",
        "mulai": "2026-07-01", "sampai": "2026-09-30",
    }  # fmt: skip
    assert data["unsur"][2] == {  # type: ignore[index] # a list of unsur
        "kode": "WAKTU", "nomor": "U3", "nama": "Waktu penyelesaian",
        "nrr": "3.021", "nik": "75.53", "mutu": "C",
    }  # fmt: skip


def test_json_and_csv_have_the_same_figures() -> None:
    files = web_page.files(sample.papers())
    data, rows = json.loads(files["data.json"]), rows_of(files["data.csv"])

    def column(part: str, name: str) -> list[str]:
        return [row[name] for row in rows if row["bagian"] == part]

    assert column("indeks", "nilai") == [data["ikm"], data["galat"]]
    assert column("unsur", "nilai") == [unsur["nrr"] for unsur in data["unsur"]]
    assert column("layanan", "jumlah") == [str(each["n"]) for each in data["layanan"]]
    assert column("tren", "nilai") == [point["ikm"] for point in data["tren"]]
    assert column("perubahan", "nilai") == [data["perubahan"]["selisih"]]
    groups = [row for rows in data["responden"]["rincian"].values() for row in rows]
    assert column("responden", "jumlah") == [str(row["jumlah"]) for row in groups]


def test_the_change_is_told_with_its_verdict() -> None:
    files = web_page.files(sample.papers())

    assert json.loads(files["data.json"])["perubahan"] == {
        "sejak": "TW II 2026", "selisih": "3.82", "keterangan": "naik nyata",
    }  # fmt: skip
    page = files["index.html"].decode()
    assert "IKM naik 3,82 dari 81,90 pada TW II 2026: naik nyata." in page


def test_without_an_earlier_figure_no_change_is_told() -> None:
    papers = replace(sample.papers(), trend=sample.papers().trend[-1:], change=None)

    assert data_of(papers)["perubahan"] is None
    assert "Perubahan" not in web_page.files(papers)["index.html"].decode()


def test_figures_by_hand_and_of_other_words_are_marked_in_the_trend() -> None:
    papers = sample.papers()
    first, second, *others = papers.trend
    trend = (replace(first, by_hand=True), replace(second, other_wording=True), *others)

    notes = [point["keterangan"] for point in data_of(replace(papers, trend=trend))["tren"]]  # type: ignore[attr-defined] # a list

    assert notes == ["diisi tangan", "teks berubah", "", ""]


def test_the_days_are_those_that_the_figures_cover() -> None:
    papers = sample.papers()
    earlier = papers.period.previous()
    covers = replace(papers.period, start=earlier.start)
    papers = replace(papers, covers=covers, run_in=(earlier,))

    data, page = data_of(papers), web_page.files(papers)["index.html"].decode()

    assert data["periode"]["mulai"] == "2026-04-01"  # type: ignore[index] # a mapping
    assert "Termasuk jawaban Triwulan II 2026." in data["catatan"]  # type: ignore[operator] # a list
    assert "Periode survei 1 Apr–30 Sep 2026" in page


def keys(value: object) -> Iterator[str]:
    """Every key in a JSON value, except the keys of `kanal` and `rincian`, which are codes."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(list(inner.values()) if key in ("kanal", "rincian") else inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_the_how_to_explains_every_key_of_the_data() -> None:
    named = set(re.findall(r"`([a-z_]+)`", DOCS.read_text()))

    assert set(keys(data_of(sample.papers()))) <= named
    assert set(rows_of(web_page.files(sample.papers())["data.csv"])[0]) <= named


def test_the_same_papers_give_the_same_files() -> None:
    assert web_page.files(sample.papers()) == web_page.files(sample.papers())


def test_the_page_names_the_mutu_that_the_interval_reaches_too() -> None:
    sure, unsure = sample.papers(), replace(sample.papers(), letters=("B", "A"))

    assert "mutunya" not in web_page.files(sure)["index.html"].decode()
    page = web_page.files(unsure)["index.html"].decode()
    assert "Menurut galat itu mutunya B, mungkin A." in page


def test_a_margin_is_never_printed_as_zero() -> None:
    html = web_page.files(replace(sample.papers(), margin=Decimal("0.01")))["index.html"].decode()

    assert "(galat ± 0,1)" in html
