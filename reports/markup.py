"""HTML from plain values: whatever is not `Markup` is escaped on its way in."""

from html import escape


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def joined(*parts: str) -> Markup:
    """The parts one after another, plain ones escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def tag(name: str, *inner: str, **attributes: str | float) -> Markup:
    """An element; `class_` is the attribute class, `aria_hidden` aria-hidden."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{said}>{joined(*inner)}</{name}>")
