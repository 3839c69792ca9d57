"""The office's data as papers print them, with who signs for it on a day."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from reports.papers import OfficeData
from storage import officials
from storage.database import Db
from storage.settings import office_facts


def office_data(db: Db, day: date) -> OfficeData:
    """The office's data, with who signs for it on a day."""
    facts, head = office_facts.read(db), officials.signatory(db, "kepala", day)
    position = head.position if head and head.jabatan else facts.jabatan
    name, nip = (head.name, head.nip) if head else ("", "")
    return OfficeData(**asdict(facts) | {"jabatan": position}, kepala=name, nip=nip)
