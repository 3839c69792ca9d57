"""The survey as a tutorial would write it, for comparison: `python -m benchmarks.conversation`.

Default PTB, its ConversationHandler with PicklePersistence, and every answer a row through the
ORM of SQLAlchemy in a default SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ConversationHandler,
    PicklePersistence,
)

from benchmarks.rivals import LAST, move_on, run_ptb, screens_of_ptb

ENGINE = create_engine("sqlite:///rival.db")
SCREENS = screens_of_ptb()


class Base(DeclarativeBase):
    """The tables."""


class Survey(Base):
    """One survey."""

    __tablename__ = "survey"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[int]


class Answer(Base):
    """One answer."""

    __tablename__ = "answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    step: Mapped[int]
    data: Mapped[str]


async def on_start(update: Update, context: Any) -> int:
    """Start a survey."""
    assert update.effective_chat
    with Session(ENGINE) as session:
        survey = Survey(chat=update.effective_chat.id)
        session.add(survey)
        session.commit()
        context.user_data["survey"] = survey.id
    shown, keyboard = SCREENS[0]
    await update.effective_chat.send_message(shown, parse_mode="HTML", reply_markup=keyboard)
    return 0


def answers(step: int) -> Callable[[Update, Any], Any]:
    """The handler of one step."""

    async def on_tap(update: Update, context: Any) -> int:
        query = update.callback_query
        assert query
        with Session(ENGINE) as session:
            survey_id = context.user_data["survey"]
            session.add(Answer(survey_id=survey_id, step=step, data=query.data))
            session.commit()
        await move_on(query, SCREENS[step + 1])
        return step + 1 if step + 1 < LAST else int(ConversationHandler.END)

    return on_tap


def fill(app: Any) -> None:
    """Add the conversation."""
    start: Any = CommandHandler("start", on_start)
    states: Any = {step: [CallbackQueryHandler(answers(step))] for step in range(LAST)}
    app.add_handler(ConversationHandler([start], states, [], True, name="survey", persistent=True))


def main() -> None:
    """Run until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    Base.metadata.create_all(ENGINE)
    persistence = PicklePersistence("rival.pickle")
    builder = Application.builder().persistence(persistence).connection_pool_size(256)
    asyncio.run(run_ptb(builder, parser.parse_args().root, fill))


if __name__ == "__main__":
    main()
