"""Screens, pure: from where a person stands to the text and the buttons he sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from office import conversation
from office.conversation import Kind, Tap
from office.words.all_words import CitizenWords, Html
from scoring.instrument import Questionnaire, consents

SUGGESTION_MOST = 1000
PAGE = 8
LONG = 3 * PAGE  # of more in a list, people look for one by typing
TEXT, CODE = "teks", "kode"  # fields of a form
VISIT_CODE = 20  # characters of a code of a visit, as somebody types it
TYPED = 60  # characters of what they type
ASK, YES, NO = 0, 1, 2  # values of a tap about news
NEXT_ASSISTED = "bantu-lagi"  # the route of a button

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Button:
    """A button: pressing it taps, or opens an address."""

    label: str
    tap: Tap | None = None
    url: str | None = None


Rows: TypeAlias = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class TextField:
    """A text that is awaited; in a chat the next message is it, in a browser a field of the form.

    Args:
        tap: what its button says.
        value: what the field holds at first.
        lines: how many lines it shows.
        name: of the field in a form.
    """

    label: str
    button: str
    tap: Tap
    most: int
    value: str = ""
    lines: int = 1
    name: str = TEXT


@dataclass(frozen=True, slots=True)
class Screen:
    """What one message shows: HTML, and rows of buttons."""

    text: str
    rows: Rows = ()
    field: TextField | None = None


class Keyed(conversation.Place, Protocol):
    """Something open that buttons are about."""

    @property
    def key(self) -> int: ...


class Place(Keyed, Protocol):
    """An open response, with what its screens name."""

    @property
    def service(self) -> str: ...
    @property
    def service_id(self) -> int: ...
    @property
    def saran(self) -> str | None: ...
    @property
    def writing(self) -> bool: ...
    @property
    def shared(self) -> bool: ...
    @property
    def assisted(self) -> bool: ...


class Named(Protocol):
    """A service as a list shows it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def current(
    words: CitizenWords,
    language: str,
    instrument: Questionnaire,
    place: Place,
    min_filled: int,
    *,
    looked: bool = False,
) -> Screen:
    """The screen of where this response stands.

    Args:
        looked: the review shows the answers given before, as somebody asked; nothing else does.
    """
    if place.step == conversation.HAND_OVER:
        return _opening(place, words.hand_over(service=place.service), words.hand_over_start())
    if place.step == conversation.CONSENT:
        text = words.consent_assisted(
            service=place.service, **_announced(words, instrument, language)
        )
        return _opening(place, text, words.agree())
    if place.step == conversation.REVIEW:
        if place.writing:
            return writing(words, place)
        looked = looked and not place.shared
        answers = own_answers(words, language, instrument, place) if looked else ""
        return review(words, instrument, place, min_filled, answers)
    if place.step in instrument.codes:
        return _question(words, language, instrument, place)
    return _attribute(words, language, instrument, place)


def _opening(place: Place, text: str, label: str) -> Screen:
    return Screen(text, ((Button(label, _tap(place, Kind.BEGIN)),),))


def _announced(words: CitizenWords, instrument: Questionnaire, language: str) -> dict[str, object]:
    """What the consent screen says of the questions: how many, and what is sensitive in them."""
    about = sum(each.subject == "responden" for each in instrument.attributes)
    more = len(instrument.attributes) - about
    sensitive = "".join(f" {sentence}" for sentence in consents(instrument, language))
    return {
        "questions": len(instrument.codes),
        "more": Html(words.consent_more(count=more) if more else ""),
        "about": about,
        "sensitive": sensitive,
    }


def _question(
    words: CitizenWords, language: str, instrument: Questionnaire, place: Place
) -> Screen:
    wording = instrument.item(place.step).mudah[language]
    number = instrument.codes.index(place.step) + 1
    text = words.question(
        service=place.service,
        number=number,
        total=len(instrument.codes),
        question=wording.question,
    )
    low = instrument.scale[0]
    return Screen(text, choices(words, instrument, place, wording.labels, low, words.skip()))


def _attribute(
    words: CitizenWords, language: str, instrument: Questionnaire, place: Place
) -> Screen:
    attribute = next(each for each in instrument.attributes if each.code == place.step)
    alike = [each.code for each in instrument.attributes if each.subject == attribute.subject]
    text = (words.about_you if attribute.subject == "responden" else words.more_question)(
        service=place.service,
        number=alike.index(attribute.code) + 1,
        total=len(alike),
        question=attribute.question[language],
    )
    labels = [option.label[language] for option in attribute.options]
    return Screen(text, choices(words, instrument, place, labels, 1, words.decline()))


