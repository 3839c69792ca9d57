"""The office's profile: jabatan, tugas, fungsi and indikator kinerja utama, from a data file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from scoring.data_file import (
    FileType,
    Key,
    Label,
    Problem,
    Problems,
    Prose,
    StrictModel,
    duplicates,
    validated,
)
from scoring.instrument_file import ItemCode

SHIPPED = Path(__file__).parent / "profiles"

Year = Annotated[int, Field(ge=1970, le=2199)]


class ProfileError(ValueError):
    """A profile file cannot be used; the message has one Indonesian line for each problem."""


class Iku(StrictModel):
    """One indikator kinerja utama; `realisasi` says where its figure comes from."""

    code: ItemCode
    name: Label
    satuan: Label
    arah: Literal["naik", "turun"]
    realisasi: Literal["unit", "sakip", "ikm", "tangan"]
    formulasi: Prose


class Sasaran(StrictModel):
    """One sasaran strategis with its indikator."""

    name: Prose
    iku: Annotated[list[Iku], Field(min_length=1)]


class Profile(StrictModel):
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


def _from_table(table: dict[str, Any]) -> Profile:
    profile = validated(Profile, table)
    if problems := list(_problems(profile)):
        raise Problems(problems)
    return profile


def _problems(profile: Profile) -> Iterator[Problem]:
    if profile.periode[0] > profile.periode[1]:
        yield "periode", "harus tahun pertama lalu tahun terakhir, seperti [2018, 2023]"
    yield from duplicates("tugas", profile.tugas)
    yield from duplicates("fungsi", profile.fungsi)
    yield from duplicates("sasaran", [each.name for each in profile.sasaran])
    yield from duplicates("iku", [each.code for each in profile.iku])


PROFILE_FILES = FileType("profil", SHIPPED, _from_table, ProfileError)
named, parse = PROFILE_FILES.named, PROFILE_FILES.parse
