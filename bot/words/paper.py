"""What people read of papers, paper answers and the follow-up: `kertas.toml`."""

from __future__ import annotations

from typing import Annotated

from bot.wording import Part, Plain, Slots, Text


class PaperWords(Part):
    """What /laporan, /poster and paper entry say."""

    paper: Plain
    paper_screen: Plain
    paper_none: Plain
    paper_send: Plain
    paper_template: Plain
    paper_template_coming: Plain
    paper_template_caption: Plain
    paper_title: Plain
    paper_ask: Annotated[Text, Slots("most")]
    paper_too_big: Annotated[Text, Slots("most")]
    paper_coming: Plain
    paper_good: Annotated[Text, Slots("file", "periods", "rows")]
    paper_enter: Annotated[Text, Slots("rows")]
    paper_entering: Plain
    paper_in: Annotated[Text, Slots("file", "number", "periods", "rows")]
    paper_already: Annotated[Text, Slots("number", "rows")]
    paper_refused: Annotated[Text, Slots("file", "lines")]
    paper_more: Annotated[Text, Slots("count")]
    paper_unreachable: Annotated[Text, Slots("file")]
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
    nothing_locked: Annotated[Text, Slots("period")]
    two_instruments: Annotated[Text, Slots("period", "periods")]
    rows_after_lock: Plain
    rows_too_many: Annotated[Text, Slots("most")]
    too_few: Annotated[Text, Slots("least", "n")]
    after_close: Plain
    differs: Annotated[Text, Slots("what")]
    not_drawn: Plain
