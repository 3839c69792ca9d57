"""The report's prose: a file that the office edits, whose placeholders and tables are checked."""

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

SHIPPED = Path(__file__).parent / "words"
FILE = "laporan.toml"

Slot = Literal[
    "alamat", "alfa", "dasar_instrumen", "digabung_dari", "galat", "ikm", "ikm_tanpa_seragam",
    "ikm_tanpa_ulang", "instrumen", "isian_ulang", "jabatan", "jenis_periode", "jumlah_unsur",
    "kabupaten", "kantor", "kepala", "kinerja", "lengkap", "mutu", "n", "nip", "periode",
    "perubahan", "populasi", "realisasi", "rentang", "sampel", "sebab", "seragam",
    "skala_terendah", "skala_tertinggi", "tahun", "tanggal", "tanggal_akhir", "tanggal_awal",
    "terendah", "tertinggi",
]  # fmt: skip
Case = Literal[
    "ada_galat", "ada_gratis", "ada_ikm", "ada_isian_ulang", "ada_kajian", "ada_kelompok",
    "ada_layanan", "ada_populasi", "ada_realisasi", "ada_rencana", "ada_responden", "ada_saran",
    "ada_seragam", "ada_tren", "belum_ikm",
    "gabungan", "responden_sedikit", "sampel_cukup", "sampel_kurang", "sementara", "tanpa_layanan",
    "tanpa_realisasi", "tanpa_rencana", "tanpa_responden", "tanpa_saran", "tanpa_tren",
    "terkunci", "unsur_berbeda", "unsur_sama",
]  # fmt: skip
TableName = Literal[
    "gratis", "ikm_kelompok", "kanal", "kuesioner", "layanan", "metode", "mutu",
    "pertanyaan_responden", "publikasi", "realisasi", "rencana", "responden", "saran", "tabulasi",
    "terendah", "tertinggi", "tren", "unsur", "validitas",
]  # fmt: skip
FigureName = Literal["tren", "unsur"]
SLOTS = frozenset(get_args(Slot))


class TemplateError(Exception):
    """Templat laporan.docx tidak dapat dipakai."""


class ProseError(Exception):
    """Naskah laporan tidak dapat dipakai; satu baris per masalah."""


def _known(text: str) -> str:
    """Refuse a text with a placeholder that nothing fills."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValueError(
            'kurung kurawal tidak berpasangan; tulis "{{" untuk kurung biasa'
        ) from error
    for _, name, spec, conversion in parts:
        if name is not None and (name not in SLOTS or spec or conversion):
            raise ValueError(
                f"isian {{{name}}} tidak dikenal; yang ada: {', '.join(sorted(SLOTS))}"
            )
    return text


Prose = Annotated[str, AfterValidator(_known)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Piece(_Strict):
    """One piece of a section: exactly one of a text, a list, a table, a figure, the signature."""

    teks: Prose | None = None
    daftar: tuple[Prose, ...] | None = None
    tabel: TableName | None = None
    bagan: FigureName | None = None
    tanda_tangan: Literal[True] | None = None
    bila: Case | None = None

    @model_validator(mode="after")
    def _one(self) -> "Piece":
        given = self.model_fields_set - {"bila"}
        if len(given) != 1:
            raise ValueError("harus tepat satu dari teks, daftar, tabel, bagan, tanda_tangan")
        return self


def _piece(value: object) -> object:
    return {"teks": value} if isinstance(value, str) else value


class Section(_Strict):
    """A section of a chapter."""

    judul: Prose
    isi: tuple[Annotated[Piece, BeforeValidator(_piece)], ...]


class Chapter(_Strict):
    """A chapter or an appendix."""

    judul: Prose
    bagian: tuple[Section, ...]


class Cover(_Strict):
    """The cover's lines."""

    judul: Prose
    anak_judul: Prose
    periode: Prose
    kaki: Prose


class Signing(_Strict):
    """The lines around the signature."""

    tempat_tanggal: Prose
    jabatan: Prose
    nama: Prose
    nip: Prose


class ReportProse(_Strict):
    """Everything the report says that is not a figure or a table."""

    sampul: Cover
    bab: tuple[Chapter, ...]
    lampiran: tuple[Chapter, ...]
    tanda_tangan: Signing


def load(folder: Path | None = None) -> ReportProse:
    """The office's prose if its folder has one, else the shipped one.

    Raises:
        ProseError: one line for each text that is missing, unknown or has another placeholder.
    """
    own = folder / FILE if folder else SHIPPED / FILE
    path = own if own.exists() else SHIPPED / FILE
    try:
        return ReportProse.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except ValidationError as error:
        lines = (
            f"{path.name}: {_place(problem)}: {_reason(problem)}" for problem in error.errors()
        )
        raise ProseError("\n".join(lines)) from error
    except tomllib.TOMLDecodeError as error:
        raise ProseError(f"{path.name}: bukan TOML yang sah: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProseError(f"{path.name}: tidak dapat dibaca ({type(error).__name__})") from error


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in."""
    return text.format_map(values)


def pieces(chapter: Chapter, cases: Set[str]) -> Iterator[tuple[Section, tuple[Piece, ...]]]:
    """The sections of a chapter with what holds in this case; those with nothing are left out."""
    for section in chapter.bagian:
        found = tuple(piece for piece in section.isi if piece.bila is None or piece.bila in cases)
        if found:
            yield section, found


def _place(problem: Any) -> str:
    """`bab 3, bagian 2, isi 1, teks`: counted as people count."""
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
