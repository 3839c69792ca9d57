"""Roles by invitation: given once, taken away at once, told to those concerned, and audited."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from telegram import BotCommandScopeChat

from office import bootstrap
from office.conversation import Kind, Tap, to, write_tap
from storage import people
from storage.settings import office_facts, rows
from tests.harness import BOTH_DATABASES, Actor, Harness, buttons, invited, leads
from tests.prepared import ADMIN

PELAYANAN = "Seksi Pelayanan Umum"
TRANTIB = "Seksi Ketenteraman dan Ketertiban Umum"
DEAD = "Undangan ini tidak berlaku. Mintalah tautan baru kepada admin kantor."


@pytest.fixture
def head(person: Callable[..., Actor]) -> Actor:
    """Somebody who leads a unit."""
    return person(501, name="Kasi")


@pytest.fixture
def other(person: Callable[..., Actor]) -> Actor:
    """Somebody else."""
    return person(502, name="Orang Lain")


async def menu(office: Harness, actor: Actor) -> set[str]:
    """The commands in somebody's own menu."""
    found = await office.app.bot.get_my_commands(BotCommandScopeChat(actor.id))
    return {command.command for command in found}


def audit(office: Harness) -> list[str]:
    """What was done, in its order."""
    return office.stored.audit_actions()


# --- accepting -------------------------------------------------------------------------------


