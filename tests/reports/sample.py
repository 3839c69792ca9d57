"""The papers of one office, with random responses from a seed, for the tests of all papers."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

from reports import rendering
from reports.document import Photo
from reports.papers import (
    Breakdown,
    Cause,
    Change,
    FollowUp,
    OfficeData,
    Papers,
    PartFigures,
    Quality,
    ServiceUse,
    TrendPoint,
)
from scoring import ikm, instrument_file, naming, period, precision, reliability, sample
from scoring.instrument import Instrument
from scoring.moments import moments
from scoring.naming import COST
from tests.reports.photo import JPEG

SKM = instrument_file.named("skm-2017")
SKM_2004 = instrument_file.named("skm-2004")
ITEMS = instrument_file.load(
    Path(__file__).parents[1] / "data" / "instruments" / "skm-berbutir.toml"
)
LEAST = 5  # smaller services are joined
JOINED = "digabung"
PROVISIONAL = 30
POPULATION = 236

OFFICE = OfficeData(
    nama="Kecamatan Pakong",
    jabatan="Camat Pakong",
    kabupaten="Kabupaten Pamekasan",
    alamat="Jl. Raya Pakong No. 1, Pakong, Pamekasan 69352",
    kepala="",
    nip="",
    kontak="(0324) 510001 · kecamatan@pakong.contoh",
    sk="Keputusan Camat Pakong Nomor 188/4/2026 tentang Tim Survei Kepuasan Masyarakat",
    tim="Penanggung jawab: Camat Pakong\nKetua: Sekretaris Kecamatan\nKasi Pelayanan Umum",
    persiapan="minggu terakhir sebelum periode",
    pangkat="Pembina Tingkat I (IV/b)",
)
SERVICES = {  # name -> percent of the visitors
    "KTP-el": 36,
    "Kartu Keluarga (KK)": 29,
    "Surat keterangan tidak mampu (SKTM)": 18,
    "Pindah/datang": 9,
    "Legalisasi": 5,
    "Izin keramaian": 2,
    "Ahli waris": 1,
}
CHANNELS = {"telegram": 68, "dibantu": 20, "kertas": 12}
# Percent of the answers 1, 2, 3, 4: of most unsur, and of those that differ.
USUAL = (1, 4, 43, 52)
UNUSUAL = {
    "WAKTU": (5, 18, 50, 27),
    "PENGADUAN": (6, 14, 48, 32),
    "SARANA": (2, 14, 54, 30),
    "BIAYA": (0, 4, 12, 84),
    "PERILAKU": (0, 1, 24, 75),
}
SKIPPED = 2  # percent of the answers

HOSTILE = (
    '=HYPERLINK("https://contoh.invalid";"klik")',
    "+1+1",
    "@SUM(A1)",
    "<b>tebal</b> & <script>alert(1)</script>",
    "_*[tebal](x)",
    "{{ 7 * 7 }} {% for x in y %} {ikm}",
    '#panic() #read("/etc/passwd") \\u{41}',
    "\u202eمرحبا\u202c kanan ke kiri",
    "😀👨\u200d👩\u200d👧🇮🇩",
    "\x00\x07\ud800 baris\nkedua\tdan tab",
    "x" * 4000,
    "kata yang panjang sekali " * 160,
)
# The same in three texts, for papers that take long to make: nothing there depends on the first
# character, as it does in a cell of a spreadsheet.
HOSTILE_JOINED = (" ".join(HOSTILE[:-2]), *HOSTILE[-2:])


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response: where it came from, and its answers in the instrument's order."""

    service: str
    kanal: str
    answers: tuple[int | None, ...]


def random_rows(used: Instrument = SKM, n: int = 142, seed: int = 1) -> tuple[ResponseRow, ...]:
    """Random responses, always the same for the same seed."""
    rng = random.Random(seed)
    names, shares = list(SERVICES), list(SERVICES.values())
    rows = []
    for _ in range(n):
        mood = rng.random()
        answers = tuple(_answer(rng, code, mood) for code in used.codes)
        kanal = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        rows.append(ResponseRow(rng.choices(names, shares)[0], kanal, answers))
    return tuple(rows)


def _answer(rng: random.Random, code: str, mood: float) -> int | None:
    if rng.randrange(100) < SKIPPED:
        return None
    # A content respondent tends to rate every unsur high: the variance between respondents.
    percentile = 100 * (mood if rng.random() < 0.4 else rng.random())
    shares = accumulate(UNUSUAL.get(code, USUAL))
    return next((nilai for nilai, limit in enumerate(shares, 1) if percentile < limit), 4)


def score(used: Instrument, rows: Sequence[ResponseRow]) -> ikm.Score:
    """The score of these rows."""
    return ikm.score(used, ikm.tally_of(used, answers_of(used, rows)))


