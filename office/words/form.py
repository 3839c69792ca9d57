"""What people read of guided entry: `formulir.toml`."""

from __future__ import annotations

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class FormWords(Part):
    """What a form says around its own questions."""

    step: Annotated[Text, Slots("number", "question", "title", "total")]
    confirm: Annotated[Text, Slots("lines", "title")]
    line: Annotated[Text, Slots("name", "value")]
    left_out: Plain
    save: Plain
    leave_out: Plain
    cancel: Plain
    back: Plain
    cancelled: Plain
    over: Plain
    stale: Plain
    use_text: Plain
    use_buttons: Plain
    use_file: Plain
    choose_below: Plain
    choose_many: Plain
    none_chosen: Plain
    done: Plain
    look_for: Plain
    type_below: Plain
    send_file: Plain
