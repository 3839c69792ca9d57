"""The words people write for their answers about themselves."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import instrument_file, option_words
from scoring.instrument import DECLINED, Attribute, Option
from scoring.option_words import TABLE
from scoring.written import folded
from tests.scoring.typed import ANYTHING, typed

INSTRUMENTS = [instrument_file.named(code) for code in ("skm-2017", "skm-2004")]
ATTRIBUTES = {each.code: each for each in INSTRUMENTS[0].attributes}
WORDS = {code: option_words.of(attribute) for code, attribute in ATTRIBUTES.items()}
GROUPS = tomllib.loads(TABLE.read_text(encoding="utf-8"))["words"]


def expected(group: dict[str, list[str]], attribute: Attribute) -> str | None:
    """The option that the words of a group mean on paper."""
    by_code = {option.code: option for option in attribute.options}
    found = [by_code[code] for code in group["options"] if code in by_code]
    return (found[0].paper or found[0].code) if found else None


NAMES = [
    (attribute.code, name, option.paper or option.code)
    for attribute in ATTRIBUTES.values()
    for option in attribute.options
    for name in (option.code, *option.label.values())
]
SYNONYMS = [
    (group["attribute"], word, expected(group, ATTRIBUTES[group["attribute"]]))
    for group in GROUPS
    for word in group["words"]
]


@pytest.mark.parametrize(
    ("attribute", "option", "texts"),
    [
        ("jenis_kelamin", "L", "L|l|Laki-laki|laki laki|LK.|lk|Pria|a. Laki-laki|Laki-laki (L)"),
        ("jenis_kelamin", "P", "P|p|Perempuan|Pr|prp|wanita|P/Perempuan|2) Perempuan"),
        ("pendidikan", "SD", "SD|SD/MI|sekolah dasar|SD sederajat|tamat SD|1. SD|Paket A"),
        ("pendidikan", "SMP", "SMP|SLTP|SMP/MTs|SMP/sederajat|M.Ts|lulusan SMP"),
        ("pendidikan", "SMA", "SMU/SMK/MA|SLTA|SMA/SMK Sederajat|SMA (sederajat)|SMA Negeri|STM"),
        ("pendidikan", "D1-D4", "D3|D-III|D III|Diploma III|diploma|D1–D4|D1/D2/D3|Diploma (D3)"),
        ("pendidikan", "S1", "S1|S-1|S.1|Sarjana|Sarjana (S1)|Strata I|sarjana S1"),
        ("pendidikan", "S2", "S2|S-2|Magister|Magister/S2"),
        ("umur", "26-35", "34|34 th|34 thn|34 tahun|26-35|26 s/d 35|26–35 tahun|27-34|34,0"),
        ("umur", ">65", ">65|> 65|di atas 65|diatas 65 tahun|66 ke atas|70"),
        ("pekerjaan", "PNS", "PNS|ASN|PNS/ASN|Pegawai Negeri Sipil|PPPK|P3K|pegawai negeri (PNS)"),
        ("pekerjaan", "TNI", "TNI|TNI-AD|tentara|Tentara/TNI"),
        ("pekerjaan", "swasta", "swasta|Karyawan Swasta|Peg. Swasta|pegawai swasta"),
        ("pekerjaan", "wirausaha", "Wirausaha|Wiraswasta|wira swasta|pedagang|wiraswasta/pedagang"),
        ("pekerjaan", "lainnya", "Petani|petani/nelayan|IRT|Ibu Rumah Tangga (IRT)|lain-lain"),
        ("pekerjaan", "lainnya", "pelajar/mahasiswa|Mahasiswi|guru honorer|pensiunan PNS|Lainnya"),
        ("pekerjaan", DECLINED, "-|–|--|tidak menjawab|Tidak diisi"),
    ],
)
def test_everyday_words_mean_an_option(attribute: str, option: str, texts: str) -> None:
    for text in texts.split("|"):
        assert WORDS[attribute].option(text) == option, text


@pytest.mark.parametrize(
    ("attribute", "texts"),
    [
        ("jenis_kelamin", "L/P|LP|1|2|W|M|?|laki laki perempuan|bukan laki-laki|x"),
        ("pendidikan", "SD/SMP|D4/S1|S1/S2|pascasarjana|SMA tidak tamat|tidak lulus SMA|sederajat"),
        ("umur", "25-34|65+|>17|3|0|999|1985|1725|34,5|tua|35-26|L"),
        ("pekerjaan", "guru|buruh|karyawan|sopir|TNI/POLRI|pedagang/petani|bukan PNS|istri petani"),
    ],
)  # fmt: skip
def test_what_could_mean_two_options_or_none_is_not_guessed(attribute: str, texts: str) -> None:
    for text in texts.split("|"):
        assert WORDS[attribute].option(text) is None, text


@given(st.data(), st.sampled_from([*NAMES, *SYNONYMS]))
def test_each_name_and_word_is_read_however_it_is_typed(
    data: st.DataObject, known: tuple[str, str, str | None]
) -> None:
    attribute, word, option = known
    text = word if word[0] in "<>" else data.draw(typed(word))
    assert WORDS[attribute].option(text) == option, text


@pytest.mark.parametrize(("attribute", "word", "option"), [*NAMES, *SYNONYMS])
def test_each_name_and_word_is_read_as_it_stands(
    attribute: str, word: str, option: str | None
) -> None:
    assert WORDS[attribute].option(word) == option


@given(ANYTHING, st.sampled_from(sorted(ATTRIBUTES)))
def test_any_text_means_an_option_of_the_paper_or_none(text: str, attribute: str) -> None:
    paper = {each.code for each in ATTRIBUTES[attribute].options if each.paper is None}
    assert WORDS[attribute].option(text) in {*paper, DECLINED, None}


@given(st.text("bcfghjkqvxyz", min_size=3, max_size=12), st.sampled_from(sorted(ATTRIBUTES)))
def test_nonsense_means_nothing(text: str, attribute: str) -> None:
    assert WORDS[attribute].option(text) is None


def test_a_cell_as_long_as_a_page_means_nothing() -> None:
    assert WORDS["pendidikan"].option("SD/" * 200_000) is None


@pytest.mark.parametrize("attribute", sorted(ATTRIBUTES))
def test_no_two_options_share_a_word(attribute: str) -> None:
    meanings: dict[str, set[tuple[str, ...]]] = {}
    for group in GROUPS:
        if group["attribute"] == attribute:
            for word in group["words"]:
                meanings.setdefault(folded(word), set()).add(tuple(group["options"]))
    assert [word for word, options in meanings.items() if len(options) > 1] == []
    assert None not in WORDS[attribute].by_word.values()


def test_both_shipped_instruments_read_the_same_words() -> None:
    first, second = INSTRUMENTS
    assert [option_words.of(each) for each in first.attributes] == [
        option_words.of(each) for each in second.attributes
    ]


def attribute(*options: Option) -> Attribute:
    """The occupations of an office's own instrument."""
    return Attribute("pekerjaan", {"id": "Pekerjaan"}, {"id": "Apa pekerjaan Anda?"}, options)


