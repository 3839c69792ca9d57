"""What people read of guided entry: `formulir.toml`."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class FormWords(Part):
    """What a form says around its own questions."""

    step: Annotated[Text, Slots("question", "step", "title")]
    step_number: Annotated[Text, Slots("number")]
    step_of: Annotated[Text, Slots("number", "total")]
    saved: Annotated[Text, Slots("lines", "title")]
    received: Annotated[Text, Slots("lines", "title")]
    not_saved: Annotated[Text, Slots("lines", "title")]
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
    use_photo: Plain
    choose_below: Plain
    choose_or_type: Plain
    choose_many: Plain
    none_chosen: Plain
    done: Plain
    look_for: Plain
    type_below: Plain
    send_file: Plain
    send_photo: Plain
