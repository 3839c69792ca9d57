"""`puas key --baru`: a new key for a lost one, and what it takes along."""

from __future__ import annotations

import pytest

from bot import app as program
from office.secret import KeyMissing, SecretChanged
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.shell import puas
from tests.stored import Stored

pytestmark = [pytest.mark.process, pytest.mark.http]

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@BOTH_DATABASES
async def test_a_lost_key_is_replaced_after_saying_what_that_means(
    citizen: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await citizen.fills("/bahasa", "[English]")
    key = office.folder / "puas.key"
    lost = key.read_bytes()
    key.unlink()
    await office.app.tick()
    running = await puas(office, "key", "--baru", "--ya")
    assert (running.code, "program masih berjalan" in running.err) == (2, True)
    await office.app.close()
    await office.waits(minutes=2)
    unanswered = await puas(office, "key", "--baru")
    assert (unanswered.code, "Ketik YA" in unanswered.err) == (2, True)
    assert not key.exists()

    done = await puas(office, "key", "--baru", "--ya")
    assert done.code == 0, done.err
    assert "dapat menilai lagi" in done.err
    assert "kunci baru ditulis ke" in done.out
    assert len(key.read_bytes()) == 32
    assert key.read_bytes() != lost
    assert key.stat().st_mode & 0o777 == 0o600
    assert Stored(office.url).audit_users("kunci_baru") == [None]
    await office.starts()
    citizen.language = "id"
    await citizen.rates(*NINE)
    citizen.sees("Tanda terima")
    assert Stored(office.url).completed_count() == 2
    key.write_bytes(lost)
    with pytest.raises(SecretChanged):
        await program.build(office.config, office.world.clock.now, program.transport)


async def test_a_key_file_is_never_overwritten(office: Harness) -> None:
    key = office.folder / "puas.key"
    right = key.read_bytes()
    found = await puas(office, "key", "--baru", "--ya")
    assert (found.code, "tidak perlu kunci baru" in found.err) == (2, True)
    assert key.read_bytes() == right
    key.write_bytes(b"x" * 32)
    found = await puas(office, "key", "--baru", "--ya")
    assert (found.code, "bukan kunci kantor ini; pindahkan dulu" in found.err) == (2, True)
    assert key.read_bytes() == b"x" * 32
    asked_for_nothing = await puas(office, "key")
    assert (asked_for_nothing.code, "sebut --baru" in asked_for_nothing.err) == (2, True)


@BOTH_DATABASES
async def test_check_and_run_say_the_same_of_a_missing_and_of_a_foreign_key(
    office: Harness,
) -> None:
    key = office.folder / "puas.key"
    config = office.folder / "config.toml"
    assert office.server
    config.write_text(
        f'[telegram]\ntoken = "{office.config.token()}"\napi_root = "{office.server.url}"\n'
    )
    key.unlink()
    for sentence in (program.sentence(KeyMissing()), program.sentence(SecretChanged())):
        assert "puas key --baru" in sentence
        ran, checked = [await puas(office, command) for command in ("run", "check")]
        assert (ran.code, ran.err) == (2, f"{sentence}\n")
        assert (checked.code, f"✗ Kunci rahasia: {sentence}\n" in checked.out) == (2, True)
        key.write_bytes(b"x" * 32)
