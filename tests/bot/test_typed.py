"""What citizens type in the chat: suggestions, edits, greetings, and texts after *Kirim*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from office.words import all_words
from office.words.all_words import CitizenWords
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_void import receipt, voids
from tests.harness import BOTH_DATABASES, Actor, Harness, plain

pytestmark = pytest.mark.parametrize("language", ["id", "en"])
NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)
NIK, PHONE, EMAIL = "3528 0141 0190 0001", "0812-3456-7890", "siti@surel.id"


@dataclass(frozen=True)
class Somebody:
    """A citizen, and the words of his language."""

    actor: Actor
    words: CitizenWords

    async def reviews(self) -> None:
        """Answer everything, up to the review."""
        await self.actor.begins()
        await self.actor.answers(*NINE)
        await self.actor.declines()

    async def sends(self) -> None:
        """Press *Kirim*."""
        await self.actor.taps(self.words.send())

    async def edits(self, before: str, after: str) -> None:
        """Edit an own message."""
        (message,) = [m for m in self.actor.messages if m.get("text") == before]
        actor = self.actor
        actor.office.world.edit(actor.id, actor.chat, message["message_id"], after)
        await actor.office.works()

    def shown(self) -> str:
        """Everything that the bot's messages show."""
        messages = self.actor.messages
        return "\n".join(m.get("text", "") for m in messages if m["from"]["is_bot"])


@pytest.fixture
def somebody(person: Callable[..., Actor], language: str) -> Somebody:
    """A citizen with a phone in this language."""
    return Somebody(person(101, language), all_words.load().of(language))


