"""What the compose functions of all kinds work with, and what they return."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Bot

from office.office import Do, Office
from office.papers.refusals import ReportSet
from office.survey.screens import Rows


class ComposeLater(Exception):
    """Another process works on the file of this row: compose it again later."""


@dataclass(slots=True)
class Context:
    """The parts of the program that compose functions use.

    Args:
        report_set: the data of the newest report, read once for all its files, with the chat and
            the first message of that report.
    """

    office: Office
    bot: Bot
    do: Do
    report_set: tuple[tuple[int, int], ReportSet] | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is ready to send."""

    text: str
    photo: bytes | None = None
    stored: str | None = None  # the id of a file that Telegram has stored
    rows: Rows = ()  # of buttons
    document: tuple[str, bytes] | None = None  # its name and content
    edits: int | None = None  # the id of the message to edit to this text
