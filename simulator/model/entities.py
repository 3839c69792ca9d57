"""Message entities: parsed from HTML, given by the bot, or detected in the text.

Offsets and lengths are UTF-16 code units.
"""

import re
from collections.abc import Callable
from typing import Any

from simulator.errors import ApiError, bad_request

Entity = dict[str, Any]
Mentioned = Callable[[int], dict[str, Any] | None]

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_ACCEPTED = frozenset({*_TAGS.values(), "expandable_blockquote", "text_mention"} - {"custom_emoji"})
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_MARKUP = re.compile(r"[<&]")
_START = re.compile(r"<([^\s>]*)")
_END = re.compile(r"</([^\s>]*)\s*(>?)")
_ATTRIBUTE = re.compile(r"""\s+([^\s=>]+)(?:\s*(=)\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.\-]*)))?""")
_BARE_ATTRIBUTES = frozenset({"expandable"})
_DETECTED = re.compile(
    r"(?P<url>(?:https?://|t\.me/)[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?<![\w.])(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
    r"|(?<![\w/])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w&])(?P<hashtag>\#\w*[^\W\d]\w*)"
)
_USER_LINK = re.compile(
    r"tg:(?://)?user/?\?(?:[^#]*&)?id=([1-9][0-9]{0,15})(?:[&#].*)?", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://|tg://)?[^\s/?#]+\.[^\s]+|(?:https?|tg)://\S+")


def utf16_length(text: str) -> int:
    """The length in UTF-16 code units, as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _nobody(user_id: int) -> None:
    """Knows no user."""


def parse_text(
    text: str, parse_mode: str, given: list[Entity] | None, mentioned: Mentioned = _nobody
) -> tuple[str, list[Entity]]:
    """The text that a message shows, and its entities.

    Args:
        text: sent by the bot.
        parse_mode: `HTML`, or empty.
        given: entities that the bot sent instead of a parse mode.
        mentioned: the user of a mention; a mention of an unknown user remains plain text.

    Raises:
        ApiError: the markup is not well-formed, or the simulator cannot parse this mode.
    """
    text = text.replace("\r", "")
    match parse_mode.lower():
        case "":
            plain, entities = text, _given(given, utf16_length(text))
        case "html":
            plain, entities = parse_html(text)
        case _:
            raise bad_request("unsupported parse_mode")
    plain, entities = _trimmed(plain, _with_users(entities, mentioned))
    entities += detected_entities(plain, entities)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return plain, entities


def _with_users(entities: list[Entity], mentioned: Mentioned) -> list[Entity]:
    """The entities, each mention with its user; without mentions of unknown users."""
    for entity in entities:
        if entity["type"] == "text_mention":
            entity["user"] = mentioned(entity["user"]["id"])
    return [entity for entity in entities if entity.get("user", True)]


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Text and entities of Telegram's HTML.

    Raises:
        ApiError: 400 `can't parse entities: …` with the byte offset, as the official server does.
    """
    if "<" not in source and "&" not in source:
        return source, []
    return _HtmlParser(source).parse()


class _HtmlParser:
    """Parses the source once from start to end; `open_tags` are the tags not closed yet."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.length = 0
        self.plain: list[str] = []
        self.entities: list[Entity] = []
        self.open_tags: list[tuple[str, dict[str, str], int, int]] = []

    def parse(self) -> tuple[str, list[Entity]]:
        source = self.source
        while self.at < len(source):
            match source[self.at]:
                case "<" if source.startswith("</", self.at):
                    self._close()
                case "<":
                    self._open()
                case "&" if match := _REFERENCE.match(source, self.at):
                    self._add(_character(match))
                    self.at = match.end()
                case _:
                    end = self._next_markup()
                    self._add(source[self.at : end])
                    self.at = end
        if self.open_tags:
            last = self.open_tags[-1][0]
            raise bad_request(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{last}\""
            )
        return "".join(self.plain), self.entities

    def _add(self, text: str) -> None:
        self.plain.append(text)
        self.length += utf16_length(text)

    def _next_markup(self) -> int:
        match = _MARKUP.search(self.source, self.at + 1)
        return match.start() if match else len(self.source)

    def _error(self, text: str, at: int, rest: str = "") -> ApiError:
        byte = len(self.source[:at].encode("utf-8", "surrogatepass"))
        return bad_request(f"can't parse entities: {text} at byte offset {byte}{rest}")

    def _open(self) -> None:
        begin = self.at
        match = _START.match(self.source, self.at)
        assert match is not None  # noqa: S101 - the character is "<"
        if match.end() == len(self.source):
            raise self._error("Unclosed start tag", begin)
        tag = match[1].lower()
        if tag not in _TAGS:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        attributes: dict[str, str] = {}
        at = match.end()
        while attribute := _ATTRIBUTE.match(self.source, at):
            name, equal, double, single, bare = attribute.groups()
            if not equal and name.lower() not in _BARE_ATTRIBUTES:
                problem = "Expected equal sign in declaration of an attribute of the tag"
                raise self._error(f'{problem} "{tag}"', begin)
            value = double if double is not None else single if single is not None else bare
            attributes[name.lower()] = _REFERENCE.sub(_character, value or "")
            at = attribute.end()
        rest = self.source[at:].lstrip()
        if not rest.startswith(">"):
            raise self._error("Unclosed start tag", begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.at = len(self.source) - len(rest) + 1
        self.open_tags.append((tag, attributes, self.length, len(self.plain)))

    def _close(self) -> None:
        begin = self.at
        if not self.open_tags:
            raise self._error("Unexpected end tag", begin)
        match = _END.match(self.source, self.at)
        if match is None or not match[2]:
            raise self._error("Unclosed end tag", begin)
        tag, attributes, offset, piece = self.open_tags.pop()
        name = match[1].lower()
        if name and name != tag:
            mismatch = f', expected "</{tag}>", found "</{name}>"'
            raise self._error("Unmatched end tag", begin, mismatch)
        self.at = match.end()
        if self.length > offset:
            inner = "".join(self.plain[piece:])
            self._mark(tag, attributes, offset, self.length - offset, inner)

    def _mark(
        self, tag: str, attributes: dict[str, str], offset: int, length: int, inner: str
    ) -> None:
        entity: Entity = {"type": _TAGS[tag], "offset": offset, "length": length}
        last = self.entities[-1] if self.entities else None
        same_span = last is not None and (last["offset"], last["length"]) == (offset, length)
        match tag:
            case "a":
                address = attributes.get("href") or inner
                if user_id := _user_id(address):
                    entity |= {"type": "text_mention", "user": {"id": user_id}}
                elif url := _url(address):
                    entity["url"] = url
                else:
                    return
            case "blockquote" if "expandable" in attributes:
                entity["type"] = "expandable_blockquote"
            case "tg-emoji":
                return  # bots without a purchased username may not send it; the emoji remains
            case "code":
                if attributes.get("class", "").startswith("language-"):
                    entity["language"] = attributes["class"].removeprefix("language-")
            case "pre" if last is not None and same_span and last["type"] == "code":
                last["type"] = "pre"
                return
            case _:
                pass
        self.entities.append(entity)


def _character(match: re.Match[str]) -> str:
    """The character of an HTML character reference."""
    hexadecimal, decimal, named = match.groups()
    if named:
        return _NAMED[named]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if 0 < number < 0x10FFFF and not 0xD800 <= number < 0xE000 else match[0]


def _user_id(address: str) -> int | None:
    """The user of a link to a user (`tg://user?id=…`); None for any other link."""
    match = _USER_LINK.fullmatch(address)
    return int(match[1]) if match else None


def _url(url: str) -> str | None:
    """The normalized URL of a link; None for an invalid URL, which Telegram shows as plain text."""
    url = url.strip()
    if not _LINK.fullmatch(url):
        return None
    if "://" not in url:
        url = f"http://{url}"
    scheme, _, rest = url.partition("://")
    return url if "/" in rest or scheme == "tg" else f"{url}/"


def _given(entities: Any, total: int) -> list[Entity]:
    """The entities that the bot sent, without the kinds that Telegram detects itself."""
    if entities is None:
        return []
    if not isinstance(entities, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    kept = [_checked(entity, total) for entity in entities]
    return [entity for entity in kept if entity["type"] in _ACCEPTED]


def _checked(entity: Any, total: int) -> Entity:
    if not isinstance(entity, dict):
        raise bad_request("can't parse entities: expected an Object")
    checked: Entity = {}
    for name, kind in (("type", str), ("offset", int), ("length", int)):
        if type(entity.get(name)) is not kind:
            raise bad_request(f"can't parse entities: can't find field \"{name}\"")
        checked[name] = entity[name]
    if checked["offset"] < 0 or not 0 < checked["length"] <= total - checked["offset"]:
        raise bad_request("ENTITY_BOUNDS_INVALID")
    if checked["type"] == "text_link":
        url = _url(str(entity.get("url", "")))
        if url is None:
            raise bad_request(f"entity URL '{entity.get('url', '')}' is invalid: Wrong HTTP URL")
        checked["url"] = url
    if checked["type"] == "text_mention":
        user = entity.get("user")
        if not isinstance(user, dict) or type(user.get("id")) is not int:
            raise bad_request("can't parse entities: can't find field \"user\"")
        checked["user"] = {"id": user["id"]}
    if checked["type"] == "pre" and isinstance(entity.get("language"), str):
        checked["language"] = entity["language"]
    return checked


def _trimmed(plain: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without white space at both ends, with the entities adjusted."""
    stripped = plain.rstrip()
    lead = len(stripped) - len(stripped.lstrip())
    if entities:
        lead = min(lead, min(entity["offset"] for entity in entities))
    stripped = stripped[lead:]
    if stripped == plain:
        return plain, [entity for entity in entities if entity["length"] > 0]
    total = utf16_length(stripped)
    for entity in entities:
        entity["offset"] -= lead
        entity["length"] = min(entity["length"], total - entity["offset"])
    return stripped, [entity for entity in entities if entity["length"] > 0]


def detected_entities(plain: str, taken: list[Entity] = []) -> list[Entity]:  # noqa: B006 - never modified
    """Commands, mentions, hashtags and addresses that Telegram detects in a text."""
    if not any(sign in plain for sign in "/@#"):
        return []
    detected = []
    for match in _DETECTED.finditer(plain):
        offset = utf16_length(plain[: match.start()])
        length = utf16_length(match[0])
        if not any(_overlaps(entity, offset, length) for entity in taken):
            detected.append({"type": str(match.lastgroup), "offset": offset, "length": length})
    return detected


def _overlaps(entity: Entity, offset: int, length: int) -> bool:
    if entity["type"] not in ("code", "pre", "text_link", "text_mention"):
        return False
    end = entity["offset"] + entity["length"]
    return bool(offset < end and entity["offset"] < offset + length)
