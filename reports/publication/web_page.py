"""The public web page: one HTML file without scripts or external resources, and its data files."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from itertools import pairwise
from string import Template

from reports import rendering, tables
from reports.papers import FOLLOW_UP_STATUS, Breakdown, FollowUp, Papers, TrendPoint
from reports.publication.open_data import data_csv, data_json
from reports.publication.public_figures import Publication, PublicUnsur, publication
from reports.publication.publication_sheet import counted, ikm_text, margin_remark
from scoring import period
from scoring.channels import BROWSER, CHANNELS
from scoring.numbers import comma, grouped
from scoring.period import long_day


class Markup(str):
    """Text that is already HTML."""

    __slots__ = ()


def joined(*parts: str) -> Markup:
    """The parts one after another; plain text is escaped."""
    return Markup("".join(part if isinstance(part, Markup) else escape(part) for part in parts))


def tag(name: str, *inner: str, **attributes: str | float) -> Markup:
    """An HTML element; `class_` gives the attribute class, `aria_hidden` aria-hidden."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{written}>{joined(*inner)}</{name}>")


TEMPLATE = rendering.FOLDER / "web_page.html"
MAX_POINTS = 5  # of the trend line; the table below it has all periods
GRADES_WITH_COLOUR = frozenset("ABCD")


def files(papers: Papers) -> dict[str, bytes]:
    """The page and its data files by name, for one folder of a website.

    Raises:
        PapersError: totals that differ.
    """
    public = publication(papers)
    return {
        "index.html": index_html(public),
        "data.json": data_json(public),
        "data.csv": data_csv(public),
        **{photo.name: photo.png for line in public.follow_up for photo in line.photos},
    }


def index_html(public: Publication) -> bytes:
    """The page with these figures."""
    title = f"Hasil Survei Kepuasan Masyarakat {public.office.nama}, {period.title(public.period)}"
    body = joined(tag("header", *_head(public)), tag("main", *_main(public)), _foot(public))
    return Template(TEMPLATE.read_text()).substitute(title=joined(title), body=body).encode()


def _head(public: Publication) -> Iterable[Markup]:
    place = " · ".join(part for part in (public.office.nama, public.office.kabupaten) if part)
    days = period.span(public.covers, public.covers.zone)
    yield tag("p", place, class_="quiet", dir="auto")
    yield tag("h1", f"Hasil Survei Kepuasan Masyarakat, {period.title(public.period)}")
    yield tag("p", f"Periode survei {days}", class_="quiet")
    if not public.complete:
        yield tag("p", tables.INCOMPLETE, class_="draft")


def _main(public: Publication) -> Iterable[Markup]:
    yield _ikm(public)
    if len(public.trend) > 1:
        lines = (_line(public.trend[-MAX_POINTS:]), _trend(public.trend))
        told = tag("p", f"IKM {tables.change_text(public.change)}.")
        yield _section("Tren", told, tag("div", *lines, class_="trend"))
    if public.n:
        yield _section("Nilai per unsur", _unsur(public.unsur))
    if public.services:
        yield _section("Layanan", _services(public))
    if public.respondents:
        about = [each for each in public.respondents if each.subject == "responden"]
        groups = tag("div", *map(_breakdown, about), class_="groups")
        yield _section("Responden", *_respondents(public), groups)
    if more := [each for each in public.respondents if each.subject != "responden"]:
        groups = tag("div", *map(_breakdown, more), class_="groups")
        yield _section("Pertanyaan tambahan", groups)
    if public.follow_up:
        yield _section("Tindak lanjut atas temuan sebelumnya", *_follow_up(public))
    yield tag(
        "p",
        "Terima kasih atas penilaian yang telah Anda berikan. Masukan Anda sangat bermanfaat bagi"
        " kemajuan unit kami.",
    )


def _section(title: str, *inner: Markup) -> Markup:
    return tag("section", tag("h2", title), *inner)


