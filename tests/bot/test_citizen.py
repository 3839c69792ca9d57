"""The citizen's way, from the QR to the receipt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.harness import Actor, Harness, buttons

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


async def test_a_citizen_rates_a_service_in_sixteen_taps(citizen: Actor) -> None:
    await citizen.scans("l_ktp-el")
    citizen.sees("KTP-el", "anonim", "± 3 menit")
    await citizen.taps("Setuju, mulai")
    citizen.sees("Pertanyaan 1 dari 9")
    await citizen.answers(*NINE)
    citizen.sees("Tentang Anda 1 dari 4")
    await citizen.taps("Perempuan")
    await citizen.declines(3)
    citizen.sees("Terjawab 9 dari 9")
    await citizen.taps("✅ Kirim")
    citizen.sees("Terima kasih", "Tanda terima")
    assert len(citizen.messages) == 2  # the command, and one screen edited in place


@pytest.mark.http
async def test_the_same_way_over_http(citizen: Actor, office: Harness) -> None:
    await citizen.rates(*NINE)
    citizen.sees("Tanda terima")
    assert office.stored.completed_count() == 1


async def test_an_english_phone_is_answered_in_english(person: Callable[..., Actor]) -> None:
    visitor = person(7, "en")
    await visitor.scans()
    visitor.sees("Your answers are anonymous")
    await visitor.taps("I agree")
    visitor.sees("Question 1 of 9")


async def test_the_language_can_be_changed_before_agreeing(citizen: Actor) -> None:
    await citizen.scans()
    await citizen.taps("English")
    citizen.sees("Your answers are anonymous", "KTP-el")
    await citizen.taps("I agree")
    citizen.sees("Question 1 of 9")


async def test_the_language_can_be_changed_half_way(citizen: Actor) -> None:
    await citizen.begins()
    await citizen.answers(3, 3)
    await citizen.fills("/bahasa", "[English]")
    citizen.sees("Question 3 of 9")


async def test_the_chosen_language_is_remembered(citizen: Actor) -> None:
    await citizen.fills("/bahasa", "[English]", "/mulai")
    citizen.sees("Which service")


async def test_without_a_qr_the_services_are_listed_on_pages(citizen: Actor) -> None:
    await citizen.says("/mulai")
    citizen.sees("Layanan apa")
    assert len(citizen.labels()) == 9  # eight services, and the next page
    await citizen.taps("Berikutnya", "Legalisasi")
    citizen.sees("Legalisasi", "anonim")


async def test_an_unknown_qr_offers_the_list(citizen: Actor) -> None:
    await citizen.scans("l_tidak-ada")
    citizen.sees("Layanan apa")
    assert any("tidak ditemukan" in m.get("text", "") for m in citizen.messages)


async def test_back_moves_one_question_and_the_old_answer_is_replaced(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(1, 2, 3)
    await citizen.taps("‹ Kembali", "‹ Kembali")
    citizen.sees("Pertanyaan 2 dari 9")
    await citizen.answers(4)
    citizen.sees("Pertanyaan 4 dari 9")  # straight back to where it stopped
    assert office.stored.answers() == [1, 4, 3]


async def test_earlier_answers_are_never_echoed_while_answering(citizen: Actor) -> None:
    await citizen.begins()
    before = citizen.shown().replace("1 dari 9", "")
    await citizen.answers(4)
    await citizen.taps("‹ Kembali")
    assert citizen.shown().replace("1 dari 9", "") == before


async def test_a_skipped_question_is_a_row_without_a_value(citizen: Actor, office: Harness) -> None:
    await citizen.rates(3, 0, 3, 3, 3, 3, 3, 3, 3)
    assert office.stored.answered_and_filled() == (9, 8)


async def test_too_few_answers_cannot_be_sent_but_filled_in(citizen: Actor) -> None:
    await citizen.reaches_review(0, 0, 0, 0, 0, 3, 3, 3, 3)
    citizen.sees("Terjawab baru 4 dari 9", "paling sedikit 5")
    assert not any(label.startswith("✅") for label in citizen.labels())
    await citizen.taps("Isi yang dilewati")
    citizen.sees("Pertanyaan 1 dari 9")
    await citizen.answers(3, 0, 0, 0, 0)
    citizen.sees("Terjawab 5 dari 9")
    await citizen.taps("✅")
    citizen.sees("Terima kasih")


async def test_a_double_tap_counts_once(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    first = citizen.screen
    citizen.press("Sesuai")
    citizen.press("Sesuai", on=first)
    await office.works()
    citizen.sees("Pertanyaan 2 dari 9")
    assert office.stored.answer_count() == 1


async def test_sending_twice_counts_once_and_shows_the_receipt_again(
    citizen: Actor, office: Harness
) -> None:
    await citizen.reaches_review(*NINE)
    review = citizen.screen
    await citizen.taps("✅")
    receipt = citizen.text
    await citizen.taps("✅", on=review)
    assert citizen.text == receipt
    assert citizen.toast == "Penilaian ini sudah terkirim. Terima kasih!"
    assert office.stored.response_count() == 1


async def test_agreeing_twice_begins_one_response(citizen: Actor, office: Harness) -> None:
    await citizen.scans()
    consent = citizen.screen
    citizen.press("Setuju")
    citizen.press("Setuju", on=consent)
    await office.works()
    citizen.sees("Pertanyaan 1 dari 9")
    assert office.stored.response_count() == 1


async def test_an_old_keyboard_after_back_changes_nothing_and_shows_the_current_screen(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(3)
    old = citizen.screen
    await citizen.taps("‹ Kembali")
    await citizen.taps(citizen.labels(old)[3], on=old)
    citizen.sees("Pertanyaan 1 dari 9")
    assert citizen.toast == "Layar ini sudah lama; ini yang terbaru."
    assert office.stored.answers() == [3]


async def test_a_tap_on_somebody_elses_keyboard_changes_nothing(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await citizen.begins()
    data = buttons(citizen.screen)[0]["callback_data"]
    thief = person(666)
    await thief.says("/mulai")
    office.world.tap(thief.id, thief.chat, thief.screen["message_id"], data)
    await office.works()
    thief.sees("Layanan apa")
    assert thief.toast == "Tombol ini untuk orang lain. Ketik /mulai untuk menilai."
    citizen.sees("Pertanyaan 1 dari 9")
    assert office.stored.answer_count() == 0


@pytest.mark.parametrize(
    "data",
    ["", "x", "a", "a.b.c", "a.1.PERSYARATAN.9.1", "a.zzzzzzzzzzzzz.X.1.1", "💥" * 16, "a.1.._.1"],
)
async def test_forged_buttons_are_answered_and_change_nothing(
    data: str, citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    office.world.tap(citizen.id, citizen.chat, citizen.screen["message_id"], data or "-")
    await office.works()
    assert citizen.toast
    citizen.sees("Pertanyaan 1 dari 9")
    assert office.stored.answer_count() == 0


@pytest.mark.parametrize("value", [0, 5, 9, 999999999])
async def test_a_value_off_the_scale_is_not_taken(
    value: int, citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    own = buttons(citizen.screen)[0]["callback_data"].split(".")
    own[3] = str(value)
    office.world.tap(citizen.id, citizen.chat, citizen.screen["message_id"], ".".join(own))
    await office.works()
    citizen.sees("Pertanyaan 1 dari 9")
    assert office.stored.answer_count() == 0


async def test_a_second_qr_offers_to_go_on_or_to_change(citizen: Actor, office: Harness) -> None:
    await citizen.begins("l_ktp-el")
    await citizen.answers(3, 3, 3, 3)
    await citizen.scans("l_sktm")
    citizen.sees("KTP-el", "4/9", "SKTM")
    await citizen.taps("Lanjutkan (4/9)")
    citizen.sees("Pertanyaan 5 dari 9")
    await citizen.scans("l_sktm")
    await citizen.taps("Ganti")
    citizen.sees("SKTM", "anonim")
    assert office.stored.response_count() == 0


async def test_start_while_a_survey_is_open_offers_to_go_on(citizen: Actor) -> None:
    await citizen.begins()
    await citizen.answers(3)
    await citizen.says("/start")
    citizen.sees("1/9")
    await citizen.taps("Lanjutkan")
    citizen.sees("Pertanyaan 2 dari 9")


async def test_an_old_change_button_does_not_delete_what_went_on_meanwhile(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(3)
    question = citizen.screen
    await citizen.says("/mulai")
    offer = citizen.screen
    await citizen.taps(citizen.labels(question)[2], on=question)
    await citizen.taps("Ganti", on=offer)
    assert office.stored.answer_count() == 2


async def test_already_rated_is_told_at_the_start(citizen: Actor) -> None:
    await citizen.rates(*NINE)
    await citizen.scans("l_ktp-el")
    citizen.sees("sudah menilai", "KTP-el")
    await citizen.scans("l_sktm")
    citizen.sees("SKTM", "anonim")


async def test_the_husband_rates_after_the_wife_on_the_same_phone(
    citizen: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await citizen.taps("Isi untuk orang lain")
    citizen.sees("anonim")  # another person agrees for himself
    await citizen.taps("Setuju")
    await citizen.answers(*NINE)
    await citizen.declines()
    await citizen.taps("✅")
    assert office.stored.urutan() == [1, 2]
    assert office.stored.tally_repeats() == [0, 1]


async def test_a_phone_may_rate_a_service_three_times_a_period(citizen: Actor) -> None:
    await citizen.rates(*NINE)
    for _ in range(2):
        await citizen.taps("Isi untuk orang lain", "Setuju")
        await citizen.answers(*NINE)
        await citizen.declines()
        await citizen.taps("✅")
    assert citizen.labels() == ["🔔 Kabari saya"]
    await citizen.scans("l_ktp-el")
    citizen.sees("3 kali", "lembar kertas")


async def test_an_old_button_for_somebody_else_starts_only_the_next_one(
    citizen: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    thanks = citizen.screen
    await citizen.taps("Isi untuk orang lain", "Setuju")
    await citizen.answers(*NINE)
    await citizen.declines()
    await citizen.taps("✅")
    await citizen.taps("Isi untuk orang lain", on=thanks)
    citizen.sees("sudah menilai")
    assert office.stored.response_count() == 2


async def test_a_sticker_repeats_the_buttons_once(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    for _ in range(3):
        office.world.send_sticker(citizen.id, citizen.chat)
        await office.works()
    citizen.sees("Pertanyaan 1 dari 9")
    shown = [m for m in citizen.messages if "Pertanyaan 1 dari 9" in m.get("text", "")]
    assert len(shown) == 2
    await citizen.taps("Sesuai")
    citizen.sees("Pertanyaan 2 dari 9")


async def test_a_consent_left_over_from_a_start_said_twice_counts_nothing(
    citizen: Actor, office: Harness
) -> None:
    await citizen.scans()
    left_over = citizen.screen
    await citizen.rates(*NINE)
    for _ in range(2):
        await citizen.taps("Setuju", on=left_over)
    shown = next(m for m in citizen.messages if m["message_id"] == left_over["message_id"])
    assert "sudah menilai" in shown["text"]
    assert office.stored.responses_by_status() == [(1, 1)]


@pytest.mark.parametrize("over", ["in process", pytest.param("http", marks=pytest.mark.http)])
async def test_a_document_comes_to_the_office_as_it_was_sent(
    over: str, citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.sends("SKM kertas – Januari.xlsx", b"PK\x03\x04", "Ini, Bu")
    citizen.sees("Pertanyaan 1 dari 9")
    document = next(m["document"] for m in citizen.messages if "document" in m)
    file = await office.app.bot.get_file(document["file_id"])
    content = bytes(await file.download_as_bytearray())
    assert content == b"PK\x03\x04"
    back = await office.app.bot.send_document(citizen.id, content, filename=document["file_name"])
    assert back.document is not None
    assert back.document.file_name == "SKM kertas – Januari.xlsx"


async def test_typed_text_instead_of_a_tap_is_not_an_answer(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.says("Sesuai")
    citizen.sees("Pertanyaan 1 dari 9")
    assert office.stored.answer_count() == 0


@pytest.mark.parametrize("text", ["Kursinya <b>kurang</b> & panas", "=HYPERLINK(1)", "_*[`", "😀"])
async def test_a_suggestion_is_kept_as_it_was_typed(
    text: str, citizen: Actor, office: Harness
) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.taps("✍ Tulis saran")
    citizen.sees("SP4N-LAPOR")
    await citizen.says(text)
    citizen.sees("Saran Anda:", text)
    await citizen.taps("✅")
    assert office.stored.suggestions() == [text]
    assert office.stored.draft_suggestions() == []


async def test_a_suggestion_that_is_too_long_is_asked_again(citizen: Actor) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.taps("✍")
    await citizen.says("x" * 1001)
    citizen.sees("1001 huruf", "1000")
    await citizen.says("x" * 1000)
    citizen.sees("x" * 1000)


async def test_after_a_command_a_text_at_the_review_is_the_suggestion_again(
    citizen: Actor, office: Harness
) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.fills("[✍]", "/bantuan")
    assert office.stored.draft_suggestions() == [None]
    await citizen.says("Kursi kurang")
    assert office.stored.draft_suggestions() == ["Kursi kurang"]


async def test_cancel_while_writing_returns_to_the_review(citizen: Actor) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.fills("[✍]", "/batal")
    citizen.sees("Terjawab 9 dari 9")


@pytest.mark.parametrize("way", ["✅", "sticker", "/mulai", "/batal", "/hapus_data"])
async def test_no_answer_stays_on_any_screen(way: str, citizen: Actor, office: Harness) -> None:
    await citizen.reaches_review(*NINE)
    if way == "sticker":
        office.world.send_sticker(citizen.id, citizen.chat)
        await office.works()
    elif way.startswith("/"):
        await citizen.says(way)
    if way == "/mulai":
        await citizen.taps("Lanjutkan")
    if way == "/hapus_data":
        await citizen.taps("Ya, hapus")
    elif way != "/batal":
        await citizen.taps("✅")
    shown = " ".join(m.get("text", "") for m in citizen.messages)
    assert "Persyaratan" not in shown
    assert "Sangat" not in shown


async def test_cancel_deletes_the_answers(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    await citizen.answers(3, 3)
    await citizen.says("/batal")
    citizen.sees("sudah dihapus")
    assert office.stored.answer_count() == 0
    await citizen.says("/batal")
    citizen.sees("Tidak ada survei yang sedang diisi")


async def test_a_button_of_a_cancelled_survey_says_that_it_ended(citizen: Actor) -> None:
    await citizen.begins()
    question = citizen.screen
    await citizen.says("/batal")
    await citizen.taps("Sesuai", on=question)
    assert citizen.toast == "Survei ini sudah berakhir. Ketik /mulai untuk mengisi lagi."


async def test_hapus_data_takes_everything_back(citizen: Actor, office: Harness) -> None:
    await citizen.rates(*NINE)
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    citizen.sees("sudah dihapus")
    assert office.stored.response_count() == office.stored.answer_count() == 0
    assert office.stored.suggestion_count() == office.stored.language_count() == 0
    assert office.stored.tally_sum() == 0
    await citizen.scans()
    citizen.sees("anonim")


async def test_hapus_data_can_be_declined(citizen: Actor, office: Harness) -> None:
    await citizen.rates(*NINE)
    await citizen.fills("/hapus_data", "[Tidak]")
    assert office.stored.response_count() == 1


@pytest.mark.slow
async def test_hapus_data_leaves_other_people_alone(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    other = person(102)
    await citizen.rates(*NINE)
    await other.rates(*NINE)
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.response_count() == 1


@pytest.mark.slow
async def test_after_sending_no_row_knows_the_chat(
    person: Callable[..., Actor], office: Harness
) -> None:
    stranger = person(123456789, "en", name="Siti Aminah")
    await stranger.fills("/bahasa", "[Bahasa Indonesia]")
    stranger.language = "id"
    await stranger.rates(*NINE)
    everything = office.everything()
    assert "123456789" not in everything
    assert "Siti" not in everything


@pytest.mark.parametrize("command", ["/bantuan", "/privasi", "/hasil", "/bahasa", "/mulai"])
async def test_every_command_answers_in_both_languages(
    command: str, person: Callable[..., Actor]
) -> None:
    for number, language in ((1001, "id"), (1002, "en")):
        somebody = person(number, language)
        await somebody.says(command)
        assert somebody.text


async def test_an_unknown_command_names_the_help(citizen: Actor) -> None:
    await citizen.says("/apa_saja")
    citizen.sees("/bantuan")


async def test_a_blocked_bot_does_not_stumble(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    citizen.press("Sesuai")
    office.world.block(citizen.id)
    await office.works()
    assert office.stored.answer_count() == 1
    office.world.block(citizen.id, False)
    await citizen.says("/mulai")
    citizen.sees("1/9")


@pytest.mark.parametrize(
    "data", [f"p.0.{'9' * 30}.0.1", f"m.0.{'9' * 30}.0.1", "b.1y2p0ij32e8e7.en.0.1", "p.0.1.0.0"]
)
async def test_forged_numbers_raise_nothing(data: str, citizen: Actor, office: Harness) -> None:
    await citizen.scans()
    office.world.tap(citizen.id, citizen.chat, citizen.screen["message_id"], data)
    await office.works()
    citizen.sees_not("sudah menilai")
    assert office.app.writer.failures == 0


async def test_a_suggestion_may_begin_with_a_slash(citizen: Actor, office: Harness) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.fills("[✍]", "/tapi kursinya kurang")
    citizen.sees("/tapi kursinya kurang")
    assert office.stored.draft_suggestions() == ["/tapi kursinya kurang"]


@pytest.mark.parametrize("office", [{"survey": {"instrument": "skm-2004"}}], indirect=True)
async def test_another_instrument_is_announced_with_its_own_numbers(citizen: Actor) -> None:
    await citizen.scans()
    citizen.sees("14 pertanyaan", "pertanyaan ke-14")
    await citizen.taps("Setuju")
    citizen.sees("Pertanyaan 1 dari 14")
