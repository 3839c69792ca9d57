"""What people read of papers, paper answers and the follow-up: `kertas.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class PaperWords(Part):
    """What /laporan, /poster, the follow-up and paper entry say."""

    paper: Plain
    paper_screen: Plain
    paper_none: Plain
    paper_send: Plain
    paper_template: Plain
    paper_template_coming: Plain
    paper_template_caption: Plain
    paper_title: Plain
    paper_ask: Annotated[Text, Slots("most")]
    label_file: Plain
    paper_too_big: Annotated[Text, Slots("most")]
    paper_coming: Plain
    paper_good: Annotated[Text, Slots("file", "periods", "rows")]
    paper_good_late: Annotated[Text, Slots("file", "periods", "rows")]
    paper_proposed: Annotated[Text, Slots("file", "periods", "rows")]
    paper_move: Plain
    paper_move_title: Annotated[Text, Slots("number")]
    paper_move_ask: Plain
    paper_move_label: Plain
    paper_moved: Annotated[Text, Slots("what")]
    paper_enter: Annotated[Text, Slots("rows")]
    paper_entering: Plain
    paper_in: Annotated[Text, Slots("file", "number", "periods", "rows")]
    paper_already: Annotated[Text, Slots("number", "rows")]
    paper_refused: Annotated[Text, Slots("file", "lines")]
    paper_more: Annotated[Text, Slots("count")]
    paper_notes: Annotated[Text, Slots("lines", "text")]
    paper_unreachable: Annotated[Text, Slots("file")]
    paper_not_checked: Annotated[Text, Slots("file")]
    paper_item: Annotated[Text, Slots("file", "number", "rows")]
    paper_item_undone: Annotated[Text, Slots("file", "number")]
    paper_batch: Annotated[Text, Slots("at", "file", "number", "periods", "rows", "who")]
    paper_batch_undone: Annotated[Text, Slots("at", "file", "number", "undone")]
    paper_by_operator: Plain
    paper_undo: Plain
    paper_undo_ask: Annotated[Text, Slots("file", "number", "rows")]
    paper_undo_yes: Annotated[Text, Slots("rows")]
    paper_undone: Annotated[Text, Slots("number")]
    paper_locked: Plain
    paper_gone: Plain
    wrong_label: Annotated[Text, Slots("reason")]
    no_such_period: Annotated[Text, Slots("known", "period")]
    none_locked: Plain
    not_locked: Annotated[Text, Slots("locks", "period")]
    runs_on: Annotated[Text, Slots("following", "period")]
    nothing_locked: Annotated[Text, Slots("period")]
    two_instruments: Annotated[Text, Slots("period", "periods")]
    rows_not_all: Annotated[Text, Slots("n", "received")]
    rows_too_many: Annotated[Text, Slots("most")]
    differs: Annotated[Text, Slots("what")]
    not_drawn: Plain

    plans: Plain
    plans_screen: Plain
    no_plans_yet: Plain
    plans_of_period: Annotated[Text, Slots("lines", "period")]
    no_plan: Plain
    plan_line: Annotated[
        Text, Slots("kegiatan", "number", "responsible", "status", "unsur", "when")
    ]
    plan_due: Annotated[Text, Slots("day")]
    plan_late: Annotated[Text, Slots("day")]
    plan_screen: Annotated[
        Text,
        Slots("kegiatan", "period", "progress", "responsible", "status", "unsur", "when"),
    ]
    plan_evidence: Annotated[Text, Slots("text")]
    plan_description: Annotated[Text, Slots("text")]
    plan_photos: Annotated[Text, Slots("count")]
    cause_line: Annotated[Text, Slots("cause", "unsur")]
    write_cause: Plain
    cause_title: Plain
    ask_cause: Annotated[Text, Slots("most")]
    cause_now: Annotated[Text, Slots("cause")]
    label_cause: Plain
    sign_report: Plain
    reopen_report: Plain
    report_is_signed: Plain
    plan_is_signed: Annotated[Text, Slots("periods")]
    photo_is_signed: Annotated[Text, Slots("periods")]
    already_signed: Plain
    add_photo: Plain
    remove_photo: Plain
    photo_title: Plain
    ask_photo: Annotated[Text, Slots("most")]
    label_photo: Plain
    one_photo: Plain
    photo_too_big: Plain
    photo_stored: Plain
    photo_not_stored: Plain
    photo_not_added: Plain
    ask_description: Annotated[Text, Slots("most")]
    label_description: Plain
    plan_obstacle: Annotated[Text, Slots("text")]
    news_published: Plain
    news_waiting: Annotated[Text, Slots("n")]
    news_waiting_few: Plain
    tell_citizens: Plain
    tell_citizens_ask: Annotated[Text, Slots("message", "period", "waiting")]
    tell_citizens_yes: Plain
    add_plan: Plain
    change_plan: Plain
    plan_title: Annotated[Text, Slots("period")]
    change_plan_title: Plain
    ask_unsur: Plain
    label_unsur: Plain
    unsur_lowest: Annotated[Text, Slots("nrr", "unsur")]
    ask_kegiatan: Annotated[Text, Slots("most")]
    label_kegiatan: Plain
    ask_responsible: Annotated[Text, Slots("most")]
    label_responsible: Plain
    ask_due: Plain
    label_due: Plain
    ask_status: Annotated[Text, Slots("kegiatan")]
    label_status: Plain
    ask_evidence: Annotated[Text, Slots("most")]
    label_evidence: Plain
    ask_obstacle: Annotated[Text, Slots("most")]
    label_obstacle: Plain
    as_it_is: Annotated[Text, Slots("value")]
    due_past: Plain
    status_rencana: Plain
    status_berjalan: Plain
    status_selesai: Plain
    status_batal: Plain

    rec_button: Annotated[Text, Slots("count", "done")]
    rec_button_none: Plain
    rec_list: Annotated[Text, Slots("lines", "tahun")]
    rec_none: Plain
    rec_line: Annotated[Text, Slots("kegiatan", "number", "rekomendasi", "status", "when")]
    rec_kegiatan: Annotated[Text, Slots("kegiatan", "responsible")]
    rec_unplanned: Plain
    rec_nothing: Plain
    rec_screen: Annotated[
        Text,
        Slots("kegiatan", "progress", "rekomendasi", "responsible", "status", "tahun", "when"),
    ]
    rec_add: Plain
    rec_add_title: Annotated[Text, Slots("tahun")]
    rec_ask: Annotated[Text, Slots("count", "most")]
    rec_label: Plain
    rec_from_lhe: Annotated[Text, Slots("count")]
    rec_plan: Plain
    rec_replan: Plain
    rec_plan_title: Annotated[Text, Slots("tahun")]
    rec_ask_kegiatan: Annotated[Text, Slots("most", "rekomendasi")]
    rec_delete: Plain
    rec_deleted: Plain
    rec_not_deleted: Plain

    report_which: Plain
    report_none: Plain
    report_next: Annotated[Text, Slots("locks", "period")]
    report_year: Annotated[Text, Slots("year")]
    report_begun: Annotated[Text, Slots("period")]
    report_making: Annotated[Text, Slots("done", "period", "total")]
    report_done: Annotated[Text, Slots("period")]
    file_report: Annotated[Text, Slots("period")]
    file_report_docx: Annotated[Text, Slots("period")]
    file_tabulation: Annotated[Text, Slots("period")]
    file_publication: Annotated[Text, Slots("period")]
    file_publication_picture: Annotated[Text, Slots("period")]
    file_page: Annotated[Text, Slots("period")]
    file_iku: Annotated[Text, Slots("period")]
    file_unit: Annotated[Text, Slots("period")]
    being_made: Plain
    coming: Plain
    not_made: Annotated[Text, Slots("file", "why")]
    not_sent: Plain
    poster: Plain
    poster_which: Plain
    poster_caption: Annotated[Text, Slots("of", "size")]
    poster_both: Plain
    poster_browser: Plain
    poster_choose_both: Plain
    poster_choose_browser: Plain
    poster_none: Plain
    poster_all: Plain
    poster_of: Annotated[Text, Slots("service")]
    poster_counter: Annotated[Text, Slots("counter", "size")]
    poster_service: Annotated[Text, Slots("size")]
    slips: Plain
    slips_button: Plain
    slips_title: Plain
    slips_first: Annotated[Text, Slots("last", "next")]
    label_first: Plain
    slips_count: Annotated[Text, Slots("most")]
    slips_language: Plain
    label_language: Plain
    label_count: Plain
    slips_caption: Annotated[Text, Slots("first", "last")]
    slips_wrong: Annotated[Text, Slots("last", "most")]
    visits: Plain
    visits_button: Plain
    visits_title: Plain
    visits_count: Annotated[Text, Slots("most", "period")]
    visits_caption: Annotated[Text, Slots("count", "period")]
    visits_locked: Plain
    visits_wrong: Annotated[Text, Slots("most")]
