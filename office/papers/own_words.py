"""What the office itself says in the papers of a period, around the figures.

Its data, the causes, the plans and their realisation may change after the report was printed. They
are stored when the report is marked as signed, and the papers of that period then use what was
stored.

The Camat sorts suggestions after the lock too, so they are counted when they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache

from pydantic import TypeAdapter

from office.figures import spans
from office.figures.spans import Span
from office.office import Office
from reports.document import Photo
from reports.papers import Cause, FollowUp, OfficeData, SuggestionCounts
from scoring.limits import MIN_RESPONSES
from scoring.period import short_title
from storage import follow_ups, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import office_facts
from storage.survey import suggestions
from storage.survey.suggestions import OTHER

PHOTO = "foto-{}.png"  # then its id


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The parts of the papers that the office writes; `suggestions` counts what it answered."""

    office: OfficeData
    causes: tuple[Cause, ...]
    follow_up: tuple[FollowUp, ...]
    last_follow_up: tuple[FollowUp, ...]
    suggestions: SuggestionCounts | None


@cache
def _adapter() -> TypeAdapter[OwnWords]:
    return TypeAdapter(OwnWords)


def of_papers(db: Db, office: Office, span: Span, *, with_photos: bool) -> OwnWords:
    """As it was when the report of this period was signed; else as it is now."""
    if [each.label for each in span.periods] == [span.named.label]:
        stored = follow_ups.signed_words(db, span.periods[0].id)
        if stored is not None:
            return _with_photos(db, _adapter().validate_python(stored), with_photos=with_photos)
    return _now(db, office, span, with_photos=with_photos)


def sign(db: Db, office: Office, period: PeriodRow) -> None:
    """Store what the report of a locked period says now: it is signed."""
    words = _now(db, office, spans.of_period(db, office, period), with_photos=True)
    lines = tuple(
        replace(line, photos=tuple(Photo(photo.name, b"") for photo in line.photos))
        for line in words.last_follow_up
    )
    stored = _adapter().dump_python(replace(words, last_follow_up=lines), mode="json")
    follow_ups.note_report_signed(db, period.id, stored)


def signed_with_photo(db: Db, photo_id: int) -> list[int]:
    """The periods whose signed report shows this photo."""
    name = PHOTO.format(photo_id)
    return [
        number
        for number, stored in follow_ups.all_signed_words(db).items()
        if any(photo["name"] == name for line in stored["last_follow_up"]
               for photo in line["photos"])
    ]  # fmt: skip


def _with_photos(db: Db, words: OwnWords, *, with_photos: bool) -> OwnWords:
    """The stored words with the content of their photos."""
    lines = words.last_follow_up
    names = [photo.name for line in lines for photo in line.photos] if with_photos else []
    ids = {name: int(name.removeprefix("foto-").removesuffix(".png")) for name in names}
    contents = follow_ups.photo_contents(db, list(ids.values())) if ids else {}
    shown = tuple(
        replace(
            line,
            photos=tuple(
                Photo(each.name, contents[ids[each.name]])
                for each in line.photos
                if ids.get(each.name) in contents
            ),
        )
        for line in lines
    )
    return replace(words, last_follow_up=shown)


def _now(db: Db, office: Office, span: Span, *, with_photos: bool) -> OwnWords:
    locked_at = max(each.locked_at for each in span.periods if each.locked_at is not None)
    before, after = plans(db, office, span.periods, with_photos=with_photos)
    return OwnWords(
        office_data(db, office.calendar.day(locked_at)),
        tuple(_causes(db, office, span.periods)),
        after,
        before,
        suggestions_told(db, office, span),
    )


