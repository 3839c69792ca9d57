"""Reply markup, checked as Telegram checks it."""

import re
from typing import Any

from simulator.bot_api.arguments import Arguments
from simulator.errors import Json, bad_request

MAX_BUTTONS_PER_ROW = 8
MAX_BUTTONS = 100
MAX_CALLBACK_DATA_BYTES = 64
_BUTTON_TYPES = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
_STYLES = frozenset({"danger", "success", "primary"})
_URL = re.compile(r"(?:(https?|tg|ton|tonsite)://)?[^\s/?#:]+(?:[.:/?#]\S*)?", re.IGNORECASE)


def reply_markup(arguments: Arguments, private: bool) -> Json | None:
    """The checked reply markup of a new message; None when there is none.

    Args:
        arguments: of the call.
        private: whether the message is for a private chat.

    Returns:
        `{"inline_keyboard": …}`, `{"keyboard": …}`, `{"remove_keyboard": true}` or
        `{"force_reply": true}`.
    """
    markup = arguments.structure("reply_markup", "can't parse reply keyboard markup JSON object")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"], private)
    if "keyboard" in markup:
        return _reply_keyboard(markup)
    if markup.get("remove_keyboard"):
        return {"remove_keyboard": True}
    if markup.get("force_reply"):
        return {key: markup[key] for key in markup if markup[key] is not None}
    return None


def inline_keyboard(arguments: Arguments, private: bool) -> Json | None:
    """The checked inline keyboard of an edited message; other reply markup is refused."""
    markup = reply_markup(arguments, private)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _inline(rows: Any, private: bool) -> Json | None:
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    kept = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request("can't parse inline keyboard button row: expected an Array")
        if len(row) > MAX_BUTTONS_PER_ROW:
            raise bad_request("reply markup is too long")
        if row:
            kept.append([_button(button, private) for button in row])
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any, private: bool) -> Json:
    if not isinstance(button, dict):
        raise bad_request(
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object"
        )
    text = button.get("text")
    if text is None:
        raise bad_request("can't parse inline keyboard button: can't find field \"text\"")
    if not isinstance(text, str):
        raise bad_request(
            'can\'t parse inline keyboard button: field "text" must be of type String'
        )
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    kinds = [kind for kind in button if kind in _BUTTON_TYPES and _has_value(kind, button[kind])]
    if not kinds:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    kept = {"text": text.strip()} | _action(kinds[0], button[kinds[0]], private)
    if style := button.get("style"):
        if style not in _STYLES:
            raise bad_request("can't parse inline keyboard button: invalid button style specified")
        kept["style"] = style
    return kept


def _has_value(kind: str, value: Any) -> bool:
    """Whether a button field has a value; only an inline query may be an empty text."""
    return value not in (None, False) and (value != "" or kind.startswith("switch_inline"))


def _action(kind: str, value: Any, private: bool) -> Json:
    match kind:
        case "callback_data":
            if (
                not isinstance(value, str)
                or len(value.encode("utf-8", "replace")) > MAX_CALLBACK_DATA_BYTES
            ):
                raise bad_request("BUTTON_DATA_INVALID")
            return {kind: value}
        case "url":
            return {kind: _url(str(value))}
        case "copy_text":
            text = value.get("text") if isinstance(value, dict) else None
            if not isinstance(text, str) or not 1 <= len(text) <= 256:
                raise bad_request("BUTTON_COPY_TEXT_INVALID")
            return {kind: {"text": text}}
        case "web_app" if private:
            url = str(value.get("url", "")) if isinstance(value, dict) else ""
            if not url.startswith("https://"):
                raise bad_request(
                    f"inline keyboard button Web App URL '{url}' is invalid: "
                    "Only HTTPS links are allowed"
                )
            return {kind: {"url": url}}
        case (
            "switch_inline_query"
            | "switch_inline_query_current_chat"
            | ("switch_inline_query_chosen_chat")
        ):
            raise bad_request("BOT_INLINE_DISABLED")
        case "login_url":
            raise bad_request("BOT_DOMAIN_INVALID")
        case _:
            raise bad_request("BUTTON_TYPE_INVALID")


def _url(url: str) -> str:
    refused = f"inline keyboard button URL '{url}' is invalid: "
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    if scheme and scheme not in ("http", "https", "tg", "ton", "tonsite"):
        raise bad_request(f"{refused}Unsupported URL protocol")
    if not _URL.fullmatch(url) or ("." not in url and scheme not in ("tg", "ton")):
        raise bad_request(f"{refused}Wrong HTTP URL")
    return url if scheme else f"http://{url}"


def _reply_keyboard(markup: Json) -> Json:
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    kept = [[_reply_button(button) for button in row] for row in rows if row]
    if not kept:
        raise bad_request("reply markup is empty")
    return {key: value for key, value in markup.items() if value is not None} | {"keyboard": kept}


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return {key: value for key, value in button.items() if value is not None}
