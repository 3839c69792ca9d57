"""What stands around the citizens' screens in a browser, by language: `halaman-id.toml`, …."""

from typing import Annotated

from office.words.text import Part, Plain, Slots, Text


class PageWords(Part):
    """The menu, the errors and the countdown of the pages, in one language."""

    services: Plain
    result: Plain
    privacy: Plain
    erase: Plain
    language: Plain
    skip_to_content: Plain
    open_in_telegram: Plain
    new_person: Plain
    start_over: Plain
    idle: Annotated[Text, Slots("seconds")]
    not_found: Plain
    other_site: Plain
    too_large: Plain
    too_slow: Plain
    not_allowed: Plain
    not_written: Plain
    try_again: Plain
