"""Strategies for one text as different people type it."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from scoring.written import TOKEN

SEPARATORS = st.sampled_from([" ", "  ", "-", " - ", "–", ".", ". ", "_", "\N{NO-BREAK SPACE}"])
CAPITALS: list[Callable[[str], str]] = [str.upper, str.lower, str.title, str]
ANYTHING = st.one_of(
    st.text(max_size=30), st.text("0123456789-/.,:<> dsDSlLpPth", min_size=1, max_size=12)
)


@st.composite
def typed(draw: st.DrawFn, text: str) -> str:
    """A text with other capitals, spaces and punctuation between its letters and numbers."""
    written, end = "", 0
    for token in TOKEN.finditer(text):
        between = text[end : token.start()]
        written += draw(SEPARATORS) if between else ""
        written += draw(st.sampled_from(CAPITALS))(token[0])
        end = token.end()
    return draw(st.sampled_from(["", " "])) + written + draw(st.sampled_from(["", " ", "."]))
