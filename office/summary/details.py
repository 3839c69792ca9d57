"""*Rincian*: the figures of a locked period for officials, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from office.figures import figures as all_figures
from office.figures.figures import Figures
from office.figures.parts import Part
from office.iku import labels, table
from office.office import Office
from office.papers import own_words
from office.summary import caption
from office.words.summary import SummaryWords
from scoring import naming, precision
from scoring import period as calendar
from scoring.channels import CHANNELS, in_order
from scoring.numbers import comma, grouped
from storage.database import Db
from storage.periods import PeriodRow
from storage.planning import ikus
from storage.settings import office_facts

LINES = 14  # on a page


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    lines: list[str]


def pages(db: Db, office: Office, period: PeriodRow) -> list[str]:
    """The pages, HTML.

    Raises:
        Differs: what is stored is not what was stored at the lock.
    """
    words, figures = office.words.summary, all_figures.of_period(db, office, period)
    values = {"office": office_facts.name(db), "period": calendar.title(figures.named)}
    sections = (
        _Section(words.page_unsur.plain(), list(_unsur(figures, words))),
        _Section(words.page_units.plain(), list(_units(figures, words))),
        _Section(words.page_services.plain(), list(_services(figures, words))),
        _Section(words.page_respondents.plain(), list(_respondents(office, period, figures))),
        *_suggestions(db, office, figures),
        _iku(db, office, period),
    )
    return [
        words.page(
            section=section.name,
            lines="\n".join(words.line.plain(line=line) for line in section.lines[at : at + LINES]),
            **values,
        )
        for section in sections
        for at in range(0, len(section.lines), LINES)
    ]


def _unsur(figures: Figures, words: SummaryWords) -> Iterator[str]:
    score = figures.score
    if figures.ikm is not None:
        own, *others = figures.letters
        yield words.ikm.plain(
            ikm=comma(figures.ikm),
            mutu=own,
            kinerja=figures.kinerja or "",
            maybe=words.maybe.plain(mutu=" atau ".join(others)) if others else "",
        )
        yield _margin(figures, words)
    low, low_mutu = naming.priorities(score, figures.moments)
    marked = {unsur.code: unsur.clearly_lower for unsur in (*low, *low_mutu)}
    marks = {True: words.mark_clear.plain(), False: words.mark_unclear.plain()}
    for code, unsur in score.unsur.items():
        names = {"number": score.instrument.number(code),
                 "unsur": score.instrument.name_of(code)}  # fmt: skip
        if unsur.nrr is None:
            yield words.unsur_unanswered.plain(**names)
            continue
        mark = marks[marked[code]] if code in marked else ""
        nrr, mutu = comma(unsur.nrr, 3), unsur.mutu or ""
        yield words.unsur.plain(**names, nrr=nrr, mutu=mutu, mark=mark)


def _margin(figures: Figures, words: SummaryWords) -> str:
    if figures.margin is None or figures.interval is None:
        return words.no_margin.plain()
    low, high = (comma(end, 1) for end in figures.interval)
    return words.margin.plain(low=low, high=high, margin=precision.margin_text(figures.margin))


def _units(figures: Figures, words: SummaryWords) -> Iterator[str]:
    if figures.unit_mean is not None and figures.score.ikm is not None:
        yield words.units_mean.plain(ikm=comma(figures.unit_mean), pooled=comma(figures.score.ikm))
    for part in figures.by_unit:
        yield _part(part, words)


def _part(part: Part, words: SummaryWords) -> str:
    name = words.part_joined.plain() if part.key is None else part.name
    told = {"n": part.n} if part.n == part.received else {"n": part.n, "received": part.received}
    n = (words.part_n if len(told) == 1 else words.part_n_of).plain(**told)
    if part.score.ikm is None:
        return words.part_uncomputed.plain(name=name, n=n)
    margin = part.margin
    return words.part.plain(
        name=name,
        ikm=comma(part.score.ikm),
        mutu=part.score.mutu or "",
        margin="" if margin is None
        else words.part_margin.plain(margin=precision.margin_text(margin)),
        n=n,
        few=words.part_few.plain(people=part.people) if part.provisional else "",
    )  # fmt: skip


def _services(figures: Figures, words: SummaryWords) -> Iterator[str]:
    if not figures.services:
        yield words.services_whole.plain()
    for part in figures.services:
        yield _part(part, words)
    for each in figures.service_users:
        if each.response_rate is not None and each.users is not None:
            share = comma(100 * each.response_rate, 0)
            yield words.service_users.plain(name=each.name, users=grouped(each.users), share=share)
    if figures.unrated:
        yield words.services_unrated.plain(services=", ".join(figures.unrated))


def _respondents(office: Office, period: PeriodRow, figures: Figures) -> Iterator[str]:
    words, covers = office.words.summary, figures.span.covers
    yield caption.respondents(figures, words)
    yield from _sample(figures, words)
    for kanal in in_order(figures.channels):
        score, n = figures.by_channel.get(kanal), figures.channels[kanal]
        index = "" if score is None or score.ikm is None else words.channel_ikm.plain(
            ikm=comma(score.ikm), mutu=score.mutu or "")  # fmt: skip
        yield words.channel.plain(channel=CHANNELS[kanal].name, n=n, ikm=index)
    if figures.repeats:
        without = figures.without_repeats
        index = "" if without is None or without.ikm is None else words.repeats_without.plain(
            ikm=comma(without.ikm))  # fmt: skip
        yield words.repeats.plain(n=figures.repeats, without=index)
    locked = office.calendar.moment(period.locked_at or period.ends_at)
    yield words.days.plain(span=calendar.span(covers, covers.zone), locked=locked)
    if figures.revision:
        yield words.ralat.plain(count=figures.revision)


def _sample(figures: Figures, words: SummaryWords) -> Iterator[str]:
    required, rate = figures.required, figures.response_rate
    if required is None or rate is None or figures.users is None:
        yield words.users_unknown.plain()
        return
    yield words.users.plain(users=grouped(figures.users), share=comma(100 * rate, 0))
    yield words.samples.plain(krejcie=required, slovin=figures.required_slovin)
    missing = required - figures.received
    if missing > 0:
        yield words.sample_missing.plain(n=figures.received, missing=missing)
    else:
        yield words.sample_reached.plain(n=figures.received)


def _suggestions(db: Db, office: Office, figures: Figures) -> Iterator[_Section]:
    """How many suggestions there are; nothing where they are too few."""
    words, counts = office.words.summary, own_words.suggestions_told(db, office, figures.span)
    if counts is None:
        return
    instrument = figures.score.instrument
    lines = [words.suggestions.plain(
        total=counts.total, done=counts.done, open=counts.total - counts.done)]  # fmt: skip
    for unsur, n in counts.by_unsur:
        if unsur in instrument.unsur_codes:
            name = instrument.title(unsur)
        else:
            name = words.suggestions_other.plain()
        lines.append(words.suggestions_about.plain(name=name, n=n))
    if counts.rest and counts.by_unsur:
        lines.append(words.suggestions_rest.plain(n=counts.rest))
    yield _Section(words.page_suggestions.plain(), lines)


def _iku(db: Db, office: Office, period: PeriodRow) -> _Section:
    words, start = office.words.summary, office.calendar.parse(period.label).start
    of_year = office.calendar.day(start).year
    cap = ikus.rules(db, of_year).cap
    missing = office.words.iku.no_plan.plain(year=of_year)
    lines = [
        words.iku_line.plain(
            indikator=line.indicator.indikator,
            realisasi=labels.realisasi(office.words.iku, line.row, line.predikat),
            target=labels.target(office.words.iku, line.row.target),
            capaian=""
            if line.row.kategori is None
            else words.iku_capaian.plain(capaian=labels.capaian(office.words.iku, line.row, cap)),
            note=words.iku_note.plain(note=line.full_note) if line.full_note else "",
        )
        for line in table.of_year(db, office, of_year)
    ]
    return _Section(words.page_iku.plain(year=of_year), lines or [missing])
