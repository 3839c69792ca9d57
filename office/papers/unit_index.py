"""The paper and the export of the unit heads' index: what may be told of a locked period."""

from __future__ import annotations

from collections.abc import Iterator

from office.figures import unit_index as figures
from office.figures.unit_index import LEAST_ASPEK
from office.iku import labels
from office.office import Office
from office.papers.own_words import office_data
from reports.unit_document import AspekLine, IndikatorLine, Reading, UnitAsked, UnitPaper, share
from scoring import unit_index
from scoring.numbers import comma
from scoring.unit_instrument import READINGS, Aspek, NotReadable
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import office_facts
from storage.unit_index import ratings, unit_results
from storage.unit_index.unit_results import MIN_HEADS, UnitResult

COLUMNS = ("periode", "aspek", "indikator", "bobot", "kepala_menjawab", "jumlah_nilai", "nilai")


def paper(db: Db, office: Office, rated_period: PeriodRow) -> UnitPaper:
    """The paper of a locked period of unit heads.

    Raises:
        Differs: the stored result is not what its inputs give.
    """
    told = figures.of_period(db, office, rated_period)
    words, confirmed = office.words.head, office_facts.confirmed_reading(db)
    result, score = told.result, told.result.score
    form = score.instrument
    made = rated_period.locked_at or rated_period.ends_at
    shown = result.told is not None
    return UnitPaper(
        office=office_data(db, office.calendar.day(made)),
        period=told.period,
        form=form,
        units=tuple(_units(db, rated_period)),
        n=score.n,
        units_then=result.units,
        nilai=result.told,
        indeks=score.indeks if shown else None,
        aspek=tuple(_aspek(result, each) for each in form.aspek),
        readings=tuple(_readings(office, result)),
        change=figures.change(told, words) if shown else "",
        open_question=labels.reading_note(words, confirmed, form),
        least=(MIN_HEADS, LEAST_ASPEK),
        made=made,
    )


def _units(db: Db, rated_period: PeriodRow) -> Iterator[UnitAsked]:
    days = dict(ratings.answered_units(db, rated_period.id))
    names = {unit.id: unit.name for unit in unit_results.active_kerja(db)}
    gone = {
        unit_id: unit_results.unit_names(db).get(unit_id, "")
        for unit_id in days.keys() - names.keys()
    }
    for unit_id, name in {**names, **gone}.items():
        yield UnitAsked(name, days.get(unit_id))


def _aspek(result: UnitResult, aspek: Aspek) -> AspekLine:
    """An aspek; its value from five heads on, its indikator where five answered each of them.

    With its value and all indikator but one, that one is known too: so all of an aspek, or none.
    """
    score, form = result.score, result.score.instrument
    whole = all(score.indikator[item.code].n >= LEAST_ASPEK for item in aspek.items)
    items = tuple(
        IndikatorLine(
            form.number(item.code),
            item.name["id"],
            aspek.bobot_indikator[item.code],
            score.indikator[item.code].jumlah if whole else None,
            score.indikator[item.code].n if whole else None,
        )
        for item in aspek.items
    )
    value = score.aspek[aspek.code].value if score.n >= LEAST_ASPEK else None
    return AspekLine(aspek.name["id"], aspek.bobot, value, items)


def _readings(office: Office, result: UnitResult) -> Iterator[Reading]:
    for arti in READINGS:
        name = labels.reading(office.words.head, arti)
        try:
            form = result.score.instrument.read_as(arti)
        except NotReadable as refusal:
            yield Reading(arti, name, None, f"tidak dapat dihitung: {refusal}")
            continue
        nilai = None if result.told is None else unit_index.score(form, result.tally).nilai
        yield Reading(arti, name, nilai)


def rows(db: Db, office: Office, rated_periods: list[PeriodRow]) -> Iterator[tuple[str, ...]]:
    """What an export tells of the index: sums of each indikator, aspek and index, never a head.

    The same as the paper: the index from three heads on, aspek and indikator from five.
    """
    for rated_period in rated_periods:
        told = paper(db, office, rated_period)
        label, n = rated_period.label, str(told.n)
        for number, aspek in enumerate(told.aspek, 1):
            for item in aspek.items:
                sums = [str(each) if each is not None else "" for each in (item.n, item.jumlah)]
                mean = "" if item.mean is None else comma(item.mean, 4)
                yield label, str(number), item.number, share(item.bobot), *sums, mean
            value = "" if aspek.value is None else comma(aspek.value, 4)
            yield label, str(number), "", share(aspek.bobot), n, "", value
        nilai = "" if told.nilai is None else comma(told.nilai)
        yield label, "", "", "", n, "", nilai
