"""/gugurkan: an admin removes one response from the figures, with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
REASON = "Diisi dua kali oleh orang yang sama"


def receipt(citizen: Actor) -> str:
    """The receipt code on the citizen's last screen."""
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", citizen.text)
    assert code is not None
    return code[0]


async def voids(admin: Actor, code: str, reason: str = REASON) -> None:
    """Void a response by its code."""
    await admin.says("/gugurkan")
    await admin.says(code)
    await admin.says(reason)
    await admin.taps("✅ Simpan")


@pytest.fixture
async def critic(office: Harness, person: Callable[..., Actor]) -> Actor:
    """A citizen who rated KTP-el badly; five others rated it well."""
    critic = person(101)
    await critic.rates(*[1] * 9)
    await respondents.rate(office, [Respondent(NINE)] * 5)
    return critic


@pytest.fixture
async def six(office: Harness, person: Callable[..., Actor]) -> list[Actor]:
    """The same six, each of whom has a receipt."""
    people = [person(number) for number in range(101, 107)]
    for number, citizen in enumerate(people):
        await citizen.rates(*([1] * 9 if number == 0 else NINE))
    return people


@BOTH_DATABASES
async def test_a_response_is_found_by_its_receipt_and_shown_without_its_answers(
    critic: Actor, admin: Actor
) -> None:
    await admin.says("/gugurkan")
    admin.sees("tanda terima", "nomor slip")
    await admin.says(receipt(critic).lower())
    admin.sees(
        "KTP-el · 6 Jul 2026 · isi sendiri (Telegram) · Triwulan III 2026", "Mengapa digugurkan?"
    )
    await admin.says(REASON)
    admin.sees("KTP-el · 6 Jul 2026", REASON, "tidak dihitung lagi", "Tidak dapat dibatalkan")
    shown = " ".join(m.get("text", "") for m in admin.messages)
    assert "Tidak sesuai" not in shown


