"""The public page: one HTML file without script or anything from outside, and its data."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from string import Template

from reports.markup import Markup, joined, tag
from reports.open_data import data_csv, data_json
from reports.papers import Breakdown, FollowUp, Papers, TrendPoint
from reports.public import Publication, PublicUnsur, of
from reports.publication import figure, margin_shown
from scoring import period
from scoring.indonesian import comma, grouped, long_day

SKELETON = Path(__file__).parent / "page.html"
POINTS = 5  # of the trend line; the table below it has them all
LETTERS = frozenset("ABCD")  # those that have a colour
STATUS = {
    "rencana": "direncanakan",
    "berjalan": "berjalan",
    "selesai": "selesai",
    "batal": "dibatalkan",
}
CHANNELS = {"telegram": "isi sendiri", "dibantu": "dibantu petugas", "kertas": "lembar kertas"}


def files(papers: Papers) -> dict[str, bytes]:
    """The page and its data by file name, to be copied into one folder of a website.

    Raises:
        TotalsError: figures that do not add up.
    """
    facts = of(papers)
    return {
        "index.html": index_html(facts),
        "data.json": data_json(facts),
        "data.csv": data_csv(facts),
    }


def index_html(facts: Publication) -> bytes:
    """The page of these facts."""
    title = f"Hasil Survei Kepuasan Masyarakat {facts.office.nama}, {period.title(facts.period)}"
    body = joined(tag("header", *_head(facts)), tag("main", *_main(facts)), _foot(facts))
    return Template(SKELETON.read_text()).substitute(title=joined(title), body=body).encode()


def _head(facts: Publication) -> Iterable[Markup]:
    place = " · ".join(part for part in (facts.office.nama, facts.office.kabupaten) if part)
    days = period.span(facts.period, facts.period.zone)
    yield tag("p", place, class_="quiet", dir="auto")
    yield tag("h1", f"Hasil Survei Kepuasan Masyarakat, {period.title(facts.period)}")
    yield tag("p", f"Periode survei {days}", class_="quiet")
    if facts.locked_at is None:
        yield tag("p", "Sementara: angka belum terkunci dan masih dapat berubah.", class_="draft")


def _main(facts: Publication) -> Iterable[Markup]:
    yield _index(facts)
    if len(facts.trend) > 1:
        lines = (_line(facts.trend[-POINTS:]), _trend(facts.trend))
        yield _section("Tren", tag("div", *lines, class_="trend"))
    if facts.n >= facts.least:
        yield _section("Nilai per unsur", _unsur(facts.unsur))
    if facts.services:
        yield _section("Layanan", _services(facts))
    if facts.respondents:
        groups = tag("div", *map(_group, facts.respondents), class_="groups")
        yield _section("Responden", *_counted(facts), groups)
    if facts.follow_up:
        yield _section("Tindak lanjut atas temuan sebelumnya", *_follow_up(facts))
    yield tag(
        "p",
        "Terima kasih atas penilaian yang telah Anda berikan. Masukan Anda sangat bermanfaat bagi"
        " kemajuan unit kami.",
    )


def _section(title: str, *inner: Markup) -> Markup:
    return tag("section", tag("h2", title), *inner)


def _index(facts: Publication) -> Markup:
    if facts.ikm is None:
        return _section("Nilai IKM", tag("p", facts.missing))
    margin = margin_shown(facts)
    said = [f"{grouped(facts.n)} responden", *([f"galat {margin}"] if margin else [])]
    lines = [tag("p", " · ".join(said)), *(tag("p", remark) for remark in facts.remarks)]
    if facts.ikm_without_repeats is not None:
        lines.append(
            tag(
                "p",
                f"Termasuk {grouped(facts.repeats)} isian kedua atau ketiga dari HP yang sama;"
                f" tanpa itu IKM {comma(facts.ikm_without_repeats)}.",
            )
        )
    shown = tag(
        "p",
        tag("strong", comma(facts.ikm)),
        _letter(facts.mutu),
        tag("span", facts.kinerja or ""),
        class_="index",
    )
    return _section("Nilai IKM", shown, *lines)


def _letter(mutu: str | None) -> Markup:
    if not mutu:
        return Markup("")
    return tag("b", mutu, class_=f"letter {mutu}" if mutu in LETTERS else "letter")


def _table(caption: str, heads: Iterable[str], rows: Iterable[Markup], *foot: Markup) -> Markup:
    """Return a table; the columns after the first hold figures."""
    first, *others = heads
    top = tag(
        "tr",
        tag("th", first, scope="col"),
        *(tag("th", head, scope="col", class_="number") for head in others),
    )
    return tag(
        "table", tag("caption", caption), tag("thead", top), tag("tbody", *rows), *foot
    )  # fmt: skip


def _row(name: str, *figures: str) -> Markup:
    cells = (tag("td", each, class_="number") for each in figures)
    return tag("tr", tag("th", name, scope="row", dir="auto"), *cells)


def _bar(filled: float) -> Markup:
    return tag("span", tag("i", style=f"width:{filled:.1%}"), class_="bar", aria_hidden="true")


def _trend(points: Iterable[TrendPoint]) -> Markup:
    rows = (_row(at.label, comma(at.ikm), _letter(at.mutu)) for at in points)
    return _table("IKM tiap periode", ("Periode", "IKM", "Mutu"), rows)


def _line(points: tuple[TrendPoint, ...]) -> Markup:
    """Return the trend as a drawing; the table says the same, so readers aloud skip it."""
    width, height, above = 440, 160, 40
    step = width / len(points)
    low = min(at.ikm for at in points)
    span = max(max(at.ikm for at in points) - low, Decimal(4))  # a small change stays small
    places = [
        (step * (i + 0.5), above + 70 * float(1 - (at.ikm - low) / span))
        for i, at in enumerate(points)
    ]
    drawn = [
        tag("line", x1=f"{x:.1f}", y1=f"{y:.1f}", x2=f"{to:.1f}", y2=f"{down:.1f}")
        for (x, y), (to, down) in pairwise(places)
    ]
    for (x, y), at in zip(places, points, strict=True):
        middle = f"{x:.1f}"
        drawn += (
            tag("circle", cx=middle, cy=f"{y:.1f}", r=6),
            tag("text", comma(at.ikm), x=middle, y=f"{y - 14:.1f}", text_anchor="middle"),
            tag("text", at.label, x=middle, y=height - 12, text_anchor="middle", class_="quiet"),
        )
    return tag("svg", *drawn, viewBox=f"0 0 {width} {height}", aria_hidden="true")


def _unsur(unsur: Iterable[PublicUnsur]) -> Markup:
    rows = (
        _row(_unsur_name(each), "–" if each.nrr is None else comma(each.nrr, 3), _letter(each.mutu))
        for each in unsur
    )
    caption = "Nilai 1 (terburuk) sampai 4 (terbaik); –: jawabannya terlalu sedikit"
    return _table(caption, ("Unsur", "Nilai", "Mutu"), rows)


def _unsur_name(unsur: PublicUnsur) -> Markup:
    name = f"{unsur.number} {unsur.name}"
    return joined(name) if unsur.nik is None else joined(name, _bar(float(unsur.nik) / 100))


def _services(facts: Publication) -> Markup:
    rows = (
        _row(
            joined(each.name, *([tag("small", " (sementara)")] if each.provisional else [])),
            grouped(each.n),
            figure(each.ikm),
            _letter(each.mutu),
        )
        for each in facts.services
    )
    caption = "IKM tiap layanan; sementara: kurang dari 30 responden"
    return _table(caption, ("Layanan", "Responden", "IKM", "Mutu"), rows)


def _counted(facts: Publication) -> Iterable[Markup]:
    said = f"{grouped(facts.n)} responden"
    if facts.population is not None and facts.required is not None:
        said += (
            f" dari {grouped(facts.population)} pengguna layanan;"
            f" sampel yang diperlukan {grouped(facts.required)}"
        )
    yield tag("p", said + ".")
    channels = ", ".join(f"{CHANNELS.get(code, code)} {grouped(n)}" for code, n in facts.channels)
    if channels:
        yield tag("p", f"Cara mengisi: {channels}.")
    yield tag(
        "p",
        f"Kelompok di bawah {facts.least} orang digabung supaya tidak ada yang dikenali.",
        class_="quiet",
    )


def _group(found: Breakdown) -> Markup:
    total = sum(n for _, n in found.rows)
    rows = (
        _row(joined(label, _bar(n / total if total else 0)), grouped(n)) for label, n in found.rows
    )
    foot = tag("tfoot", _row("Jumlah", grouped(total)))
    return tag("div", _table(found.title, ("Kelompok", "Orang"), rows, foot))


def _follow_up(facts: Publication) -> Iterable[Markup]:
    planned = [line for line in facts.follow_up if line.counts]
    done = sum(line.done for line in planned)
    yield tag("p", f"{done} dari {len(planned)} rencana selesai.")
    names = {each.code: each.name for each in facts.unsur}
    lines = (_plan(names.get(line.unsur, line.unsur), line) for line in facts.follow_up)
    yield tag("ul", *lines, class_="plan")


def _plan(unsur: str, line: FollowUp) -> Markup:
    due = f" (tenggat {long_day(line.due)})" if line.due and not line.done else ""
    told = (
        line.description,
        f"Bukti: {line.evidence}" if line.evidence else "",
        f"Hambatan: {line.obstacle}" if line.obstacle else "",
    )
    return tag(
        "li",
        tag("b", unsur),
        tag("div", line.kegiatan, dir="auto"),
        tag("div", tag("b", STATUS.get(line.status, line.status)), due),
        *(tag("div", part, dir="auto") for part in told if part),
    )


def _foot(facts: Publication) -> Markup:
    method = (
        f"Instrumen {facts.instrument}. Nilai unsur adalah rata-rata jawaban yang terisi; IKM"
        " adalah jumlah nilai tertimbang dikalikan nilai konversi."
    )
    lines = [tag("p", method)]
    if facts.locked_day:
        sign = f", sidik {facts.fingerprint[:16]}" if facts.fingerprint else ""
        said = f"Terkunci {long_day(facts.locked_day)}, revisi {facts.revision}{sign}."
        lines.append(tag("p", said))
    lines.append(
        tag(
            "p",
            "Data: ",
            tag("a", "data.json", href="data.json"),
            " · ",
            tag("a", "data.csv", href="data.csv"),
            class_="screen",
        )
    )
    if facts.office.alamat:
        lines.append(tag("p", facts.office.alamat, dir="auto"))
    return tag("footer", *lines)
