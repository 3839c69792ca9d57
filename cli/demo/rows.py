"""Rows of the demo's past, written by the functions with which a turn writes them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from cli.demo import texts
from cli.demo.crowd import opinion, random_service
from cli.demo.officers import ADMIN
from office import conversation
from office.figures import figures
from office.office import Index, Office
from scoring import plan as plan_values
from scoring import sakip
from scoring.iku import Target
from scoring.instrument import Instrument
from scoring.plan import IkuYear, PlannedIku
from storage import audit, catalogue, follow_ups, people, periods
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.planning import ikus, plans
from storage.settings import office_facts
from storage.survey import owners
from storage.survey.open_responses import NewResponse, OpenResponses
from storage.survey.tallies import Deltas
from storage.tables import Door
from storage.unit_index import ratings

PLAN_YEARS = 5
# The target of the plan's first year by source; each later year adds one.
TARGETS = {"ikm": Decimal(81), "unit": Decimal(78), "sakip": Decimal(68)}
IKM_BEFORE = Decimal("79.85")  # of the year before the plan
REGULASI = "88/2021"
FIRST_NILAI, NILAI_STEP = Decimal("68.75"), Decimal("1.30")  # of the LHE, and each year more
USERS = 60  # of the unit's services, in a quarter
DOORS = {"telegram": Door.TELEGRAM, "web": Door.WEB, "kios": Door.WEB}
DOOR_WEIGHTS = (6, 1, 1)
SKIPS, SUGGESTS, DECLINES = 0.04, 0.12, 0.1  # probabilities
DUE = timedelta(days=45)
_persons = count(200_000)  # no chat of the page has such an id


def plan(db: Db, office: Office, first: int) -> None:
    """Copy the newest plan for the years since `first`; the targets, the IKM of the year before."""
    newest, now = plans.newest(db), office.clock()
    first = max(first, newest.head.last + 1)
    copied = plan_values.copied(plans.whole(db, newest.id), first, first + PLAN_YEARS - 1)
    years = copied.head.years
    sasaran = tuple(
        replace(each, iku=tuple(replace(iku, years=_targets(iku, years)) for iku in each.iku))
        for each in copied.sasaran
    )
    plans.put(db, None, replace(copied, sasaran=sasaran), ADMIN, now)
    audit.record(db, now, ADMIN, "rencana_baru", copied.head.name, after=copied.head.source)
    for iku in ikus.of_year(db, first - 1):
        if iku.sumber == "ikm":
            source = f"LKjIP {first - 1} hal. 14"
            ikus.enter_realisasi(db, iku.id, first - 1, IKM_BEFORE, source, None, ADMIN, now)


def office_data(db: Db) -> None:
    """Enter what the papers say of the office, and who signs them."""
    for fact, text in texts.OFFICE.items():
        office_facts.change(db, fact, text)
    name, nip, pangkat = texts.CAMAT
    jabatan = office_facts.read(db).jabatan
    office_facts.put_official(
        db, None, seat="kepala", name=name, nip=nip, pangkat=pangkat, jabatan=jabatan, acting="",
        since=None, until=None,
    )  # fmt: skip


def _targets(iku: PlannedIku, years: Sequence[int]) -> dict[int, IkuYear]:
    start = TARGETS.get(iku.sumber)
    if start is None:
        return {}
    return {year: IkuYear(Target(start + number)) for number, year in enumerate(years)}


def visits(db: Db, office: Office, rng: random.Random, mean: float, respondents: int) -> None:
    """Store what the citizens of one day sent, in the open quarter."""
    now, current = office.clock(), _open_period(db, "ikm")
    if current.salt is None:
        raise LookupError(f"{current.label} has no salt")
    services = [service.slug for service in catalogue.active_services(db)]
    deltas = Deltas()
    opened = OpenResponses(db, office.instruments, now, deltas)
    for person in [next(_persons) for _ in range(respondents)]:
        offered = catalogue.by_slug(db, random_service(rng, services), None)
        if offered is None:
            raise LookupError("a service is gone")
        service = offered[0]
        (kanal,) = rng.choices(list(DOORS), DOOR_WEIGHTS)
        door, asked = DOORS[kanal], office.asked_in(current)
        new = NewResponse(person, service, None, kanal, 1, "id", door=door)
        response = opened.start(new, current, asked, "")
        answers, about = _answers(opened.instrument(response), rng, rng.gauss(mean, 0.35))
        parts = {"0": rng.choice(texts.SUGGESTIONS)} if rng.random() < SUGGESTS else {}
        response = opened.change(response, answers=answers, attributes=about, saran_parts=parts)
        owner = owners.owner_hash(office.secret, current.salt, door, person)
        opened.complete(response, owner, office.calendar.day(now), office.calendar.survey_hour(now))
    opened.flush()
    deltas.apply(db)


def _answers(
    instrument: Instrument, rng: random.Random, mean: float
) -> tuple[dict[str, int | None], dict[str, str | None]]:
    """The nilai of each item and the code of each attribute; None: skipped or declined."""
    given = {
        code: opinion(rng, mean, number) if rng.random() > SKIPS else None
        for number, code in enumerate(instrument.codes, 1)
    }
    about = {
        each.code: None if rng.random() < DECLINES else rng.choice(each.options).code
        for each in instrument.attributes
    }
    return given, about


def users(db: Db) -> None:
    """Enter how many people used the services of each unit in the open quarter."""
    current = _open_period(db, "ikm")
    for unit in {service.unit_id for service in catalogue.active_services(db)}:
        catalogue.set_users(db, current.id, unit, USERS)


def heads_rate(db: Db, office: Office, rng: random.Random) -> None:
    """Send the rating of every unit head in the open period."""
    now, current = office.clock(), _open_period(db, "unit")
    asked = office.asked_in(current)
    registered = office.unit_instruments[asked]
    first = conversation.first(registered.instrument)
    for head in people.unit_heads(db):
        if head.unit_id is None:
            raise LookupError(f"{head.title} heads no unit")
        opened = ratings.start(db, current, asked, head.unit_id, head.user_id, first, now)
        if opened is None:
            raise LookupError(f"{head.title} has rated")
        answers = {
            code: min(4, max(1, round(rng.gauss(3.2, 0.5)))) for code in registered.instrument.codes
        }
        ratings.send(db, registered, replace(opened, answers=answers), office.calendar.day(now))


def sakip_evaluation(db: Db, office: Office, on: date) -> None:
    """Enter the LHE SAKIP of a year, better each year; none when it is entered."""
    now, entered = office.clock(), ikus.newest_lhe(db)
    if any(row.lhe.tahun_evaluasi == on.year for row in entered):
        return
    nilai = FIRST_NILAI + NILAI_STEP * len(entered)
    evaluation = sakip.Lhe(
        nomor=f"700/12/432.300/{on.year}",
        tanggal=on,
        tahun_evaluasi=on.year,
        tahun_dinilai=on.year - 1,
        regulasi=REGULASI,
        nilai=nilai,
        predikat=sakip.predikat(nilai).code,
    )
    ikus.add_lhe(db, evaluation, "\n".join(texts.RECOMMENDATIONS), None, None, ADMIN, now)
    audit.record(db, now, ADMIN, "lhe_sakip", str(on.year), after=str(nilai))
    follow_ups.add_recommendations(db, on.year, list(texts.RECOMMENDATIONS), ADMIN, now)
    first, *_ = follow_ups.of_lhe(db, on.year)
    due = office.calendar.day(now) + DUE
    follow_ups.change(
        db, first.id, ADMIN, now, kegiatan=texts.ANSWER, responsible=texts.PLANNER, due=due
    )


def lowest_unsur(db: Db, office: Office, period: PeriodRow) -> list[str]:
    """The two unsur of a locked quarter with the lowest nilai."""
    unsur = figures.of_period(db, office, period).score.unsur
    rated = [(each.nrr, code) for code, each in unsur.items() if each.nrr is not None]
    return [code for _, code in sorted(rated)[:2]]


def follow_up(db: Db, office: Office, label: str) -> None:
    """Say why the two lowest unsur of a locked quarter are low, and plan a measure for each."""
    now, period = office.clock(), _locked(db, label)
    due = office.calendar.day(now) + DUE
    for code in lowest_unsur(db, office, period):
        follow_ups.explain(db, period.id, code, texts.CAUSES[code], ADMIN, now)
        measures = [kegiatan for kegiatan, _, _ in texts.MEASURES[code]]
        kegiatan = measures[int(label[-1]) % len(measures)]  # of the quarter
        number = follow_ups.add(db, period.id, code, kegiatan, texts.RESPONSIBLE, due, ADMIN, now)
        target = f"tindak lanjut {label} no. {number}"
        audit.record(db, now, ADMIN, "tambah_tindak_lanjut", target, after=kegiatan)


def carry_out(db: Db, office: Office, label: str, measures: int) -> None:
    """Finish the first measures of a quarter; those after them are under way."""
    now = office.clock()
    for number, line in enumerate(follow_ups.of_period(db, _locked(db, label).id)):
        status, evidence, done = "berjalan", "", ""
        if number < measures:
            status, (evidence, done) = "selesai", texts.DONE[line.kegiatan]
        written = {"status": status, "evidence": evidence, "description": done}
        follow_ups.change(db, line.id, ADMIN, now, **written)
        target = f"tindak lanjut {label} no. {line.id}"
        before = _progress(line)
        after = before | {"keadaan": status, "uraian": done, "bukti": evidence}
        audit.record(db, now, ADMIN, "ubah_tindak_lanjut", target, before=before, after=after)


def _progress(line: FollowUp) -> dict[str, str]:
    progress = {"keadaan": line.status, "uraian": line.description, "bukti": line.evidence}
    return progress | {"hambatan": line.obstacle}


def _open_period(db: Db, kind: Index) -> PeriodRow:
    current = periods.current(db, kind)
    if current is None:
        raise LookupError(f"no period of {kind} is open")
    return current


def _locked(db: Db, label: str) -> PeriodRow:
    period = periods.by_label(db, "ikm", label)
    if period is None:
        raise LookupError(f"{label} was never opened")
    return period