async def test_a_voided_response_leaves_the_figures_at_once(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    await voids(admin, receipt(critic))
    admin.sees("Digugurkan: KTP-el · 6 Jul 2026 · isi sendiri (Telegram) · Triwulan III 2026")
    assert office.stored.tally_sum(nilai=1) == 0
    assert office.stored.voided_count() == 1
    await admin.says("/periode")
    admin.sees("5 responden")
    assert office.stored.revision_count() == 0


async def test_nothing_is_voided_before_it_is_confirmed(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    await admin.says("/gugurkan")
    await admin.says(receipt(critic))
    await admin.says(REASON)
    await admin.taps("Batal")
    assert office.stored.completed_count() == 6


async def test_the_suggestion_of_a_voided_response_goes_with_it(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.fills("[✍]", "Kursinya kurang", "[✅]")
    await voids(admin, receipt(citizen))
    assert office.stored.suggestion_count() == 0


async def test_a_citizen_whose_response_was_voided_may_rate_again(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    thanks = critic.screen
    await voids(admin, receipt(critic))
    await critic.taps("Isi untuk orang lain", on=thanks)
    critic.sees("anonim")
    await critic.rates(*NINE)
    critic.sees("Tanda terima")
    assert office.stored.voided_urutan() == [(2, 1)]
    await admin.says("/periode")
    admin.sees("6 responden")


async def test_the_audit_records_who_voided_what_and_why_but_not_the_answers(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    code = receipt(critic)
    await voids(admin, code)
    ((user, target, before, reason),) = office.stored.voids()
    assert (user, target, reason) == (admin.id, "2026-TW3", REASON)
    assert "KTP-el" in str(before)
    assert code not in office.everything()


@pytest.mark.slow
async def test_voiding_after_the_close_makes_a_numbered_revision(
    six: list[Actor], group: Actor, admin: Actor, office: Harness
) -> None:
    codes = [receipt(citizen) for citizen in six]
    await office.reaches("2026-10-02 09:00")
    await voids(admin, codes[0])
    admin.sees("Dicatat sebagai revisi ke-1 Triwulan III 2026")
    await admin.says("/periode 2026-TW3")
    admin.sees(f"Revisi ke-1, 2 Okt 2026: {REASON}")
    await office.reaches("2026-10-07 08:00")
    group.sees("83,33 – mutu B", "5 responden")
    assert office.stored.office_n() == [5]


@pytest.mark.slow
async def test_a_revision_that_leaves_nobody_publishes_no_older_figure(
    six: list[Actor], group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-02 09:00")
    for citizen in six:
        await voids(admin, receipt(citizen))
    admin.sees("revisi ke-6")
    await office.reaches("2026-10-07 08:00")
    group.sees("Tidak ada responden", "Triwulan IV 2026, dihitung bersama")
    assert office.stored.result_count() == 0


async def test_after_the_lock_no_response_is_found_by_its_receipt(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    code = receipt(critic)
    await office.reaches("2026-10-07 08:00")
    await admin.says("/gugurkan")
    await admin.says(code)
    admin.sees("yang sudah dikunci tidak dapat digugurkan lagi")


async def test_a_form_left_open_over_the_lock_is_refused_with_the_reason(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-02 09:00")  # a form is forgotten after seven days
    await admin.says("/gugurkan")
    await admin.says(receipt(critic))
    await admin.says(REASON)
    await office.reaches("2026-10-07 08:00")
    form = next(m for m in admin.messages[::-1] if "Sudah benar?" in m.get("text", ""))
    await admin.taps("✅ Simpan", on=form)
    admin.sees("sudah dikunci dan tidak dapat diubah lagi")
    assert office.stored.completed_count() == 6


async def test_a_response_erased_meanwhile_is_not_voided(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-02 09:00")
    await admin.says("/gugurkan")
    await admin.says(receipt(critic))
    await admin.says(REASON)
    form = admin.screen
    await critic.fills("/hapus_data", "[Ya, hapus]")
    await admin.taps("✅ Simpan", on=form)
    admin.sees("sudah digugurkan atau sudah dihapus")
    assert office.stored.revision_reasons() == [(1, "/hapus_data")]


async def test_two_presses_void_a_response_once(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    await admin.says("/gugurkan")
    await admin.says(receipt(critic))
    await admin.says(REASON)
    admin.press("✅ Simpan")
    admin.press("✅ Simpan")
    await office.works()
    assert office.stored.audit_count("gugurkan") == 1
    assert office.stored.completed_count() == 5


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("ABCD-2345", "Tidak ada penilaian dengan kode itu"),
        ("A-1", "Tidak ada penilaian dengan kode itu"),
        ("kode <b>itu</b>", "Ketik tanda terima, contoh"),
        ("X" * 21, "Ketik tanda terima, contoh"),
        ("'; DROP TABLE response", "Ketik tanda terima, contoh"),
    ],
)
async def test_an_unknown_code_is_answered_with_one_helpful_sentence(
    code: str, answer: str, critic: Actor, admin: Actor
) -> None:
    await admin.says("/gugurkan dan lain-lain")
    await admin.says(code)
    admin.sees(answer)
    await admin.says(receipt(critic))
    admin.sees("Mengapa digugurkan?")


@pytest.mark.parametrize(
    ("reason", "answer"),
    [("x", "dengan jelas"), ("x" * 301, "301"), ("?!?!?", "huruf"), ("a\nb c d", "satu baris")],
)
async def test_a_reason_must_be_short_and_readable(
    reason: str, answer: str, critic: Actor, admin: Actor, office: Harness
) -> None:
    await admin.says("/gugurkan")
    await admin.says(receipt(critic))
    await admin.says(reason)
    admin.sees(answer)
    assert office.stored.completed_count() == 6


async def test_an_old_button_of_a_voided_response_says_that_it_ended(
    citizen: Actor, admin: Actor
) -> None:
    await citizen.begins()
    first = citizen.screen
    await citizen.answers(*NINE)
    await citizen.declines()
    await citizen.taps("✅")
    await voids(admin, receipt(citizen))
    await citizen.taps("Sesuai", on=first)
    assert citizen.toast == "Survei ini sudah berakhir. Ketik /mulai untuk mengisi lagi."


async def test_hapus_data_erases_a_voided_response_too(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await voids(admin, receipt(citizen))
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.response_count() == 0
    assert office.stored.answer_count() == 0


async def test_only_an_admin_may_void_a_response(citizen: Actor, office: Harness) -> None:
    await citizen.rates(*NINE)
    await citizen.says("/gugurkan")
    assert citizen.text == "Maaf, perintah itu tidak tersedia untuk Anda."


async def test_a_repeated_command_shows_the_current_step_of_the_form(
    critic: Actor, admin: Actor, office: Harness
) -> None:
    office.world.say(admin.id, admin.chat, "/gugurkan")
    batch = await office.app.bot.get_updates(offset=office.app.polling.offset, timeout=0)
    await office.works()
    await admin.says(receipt(critic))
    office.app.display.show(office.app.writer.handle(batch))
    await office.app.display.drained()
    admin.sees("Mengapa digugurkan?")
    await admin.says(REASON)
    admin.sees("Sudah benar?")
