"""The citizen's way, from the QR to the receipt."""

from __future__ import annotations

from tests.stage import Actor


async def test_a_citizen_rates_a_service_in_sixteen_taps(citizen: Actor) -> None:
    await citizen.scans("l_ktp-el")
    citizen.sees("KTP-el", "anonim", "± 3 menit")
    await citizen.taps("Setuju, mulai")
    citizen.sees("Pertanyaan 1 dari 9")
    await citizen.answers(3, 3, 3, 4, 3, 3, 4, 4, 3)
    citizen.sees("Tentang Anda 1 dari 4")
    await citizen.taps("Perempuan")
    await citizen.declines(3)
    citizen.sees("Terjawab 9 dari 9")
    await citizen.taps("✅ Kirim")
    citizen.sees("Terima kasih", "Tanda terima")
    assert len(citizen.messages) == 2  # the command, and one screen edited in place