def choices(
    words: CitizenWords,
    instrument: Questionnaire,
    place: Keyed,
    labels: Sequence[str],
    low: int,
    leave_out: str,
) -> Rows:
    """One button a row, then *Kembali* and *Lewati*."""
    given = tuple(
        (Button(label, _tap(place, Kind.ANSWER, value)),) for value, label in enumerate(labels, low)
    )
    skip = Button(leave_out, _tap(place, Kind.SKIP))
    if place.step == conversation.first(instrument):
        return (*given, (skip,))
    return (*given, (Button(words.back(), _tap(place, Kind.BACK)), skip))


def _tap(place: Keyed, kind: Kind, value: int = 0) -> Tap:
    return Tap(kind, place.key, place.step, value, place.revision)


def review(
    words: CitizenWords, instrument: Questionnaire, place: Place, min_filled: int, answers: str = ""
) -> Screen:
    """How much was answered, and what can be done now; too few answers cannot be sent.

    Args:
        answers: the own answers, as HTML, on request.
    """
    filled, total = conversation.filled(place), len(instrument.codes)
    facts: dict[str, object] = {
        "service": place.service,
        "filled": filled,
        "total": total,
        "answers": Html(answers),
        "saran": Html(_suggestion(words, place)),
    }
    rows = [_about_suggestion(words, place)]
    if not place.shared:
        label = words.hide() if answers else words.look()
        rows.append((Button(label, _tap(place, Kind.LOOK, 0 if answers else 1)),))
    if filled < min_filled:
        text = words.review_short(**facts, least=min_filled)
        rows.insert(0, (Button(words.fill_skipped(), _tap(place, Kind.REFILL)),))
    else:
        counts = conversation.opinion_given(instrument, place, min_filled)
        text = words.review(**facts, counted=Html(words.counted() if counts else ""))
        rows.append((Button(words.send(), _tap(place, Kind.SEND)),))
    return Screen(text, (*rows, (Button(words.back(), _tap(place, Kind.BACK)),)))


def _suggestion(words: CitizenWords, place: Place) -> str:
    """The suggestion as it is stored; on the phone of a petugas, only that there is one."""
    if not place.saran:
        return ""
    return words.with_suggestion() if place.assisted else words.with_text(saran=place.saran)


def _about_suggestion(words: CitizenWords, place: Place) -> tuple[Button, ...]:
    if not place.saran:
        return (Button(words.write(), _tap(place, Kind.WRITE)),)
    write = Button(words.write_again(), _tap(place, Kind.WRITE))
    return (write, Button(words.unsay(), _tap(place, Kind.UNSAY)))


def own_answers(words: CitizenWords, language: str, instrument: Questionnaire, place: Place) -> str:
    """Each question's short name with the chosen label, as HTML."""
    low = instrument.scale[0]
    lines = []
    for item in instrument.items:
        nilai = place.answers.get(item.code)
        labels = item.mudah[language].labels
        answer = words.answer_skipped() if nilai is None else labels[nilai - low]
        lines.append(words.answer_line(name=item.name[language], answer=answer))
    for attribute in instrument.attributes:
        code = place.attributes.get(attribute.code)
        chosen = [each.label[language] for each in attribute.options if each.code == code]
        answer = chosen[0] if chosen else words.answer_declined()
        lines.append(words.answer_line(name=attribute.name[language], answer=answer))
    return words.with_answers(answers=Html("\n".join(lines)))


def unstored(
    words: CitizenWords, text: str, typed: str, label: str, tap: Tap, choices: Rows
) -> Screen:
    """A typed text that is not stored, and what can be done with it.

    In a browser its field holds the text; in a chat the message that the screen replies to does.
    """
    field = TextField(words.suggestion_label(), label, tap, SUGGESTION_MOST, typed, lines=6)
    return Screen(text, choices, field)


def writing(words: CitizenWords, place: Place) -> Screen:
    """A suggestion is awaited."""
    button = Button(words.do_not_write(), _tap(place, Kind.UNWRITE))
    field = TextField(
        words.suggestion_label(),
        words.save_suggestion(),
        _tap(place, Kind.TEXT),
        SUGGESTION_MOST,
        place.saran or "",
        lines=6,
    )
    return Screen(words.write_now(most=SUGGESTION_MOST), ((button,),), field)


