"""The bodies of outbox rows, one type for each kind, written to and read from the JSON column."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from scoring.instrument import OFFICE_LANGUAGE
from storage import outbox
from storage.database import Db
from storage.outbox import OutboxRow

PaperSize = Literal["a5", "a4"]
PAPER_SIZES: tuple[PaperSize, ...] = get_args(PaperSize)  # as a button numbers them


class UnreadableBody(Exception):
    """The body of an outbox row does not have the fields of its kind."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a row needs, besides its chat and period, to be composed."""

    KIND: ClassVar[str]  # the column `kind`; without a hyphen, which separates the part


@dataclass(frozen=True, slots=True)
class TextBody(Body):
    """A text that is ready to send, as HTML, with a button (label, callback data) or none."""

    text: str
    button: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class NoticeBody(TextBody):
    """News for one person."""

    KIND = "kabar"


@dataclass(frozen=True, slots=True)
class FollowUpNewsBody(TextBody):
    """To a citizen who asked for it: what was done after a period. Deleted when it is settled."""

    KIND = outbox.NEWS


@dataclass(frozen=True, slots=True)
class RatingOpenedBody(TextBody):
    """To a unit head: a rating period has opened."""

    KIND = "nilai_buka"


@dataclass(frozen=True, slots=True)
class RatingReminderBody(TextBody):
    """To a unit head who has not rated yet."""

    KIND = "nilai_ingat"


@dataclass(frozen=True, slots=True)
class PulseBody(TextBody):
    """To a group: how many responses last week had. Its part is the week's label."""

    KIND = "denyut"


@dataclass(frozen=True, slots=True)
class DropAlertBody(TextBody):
    """To a group: the index has dropped since the last locked period."""

    KIND = "peringatan"


@dataclass(frozen=True, slots=True)
class CorrectionBody(TextBody):
    """To a group: locked figures were corrected. Its part is the correction's number."""

    KIND = "ralat"


@dataclass(frozen=True, slots=True)
class AgendaBody(Body):
    """To an admin: what is due in the office's year. Its part is the occasion.

    Args:
        buttons: label and callback data of each.
    """

    KIND = "agenda"

    text: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SummaryBody(Body):
    """To a group: the summary of a locked period."""

    KIND = "ringkasan"

    period: int


@dataclass(frozen=True, slots=True)
class UnitSummaryBody(Body):
    """To a group: the index of the unit heads."""

    KIND = "ringkasan_unit"

    period: int


@dataclass(frozen=True, slots=True)
class PreviewBody(Body):
    """To an official: a period's summary as the group would get it now."""

    KIND = "pratinjau"

    period: int


@dataclass(frozen=True, slots=True)
class IkuPictureBody(Body):
    """To an official: the IKU table of a year, or the progress of one indikator."""

    KIND = "gambar_iku"

    year: int
    iku: int | None = None


@dataclass(frozen=True, slots=True)
class StoredFileBody(Body):
    """To an official: a file that Telegram has stored."""

    KIND = "berkas"

    file_id: str


@dataclass(frozen=True, slots=True)
class PaperAnswersBody(Body):
    """To an admin: the result of checking, or of writing, a file of paper answers."""

    KIND = "kertas"

    file: str  # Telegram's id
    name: str
    write: bool


@dataclass(frozen=True, slots=True)
class FollowUpPhotoBody(Body):
    """To an admin: whether a photo of what was done is in the report now."""

    KIND = "foto"

    line: int
    file: str  # Telegram's id


@dataclass(frozen=True, slots=True)
class PaperTemplateBody(Body):
    """To an admin: the template for paper answers."""

    KIND = "templat"


@dataclass(frozen=True, slots=True)
class PlanWorkbookBody(Body):
    """To an official: the workbook of a plan."""

    KIND = "rencana_lembar"

    plan: int


