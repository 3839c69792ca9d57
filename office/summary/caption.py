"""The caption of a period's message: what it says, in at most 1024 units, and alone enough."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from office.figures import disclosure
from office.iku.table import Line
from office.summary.content import PeriodSummary, change, enough, pooled
from office.words.all_words import Html, OfficeWords
from office.words.text import escaped, shown_length
from scoring import ikm, period, precision
from scoring.ikm import Score
from scoring.numbers import comma
from scoring.period import short_title
from storage.follow_ups import FollowUp

MOST = 1024  # what Telegram takes as a caption, in UTF-16 units after the markup is read
SERVICES = 4  # named one by one; the rest is "lainnya"
UNITS = 3  # named however long the caption is
UNITS_AT = 5  # the line of them
FEW = 30  # below it a service's figure is marked as provisional
LATE = 2  # overdue lines of the follow-up that are named


def text(summary: PeriodSummary, words: OfficeWords) -> str:
    """The caption, HTML, at most 1024 UTF-16 units as it is shown: the last lines give way."""
    lines = _lines(summary, words)
    named = len(summary.roll_up.shown) if summary.roll_up and len(lines) > UNITS_AT else 0
    while named > UNITS and shown_length("\n".join(lines)) > MOST:
        named -= 1
        lines[UNITS_AT : UNITS_AT + 1] = _units(summary, words, named)
    while len(lines) > 3 and shown_length("\n".join(lines)) > MOST:
        lines.pop()
    return "\n".join(lines)


def _lines(summary: PeriodSummary, words: OfficeWords) -> list[str]:
    score = summary.result.score
    title = words.summary_title(office=summary.office, period=period.title(summary.period))
    head = [f"<b>{title}</b>", _state(summary, words)]
    if score.n == 0:
        return [*head, words.summary_none() if summary.locked else words.summary_not_yet()]
    if score.n < summary.min_responses:
        return [*head, words.summary_too_few(n=score.n, least=summary.min_responses)]
    if summary.withheld:
        return [*head, words.summary_withheld(n=score.n, least=summary.min_responses)]
    if score.ikm is None:
        empty = [score.instrument.title(code) for code, u in score.unsur.items() if not u.n]
        return [*head, words.summary_not_computable(unsur=", ".join(empty))]
    figure = words.summary_ikm(
        ikm=comma(score.ikm), mutu=score.mutu or "", kinerja=score.kinerja or ""
    )
    return [
        *head,
        f"<b>{escaped(pooled(summary, words))}{figure}</b>{escaped(change(summary, words))}",
        _respondents(summary, words) + _margin(summary, words),
        channels(summary.result.counts.channels(), words),
        *_units(summary, words),
        *_repeats(summary, words),
        *_worst(summary, words),
        *_gratis(summary, words),
        *_services(summary, words),
        *_follow_up(summary, words),
        *_iku(summary, words),
    ]


def _units(summary: PeriodSummary, words: OfficeWords, most: int | None = None) -> list[str]:
    """The mean of the units, and each of them; beyond `most` they are counted."""
    roll_up = summary.roll_up
    if roll_up is None or not roll_up.shown:
        return []
    parts = [_service(words, name, score) for name, score in roll_up.shown[:most]]
    if roll_up.rest is not None:
        parts.append(_service(words, words.other_services.plain(), roll_up.rest))
    if most is not None and most < len(roll_up.shown):
        parts.append(words.more_units(count=len(roll_up.shown) - most))
    mean = ""
    if roll_up.mean is not None:
        mean = words.summary_mean(units=len(roll_up.shown), ikm=comma(roll_up.mean))
    return [words.summary_units(mean=Html(mean), units=Html(" · ".join(parts)))]


def _state(summary: PeriodSummary, words: OfficeWords) -> str:
    """Its days, whether it is sure, and how often it was revised after the close."""
    template = words.summary_open
    if summary.locked:
        template = words.summary_early if summary.early else words.summary_locked
        template = words.summary_late if summary.late else template
    state = template(span=period.span(summary.period, summary.period.zone))
    return state + (words.summary_revision(number=summary.revision) if summary.revision else "")


def _respondents(summary: PeriodSummary, words: OfficeWords) -> str:
    """How many answered, of how many users of the units."""
    n = summary.result.score.n
    if not summary.users:
        return words.summary_n(n=n)
    share = ikm.half_up(Fraction(100 * n, summary.users), 0)
    return words.summary_n_of(n=n, users=summary.users, share=share)


def _follow_up(summary: PeriodSummary, words: OfficeWords) -> list[str]:
    """What became of the plan of the period before; overdue lines by name."""
    planned = [line for line in summary.follow_up if line.counts]
    if not planned or summary.followed is None:
        return []
    text = words.summary_follow_up(
        period=short_title(summary.followed),
        done=sum(line.status == "selesai" for line in planned),
        total=len(planned),
    )
    late = [line for line in planned if line.is_late(summary.today)]
    if late:
        named = " · ".join(_late_line(words, line) for line in late[:LATE])
        text += words.follow_up_late(lines=Html(named))
    return [text]


def _iku(summary: PeriodSummary, words: OfficeWords) -> list[str]:
    """The year's indikator that have a figure, each against its target."""
    parts = [_iku_part(line, words) for line in summary.iku if line.row.realisasi.nilai is not None]
    if not parts:
        return []
    return [words.summary_iku(year=summary.year, parts=Html(" · ".join(parts)))]