def _ikm(public: Publication) -> Markup:
    if public.ikm is None:
        return _section("Nilai IKM", tag("p", public.missing))
    margin = margin_remark(public)
    count = [f"{grouped(public.n)} responden", *([margin] if margin else [])]
    lines = [tag("p", " · ".join(count))]
    if public.mutu_text != public.mutu:
        lines.append(tag("p", f"Menurut galat itu mutunya {public.mutu_text}."))
    lines += (tag("p", remark) for remark in public.remarks)
    if public.ikm_without_repeats is not None:
        lines.append(
            tag(
                "p",
                f"Termasuk {grouped(public.repeats)} isian kedua atau ketiga dari HP yang sama;"
                f" tanpa itu IKM {comma(public.ikm_without_repeats)}.",
            )
        )
    shown = tag(
        "p",
        tag("strong", comma(public.ikm)),
        _grade(public.mutu),
        tag("span", public.kinerja or ""),
        class_="index",
    )
    return _section("Nilai IKM", shown, *lines)


def _grade(mutu: str | None) -> Markup:
    if not mutu:
        return Markup("")
    return tag("b", mutu, class_=f"letter {mutu}" if mutu in GRADES_WITH_COLOUR else "letter")


def _table(caption: str, titles: Iterable[str], rows: Iterable[Markup], *foot: Markup) -> Markup:
    """Return a table; every column after the first has numbers."""
    first, *others = titles
    header = tag(
        "tr",
        tag("th", first, scope="col"),
        *(tag("th", title, scope="col", class_="number") for title in others),
    )
    return tag(
        "table", tag("caption", caption), tag("thead", header), tag("tbody", *rows), *foot
    )  # fmt: skip


def _row(name: str, *figures: str) -> Markup:
    cells = (tag("td", each, class_="number") for each in figures)
    return tag("tr", tag("th", name, scope="row", dir="auto"), *cells)


def _bar(filled: float) -> Markup:
    return tag("span", tag("i", style=f"width:{filled:.1%}"), class_="bar", aria_hidden="true")


def _trend(points: Iterable[TrendPoint]) -> Markup:
    rows = (
        _row(
            joined(point.label, *([tag("small", f" ({note})")] if note else [])),
            comma(point.ikm),
            _grade(point.mutu),
        )
        for point in points
        for note in [tables.trend_note(point)]
    )
    return _table("IKM tiap periode", ("Periode", "IKM", "Mutu"), rows)


def _line(points: tuple[TrendPoint, ...]) -> Markup:
    """Return the trend as SVG, hidden from screen readers: the table has the same figures."""
    width, height, above = 440, 160, 40
    step = width / len(points)
    low = min(point.ikm for point in points)
    span = max(max(point.ikm for point in points) - low, Decimal(4))  # or small changes look large
    positions = [
        (step * (i + 0.5), above + 70 * float(1 - (point.ikm - low) / span))
        for i, point in enumerate(points)
    ]
    shapes = [
        tag("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}")
        for (x1, y1), (x2, y2) in pairwise(positions)
    ]
    for (x, y), point in zip(positions, points, strict=True):
        middle = f"{x:.1f}"
        shapes += (
            tag("circle", cx=middle, cy=f"{y:.1f}", r=6),
            tag("text", comma(point.ikm), x=middle, y=f"{y - 14:.1f}", text_anchor="middle"),
            tag("text", point.label, x=middle, y=height - 12, text_anchor="middle", class_="quiet"),
        )
    return tag("svg", *shapes, viewBox=f"0 0 {width} {height}", aria_hidden="true")


def _unsur(unsur: Iterable[PublicUnsur]) -> Markup:
    rows = (
        _row(_unsur_name(each), "–" if each.nrr is None else comma(each.nrr, 3), _grade(each.mutu))
        for each in unsur
    )
    caption = "Nilai 1 (terburuk) sampai 4 (terbaik); –: tidak ada yang menjawab"
    return _table(caption, ("Unsur", "Nilai", "Mutu"), rows)


