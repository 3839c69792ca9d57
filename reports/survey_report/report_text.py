"""The report's text: a TOML file that an office may edit; placeholders and tables are checked."""

import string
import tomllib
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)

SHIPPED = Path(__file__).parents[1] / "words"
FILE = "laporan.toml"

Placeholder = Literal[
    "alamat", "alfa", "asal_realisasi", "belum_dinilai", "bukan_gratis", "catatan_populasi",
    "dasar_instrumen", "digabung_dari", "diterima", "galat", "ikm", "ikm_tanpa_ulang", "instrumen",
    "isian_beruntun", "isian_peramban", "isian_ulang", "jabatan", "jenis_periode", "jumlah_saran",
    "jumlah_unsur", "kabupaten", "kantor", "kepala", "kinerja", "lanjutan", "lengkap", "mutu",
    "mutu_mungkin", "n", "nip", "periode", "perubahan", "populasi", "realisasi", "rentang",
    "sampel", "saran_selesai", "sebab", "seragam", "sk", "skala_terendah", "skala_tertinggi",
    "tahun", "tanggal", "tanggal_akhir", "tanggal_awal", "tempat", "terendah", "tertinggi",
    "tidak_lengkap", "tingkat_respons",
]  # fmt: skip
Condition = Literal[
    "ada_beruntun", "ada_definisi", "ada_galat", "ada_gratis", "ada_ikm", "ada_isian_ulang",
    "ada_jumlah_saran", "ada_kajian", "ada_lanjutan", "ada_layanan", "ada_pengguna_layanan",
    "ada_peramban", "ada_populasi", "ada_prioritas", "ada_ralat", "ada_realisasi", "ada_rencana",
    "ada_responden", "ada_saran", "ada_sebab", "ada_seragam", "ada_sk", "ada_tertinggi", "ada_tim",
    "ada_tren", "ada_unit", "belum_dinilai", "belum_ikm", "belum_lengkap", "draf", "gabungan",
    "layanan_sebagian", "mutu_belum_pasti", "rerata", "responden_sedikit", "sampel_cukup",
    "sampel_kurang", "saran_ada_selesai", "sebagian",
    "sebaran_sebagian", "tanpa_kajian", "tanpa_layanan", "tanpa_realisasi", "tanpa_rencana",
    "tanpa_responden", "tanpa_saran", "tanpa_sebab", "tanpa_tertinggi", "tanpa_tren", "terkunci",
    "unsur_berbeda", "unsur_sama",
]  # fmt: skip
TableName = Literal[
    "definisi", "jadwal", "kanal", "kuesioner", "layanan", "layanan_unsur", "metode", "mutu",
    "pengguna_layanan", "pertanyaan_responden", "publikasi", "ralat", "realisasi", "rencana",
    "responden", "saran", "saran_unsur", "sebab", "sebaran", "tabulasi", "terendah", "tertinggi",
    "tim", "tren", "unit", "unsur", "validitas",
]  # fmt: skip
FigureName = Literal["tren", "unsur"]
PLACEHOLDERS = frozenset(get_args(Placeholder))


class TemplateError(Exception):
    """Templat laporan.docx tidak dapat dipakai."""


class ReportTextError(Exception):
    """Naskah laporan tidak dapat dipakai; satu baris per masalah."""


def _checked(text: str) -> str:
    """Refuse a text with an unknown placeholder."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(
            'kurung kurawal tidak berpasangan; tulis "{{" untuk kurung biasa'
        ) from error
    for _, name, spec, conversion in parts:
        if name is not None and (name not in PLACEHOLDERS or spec or conversion):
            raise ValueError(
                f"isian {{{name}}} tidak dikenal; yang ada: {', '.join(sorted(PLACEHOLDERS))}"
            )
    return text


TemplateText = Annotated[str, AfterValidator(_checked)]


class _Strict(BaseModel):
    # Built with the first file that is read: a start needs none.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Piece(_Strict):
    """One piece of a section: exactly one of text, list, table, bar chart and signature."""

    teks: TemplateText | None = None
    daftar: tuple[TemplateText, ...] | None = None
    tabel: TableName | None = None
    bagan: FigureName | None = None
    tanda_tangan: Literal[True] | None = None
    bila: Condition | None = None
    judul: TemplateText | None = None  # of a table or bar chart, which then gets a number

    @model_validator(mode="after")
    def _one(self) -> "Piece":
        given = self.model_fields_set - {"bila", "judul"}
        if len(given) != 1:
            raise ValueError("harus tepat satu dari teks, daftar, tabel, bagan, tanda_tangan")
        if self.judul is not None and given.isdisjoint({"tabel", "bagan"}):
            raise ValueError("judul hanya untuk tabel atau bagan")
        return self


def _piece(value: object) -> object:
    return {"teks": value} if isinstance(value, str) else value


class Section(_Strict):
    """One section of a chapter."""

    judul: TemplateText
    isi: tuple[Annotated[Piece, BeforeValidator(_piece)], ...]


class Chapter(_Strict):
    """One chapter or appendix."""

    judul: TemplateText
    bagian: tuple[Section, ...]


class Cover(_Strict):
    """The lines of the cover."""

    judul: TemplateText
    anak_judul: TemplateText
    periode: TemplateText
    kaki: TemplateText


class SignatureText(_Strict):
    """The lines of the signature."""

    tempat_tanggal: TemplateText
    jabatan: TemplateText
    nama: TemplateText
    nip: TemplateText


class ReportText(_Strict):
    """Every text of the report that is not a figure or a table."""

    sampul: Cover
    bab: tuple[Chapter, ...]
    lampiran: tuple[Chapter, ...]
    tanda_tangan: SignatureText


def load(folder: Path | None = None) -> ReportText:
    """The office's own text when its folder has the file, else the shipped one.

    Raises:
        ReportTextError: one line for each text that is missing, has an unknown name, or has an
            unknown placeholder.
    """
    own = folder / FILE if folder else SHIPPED / FILE
    path = own if own.exists() else SHIPPED / FILE
    try:
        return ReportText.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except ValidationError as error:
        lines = (
            f"{path.name}: {_location(problem)}: {_reason(problem)}" for problem in error.errors()
        )
        raise ReportTextError("\n".join(lines)) from error
    except tomllib.TOMLDecodeError as error:
        raise ReportTextError(f"{path.name}: bukan TOML yang sah: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReportTextError(
            f"{path.name}: tidak dapat dibaca ({type(error).__name__})"
        ) from error


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values of its placeholders."""
    return text.format_map(values)


def sections(chapter: Chapter, conditions: Set[str]) -> Iterator[tuple[Section, tuple[Piece, ...]]]:
    """The sections of a chapter, with the pieces whose condition holds, without empty sections."""
    for section in chapter.bagian:
        pieces = tuple(
            piece for piece in section.isi if piece.bila is None or piece.bila in conditions
        )
        if pieces:
            yield section, pieces


def _location(problem: Any) -> str:
    """Where the problem is, counted from 1: `bab 3, bagian 2, isi 1, teks`."""
    steps = [f" {step + 1}" if isinstance(step, int) else f", {step}" for step in problem["loc"]]
    return "".join(steps).removeprefix(", ")


def _reason(problem: Any) -> str:
    match problem["type"]:
        case "missing":
            return "tidak ada"
        case "extra_forbidden":
            return "tidak dikenal"
        case "literal_error":
            return f"harus salah satu dari {problem['ctx']['expected'].replace(' or ', ', ')}"
        case "value_error":
            return str(problem["ctx"]["error"])
        case _:
            return "harus berbentuk seperti pada naskah bawaan"