def _iku_part(line: Line, words: OfficeWords) -> str:
    names = {"ikm": words.iku_ikm, "unit": words.iku_unit, "sakip": words.iku_sakip}
    name = names[line.indicator.sumber].plain() if line.indicator.sumber in names else None
    reached, target = line.row.realisasi.nilai or Decimal(0), line.row.target.nilai
    return words.iku_part(
        name=name or line.indicator.indikator,
        realisasi=comma(reached) + (f" {line.predikat}" if line.predikat else ""),
        target=f"/{_plain(target)}" if target is not None else "",
        note=f" ({line.remark})" if line.remark else "",
    )


def _plain(target: Decimal) -> str:
    """A target as it was aimed at: 83, or 82,5."""
    return comma(target).rstrip("0").rstrip(",")


def _late_line(words: OfficeWords, line: FollowUp) -> str:
    kegiatan = line.kegiatan if len(line.kegiatan) <= 60 else f"{line.kegiatan[:59]}…"
    return words.follow_up_line(kegiatan=kegiatan, responsible=line.responsible)


def _margin(summary: PeriodSummary, words: OfficeWords) -> str:
    if summary.result.margin is None:
        return ""
    return words.summary_margin(margin=precision.margin_text(summary.result.margin))


def channels(counts: Mapping[str, int], words: OfficeWords) -> str:
    """Responses by channel: `Isi sendiri 97 · dibantu 28`."""
    named = (
        ("telegram", words.channel_telegram),
        ("dibantu", words.channel_dibantu),
        ("kertas", words.channel_kertas),
    )
    return " · ".join(template(n=counts[kanal]) for kanal, template in named if kanal in counts)


def _repeats(summary: PeriodSummary, words: OfficeWords) -> list[str]:
    """Second and third responses of a phone, and the index without them where both are many."""
    n, without = disclosure.repeats(summary.result, summary.min_responses)
    if not n:
        return []
    if without is None:
        return [words.summary_repeats_few(n=n)]
    figure = words.not_computable.plain() if without.ikm is None else comma(without.ikm)
    return [words.summary_repeats(n=n, ikm=figure)]


def _worst(summary: PeriodSummary, words: OfficeWords, most: int = 3) -> list[str]:
    score = summary.result.score
    publishable = ikm.publishable_items(score, summary.min_responses)
    ranked = sorted(
        (score.unsur[code] for code in publishable), key=lambda unsur: (unsur.nrr or 0, unsur.code)
    )
    parts = []
    for place, unsur in enumerate(ranked[:most]):
        name = score.instrument.item(unsur.code).name["id"].split(",")[0]
        part = words.worst_item(unsur=name, nrr=_two(unsur.nrr), mutu=unsur.mutu or "")
        parts.append(part + (_worst_at(summary, words, unsur.code) if place == 0 else ""))
    return [words.summary_worst(worst=Html(" · ".join(parts)))] if parts else []


def _worst_at(summary: PeriodSummary, words: OfficeWords, code: str) -> str:
    """Where the lowest unsur is lowest, among services with enough answers to say so."""
    found = [
        (unsur.nrr or Fraction(0), service.name)
        for service, result in summary.services
        if enough(unsur := result.score.unsur[code], summary.min_responses)
    ]
    if len(found) < 2:
        return ""
    nrr, name = min(found)
    return words.worst_at(service=name, nrr=_two(nrr))


def _two(nrr: Fraction | None) -> str:
    return comma(ikm.half_up(nrr or Fraction(0), 2))


def _gratis(summary: PeriodSummary, words: OfficeWords) -> list[str]:
    """Whoever paid for a service that is free: a finding of its own, from five answers upward."""
    served = disclosure.counted(summary.services)
    instrument = summary.result.score.instrument
    named = disclosure.paid_though_free(
        instrument, served, summary.min_responses, words.other_gratis.plain()
    )
    if not named:
        return []
    return [
        words.summary_gratis(
            n=sum(paid for _, paid, _ in named),
            total=sum(total for _, _, total in named),
            services=", ".join(name for name, _, _ in named),
        )
    ]


def _services(summary: PeriodSummary, words: OfficeWords) -> list[str]:
    """The largest services by name, the others together; cells under five always merged."""
    instrument, mode = summary.result.score.instrument, summary.result.score.mode
    units = summary.roll_up.apart if summary.roll_up else ()
    apart = disclosure.publishable_services(
        disclosure.counted(summary.services), summary.min_responses, units
    )
    scored = [(each, ikm.score(instrument, each.tally, mode)) for each in apart]
    ranked = sorted(
        ((each.service, score) for each, score in scored if each.service),
        key=lambda pair: (-pair[1].n, pair[0].id),
    )
    parts = [_service(words, service.name, score) for service, score in ranked[:SERVICES]]
    named = {service.id for service, _ in ranked[:SERVICES]}
    rest = [each.tally for each in apart if each.service is None or each.service.id not in named]
    if rest:
        together = ikm.score(instrument, ikm.merged(*rest), mode)
        parts.append(_service(words, words.other_services.plain(), together))
    return [words.summary_services(services=Html(" · ".join(parts)))] if parts else []


def _service(words: OfficeWords, name: str, score: Score) -> str:
    figure = words.not_computable.plain() if score.ikm is None else comma(score.ikm)
    template = words.service_item_few if score.n < FEW else words.service_item
    return template(service=name, ikm=figure, n=score.n)
