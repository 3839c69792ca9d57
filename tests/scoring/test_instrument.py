"""Instruments: the shipped files follow the regulation, and the errors of an invalid file."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring import instrument, instrument_file
from scoring.instrument import Instrument
from scoring.instrument_file import InstrumentError

ASKED = "Bagaimana pendapat Saudara tentang "
# The regulation's names, the offices' wording, and the labels from 1 to 4.
OFFICIAL = """
PERSYARATAN | Persyaratan | kesesuaian persyaratan pelayanan dengan jenis pelayanannya | Tidak sesuai | Kurang sesuai | Sesuai | Sangat sesuai
PROSEDUR | Sistem, mekanisme, dan prosedur | kemudahan prosedur pelayanan di unit ini | Tidak mudah | Kurang mudah | Mudah | Sangat mudah
WAKTU | Waktu penyelesaian | kecepatan waktu dalam memberikan pelayanan | Tidak cepat | Kurang cepat | Cepat | Sangat cepat
BIAYA | Biaya/tarif | kewajaran biaya/tarif dalam pelayanan | Sangat mahal | Cukup mahal | Murah | Gratis
PRODUK | Produk spesifikasi jenis pelayanan | kesesuaian produk pelayanan antara yang tercantum dalam standar pelayanan dengan hasil yang diberikan | Tidak sesuai | Kurang sesuai | Sesuai | Sangat sesuai
KOMPETENSI | Kompetensi pelaksana | kompetensi/kemampuan petugas dalam pelayanan | Tidak kompeten | Kurang kompeten | Kompeten | Sangat kompeten
PERILAKU | Perilaku pelaksana | perilaku petugas terkait kesopanan dan keramahan | Tidak sopan dan ramah | Kurang sopan dan ramah | Sopan dan ramah | Sangat sopan dan ramah
PENGADUAN | Penanganan pengaduan, saran dan masukan | penanganan pengaduan pengguna layanan | Tidak ada | Ada tetapi tidak berfungsi | Berfungsi kurang maksimal | Dikelola dengan baik
SARANA | Sarana dan prasarana | kualitas sarana dan prasarana | Buruk | Cukup | Baik | Sangat baik
"""  # noqa: E501 - one line of the table is one unsur

SHIPPED = instrument_file.SHIPPED / "skm-2017.toml"


def test_the_nine_unsur_have_the_wording_of_the_offices(skm: Instrument) -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in OFFICIAL.strip().splitlines()]
    assert [row[0] for row in rows] == list(skm.codes)
    for code, name, question, *labels in rows:
        item = skm.item(code)
        assert item.name["id"] == name
        assert item.resmi["id"].question == f"{ASKED}{question}?"
        assert item.resmi["id"].labels == tuple(labels)


def test_each_of_the_nine_unsur_has_the_definition_of_the_regulation(skm: Instrument) -> None:
    definitions = {item.code: (item.definition or {}).get("id", "") for item in skm.items}

    assert all(definitions.values())
    assert definitions["PERILAKU"] == "Sikap petugas dalam memberikan pelayanan."
    assert "suatu proses (usaha, pembangunan, proyek). Sarana digunakan" in definitions["SARANA"]


def test_the_title_of_an_unsur_has_its_number_and_name(skm: Instrument) -> None:
    assert skm.title("PENGADUAN") == "U8 Penanganan pengaduan, saran dan masukan"
    assert skm.title("SARANA") == "U9 Sarana dan prasarana"
    assert [skm.form_order[7], skm.form_order[8]] == ["SARANA", "PENGADUAN"]


@pytest.mark.parametrize("code", ["skm-2017", "skm-2004"])
@pytest.mark.parametrize("lang", instrument.LANGUAGES)
def test_screen_texts_fit_a_phone(code: str, lang: str) -> None:
    for item in instrument_file.named(code).items:
        question = item.mudah[lang].question.split("?")[0]
        assert len(question.split()) <= 10, question
        assert all(len(label) <= 30 for label in item.mudah[lang].labels), item.code


def test_labels_that_citizens_misread_are_plain_on_the_screen(skm: Instrument) -> None:
    assert skm.item("PENGADUAN").mudah["id"].labels[0] == "Tidak ada tempat mengadu"
    assert skm.item("BIAYA").mudah["id"].labels[3] == "Gratis / tidak bayar"


@pytest.mark.parametrize("code", ["skm-2017", "skm-2004"])
def test_every_question_runs_from_worst_to_best(code: str) -> None:
    worst = re.compile(
        r"Tidak|Selalu tidak|Sangat mahal|Buruk|No|They did not|Very exp|Poor|Rude|There"
    )
    best = re.compile(
        r"Sangat|Selalu|Gratis|Dikelola|Very|Always|Free|Well|It is well|Fully|They fit v"
    )
    for item in instrument_file.named(code).items:
        for wording in (*item.resmi.values(), *item.mudah.values()):
            assert worst.match(wording.labels[0]) or wording.labels[0].startswith("Never"), wording
            assert best.match(wording.labels[-1]), wording


def test_weights_are_exact_and_sum_to_one(skm: Instrument, skm_2004: Instrument) -> None:
    assert set(skm.weights.values()) == {Fraction(1, 9)}
    assert set(skm_2004.weights.values()) == {Fraction(1, 14)}
    assert sum(skm.weights.values()) == sum(skm_2004.weights.values()) == 1
    assert skm.compatibility_weights == ("0.11", "0.111")
    assert skm_2004.compatibility_weights == ("0.071",)


def test_the_2004_instrument_has_fourteen_unsur(skm_2004: Instrument) -> None:
    names = [item.name["id"] for item in skm_2004.items]
    assert len(names) == 14
    assert (names[0], names[1], names[13]) == (
        "Prosedur pelayanan",
        "Persyaratan pelayanan",
        "Keamanan pelayanan",
    )


def test_the_attributes_have_the_options_of_the_export(skm: Instrument) -> None:
    block = {each.code: [option.code for option in each.options] for each in skm.attributes}
    assert list(block) == ["jenis_kelamin", "umur", "pendidikan", "pekerjaan"]
    assert block["jenis_kelamin"] == ["L", "P"]
    assert block["umur"] == ["17-25", "26-35", "36-45", "46-55", "56-65", ">65"]
    assert [each.code for each in skm.attribute("umur").withheld] == ["<17"]
    assert block["pendidikan"] == ["tidak-tamat-SD", "SD", "SMP", "SMA", "D1-D4", "S1", "S2", "S3"]
    paper = {option.code: option.paper for option in skm.attribute("pekerjaan").options}
    assert {code for code, column in paper.items() if column == "lainnya"} == {
        "petani",
        "irt",
        "pelajar",
        "perangkat-desa",
        "tidak-bekerja",
    }
    assert paper["PPPK"] == "PNS"
    assert [code for code, column in paper.items() if column is None] == [
        *("PNS", "TNI", "POLRI", "swasta", "wirausaha", "lainnya")
    ]


def test_an_offices_file_may_list_the_words_of_its_respondents(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    words = swap('paper = "lainnya" }', 'paper = "lainnya", words = ["penggarap", "Petani"] }')
    path = tmp_path / "skm-2017.toml"
    path.write_text(words(text), encoding="utf-8")
    petani = instrument_file.load(path).attribute("pekerjaan").option("petani")
    assert petani.words == ("penggarap", "Petani")


def test_an_unknown_item_raises_key_error(skm: Instrument) -> None:
    with pytest.raises(KeyError):
        skm.item("KESOPANAN")


def test_instruments_of_the_same_code_and_version_are_equal(skm: Instrument) -> None:
    assert len({skm, instrument_file.named("skm-2017")}) == 1


def test_the_offices_instrument_replaces_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "skm-2017.toml").write_text(
        SHIPPED.read_text(encoding="utf-8").replace("version = 1", "version = 7"), encoding="utf-8"
    )
    assert instrument_file.named("skm-2017", tmp_path).version == 7
    assert instrument_file.named("skm-2004", tmp_path).version == 1
    assert instrument_file.named("skm-2017").version == 1


def test_an_unknown_instrument_is_refused_with_the_list_of_known_ones(tmp_path: Path) -> None:
    with pytest.raises(
        InstrumentError, match=r'"skm-2099" tidak ada; yang ada: .*skm-2004, skm-2017'
    ):
        instrument_file.named("skm-2099", tmp_path)
    with pytest.raises(InstrumentError, match="tidak ada"):
        instrument_file.named("../instruments/skm-2017")


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kantor.toml").write_bytes(SHIPPED.read_bytes())
    with pytest.raises(InstrumentError, match=r'kantor.toml: code: tertulis "skm-2017"'):
        instrument_file.named("kantor", tmp_path)


def swap(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, count)


BAD_FILES = {
    "unknown key": (
        swap("version = 1", "version = 1\nwarna = 3"),
        "warna: kunci ini tidak dikenal",
    ),
    "missing key": (swap("conversion = 25\n", ""), "conversion: kunci ini wajib ada"),
    "weights": (swap('"1/9"', '"2/9"'), "items: jumlah weight 10/9, harus tepat 1"),
    "rounded weights": (swap('"1/9"', '"0.11"', 9), "items: jumlah weight 99/100"),
    "weight as a float": (
        swap('"1/9"', "0.1111"),
        "items.PERSYARATAN.weight: harus teks dalam tanda kutip",
    ),
    "weight of nothing": (swap('"1/9"', '"1/0"'), 'items.PERSYARATAN.weight: "1/0" tidak sah'),
    "codes twice": (
        swap('code = "PROSEDUR"', 'code = "WAKTU"'),
        'items: "WAKTU" tertulis 2 kali',
    ),
    "a code like a bare column": (swap('code = "WAKTU"', 'code = "U3"'), '"U3" tidak sah'),
    "three labels": (
        swap('"Buruk", "Cukup", "Baik"', '"Buruk", "Baik"'),
        "items.SARANA.resmi.id.labels: harus 4 label, satu untuk setiap nilai; ada 3",
    ),
    "a label twice": (
        swap('"Murah", "Gratis"', '"Murah", "Murah"'),
        'items.BIAYA.resmi.id.labels: "Murah" tertulis 2 kali',
    ),
    "a label too long for a button": (
        swap("Tidak ada tempat mengadu", "Tidak ada tempat untuk mengadu di sini"),
        "items.PENGADUAN.mudah.id.labels",
    ),
    "one language": (
        swap('name = { id = "Umur", en = "Age" }', 'name = { en = "Age" }'),
        'attributes.umur.name: bahasa "id" wajib ada',
    ),
    "an attribute named as another column": (
        swap('code = "disabilitas"', 'code = "kanal"'),
        "attributes.kanal: nama itu sudah dipakai kolom lain",
    ),
    "an option named as no answer": (
        swap('code = "tidak", label', 'code = "-", label'),
        'attributes.disabilitas.options: kode "-" berarti tidak menjawab',
    ),
    "a sensitive question that is not there": (
        swap("sensitive = []", 'sensitive = ["agama"]'),
        'sensitive: "agama" tidak punya consent di berkas ini; yang punya: disabilitas, umur.<17',
    ),
    "grades ascending": (
        swap('lower = "76.61"', 'lower = "90.00"'),
        "grades: batas bawah (lower) harus menurun",
    ),
    "a limit as a float": (
        swap('lower = "88.31"', "lower = 88.31"),
        "grades.1.lower: harus teks dalam tanda kutip",
    ),
    "a limit of one decimal": (swap('"88.31"', '"88.3"'), 'grades.1.lower: "88.3" tidak sah'),
    "a hole at the bottom": (
        swap('lower = "25.00"', 'lower = "30.00"'),
        'grades: batas bawah mutu terakhir harus nilai terkecil, "25.00"',
    ),
    "a scale of four times twenty": (
        swap("conversion = 25", "conversion = 20"),
        "conversion: nilai tertinggi (4) kali conversion harus 100",
    ),
    "a scale upside down": (
        swap("scale = [1, 4]", "scale = [4, 1]"),
        "scale: harus nilai terendah",
    ),
    "a weight of another k": (
        swap('["0.11", "0.111"]', '["0.071"]'),
        'compatibility_weights: "0.071" bukan 1/9 yang dibulatkan',
    ),
    "a form order with a gap": (
        swap('    "SARANA",\n', ""),
        "form_order: harus memuat setiap kode unsur",
    ),
    "too many to fill": (swap("min_filled = 5", "min_filled = 10"), "min_filled: lebih banyak"),
    "a paper column that is none": (
        swap('paper = "lainnya"', 'paper = "lain"'),
        'attributes.pekerjaan.options.petani.paper: "lain" bukan salah satu',
    ),
    "a word of two options": (
        swap('paper = "lainnya" }', 'paper = "lainnya", words = ["swasta."] }'),
        'attributes.pekerjaan.options.petani.words: "swasta." juga berarti pilihan "swasta"',
    ),
    "a word without letters": (
        swap('paper = "lainnya" }', 'paper = "lainnya", words = ["?"] }'),
        'attributes.pekerjaan.options.petani.words: "?" tidak berisi huruf atau angka',
    ),
    "no TOML": (swap('code = "skm-2017"', 'code = skm"'), "bukan TOML yang sah"),
}


@pytest.mark.parametrize("mistake", BAD_FILES)
def test_an_invalid_file_is_refused_with_path_key_and_reason(tmp_path: Path, mistake: str) -> None:
    edit, complaint = BAD_FILES[mistake]
    text = SHIPPED.read_text(encoding="utf-8")
    path = tmp_path / "skm-2017.toml"
    path.write_text(edit(text), encoding="utf-8")
    assert edit(text) != text
    with pytest.raises(InstrumentError) as refusal:
        instrument_file.load(path)
    assert complaint in str(refusal.value)
    assert all(line.startswith(str(path)) for line in str(refusal.value).splitlines())


def test_every_problem_has_its_own_line(tmp_path: Path) -> None:
    path = tmp_path / "skm-2017.toml"
    text = SHIPPED.read_text(encoding="utf-8")
    path.write_text(swap('"1/9"', '"2/9"')(swap('"76.61"', '"90.00"')(text)), encoding="utf-8")
    with pytest.raises(InstrumentError) as refusal:
        instrument_file.load(path)
    assert len(str(refusal.value).splitlines()) == 2


def test_a_missing_or_binary_file_gives_an_instrument_error(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="tidak dapat dibuka"):
        instrument_file.load(tmp_path / "tidak-ada.toml")
    (tmp_path / "biner.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InstrumentError, match="bukan teks UTF-8"):
        instrument_file.load(tmp_path / "biner.toml")


def test_unequal_weights_are_allowed_when_they_sum_to_one(tmp_path: Path) -> None:
    path = tmp_path / "kantor.toml"
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace('"1/9"', '"1/18"', 1).replace('"1/9"', '"3/18"', 1)
    path.write_text(text.replace('["0.11", "0.111"]', "[]"), encoding="utf-8")
    loaded = instrument_file.load(path)
    assert loaded.weights["PERSYARATAN"] == Fraction(1, 18)
    assert sum(loaded.weights.values()) == 1


A, B, C, D = "ABCD"
LIMITS_2017 = [
    *(("100", A), ("88.31", A), ("88.305", A), ("88.3049", B), ("88.30", B)),
    *(("76.61", B), ("76.605", B), ("76.6049", C), ("76.60", C)),
    *(("65.00", C), ("64.995", C), ("64.9949", D), ("64.99", D), ("25.00", D), ("24.75", D)),
]
LIMITS_2004 = [
    *(("81.26", A), ("81.255", A), ("81.2549", B), ("81.25", B)),
    *(("62.51", B), ("62.505", B), ("62.5049", C), ("62.50", C)),
    *(("43.76", C), ("43.755", C), ("43.7549", D), ("43.75", D), ("25.00", D)),
]


@pytest.mark.parametrize(("nik", "mutu"), LIMITS_2017)
def test_every_limit_of_2017_separates_two_mutu(skm: Instrument, nik: str, mutu: str) -> None:
    assert skm.grade(Decimal(nik)).mutu == mutu


@pytest.mark.parametrize(("nik", "mutu"), LIMITS_2004)
def test_every_limit_of_2004_separates_two_mutu(skm_2004: Instrument, nik: str, mutu: str) -> None:
    assert skm_2004.grade(Decimal(nik)).mutu == mutu


def test_every_hundredth_has_the_mutu_of_the_printed_intervals(skm: Instrument) -> None:
    letters = {step: skm.grade(Decimal(step) / 100).mutu for step in range(2500, 10001)}
    counts = {mutu: list(letters.values()).count(mutu) for mutu in "ABCD"}
    assert counts == {"A": 1170, "B": 1170, "C": 1161, "D": 4000}


def variant(*changes: tuple[str, str]) -> Instrument:
    """The shipped instrument with these texts of its file replaced."""
    text = SHIPPED.read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return instrument_file.parse(text, "skm-2017")


def reordered() -> Instrument:
    """The shipped instrument with its last unsur asked first."""
    head, *items = SHIPPED.read_text("utf-8").split("[[items]]")
    last, separator, attributes = items[-1].partition("[[attributes]]")
    return instrument_file.parse(
        "[[items]]".join((head, last, *items[:-1])) + separator + attributes, "skm-2017"
    )


SAME_SERIES = {
    "a corrected question": variant(("Misalnya KTP, KK", "Contohnya KTP, KK")),
    "a corrected label": variant(('"Kurang sesuai", "Sesuai"', '"Kurang cocok", "Sesuai"')),
    "another translation": variant(("Did the documents asked", "Did the papers asked")),
    "another order": reordered(),
    "another version": variant(("version = 1", "version = 2")),
    "another name": variant(('id = "Persyaratan"', 'id = "Syarat"')),
    "another attribute": variant(('"jenis_kelamin"', '"kelamin"')),
    "another way to write a weight": variant(('weight = "1/9"', 'weight = "2/18"')),
}
OTHER_SERIES = {
    "another code": variant(('code = "skm-2017"', 'code = "skm-lain"')),
    "another item code": variant(
        ('    "WAKTU"', '    "LAMA"'), ('code = "WAKTU"', 'code = "LAMA"')
    ),
    "another weight": variant(
        ('compatibility_weights = ["0.11", "0.111"]', "compatibility_weights = []"),
        ('weight = "1/9"', 'weight = "1/18"'),
        ('weight = "1/9"', 'weight = "1/6"'),
    ),
    "another limit": variant(('lower = "88.31"', 'lower = "88.50"')),
}


@pytest.mark.parametrize("change", SAME_SERIES)
def test_texts_order_and_languages_keep_the_series(skm: Instrument, change: str) -> None:
    assert SAME_SERIES[change] != skm or change == "another way to write a weight"
    assert SAME_SERIES[change].series == skm.series


@pytest.mark.parametrize("change", OTHER_SERIES)
def test_another_code_weight_or_limit_begins_a_series(skm: Instrument, change: str) -> None:
    assert OTHER_SERIES[change].series != skm.series


@pytest.mark.parametrize("change", [{"scale": (1, 5)}, {"conversion": 20}])
def test_another_scale_or_conversion_begins_a_series(
    skm: Instrument, change: dict[str, Any]
) -> None:
    assert replace(skm, **change).series != skm.series


@pytest.mark.parametrize("change", SAME_SERIES)
def test_only_indonesian_questions_and_labels_are_another_wording(
    skm: Instrument, change: str
) -> None:
    same = change not in {"a corrected question", "a corrected label"}
    assert instrument.same_wording(skm, SAME_SERIES[change]) is same


def test_instruments_of_two_series_have_no_common_wording(
    skm: Instrument, skm_2004: Instrument
) -> None:
    with pytest.raises(ValueError, match="two series"):
        instrument.same_wording(skm, skm_2004)
