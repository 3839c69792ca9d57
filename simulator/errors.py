"""Errors: invalid actions, error responses of the Bot API, lost connections, a port in use."""

import errno
import os
from typing import Any

Json = dict[str, Any]


class InvalidAction(ValueError):
    """A person cannot do this in Telegram; `/sim/` answers 400 with this text."""


class ApiError(Exception):
    """A response of the Bot API with `ok: false`."""

    def __init__(
        self, code: int, description: str, parameters: dict[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class ConnectionLost(Exception):
    """The bot receives no response; `delivered` says whether the call was carried out."""

    def __init__(self, delivered: bool) -> None:
        super().__init__("the answer never comes" if delivered else "the connection fails")
        self.delivered = delivered


class PortUnavailable(Exception):
    """The server cannot listen on this port; the text is what the operator reads."""

    def __init__(self, port: int, cause: OSError | OverflowError) -> None:
        reason = "bukan porta 0-65535"
        if isinstance(cause, OSError) and cause.errno is not None:
            reason = _REASONS.get(cause.errno, os.strerror(cause.errno))
        super().__init__(
            f"porta {port} tidak dapat dipakai: {reason}; pilih porta lain dengan --port,"
            " atau 0 untuk porta bebas mana pun."
        )


_REASONS = {
    errno.EADDRINUSE: "sedang dipakai program lain",
    errno.EACCES: "tidak diizinkan bagi pengguna ini",
}
OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def bad_request(text: str) -> ApiError:
    """400; `text` is what Telegram writes after the prefix."""
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403; `text` is what Telegram writes after the prefix."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409; `text` is what Telegram writes after the prefix."""
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(seconds: int) -> ApiError:
    """429, with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def upgraded(new_chat: int) -> ApiError:
    """400 for a group that became the supergroup `new_chat`."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat},
    )
