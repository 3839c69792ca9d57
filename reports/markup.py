"""HTML from plain values: every text that is not `Markup` is escaped."""

from html import escape


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


def joined(*parts: str) -> Markup:
    """The parts one after another; plain text is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def tag(name: str, *inner: str, **attributes: str | float) -> Markup:
    """An HTML element; `class_` gives the attribute class, `aria_hidden` aria-hidden."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{written}>{joined(*inner)}</{name}>")
