"""A period before its lock: what officials may know of it, which is no number of an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from office.figures import figures
from office.office import Office
from office.summary import caption
from office.summary.caption import Line
from office.words.summary import SummaryWords
from office.words.text import Text
from scoring import sample
from scoring.channels import CHANNELS, in_order
from storage import catalogue
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import office_facts, period_marks
from storage.survey import tallies
from storage.tables import Scope


def lines(db: Db, office: Office, period: PeriodRow) -> list[Line]:
    """When figures come; responses; about how many of each channel and service; the letter."""
    words, registered = office.words.summary, office.instruments[period.instrument_id]
    of_period = tallies.responses_by_period(db, registered, [period.id])
    services = of_period[period.id][Scope.SERVICE]
    names = {number: service.name for number, service in catalogue.services_by_id(db).items()}
    counted = {names[number]: n for number, n in services.items()}
    return [
        caption.title(office_facts.name(db), office.calendar.parse(period.label), words),
        _until(office, period),
        _respondents(db, period, sum(services.values()), words),
        *_about(words.channels, channels(db, office, period), words),
        *_about(words.services, counted, words),
        *mutu(db, office, period),
    ]


def _until(office: Office, period: PeriodRow) -> Line:
    words, calendar = office.words.summary, office.calendar
    locks = calendar.moment(calendar.lock_at(period.ends_at))
    if period.status == "open":
        return words.until_open, {"ends": calendar.moment(period.ends_at), "locks": locks}
    return words.until_closed, {"locks": locks}


def _respondents(db: Db, period: PeriodRow, n: int, words: SummaryWords) -> Line:
    users = sum(catalogue.users_by_unit(db, period.id).values())
    if not users:
        return words.so_far, {"n": n}
    return words.so_far_required, {"n": n, "required": sample.krejcie_morgan(users)}


def channels(db: Db, office: Office, period: PeriodRow) -> dict[str, int]:
    """Responses by the name of their channel."""
    registered = office.instruments[period.instrument_id]
    counted = tallies.of_office(db, registered, period.id).channels()
    return {CHANNELS[kanal].name: counted[kanal] for kanal in in_order(counted)}


def about(counts: Mapping[str, int], words: SummaryWords) -> str:
    """Counts in steps of five: `isi sendiri 60+ · kertas 10+`; those below five are left out."""
    floored = {
        name: n // sample.STEP * sample.STEP for name, n in counts.items() if n >= sample.STEP
    }
    return " · ".join(words.about.plain(name=name, n=n) for name, n in floored.items())


def _about(text: Text, counts: Mapping[str, int], words: SummaryWords) -> Iterator[Line]:
    parts = about(counts, words)
    if parts:
        yield text, {"parts": parts}


def mutu(db: Db, office: Office, period: PeriodRow) -> Iterator[Line]:
    """The letter of last night and its verdict, from thirty people on."""
    words, standing = office.words.summary, period_marks.standing(db, period.id)
    if standing.mutu is not None:
        yield (
            words.so_far_mutu,
            {
                "mutu": standing.mutu,
                "verdict": _verdict(db, office, period, standing.change),
            },
        )


def _verdict(db: Db, office: Office, period: PeriodRow, change: str | None) -> str:
    words = office.words.summary
    before = earlier(db, office, period)
    if change is None or before is None:
        return ""
    return words.compared_with.plain(verdict=caption.verdict(change, words), earlier=before)


def earlier(db: Db, office: Office, period: PeriodRow) -> str | None:
    """What the figure is called that a period before its lock is compared with."""
    before = figures.earlier(db, office, period)
    here = office.calendar.parse(period.label)
    return caption.earlier_name(before[0], here, office.words.summary) if before else None
