"""The chat page in a real browser, with the demo's bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from cli.demo.crowd import crowd, simulate_day
from cli.demo.environment import GROUP, TOKEN, Demo
from cli.demo.officers import ADMIN, CAMAT
from simulator.bot_api import dispatch
from simulator.http.server import serve
from simulator.model.files import Upload
from simulator.world import World
from storage import catalogue
from tests.chromium import chromium, may_skip
from tests.harness import local
from tests.simulator.browser import PageUser, demonstration, foreign_page, page_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(may_skip(), reason="no Chromium here, and PUAS_TEST_NO_SKIP is unset"),
]

QR = "/?start=l_ktp-el"
GROUP_PAGE = f"/?as={ADMIN}&chat={GROUP}"
MARKUP = "<img src=x onerror=alert(1)>\u202eterbalik\u202c \u0645\u0631\u062d\u0628\u0627 👩‍🔧 "


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    """The demo's office, with its admin and the Camat's group; each test is a new citizen there."""
    async with demonstration() as demo:
        yield demo


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser, demo: Demo) -> AsyncIterator[PageUser]:
    """A user of the page on a phone."""
    async with page_user(browser, demo.server.url) as phone:
        yield phone


async def bot_calls(demo: Demo, method: str, **values: object) -> None:
    """Call the Bot API as the bot."""
    status, body = await dispatch.call(demo.world, TOKEN, method, values)
    assert status == 200, body


async def citizens_answer(demo: Demo, people: int) -> None:
    """Let simulated citizens answer the survey."""
    services = [s.slug for s in await demo.app.turns.do(catalogue.active_services)]
    await simulate_day(crowd(demo.phones, demo.browsers, people, 1, services), [])


# Citizens


async def test_a_citizen_completes_the_survey_by_taps(phone: PageUser) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.sees("± 3 menit")
    await phone.taps("Setuju, mulai")
    await phone.answers()
    await phone.taps("✅ Kirim")
    await phone.sees("Tanda terima:")
    assert await phone.overflow() == 0


async def test_a_citizen_completes_the_survey_with_the_keyboard_only(phone: PageUser) -> None:
    await phone.opens()
    await phone.tabs_to("Warga baru")
    await phone.presses("Enter")
    await phone.focuses("Mulai")
    await phone.enters()
    skipped, given = ["Lewati"] * 4, ["Sangat|Gratis|Dikelola|Semua|Selalu"] * 5
    for label in ("KTP-el", "Setuju, mulai", *skipped, *given, *["Tidak menjawab"] * 4, "✅ Kirim"):
        await phone.tabs_to(label)
        await phone.enters()
    await phone.sees("Tanda terima:")


async def test_enter_sends_a_typed_command(phone: PageUser) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.tabs_to("Tulis pesan")
    await phone.page.keyboard.type("/bantuan")
    await phone.enters()
    await phone.sees("ingin tahu apakah Bapak/Ibu puas")


async def test_a_qr_code_creates_a_new_citizen_and_a_reload_does_not(
    phone: PageUser, demo: Demo
) -> None:
    before = len(demo.world.state.people)
    await phone.opens(QR)
    await phone.sees("Anda: Warga ")
    first = await phone.page.get_by_text("Anda: Warga ").last.inner_text()
    await phone.page.reload()
    await phone.taps("Mulai")
    await phone.sees("KTP-el")
    await phone.sees(first)
    assert len(demo.world.state.people) == before + 1
    await phone.opens(QR)
    await phone.page.get_by_text(first).wait_for(state="hidden")
    await phone.sees("Anda: Warga ")
    assert len(demo.world.state.people) == before + 2


async def test_the_bots_own_pages_are_one_link_away(phone: PageUser) -> None:
    await phone.opens()
    for label, seen in {"Isi di browser": "KTP-el", "Layar loket": "Setuju, mulai"}.items():
        async with phone.page.expect_popup() as opened:
            await phone.page.get_by_role("link", name=label).click()
        pages = await opened.value
        await pages.get_by_role("button", name=seen).wait_for()
        assert await pages.evaluate("window.opener") is None


async def test_a_link_opened_as_an_admin_starts_in_the_admins_chat(phone: PageUser) -> None:
    await phone.opens()
    await phone.page.get_by_label("Pindai QR").fill("https://t.me/puas700000001bot?start=l_kk")
    await phone.page.get_by_label("sebagai").select_option("sebagai Admin")
    await phone.taps("Buka")
    await phone.taps("Mulai")
    await phone.sees("/start l_kk")
    await phone.sees("Anda: Admin")


async def test_a_question_replaces_the_previous_one(phone: PageUser) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.taps("Setuju, mulai")
    for number in range(1, 4):
        await phone.sees(f"Pertanyaan {number} dari 9")
        assert await phone.page.get_by_role("article").count() == 2
        await phone.page.locator(".key").first.click()


async def test_a_tap_on_an_old_screen_shows_a_toast(phone: PageUser) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.taps("Setuju, mulai")
    await phone.sees("Pertanyaan 1 dari 9")
    await phone.says("/mulai")
    await phone.taps("Lanjutkan (0/9)")
    await phone.page.get_by_role("button", name="Lewati").nth(1).click()
    await phone.sees("Pertanyaan 2 dari 9")
    await phone.page.get_by_role("button", name="Lewati").first.click()
    await phone.page.get_by_role("status").get_by_text("Layar ini sudah lama").wait_for()


async def test_markup_in_a_suggestion_is_shown_as_text(phone: PageUser, demo: Demo) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.taps("Setuju, mulai")
    await phone.answers()
    await phone.taps("✍ Tulis saran")
    await phone.sees("Ketik saran Anda")
    await phone.says(MARKUP + "x" * (1000 - len(MARKUP) - 1))
    await phone.sees("Saran Anda:")
    own = phone.page.locator(".out .text").last
    assert (await own.inner_text()).startswith(MARKUP.strip())
    assert await phone.page.locator("#log .text img").count() == 0
    assert await phone.overflow() == 0


# Messages of the bot


async def test_entities_are_shown_at_their_utf16_offsets(phone: PageUser, demo: Demo) -> None:
    await phone.opens(f"/?as={ADMIN}")
    text = (
        '😀👩‍🔧 <b>tebal <i>miring</i></b> <a href="https://contoh.id/x">tautan</a>'
        ' <a href="tg://settings">dalam</a> &lt;b&gt; <code>A-1</code>'
    )
    await bot_calls(demo, "sendMessage", chat_id=ADMIN, text=text, parse_mode="HTML")
    last = phone.page.locator(".in .text").last
    await last.get_by_text("tautan").wait_for()
    assert await last.locator("strong").inner_text() == "tebal miring"
    assert await last.locator("strong em").inner_text() == "miring"
    assert await last.locator("a").evaluate_all("nodes => nodes.map(n => n.href)") == [
        "https://contoh.id/x"
    ]
    assert "<b>" in await last.inner_text()


async def test_a_button_with_a_link_to_the_bot_opens_the_private_chat(
    phone: PageUser, demo: Demo
) -> None:
    await phone.opens(f"/?as={ADMIN}")
    link = {"text": "Nilai KK", "url": f"https://t.me/{demo.app.office.username}?start=l_kk"}
    markup = {"inline_keyboard": [[link, {"text": "Luar", "url": "https://contoh.id/"}]]}
    await bot_calls(demo, "sendMessage", chat_id=ADMIN, text="Coba", reply_markup=markup)
    over_http = phone.page.get_by_role("link", name="Luar")
    assert await over_http.get_attribute("rel") == "noopener noreferrer"
    await phone.taps("Nilai KK")
    await phone.taps("Mulai")
    await phone.sees("/start l_kk")


async def test_a_document_is_downloaded_and_not_opened(
    phone: PageUser, demo: Demo, tmp_path: Path
) -> None:
    await phone.opens(f"/?as={ADMIN}")
    content = b"<script>alert(1)</script>"
    sent = Upload("laporan <b>.html", content, "text/html")
    status, _ = await dispatch.call(
        demo.world, TOKEN, "sendDocument", {"chat_id": ADMIN}, {"document": sent}
    )
    assert status == 200
    async with phone.page.expect_download() as download:
        await phone.page.get_by_role("link", name="laporan <b>.html").click()
    await (await download.value).save_as(tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == content


async def test_a_citizen_who_sends_a_file_is_shown_the_buttons_again(
    phone: PageUser, demo: Demo, tmp_path: Path
) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.taps("Setuju, mulai")
    await phone.sees("Pertanyaan 1 dari 9")
    letter = tmp_path / "surat.txt"
    letter.write_text("Halo")
    await phone.page.get_by_label("Kirim berkas").set_input_files(letter)
    await phone.sees("surat.txt")
    await phone.sees("Silakan jawab dengan menekan")


async def test_the_menu_shows_the_commands_of_the_chat(phone: PageUser, demo: Demo) -> None:
    await phone.opens(f"/?as={ADMIN}")
    await phone.taps("Menu perintah")
    await phone.taps("/ringkasan")
    await phone.sees("Pratinjau – belum dikirim")
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.taps("Menu perintah")
    commands = phone.page.locator("#commands")
    await commands.get_by_text("/hasil").wait_for()
    assert await commands.get_by_text("/ringkasan").count() == 0


async def test_a_citizen_cannot_write_to_a_blocked_bot_until_it_is_unblocked(
    phone: PageUser, demo: Demo
) -> None:
    await phone.opens(QR)
    await phone.taps("Mulai")
    await phone.sees("Setuju, mulai")
    await phone.taps("Blokir")
    await phone.focuses("Buka blokir")
    assert await phone.page.get_by_label("Tulis pesan").is_hidden()
    await phone.presses("Enter")
    await phone.says("/bantuan")
    await phone.sees("ingin tahu apakah Bapak/Ibu puas")


async def test_a_new_message_does_not_scroll_away_from_older_messages(
    phone: PageUser, demo: Demo
) -> None:
    await phone.opens(f"/?as={ADMIN}")
    log = phone.page.get_by_role("log")
    for number in range(30):
        await bot_calls(demo, "sendMessage", chat_id=ADMIN, text=f"Kabar {number}")
    await phone.sees("Kabar 29")
    assert await log.evaluate("node => node.scrollHeight - node.scrollTop - node.clientHeight") < 2
    await log.evaluate("node => { node.scrollTop = 0; }")
    await bot_calls(demo, "sendMessage", chat_id=ADMIN, text="Kabar terakhir")
    await phone.page.get_by_text("Kabar terakhir").wait_for(state="attached")
    assert await log.evaluate("node => node.scrollTop") == 0


async def test_messages_sent_while_the_connection_was_down_are_shown_after_it_returns(
    browser: Browser,
) -> None:
    world = World(limits=None)
    await dispatch.call(world, TOKEN, "getMe", {})
    world.add_person(7, "Siti")
    server = await serve(world)
    async with page_user(browser, server.url) as phone:
        await phone.opens("/?as=7")
        await phone.sees("Anda: Siti")
        await server.close()
        world.say(7, 7, "/start tanpa-garis")
        server = await serve(world, int(server.url.rpartition(":")[2]))
        await phone.sees("/start tanpa-garis")
        phone.ignores("net::ERR_")
    await server.close()


async def test_hidden_tabs_leave_their_connection_to_the_others_and_catch_up_when_shown(
    phone: PageUser, demo: Demo
) -> None:
    first = phone.page
    for number in range(6):
        await phone.opens(f"/?as={ADMIN}")
        await phone.sees("Anda: ")
        await phone.shows_tab(False)
        if number == 0:
            await bot_calls(demo, "sendMessage", chat_id=ADMIN, text="Kabar selagi tersembunyi")
        phone.page = await phone.context.new_page()
    await phone.opens(f"/?as={ADMIN}")
    await phone.says("/bantuan")
    await phone.sees("Untuk petugas kantor")
    phone.page = first
    assert await first.get_by_text("Kabar selagi tersembunyi").count() == 0
    await phone.shows_tab(True)
    await phone.sees("Kabar selagi tersembunyi")


# The group and the clock


async def test_the_first_screen_leads_to_the_camat_where_there_is_one(
    browser: Browser, demo: Demo
) -> None:
    async with page_user(browser, demo.server.url, desktop=True) as user:
        card = user.page.get_by_role("button", name="Membaca ringkasan, IKU")
        await user.opens()
        await user.sees("Siapa Anda?")
        assert not await card.is_visible()
        demo.phones.add(CAMAT, first_name="Camat", role="Camat")
        await user.opens()
        await card.click()
        await user.sees("bot · Anda: Camat")


async def test_the_admin_opens_the_group_and_writes_there(phone: PageUser, demo: Demo) -> None:
    await phone.opens()
    await phone.page.get_by_role("link", name="Camat Pakong").click()
    await phone.sees("grup · Anda: Admin")
    await phone.says("Selamat pagi")
    await phone.page.locator(".out").get_by_text("Selamat pagi").wait_for()
    assert demo.world.transcript(GROUP)[-1]["from"]["id"] == ADMIN


async def test_the_admin_sends_the_summary_after_the_lock_and_the_group_gets_it_with_its_picture(
    browser: Browser,
) -> None:
    async with demonstration() as demo, page_user(browser, demo.server.url) as phone:
        await citizens_answer(demo, 8)
        await phone.opens(GROUP_PAGE)
        await phone.moves_clock("Maju ke akhir triwulan", "Kam, 1 Okt 2026 00.00 WIB")
        await phone.moves_clock("Maju ke hari kunci", "Rab, 7 Okt 2026 08.00 WIB")
        await phone.opens(f"/?as={ADMIN}")
        await phone.taps("Kirim sekarang")
        await phone.sees("segera dikirim ke grup")
        await phone.opens(GROUP_PAGE)
        picture = phone.page.locator("#log img")
        await picture.wait_for()
        width = "async node => (await node.decode(), node.naturalWidth)"
        assert await picture.evaluate(width) == 1080
        above = "n => n.getBoundingClientRect().top - n.closest('#log').getBoundingClientRect().top"
        assert await picture.evaluate(above) >= 0
        await phone.sees(" – mutu ")
        await phone.taps("Rincian")
        await phone.taps("Mulai")
        await phone.sees("Unsur · Kecamatan Pakong, Triwulan III 2026")


async def test_the_clock_buttons_agree_with_the_offices_calendar(
    phone: PageUser, demo: Demo
) -> None:
    calendar = demo.app.office.calendar
    script = """async now => {
        const { moves } = await import("/page/clock.js");
        return moves(new Date(now)).slice(-2).map(({ at }) => at.toISOString());
    }"""
    await phone.opens()
    for moment in (
        "2026-07-06 09:00", "2026-09-30 23:59:59", "2026-10-01 00:00", "2026-10-07 07:59:59",
        "2026-10-07 08:00", "2026-12-31 12:00", "2027-01-07 08:00", "2028-02-29 03:00",
    ):  # fmt: skip
        now = local(moment)
        quarter = calendar.containing(now)
        locks = [calendar.lock_at(end) for end in (quarter.start, quarter.end)]
        moments = await phone.page.evaluate(script, now.isoformat())
        assert [datetime.fromisoformat(at) for at in moments] == [
            quarter.end,
            min(at for at in locks if at > now),
        ], moment


async def test_a_message_in_another_chat_is_marked_as_unread(phone: PageUser, demo: Demo) -> None:
    await phone.opens(GROUP_PAGE)
    await phone.sees("grup · Anda: Admin")
    await bot_calls(demo, "sendMessage", chat_id=ADMIN, text="Ada kabar")
    await phone.page.get_by_role("link", name="Kembali ke daftar").click()
    await phone.page.get_by_role("link", name="Admin ada pesan baru").click()
    await phone.sees("Ada kabar")
    assert await phone.page.locator("#elsewhere").is_hidden()


# Without the demo


async def test_the_page_says_that_there_is_no_bot_until_one_registers(browser: Browser) -> None:
    world = World(limits=None)
    server = await serve(world)
    async with page_user(browser, server.url) as phone:
        await phone.opens()
        await phone.sees(f"Arahkan telegram.api_root bot Anda ke {server.url}")
        await dispatch.call(world, TOKEN, "getMe", {})
        await phone.page.get_by_text("Arahkan").wait_for(state="hidden")
        await phone.taps("Admin baru")
        await phone.sees("Anda: Admin 1")
        await phone.opens()
        await phone.taps("Buat grup Camat")
        await phone.sees("grup · Anda: Admin 1")
    await server.close()


async def test_one_of_two_bots_can_be_chosen(browser: Browser) -> None:
    world = World(limits=None)
    server = await serve(world)
    for number in ("700000001", "700000002"):
        await dispatch.call(world, f"{number}:{'x' * 30}", "getMe", {})
    async with page_user(browser, server.url) as phone:
        await phone.opens()
        await phone.page.get_by_role("combobox", name="Bot").select_option("@puas700000002bot")
        await phone.taps("Warga baru")
        await phone.taps("Mulai")
        await phone.page.locator(".out").get_by_text("/start").wait_for()
    assert [len(bot.private_chats) for bot in world.state.bots.values()] == [0, 1]
    await server.close()


async def test_a_foreign_page_cannot_use_the_sim_interface(phone: PageUser, demo: Demo) -> None:
    script = "url => fetch(url, {method: 'POST', mode: 'no-cors', body: '{\"id\": 666}'})"
    async with foreign_page() as url:
        await phone.page.goto(url)
        await phone.page.evaluate(script, f"{demo.server.url}/sim/people")
    assert 666 not in demo.world.state.people
    phone.ignores("403 (Forbidden)")


# Layout


async def test_every_screen_is_accessible_and_fits_a_phone_and_a_desktop_light_and_dark(
    browser: Browser,
) -> None:
    async with demonstration() as demo, page_user(browser, demo.server.url) as user:
        await citizens_answer(demo, 8)
        await user.opens()
        await user.is_accessible()
        calendar = demo.app.office.calendar
        locked = calendar.lock_at(calendar.containing(demo.world.clock.now()).end)
        for moment in (locked, calendar.group_at(locked)):
            await demo.move_clock_to(moment + timedelta(seconds=1))
        await user.opens(GROUP_PAGE)
        await user.page.locator("#log img").wait_for()
        await user.is_accessible()
        await user.opens(QR)
        await user.is_accessible()
        await user.taps("Mulai")
        await user.taps("Menu perintah")
        await user.taps("Setuju, mulai")
        await user.sees("Pertanyaan 1 dari 9")
        await user.is_accessible()
