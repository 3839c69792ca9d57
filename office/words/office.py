"""What officers read of groups, notices and summaries: `kantor.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class OfficeWords(Part):
    """What officers read, in Indonesian."""

    claim_console: Annotated[Text, Slots("code", "username")]
    console_bot: Annotated[Text, Slots("office", "username")]
    console_groups: Annotated[Text, Slots("groups")]
    console_no_group: Plain
    console_pages: Annotated[Text, Slots("address")]
    console_log: Annotated[Text, Slots("file")]
    console_next: Plain
    console_stop: Plain
    claimed: Annotated[Text, Slots("office", "username")]
    claim_again: Annotated[Text, Slots("office")]
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
    greeting: Annotated[Text, Slots("office", "period")]
    greeting_topics: Annotated[Text, Slots("username")]
    link_here: Plain
    link_by_admin: Plain
    link_no_admin: Plain
    linked_now: Plain
    linked_already: Plain
    linked: Annotated[Text, Slots("office", "period")]
    linked_owed: Annotated[Text, Slots("count")]
    anonymous: Plain
    no_period: Plain
    preview_coming: Plain
    preview: Plain
    preview_locked: Annotated[Text, Slots("period")]
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
    remedy_topic: Annotated[Text, Slots("username")]
    remedy_rights: Plain
    remedy_gone: Plain
    remedy_other: Plain
    group_muted: Annotated[Text, Slots("title")]
    send_again: Plain
    sent_again: Plain
    settled_already: Plain
    stranger_polls: Plain
    backup_failed: Annotated[Text, Slots("folder")]
    channel_jumped: Annotated[Text, Slots("channels", "day", "times")]
    clock_doubted: Annotated[Text, Slots("computer", "telegram")]
    levy: Annotated[Text, Slots("answered", "paid", "period", "services")]
    new_series: Annotated[Text, Slots("period")]
    new_unit_series: Annotated[Text, Slots("period")]
    levy_services: Annotated[Text, Slots("services")]
    recount_differs: Annotated[Text, Slots("cells", "period")]
    period_tahun: Plain
    period_semester: Plain
    period_triwulan: Plain
    period_bulan: Plain
