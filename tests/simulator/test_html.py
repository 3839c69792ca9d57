"""Message entities: parsed from HTML, given by the bot, and detected in the text."""

from typing import Any

import pytest

from simulator.errors import ApiError
from simulator.model import entities


def _spans(parsed: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in parsed]


@pytest.mark.parametrize(
    ("html", "plain", "spans"),
    [
        ("<b>Halo</b> Bu", "Halo Bu", [("bold", 0, 4)]),
        ("😀 <b>a</b>", "😀 a", [("bold", 3, 1)]),
        ("<b>😀</b>&amp;&lt;x&gt;&quot;", '😀&<x>"', [("bold", 0, 2)]),
        ("&#128512;<i>x</i>", "😀x", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<u>a</u><s>b</s>", "ab", [("underline", 0, 1), ("strikethrough", 1, 1)]),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<pre>x</pre>", "x", [("pre", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
        ("a & b &nbsp;", "a & b &nbsp;", []),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("  <b>x</b> \n", "x", [("bold", 0, 1)]),
    ],
)
def test_tags_become_entities(html: str, plain: str, spans: list[tuple[str, int, int]]) -> None:
    parsed_plain, parsed = entities.parse_text(html, "HTML", None)
    assert (parsed_plain, _spans(parsed)) == (plain, spans)


def test_a_link_keeps_its_address() -> None:
    _, parsed = entities.parse_text(
        '<a href="https://sp4n.id/x?a=1&amp;b=2">lapor</a>', "HTML", None
    )
    assert parsed == [
        {"type": "text_link", "offset": 0, "length": 5, "url": "https://sp4n.id/x?a=1&b=2"}
    ]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("é<blink>x</blink>", 'Unsupported start tag "blink" at byte offset 2'),
        ("nilai <5 itu", 'Unsupported start tag "5" at byte offset 6'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_invalid_html_is_refused_with_its_byte_offset(html: str, expected: str) -> None:
    with pytest.raises(ApiError) as refused:
        entities.parse_text(html, "HTML", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {expected}"


def test_other_parse_modes_are_refused() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        entities.parse_text("*x*", "MarkdownV2", None)


def test_commands_addresses_mentions_and_hashtags_are_detected() -> None:
    text = "/start lihat https://a.id/b. atau @budi_kasi #ikm, <x>"
    assert _spans(entities.detected_entities(text)) == [
        ("bot_command", 0, 6),
        ("url", 13, 14),
        ("mention", 34, 10),
        ("hashtag", 45, 4),
    ]


def test_no_command_is_detected_inside_code() -> None:
    _, parsed = entities.parse_text("<code>/start</code> /mulai", "HTML", None)
    assert _spans(parsed) == [("code", 0, 6), ("bot_command", 7, 6)]


@pytest.mark.slow  # imports aiogram
@pytest.mark.parametrize(
    "html",
    ["<b>a <i>😀 b</i></b> c", '<a href="https://a.id/">x</a>y', "<u>Ä</u> &lt;b&gt; &amp;"],
)
def test_aiogram_writes_the_same_html_back(html: str) -> None:
    from aiogram.types import MessageEntity
    from aiogram.utils.text_decorations import html_decoration

    plain, parsed = entities.parse_text(html, "HTML", None)
    listed = [MessageEntity.model_validate(entity) for entity in parsed]
    assert html_decoration.unparse(plain, listed) == html


def test_a_bot_may_send_entities_instead_of_markup() -> None:
    given = [
        {"type": "bold", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 3, "length": 1, "url": "https://a.id/"},
        {"type": "mention", "offset": 0, "length": 1},
    ]
    assert entities.parse_text("😀 x", "", given) == ("😀 x", given[:2])


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ({"type": "bold", "offset": 1, "length": 2}, "ENTITY_BOUNDS_INVALID"),
        ({"type": "bold", "offset": -1, "length": 1}, "ENTITY_BOUNDS_INVALID"),
        ({"type": "bold", "offset": 0}, 'can\'t find field "length"'),
        ({"type": "text_link", "offset": 0, "length": 1, "url": "x"}, "Wrong HTTP URL"),
    ],
)
def test_entities_outside_their_text_are_refused(entity: dict[str, Any], expected: str) -> None:
    with pytest.raises(ApiError) as refused:
        entities.parse_text("ab", "", [entity])
    assert expected in refused.value.description
