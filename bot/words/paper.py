"""What people read of papers, paper answers and the follow-up: `kertas.toml`."""

from __future__ import annotations

from typing import Annotated

from bot.wording import Part, Plain, Slots, Text


class PaperWords(Part):
    """What /laporan, /poster and paper entry say."""

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
