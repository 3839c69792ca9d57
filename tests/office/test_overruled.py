"""The office's data of the config beside the database, which wins after the first start."""

from __future__ import annotations

from datetime import UTC, datetime

from office import bootstrap
from office.config import Config
from storage import audit
from storage.database import Database
from storage.settings import office_facts

NOW = datetime(2026, 7, 6, tzinfo=UTC)


def seeded(url: str) -> Database:
    """A database that the first config has filled."""
    database = Database(url)
    with database.write() as db:
        bootstrap.seed(db, config("Kecamatan Pakong"))
    return database


def config(nama: str) -> Config:
    """A config that names the office, and leaves its other data as they are."""
    return Config.model_validate({"office": {"nama": nama}})


def overruled(database: Database, nama: str) -> list[str]:
    """The keys of this config that the database overrules."""
    with database.read() as db:
        return [each.key for each in bootstrap.overruled(db, config(nama))]


def renamed(database: Database, before: str, after: str) -> None:
    """What /kelola writes."""
    with database.write() as db:
        office_facts.change(db, "nama", after)
        target = office_facts.audit_target("nama")
        audit.record(db, NOW, 9, "ubah_data_kantor", target, before=before, after=after)


def test_a_changed_key_is_overruled_until_kelola_says_the_same(database_url: str) -> None:
    database = seeded(database_url)
    assert overruled(database, "Kecamatan Pakong") == []
    assert overruled(database, "Kecamatan Waru") == ["nama"]
    renamed(database, "Kecamatan Pakong", "Kecamatan Waru")
    assert overruled(database, "Kecamatan Waru") == []
    database.close()


def test_the_config_of_the_first_start_is_not_called_changed_after_a_change_in_kelola(
    database_url: str,
) -> None:
    database = seeded(database_url)
    renamed(database, "Kecamatan Pakong", "Kecamatan Waru")
    assert overruled(database, "Kecamatan Pakong") == []
    assert overruled(database, "Kecamatan Proppo") == ["nama"]
    database.close()


def test_a_key_that_the_config_leaves_out_is_never_overruled(database_url: str) -> None:
    database = seeded(database_url)
    with database.read() as db:
        assert bootstrap.overruled(db, Config()) == []
    database.close()


def test_a_new_head_in_the_config_is_overruled_and_a_former_one_is_not(database_url: str) -> None:
    database, named = Database(database_url), Config.model_validate({"office": {"kepala": "Ahmad"}})
    with database.write() as db:
        bootstrap.seed(db, named)
        office_facts.put_official(
            db, None, seat="kepala", name="Budi", nip="", pangkat="", jabatan="Camat", acting="",
            since=NOW.date(), until=None,
        )  # fmt: skip
        assert bootstrap.overruled(db, named) == []
        other = Config.model_validate({"office": {"kepala": "Siti", "nip": ""}})
        (line,) = bootstrap.overruled(db, other)
    assert '"Siti" di pengaturan tidak dipakai: yang berlaku "Budi"' in str(line)
    assert "/kelola, Pejabat penanda tangan" in str(line)
    database.close()