@BOTH_DATABASES
async def test_a_suggestion_in_several_messages_is_joined_until_it_is_sent(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    for text in ("Kursinya kurang", "<b>Panas</b> & sempit", "Terima kasih"):
        await somebody.actor.says(text)
    whole = "Kursinya kurang\n<b>Panas</b> & sempit\nTerima kasih"
    somebody.actor.sees(whole)
    await somebody.sends()
    assert office.stored.suggestions() == [whole]


async def test_the_limit_holds_for_all_messages_together(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("😀" * 900)
    await somebody.actor.says("b" * 100)
    somebody.actor.sees("1001", "1000")
    assert office.stored.draft_suggestions() == ["😀" * 900]
    await somebody.edits("b" * 100, "b" * 99)
    await somebody.actor.taps(somebody.words.look())
    somebody.actor.sees("😀" * 900 + "\n" + "b" * 99)


async def test_an_edited_message_changes_its_part_of_the_suggestion(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Kursi")
    await somebody.actor.says("Loket")
    await somebody.edits("Kursi", "Kursinya kurang")
    somebody.actor.sees("Kursinya kurang\nLoket")
    await somebody.sends()
    assert office.stored.suggestions() == ["Kursinya kurang\nLoket"]


async def test_an_edit_that_is_too_long_is_said_and_leaves_the_suggestion(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Kursi")
    await somebody.edits("Kursi", "x" * 1001)
    somebody.actor.sees(plain(somebody.words.edit_not_taken(most=1000)))
    await somebody.edits("x" * 1001, "\x07")
    somebody.actor.sees(plain(somebody.words.edit_not_taken(most=1000)))
    assert office.stored.draft_suggestions() == ["Kursi"]


async def test_an_edit_before_the_review_changes_nothing_and_says_nothing(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.actor.begins()
    await somebody.actor.says("Kursi")
    before = len(somebody.actor.messages)
    await somebody.edits("Kursi", "Kursinya")
    assert len(somebody.actor.messages) == before
    assert office.stored.draft_suggestions() == [None]


async def test_the_suggestion_can_be_deleted_at_the_review(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Kursi")
    await somebody.actor.taps(somebody.words.unsay())
    somebody.actor.sees_not("Kursi")
    assert somebody.words.unsay() not in somebody.actor.labels()
    await somebody.sends()
    assert office.stored.suggestion_count() == 0


@pytest.mark.parametrize("greeting", ["Halo", "Assalamu'alaikum", "mulai", "Hai!!", "hello"])
async def test_a_greeting_at_the_review_is_no_suggestion(
    greeting: str, somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    review = somebody.actor.text
    await somebody.actor.says(greeting)
    assert somebody.actor.text == review
    assert office.stored.draft_suggestions() == [None]


@pytest.mark.parametrize("held", [NIK, PHONE, EMAIL])
@pytest.mark.parametrize("choice", ["save_without", "save_as_is", "do_not_write"])
async def test_what_tells_who_somebody_is_is_pointed_out_before_it_is_stored(
    choice: str, held: str, somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says(f"Hubungi {held} ya")
    kind = {NIK: "personal_nik", PHONE: "personal_phone", EMAIL: "personal_email"}[held]
    somebody.actor.sees(getattr(somebody.words, kind)())
    assert held not in office.everything()
    answer = somebody.actor.screen
    await somebody.actor.taps(getattr(somebody.words, choice)())
    expected = {"save_without": "Hubungi … ya", "save_as_is": f"Hubungi {held} ya"}.get(choice)
    assert office.stored.draft_suggestions() == [expected]
    await somebody.actor.taps(getattr(somebody.words, choice)(), on=answer)
    assert office.stored.draft_suggestions() == [expected]
    await somebody.sends()
    assert office.stored.suggestions() == ([expected] if expected else [])


async def test_who_removes_the_number_by_an_edit_needs_no_button(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says(f"Hubungi {PHONE}")
    await somebody.edits(f"Hubungi {PHONE}", "Hubungi kami")
    somebody.actor.sees("Hubungi kami")
    assert office.stored.draft_suggestions() == ["Hubungi kami"]


async def test_a_number_in_an_edit_is_pointed_out_and_the_old_part_stays(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Hubungi saya")
    await somebody.edits("Hubungi saya", f"Hubungi {PHONE}")
    assert office.stored.draft_suggestions() == ["Hubungi saya"]
    await somebody.actor.taps(somebody.words.save_without())
    assert office.stored.draft_suggestions() == ["Hubungi …"]


async def test_a_text_after_sending_is_not_stored_unasked_and_can_be_added(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Kursi kurang")
    await somebody.sends()
    await somebody.actor.says("Loketnya juga <b>panas</b>")
    somebody.actor.sees(plain(somebody.words.already_sent()))
    assert "panas" not in office.everything()
    answer = somebody.actor.screen
    for _ in range(2):
        await somebody.actor.taps(somebody.words.add_suggestion(), on=answer)
        somebody.actor.sees(somebody.words.suggestion_added())
    assert office.stored.suggestions() == ["Kursi kurang\nLoketnya juga <b>panas</b>"]
    assert office.stored.response_count() == 1


async def test_an_added_text_makes_a_suggestion_where_there_was_none(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.sends()
    await somebody.actor.says(f"Hubungi {PHONE}")
    await somebody.actor.taps(somebody.words.add_suggestion())
    somebody.actor.sees(somebody.words.personal_phone())
    assert office.stored.suggestion_count() == 0
    await somebody.actor.taps(somebody.words.save_without())
    assert office.stored.suggestions() == ["Hubungi …"]


async def test_an_added_text_goes_to_the_newest_response(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Pertama")
    await somebody.sends()
    await office.waits(days=1)
    await somebody.actor.scans("l_sktm")
    await somebody.actor.taps(somebody.words.agree())
    await somebody.actor.answers(*NINE)
    await somebody.actor.declines()
    await somebody.sends()
    await somebody.actor.says("Kedua")
    await somebody.actor.taps(somebody.words.add_suggestion())
    assert sorted(office.stored.suggestions()) == ["Kedua", "Pertama"]


async def test_an_edit_after_sending_is_answered_truthfully(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("Kursi kurang")
    await somebody.sends()
    await somebody.edits("Kursi kurang", "Kursi sangat kurang")
    somebody.actor.sees(plain(somebody.words.already_sent()))
    assert office.stored.suggestions() == ["Kursi kurang"]


async def test_what_is_added_holds_the_limit_with_what_is_there(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.actor.says("x" * 900)
    await somebody.sends()
    await somebody.actor.says("y" * 100)
    await somebody.actor.taps(somebody.words.add_suggestion())
    somebody.actor.sees("1001")
    assert office.stored.suggestions() == ["x" * 900]


async def test_a_text_too_old_to_be_read_is_asked_for_again(
    somebody: Somebody, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.sends()
    await somebody.actor.says("Kursi kurang")
    answer = somebody.actor.screen
    office.world.forget(somebody.actor.chat, answer["message_id"])
    await somebody.actor.taps(somebody.words.add_suggestion(), on=answer)
    somebody.actor.sees(somebody.words.text_gone())
    assert office.stored.suggestion_count() == 0


async def test_after_the_lock_nothing_can_be_added(somebody: Somebody, office: Harness) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 5)
    await somebody.reviews()
    await somebody.sends()
    await somebody.actor.says("Kursi kurang")
    answer = somebody.actor.screen
    await office.reaches("2026-10-01 00:01")
    await office.reaches("2026-10-12 08:00")
    assert office.stored.period_status("2026-TW3") == ["locked"]
    await somebody.actor.taps(somebody.words.add_suggestion(), on=answer)
    somebody.actor.sees(somebody.words.too_late_to_add())
    await somebody.actor.says("Kursi masih kurang")
    somebody.actor.sees("Kursi masih kurang")
    assert somebody.words.add_suggestion() not in somebody.actor.labels()
    assert office.stored.suggestion_count() == 0


async def test_hapus_data_deletes_an_added_suggestion(somebody: Somebody, office: Harness) -> None:
    await somebody.reviews()
    await somebody.sends()
    await somebody.actor.says("Kursi kurang")
    answer = somebody.actor.screen
    await somebody.actor.taps(somebody.words.add_suggestion())
    await somebody.actor.says("/hapus_data")
    await somebody.actor.taps(somebody.words.erase_yes())
    await somebody.actor.taps(somebody.words.add_suggestion(), on=answer)
    assert somebody.words.too_late_to_add() in somebody.shown()
    assert office.stored.suggestion_count() == 0
    assert "Kursi kurang" not in office.everything()


async def test_a_voided_response_takes_an_added_suggestion_with_it(
    somebody: Somebody, admin: Actor, office: Harness
) -> None:
    await somebody.reviews()
    await somebody.sends()
    code = receipt(somebody.actor)
    await somebody.actor.says("Kursi kurang")
    answer = somebody.actor.screen
    await somebody.actor.taps(somebody.words.add_suggestion())
    await voids(admin, code)
    assert office.stored.voided_count() == 1
    assert office.stored.suggestion_count() == 0
    await somebody.actor.taps(somebody.words.add_suggestion(), on=answer)
    somebody.actor.sees(somebody.words.too_late_to_add())


@pytest.mark.parametrize("text", ["Mulai", "halo", "Hai", "Assalamualaikum wr. wb.", "hello"])
async def test_a_greeting_with_nothing_open_shows_the_services(
    text: str, somebody: Somebody
) -> None:
    for _ in range(2):
        await somebody.actor.says(text)
        assert "KTP-el" in " ".join(somebody.actor.labels())
        somebody.actor.sees_not(somebody.words.nothing_open())


async def test_a_part_of_a_services_name_shows_it(somebody: Somebody) -> None:
    await somebody.actor.says("ktp")
    assert somebody.actor.labels()
    assert all("KTP" in label for label in somebody.actor.labels())


async def test_any_text_with_nothing_open_leads_to_the_services(somebody: Somebody) -> None:
    await somebody.actor.says("mau tanya jam buka")
    somebody.actor.sees("mau tanya jam buka")
    assert "KTP-el" in " ".join(somebody.actor.labels())


async def test_a_sticker_with_nothing_open_leads_to_the_services(
    somebody: Somebody, office: Harness
) -> None:
    office.world.send_sticker(somebody.actor.id, somebody.actor.chat)
    await office.works()
    assert "KTP-el" in " ".join(somebody.actor.labels())


async def test_the_review_shows_the_own_answers_on_request_and_hides_them(
    somebody: Somebody, language: str
) -> None:
    await somebody.actor.begins()
    await somebody.actor.answers(0, 4, *NINE[2:])
    await somebody.actor.answers(1)
    await somebody.actor.declines(3)
    words = somebody.words
    expected = {
        "id": (f"Persyaratan: {words.answer_skipped()}", "Jenis kelamin: Laki-laki"),
        "en": (f"Requirements: {words.answer_skipped()}", "Sex: Male"),
    }[language]
    somebody.actor.sees_not(*expected)
    await somebody.actor.taps(words.look())
    somebody.actor.sees(*expected)
    await somebody.actor.taps(words.hide())
    somebody.actor.sees_not(*expected)


@pytest.mark.parametrize("way", ["send", "text", "command", "older review"])
async def test_shown_answers_are_gone_after_whatever_comes_next(
    way: str, somebody: Somebody, language: str
) -> None:
    await somebody.reviews()
    older = somebody.actor.screen
    name = {"id": "Persyaratan: ", "en": "Requirements: "}[language]
    await somebody.actor.says("Kursi")
    await somebody.actor.taps(somebody.words.look())
    somebody.actor.sees(name)
    if way == "send":
        await somebody.sends()
    elif way == "text":
        await somebody.actor.says("Loket")
    elif way == "command":
        await somebody.actor.says("/privasi")
    else:
        await somebody.actor.taps(somebody.words.send(), on=older)
    assert name not in somebody.shown()


async def test_the_review_says_that_answers_count_without_sending(somebody: Somebody) -> None:
    await somebody.reviews()
    somebody.actor.sees(plain(somebody.words.counted()).strip())
    await somebody.actor.says("/batal")
    await somebody.actor.begins()
    await somebody.actor.answers(3, 3, 3, 3, 0, 0, 0, 0, 0)
    await somebody.actor.declines()
    somebody.actor.sees_not(plain(somebody.words.counted()).strip())
