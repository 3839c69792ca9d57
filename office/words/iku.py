"""What people read of the evaluation of SAKIP, the IKU table and the profile: `iku.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class IkuWords(Part):
    """What /sakip, /iku and /profil say."""

    table: Annotated[Text, Slots("lines", "office", "rules", "year")]
    no_plan: Annotated[Text, Slots("year")]
    row: Annotated[Text, Slots("capaian", "figures", "indikator", "note", "number")]
    beside_target: Annotated[Text, Slots("realisasi", "satuan", "target")]
    realisasi_alone: Annotated[Text, Slots("realisasi", "satuan")]
    target_alone: Annotated[Text, Slots("satuan", "target")]
    nothing_beside_target: Plain
    row_note: Annotated[Text, Slots("note")]
    row_change: Annotated[Text, Slots("value", "year")]
    row_end: Annotated[Text, Slots("progress", "target", "year")]
    capaian: Annotated[Text, Slots("capaian", "kategori")]
    not_available: Annotated[Text, Slots("reason")]
    missing: Plain
    with_predikat: Annotated[Text, Slots("nilai", "predikat")]
    rules: Annotated[Text, Slots("feeding", "tahunan")]
    year_wrong: Plain
    plans: Plain
    draw: Plain
    drawing: Plain
    picture_caption: Annotated[Text, Slots("office", "year")]
    progress: Plain
    which_progress: Annotated[Text, Slots("year")]
    back_to_table: Plain
    progress_none: Plain
    progress_caption: Annotated[Text, Slots("capaian", "figures", "indikator", "year")]
    progress_capaian: Annotated[Text, Slots("capaian")]
    progress_end: Annotated[Text, Slots("progress", "target", "year")]
    set_target: Plain
    set_entry: Plain
    which_indicator: Plain
    label_indikator: Plain
    target_title: Annotated[Text, Slots("year")]
    ask_target: Annotated[Text, Slots("indikator", "year")]
    label_target: Plain
    entry_title: Annotated[Text, Slots("year")]
    ask_realisasi: Annotated[Text, Slots("indikator", "year")]
    label_realisasi: Plain
    ask_source: Plain
    label_source: Plain
    ask_reason: Annotated[Text, Slots("before")]
    label_reason: Plain
    entry_saved: Annotated[Text, Slots("indikator", "realisasi", "year")]
    own_figure: Annotated[Text, Slots("indikator", "note", "year")]
    lhe_none: Plain
    lhe_list: Annotated[Text, Slots("lines")]
    lhe_line: Annotated[Text, Slots("marked", "nilai", "nomor", "predikat", "tahun", "tanggal")]
    lhe_marked: Plain
    lhe_new: Plain
    lhe_open: Annotated[Text, Slots("tahun")]
    lhe_screen: Annotated[
        Text,
        Slots(
            "dinilai",
            "komponen",
            "nilai",
            "nomor",
            "predikat",
            "regulasi",
            "rekomendasi",
            "revision",
            "tahun",
            "tanggal",
            "warnings",
        ),
    ]
    lhe_back: Plain
    lhe_komponen: Annotated[Text, Slots("maximum", "name", "nilai")]
    lhe_warning: Annotated[Text, Slots("text")]
    lhe_rekomendasi: Annotated[Text, Slots("text")]
    lhe_revision: Annotated[Text, Slots("number", "reason")]
    lhe_correct: Plain
    lhe_file: Plain
    lhe_file_coming: Plain
    lhe_gone: Plain
    lhe_title: Annotated[Text, Slots("tahun")]
    lhe_title_new: Plain
    ask_tahun: Plain
    label_tahun: Plain
    ask_dinilai: Plain
    label_dinilai: Plain
    ask_regulasi: Plain
    label_regulasi: Plain
    ask_nomor: Plain
    label_nomor: Plain
    ask_tanggal: Plain
    label_tanggal: Plain
    tanggal_ahead: Annotated[Text, Slots("day")]
    ask_nilai: Plain
    label_nilai: Plain
    nilai_outside: Plain
    ask_predikat: Plain
    label_predikat: Plain
    ask_komponen: Annotated[Text, Slots("maximum", "name")]
    ask_rekomendasi: Annotated[Text, Slots("most")]
    label_rekomendasi: Plain
    ask_file: Plain
    label_file: Plain
    not_pdf: Plain
    ask_why: Annotated[Text, Slots("tahun")]
    label_why: Plain
    lhe_saved: Annotated[Text, Slots("tahun")]
    profile: Annotated[
        Text, Slots("fungsi", "jabatan", "kabupaten", "kepala", "office", "source", "tugas")
    ]
    profile_kepala: Annotated[Text, Slots("kepala")]
    profile_line: Annotated[Text, Slots("number", "text")]
