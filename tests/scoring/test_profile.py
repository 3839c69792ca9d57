"""The office's profile: the contents of the source document, and the errors of invalid files."""

from pathlib import Path

import pytest

from scoring import profile
from scoring.profile import ProfileError

PAKONG = profile.named("pakong-2018")
TEXT = (profile.SHIPPED / "pakong-2018.toml").read_text(encoding="utf-8")


def test_the_shipped_profile_has_the_printed_tugas_and_fungsi() -> None:
    assert (PAKONG.jabatan, len(PAKONG.tugas), len(PAKONG.fungsi)) == ("Camat Pakong", 5, 10)
    assert PAKONG.tugas[2] == "melaksanakan evaluasi dan pelaporan di Kecamatan Pakong"
    assert PAKONG.fungsi[3].endswith("penegakan Peraturan Daerah dan Peraturan Bupati")
    assert list(PAKONG.years) == [2018, 2019, 2020, 2021, 2022, 2023]


def test_two_sasaran_have_three_indikator() -> None:
    assert [(each.code, each.realisasi) for each in PAKONG.iku] == [
        ("UNIT_KERJA", "unit"),
        ("SAKIP", "sakip"),
        ("IKM", "ikm"),
    ]
    assert PAKONG.sasaran[1].name == "Meningkatnya kualitas pelayanan kecamatan"
    assert "IKM" in [each.code for each in PAKONG.sasaran[1].iku]
    assert PAKONG.iku[2].formulasi.endswith("IKM unit pelayanan × 25")


@pytest.mark.parametrize("typo", ["evalusasi", " eraturan", "Pesepsi", "Perimbang", "Hauasi"])
def test_typing_errors_of_the_printed_document_are_corrected(typo: str) -> None:
    data = "\n".join(line for line in TEXT.splitlines() if not line.startswith("#"))
    assert typo not in data


BAD_FILES = {
    "years upside down": ("[2018, 2023]", "[2023, 2018]", "periode: harus tahun pertama"),
    "an indikator twice": ('code = "SAKIP"', 'code = "IKM"', 'iku: "IKM" tertulis 2 kali'),
    "an unknown direction": (
        'arah = "naik"',
        'arah = "atas"',
        "sasaran.1.iku.UNIT_KERJA.arah: pilihannya: 'naik' atau 'turun'",
    ),
    "no jabatan": ("jabatan = ", "jabatn = ", "jabatan: kunci ini wajib ada"),
    "no TOML": ("tugas = [", "tugas = ", "bukan TOML yang sah"),
}


@pytest.mark.parametrize("mistake", BAD_FILES)
def test_an_invalid_profile_is_refused_with_key_and_reason(mistake: str) -> None:
    old, new, complaint = BAD_FILES[mistake]
    with pytest.raises(ProfileError) as refusal:
        profile.parse(TEXT.replace(old, new, 1), "profil.toml")
    assert complaint in str(refusal.value)


def test_the_offices_profile_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = TEXT.replace("Camat Pakong", "Camat Larangan").replace("pakong-2018", "larangan")
    (tmp_path / "larangan.toml").write_text(own, encoding="utf-8")
    assert profile.named("larangan", tmp_path).jabatan == "Camat Larangan"
    with pytest.raises(ProfileError, match=r'profil "larangan" tidak ada; yang ada: pakong-2018'):
        profile.named("larangan")