def plans(
    db: Db, office: Office, stored: tuple[PeriodRow, ...], *, with_photos: bool
) -> tuple[tuple[FollowUp, ...], tuple[FollowUp, ...]]:
    """The plans whose realisation is told, and what was planned from these periods' results."""
    earlier = periods.preceding(db, stored[0])
    inside = stored if len(stored) > 1 else ()  # a longer span joins the plans of all its periods
    then = (*([earlier] if earlier else ()), *inside)
    before = (
        line for period in then for line in _plan(db, office, period, with_photos=with_photos)
    )
    after = (line for period in stored for line in _plan(db, office, period) if line.counts)
    return tuple(before), tuple(after)


def _plan(
    db: Db, office: Office, period: PeriodRow, *, with_photos: bool = False
) -> Iterator[FollowUp]:
    named = short_title(office.calendar.period_of(period))
    lines = follow_ups.of_period(db, period.id)
    photos = follow_ups.photos(db, [line.id for line in lines]) if with_photos and lines else {}
    for line in lines:
        own = photos.get(line.id, {}).items()
        yield _line(line, named, tuple(Photo(PHOTO.format(number), png) for number, png in own))


def _line(line: follow_ups.FollowUp, period: str, photos: tuple[Photo, ...]) -> FollowUp:
    return FollowUp(
        line.item,
        line.kegiatan,
        line.due,
        line.responsible,
        line.status,
        line.evidence,
        line.obstacle,
        line.description,
        period,
        photos,
    )


def _causes(db: Db, office: Office, stored: tuple[PeriodRow, ...]) -> Iterator[Cause]:
    """Why unsur were weak, of each period in turn."""
    for period in stored:
        named = short_title(office.calendar.period_of(period))
        for code, text in follow_ups.causes(db, period.id).items():
            yield Cause(code, text, named)


def office_data(db: Db, day: date) -> OfficeData:
    """The office's data, with who signs for it on a day."""
    facts, head = office_facts.read(db), office_facts.signatory(db, "kepala", day)
    position = head.position if head and head.jabatan else facts.jabatan
    name, nip, pangkat = (head.name, head.nip, head.pangkat) if head else ("", "", "")
    typed = asdict(facts) | {"jabatan": position}
    return OfficeData(**typed, kepala=name, nip=nip, pangkat=pangkat)


# --- for the screens --------------------------------------------------------------------------


def signed_that_tell(db: Db, period: PeriodRow) -> list[PeriodRow]:
    """The periods whose signed report tells the plan of this period, or its realisation."""
    every = periods.of_kind(db, "ikm")
    place = [each.id for each in every].index(period.id)
    told = every[place : place + 2]
    return [each for each in told if follow_ups.report_signed(db, each.id)]


def suggestions_told(db: Db, office: Office, span: Span) -> SuggestionCounts | None:
    """The suggestions of the locked periods that have at least `MIN_RESPONSES`; None: none has.

    A longer span is the sum of what its periods tell, so their difference tells nothing more.
    """
    total = done = 0
    told: Counter[str] = Counter()
    for period in span.periods:
        counts = suggestions.counts_of_locked(db, span.counted(period))
        n = sum(each.n for each in counts)
        if n < MIN_RESPONSES:
            continue
        total, done = total + n, done + sum(each.n for each in counts if each.done)
        by_unsur: Counter[str] = Counter()
        for each in counts:
            by_unsur[each.unsur] += each.n
        told.update(large_enough(by_unsur))
    if not total:
        return None
    instrument = office.instruments[span.periods[-1].instrument_id].instrument
    order = (*instrument.unsur_codes, OTHER)
    named = tuple((code, told[code]) for code in order if told[code])
    return SuggestionCounts(total, done, named, total - sum(n for _, n in named))


def large_enough(by_unsur: Mapping[str, int]) -> dict[str, int]:
    """The unsur with enough suggestions to be named; the rest, if any, is enough together too."""
    named = {unsur: n for unsur, n in by_unsur.items() if unsur and n >= MIN_RESPONSES}
    rest = sum(by_unsur.values()) - sum(named.values())
    while named and 0 < rest < MIN_RESPONSES:
        smallest = min(named, key=lambda unsur: (named[unsur], unsur))
        rest += named.pop(smallest)
    return named
