"""What citizens read, a file for each language: `id.toml`, `en.toml`, …."""

from typing import Annotated

from pydantic import TypeAdapter

from office.words.text import Part, Phrases, Plain, Slots, Text
from scoring.period import INDONESIAN, DateNames

EVERY_OTHER = "*"  # among `phones`
_DATE_NAMES = TypeAdapter(DateNames)
_MONTHS = 12


def _date_names(value: object) -> DateNames:
    """The names of months and periods; a template that lacks a placeholder is refused."""
    try:
        names = _DATE_NAMES.validate_python(value)
        periods = (names.semester, names.quarter, names.month, names.week)
        shown = [text.format(part="#", year="2026") for text in periods]
        shown.append(names.year.format(year="#2026"))
    except (LookupError, ValueError):
        raise ValueError("isinya lain dari [dates] pada en.toml") from None
    if not all("#" in text and "2026" in text for text in shown):
        raise ValueError("tiap nama periode memuat {year}, dan selain tahun juga {part}")
    if {len(names.months), len(names.short)} != {_MONTHS}:
        raise ValueError(f"months dan short berisi {_MONTHS} nama bulan")
    return names


class CitizenWords(Part):
    """What citizens read, in one language.

    `phones` are the languages of phones that begin in this one, besides its own; `EVERY_OTHER`
    stands for all that no file names. `dates` may be left out in Indonesian alone.
    """

    phones: Phrases = frozenset()
    dates: Annotated[DateNames, _date_names] = INDONESIAN
    bot_name: Annotated[Text, Slots("office")]
    bot_description: Annotated[Text, Slots("office")]
    bot_short_description: Annotated[Text, Slots("office")]
    choose_service: Annotated[Text, Slots("office")]
    type_service: Plain
    services_found: Annotated[Text, Slots("typed")]
    services_found_many: Annotated[Text, Slots("count", "shown", "typed")]
    services_not_found: Annotated[Text, Slots("typed")]
    no_services: Plain
    search_label: Plain
    search: Plain
    unknown_service: Plain
    consent: Annotated[
        Text, Slots("about", "counter", "more", "office", "questions", "sensitive", "service")
    ]
    consent_more: Annotated[Text, Slots("count")]
    visit_code_label: Plain
    visit_code_wrong: Plain
    visit_code_used: Plain
    agree: Plain
    other_service: Plain
    already_rated: Annotated[Text, Slots("service")]
    rated_enough: Annotated[Text, Slots("service", "times")]
    for_somebody_else: Plain
    unfinished: Annotated[Text, Slots("filled", "other", "service", "total")]
    unfinished_same: Annotated[Text, Slots("filled", "service", "total")]
    unfinished_list: Annotated[Text, Slots("filled", "service", "total")]
    resume: Annotated[Text, Slots("filled", "total")]
    reminder: Annotated[Text, Slots("filled", "service", "total")]
    reminder_counts: Annotated[Text, Slots("filled", "service", "total")]
    end: Plain
    ended_counted: Annotated[Text, Slots("receipt", "service")]
    ended_deleted: Plain
    replace: Plain
    restart: Plain
    question: Annotated[Text, Slots("number", "question", "service", "total")]
    about_you: Annotated[Text, Slots("number", "question", "service", "total")]
    more_question: Annotated[Text, Slots("number", "question", "service", "total")]
    unfinished_assisted: Annotated[Text, Slots("filled", "service", "total")]
    hand_over: Annotated[Text, Slots("service")]
    hand_over_start: Plain
    consent_assisted: Annotated[Text, Slots("about", "more", "questions", "sensitive", "service")]
    thanks_assisted: Annotated[Text, Slots("service")]
    next_assisted: Plain
    cancelled_assisted: Annotated[Text, Slots("service")]
    back: Plain
    skip: Plain
    decline: Plain
    review: Annotated[Text, Slots("answers", "counted", "filled", "saran", "service", "total")]
    review_short: Annotated[Text, Slots("answers", "filled", "least", "saran", "service", "total")]
    counted: Plain
    with_answers: Annotated[Text, Slots("answers")]
    answer_line: Annotated[Text, Slots("answer", "name")]
    answer_skipped: Plain
    answer_declined: Plain
    with_text: Annotated[Text, Slots("saran")]
    with_suggestion: Plain
    look: Plain
    hide: Plain
    answers_hidden: Plain
    write: Plain
    write_again: Plain
    unsay: Plain
    fill_skipped: Plain
    send: Plain
    write_now: Annotated[Text, Slots("most")]
    do_not_write: Plain
    suggestion_label: Plain
    save_suggestion: Plain
    suggestion_too_long: Annotated[Text, Slots("length", "most")]
    edit_not_taken: Annotated[Text, Slots("most")]
    personal: Annotated[Text, Slots("what")]
    personal_assisted: Annotated[Text, Slots("what")]
    personal_nik: Plain
    personal_phone: Plain
    personal_email: Plain
    save_without: Plain
    save_as_is: Plain
    not_stored: Plain
    text_gone: Plain
    already_sent: Plain
    add_suggestion: Plain
    suggestion_added: Plain
    too_late_to_add: Plain
    thanks: Annotated[Text, Slots("receipt", "service")]
    news_ask: Plain
    news_consent: Annotated[Text, Slots("period")]
    news_yes: Plain
    news_no: Plain
    news_noted: Plain
    news_withdraw: Plain
    news_declined: Plain
    toast_news_late: Plain
    news: Annotated[Text, Slots("lines", "office", "period")]
    news_line: Annotated[Text, Slots("kegiatan", "status", "unsur")]
    news_done: Plain
    news_under_way: Plain
    news_planned: Plain
    privacy_news: Annotated[Text, Slots("periods")]
    use_buttons: Plain
    nothing_open: Plain
    cancelled: Annotated[Text, Slots("service")]
    cancelled_writing: Plain
    again_after_outage: Plain
    toast_stale: Plain
    toast_done: Plain
    toast_foreign: Plain
    toast_expired: Plain
    toast_unknown: Plain
    expired: Plain
    choose_language: Plain
    language_name: Plain
    language_chosen: Plain
    help: Annotated[Text, Slots("office")]
    privacy: Plain
    erase_ask: Plain
    erase_yes: Plain
    erase_no: Plain
    erased: Plain
    kept: Plain
    no_result: Plain
    result: Annotated[Text, Slots("ikm", "kinerja", "mutu", "n", "office", "period", "unsur")]
    result_next: Annotated[Text, Slots("day", "period")]
    result_line: Annotated[Text, Slots("mutu", "nrr", "unsur")]
    not_computable: Plain
    private_only: Plain
    not_yours: Plain
    unknown_command: Plain
    error: Plain
    next_page: Plain
    previous_page: Plain
    cmd_mulai: Plain
    cmd_hasil: Plain
    cmd_bahasa: Plain
    cmd_privasi: Plain
    cmd_hapus_data: Plain
    cmd_batal: Plain
    cmd_bantuan: Plain
    slip_title: Plain
    slip_number: Plain
    slip_how: Plain
    slip_date: Plain
    slip_hour: Plain
    slip_other_hour: Plain
    slip_service: Plain
    slip_you: Plain
    slip_ours: Plain
    slip_more: Plain
    slip_suggestion: Plain
    slip_thanks: Plain
    greetings: Phrases
