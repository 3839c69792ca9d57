"""What people read of running the office, its history and its status: `kelola.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class ManageWords(Part):
    """What /kelola, /riwayat and /status say."""

    menu: Plain
    services: Plain
    units: Plain
    users: Plain
    facts: Plain
    suggestions: Plain
    back: Plain
    gone: Plain
    rename: Plain
    activate: Plain
    deactivate: Plain
    inactive_item: Annotated[Text, Slots("name")]
    is_active: Plain
    is_inactive: Plain
    yes: Plain
    no: Plain
    empty: Plain
    one_line: Plain
    no_letters: Plain
    too_long: Annotated[Text, Slots("length", "most")]
    not_a_slug: Annotated[Text, Slots("most")]
    slug_taken: Plain
    name_taken: Plain
    not_a_number: Annotated[Text, Slots("most")]
    ask_name: Annotated[Text, Slots("most")]
    label_name: Plain
    ask_slug: Annotated[Text, Slots("most")]
    label_slug: Plain
    rename_title: Plain
    ask_new_name: Annotated[Text, Slots("before", "most")]
    services_screen: Plain
    add_service: Plain
    new_service: Plain
    ask_unit: Plain
    label_unit: Plain
    no_unit: Plain
    service_screen: Annotated[
        Text, Slots("cost", "link", "name", "place", "slug", "state", "total", "unit")
    ]
    is_gratis: Plain
    is_not_gratis: Plain
    mark_gratis: Plain
    unmark_gratis: Plain
    move_up: Plain
    move_down: Plain
    at_the_end: Plain
    counters_of: Annotated[Text, Slots("count")]
    unit_is_inactive: Plain
    counters_screen: Annotated[Text, Slots("link", "service")]
    add_counter: Plain
    new_counter: Plain
    counter_screen: Annotated[Text, Slots("link", "name", "service", "slug", "state")]
    units_screen: Plain
    add_unit: Plain
    new_unit: Plain
    ask_kerja: Plain
    label_kerja: Plain
    unit_screen: Annotated[Text, Slots("kerja", "name", "services", "slug", "state")]
    mark_kerja: Plain
    unmark_kerja: Plain
    unit_has_services: Plain
    groups: Plain
    groups_screen: Plain
    group_item: Annotated[Text, Slots("title", "units")]
    group_of_all: Annotated[Text, Slots("title")]
    group_of_units: Annotated[Text, Slots("count", "name", "title", "units")]
    group_choose: Plain
    group_form: Annotated[Text, Slots("title")]
    group_whole: Plain
    group_owed: Annotated[Text, Slots("count")]
    ask_group_units: Plain
    ask_more_group_units: Annotated[Text, Slots("count", "units")]
    label_group_units: Plain
    ask_group_name: Annotated[Text, Slots("most")]
    label_group_name: Plain
    and_others: Annotated[Text, Slots("count", "units")]
    users_screen: Plain
    users_of_period: Annotated[Text, Slots("note", "period", "units")]
    users_known: Annotated[Text, Slots("sample", "slovin", "unit", "users")]
    users_summed: Annotated[Text, Slots("sample", "slovin", "unit", "users")]
    users_unknown: Annotated[Text, Slots("unit")]
    users_help: Plain
    users_after_lock: Plain
    users_by_service: Plain
    users_fewer: Annotated[Text, Slots("n", "name", "users")]
    users_line_wrong: Annotated[Text, Slots("line")]
    users_line_twice: Annotated[Text, Slots("line")]
    users_incomplete: Annotated[Text, Slots("services")]
    ask_service_users: Annotated[Text, Slots("services")]
    ask_more_services: Annotated[Text, Slots("count")]
    users_of_unit_title: Annotated[Text, Slots("period", "unit")]
    users_title: Annotated[Text, Slots("period")]
    ask_users: Annotated[Text, Slots("unit")]
    label_users: Plain
    facts_screen: Annotated[Text, Slots("facts")]
    facts_title: Plain
    fact: Annotated[Text, Slots("label", "value")]
    fact_nama: Plain
    fact_jabatan: Plain
    fact_kabupaten: Plain
    fact_alamat: Plain
    fact_kontak: Plain
    fact_sk: Plain
    fact_tim: Plain
    fact_persiapan: Plain
    fact_pelaporan: Plain
    fact_publikasi: Plain
    ask_team: Annotated[Text, Slots("most")]
    too_many_lines: Annotated[Text, Slots("count", "most")]
    ask_fact: Annotated[Text, Slots("before", "label", "most")]
    may_be_empty: Plain
    suggestions_screen: Plain
    no_suggestions: Plain
    suggestions_of_period: Annotated[Text, Slots("done", "open", "period", "total")]
    all_services: Annotated[Text, Slots("count")]
    all_services_title: Plain
    no_suggestions_yet: Annotated[Text, Slots("period")]
    suggestions_tomorrow: Plain
    suggestions_of_service: Annotated[
        Text, Slots("filter", "period", "service", "suggestions", "total")
    ]
    suggestion: Annotated[Text, Slots("marks", "number", "service", "text")]
    suggestion_done_mark: Plain
    suggestion_print_mark: Plain
    suggestions_filter: Plain
    suggestions_which: Annotated[Text, Slots("period")]
    suggestions_all: Plain
    suggestions_open: Plain
    suggestions_done: Plain
    suggestions_unsorted: Plain
    suggestions_other: Plain
    chosen: Annotated[Text, Slots("name")]
    suggestion_opened: Annotated[
        Text, Slots("period", "printed", "service", "state", "text", "unsur")
    ]
    suggestion_unsur: Plain
    suggestion_which_unsur: Annotated[Text, Slots("text")]
    suggestion_done: Plain
    suggestion_undone: Plain
    suggestion_print: Plain
    suggestion_no_print: Plain
    sp4n_lapor: Plain
    audit_screen: Annotated[Text, Slots("entries", "total")]
    nothing_changed: Plain
    entry: Annotated[Text, Slots("action", "at", "target", "who")]
    entry_change: Annotated[Text, Slots("after", "before")]
    entry_reason: Annotated[Text, Slots("reason")]
    by: Annotated[Text, Slots("title", "user")]
    by_itself: Plain
    without_title: Plain
    to_ledger: Plain
    to_audit: Plain
    ledger_screen: Annotated[Text, Slots("letters", "total")]
    nothing_sent: Plain
    letter: Annotated[Text, Slots("at", "attempts", "group", "kind", "period", "state")]
    send_again_to: Annotated[Text, Slots("group", "period")]
    state_due: Plain
    state_sending: Plain
    state_sent: Plain
    state_skipped: Plain
    state_uncertain: Plain
    state_failed: Plain
    no_group: Plain
    status_program: Annotated[
        Text, Slots("alive", "backup", "database", "now", "schema", "version", "zone")
    ]
    status_period: Annotated[Text, Slots("closes", "locks", "n", "period", "recount")]
    status_closed: Annotated[Text, Slots("period", "locks", "recount")]
    status_outbox: Annotated[Text, Slots("failed", "uncertain", "waiting")]
    status_groups: Annotated[Text, Slots("groups")]
    status_group: Annotated[Text, Slots("state", "title")]
    group_linked: Plain
    group_unlinked: Plain
    group_is_lost: Plain
    and_more: Annotated[Text, Slots("count")]
    status_no_trouble: Plain
    status_trouble: Annotated[Text, Slots("count", "error")]
    never: Plain
    seconds_ago: Annotated[Text, Slots("count")]
    minutes_ago: Annotated[Text, Slots("count")]
    not_a_decimal: Annotated[Text, Slots("most")]
    not_a_year: Plain
    not_a_day: Plain
    wrong_weekday: Annotated[Text, Slots("written", "day", "weekday")]
