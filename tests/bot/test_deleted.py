"""What tells whose a response is leaves the files of both databases, after a lock or an erasure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from storage.maintenance import backup
from tests.harness import BOTH_DATABASES, Actor, Harness

pytestmark = [BOTH_DATABASES, pytest.mark.slow]

# 48 bits and more, so that chance does not write them.
BUDI, SITI, HALF_WAY = 0x5AC7_0FFE_E123, 0x5AC7_0FFE_E457, 0x5AC7_0FFE_E68B
NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
NIGHT = "2026-07-07 01:30"
# Every table whose rows tell a person, or hold what he wrote.
BESIDE = ("suggestion", "language", "handled_update", "role", "audit", "outbox", "set_aside")


def files_of(office: Harness) -> Iterator[Path]:
    """The files of the database, as the disk has them; of PostgreSQL without its WAL."""
    database = office.app.office.database
    if database.is_sqlite:
        yield from office.folder.glob("*.db*")
        return
    with database.outside_transaction() as db:
        db.execute(text("CHECKPOINT"))
        number = db.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    folder = Path(str(make_url(office.url).query["host"]))
    yield from (folder / "data" / "base" / str(number)).iterdir()


def holders(office: Harness, *secrets: bytes) -> list[tuple[str, bytes]]:
    """The files that contain one of these byte strings, each with the string."""
    return [
        (path.name, secret)
        for path in files_of(office)
        if path.is_file()
        for content in (path.read_bytes(),)
        for secret in secrets
        if secret in content
    ]


def number(person: int) -> list[bytes]:
    """A chat id as the databases store it: eight bytes, or six where SQLite needs no more."""
    return [person.to_bytes(8, "little"), person.to_bytes(6, "big")]


async def rate(office: Harness, person: Callable[..., Actor]) -> dict[int, Actor]:
    """Six people rate, of whom Budi and Siti write a suggestion; one more stops half-way."""
    people = {chat: person(chat) for chat in (BUDI, SITI, 201, 202, 203, 204)}
    for chat, one in people.items():
        saran = {BUDI: "Kursi ruang tunggu patah", SITI: "Loket perlu kipas angin"}.get(chat)
        await one.rates(*NINE) if saran is None else await _rates_with(one, saran)
    half = people[HALF_WAY] = person(HALF_WAY)
    await half.begins()
    await half.answers(1, 2)
    with office.app.office.database.outside_transaction() as db:
        db.execute(text("ANALYZE"))  # its samples outlive the rows
    return people


async def _rates_with(one: Actor, saran: str) -> None:
    await one.reaches_review(*NINE)
    await one.taps("✍")
    await one.says(saran)
    await one.taps("✅")


async def test_within_the_hour_no_file_tells_who_sent_what(
    office: Harness, person: Callable[..., Actor]
) -> None:
    await rate(office, person)
    await office.waits(minutes=61)
    await office.ticks()
    assert holders(office, *number(BUDI), *number(SITI)) == []
    assert holders(office, *number(HALF_WAY)) != []  # his survey goes on


async def test_an_erasure_is_gone_from_the_files_the_next_night(
    office: Harness, person: Callable[..., Actor]
) -> None:
    people = await rate(office, person)
    owners = [owner for owner, _ in office.stored.owners()]
    await people[BUDI].says("/hapus_data")
    await people[BUDI].taps("Ya, hapus")
    kept = [owner for owner, _ in office.stored.owners()]
    (erased,) = set(owners) - set(kept)
    await office.app.back_up()
    await office.reaches(NIGHT)
    await office.app.back_up()
    await office.reaches("2026-07-08 01:30")
    assert holders(office, *number(BUDI), b"Kursi ruang", erased) == []
    assert holders(office, b"kipas angin") != []
    assert office.stored.suggestions() == ["Loket perlu kipas angin"]


async def test_after_the_lock_and_its_night_no_file_holds_an_owner_or_a_salt(
    office: Harness, person: Callable[..., Actor]
) -> None:
    await rate(office, person)
    ((_, salt),) = office.stored.period_status_and_salt("2026-TW3")
    owners = [owner for owner, _ in office.stored.owners()]
    receipts = [receipt.to_bytes(8, "little") for _, receipt in office.stored.owners()]
    assert holders(office, salt) != []
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-08 01:30")
    people = [one for chat in (BUDI, SITI, HALF_WAY) for one in number(chat)]
    assert holders(office, salt, *owners, *receipts, *people) == []
    assert office.stored.suggestion_count() == 2


async def test_after_the_lock_and_its_night_no_transaction_joins_a_response_and_anything_else(
    office: Harness, person: Callable[..., Actor]
) -> None:
    people = await rate(office, person)
    await people[SITI].says("/bahasa")
    await people[SITI].taps("English")
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-08 01:30")
    if office.app.office.database.is_sqlite:
        order = office.stored.rows("SELECT id FROM suggestion ORDER BY rowid")
        assert order == sorted(order)  # random numbers: not the order of sending
        return
    for table in BESIDE:
        joined = office.stored.rows(
            f"SELECT b.xmin FROM {table} b JOIN response r ON r.xmin = b.xmin"  # noqa: S608 # names of our tables
        )
        assert joined == [], table


async def test_no_backup_holds_an_open_response(
    office: Harness, person: Callable[..., Actor], tmp_path: Path
) -> None:
    await rate(office, person)
    backup.take(office.app.office.database, tmp_path / "salinan.db")
    copied = (tmp_path / "salinan.db").read_bytes()
    assert [one for one in number(HALF_WAY) if one in copied] == []
    assert b"kipas angin" in copied


async def test_a_late_send_shows_its_own_receipt_after_another_was_sent(
    office: Harness, person: Callable[..., Actor]
) -> None:
    budi = person(BUDI)
    await budi.reaches_review(*NINE)
    review = budi.screen
    await budi.taps("✅")
    receipt = _receipt(budi.text)
    await budi.fills("/start l_kk", "[Setuju]")
    await budi.answers(*NINE)
    await budi.declines()
    await budi.taps("✅")
    assert _receipt(budi.text) != receipt
    await budi.taps("✅", on=review)
    (first,) = [one for one in budi.messages if one["message_id"] == review["message_id"]]
    assert _receipt(str(first["text"])) == receipt


def _receipt(text: str) -> str:
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", text)
    assert found is not None, text
    return found[0]
