"""What officers read of groups, notices and summaries: `kantor.toml`."""

from __future__ import annotations

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class OfficeWords(Part):
    """What officers read, in Indonesian."""

    claim_console: Annotated[Text, Slots("code", "username")]
    claimed: Annotated[Text, Slots("office")]
    claim_wrong: Plain
    claim_too_many: Annotated[Text, Slots("time")]
    claim_no_code: Plain
    claim_has_admin: Plain
    admin_title: Plain
    help_officers: Annotated[Text, Slots("commands")]
    cmd_ringkasan: Plain
    cmd_iku: Plain
    cmd_sakip: Plain
    cmd_profil: Plain
    cmd_laporan: Plain
    cmd_poster: Plain
    cmd_kelola: Plain
    cmd_riwayat: Plain
    cmd_status: Plain
    cmd_nilai: Plain
    cmd_undang: Plain
    cmd_periode: Plain
    cmd_gugurkan: Plain
    cmd_isi_bantu: Plain
    cmd_pasang_grup: Plain
    link_in_group: Annotated[Text, Slots("username")]
    linked: Annotated[Text, Slots("office", "period")]
    linked_owed: Annotated[Text, Slots("count")]
    anonymous: Plain
    no_period: Plain
    preview_coming: Plain
    preview: Plain
    ledger: Annotated[Text, Slots("states")]
    ledger_state: Annotated[Text, Slots("groups", "state")]
    ledger_none: Plain
    ledger_no_group: Plain
    ledger_waits: Annotated[Text, Slots("at")]
    ledger_sending: Plain
    ledger_sent: Annotated[Text, Slots("at")]
    ledger_uncertain: Plain
    ledger_failed: Annotated[Text, Slots("reason")]
    ledger_skipped: Annotated[Text, Slots("reason")]
    send_now: Plain
    sending_now: Annotated[Text, Slots("period")]
    nothing_waits: Annotated[Text, Slots("period", "states")]
    group_lost: Annotated[Text, Slots("title")]
    group_moved: Annotated[Text, Slots("title")]
    uncertain: Annotated[Text, Slots("period", "reason", "title")]
    always_died: Annotated[Text, Slots("kind")]
    failed: Annotated[Text, Slots("period", "reason", "remedy", "title")]
    remedy_topic: Plain
    remedy_rights: Plain
    remedy_gone: Plain
    remedy_other: Plain
    group_muted: Annotated[Text, Slots("title")]
    send_again: Plain
    sent_again: Plain
    settled_already: Plain
    stranger_polls: Plain
    backup_failed: Annotated[Text, Slots("folder")]
    clock_doubted: Annotated[Text, Slots("computer", "telegram")]
    new_series: Annotated[Text, Slots("period")]
    new_unit_series: Annotated[Text, Slots("period")]
    recount_differs: Annotated[Text, Slots("cells", "period")]
    summary_title: Annotated[Text, Slots("office", "period")]
    summary_locked: Annotated[Text, Slots("span")]
    summary_early: Annotated[Text, Slots("span")]
    summary_late: Annotated[Text, Slots("span")]
    summary_open: Annotated[Text, Slots("span")]
    summary_ikm: Annotated[Text, Slots("ikm", "kinerja", "mutu")]
    summary_up: Annotated[Text, Slots("delta", "earlier", "value", "verdict")]
    summary_down: Annotated[Text, Slots("delta", "earlier", "value", "verdict")]
    summary_same: Annotated[Text, Slots("earlier", "value")]
    summary_pooled: Annotated[Text, Slots("units")]
    summary_pooled_of: Annotated[Text, Slots("rated", "units")]
    summary_units: Annotated[Text, Slots("mean", "units")]
    summary_mean: Annotated[Text, Slots("ikm", "units")]
    more_units: Annotated[Text, Slots("count")]
    summary_withheld: Annotated[Text, Slots("least", "n")]
    untested: Plain
    summary_n: Annotated[Text, Slots("n")]
    summary_n_of: Annotated[Text, Slots("n", "share", "users")]
    summary_revision: Annotated[Text, Slots("number")]
    summary_follow_up: Annotated[Text, Slots("done", "period", "total")]
    follow_up_late: Annotated[Text, Slots("lines")]
    summary_iku: Annotated[Text, Slots("parts", "year")]
    iku_part: Annotated[Text, Slots("name", "note", "realisasi", "target")]
    iku_ikm: Plain
    iku_unit: Plain
    iku_sakip: Plain
    follow_up_line: Annotated[Text, Slots("kegiatan", "responsible")]
    summary_margin: Annotated[Text, Slots("margin")]
    channel_telegram: Annotated[Text, Slots("n")]
    channel_dibantu: Annotated[Text, Slots("n")]
    channel_kertas: Annotated[Text, Slots("n")]
    summary_repeats: Annotated[Text, Slots("ikm", "n")]
    summary_repeats_few: Annotated[Text, Slots("n")]
    summary_worst: Annotated[Text, Slots("worst")]
    worst_item: Annotated[Text, Slots("mutu", "nrr", "unsur")]
    worst_at: Annotated[Text, Slots("nrr", "service")]
    summary_gratis: Annotated[Text, Slots("n", "services", "total")]
    summary_services: Annotated[Text, Slots("services")]
    service_item: Annotated[Text, Slots("ikm", "n", "service")]
    service_item_few: Annotated[Text, Slots("ikm", "n", "service")]
    other_services: Plain
    other_gratis: Plain
    summary_too_few: Annotated[Text, Slots("least", "n")]
    summary_not_yet: Plain
    summary_none: Plain
    summary_not_computable: Annotated[Text, Slots("unsur")]
    pulse: Annotated[Text, Slots("n", "span", "week")]
    pulse_standing: Annotated[Text, Slots("ikm", "mutu", "n", "period")]
    alert: Annotated[Text, Slots("earlier", "ikm", "n", "period", "value")]
    period_tahun: Plain
    period_semester: Plain
    period_triwulan: Plain
    period_bulan: Plain
    picture_note_open: Plain
    picture_margin: Annotated[Text, Slots("margin")]
    not_comparable: Plain
    last_year: Annotated[Text, Slots("year")]
    by_hand: Plain
    not_computable: Plain
    to_private: Plain
