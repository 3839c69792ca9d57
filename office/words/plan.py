"""What officers read of the office's plans: `rencana.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class PlanWords(Part):
    """What *Rencana* under /iku says."""

    plans_screen: Annotated[Text, Slots("lines")]
    plan_line: Annotated[Text, Slots("name", "years")]
    plan_page: Annotated[Text, Slots("name", "text")]
    head: Annotated[Text, Slots("boundary", "cap", "rules", "sk", "source", "years")]
    sk: Annotated[Text, Slots("day", "number")]
    no_sk: Plain
    empty: Plain
    missing: Plain
    cap: Annotated[Text, Slots("cap")]
    no_cap: Plain
    sasaran: Annotated[Text, Slots("name")]
    iku: Annotated[Text, Slots("arah", "code", "formulasi", "name", "satuan", "sumber", "targets")]
    year_target: Annotated[Text, Slots("target", "year")]
    naik: Plain
    turun: Plain
    from_survey: Plain
    from_heads: Plain
    from_lhe: Plain
    by_hand: Plain
    tugas: Plain
    fungsi: Plain
    duties: Annotated[Text, Slots("lines", "title")]
    numbered: Annotated[Text, Slots("number", "text")]
    back_to_table: Plain
    back_to_plans: Plain
    copy_plan: Plain
    copy_title: Annotated[Text, Slots("name")]
    ask_years: Plain
    label_years: Plain
    years_wrong: Plain
    years_taken: Annotated[Text, Slots("name")]
    copied: Annotated[Text, Slots("name", "source")]
    see: Plain
    fill_targets: Plain
    workbook: Plain
    send_workbook: Plain
    workbook_coming: Plain
    workbook_caption: Annotated[Text, Slots("name")]
    file_coming: Plain
    file_refused: Annotated[Text, Slots("file", "lines")]
    would_make: Annotated[Text, Slots("first", "last", "name")]
    would_change: Annotated[Text, Slots("count", "lines", "name")]
    changed: Annotated[Text, Slots("after", "before", "subject")]
    nothing: Plain
    nothing_changes: Annotated[Text, Slots("name")]
    apply: Plain
    applying: Plain
    applied: Annotated[Text, Slots("name")]
    many_targets: Plain
    all_at_once: Plain
    ask_all_targets: Annotated[Text, Slots("code", "codes")]
    targets_wrong: Annotated[Text, Slots("part")]
    codes_wrong: Annotated[Text, Slots("codes")]
    year_outside: Annotated[Text, Slots("first", "last", "year")]
    year_twice: Plain
    targets_saved: Annotated[Text, Slots("lines")]
    fill_reached: Plain
    reached_title: Annotated[Text, Slots("quarter", "year")]
    ask_reached: Annotated[Text, Slots("indikator", "quarter", "year")]
    reached_own: Annotated[Text, Slots("nilai")]
    ask_cause: Annotated[Text, Slots("indikator")]
    label_cause: Plain
    reached_saved: Annotated[Text, Slots("indikator", "quarter", "year")]
    another: Plain
    see_paper: Plain
    add_iku: Plain
    add_iku_title: Plain
    ask_sasaran: Plain
    label_sasaran: Plain
    ask_indikator: Plain
    ask_code: Plain
    label_code: Plain
    code_taken: Annotated[Text, Slots("code")]
    code_wrong: Plain
    ask_formulasi: Plain
    label_formulasi: Plain
    ask_satuan: Plain
    label_satuan: Plain
    ask_arah: Plain
    label_arah: Plain
    ask_sumber: Plain
    label_sumber: Plain
    iku_added: Annotated[Text, Slots("indikator", "name")]
    delete_plan: Plain
    delete_ask: Annotated[Text, Slots("name", "years")]
    delete_yes: Plain
    plan_deleted: Annotated[Text, Slots("name")]
    plan_stays: Annotated[Text, Slots("name", "why")]
    stays_only: Plain
    stays_papers: Plain
    stays_realisasi: Plain
    stays_results: Plain
    change: Plain
    change_title: Annotated[Text, Slots("name")]
    ask_part: Plain
    label_part: Plain
    ask_row: Plain
    label_row: Plain
    ask_column: Plain
    label_column: Plain
    ask_cell: Annotated[Text, Slots("before", "what")]
    label_text: Plain
