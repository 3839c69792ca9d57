"""What each error of Telegram means for the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery.transport import NotDelivered

RETRY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing was carried out; the call may be made again after this time."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Moved:
    """The group is another chat now."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The bot is blocked or kicked, or the account deactivated."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been carried out; `answered`: Telegram did answer, with an error of its own."""

    answered: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """It will be refused again: do not retry."""

    reason: str


Fate: TypeAlias = Later | Moved | Gone | Uncertain | Refused


def fate(error: TelegramError) -> Fate:
    """What a failed call means."""
    match error:
        case RetryAfter():
            return Later(wait(error))
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return Gone()
        case BadRequest():
            return Refused(error.message)
        case NotDelivered() | InvalidToken():  # a single 401 or 404 says nothing about the token
            return Later(RETRY)
        case NetworkError():
            return Uncertain(answered=not isinstance(error, TimedOut))
        case _:
            return Refused(error.message)


def wait(error: RetryAfter) -> timedelta:
    """How long Telegram asks to wait."""
    asked = error.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def says_so_already(error: BadRequest) -> bool:
    """Whether the message to edit has this content already."""
    return "not modified" in error.message.lower()


def cannot_be_edited(error: BadRequest) -> bool:
    """Whether the message to edit is deleted, or too old."""
    refusal = error.message.lower()
    return "message to edit not found" in refusal or "can't be edited" in refusal
