"""What people read of periods, their revisions, and what is voided: `periode.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class PeriodWords(Part):
    """What /periode and /gugurkan say."""

    overview: Annotated[Text, Slots("periods")]
    named: Annotated[Text, Slots("period", "state")]
    open: Annotated[Text, Slots("ends", "locks", "posts")]
    opened_early: Annotated[Text, Slots("begins", "ends")]
    closed: Annotated[Text, Slots("ended", "locks", "posts")]
    locking: Plain
    locked: Annotated[Text, Slots("since")]
    nobody: Plain
    counts: Annotated[Text, Slots("n", "ways")]
    assisted: Annotated[Text, Slots("petugas")]
    revision: Annotated[Text, Slots("day", "number", "reason")]
    no_period: Annotated[Text, Slots("example")]
    close: Annotated[Text, Slots("period")]
    close_ask: Annotated[
        Text, Slots("counts", "ends", "following", "locks", "period", "posts", "unfinished")
    ]
    close_yes: Plain
    closed_now: Plain
    lock: Annotated[Text, Slots("period")]
    lock_ask: Annotated[Text, Slots("counts", "locks", "period", "where")]
    to_groups: Annotated[Text, Slots("groups")]
    to_no_group: Plain
    to_officials: Plain
    to_groups_later: Annotated[Text, Slots("groups", "posts")]
    lock_yes: Plain
    lock_ask_again: Annotated[Text, Slots("locks", "period")]
    lock_final: Plain
    lock_coming: Annotated[Text, Slots("period")]
    locked_now: Annotated[Text, Slots("period")]
    no: Plain
    changed: Plain
    clock_doubted: Plain
    unanswered: Annotated[Text, Slots("ended")]
    runs_on: Annotated[Text, Slots("ended", "following")]

    void_title: Plain
    void_code_ask: Plain
    label_code: Plain
    void_code_wrong: Plain
    void_unknown: Plain
    void_which_ask: Plain
    label_which: Plain
    void_reason_ask: Annotated[Text, Slots("what")]
    label_reason: Plain
    void_reason_short: Plain
    void_gone: Plain
    void_note: Plain
    void_note_revision: Annotated[Text, Slots("period")]
    voided: Annotated[Text, Slots("what")]
    voided_revision: Annotated[Text, Slots("number", "period")]
    ralat_late: Annotated[Text, Slots("batch", "period", "slips")]
    ralat_move: Annotated[Text, Slots("batch", "period", "service", "slips")]
    ralat_proposed: Annotated[Text, Slots("what")]
    ralat_open: Plain
    ralat_screen: Annotated[Text, Slots("at", "what")]
    ralat_yes: Plain
    ralat_no: Plain
    ralat_title: Plain
    ralat_reason_ask: Plain
    ralat_reason_short: Plain
    ralat_done: Annotated[Text, Slots("after", "before", "what")]
    ralat_refused: Annotated[Text, Slots("what")]
    ralat_refused_now: Plain
    ralat_told: Annotated[Text, Slots("after", "before", "reason", "what")]
    ralat_gone: Plain
    ralat_waits: Plain
    ralat_one_period: Plain
    ralat_one_service: Plain
    ralat_twice: Plain
    ralat_few: Annotated[Text, Slots("least")]