def test_an_offices_own_words_go_before_the_shared_ones() -> None:
    words = option_words.of(
        attribute(
            Option("PNS", {"id": "PNS"}, None),
            Option("honorer", {"id": "Tenaga honorer"}, None, ("guru honorer", "guru")),
            Option("lainnya", {"id": "Lainnya"}, None, ("pedagang",)),
        )
    )
    texts = ("guru", "Guru Honorer", "pedagang", "ASN", "pensiunan", "wiraswasta")
    assert [words.option(text) for text in texts] == [
        *("honorer", "honorer", "lainnya", "PNS", "lainnya", None)
    ]


def test_a_label_of_two_options_means_neither() -> None:
    words = option_words.of(
        attribute(Option("a", {"id": "Swasta"}, None), Option("b", {"id": "swasta"}, None))
    )
    assert words.option("Swasta") is None


def test_an_offices_own_bands_of_age_are_read_from_code_or_label() -> None:
    words = option_words.of(
        Attribute(
            "umur", {"id": "Umur"}, {"id": "Umur?"},
            (Option("muda", {"id": "s/d 24"}, None, ("muda",)),
             Option("kerja", {"id": "25–59 tahun"}, None), Option(">=60", {"id": "Lansia"}, None)),
        )
    )  # fmt: skip
    assert [words.option(text) for text in ("25", "60 th", "60 ke atas", "lansia", "muda")] == [
        *("kerja", ">=60", ">=60", ">=60", "muda")
    ]