def _unsur_name(unsur: PublicUnsur) -> Markup:
    name = f"{unsur.number} {unsur.name}"
    return joined(name) if unsur.nik is None else joined(name, _bar(float(unsur.nik) / 100))


def _services(public: Publication) -> Markup:
    rows = (
        _row(
            joined(each.name, *([tag("small", f" ({tables.FEW})")] if each.provisional else [])),
            counted(each),
            ikm_text(each.ikm),
            _grade(each.mutu),
        )
        for each in public.services
    )
    caption = f"IKM tiap layanan; {tables.FEW}: kurang dari 30 orang"
    return _table(caption, ("Layanan", "Responden", "IKM", "Mutu"), rows)


def _respondents(public: Publication) -> Iterable[Markup]:
    count = f"{grouped(public.n)} responden"
    if public.population is not None and public.required is not None:
        count += (
            f" dari {grouped(public.population)} pengguna layanan{public.population_note};"
            f" sampel yang diperlukan {grouped(public.required)}"
        )
    yield tag("p", count + ".")
    channels = ", ".join(f"{_in_sentence(code)} {grouped(n)}" for code, n in public.channels)
    if channels:
        yield tag("p", f"Cara mengisi: {channels}.")
    if any(code in BROWSER for code, _ in public.channels):
        yield tag("p", tables.WEAKER_IDENTITY)
    yield tag(
        "p",
        "Kelompok dan layanan yang kecil digabung supaya tidak ada yang dikenali.",
        class_="quiet",
    )


def _in_sentence(channel: str) -> str:
    title = CHANNELS[channel].title
    return title[0].lower() + title[1:]


def _breakdown(breakdown: Breakdown) -> Markup:
    total = sum(n for _, n in breakdown.rows)
    rows = (
        _row(joined(label, _bar(n / total if total else 0)), grouped(n))
        for label, n in breakdown.rows
    )
    foot = tag("tfoot", _row("Jumlah", grouped(total)))
    return tag("div", _table(breakdown.title, ("Kelompok", "Orang"), rows, foot))


def _follow_up(public: Publication) -> Iterable[Markup]:
    planned = [line for line in public.follow_up if line.counts]
    done = sum(line.done for line in planned)
    yield tag("p", f"{done} dari {len(planned)} rencana selesai.")
    names = {each.code: each.name for each in public.unsur}
    lines = (_plan_line(names.get(line.unsur, line.unsur), line) for line in public.follow_up)
    yield tag("ul", *lines, class_="plan")


def _plan_line(unsur: str, line: FollowUp) -> Markup:
    due = f" (tenggat {long_day(line.due)})" if line.due and not line.done else ""
    details = (
        line.description,
        f"Bukti: {line.evidence}" if line.evidence else "",
        f"Hambatan: {line.obstacle}" if line.obstacle else "",
    )
    return tag(
        "li",
        tag("b", unsur),
        tag("div", line.kegiatan, dir="auto"),
        tag("div", tag("b", FOLLOW_UP_STATUS[line.status]), due),
        *(tag("div", part, dir="auto") for part in details if part),
        *(
            tag("img", src=photo.name, alt=f"Foto: {line.kegiatan}", loading="lazy")
            for photo in line.photos
        ),
    )


def _foot(public: Publication) -> Markup:
    method = (
        f"Instrumen {public.instrument}. Nilai unsur adalah rata-rata jawaban yang terisi; IKM"
        " adalah jumlah nilai tertimbang dikalikan nilai konversi."
    )
    lines = [tag("p", method)]
    if public.locked_day:
        revision = f"revisi {public.revision}, sidik {public.fingerprint[:16]}"
        lines.append(tag("p", f"Terkunci {long_day(public.locked_day)}, {revision}."))
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
    if public.office.alamat:
        lines.append(tag("p", public.office.alamat, dir="auto"))
    return tag("footer", *lines)
