"""A changed instrument: a new wording goes on in its series, another weight begins a new one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from office.figures.spans import NoFigures
from office.papers import contents
from reports import tables
from reports.papers import Papers
from scoring import instrument_file
from tests.bot.respondents import Respondent, rate
from tests.harness import BOTH_DATABASES, Actor, Harness

TYPO, MENDED = "syarat yang diminta sesuai", "persyaratan yang diminta sesuai"
NEW_SERIES = "memulai seri baru"
TW3_LOCKED, TW4_LOCKED = "2026-10-07 08:00", "2027-01-08 08:00"


async def restarts_with(office: Harness, folder: Path, *changes: tuple[str, str]) -> None:
    """The office changes texts of its instrument's file, then starts again."""
    text = instrument_file.path_of("skm-2017", folder).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "skm-2017.toml").write_text(text, "utf-8")
    office.settings["survey"] = {"instruments_dir": str(folder)}
    await office.restarts()
    await office.works()


OTHER_WEIGHTS = (
    ('compatibility_weights = ["0.11", "0.111"]', "compatibility_weights = []"),
    ('weight = "1/9"', 'weight = "1/18"'),
    ('weight = "1/9"', 'weight = "1/6"'),
)


MIXED = [Respondent([2 + number % 2] * 9) for number in range(10)]
GOOD = [Respondent([4 - (number == 0)] * 9) for number in range(10)]


def told_of_series(admin: Actor) -> int:
    """How many notices say that a new series begins."""
    return sum(NEW_SERIES in message.get("text", "") for message in admin.messages)


async def test_a_corrected_typo_is_asked_from_the_next_response_on(
    person: Callable[..., Actor], office: Harness, tmp_path: Path
) -> None:
    begun, later = person(101), person(102)
    await begun.begins()
    begun.sees(TYPO)
    await restarts_with(office, tmp_path, (TYPO, MENDED))
    await begun.fills("/mulai", "[Lanjutkan]")
    begun.sees(TYPO)
    await begun.answers(*[3] * 9)
    await begun.declines()
    await begun.taps("✅")
    await later.begins()
    later.sees(MENDED)


async def papers(office: Harness, label: str) -> Papers:
    """The papers of a period or a longer span."""
    return await office.app.office.read(lambda db: contents.papers(db, office.app.office, label))


@BOTH_DATABASES
@pytest.mark.slow
async def test_a_corrected_typo_costs_no_trend_and_needs_no_version(
    admin: Actor, group: Actor, office: Harness, tmp_path: Path
) -> None:
    await rate(office, MIXED[:5])
    await restarts_with(office, tmp_path, (TYPO, MENDED))
    await rate(office, MIXED[5:])
    await office.reaches(TW3_LOCKED)
    group.sees("62,50", "10 responden")
    await rate(office, GOOD)
    await office.reaches(TW4_LOCKED)
    group.sees("Naik 35,00 dari Triwulan III (62,50); kenaikannya nyata, teks berubah")
    assert told_of_series(admin) == 0
    assert [point.ikm for point in (await papers(office, "2026-TW4")).trend] == [
        Decimal("62.50"),
        Decimal("97.50"),
    ]
    year = await papers(office, "2026")
    assert (year.score.n, year.score.ikm, len(year.rows)) == (20, Decimal("80.00"), 20)
    # the third quarter was asked in both wordings, the fourth in the new one alone
    assert [(point.part, point.other_wording) for point in year.trend] == [
        (True, True), (True, False), (False, False),
    ]  # fmt: skip
    await rate(office, MIXED)
    await office.reaches("2027-04-09 08:00")
    group.sees("dari Triwulan IV 2026 (97,50); penurunannya nyata")
    group.sees_not("teks berubah")
    newest = await papers(office, "2027-TW1")
    assert [point.other_wording for point in newest.trend] == [True, False, False]
    assert tables.change_text(newest.change).startswith("turun 35,00 dari")


@pytest.mark.slow
async def test_another_order_is_counted_with_the_first_one(
    admin: Actor, citizen: Actor, group: Actor, office: Harness, tmp_path: Path
) -> None:
    await rate(office, MIXED[:9])
    text = instrument_file.path_of("skm-2017").read_text("utf-8")
    first = text[text.index("[[items]]") : text.index("[[items]]", text.index("[[items]]") + 1)]
    await restarts_with(office, tmp_path, (first, ""), ("[[attributes]]", f"{first}[[attributes]]"))
    await citizen.begins()
    citizen.sees("Pertanyaan 1 dari 9")
    citizen.sees_not(TYPO)
    await citizen.answers(*[3] * 9)
    await citizen.declines()
    await citizen.taps("✅")
    await office.reaches(TW3_LOCKED)
    group.sees("62,50", "10 responden")
    assert not any("berbeda dari rekap" in message.get("text", "") for message in admin.messages)


async def test_the_admins_are_told_once_of_a_new_series(
    admin: Actor, citizen: Actor, office: Harness, tmp_path: Path
) -> None:
    await restarts_with(office, tmp_path, *OTHER_WEIGHTS)
    admin.sees("Isi survei warga berubah", "Triwulan III 2026", NEW_SERIES)
    await restarts_with(office, tmp_path)
    assert told_of_series(admin) == 1
    await citizen.begins()
    citizen.sees("Pertanyaan 1 dari 9")


@pytest.mark.slow
async def test_another_weight_begins_a_series_with_the_next_period(
    admin: Actor, group: Actor, office: Harness, tmp_path: Path
) -> None:
    await rate(office, MIXED[:5])
    await restarts_with(office, tmp_path, *OTHER_WEIGHTS)
    await rate(office, MIXED[5:])
    await office.reaches(TW3_LOCKED)
    group.sees("62,50", "10 responden")
    await rate(office, GOOD)
    await office.reaches(TW4_LOCKED)
    group.sees("97,50")
    group.sees_not("dari Triwulan III")
    assert len((await papers(office, "2026-TW4")).trend) == 1
    refused = r"Instrumen berganti di dalam Tahun 2026 \(Triwulan III 2026, Triwulan IV 2026\)"
    with pytest.raises(NoFigures, match=refused):
        await papers(office, "2026")
    await admin.says("/iku 2026")
    admin.sees("instrumen berganti dalam tahun itu (Triwulan III 2026, Triwulan IV 2026)")


async def test_an_unfinished_response_of_the_old_series_counts_at_the_close(
    citizen: Actor, office: Harness, tmp_path: Path
) -> None:
    await citizen.begins()
    await citizen.answers(*[3] * 5)
    await restarts_with(office, tmp_path, *OTHER_WEIGHTS)
    await citizen.fills("/mulai", "[Lanjutkan]")
    citizen.sees("Pertanyaan 6 dari 9")
    await citizen.answers(*[3] * 4)
    await office.reaches("2026-10-01 08:00")
    assert office.stored.response_count() == 1
