"""What is refused: to a person by the app, to a bot by the Bot API."""

from typing import Any


class Refused(ValueError):
    """A person cannot do that in Telegram."""


class Refusal(Exception):
    """An answer of the Bot API with `ok: false`."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Lost(Exception):
    """The bot gets no answer; `delivered` says whether the call was carried out."""

    def __init__(self, delivered: bool) -> None:
        super().__init__("the answer never comes" if delivered else "the connection fails")
        self.delivered = delivered


QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def bad_request(words: str) -> Refusal:
    """400, with Telegram's words after its prefix."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    """403, with Telegram's words after its prefix."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """409, with Telegram's words after its prefix."""
    return Refusal(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> Refusal:
    """429, with the seconds to wait."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def upgraded(new_chat: int) -> Refusal:
    """400 for a group that lives on as a supergroup."""
    return Refusal(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat},
    )
