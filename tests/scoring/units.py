"""Forms for unit heads, small enough to score by hand."""

from scoring import unit_instrument_file
from scoring.unit_instrument import UnitInstrument

HEAD = """
code = "unit-kecil"
version = 1
name = {{ id = "Formulir kecil", en = "Small form" }}
source = "Contoh"
objek = {{ id = "Dukungan kecamatan", en = "Support" }}
arti_pembagi = "{arti_pembagi}"
pembagi = {pembagi}
scale = [1, {high}]
min_filled = 1
bobot_indikator = "1"
labels = {{ id = {labels}, en = {labels} }}
"""
ASPEK = """
[[aspek]]
code = "{code}"
name = {{ id = "Aspek {code}", en = "Aspect {code}" }}
bobot = "{bobot}"
"""
INDIKATOR = """
[[aspek.items]]
code = "{code}"
name = {{ id = "Indikator {code}", en = "Indicator {code}" }}
question = {{ id = "Soal {code}?", en = "Question {code}?" }}
bobot = "{bobot}"
"""


def form_file(
    arti_pembagi: str, pembagi: int, high: int, aspek: dict[str, tuple[str, dict[str, str]]]
) -> str:
    """The TOML text of a form: aspek code -> (bobot, indikator code -> bobot)."""
    labels = [f"Nilai {nilai}" for nilai in range(1, high + 1)]
    text = HEAD.format(arti_pembagi=arti_pembagi, pembagi=pembagi, high=high, labels=labels)
    for code, (bobot, items) in aspek.items():
        text += ASPEK.format(code=code, bobot=bobot)
        text += "".join(
            INDIKATOR.format(code=item, bobot=item_bobot) for item, item_bobot in items.items()
        )
    return text


TWO_BY_TWO = form_file(
    "jumlah_indikator",
    2,
    4,
    {"A": ("0.6", {"A_1": "1", "A_2": "1"}), "B": ("0.4", {"B_1": "1", "B_2": "1"})},
)
SEVEN_POINTS = form_file(
    "skala_maks", 7, 7, {"A": ("0.6", {"A_1": "0.25", "A_2": "0.75"}), "B": ("0.4", {"B_1": "1"})}
)

THREE_AND_ONE = form_file(
    "jumlah_penilai",
    7,
    4,
    {"A": ("0.6", {"A_1": "0.5", "A_2": "0.3", "A_3": "0.2"}), "B": ("0.4", {"B_1": "1"})},
)


def form(text: str) -> UnitInstrument:
    """The form in a TOML text."""
    return unit_instrument_file.parse(text, "formulir.toml")