@dataclass(frozen=True, slots=True)
class HeadsFileBody(Body):
    """To an admin: whom a sheet of unit heads would invite; or the links of the invited.

    Args:
        shown: the fingerprint of the list that was shown and is to be invited; None: check.
    """

    KIND = "kepala_berkas"

    file: str  # Telegram's id
    name: str
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class PlanFileBody(Body):
    """To an admin: what a workbook of a plan would change; or that it was applied.

    Args:
        shown: the fingerprint of the changes that were shown and are to be applied; None: check.
    """

    KIND = "rencana_berkas"

    file: str  # Telegram's id
    name: str
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class PlanningPaperBody(Body):
    """To an official: a paper of planning in one format."""

    KIND = "dokumen"

    kind: str
    year: int
    quarter: int
    format: str


@dataclass(frozen=True, slots=True)
class ReportBody(Body):
    """To an official: the first message of a report, then each of its files, then the last edit.

    Two bodies of one report are equal, whatever its progress.
    """

    KIND = "laporan"

    label: str
    progress: int | None = field(default=None, compare=False)  # the first message's id
    file: str | None = field(default=None, compare=False)
    done: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class PosterBody(Body):
    """To an admin: the posters of a service and a counter; 0: of all."""

    KIND = "poster"

    service: int
    counter: int
    size: PaperSize


@dataclass(frozen=True, slots=True)
class SlipsBody(Body):
    """To an admin: paper questionnaires with these numbers."""

    KIND = "kuesioner"

    first: int
    last: int
    language: str = OFFICE_LANGUAGE


@dataclass(frozen=True, slots=True)
class VisitSlipsBody(Body):
    """To an admin: slips with the codes of a visit of these numbers of a period."""

    KIND = "kunjungan"

    period: int
    first: int
    last: int


B = TypeVar("B", bound=Body)
_ADAPTERS: dict[str, TypeAdapter[Any]] = {}  # by kind; each is built at its first use


def put(
    db: Db,
    body: Body,
    chat_id: int,
    due_at: datetime,
    *,
    part: str = "",
    topic_id: int | None = None,
    period_id: int | None = None,
    late: bool = False,
    skipped: str | None = None,
) -> bool:
    """Add a row; False when the ledger has this kind, part, period and chat already."""
    kind = f"{body.KIND}-{part}" if part else body.KIND
    return outbox.put(
        db, kind, chat_id, _written(body), due_at,
        topic_id=topic_id, period_id=period_id, late=late, skipped=skipped,
    )  # fmt: skip


def put_unless_waiting(db: Db, body: Body, chat_id: int, due_at: datetime) -> bool:
    """Add a row; False while an equal one waits for this chat."""
    waiting = []
    for data in outbox.bodies_waiting(db, body.KIND, chat_id):
        with suppress(UnreadableBody):  # the sender will fail that row
            waiting.append(_parsed(type(body), data))
    return body not in waiting and put(db, body, chat_id, due_at)


def kind_name(row: OutboxRow) -> str:
    """The kind of a row, without its part."""
    return row.kind.partition("-")[0]


def read(row: OutboxRow, body_type: type[B]) -> B:
    """The body of a row.

    Raises:
        UnreadableBody: the row is of another kind, or a field is missing or of another type.
    """
    if kind_name(row) != body_type.KIND:
        raise UnreadableBody
    return _parsed(body_type, row.body)


def _written(body: Body) -> dict[str, Any]:
    """The fields that differ from their defaults."""
    values = ((each, getattr(body, each.name)) for each in fields(body))
    return {each.name: value for each, value in values if value != each.default}


def _parsed(body_type: type[B], data: Any) -> B:
    adapter = _ADAPTERS.get(body_type.KIND)
    if adapter is None:
        adapter = _ADAPTERS[body_type.KIND] = TypeAdapter(body_type)
    try:
        body: B = adapter.validate_python(data)
    except ValidationError as error:
        raise UnreadableBody from error
    return body
