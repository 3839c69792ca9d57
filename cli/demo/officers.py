"""The simulated officers of the demo: the admin and the unit heads."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.errors import Json
from simulator.phones import Phone, Phones

ADMIN = 1
CAMAT = 2
FIRST_HEAD_ID = 10
BUTTON_TIMEOUT = 60.0
INVITATION = r"start=(u_[A-Za-z0-9_-]+)"
UNITS = (
    "Subbag Umum dan Kepegawaian",
    "Subbag Perencanaan dan Keuangan",
    "Seksi Pemerintahan",
    "Seksi Ketenteraman dan Ketertiban Umum",
    "Seksi Pemberdayaan Masyarakat dan Desa",
    "Seksi Kesejahteraan Rakyat",
    "Seksi Pelayanan Umum",
)
# The first words of each indikator's button, and its target of the year.
TARGETS = (
    ("Indeks kepuasan unit kerja", "80"),
    ("Nilai hasil evaluasi SAKIP", "70"),
    ("Indeks Kepuasan Masyarakat", "83"),
)
SAKIP_ANSWERS = (
    *("[2026", "[2025", "[PermenPANRB 88/2021", "700/12/432.300/2026", "3 Juli 2026", "71,35"),
    *("[BB", "22,50", "21,35", "11,00", "16,50", "[Kosongkan", "[Kosongkan"),
)


@dataclass(slots=True)
class OfficerActor:
    """An officer who fills in forms in a chat, where other messages may arrive meanwhile."""

    phones: Phones
    phone: Phone

    async def fills_in(self, command: str, *answers: str) -> None:
        """Send a command and answer its form: `[label` taps a button, any other text is sent."""
        await self.phone.say(command)
        await self.answers(*answers)

    async def answers(self, *answers: str) -> None:
        """Answer the next questions of the form."""
        for answer in answers:
            await (self.taps(answer[1:]) if answer.startswith("[") else self.phone.say(answer))

    async def taps(self, label: str) -> None:
        """Tap the newest button whose label starts with this text; wait for a message."""
        message, button = await self._button(label)
        seen_before = self.phone.seen
        chat = self.phone.id
        self.phone.world.tap(chat, chat, message["message_id"], button["callback_data"])
        await self.phone.wait(seen_before)

    async def sees(self, text: str) -> None:
        """Wait for a message with this text; earlier messages may belong to the command before."""
        while text not in self.phone.text:
            await self.phone.wait(self.phone.seen)

    async def _button(self, label: str) -> tuple[Json, Json]:
        async with asyncio.timeout(BUTTON_TIMEOUT):
            while True:
                for message in reversed(self.phone.world.transcript(self.phone.id)):
                    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                        for button in row:
                            if str(button["text"]).startswith(label) and "callback_data" in button:
                                return message, button
                await asyncio.sleep(0.05)

    def matches(self, pattern: str) -> list[str]:
        """The first group of the pattern in each message that matches, the newest last."""
        texts = (str(each.get("text", "")) for each in self.phone.world.transcript(self.phone.id))
        return [match[1] for text in texts if (match := re.search(pattern, text))]


async def set_up_year(admin: OfficerActor) -> list[OfficerActor]:
    """Enter targets and the earlier figure, and invite the head of every unit; return the heads."""
    await enter_targets(admin)
    return await invite_unit_heads(admin, UNITS)


async def enter_targets(admin: OfficerActor) -> None:
    """Plan the years around this one; enter its targets and the IKM of the year before."""
    await admin.fills_in("/iku 2026", "[📋", "[IKU Periode", "[➕", "2025–2029", "[✅")
    await admin.sees("sudah dibuat")
    for indikator, target in TARGETS:
        await admin.fills_in("/iku 2026", "[🎯", f"[{indikator}", target, "[✅")
        await admin.sees("IKU Kecamatan Pakong – 2026")
    await admin.fills_in("/iku 2025")
    await admin.sees("IKU Kecamatan Pakong – 2025")
    await admin.answers("[✍", "[Indeks Kepuasan Masy", "81,90", "LKIP 2025 hal. 14", "[✅")
    await admin.sees("IKU Kecamatan Pakong – 2025")


async def invite_unit_heads(admin: OfficerActor, units: Sequence[str]) -> list[OfficerActor]:
    """Invite the heads of these units and accept for them; return the heads."""
    links = [await _invitation(admin, "kepala unit kerja", f"[{unit}") for unit in units]
    heads = []
    for number, (unit, link) in enumerate(zip(units, links, strict=True), FIRST_HEAD_ID):
        phone = admin.phones.add(number, first_name=f"Kepala {unit}", role="Kepala unit")
        heads.append(await _accept(admin.phones, phone, link))
    return heads


async def invite_camat(admin: OfficerActor) -> OfficerActor:
    """Invite the Camat and accept for him."""
    link = await _invitation(admin, "camat")
    phone = admin.phones.add(CAMAT, first_name="Camat", role="Camat")
    return await _accept(admin.phones, phone, link)


async def _invitation(admin: OfficerActor, role: str, *answers: str) -> str:
    """The payload of a new invitation."""
    before = len(admin.matches(INVITATION))
    await admin.fills_in("/undang", "[➕", f"[{role}", *answers, "[✅")
    while len(links := admin.matches(INVITATION)) == before:  # what was saved comes first
        await admin.phone.wait(admin.phone.seen)
    return links[-1]


async def _accept(phones: Phones, phone: Phone, link: str) -> OfficerActor:
    invited = OfficerActor(phones, phone)
    await invited.fills_in(f"/start {link}", "[Ya, benar")
    return invited


async def record_sakip_evaluation(admin: OfficerActor) -> None:
    """Enter the year's LHE SAKIP."""
    await admin.fills_in("/sakip", "[➕", *SAKIP_ANSWERS, "[✅")


async def rate_as_unit_head(head: OfficerActor, rng: random.Random) -> None:
    """Rate the office as head of a unit, from the first indikator to the last."""
    await head.fills_in("/nilai", "[Setuju")
    while re.search(r"Pernyataan \d+ dari", head.phone.text):
        nilai = min(4, max(1, round(rng.gauss(3.1, 0.6))))
        await head.phone.tap(head.phone.buttons[nilai - 1])
    await head.taps("✅")
