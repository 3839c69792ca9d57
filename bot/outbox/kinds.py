"""The one table of outbox kinds: body, recipient, lane, repetition, composition, follow-up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from bot.outbox import compose, heads_files, ordered_papers, plan_files, sent_files
from bot.outbox.context import Context, Message
from bot.turn.effects import Effect
from office.office import Office
from office.outbox_bodies import (
    AgendaBody,
    Body,
    CorrectionBody,
    DropAlertBody,
    FollowUpNewsBody,
    FollowUpPhotoBody,
    HeadsFileBody,
    IkuPictureBody,
    NoticeBody,
    PaperAnswersBody,
    PaperTemplateBody,
    PlanFileBody,
    PlanningPaperBody,
    PlanWorkbookBody,
    PosterBody,
    PreviewBody,
    PulseBody,
    RatingOpenedBody,
    RatingReminderBody,
    ReportBody,
    SlipsBody,
    StoredFileBody,
    SummaryBody,
    UnitSummaryBody,
    VisitSlipsBody,
)
from office.roles import ADMIN, READERS, Roles
from storage.database import Db
from storage.outbox import KindFilter, OutboxRow

B = TypeVar("B", bound=Body)


class Lane(Enum):
    """Rows of different lanes are sent independently."""

    MESSAGES = "messages"
    PAPERS = "papers"  # one at a time: each takes seconds to make
    NEWS = "news"  # to many citizens at once: no notice waits for them


@dataclass(frozen=True, slots=True)
class MessageKind(Generic[B]):
    """How rows of one kind are composed and sent.

    Args:
        repeatable: sent again after a send whose outcome is uncertain, without a decision.
        roles: the person of the chat must have one of them when it is sent; None: no condition.
        whole_office: not sent to a group that is bound to some units.
        sent: what follows in the transaction that records the row as sent.
        not_sent: what follows when it failed or is uncertain; its body is None when unreadable.
    """

    body: type[B]
    compose: Callable[[Context, OutboxRow, B], Awaitable[Message]]
    repeatable: bool = True
    roles: Roles | None = None
    whole_office: bool = False
    lane: Lane = Lane.MESSAGES
    sent: Callable[[Db, Office, OutboxRow, B], Sequence[Effect]] | None = None
    not_sent: Callable[[Db, Office, OutboxRow, B | None], Sequence[Effect]] | None = None


_TABLE: tuple[MessageKind[Any], ...] = (
    MessageKind(
        SummaryBody, compose.summary, repeatable=False, not_sent=compose.summary_not_sent
    ),
    MessageKind(
        UnitSummaryBody, compose.unit_summary, repeatable=False, whole_office=True,
        not_sent=compose.summary_not_sent,
    ),
    MessageKind(PulseBody, compose.text, repeatable=False, whole_office=True),
    MessageKind(DropAlertBody, compose.text, repeatable=False, whole_office=True),
    MessageKind(CorrectionBody, compose.text, repeatable=False, whole_office=True),
    MessageKind(NoticeBody, compose.text),
    MessageKind(
        FollowUpNewsBody, compose.text, repeatable=False, lane=Lane.NEWS,
        sent=compose.forget_citizen, not_sent=compose.forget_citizen,
    ),
    MessageKind(RatingOpenedBody, compose.text),
    MessageKind(RatingReminderBody, compose.text),
    MessageKind(AgendaBody, compose.agenda, roles=ADMIN),
    MessageKind(PreviewBody, compose.preview, roles=READERS),
    MessageKind(IkuPictureBody, compose.iku_picture, roles=READERS),
    MessageKind(StoredFileBody, compose.stored_file, roles=READERS),
    MessageKind(
        PaperAnswersBody, sent_files.result, roles=ADMIN, not_sent=sent_files.not_sent
    ),
    MessageKind(
        FollowUpPhotoBody, sent_files.photo, roles=ADMIN,
        not_sent=sent_files.photo_not_sent,
    ),
    MessageKind(PaperTemplateBody, sent_files.template, roles=ADMIN),
    MessageKind(PlanWorkbookBody, plan_files.workbook, roles=READERS),
    MessageKind(HeadsFileBody, heads_files.result, roles=ADMIN, not_sent=heads_files.not_sent),
    MessageKind(PlanFileBody, plan_files.result, roles=ADMIN, not_sent=plan_files.not_sent),
    MessageKind(
        ReportBody, ordered_papers.report, roles=READERS, lane=Lane.PAPERS,
        sent=ordered_papers.report_sent, not_sent=ordered_papers.report_not_sent,
    ),
    MessageKind(
        PlanningPaperBody, ordered_papers.planning, roles=READERS, lane=Lane.PAPERS,
        not_sent=ordered_papers.planning_not_sent,
    ),
    MessageKind(
        PosterBody, ordered_papers.poster, roles=ADMIN, lane=Lane.PAPERS,
        not_sent=ordered_papers.poster_not_sent,
    ),
    MessageKind(
        SlipsBody, ordered_papers.slips, roles=ADMIN, lane=Lane.PAPERS,
        not_sent=ordered_papers.slips_not_sent,
    ),
    MessageKind(
        VisitSlipsBody, ordered_papers.visit_slips, roles=ADMIN, lane=Lane.PAPERS,
        not_sent=ordered_papers.visit_slips_not_sent,
    ),
)  # fmt: skip
KINDS: Mapping[str, MessageKind[Any]] = {each.body.KIND: each for each in _TABLE}

REPEATABLE = frozenset(name for name, kind in KINDS.items() if kind.repeatable)
_OF_LANE = {lane: frozenset(n for n, kind in KINDS.items() if kind.lane is lane) for lane in Lane}
LANES: Mapping[Lane, KindFilter] = {
    # All others, unknown ones too.
    Lane.MESSAGES: KindFilter(_OF_LANE[Lane.PAPERS] | _OF_LANE[Lane.NEWS]),
    Lane.PAPERS: KindFilter(_OF_LANE[Lane.PAPERS], others=False),
    Lane.NEWS: KindFilter(_OF_LANE[Lane.NEWS], others=False),
}
