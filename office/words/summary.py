"""What is read of a period's message and before it: `ringkasan.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class SummaryWords(Part):
    """The message of a period, its preview, the pulse, and the details for officials."""

    title: Annotated[Text, Slots("office", "period")]
    figure: Annotated[Text, Slots("ikm", "kinerja", "mutu", "target")]
    figure_pooled_part: Annotated[Text, Slots("ikm", "kinerja", "mean", "mutu", "units")]
    figure_pooled: Annotated[Text, Slots("ikm", "kinerja", "mean", "mutu", "units")]
    mean: Annotated[Text, Slots("ikm")]
    target_reached: Annotated[Text, Slots("target")]
    target_missed: Annotated[Text, Slots("target")]
    up: Annotated[Text, Slots("delta", "earlier", "value", "verdict")]
    down: Annotated[Text, Slots("delta", "earlier", "value", "verdict")]
    same: Annotated[Text, Slots("earlier", "value", "verdict")]
    year: Annotated[Text, Slots("year")]
    really_up: Plain
    really_down: Plain
    not_really: Plain
    by_hand: Plain
    other_wording: Plain
    message_respondents: Annotated[Text, Slots("due", "interval", "respondents")]
    respondents: Annotated[Text, Slots("n")]
    respondents_of: Annotated[Text, Slots("n", "received")]
    required: Annotated[Text, Slots("required")]
    required_beside: Annotated[Text, Slots("required")]
    interval: Annotated[Text, Slots("high", "low")]
    covers: Annotated[Text, Slots("span")]
    late: Plain
    early: Plain
    lowest: Annotated[Text, Slots("mutu", "nrr", "rest", "unsur")]
    two_unsur: Annotated[Text, Slots("first", "second")]
    many_unsur: Annotated[Text, Slots("count")]
    not_clear: Plain
    at_service: Annotated[Text, Slots("service")]
    follow_up: Annotated[Text, Slots("done", "late", "period", "total")]
    follow_up_late: Annotated[Text, Slots("count")]
    iku: Annotated[Text, Slots("parts", "year")]
    iku_part: Annotated[Text, Slots("name", "question", "realisasi", "target")]
    iku_ikm: Plain
    iku_unit: Plain
    iku_sakip: Plain
    units: Annotated[Text, Slots("units")]
    unit: Annotated[Text, Slots("ikm", "unit")]
    more_units: Annotated[Text, Slots("count")]
    joined: Plain
    not_computable: Annotated[Text, Slots("unsur")]
    nothing: Annotated[Text, Slots("n")]
    nobody: Plain
    runs_on_empty: Annotated[Text, Slots("following")]
    runs_on: Annotated[Text, Slots("following", "n")]
    details: Plain
    whatsapp: Plain
    officials_only: Plain
    link_gone: Plain
    until_open: Annotated[Text, Slots("ends", "locks")]
    until_closed: Annotated[Text, Slots("locks")]
    so_far: Annotated[Text, Slots("n")]
    so_far_required: Annotated[Text, Slots("n", "required")]
    so_far_mutu: Annotated[Text, Slots("mutu", "verdict")]
    compared_with: Annotated[Text, Slots("earlier", "verdict")]
    channels: Annotated[Text, Slots("parts")]
    services: Annotated[Text, Slots("parts")]
    about: Annotated[Text, Slots("n", "name")]
    pulse: Annotated[Text, Slots("n", "span", "week")]
    pulse_n: Annotated[Text, Slots("n", "period")]
    pulse_mutu: Annotated[Text, Slots("mutu", "n", "period")]
    alert: Annotated[Text, Slots("earlier", "locks", "period")]
    picture_pooled: Annotated[Text, Slots("respondents", "units")]
    unit_locked: Annotated[Text, Slots("span")]
    unit_late: Annotated[Text, Slots("span")]
    page: Annotated[Text, Slots("lines", "office", "period", "section")]
    page_unsur: Plain
    page_units: Plain
    page_services: Plain
    page_respondents: Plain
    page_suggestions: Plain
    suggestions: Annotated[Text, Slots("done", "open", "total")]
    suggestions_about: Annotated[Text, Slots("n", "name")]
    suggestions_other: Plain
    suggestions_rest: Annotated[Text, Slots("n")]
    page_iku: Annotated[Text, Slots("year")]
    ikm: Annotated[Text, Slots("ikm", "kinerja", "maybe", "mutu")]
    maybe: Annotated[Text, Slots("mutu")]
    margin: Annotated[Text, Slots("high", "low", "margin")]
    no_margin: Plain
    unsur: Annotated[Text, Slots("mark", "mutu", "nrr", "number", "unsur")]
    unsur_unanswered: Annotated[Text, Slots("number", "unsur")]
    mark_clear: Plain
    mark_unclear: Plain
    part: Annotated[Text, Slots("few", "ikm", "margin", "mutu", "n", "name")]
    part_uncomputed: Annotated[Text, Slots("n", "name")]
    part_margin: Annotated[Text, Slots("margin")]
    part_n: Annotated[Text, Slots("n")]
    part_n_of: Annotated[Text, Slots("n", "received")]
    part_few: Annotated[Text, Slots("people")]
    part_joined: Plain
    units_mean: Annotated[Text, Slots("ikm", "pooled")]
    services_whole: Plain
    service_users: Annotated[Text, Slots("name", "share", "users")]
    services_unrated: Annotated[Text, Slots("services")]
    users: Annotated[Text, Slots("share", "users")]
    users_unknown: Plain
    samples: Annotated[Text, Slots("krejcie", "slovin")]
    sample_reached: Annotated[Text, Slots("n")]
    sample_missing: Annotated[Text, Slots("missing", "n")]
    channel: Annotated[Text, Slots("channel", "ikm", "n")]
    channel_ikm: Annotated[Text, Slots("ikm", "mutu")]
    repeats: Annotated[Text, Slots("n", "without")]
    repeats_without: Annotated[Text, Slots("ikm")]
    days: Annotated[Text, Slots("locked", "span")]
    ralat: Annotated[Text, Slots("count")]
    line: Annotated[Text, Slots("line")]
    iku_capaian: Annotated[Text, Slots("capaian")]
    iku_line: Annotated[Text, Slots("capaian", "indikator", "note", "realisasi", "target")]
    iku_note: Annotated[Text, Slots("note")]
    iku_no_plan: Annotated[Text, Slots("year")]
    papers: Plain
    plan: Plain
