"""/hasil: the text at once, the publication sheet under it, and nothing kept of who looked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.delivery import picture_cache
from office.survey import results
from reports.papers import Papers
from reports.publication.publication_sheet import sheet_png
from reports.rendering import PictureError
from simulator.faults import Fault
from tests.bot.respondents import random_respondents, rate_and_lock
from tests.bot.test_manage import opens, types
from tests.harness import BOTH_DATABASES, Actor, Harness


def pictures(actor: Actor) -> list[dict[str, Any]]:
    """The photos in a chat, each in its largest size."""
    return [m["photo"][-1] for m in actor.messages if "photo" in m]


@BOTH_DATABASES
async def test_the_publication_sheet_follows_the_text(citizen: Actor, office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20, ("ktp-el", "kk")))
    await citizen.says("/hasil")
    citizen.sees("IKM Kecamatan Pakong", "20 responden")
    assert [(photo["width"], photo["height"]) for photo in pictures(citizen)] == [(1240, 1754)]


async def test_the_picture_is_made_once_for_many_citizens(
    office: Harness, person: Callable[..., Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Papers] = []

    def counted(papers: Papers) -> bytes:
        made.append(papers)
        return sheet_png(papers)

    monkeypatch.setattr(results, "sheet_png", counted)
    await rate_and_lock(office, random_respondents(20))
    people = [person(number) for number in range(201, 209)]
    for actor in people:
        office.world.say(actor.id, actor.chat, "/hasil")
    await office.works()
    assert [len(pictures(actor)) for actor in people] == [1] * 8
    assert len(made) == 1


async def test_a_citizen_who_asks_repeatedly_gets_the_text_and_one_picture_a_minute(
    citizen: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rate_and_lock(office, random_respondents(20))
    for _ in range(3):
        await citizen.says("/hasil")
    assert sum("20 responden" in m.get("text", "") for m in citizen.messages) == 3
    assert len(pictures(citizen)) == 1
    monkeypatch.setattr(picture_cache, "APART", 0.0)
    await citizen.says("/hasil")
    assert len(pictures(citizen)) == 2


async def test_a_failing_picture_leaves_the_text(
    citizen: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_papers: object) -> bytes:
        raise PictureError("boom")

    await rate_and_lock(office, random_respondents(20))
    monkeypatch.setattr(results, "sheet_png", breaks)
    await citizen.says("/hasil")
    citizen.sees("20 responden")
    assert pictures(citizen) == []


async def test_fewer_than_five_respondents_get_no_picture(citizen: Actor, office: Harness) -> None:
    await rate_and_lock(office, random_respondents(3))
    await citizen.says("/hasil")
    citizen.sees("Belum ada hasil yang dikunci", "Hasil Triwulan IV 2026 keluar mulai 7 Jan 2027")
    assert pictures(citizen) == []


async def test_reading_results_stores_nothing_about_the_citizen(
    person: Callable[..., Actor], office: Harness
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await person(987654).says("/hasil")
    assert "987654" not in office.everything()


async def test_changed_office_data_appears_on_the_next_picture(
    admin: Actor, citizen: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await citizen.says("/hasil")
    await opens(admin, "Data kantor", "Nama kantor")
    await types(admin, "Kecamatan Waru")
    other = person(102)
    await other.says("/hasil")
    assert pictures(other)[0]["file_unique_id"] != pictures(citizen)[0]["file_unique_id"]


async def test_a_refused_picture_does_not_hold_up_the_text(citizen: Actor, office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    office.world.faults.add(Fault("sendPhoto", 403, times=1))
    await citizen.says("/hasil")
    citizen.sees("20 responden")
    assert pictures(citizen) == []
