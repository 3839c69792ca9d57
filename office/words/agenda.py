"""What admins read of the office's year, as reminders and as the checklist: `agenda.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class AgendaWords(Part):
    """What a reminder and the checklist of /status say."""

    closing: Annotated[Text, Slots("ends", "lines", "period")]
    closing_short: Annotated[Text, Slots("n", "required")]
    closing_users: Annotated[Text, Slots("units")]
    at_least: Annotated[Text, Slots("n")]
    below: Annotated[Text, Slots("n")]
    and_more: Annotated[Text, Slots("count", "names")]
    fill_users: Plain
    paper: Plain
    posters: Plain
    locked: Annotated[Text, Slots("lines", "period")]
    locked_look: Plain
    locked_post: Annotated[Text, Slots("states")]
    locked_plan: Plain
    locked_plan_lowest: Annotated[Text, Slots("unsur")]
    locked_publish: Plain
    numbered: Annotated[Text, Slots("line", "number")]
    look: Plain
    make_plan: Plain
    report: Plain
    late: Annotated[Text, Slots("lines", "of")]
    late_line: Annotated[Text, Slots("day", "kegiatan", "responsible")]
    record: Annotated[Text, Slots("kegiatan")]
    unrated: Annotated[Text, Slots("count", "headless", "period", "total", "units", "until")]
    headless: Annotated[Text, Slots("units")]
    remind_heads: Plain
    reminded: Plain
    reminded_already: Plain
    invite: Plain
    no_plan: Annotated[Text, Slots("year")]
    copy_plan: Plain
    no_target: Annotated[Text, Slots("count", "ikus", "total", "year")]
    fill_targets: Plain
    no_lhe: Annotated[Text, Slots("year")]
    enter_lhe: Plain
    checklist: Annotated[Text, Slots("ends", "lines", "locks", "period")]
    done: Annotated[Text, Slots("line")]
    undone: Annotated[Text, Slots("line")]
    not_yet: Annotated[Text, Slots("line")]
    check_group: Plain
    check_no_group: Plain
    check_users: Plain
    check_no_users: Annotated[Text, Slots("units")]
    check_sample: Annotated[Text, Slots("n", "required")]
    check_no_sample: Annotated[Text, Slots("n")]
    check_rated: Annotated[Text, Slots("n", "opens", "period", "total")]
    check_no_heads: Plain
    check_summary: Annotated[Text, Slots("period", "states")]
    check_plan: Annotated[Text, Slots("count", "period")]
    check_no_plan: Annotated[Text, Slots("period")]
    check_late: Annotated[Text, Slots("count", "of")]
    see_plan: Annotated[Text, Slots("of")]
    check_targets: Annotated[Text, Slots("year")]
    check_no_targets: Annotated[Text, Slots("count", "total", "year")]
    check_no_year: Annotated[Text, Slots("year")]
    check_lhe: Annotated[Text, Slots("year")]
    check_no_lhe: Annotated[Text, Slots("year")]
    check_recommended: Annotated[Text, Slots("n", "total", "year")]
    for_operator: Plain
