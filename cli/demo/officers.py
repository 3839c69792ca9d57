"""The officers of a demonstration: the admin and the unit heads, who use the chat."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.json_types import Json
from simulator.phones import Phone, Phones

FIRST_HEAD = 10
PATIENCE = 60.0
UNITS = (
    "Subbag Umum dan Kepegawaian",
    "Subbag Perencanaan dan Keuangan",
    "Seksi Pemerintahan",
    "Seksi Ketenteraman dan Ketertiban Umum",
    "Seksi Pemberdayaan Masyarakat dan Desa",
    "Seksi Kesejahteraan Rakyat",
    "Seksi Pelayanan Umum",
)
# Indikator as its button begins, and what the office aims at in the year.
TARGETS = (
    ("Indeks kepuasan unit kerja", "80"),
    ("Nilai hasil evaluasi SAKIP", "70"),
    ("Indeks Kepuasan Masyarakat", "83"),
)
LHE = (
    *("[2026", "[2025", "[PermenPANRB 88/2021", "700/12/432.300/2026", "3 Juli 2026", "71,35"),
    *("[BB", "22,50", "21,35", "11,00", "16,50", "[Lewati", "[Lewati"),
)


@dataclass(slots=True)
class Clerk:
    """An officer who fills in forms by chat; other messages may arrive in between."""

    phones: Phones
    phone: Phone

    async def does(self, command: str, *answers: str) -> None:
        """Send a command and answer what follows: `[label` presses, anything else is typed."""
        await self.phone.say(command)
        await self.answers(*answers)

    async def answers(self, *answers: str) -> None:
        """Go on with a form."""
        for answer in answers:
            await (self.taps(answer[1:]) if answer.startswith("[") else self.phone.say(answer))

    async def taps(self, label: str) -> None:
        """Press the newest button that begins so, wherever it stands, and wait for what comes."""
        message, button = await self._button(label)
        before = self.phone.seen
        chat = self.phone.id
        self.phone.world.tap(chat, chat, message["message_id"], button["callback_data"])
        await self.phone.wait(before)

    async def sees(self, said: str) -> None:
        """Wait for a message that says so: what came first may still be of the command before."""
        while said not in self.phone.text:
            await self.phone.wait(self.phone.seen)

    async def _button(self, label: str) -> tuple[Json, Json]:
        async with asyncio.timeout(PATIENCE):
            while True:
                for message in reversed(self.phone.world.transcript(self.phone.id)):
                    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                        for button in row:
                            if str(button["text"]).startswith(label) and "callback_data" in button:
                                return message, button
                await asyncio.sleep(0.05)

    def newest(self, pattern: str) -> str:
        """What the newest message that fits the pattern has in its group."""
        for message in reversed(self.phone.world.transcript(self.phone.id)):
            if found := re.search(pattern, str(message.get("text", ""))):
                return found[1]
        raise LookupError(f"no message like {pattern}")


async def opens_the_year(admin: Clerk) -> list[Clerk]:
    """Targets, the figure of the year before, and the head of every unit invited."""
    await aims(admin)
    return await invites(admin, UNITS)


async def aims(admin: Clerk) -> None:
    """What the office aims at this year, and what it reached in the year before."""
    for indikator, target in TARGETS:
        await admin.does("/iku 2026", "[🎯", f"[{indikator}", target, "[Lewati", "[✅")
    await admin.does("/iku 2025")
    await admin.sees("IKU Kecamatan Pakong – 2025")
    await admin.answers("[✍", "[Indeks Kepuasan Masy", "81,90", "LKIP 2025 hal. 14", "[✅")


async def invites(admin: Clerk, units: Sequence[str]) -> list[Clerk]:
    """The heads of these units are invited, and accept."""
    links = []
    for unit in units:
        await admin.does("/undang", "[➕", "[kepala unit kerja", f"[{unit}", "[✅")
        links.append(admin.newest(r"start=(u_[A-Za-z0-9_-]+)"))
    heads = []
    for number, (unit, link) in enumerate(zip(units, links, strict=True), FIRST_HEAD):
        phone = admin.phones.add(number, first_name=f"Kepala {unit}", role="Kepala unit")
        head = Clerk(admin.phones, phone)
        await head.does(f"/start {link}", "[Ya, benar")
        heads.append(head)
    return heads


async def records_the_lhe(admin: Clerk) -> None:
    """The LHE SAKIP of the year comes in."""
    await admin.does("/sakip", "[➕", *LHE, "[✅")


async def rates(head: Clerk, draw: random.Random) -> None:
    """A head rates the office for his unit, from the first indikator to the last."""
    await head.does("/nilai", "[Setuju")
    while re.search(r"Pernyataan \d+ dari", head.phone.text):
        nilai = min(4, max(1, round(draw.gauss(3.1, 0.6))))
        await head.phone.tap(head.phone.buttons[nilai - 1])
    await head.taps("✅")
