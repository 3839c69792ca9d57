"""The unit heads' form: the shipped example, and the errors of an invalid file."""

import ast
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import instrument, instrument_file, unit_instrument_file
from scoring.instrument_file import InstrumentError
from tests.scoring import units

DEFAULT = unit_instrument_file.named("unit-pakong-contoh")
SHIPPED = unit_instrument_file.SHIPPED / "unit-pakong-contoh.toml"


def test_the_shipped_form_is_an_example_of_three_times_seven() -> None:
    assert [len(aspek.items) for aspek in DEFAULT.aspek] == [7, 7, 7]
    assert (DEFAULT.arti_pembagi, DEFAULT.pembagi, DEFAULT.scale) == ("jumlah_indikator", 7, (1, 4))
    assert {aspek.bobot for aspek in DEFAULT.aspek} == {Fraction(1, 3)}
    assert DEFAULT.contoh is not None
    assert DEFAULT.contoh["id"] == "contoh, ganti dengan formulir kantor"
    assert (DEFAULT.minimum, DEFAULT.maximum) == (Fraction(25), Fraction(100))


def test_the_form_says_what_is_rated() -> None:
    for part in ("akuntabilitas kinerja", "dukungannya kepada unit kerja"):
        assert part in DEFAULT.objek["id"]


@pytest.mark.parametrize("module", ["unit_index", "unit_instrument", "unit_instrument_file"])
def test_the_printed_seven_is_not_a_constant_in_the_code(module: str) -> None:
    code = (Path(instrument.__file__).parent / f"{module}.py").read_text(encoding="utf-8")
    numbers = [node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)]
    assert 7 not in numbers


@pytest.mark.parametrize("lang", instrument.LANGUAGES)
def test_every_indikator_fits_a_phone(lang: str) -> None:
    for item in DEFAULT.items:
        assert len(item.mudah[lang].question.split()) <= 11, item.code
        assert len(item.mudah[lang].labels) == 4


def test_an_indikator_knows_its_aspek_and_number() -> None:
    assert DEFAULT.aspek_of("ARAHAN").code == "DUKUNGAN"
    assert DEFAULT.title("KOORDINASI") == "3.3 Koordinasi antarunit"
    assert DEFAULT.item("ARAHAN").name["en"] == "Clear directions"
    for lookup in (DEFAULT.item, DEFAULT.aspek_of):
        with pytest.raises(KeyError):
            lookup("WAKTU")


def test_forms_of_unit_heads_and_instruments_of_citizens_are_separate() -> None:
    with pytest.raises(InstrumentError, match="tidak ada; yang ada: skm-2004, skm-2017"):
        instrument_file.named("unit-pakong-contoh")
    with pytest.raises(InstrumentError, match="tidak ada; yang ada: unit-pakong-contoh"):
        unit_instrument_file.named("skm-2017")


def test_the_offices_form_replaces_the_shipped_one(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    own_form = "\n".join(line for line in text.splitlines() if not line.startswith("contoh ="))
    (tmp_path / "unit-pakong-contoh.toml").write_text(own_form, encoding="utf-8")
    assert unit_instrument_file.named("unit-pakong-contoh", tmp_path).contoh is None
    (tmp_path / "lain.toml").write_text(own_form, encoding="utf-8")
    with pytest.raises(InstrumentError, match="samakan dengan nama berkasnya"):
        unit_instrument_file.named("lain", tmp_path)


def test_an_indikator_may_have_labels_and_weight_of_its_own() -> None:
    text = units.TWO_BY_TWO.replace('bobot = "1"\n', 'bobot = "0.5"\nlabels = LABELS\n', 1)
    text = text.replace("LABELS", '{ id = ["D", "C", "B", "A"], en = ["D", "C", "B", "A"] }')
    form = units.form(text.replace('bobot = "1"\n', 'bobot = "3/2"\n', 1))
    assert form.item("A_1").mudah["id"].labels == ("D", "C", "B", "A")
    assert form.item("A_2").mudah["id"].labels[0] == "Nilai 1"
    assert form.aspek[0].bobot_indikator == {"A_1": Fraction(1, 2), "A_2": Fraction(3, 2)}
    assert (form.minimum, form.maximum) == (Fraction(25), Fraction(100))


def swap(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, count)


BAD_FILES = {
    "aspek weights": (swap('"0.4"', '"0.5"'), "aspek: jumlah bobot aspek 11/10, harus tepat 1"),
    "indikator weights": (
        swap('bobot = "1"', 'bobot = "2"'),
        "aspek.A.items: jumlah bobot indikator 3, harus tepat 2",
    ),
    "another number of indikator": (
        swap("pembagi = 2", "pembagi = 7"),
        "aspek.A.items: ada 2 indikator, harus 7 (pembagi)",
    ),
    "an unknown arti_pembagi": (
        swap('"jumlah_indikator"', '"jumlah_aspek"'),
        "arti_pembagi: pilihannya: 'jumlah_indikator', 'skala_maks' atau 'jumlah_penilai'",
    ),
    "a scale that is not the divisor": (
        swap('"jumlah_indikator"', '"skala_maks"'),
        "scale: nilai tertinggi harus sama dengan pembagi (2), bukan 4",
    ),
    "seven-point weights that do not sum to one": (
        swap('"jumlah_indikator"', '"skala_maks"'),
        "aspek.A.items: jumlah bobot indikator 2, harus tepat 1",
    ),
    "weights for the heads' mean that do not sum to one": (
        swap('"jumlah_indikator"', '"jumlah_penilai"'),
        "aspek.A.items: jumlah bobot indikator 2, harus tepat 1",
    ),
    "a scale upside down": (
        swap("scale = [1, 4]", "scale = [4, 1]"),
        "scale: harus nilai terendah",
    ),
    "labels of another scale": (
        swap("scale = [1, 4]", "scale = [1, 5]"),
        "labels.id: harus 5 label, satu untuk setiap nilai; ada 4",
    ),
    "an indikator twice": (swap('"B_1"', '"A_1"'), 'items: "A_1" tertulis 2 kali'),
    "an aspek twice": (swap('code = "B"', 'code = "A"'), 'aspek: "A" tertulis 2 kali'),
    "a weight of nothing": (swap('bobot = "1"', 'bobot = "0"'), 'bobot: "0" tidak sah'),
    "too many to fill": (swap("min_filled = 1", "min_filled = 5"), "min_filled: lebih banyak"),
    "no object": (swap("objek = ", "obyek = "), "objek: kunci ini wajib ada"),
    "no TOML": (swap('code = "unit-kecil"', 'code = unit"'), "bukan TOML yang sah"),
}


@pytest.mark.parametrize("mistake", BAD_FILES)
def test_an_invalid_form_is_refused_with_key_and_reason(mistake: str) -> None:
    edit, complaint = BAD_FILES[mistake]
    with pytest.raises(InstrumentError) as refusal:
        units.form(edit(units.TWO_BY_TWO))
    assert complaint in str(refusal.value)
    assert all(line.startswith("formulir.toml: ") for line in str(refusal.value).splitlines())
