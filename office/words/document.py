"""What officers read of signatories and of the papers of planning: `dokumen.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class DocumentWords(Part):
    """What *Pejabat penanda tangan* and *Dokumen* say."""

    officials: Plain
    officials_screen: Annotated[Text, Slots("lines")]
    officials_none: Plain
    official_line: Annotated[Text, Slots("name", "position", "seat", "span")]
    official_title: Plain
    official_screen: Annotated[Text, Slots("name", "nip", "pangkat", "position", "seat", "span")]
    official_add: Plain
    official_change: Plain
    seat_kepala: Plain
    seat_atasan: Plain
    span_always: Plain
    span_since: Annotated[Text, Slots("since")]
    span_until: Annotated[Text, Slots("until")]
    span_both: Annotated[Text, Slots("since", "until")]
    empty: Plain
    ask_seat: Plain
    label_seat: Plain
    ask_name: Plain
    label_name: Plain
    ask_jabatan: Annotated[Text, Slots("example")]
    label_jabatan: Plain
    ask_acting: Plain
    label_acting: Plain
    acting_none: Plain
    ask_pangkat: Plain
    label_pangkat: Plain
    ask_nip: Plain
    label_nip: Plain
    not_a_nip: Plain
    ask_since: Plain
    label_since: Plain
    ask_until: Plain
    label_until: Plain
    until_before_since: Plain
    papers: Plain
    papers_screen: Annotated[Text, Slots("lines", "year")]
    paper_line: Annotated[Text, Slots("name", "state")]
    paper_iku: Plain
    paper_pk: Plain
    paper_aksi: Plain
    paper_quarter: Annotated[Text, Slots("quarter")]
    paper_lkjip: Plain
    paper_open: Plain
    paper_dated: Annotated[Text, Slots("day")]
    paper_signed: Annotated[Text, Slots("day")]
    paper_screen: Annotated[
        Text, Slots("day", "mark", "name", "note", "number", "state", "version", "year")
    ]
    paper_version: Annotated[Text, Slots("version")]
    paper_prepared: Plain
    paper_signed_at: Annotated[Text, Slots("at")]
    paper_not_final: Plain
    paper_no_day: Plain
    paper_send: Plain
    paper_coming: Plain
    paper_file_pdf: Annotated[Text, Slots("name", "year")]
    paper_file_docx: Annotated[Text, Slots("name", "year")]
    paper_file_xlsx: Annotated[Text, Slots("name", "year")]
    paper_head: Plain
    ask_number: Plain
    label_number: Plain
    ask_day: Plain
    label_day: Plain
    paper_sign: Plain
    paper_sign_ask: Annotated[Text, Slots("mark", "name", "year")]
    paper_sign_yes: Plain
    paper_again: Plain
    paper_changed: Plain
    paper_stale: Plain