def paged(
    words: CitizenWords,
    found: Sequence[T],
    page: int,
    button: Callable[[T], Button],
    turn_to: Callable[[int], Tap],
) -> Rows:
    """One button a row for each of a page of `found`, and a row that turns the pages."""
    page = on_page(page, len(found), PAGE)
    rows = [(button(one),) for one in found[page * PAGE : (page + 1) * PAGE]]
    return (*rows, *turning(words, page, len(found), PAGE, turn_to))


def on_page(page: int, total: int, size: int) -> int:
    """This page, or the last one there is."""
    return min(page, max(total - 1, 0) // size)


def turning(
    words: CitizenWords, page: int, total: int, size: int, turn_to: Callable[[int], Tap]
) -> Rows:
    """The row that turns the pages; none where there is one page only."""
    row: tuple[Button, ...] = ()
    if page:
        row = (Button(words.previous_page(), turn_to(page - 1)),)
    if (page + 1) * size < total:
        row = (*row, Button(words.next_page(), turn_to(page + 1)))
    return (row,) if row else ()


def services(words: CitizenWords, office: str, found: Sequence[Named], page: int) -> Screen:
    """The list of services, a page of it."""
    if not found:
        return Screen(words.no_services())
    rows = _services(words, found, page)
    text = words.choose_service(office=office)
    if len(found) <= LONG:
        return Screen(text, rows)
    return Screen(text + words.type_service(), rows, _search(words))


def services_not_found(words: CitizenWords, offered: Sequence[Named], typed: str) -> Screen:
    """No service matches what was typed: the list of services."""
    if not offered:
        return Screen(words.no_services())
    rows = _services(words, offered, 0)
    text = words.services_not_found(typed=typed)
    return Screen(text, rows, _search(words, typed))


def _services(words: CitizenWords, offered: Sequence[Named], page: int) -> Rows:
    return paged(words, offered, page, _service, lambda number: Tap(Kind.SERVICES, value=number))


def services_found(words: CitizenWords, found: Sequence[Named], typed: str) -> Screen:
    """The services that match what was typed, as many as a page holds."""
    rows = tuple((_service(each),) for each in found[:PAGE])
    if len(found) > PAGE:
        text = words.services_found_many(typed=typed, count=len(found), shown=PAGE)
        return Screen(text, rows, _search(words, typed))
    return Screen(words.services_found(typed=typed), rows, _search(words, typed))


def _search(words: CitizenWords, typed: str = "") -> TextField:
    return TextField(words.search_label(), words.search(), Tap(Kind.SERVICES), TYPED, typed)


def _service(service: Named) -> Button:
    return Button(service.name, Tap(Kind.SERVICE, item=str(service.id), revision=1))


def consent(
    words: CitizenWords,
    language: str,
    office: str,
    service: Named,
    counter: Named | None,
    urutan: int,
    instrument: Questionnaire,
    languages: Sequence[tuple[str, str]],
    code: str | None = None,
) -> Screen:
    """Service, consent, start; the language can be changed here.

    Args:
        languages: the other ones, each with its name.
        code: what the field for a code of a visit holds at first; None: no such field.
    """
    place = "" if counter is None else f" · {counter.name}"
    desk = 0 if counter is None else counter.id
    agree = Tap(Kind.CONSENT, item=str(service.id), value=desk, revision=urutan)

    def change(language: str) -> Tap:
        return Tap(Kind.LANGUAGE, response=service.id, item=language, value=desk, revision=urutan)

    choices = tuple(Button(name, change(code)) for code, name in languages)
    other_service = Button(words.other_service(), Tap(Kind.SERVICES))
    others = ((other_service, *choices),) if len(choices) < 2 else ((other_service,), choices)
    field = None
    if code is not None:
        label = words.visit_code_label()
        field = TextField(label, words.agree(), agree, VISIT_CODE, code, name=CODE)
    return Screen(
        words.consent(
            service=service.name,
            counter=place,
            office=office,
            **_announced(words, instrument, language),
        ),
        others if field else ((Button(words.agree(), agree),), *others),
        field,
    )


def already_rated(
    words: CitizenWords, service: Named, counter_id: int, times: int, repeat: int
) -> Screen:
    """Told at the start: this service was rated from here already."""
    if times >= repeat:
        return Screen(words.rated_enough(service=service.name, times=times))
    return Screen(
        words.already_rated(service=service.name),
        (
            (Button(words.for_somebody_else(), _again(service.id, counter_id, times + 1)),),
            (Button(words.other_service(), Tap(Kind.SERVICES)),),
        ),
    )


def _again(service_id: int, counter_id: int, urutan: int) -> Tap:
    return Tap(Kind.SERVICE, item=str(service_id), value=counter_id, revision=urutan)


def unfinished(
    words: CitizenWords,
    instrument: Questionnaire,
    place: Place,
    other: Named | None,
    counter_id: int,
) -> Screen:
    """A response is open already: go on, or give it up for this one (None: for the list)."""
    filled, total = conversation.filled(place), len(instrument.codes)
    facts = {"service": place.service, "filled": filled, "total": total}
    if other is None:
        text, label = words.unfinished_list(**facts), words.replace()
    elif other.id == place.service_id:
        text, label = words.unfinished_same(**facts), words.restart()
    else:
        text, label = words.unfinished(**facts, other=other.name), words.replace()
    target = "" if other is None else str(other.id)
    go_on = Tap(Kind.CONTINUE, place.key, revision=place.revision)
    give_up = Tap(Kind.REPLACE, place.key, target, counter_id, place.revision)
    return Screen(
        text,
        (
            (Button(words.resume(filled=filled, total=total), go_on),),
            (Button(label, give_up),),
        ),
    )


def reminder(
    words: CitizenWords, instrument: Questionnaire, place: Place, min_filled: int
) -> Screen:
    """An open response stands idle: go on, or end it, and what becomes of it then."""
    filled, total = conversation.filled(place), len(instrument.codes)
    counts = conversation.opinion_given(instrument, place, min_filled)
    text = words.reminder_counts if counts else words.reminder
    go_on = Tap(Kind.CONTINUE, place.key, revision=place.revision)
    end = Tap(Kind.END, place.key, revision=place.revision)
    return Screen(
        text(service=place.service, filled=filled, total=total),
        (
            (Button(words.resume(filled=filled, total=total), go_on),),
            (Button(words.end(), end),),
        ),
    )


def thanks(
    words: CitizenWords,
    service: str,
    service_id: int,
    counter_id: int,
    receipt: str,
    urutan: int,
    repeat: int,
    *,
    ended: bool = False,
    news_of: int | None = None,
) -> Screen:
    """Sent: the receipt, and the way on for the next person at this phone.

    Args:
        ended: by *Sudahi*, without *Kirim*.
        news_of: the period whose news may be asked for here.
    """
    text = (words.ended_counted if ended else words.thanks)(service=service, receipt=receipt)
    rows: Rows = ()
    if urutan < repeat:
        again = _again(service_id, counter_id, urutan + 1)
        rows = ((Button(words.for_somebody_else(), again),),)
    if news_of is not None:
        rows = (*rows, (Button(words.news_ask(), Tap(Kind.NEWS, news_of, value=ASK)),))
    return Screen(text, rows)


def news_consent(words: CitizenWords, period: str, period_id: int) -> Screen:
    """Before a chat is kept for the news of a period."""
    return Screen(
        words.news_consent(period=period),
        (
            (Button(words.news_yes(), Tap(Kind.NEWS, period_id, value=YES)),),
            (Button(words.news_no(), Tap(Kind.NEWS, period_id, value=NO)),),
        ),
    )


def news_noted(words: CitizenWords, period_id: int) -> Screen:
    """A chat is kept; it can be taken back here."""
    withdraw = Button(words.news_withdraw(), Tap(Kind.NEWS, period_id, value=NO))
    return Screen(words.news_noted(), ((withdraw,),))


def unfinished_assisted(words: CitizenWords, instrument: Questionnaire, place: Place) -> Screen:
    """An assisted response is open in this chat: nothing else begins before it ends."""
    filled, total = conversation.filled(place), len(instrument.codes)
    text = words.unfinished_assisted(service=place.service, filled=filled, total=total)
    go_on = Tap(Kind.CONTINUE, place.key, revision=place.revision)
    return Screen(text, ((Button(words.resume(filled=filled, total=total), go_on),),))


def thanks_assisted(words: CitizenWords, service: str) -> Screen:
    """Sent: nothing of it stays on the petugas' phone."""
    again = Button(words.next_assisted(), Tap(Kind.OFFICER, item=NEXT_ASSISTED))
    return Screen(words.thanks_assisted(service=service), ((again,),))


def languages(names: Sequence[tuple[str, str]], words: CitizenWords) -> Screen:
    """The choice of a language."""
    return Screen(
        words.choose_language(),
        tuple((Button(name, Tap(Kind.LANGUAGE, item=code)),) for code, name in names),
    )


def erase(words: CitizenWords) -> Screen:
    """Before everything of a person is deleted."""
    return Screen(
        words.erase_ask(),
        (
            (Button(words.erase_yes(), Tap(Kind.ERASE)),),
            (Button(words.erase_no(), Tap(Kind.KEEP)),),
        ),
    )