def answers_of(used: Instrument, rows: Sequence[ResponseRow]) -> list[dict[str, int | None]]:
    """The rows in the form that scoring reads."""
    return [dict(zip(used.codes, row.answers, strict=True)) for row in rows]


def papers(
    rows: Sequence[ResponseRow] | None = None,
    used: Instrument = SKM,
    label: str = "2026-TW3",
    seed: int = 1,
) -> Papers:
    """The papers of a locked period with these responses, or with 142 random ones."""
    merged = with_joined_services(random_rows(used, seed=seed) if rows is None else rows)
    result = score(used, merged)
    second_moments = moments(used.codes, ((row, 1) for row in answers_of(used, merged)))
    low, low_mutu = naming.priorities(result, second_moments)
    margin = precision.margin(result, second_moments)
    quarter = period.parse(label, period.WIB)
    trend = _trend(result)
    return Papers(
        office=OFFICE,
        period=quarter,
        covers=quarter,
        periods=(quarter,),
        run_in=(),
        complete=True,
        locked_at=quarter.end + timedelta(days=7, hours=8),
        revision=1,
        fingerprint="3f5c" * 16,
        score=result,
        received=result.n,
        provisional=result.n < PROVISIONAL,
        ikm=result.ikm,
        mutu=result.mutu,
        kinerja=result.kinerja,
        method=None,
        margin=margin,
        letters=precision.letters(used, result.ikm, margin) if result.ikm is not None else (),
        lowest=low,
        low_mutu=low_mutu,
        highest=naming.highest_codes(result, [each.code for each in (*low, *low_mutu)]),
        population=POPULATION,
        population_known=1,
        population_received=result.n,
        required=sample.krejcie_morgan(POPULATION),
        service_users=(
            ServiceUse("KTP-el", 51, 90, 1, 51),
            ServiceUse("Ahli waris", 0, None, 0, 0),
        ),
        unrated=("Ahli waris",),
        channels=Counter(row.kanal for row in merged),
        repeats=0,
        score_without_repeats=None,
        levy=(9, 92),
        services=services(used, merged),
        units=(),
        respondents=_respondents(used, len(merged), seed),
        trend=trend,
        change=change(trend) if result.ikm is not None else None,
        suggestions=SUGGESTIONS,
        follow_up=FOLLOW_UP,
        last_follow_up=LAST_FOLLOW_UP,
        rows=tuple(row.answers for row in merged),
        quality=quality(used, merged) if merged else None,
        causes=(Cause("WAKTU", "Satu petugas melayani dua loket"),),
        definitions={each.code: each.definition["id"] for each in used.unsur if each.definition},
        distribution=distribution(used, merged),
    )


def distribution(used: Instrument, rows: Sequence[ResponseRow]) -> dict[str, dict[int, int]]:
    """How many gave each nilai of each unsur; of its cost the levy tells a part."""
    tally = ikm.tally_of(used, answers_of(used, rows))
    return {
        code: {nilai: tally[code].get(nilai, 0) for nilai in used.steps}
        for code in used.codes
        if code != COST
    }


def quarter(number: int, year: int = 2026) -> period.Period:
    """A quarter of a year."""
    return period.parse(f"{year}-TW{number}", period.WIB)


def change(trend: Sequence[TrendPoint], verdict: str = "naik nyata") -> Change:
    """The change between the last two figures."""
    before, now = trend[-2:]
    return Change(before, now.ikm - before.ikm, verdict)


def quality(used: Instrument, rows: Sequence[ResponseRow]) -> Quality:
    """The study of the questionnaire with these rows."""
    weighted = [(row, 1) for row in answers_of(used, rows)]
    study = reliability.analysis(moments(used.codes, weighted), len(rows))
    return Quality(study, reliability.uniform(used, weighted).n)


def uniform_rows(used: Instrument = SKM, n: int = 6, nilai: int = 3) -> tuple[ResponseRow, ...]:
    """Responses with the same nilai for every unsur."""
    return (ResponseRow("KTP-el", "telegram", (nilai,) * len(used.codes)),) * n


def with_joined_services(
    rows: Sequence[ResponseRow], least: int = LEAST
) -> tuple[ResponseRow, ...]:
    """The rows with small services joined, which together have enough responses."""
    counts = Counter(row.service for row in rows)
    few = {name for name, count in counts.items() if count < least}
    for name, _ in reversed(counts.most_common()):
        if not 0 < sum(counts[each] for each in few) < least:
            break
        few.add(name)
    return tuple(replace(row, service=JOINED) if row.service in few else row for row in rows)


