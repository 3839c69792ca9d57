"""The office's profile: jabatan, tugas, fungsi and indikator kinerja utama; data, never code."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scoring import data_file
from scoring.data_file import Problem, Problems, repeated
from scoring.data_shape import Key, Label, Prose, Strict, shaped
from scoring.instrument_file import ItemCode

SHIPPED = Path(__file__).parent / "profiles"

Year = Annotated[int, Field(ge=1970, le=2199)]


class ProfileError(ValueError):
    """A profile file cannot be used; the message has one Indonesian line a problem."""


class Iku(Strict):
    """One indikator kinerja utama; `realisasi` says where its figure comes from."""

    code: ItemCode
    name: Label
    satuan: Label
    arah: Literal["naik", "turun"]
    realisasi: Literal["unit", "sakip", "ikm", "tangan"]
    formulasi: Prose


class Sasaran(Strict):
    """One sasaran strategis with its indikator."""

    name: Prose
    iku: Annotated[list[Iku], Field(min_length=1)]


class Profile(Strict):
    """One version of an office's profile; `periode` is (first, last) year of its Renstra."""

    code: Key
    version: Annotated[int, Field(ge=1)]
    kantor: Label
    jabatan: Label
    source: Prose
    periode: Annotated[list[Year], Field(min_length=2, max_length=2)]
    tugas: Annotated[list[Prose], Field(min_length=1)]
    fungsi: Annotated[list[Prose], Field(min_length=1)]
    sasaran: Annotated[list[Sasaran], Field(min_length=1)]

    @property
    def iku(self) -> tuple[Iku, ...]:
        """Every indikator, in the order of the table."""
        return tuple(each for sasaran in self.sasaran for each in sasaran.iku)

    @property
    def years(self) -> range:
        """The years of the Renstra."""
        return range(self.periode[0], self.periode[1] + 1)

    def sasaran_of(self, code: str) -> Sasaran:
        """The sasaran an indikator belongs to; KeyError when there is none."""
        for sasaran in self.sasaran:
            if any(each.code == code for each in sasaran.iku):
                return sasaran
        raise KeyError(code)


def _built(raw: dict[str, Any]) -> Profile:
    profile = shaped(Profile, raw)
    if contradictions := list(_of(profile)):
        raise Problems(contradictions)
    return profile


def _of(profile: Profile) -> Iterator[Problem]:
    if profile.periode[0] > profile.periode[1]:
        yield "periode", "harus tahun pertama lalu tahun terakhir, seperti [2018, 2023]"
    yield from repeated("tugas", profile.tugas)
    yield from repeated("fungsi", profile.fungsi)
    yield from repeated("sasaran", [each.name for each in profile.sasaran])
    yield from repeated("iku", [each.code for each in profile.iku])


FILES = data_file.Kind("profil", SHIPPED, _built, ProfileError)
named, file_of, load, parse = FILES.named, FILES.file_of, FILES.load, FILES.parse
