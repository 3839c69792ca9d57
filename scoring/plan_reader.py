"""The sheets of a file, merged into a plan.

What a file does not have stays as it is: a sheet, a column, a row of a year. An empty cell empties.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from scoring import dates
from scoring import plan_sheets as s
from scoring.dates import NotADate, WrongWeekday
from scoring.iku import Target
from scoring.period import YEARS
from scoring.plan import (
    MOST_YEARS,
    QUARTERS,
    EnteredRealisasi,
    IkuQuarter,
    IkuYear,
    Plan,
    PlanHead,
    PlannedIku,
    Rules,
    Sasaran,
    default_name,
    span,
)
from scoring.plan_file import FileRow, FileSheet, PlanFileError
from scoring.plan_sheets import Cell, Shape
from scoring.sheet import quoted, shown
from scoring.written import folded

Value = TypeVar("Value")
CODE = re.compile(r"(?!U\d+$)[A-Z][A-Z0-9_]{0,23}")
DECIMAL = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?")
LARGEST = Decimal(1_000_000)
LONG, TEXT, LINE, UNIT, PREDIKAT = 2_000, 1_000, 200, 40, 20
MOST = {
    "Uraian": 300, "Sasaran strategis": 300, "Indikator": LINE, "Formulasi": LONG, "Satuan": UNIT,
    "Predikat": PREDIKAT, "Program": TEXT, "Anggaran": LINE, "Sumber": LINE, "Analisis": LONG,
    "Rencana aksi": LONG, "Penyebab": LONG,
}  # fmt: skip
MOST_GENERAL = {s.NAME: LINE, s.SK_NUMBER: 80, s.SOURCE: 300}
OTHER_WORDS = {  # beside the usual ones of `plan_sheets`
    "naik": "naik", "turun": "turun", "ikm": "ikm", "unit": "unit", "sakip": "sakip",
    "tangan": "tangan", "unit kerja": "unit", "lhe": "sakip", ">": "lebih dari",
    "≥": "paling sedikit", ">=": "paling sedikit", "rerata": "rerata_periode",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """The plan that a file makes of the stored one; `places`: where its cells stand in the file."""

    plan: Plan
    places: Mapping[Cell, str]


# --- merging ------------------------------------------------------------------------------------


def years(sheets: Mapping[str, FileSheet]) -> tuple[int, int]:
    """The first and last year that a file is about.

    Raises:
        PlanFileError: they are missing, or no years.
    """
    merge = _Merge(sheets)
    first, last = merge.years()
    merge.stop_at_problems()
    return first, last


def merged(before: Plan | None, sheets: Mapping[str, FileSheet]) -> Merged:
    """The plan after a file.

    Raises:
        PlanFileError: every mistake with its place.
    """
    merge = _Merge(sheets)
    head = merge.head(before.head if before else None)
    sasaran = merge.sasaran(before)
    merge.stop_at_problems()
    codes = {iku.code: iku for each in sasaran for iku in each.iku}
    years, quarters, entered = merge.values(head, codes)
    merge.stop_at_problems()
    filled = tuple(
        replace(
            each,
            iku=tuple(
                replace(
                    iku,
                    years=_sorted(years, iku.code),
                    quarters=_sorted(quarters, iku.code),
                    entered=_sorted(entered, iku.code),
                )
                for iku in each.iku
            ),
        )
        for each in sasaran
    )
    return Merged(Plan(head, filled), merge.places)


def _sorted(values: Mapping[tuple[str, Any], Value], code: str) -> dict[Any, Value]:
    return {key: value for (own, key), value in sorted(values.items()) if own == code}


@dataclass(slots=True)
class _Merge:
    """Reads cells, and keeps every problem with its place."""

    sheets: Mapping[str, FileSheet]
    problems: list[str] = field(default_factory=list)
    places: dict[Cell, str] = field(default_factory=dict)

    def stop_at_problems(self) -> None:
        if self.problems:
            raise PlanFileError(*self.problems)

    def rows(self, shape: Shape) -> Iterator[tuple[FileSheet, FileRow]]:
        sheet = self.sheets.get(shape.name)
        if sheet is not None:
            yield from ((sheet, row) for row in sheet.rows)

    def problem(self, sheet: FileSheet, row: FileRow, title: str, text: str) -> None:
        self.problems.append(f"{sheet.place(row, title)}: {text}")

    def text(
        self, sheet: FileSheet, row: FileRow, title: str, before: str = "", most: int | None = None,
        *, needed: bool = False,
    ) -> str:  # fmt: skip
        """A text; `before` where the sheet has no such column."""
        if title not in row.texts:
            return before
        text, most = row.texts[title], most or MOST.get(title, LONG)
        if len(text) > most:
            self.problem(sheet, row, title, f"{len(text)} huruf, paling panjang {most}.")
        elif needed and not text:
            self.problem(sheet, row, title, "belum diisi.")
        return text

    def number(
        self, sheet: FileSheet, row: FileRow, title: str, before: Decimal | None = None
    ) -> Decimal | None:
        text = row.texts.get(title)
        if text is None:
            return before
        if not text:
            return None
        if DECIMAL.fullmatch(text) and (number := Decimal(text.replace(",", "."))) <= LARGEST:
            return number
        self.problem(
            sheet, row, title,
            f"{quoted(text)} bukan angka dari 0 dengan paling banyak dua desimal, misalnya 82,5.",
        )  # fmt: skip
        return before

    def choice(
        self, sheet: FileSheet, row: FileRow, title: str, words: Mapping[str, str], before: str
    ) -> Any:
        text = row.texts.get(title, "")
        if title not in row.texts or not text:
            return before
        known = {folded(word): value for word, value in words.items()}
        others = {word: value for word, value in OTHER_WORDS.items() if value in words.values()}
        known |= {folded(word): value for word, value in others.items()}
        if folded(text) in known:
            return known[folded(text)]
        self.problem(sheet, row, title, f"{quoted(text)} tidak dikenal; pilih {_or(words)}.")
        return before

    # --- the sheet Rencana, tugas and fungsi

    def general(self) -> dict[str, tuple[FileSheet, FileRow]]:
        known = {folded(name): name for name in s.HELP}
        return {
            known[folded(row.texts["Keterangan"])]: (sheet, row)
            for sheet, row in self.rows(s.GENERAL)
            if folded(row.texts["Keterangan"]) in known
        }

    def years(self) -> tuple[int, int]:
        given = self.general()
        bounds = []
        for name in (s.FIRST, s.LAST):
            if name not in given:
                self.problems.append(f'Lembar "{s.GENERAL.name}": baris {name} tidak ada.')
                continue
            sheet, row = given[name]
            text = row.texts.get("Isi", "")
            if re.fullmatch("[0-9]{4}", text) and int(text) in YEARS:
                bounds.append(int(text))
            else:
                self.problem(sheet, row, "Isi", f"{name}: {quoted(text)} bukan tahun.")
        if len(bounds) == 2 and not bounds[0] <= bounds[1] < bounds[0] + MOST_YEARS:
            sheet, row = given[s.LAST]
            self.problem(
                sheet, row, "Isi",
                f"{s.LAST} harus sesudah {s.FIRST}, paling banyak {MOST_YEARS} tahun.",
            )  # fmt: skip
        return (bounds[0], bounds[1]) if len(bounds) == 2 else (0, 0)

    def head(self, before: PlanHead | None) -> PlanHead:
        given = self.general()
        first, last = self.years()
        old = before or PlanHead(default_name(first, last), first, last, "", (), ())

        def text(name: str, known: str) -> str:
            if name not in given:
                return known
            return self.text(*given[name], "Isi", known, MOST_GENERAL[name])

        def choice(name: str, words: Mapping[str, str], known: str) -> Any:
            return self.choice(*given[name], "Isi", words, known) if name in given else known

        rules = Rules(
            choice(s.YEARLY, s.YEARLY_WORDS, old.rules.tahunan),
            choice(s.LHE, s.LHE_WORDS, old.rules.feeding),
            choice(s.BOUNDARY, s.BOUNDARY_WORDS, old.rules.at_boundary),
            self.number(*given[s.CAP], "Isi") if s.CAP in given else old.rules.cap,
        )
        duties = self.duties()
        return PlanHead(
            text(s.NAME, old.name) or default_name(first, last),
            first,
            last,
            text(s.SOURCE, old.source),
            old.tugas if duties is None else duties[s.TUGAS],
            old.fungsi if duties is None else duties[s.FUNGSI],
            rules,
            text(s.SK_NUMBER, old.sk_number),
            self.sk_date(given, old.sk_date),
        )

    def sk_date(
        self, given: Mapping[str, tuple[FileSheet, FileRow]], before: date | None
    ) -> date | None:
        if s.SK_DATE not in given:
            return before
        sheet, row = given[s.SK_DATE]
        text = row.texts.get("Isi", "")
        try:
            return dates.parse(text) if text else None
        except (NotADate, WrongWeekday):
            self.problem(sheet, row, "Isi", f"{quoted(text)} bukan tanggal.")
            return before

    def duties(self) -> dict[str, tuple[str, ...]] | None:
        if s.DUTIES.name not in self.sheets:
            return None
        lines: dict[str, list[str]] = {s.TUGAS: [], s.FUNGSI: []}
        known = {folded(kind): kind for kind in lines}
        for sheet, row in self.rows(s.DUTIES):
            kind = known.get(folded(row.texts["Jenis"]))
            text = self.text(sheet, row, "Uraian")
            if not text:
                continue
            if kind is None:
                self.problem(sheet, row, "Jenis", f"tulis {s.TUGAS} atau {s.FUNGSI}.")
            elif text not in lines[kind]:
                lines[kind].append(text)
        return {kind: tuple(texts) for kind, texts in lines.items()}

    # --- sasaran and indikator

    def sasaran(self, before: Plan | None) -> tuple[Sasaran, ...]:
        old = {} if before is None else {iku.code: iku for iku in before.iku}
        if s.IKUS.name not in self.sheets:
            if before is None:
                self.problems.append(f'Lembar "{s.IKUS.name}" tidak ada.')
                return ()
            return before.sasaran
        of_code = {iku.code: each.name for each in (before.sasaran if before else ())
                   for iku in each.iku}  # fmt: skip
        groups: dict[str, list[PlannedIku]] = {}
        name, codes = "", Counter[str]()
        for sheet, row in self.rows(s.IKUS):
            code = row.texts["Kode"].upper().replace(" ", "_")
            name = self.text(sheet, row, "Sasaran strategis", of_code.get(code, "")) or name
            if not CODE.fullmatch(code):
                self.problem(
                    sheet, row, "Kode",
                    f"{quoted(code)} bukan kode; pakai huruf besar, angka dan _, misalnya KINERJA.",
                )  # fmt: skip
            if not name:
                self.problem(sheet, row, "Sasaran strategis", "belum diisi.")
            codes[code] += 1
            if codes[code] == 2:
                self.problem(sheet, row, "Kode", f"{code} sudah ada di baris sebelumnya.")
            groups.setdefault(name, []).append(self.iku(sheet, row, code, old.get(code)))
        if not groups:
            self.problems.append(f'Lembar "{s.IKUS.name}": belum ada indikator.')
        return tuple(Sasaran(name, tuple(each)) for name, each in groups.items())

    def iku(self, sheet: FileSheet, row: FileRow, code: str, old: PlannedIku | None) -> PlannedIku:
        def text(title: str, known: str) -> str:
            return self.text(sheet, row, title, known, needed=True)

        return PlannedIku(
            code,
            text("Indikator", old.name if old else ""),
            text("Satuan", old.satuan if old else ""),
            text("Formulasi", old.formulasi if old else ""),
            self.choice(sheet, row, "Arah", s.ARAH_WORDS, old.arah if old else "naik"),
            self.choice(sheet, row, "Asal angka", s.SUMBER_WORDS, old.sumber if old else "tangan"),
            old.years if old else {},
            old.quarters if old else {},
            old.entered if old else {},
        )

    # --- what years and quarters hold

    def values(
        self, head: PlanHead, codes: Mapping[str, PlannedIku]
    ) -> tuple[
        dict[tuple[str, int], IkuYear],
        dict[tuple[str, tuple[int, int]], IkuQuarter],
        dict[tuple[str, int], EnteredRealisasi],
    ]:
        years = {(c, year): each for c, iku in codes.items() for year, each in iku.years.items()}
        quarters = {(c, at): each for c, iku in codes.items() for at, each in iku.quarters.items()}
        entered = {
            (c, year): each for c, iku in codes.items() for year, each in iku.entered.items()
        }
        for sheet, row, code, year in self.keyed(s.TARGETS, head, codes):
            old = years.get((code, year), IkuYear())
            nilai = self.number(sheet, row, "Target", old.target.nilai)
            predikat = self.text(sheet, row, "Predikat", old.target.predikat or "") or None
            program = self.text(sheet, row, "Program", old.program)
            anggaran = self.text(sheet, row, "Anggaran", old.anggaran)
            years[code, year] = IkuYear(Target(nilai, predikat), program, anggaran, old.analisis)
        for sheet, row, code, year in self.keyed(s.RESULTS, head, codes):
            old = years.get((code, year), IkuYear())
            analisis = self.text(sheet, row, "Analisis", old.analisis)
            years[code, year] = replace(old, analisis=analisis)
            entry = self.entry(sheet, row, entered.pop((code, year), None))
            if entry is not None:
                entered[code, year] = entry
        for sheet, row, code, year in self.keyed(s.ACTIONS, head, codes):
            at = year, int(row.texts["Triwulan"])
            known = quarters.get((code, at), IkuQuarter())
            quarters[code, at] = IkuQuarter(
                self.number(sheet, row, "Target", known.target),
                self.text(sheet, row, "Rencana aksi", known.aksi),
                self.number(sheet, row, s.REALISASI, known.realisasi),
                self.text(sheet, row, "Penyebab", known.penyebab),
            )
        years = {key: each for key, each in years.items() if each != IkuYear()}
        quarters = {key: each for key, each in quarters.items() if each != IkuQuarter()}
        self.refuse_lost_years(head, {*(y for _, y in (*years, *entered)),
                                      *(at[0] for _, at in quarters)})  # fmt: skip
        return years, quarters, entered

    def refuse_lost_years(self, head: PlanHead, used: set[int]) -> None:
        lost = sorted(used - set(head.years))
        if lost:
            self.problems.append(
                f"Tahun {', '.join(map(str, lost))} masih berisi target, realisasi atau rencana"
                f" aksi; rencana {span(head.first, head.last)} tidak memuatnya lagi. Kosongkan"
                " dulu, atau perpanjang tahunnya."
            )

    def entry(
        self, sheet: FileSheet, row: FileRow, old: EnteredRealisasi | None
    ) -> EnteredRealisasi | None:
        nilai = self.number(sheet, row, s.REALISASI, old.realisasi if old else None)
        source = self.text(sheet, row, "Sumber", old.source if old else "")
        if nilai is None:
            if source:
                self.problem(sheet, row, s.REALISASI, "kosong, padahal sumbernya diisi.")
            return None
        if not source:
            self.problem(sheet, row, "Sumber", "sebut dari dokumen mana realisasinya.")
        return EnteredRealisasi(nilai, source)

    def keyed(
        self, shape: Shape, head: PlanHead, codes: Mapping[str, PlannedIku]
    ) -> Iterator[tuple[FileSheet, FileRow, str, int]]:
        """The rows of a sheet with code and year; others are problems."""
        seen: set[tuple[str, ...]] = set()
        for sheet, row in self.rows(shape):
            code, year = row.texts["Kode"].upper().replace(" ", "_"), row.texts["Tahun"]
            key = (code, *(row.texts[title] for title in shape.key[1:]))
            quarter = row.texts.get("Triwulan", "1")
            if code not in codes:
                self.problem(
                    sheet, row, "Kode", f"{quoted(code)} tidak ada di lembar {s.IKUS.name}."
                )
            elif not (re.fullmatch("[0-9]{4}", year) and int(year) in head.years):
                within = span(head.first, head.last)
                self.problem(sheet, row, "Tahun", f"{quoted(year)} bukan tahun dari {within}.")
            elif quarter not in map(str, QUARTERS):
                self.problem(sheet, row, "Triwulan", f"{quoted(quarter)} bukan 1 sampai 4.")
            elif key in seen:
                self.problem(sheet, row, "Kode", f"{' '.join(key)} sudah ada di baris sebelumnya.")
            else:
                seen.add(key)
                for title in sheet.columns:
                    self.places[shape.name, key, title] = sheet.place(row, title)
                yield sheet, row, code, int(year)


def _or(words: Iterable[str]) -> str:
    *others, last = (shown(word) for word in words)
    return f"{', '.join(others)} atau {last}"