def services(used: Instrument, rows: Sequence[ResponseRow]) -> tuple[PartFigures, ...]:
    """The figures of each service that is not joined with all others."""
    parts = []
    for name in (*SERVICES, JOINED):
        own = [row for row in rows if row.service == name]
        if own:
            parts.append(PartFigures(name, score(used, own), len(own), len(own) < PROVISIONAL))
    return tuple(parts) if len(parts) > 1 or (parts and parts[0].name != JOINED) else ()


def _respondents(used: Instrument, n: int, seed: int) -> tuple[Breakdown, ...]:
    rng = random.Random(seed + 1)
    breakdowns = []
    for attribute in used.attributes:
        labels = [option.label["id"] for option in attribute.options] + ["Tidak menjawab"]
        weights = [*range(len(labels) + 2, 3, -1), 1]
        counts = Counter(rng.choices(labels, weights)[0] for _ in range(n))
        rows = tuple((label, counts[label]) for label in labels)
        breakdowns.append(Breakdown(attribute.code, attribute.name["id"], rows))
    return tuple(breakdowns)


def _trend(result: ikm.Score) -> tuple[TrendPoint, ...]:
    earlier = (
        TrendPoint("TW IV 2025", Decimal("80.35"), "B"),
        TrendPoint("TW I 2026", Decimal("83.02"), "B"),
        TrendPoint("TW II 2026", Decimal("81.90"), "B"),
    )
    if result.ikm is None or result.mutu is None:
        return earlier
    return (*earlier, TrendPoint("TW III 2026", result.ikm, result.mutu))


SUGGESTIONS = (
    "Tolong loket KK dibuka juga pada hari pasaran.",
    "Petugas ramah. Kursi tunggu kurang.",
)
FOLLOW_UP = (
    FollowUp(
        "WAKTU",
        "Menambah satu loket pada hari pasaran dan memasang papan waktu layanan",
        date(2026, 11, 30),
        "Kasi Pelayanan Umum",
        "rencana",
        "",
        "",
    ),
    FollowUp(
        "PENGADUAN",
        "Menunjuk petugas pengaduan dan menjawab paling lama tiga hari kerja",
        date(2026, 12, 15),
        "Sekretaris Kecamatan",
        "berjalan",
        "",
        "",
    ),
    FollowUp(
        "SARANA", "Menambah kursi ruang tunggu", None, "Subbag Perencanaan dan Keuangan",
        "rencana", "", "",
    ),
)  # fmt: skip
LAST_FOLLOW_UP = (
    FollowUp(
        "WAKTU", "Menata jadwal loket", date(2026, 8, 31), "Kasi Pelayanan Umum",
        "berjalan", "", "Satu petugas pindah tugas",
    ),
    FollowUp(
        "SARANA", "Memperbaiki toilet pengunjung", date(2026, 7, 31), "Subbag Umum",
        "selesai", "Berita acara 12/2026 dan foto", "", "Dua toilet diperbaiki",
        photos=(Photo("foto-1.png", rendering.redrawn(JPEG)),),
    ),
    FollowUp(
        "PENGADUAN", "Memasang kotak saran dan nomor pengaduan", date(2026, 8, 15),
        "Sekretaris Kecamatan", "selesai", "Foto pemasangan", "",
    ),
)  # fmt: skip


def hostile(text: str) -> Papers:
    """The papers with this text in place of every typed text."""
    base = papers()
    names = {each.name: f"{text}{number}" for number, each in enumerate(base.services)}
    return replace(
        base,
        suggestions=(text,),
        office=OfficeData(**dict.fromkeys(asdict(OFFICE), text)),
        services=tuple(replace(each, name=names[each.name]) for each in base.services),
        follow_up=tuple(_with_text(text, each) for each in base.follow_up),
        last_follow_up=tuple(_with_text(text, each) for each in base.last_follow_up),
        causes=(Cause("WAKTU", text),),
    )


def _with_text(text: str, line: FollowUp) -> FollowUp:
    return replace(
        line, kegiatan=text, responsible=text, evidence=text, obstacle=text, description=text
    )


def draft() -> Papers:
    """A report without figures, before the lock."""
    empty = papers([])
    asked = tuple(
        replace(each, rows=tuple((label, 0) for label, _ in each.rows))
        for each in empty.respondents
    )
    return replace(
        empty, locked_at=None, complete=False, fingerprint="", revision=0, received=17, levy=None,
        letters=(), lowest=(), low_mutu=(), highest=(), service_users=(), unrated=(),
        population=None, required=None, respondents=asked, trend=(), change=None, causes=(),
    )  # fmt: skip


def incomplete() -> Papers:
    """The papers of a year of which one quarter is locked."""
    base = papers()
    year = period.parse("2026", period.WIB)
    return replace(base, period=year, complete=False, method="gabungan")
