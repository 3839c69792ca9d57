"""Attacks: the lines of the threat model that no other scenario tests."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import re
import stat
import sys
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot.delivery.display import MOST_WAITING
from office.conversation import to, write_tap
from simulator.faults import Fault
from storage import people
from tests.bot.test_access import FOREIGN_GROUP, changes
from tests.bot.test_webhook import hook, posted, update
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness, invited

__all__ = ["hook"]

ROOT = Path(__file__).parents[2]
REFUSED = "Maaf, perintah itu tidak tersedia untuk Anda."
RIGHT_TO_LEFT = "\u202e"
HOSTILE = f"{RIGHT_TO_LEFT}<b>Camat</b> {{office}} ../../puas.key"
TOKEN = "7123456789:" + "AbC-dEf_" * 4 + "xyz"


async def handle(office: Harness, body: dict[str, Any]) -> None:
    """Let the office handle an update that Telegram would never send."""
    await office.app.turns.handle([Update.de_json(body, office.app.bot)])
    await office.app.display.drained()


def test_every_line_of_the_threat_model_names_an_existing_test() -> None:
    lines = (ROOT / "docs/explanation/security.md").read_text().splitlines()
    held = [line.rsplit("|", 2)[1] for line in lines if line.startswith("| ")]
    named = [cell for cell in held if cell.strip() != "tested by"]
    assert len(named) > 50
    for cell in named:
        assert "`" in cell, "a line without a test"
        file = ""
        for words in re.findall("`([^`]+)`", cell):
            place, _, name = words.rpartition(" ")
            file = place or file
            assert re.search(rf"def test_{name}\(", (ROOT / "tests" / file).read_text()), words


# --- senders ----------------------------------------------------------------------------------

CHANNEL = {"id": -1009, "type": "channel", "title": "Kabar"}
GROUP = {"id": CAMAT_GROUP, "type": "supergroup", "title": "Camat Pakong"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
OTHER_BOT = {"id": 555, "is_bot": True, "first_name": "Bot lain", "username": "lain_bot"}
MESSAGE = {"message_id": 9, "date": 1, "text": "/pasang_grup"}


@pytest.mark.parametrize(
    "body",
    [
        {"message": {**MESSAGE, "chat": GROUP, "from": CHANNEL_BOT, "sender_chat": CHANNEL}},
        {"message": {**MESSAGE, "chat": GROUP, "from": OTHER_BOT}},
        {"message": {**MESSAGE, "chat": GROUP}},
        {"channel_post": {**MESSAGE, "chat": CHANNEL, "sender_chat": CHANNEL}},
        {"edited_message": {**MESSAGE, "chat": GROUP, "from": OTHER_BOT, "edit_date": 2}},
        {"inline_query": {"id": "1", "from": OTHER_BOT, "query": "x", "offset": ""}},
    ],
    ids=["a channel", "another bot", "nobody", "in a channel", "edited", "inline"],
)
async def test_an_update_that_no_person_sent_is_ignored(
    body: dict[str, Any], group: Actor, office: Harness
) -> None:
    before, shown = changes(office), len(group.messages)
    await handle(office, {"update_id": 900_001, **body})
    assert changes(office) == before
    assert len(group.messages) == shown
    assert office.stored.set_aside_count() == 0


async def test_a_member_of_another_group_can_link_nothing_and_press_nothing(
    group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    stranger = person(600)
    office.world.add_group(FOREIGN_GROUP, "Grup lain", [stranger.id])
    in_group = Actor(office, stranger.id, chat=FOREIGN_GROUP)
    before = changes(office)
    await in_group.says(f"/pasang_grup@{office.app.office.username}")
    assert in_group.text == REFUSED
    office.world.tap(
        stranger.id, FOREIGN_GROUP, in_group.screen["message_id"], write_tap(to("grup"))
    )
    await office.works()
    assert in_group.toast == "Silakan buka obrolan pribadi dengan bot ini."
    assert changes(office) == before


async def test_an_invitation_link_opened_in_a_group_is_not_used(
    group: Actor, office: Harness
) -> None:
    link = await invited(Actor(office, group.id), "camat")
    await group.says(f"/start@{office.app.office.username} {link}")
    assert group.text == "Silakan buka obrolan pribadi dengan bot ini."
    assert office.stored.used_invitation_count() == 0


async def test_an_admin_who_loses_the_role_half_way_through_a_form_saves_nothing(
    admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    other = person(601, name="Admin kedua")
    await office.app.turns.do(
        lambda db: people.grant(db, other.id, "admin", "Admin kedua", None, office.now)
    )
    await other.fills("/kelola", "[Data kantor]")
    await other.taps(other.labels()[0])
    await other.says("Kantor Palsu")
    before = office.stored.settings()
    await revoke_roles(office, other.id)
    await other.taps("✅ Simpan")
    assert other.toast == REFUSED
    await other.says("Kantor Palsu")
    assert office.stored.settings() == before
    assert office.stored.awaited_count() == 0


async def revoke_roles(office: Harness, user: int) -> None:
    """Revoke every role of a user."""
    for role_id, holder, _ in office.stored.held_roles():
        if holder == user:
            await office.app.turns.do(partial(people.revoke, role_id=role_id, now=office.now))


@pytest.mark.parametrize("asked", ["/ringkasan", "/kelola"], ids=["figures", "a template"])
async def test_a_message_that_a_former_officer_requested_is_not_sent(
    asked: str, admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    other = person(604, name="Admin kedua")
    await office.app.turns.do(
        lambda db: people.grant(db, other.id, "admin", "Admin kedua", None, office.now)
    )
    await other.says("/bantuan")
    office.app.sender.rate_limiter.record(other.id)  # so that the message waits
    await other.says(asked)
    if asked == "/kelola":
        await other.taps("Isian kertas")
        await other.taps(other.labels()[1])
    await revoke_roles(office, other.id)
    shown = len(other.messages)
    await office.waits(minutes=1)
    await office.ticks()
    assert len(other.messages) == shown
    assert office.stored.outbox_reasons() == [("skipped", "perannya sudah berakhir")]


# --- content ----------------------------------------------------------------------------------


async def test_a_citizens_telegram_name_is_neither_stored_nor_shown(
    office: Harness, person: Callable[..., Actor], admin: Actor
) -> None:
    name = f"Çамат{HOSTILE}"
    citizen = person(602, name=name)
    await citizen.rates(*[3] * 9)
    await citizen.says("/bantuan")
    shown = " ".join(str(m.get("text")) for m in [*citizen.messages, *admin.messages])
    assert "Çамат" not in office.everything() + shown


async def test_a_groups_title_cannot_reverse_the_text_beside_it(
    admin: Actor, office: Harness
) -> None:
    office.world.add_group(FOREIGN_GROUP, HOSTILE, [admin.id])
    in_group = Actor(office, admin.id, chat=FOREIGN_GROUP)
    await in_group.says(f"/pasang_grup@{office.app.office.username}")
    await admin.says("/riwayat")
    admin.sees("Grup dipasang", "Camat")
    assert RIGHT_TO_LEFT not in "".join(str(m.get("text")) for m in admin.messages)


async def test_a_file_name_is_never_used_as_a_path_and_never_reversed(
    admin: Actor, office: Harness
) -> None:
    before = sorted(office.folder.parent.rglob("*"))
    await admin.fills("/kelola", "[Isian kertas]", "[📄]")
    await admin.sends(f"../../{RIGHT_TO_LEFT}vsc.exe<b>", b"x")
    admin.sees("../../vsc.exe<b>")
    await admin.taps("✅ Simpan")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    assert RIGHT_TO_LEFT not in office.everything() + admin.text
    assert sorted(office.folder.parent.rglob("*")) == before


@pytest.mark.slow
async def test_a_flooding_person_delays_nobody_else(
    citizen: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    flooder = person(603)
    await citizen.begins()
    office.world.faults.add(Fault("sendMessage", 429, chat=flooder.id, retry_after=60))
    for _ in range(300):
        office.world.say(flooder.id, flooder.chat, "halo")
    citizen.press("Sesuai")
    while await office.app.polling.once(0):
        pass
    async with asyncio.timeout(5):
        while "Pertanyaan 2 dari 9" not in citizen.text:  # noqa: ASYNC110 # the screen is the display's
            await asyncio.sleep(0.01)
    assert office.stored.set_aside_count() == 0


@pytest.mark.slow
async def test_the_queue_of_a_flooding_person_is_bounded_and_the_newest_screen_is_shown(
    office: Harness, person: Callable[..., Actor]
) -> None:
    flooder = person(605)
    await flooder.says("/bantuan")
    office.world.faults.add(Fault("sendMessage", 429, chat=flooder.id, retry_after=5))
    # All 300 messages must be handled within these seconds, also on a loaded machine.
    for words in [*["halo"] * 300, "/privasi"]:
        office.world.say(flooder.id, flooder.chat, words)
    while await office.app.polling.once(0):
        pass
    await office.works()
    shown = [m for m in flooder.messages if m["from"]["is_bot"]]
    assert len(shown) <= 1 + 1 + MOST_WAITING
    flooder.sees("NIK")
    assert office.stored.set_aside_count() == 0


@BOTH_DATABASES
@pytest.mark.parametrize(
    "malformed",
    [
        {"text": 5},
        {"text": "\ud83d"},
        {"chat": {"id": [], "type": "private"}},
        {"chat": {"id": 2**70, "type": "private"}},
        {"from": {"id": "satu", "is_bot": False, "first_name": ""}},
    ],
    ids=lambda malformed: ascii(malformed)[:40],
)
async def test_a_malformed_update_delays_nobody_else(
    malformed: dict[str, Any], citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    question = citizen.screen
    body = update(number=900_002)
    body["message"] |= malformed
    async with asyncio.timeout(10):
        await handle(office, body)
    office.raised.clear()
    assert office.stored.handled_update_count(900002) == 1
    await citizen.taps("Sesuai", on=question)
    assert office.stored.answers() == [3]


@BOTH_DATABASES
async def test_characters_that_a_database_refuses_are_removed_from_a_suggestion(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(*[3] * 9)
    await citizen.declines()
    await citizen.taps("✍")
    await handle(office, update(number=900_002, text="Tambah\0\x1b kursi\n\ud83ddua"))
    citizen.sees("Saran Anda:")
    assert office.stored.draft_suggestions() == ["Tambah kursi\ndua"]


@pytest.mark.http
@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
async def test_a_compressed_webhook_body_is_refused(
    compress: Callable[[bytes], bytes], hook: str, office: Harness
) -> None:
    kind = "gzip" if compress is gzip.compress else "deflate"
    body = compress(json.dumps(update()).encode())
    assert await posted(hook, body, headers={"Content-Encoding": kind}) == 400
    assert office.stored.handled_update_count() == 0


@pytest.mark.http
@pytest.mark.parametrize("number", ["1" * 5000, str(2**64), "-1", "1e400", "NaN", "true"])
async def test_an_invalid_update_id_is_refused(number: str, hook: str, office: Harness) -> None:
    body = json.dumps(update()).replace('"update_id": 1,', f'"update_id": {number},')
    assert await posted(hook, body.encode()) == 400
    assert office.stored.handled_update_count() == 0


# --- files and output -------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
async def test_every_file_of_the_office_is_readable_by_its_owner_only(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in office.folder.iterdir()}
    assert {"puas.db", "puas.db-wal", "puas.key"} <= modes.keys()
    assert set(modes.values()) == {0o600}


COMMANDS = (
    "", "run", "check", "export", "import", "report", "rekap", "backup", "restore", "replay",
    "demo", "score",
)  # fmt: skip


@pytest.mark.process
@pytest.mark.parametrize("command", COMMANDS)
async def test_help_shows_no_secret_and_accepts_none_as_an_argument(
    command: str, tmp_path: Path
) -> None:
    secrets = {"PUAS_TELEGRAM__TOKEN": TOKEN, "PUAS_DATABASE__URL": "postgresql://u:rahasia@h/db"}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", *command.split(), "--help",
        cwd=tmp_path, env={**os.environ, **secrets, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(running.communicate(), 60)
    output = out.decode()
    assert running.returncode == 0
    assert TOKEN[-20:] not in output
    assert "rahasia@" not in output
    assert not {"--token", "--secret", "--password", "--kunci", "--sandi"} & set(output.split())
