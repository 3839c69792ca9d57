"""Periods are named in words in every message; a label is shown only where it is to be typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_paper_entry import GOOD, enters
from tests.harness import Actor, Harness, buttons

TYPED = "".join(f"(?<!/{command} )" for command in ("laporan", "periode", "ringkasan"))
LABEL = re.compile(TYPED + r"(?<![-\w])20\d\d-(?:TW|S)\d\b")
COMMANDS = ("/status", "/ringkasan", "/iku 2026", "/periode", "/laporan", "/riwayat", "/hasil")


def read(actor: Actor) -> Iterator[str]:
    """What the bot has written to a chat: texts and the labels of buttons."""
    for message in actor.messages:
        if message["from"]["is_bot"]:
            yield str(message.get("text") or message.get("caption") or "")
            yield from (str(button["text"]) for button in buttons(message))


@pytest.mark.slow
async def test_no_officer_reads_the_label_of_a_period(
    admin: Actor, group: Actor, office: Harness
) -> None:
    await enters(admin, GOOD)
    await admin.fills("/kelola", "[Isian kertas]", "[1 · kertas.csv]")
    await respondents.rate(office, [Respondent([3] * 9)] * 6)
    await office.reaches("2026-10-02 09:00")
    await admin.fills("/status", "[Rincian untuk operator]")
    with office.app.office.database.write() as db:
        db.exec_driver_sql("UPDATE tally SET count = count + 1 WHERE nilai = 4")
    await office.reaches("2026-10-07 08:00")
    for command in COMMANDS:
        await admin.says(command)
    texts = [text for actor in (admin, group) for text in read(actor)]
    assert any("gabungan Triwulan III 2026" in text for text in texts)
    assert any("Hitungan ulang Triwulan III 2026" in text for text in texts)
    assert [text for text in texts if LABEL.search(text)] == []
