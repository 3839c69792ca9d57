"""The bot comes into a group: it greets, and an admin of the office links the group by a button."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.intake import updates
from simulator.model.people import PERMISSIONS
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness

ROOT = Path(__file__).parents[2]


async def joined(office: Harness, *members: int, chat: int = CAMAT_GROUP) -> Actor:
    """A new group with these members, which the bot has just joined; the first one's phone."""
    office.world.add_group(chat, "Camat Pakong", list(members))
    await office.works()
    return Actor(office, members[0], chat=chat)


@BOTH_DATABASES
async def test_an_admin_links_the_group_with_one_press(admin: Actor, office: Harness) -> None:
    here = await joined(office, admin.id)
    here.sees("bot survei kepuasan masyarakat Kecamatan Pakong", "tiap triwulan")
    greeting = here.screen
    await here.taps("Pasang di sini")
    here.sees("Grup ini sekarang menerima ringkasan Kecamatan Pakong")
    assert here.toast == "Grup ini terpasang."
    assert here.screen["message_id"] == greeting["message_id"]
    assert here.labels() == []
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Camat Pakong: terpasang")


@BOTH_DATABASES
async def test_a_second_press_changes_nothing(admin: Actor, office: Harness) -> None:
    here = await joined(office, admin.id)
    greeting = here.screen
    await here.taps("Pasang di sini", on=greeting)
    await here.taps("Pasang di sini", on=greeting)
    assert here.toast == "Grup ini sudah terpasang."
    assert office.stored.audit_actions() == ["pasang_grup"]


@BOTH_DATABASES
async def test_who_is_no_admin_of_the_office_learns_who_can_press(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    here = await joined(office, citizen.id, admin.id)
    await here.taps("Pasang di sini")
    assert "Mintalah admin menekan tombol ini" in str(citizen.toast)
    assert office.stored.group_count() == 0
    await Actor(office, admin.id, chat=CAMAT_GROUP).taps("Pasang di sini")
    assert office.stored.group_count() == 1


@pytest.mark.parametrize("office", [{"telegram": {"admins": []}}], indirect=True)
async def test_before_the_first_admin_the_button_says_what_comes_first(
    citizen: Actor, office: Harness
) -> None:
    here = await joined(office, citizen.id)
    await here.taps("Pasang di sini")
    assert "kode klaim dari layar program" in str(citizen.toast)


async def test_a_summary_that_waited_for_a_group_comes_after_the_press(
    admin: Actor, office: Harness
) -> None:
    await admin.rates(3, 3, 3, 3, 3, 3, 3, 3, 3)
    await office.reaches("2026-10-07 08:00")
    here = await joined(office, admin.id)
    await here.taps("Pasang di sini")
    assert any("segera dikirim" in str(m.get("text")) for m in here.messages)


@BOTH_DATABASES
async def test_a_bot_that_comes_back_offers_to_link_again(
    group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.kick(CAMAT_GROUP, office.app.office.bot_id)
    office.world.add_member(CAMAT_GROUP, office.app.office.bot_id)
    await office.works()
    group.sees("Halo!")
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("bot dikeluarkan; masukkan lagi, lalu tekan Pasang di sini")
    await group.taps("Pasang di sini")
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Camat Pakong: terpasang")


async def test_a_linked_group_that_becomes_a_supergroup_is_not_greeted_again(
    group: Actor, admin: Actor, office: Harness
) -> None:
    there = Actor(office, admin.id, chat=office.world.migrate(CAMAT_GROUP))
    await office.works()
    assert not any(m["from"]["is_bot"] for m in there.messages if "text" in m)


async def test_the_button_of_a_group_that_moved_since_links_the_supergroup(
    admin: Actor, office: Harness
) -> None:
    await admin.rates(3, 3, 3, 3, 3, 3, 3, 3, 3)
    here = await joined(office, admin.id)
    here.press("Pasang di sini")
    new = office.world.migrate(CAMAT_GROUP)
    await office.works()
    assert office.stored.group_count() == 1
    await office.reaches("2026-10-07 08:00")
    assert any("photo" in m or "📊" in str(m.get("text")) for m in office.world.transcript(new))


async def test_in_a_group_with_topics_the_greeting_names_the_command_for_one_topic(
    admin: Actor, office: Harness
) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    forum = office.world.migrate(CAMAT_GROUP)
    office.world.kick(forum, office.app.office.bot_id)
    office.world.open_topic(forum, 7)
    office.world.add_member(forum, office.app.office.bot_id)
    await office.works()
    here = Actor(office, admin.id, chat=forum)
    here.sees(f"/pasang_grup@{office.app.office.username} di topik itu")


async def test_an_anonymous_admin_links_the_topic_by_the_button(
    admin: Actor, office: Harness
) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    forum = office.world.migrate(CAMAT_GROUP)
    office.world.open_topic(forum, 7)
    office.world.promote(forum, admin.id)
    name = office.app.office.username
    office.world.say(admin.id, forum, f"/pasang_grup@{name}", topic=7, anonymous=True)
    await office.works()
    here = Actor(office, admin.id, chat=forum)
    await here.taps("Pasang di sini")
    here.sees("Grup ini sekarang menerima ringkasan")
    assert office.stored.group_topics() == [7]


async def test_the_button_works_under_a_greeting_that_is_too_old_to_be_edited(
    admin: Actor, office: Harness
) -> None:
    here = await joined(office, admin.id)
    greeting = here.screen
    office.world.forget(CAMAT_GROUP, greeting["message_id"])
    await here.taps("Pasang di sini", on=greeting)
    here.sees("Grup ini sekarang menerima ringkasan")
    assert here.screen["message_id"] > greeting["message_id"]
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Camat Pakong: terpasang")


async def test_where_the_bot_may_not_write_it_does_not_try(admin: Actor, office: Harness) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    forum = office.world.migrate(CAMAT_GROUP)
    await office.works()
    silent = [right for right in PERMISSIONS if right != "can_send_messages"]
    office.world.restrict(forum, office.app.office.bot_id, silent)
    await office.works()
    assert office.app.display.fates["refused"] == 0


async def test_a_press_that_is_delivered_twice_links_once(admin: Actor, office: Harness) -> None:
    here = await joined(office, admin.id)
    here.press("Pasang di sini")
    batch = await updates.ask(office.app.bot, 0, 0)
    for _ in range(2):
        await office.app.turns.handle(batch)
    await office.works()
    here.sees("Grup ini sekarang menerima ringkasan")
    assert office.stored.audit_actions() == ["pasang_grup"]


async def test_other_buttons_stay_private(admin: Actor, office: Harness) -> None:
    here = await joined(office, admin.id)
    message = here.screen["message_id"]
    for data in ("yy:0:kelola:0:0", "x"):
        office.world.tap(admin.id, CAMAT_GROUP, message, data)
        await office.works()
        assert "obrolan pribadi" in str(admin.toast)


def test_every_text_names_the_bot_in_the_command_that_a_group_gets() -> None:
    """Privacy mode: a bare command reaches no bot, unless it wrote last in the group."""
    files = [
        *ROOT.glob("office/words/*.toml"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("cli/**/*.py"),
        ROOT / "README.md",
        ROOT / "README.id.md",
        ROOT / "config.example.toml",
    ]
    bare = re.compile(r"/pasang_grup(?!@)")
    naming = [path.name for path in files if bare.search(path.read_text("utf-8"))]
    assert naming == []
