"""What people read of roles, invitations and the heads of units: `kepala.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class HeadWords(Part):
    """What /undang and the rating of the office by its units say."""

    role_kepala_unit: Plain
    role_camat: Plain
    role_pejabat: Plain
    role_petugas: Plain
    role_admin: Plain
    head_of: Annotated[Text, Slots("unit")]
    people: Plain
    roster: Annotated[Text, Slots("invitations", "roles")]
    invite: Plain
    invite_heads: Plain
    invite_heads_title: Plain
    ask_units: Annotated[Text, Slots("count")]
    label_units: Plain
    heads_invited: Annotated[Text, Slots("count", "links", "until")]
    heads_file: Plain
    heads_file_title: Plain
    ask_heads_file: Plain
    label_heads_file: Plain
    heads_file_coming: Plain
    heads_file_refused: Annotated[Text, Slots("file", "lines")]
    heads_file_shown: Annotated[Text, Slots("count", "lines")]
    heads_file_line: Annotated[Text, Slots("title")]
    heads_file_led: Plain
    heads_file_yes: Annotated[Text, Slots("count")]
    heads_inviting: Plain
    heads_file_not_sent: Annotated[Text, Slots("file")]
    head_link: Annotated[Text, Slots("link", "title")]
    invitations: Annotated[Text, Slots("count")]
    roles: Annotated[Text, Slots("count")]
    back: Plain
    invite_title: Plain
    ask_role: Plain
    label_role: Plain
    ask_unit: Plain
    label_unit: Plain
    ask_counter: Plain
    label_counter: Plain
    ask_title: Plain
    label_title: Plain
    unit_gone: Plain
    invitation_made: Annotated[Text, Slots("link", "title", "until")]
    open_invitations: Plain
    no_open_invitations: Plain
    open_invitation: Annotated[Text, Slots("role", "title", "until")]
    revoke: Plain
    invitation_revoked: Annotated[Text, Slots("title")]
    invitation_over: Plain
    held_roles: Plain
    held_role: Annotated[Text, Slots("role", "since", "title", "user")]
    role_revoked: Annotated[Text, Slots("title")]
    role_over: Plain
    last_admin: Plain
    invited: Annotated[Text, Slots("office", "role", "title")]
    yes_me: Plain
    not_me: Plain
    wrong_person: Plain
    invitation_dead: Plain
    welcome: Annotated[Text, Slots("office", "title")]
    accepted: Annotated[Text, Slots("title", "user")]
    lost: Annotated[Text, Slots("office", "title")]
    welcome_early: Annotated[Text, Slots("opens")]
    new_head: Plain
    opened: Annotated[Text, Slots("period", "until")]
    reminder: Annotated[Text, Slots("period", "until")]
    rate_now: Plain
    no_unit: Plain
    choose_unit: Annotated[Text, Slots("period")]
    unit_waiting: Annotated[Text, Slots("unit")]
    unit_begun: Annotated[Text, Slots("filled", "total", "unit")]
    unit_rated: Annotated[Text, Slots("unit")]
    rating_intro: Annotated[
        Text, Slots("aspek", "least", "note", "objek", "period", "total", "unit", "until")
    ]
    rating_early: Annotated[Text, Slots("opens", "period", "unit", "until")]
    agree: Plain
    indikator: Annotated[
        Text, Slots("aspek", "aspek_number", "aspek_total", "number", "question", "total", "unit")
    ]
    rating_review: Annotated[Text, Slots("filled", "total", "unit")]
    rating_short: Annotated[Text, Slots("filled", "least", "total", "unit")]
    rating_sent: Annotated[Text, Slots("period", "unit")]
    rated_already: Annotated[Text, Slots("day", "period", "unit")]
    other_unit: Plain
    toast_stale: Plain
    toast_over: Plain
    answered: Annotated[Text, Slots("lines", "n", "period", "units")]
    answered_early: Annotated[Text, Slots("opens")]
    answered_yes: Annotated[Text, Slots("day", "unit")]
    answered_no: Annotated[Text, Slots("unit")]
    answered_nobody: Annotated[Text, Slots("unit")]
    no_index: Plain
    index_title: Annotated[Text, Slots("office", "period")]
    index_figure: Annotated[Text, Slots("high", "low", "nilai")]
    index_up: Annotated[Text, Slots("delta", "earlier", "value")]
    index_down: Annotated[Text, Slots("delta", "earlier", "value")]
    index_same: Annotated[Text, Slots("earlier", "value")]
    index_first: Plain
    index_alone: Plain
    index_answered: Annotated[Text, Slots("n", "units")]
    index_of_year: Annotated[Text, Slots("nilai", "note", "year")]
    index_too_few: Annotated[Text, Slots("least")]
    index_not_computable: Annotated[Text, Slots("indikator")]
    index_aspek: Annotated[Text, Slots("aspek", "nilai")]
    index_aspeks: Annotated[Text, Slots("aspek", "high", "low")]
    index_aspek_few: Annotated[Text, Slots("least")]
    index_example: Annotated[Text, Slots("note")]
    index_reading: Annotated[Text, Slots("note")]
    reading_entry: Plain
    reading_indikator: Plain
    reading_skala: Plain
    reading_penilai: Plain
    reading_open: Plain
    reading_chosen: Annotated[Text, Slots("reading")]
    reading_note: Annotated[Text, Slots("pembagi")]
    reading_differs: Annotated[Text, Slots("confirmed", "own", "pembagi")]
    reading_screen: Annotated[
        Text,
        Slots(
            *("confirmed", "form", "high", "low", "note", "opens", "own", "pembagi", "remark"),
            "until",
        ),
    ]
    reading_change_form: Plain