async def test_a_head_enters_by_a_link_and_confirms_who_he_is(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await head.scans(await invited(admin, "kepala unit kerja", PELAYANAN))
    head.sees("Kecamatan Pakong mengundang Anda", f"Saya Kepala {PELAYANAN}.")
    assert head.labels() == ["Ya, benar", "Bukan saya"]
    await head.taps("Ya, benar")
    head.sees(f"Anda tercatat sebagai Kepala {PELAYANAN}")
    admin.sees(f"Undangan untuk Kepala {PELAYANAN} diterima", "501")
    assert audit(office) == ["undang", "terima_undangan"]


async def test_the_same_person_pressing_twice_is_success(
    admin: Actor, head: Actor, office: Harness
) -> None:
    code = await invited(admin, "kepala unit kerja", PELAYANAN)
    await head.scans(code)
    first = head.screen
    await head.taps("Ya, benar")
    await head.taps("Ya, benar", on=first)
    head.sees("Anda tercatat sebagai")
    await head.scans(code)
    head.sees("Anda tercatat sebagai")
    assert office.stored.role_count(user_id=501) == 1


async def test_a_link_that_was_used_is_dead_for_everybody_else(
    admin: Actor, head: Actor, other: Actor, office: Harness
) -> None:
    code = await invited(admin, "kepala unit kerja", PELAYANAN)
    await other.scans(code)
    asked = other.screen
    await head.scans(code)
    await head.taps("Ya, benar")
    await other.taps("Ya, benar", on=asked)
    assert other.text == DEAD
    await other.scans(code)
    assert other.text == DEAD
    assert office.stored.role_count(user_id=502) == 0


@pytest.mark.slow
async def test_a_link_dies_after_seven_days(admin: Actor, head: Actor, office: Harness) -> None:
    code = await invited(admin, "camat")
    await head.scans(code)
    asked = head.screen
    await office.waits(days=7)
    await head.taps("Ya, benar", on=asked)
    assert head.text == DEAD
    await head.scans(code)
    assert head.text == DEAD


@BOTH_DATABASES
async def test_a_revoked_link_is_dead_and_said_so_to_the_admin(
    admin: Actor, head: Actor, office: Harness
) -> None:
    code = await invited(admin, "kepala unit kerja", PELAYANAN)
    made = admin.screen
    await admin.taps("Cabut")
    admin.sees("dicabut; tautannya tidak berlaku lagi")
    assert made["message_id"] == admin.screen["message_id"]
    await head.scans(code)
    assert head.text == DEAD
    assert audit(office) == ["undang", "cabut_undangan"]


@pytest.mark.parametrize("token", ["", "x", "A" * 30, "_-" * 15, "A" * 61])
async def test_an_unknown_link_gets_the_same_sentence(token: str, head: Actor) -> None:
    await head.says(f"/start u_{token}")
    assert head.text == DEAD


async def test_a_forged_button_opens_nothing(admin: Actor, head: Actor, office: Harness) -> None:
    await invited(admin, "kepala unit kerja", PELAYANAN)
    await head.says("/bantuan")
    for data in (
        write_tap(Tap(Kind.INVITED, item="1", value=1)),
        write_tap(Tap(Kind.INVITED, 1, "A" * 30, 1)),
        write_tap(to("peran-cabut", 1)),
        write_tap(to("undangan-cabut", 1)),
    ):
        office.world.tap(head.id, head.chat, head.screen["message_id"], data)
        await office.works()
    assert people_with_roles(office) == [(ADMIN, "admin")]
    assert office.stored.invitation_ends() == [(None, None)]


def people_with_roles(office: Harness) -> list[tuple[int, str]]:
    """Who holds what now."""
    return [(user, role) for _, user, role in office.stored.held_roles()]


async def test_not_me_changes_nothing_and_the_link_lives_on(
    admin: Actor, head: Actor, other: Actor
) -> None:
    code = await invited(admin, "kepala unit kerja", PELAYANAN)
    await other.scans(code)
    await other.taps("Bukan saya")
    other.sees("tidak ada yang berubah")
    await head.scans(code)
    await head.taps("Ya, benar")
    head.sees("Anda tercatat sebagai")


async def test_of_the_link_only_a_hash_is_kept(admin: Actor, office: Harness) -> None:
    code = await invited(admin, "camat")
    assert len(code) >= 2 + 22  # 128 bits are 22 letters
    assert len(code) <= 64
    assert code[2:] not in office.everything()


async def test_one_person_may_lead_two_units(admin: Actor, head: Actor, office: Harness) -> None:
    await leads(admin, head, PELAYANAN)
    await leads(admin, head, TRANTIB)
    assert people_with_roles(office) == [
        (501, "kepala_unit"),
        (501, "kepala_unit"),
        (ADMIN, "admin"),
    ]


async def test_a_replaced_head_loses_access_at_once_and_is_told(
    admin: Actor, head: Actor, other: Actor, office: Harness
) -> None:
    await leads(admin, head, PELAYANAN)
    await leads(admin, other, PELAYANAN)
    head.sees(f"Anda tidak lagi tercatat sebagai Kepala {PELAYANAN}")
    await head.says("/nilai")
    head.sees("tidak tersedia untuk Anda")
    assert people_with_roles(office) == [(502, "kepala_unit"), (ADMIN, "admin")]


@BOTH_DATABASES
async def test_a_petugas_is_invited_to_his_counter(
    admin: Actor, head: Actor, office: Harness
) -> None:
    with office.app.office.database.write() as db:
        db.exec_driver_sql(
            "INSERT INTO counter (service_id, slug, name, active) VALUES (1, 'a', 'Loket A', true)"
        )
    await head.scans(await invited(admin, "petugas", "KTP-el · Loket A", "Kosongkan"))
    await head.taps("Ya, benar")
    assert office.stored.duties() == [(501, 1)]


async def test_a_typed_title_is_shown_as_it_was_typed(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await admin.fills("/undang", "[➕]", "[pejabat]")
    await admin.says("x" * 61)
    admin.sees("Terlalu panjang")
    await admin.says("Sekcam <b>& Co</b>")
    admin.sees("Sekcam <b>& Co</b>")
    await admin.taps("✅ Simpan")
    admin.sees("Undangan untuk Sekcam <b>& Co</b>")
    assert office.stored.invitation_titles() == ["Sekcam <b>& Co</b>"]


async def test_saving_twice_makes_one_link(admin: Actor, office: Harness) -> None:
    await admin.fills("/undang", "[➕]", "[camat]")
    last = admin.screen
    await admin.taps("✅ Simpan", on=last)
    await admin.taps("✅ Simpan", on=last)
    assert office.stored.invitation_count() == 1


# --- taking away -----------------------------------------------------------------------------


async def test_the_cabut_under_the_news_ends_the_role_at_once(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await leads(admin, head, PELAYANAN)
    assert "nilai" in await menu(office, head)
    asked = head.screen
    await admin.taps("Cabut")
    admin.sees(f"Peran Kepala {PELAYANAN} dicabut")
    head.sees("Anda tidak lagi tercatat")
    await head.taps("Mulai menilai", on=asked)
    assert head.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert await menu(office, head) == set()
    assert audit(office)[-1] == "cabut_peran"


async def test_cabut_twice_takes_away_once(admin: Actor, head: Actor, office: Harness) -> None:
    await leads(admin, head, PELAYANAN)
    news = admin.screen
    await admin.taps("Cabut", on=news)
    office.world.tap(admin.id, admin.chat, news["message_id"], buttons(news)[0]["callback_data"])
    await office.works()
    admin.sees("dicabut")
    assert audit(office).count("cabut_peran") == 1


async def test_a_revoked_person_may_be_invited_again(
    admin: Actor, head: Actor, office: Harness
) -> None:
    code = await invited(admin, "kepala unit kerja", PELAYANAN)
    await head.scans(code)
    await head.taps("Ya, benar")
    await admin.taps("Cabut")
    await head.scans(code)
    assert head.text == DEAD
    await leads(admin, head, PELAYANAN)
    assert people_with_roles(office) == [(501, "kepala_unit"), (ADMIN, "admin")]


async def test_people_and_open_invitations_are_listed_and_revoked_there(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await leads(admin, head, PELAYANAN)
    await invited(admin, "camat")
    await admin.says("/undang")
    admin.sees("Peran yang berlaku: 2", "belum dipakai: 1")
    await admin.fills("[Undangan (1)]", "[Camat Pakong – 13 Jul 2026]", "[Cabut]", "/undang")
    await admin.taps("Orang dan perannya (2)", f"Kepala {PELAYANAN}")
    admin.sees("Sejak 6 Jul 2026", "501")
    await admin.taps("Cabut")
    assert people_with_roles(office) == [(ADMIN, "admin")]


async def test_kelola_leads_to_the_people_and_their_roles(admin: Actor) -> None:
    await admin.fills("/kelola", "[Orang, peran dan undangan]")
    admin.sees("Peran yang berlaku: 1")


async def test_the_last_admin_cannot_be_removed(admin: Actor, office: Harness) -> None:
    await admin.fills("/undang", "[Orang dan perannya]", "[Admin]", "[Cabut]")
    assert admin.toast == "Ini admin terakhir; undang admin lain dulu."
    assert people_with_roles(office) == [(ADMIN, "admin")]


async def test_an_admin_who_is_removed_stays_so_and_his_links_die(
    admin: Actor, head: Actor, other: Actor, office: Harness
) -> None:
    await head.scans(await invited(admin, "admin", "Kosongkan"))
    await head.taps("Ya, benar")
    code = await invited(admin, "admin", "Kosongkan")
    await head.fills("/undang", "[Orang dan perannya]", "[Admin (admin)]")
    head.sees(str(ADMIN))
    await head.taps("Cabut")
    await other.scans(code)
    assert other.text == DEAD
    await office.restarts()  # he still stands in telegram.admins
    assert people_with_roles(office) == [(501, "admin")]


async def test_two_admins_who_remove_each_other_at_once_leave_one(
    admin: Actor, head: Actor, office: Harness
) -> None:
    await head.scans(await invited(admin, "admin", "Kosongkan"))
    await head.taps("Ya, benar")
    first, second = office.stored.role_ids()
    for actor, role in ((admin, second), (head, first)):
        message = actor.screen["message_id"]
        office.world.tap(actor.id, actor.chat, message, write_tap(to("peran-cabut", role)))
    await office.works()
    assert len(people_with_roles(office)) == 1


@pytest.mark.parametrize("typed", ["/undang", "/undang camat", "/undang '; DROP TABLE role --"])
async def test_only_an_admin_may_invite(typed: str, citizen: Actor, office: Harness) -> None:
    await citizen.says(typed)
    citizen.sees("tidak tersedia untuk Anda")
    assert audit(office) == []


# --- the unit kerja --------------------------------------------------------------------------


async def test_an_office_begins_with_the_seven_unit_kerja(office: Harness) -> None:
    names = office.stored.unit_kerja_names()
    assert len(names) == 7
    assert names[0] == "Subbag Umum dan Kepegawaian"
    assert names[-1] == PELAYANAN


async def test_an_office_that_ran_before_gets_them_once(office: Harness) -> None:
    with office.app.office.database.write() as db:
        db.exec_driver_sql("DELETE FROM unit WHERE kerja")
        rows.forget(db, [office_facts.KERJA_SEEDED])
        bootstrap.seed(db, office.config)
        assert people.has_admin(db)
    assert office.stored.unit_kerja_count() == 7
    with office.app.office.database.write() as db:
        db.exec_driver_sql("UPDATE unit SET kerja = false")
        bootstrap.seed(db, office.config)
    assert office.stored.unit_kerja_count() == 0
