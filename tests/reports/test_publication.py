"""The public figures: totals that agree, and the one-page sheet."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.papers import Breakdown, Papers, PapersError
from reports.publication import public_figures, publication_sheet, web_page
from scoring.ikm import Mode, score, tally_of
from tests.reports import sample
from tests.reports.rendered import (
    creation_date,
    decoded,
    edges_are_white,
    page_image,
    rendered_anew,
    text_of,
)
from tests.reports.sample import HOSTILE_JOINED, SKM, SKM_2004

SEXES = (("Laki-laki", 70), ("Perempuan", 60), ("Tidak menjawab", 12))


def with_breakdown(attribute: str, *rows: tuple[str, int]) -> Papers:
    """The sample's papers of 142 responses, with these rows in one breakdown."""
    papers = sample.papers()
    others = (each for each in papers.respondents if each.attribute != attribute)
    return replace(papers, respondents=(Breakdown(attribute, attribute, rows), *others))


def public_breakdown(papers: Papers, attribute: str) -> dict[str, int]:
    """A breakdown as it is published."""
    public = public_figures.publication(papers)
    return {each.attribute: dict(each.rows) for each in public.respondents}[attribute]


def with_answers(*rows: tuple[int | None, ...]) -> Papers:
    return sample.papers(tuple(sample.ResponseRow("KTP-el", "telegram", row) for row in rows))


def test_those_who_declined_to_answer_count_as_respondents() -> None:
    assert public_breakdown(with_breakdown("jenis_kelamin", *SEXES), "jenis_kelamin") == dict(SEXES)


@pytest.mark.parametrize(
    ("attribute", "rows"),
    [
        ("jenis_kelamin", SEXES[:2]),
        ("jenis_kelamin", (*SEXES, ("Lain", 1))),
        ("pendidikan", (("SD", 0), ("SMP", 0))),
        ("pendidikan", (("SD", 150), ("SMP", -8))),
        ("umur", (("17–25 tahun", 141),)),
    ],
)
def test_a_breakdown_with_a_wrong_total_is_refused(
    attribute: str, rows: tuple[tuple[str, int], ...]
) -> None:
    papers = with_breakdown(attribute, *rows)

    for publish in (
        publication_sheet.sheet_pdf,
        publication_sheet.sheet_png,
        public_figures.publication,
    ):
        with pytest.raises(PapersError, match="142 responden"):
            publish(papers)


def test_papers_without_a_required_breakdown_are_refused() -> None:
    papers = sample.papers()

    with pytest.raises(PapersError, match="Pendidikan: rinciannya tidak ada"):
        public_figures.publication(replace(papers, respondents=papers.respondents[:2]))


def test_channels_and_services_with_a_wrong_total_are_refused() -> None:
    papers = sample.papers()

    with pytest.raises(PapersError, match="cara mengisi: 141"):
        public_figures.publication(replace(papers, channels={"telegram": 141}))
    with pytest.raises(PapersError, match="layanan: 284"):
        public_figures.publication(replace(papers, services=papers.services * 2))


def test_an_unsur_that_nobody_answered_leaves_no_index() -> None:
    public = public_figures.publication(with_answers(*[(3,) * 8 + (None,)] * 6))

    assert public.ikm is None
    assert "belum dapat dihitung" in public.missing


def test_answers_that_are_too_few_leave_their_number_alone() -> None:
    papers = replace(sample.papers([]), received=4, respondents=())

    public = public_figures.publication(papers)

    assert public.missing == "Baru 4 responden; terlalu sedikit untuk menyebut angka."
    assert (public.ikm, public.mutu, public.services, public.respondents) == (None, None, (), ())


def test_a_service_says_how_many_of_its_responses_its_figure_holds() -> None:
    papers = sample.papers()
    first, *others = papers.services
    papers = replace(papers, services=(replace(first, received=first.score.n + 3), *others))

    text = text_of(publication_sheet.sheet_pdf(papers))
    page = web_page.index_html(public_figures.publication(papers)).decode()

    assert f"({first.score.n} dari {first.score.n + 3})" in text
    assert f"{first.score.n} dari {first.score.n + 3}" in page


def test_the_ikm_without_repeats_is_published_where_it_exists() -> None:
    papers = replace(sample.papers(), repeats=7)

    without = public_figures.publication(papers).ikm_without_repeats
    scored = replace(papers, score_without_repeats=replace(papers.score, ikm=Decimal("85.00")))

    assert without is None
    assert public_figures.publication(scored).ikm_without_repeats == Decimal("85.00")


def test_a_year_prints_the_ikm_of_the_offices_rule_and_names_the_rule() -> None:
    papers = replace(
        sample.papers(label="2026"),
        periods=tuple(sample.quarter(number) for number in (1, 2, 3, 4)),
        method="rerata_periode",
        ikm=Decimal("79.50"),
    )

    public = public_figures.publication(papers)

    assert public.ikm == Decimal("79.50")
    quarters = ", ".join(f"Triwulan {part} 2026" for part in ("I", "II", "III", "IV"))
    assert f"Rerata periode dari {quarters}." in public.remarks


def test_another_mode_of_calculation_is_named_beside_the_ikm() -> None:
    rows = [dict.fromkeys(SKM.codes, 4)] * 8
    rounded = score(SKM, tally_of(SKM, rows), Mode(bobot="0.11"))
    papers = replace(with_answers(*[(4,) * 9] * 8), score=rounded, ikm=rounded.ikm)

    public = public_figures.publication(papers)

    assert public.ikm == Decimal("99.00")
    assert public.remarks[0] == "Cara hitung: bobot 0,11, pembulatan tanpa."


def test_control_and_direction_characters_are_removed_from_typed_texts() -> None:
    assert public_figures.public_text("a\x00\ud800b \n\t c") == "ab c"
    assert public_figures.public_text("\u202eمرحبا\u202c Pakong 😀") == "مرحبا Pakong 😀"
    assert public_figures.public_text("x" * 4000, 120) == "x" * 119 + "…"


def test_the_sheet_has_all_that_the_regulation_requires() -> None:
    office = replace(sample.OFFICE, kepala="Sumarni, S.Sos.", nip="19700101 199001 2 001")
    papers = replace(
        with_breakdown("jenis_kelamin", *SEXES),
        office=office,
        locked_at=datetime(2026, 10, 8, 1, tzinfo=UTC),
    )

    text = text_of(publication_sheet.sheet_pdf(papers))

    for expected in (
        "NILAI IKM", "85,72", "B", "Baik", "KTP-el", "RESPONDEN", "142 orang", "Laki-laki 70",
        "Perempuan 60", "Tidak menjawab 12", "SMA", "1 Jul–30 Sep 2026", "Terima kasih",
        "Ditetapkan di Pakong pada tanggal 8 Oktober 2026", "Camat Pakong", "Sumarni, S.Sos.",
        "NIP 19700101 199001 2 001",
    ):  # fmt: skip
        assert expected in text
    assert "BELUM LENGKAP" not in text


def test_the_sheet_of_an_unfinished_year_is_marked_and_has_no_date_to_sign() -> None:
    text = text_of(publication_sheet.sheet_pdf(sample.incomplete()))

    assert "BELUM LENGKAP" in text
    assert "Gabungan dari Triwulan III 2026." in text
    assert "Oktober 2026" not in text


@pytest.mark.parametrize("draw", [publication_sheet.sheet_pdf, publication_sheet.sheet_png])
def test_a_locked_period_always_gives_the_same_sheet(draw: Callable[[Papers], bytes]) -> None:
    assert draw(sample.papers()) == rendered_anew(lambda: draw(sample.papers()))


def test_the_locked_sheet_is_pdf_a_with_the_date_of_the_lock() -> None:
    pdf = publication_sheet.sheet_pdf(sample.papers())

    assert b"pdfaid:part" in pdf
    assert creation_date(pdf) == sample.papers().locked_at


@pytest.mark.process
@pytest.mark.parametrize("text", HOSTILE_JOINED)
def test_the_sheet_with_any_typed_text_has_one_page_and_empty_margins(
    text: str, tmp_path: Path
) -> None:
    pdf = publication_sheet.sheet_pdf(sample.hostile(text))

    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert edges_are_white(page_image(pdf, tmp_path), 40)


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 3, 5, 142])
@pytest.mark.parametrize("used", [SKM, SKM_2004])
def test_a_sheet_of_any_number_of_responses_is_drawn(count: int, used: object) -> None:
    rows = sample.random_rows(used, count)  # type: ignore[arg-type] # one of the shipped instruments

    assert decoded(publication_sheet.sheet_png(sample.papers(rows, used))).size == (1240, 1754)  # type: ignore[arg-type] # the same


def test_a_sheet_with_many_services_counts_those_that_do_not_fit() -> None:
    papers = sample.papers()
    services = tuple(
        replace(
            papers.services[-1],
            name=f"Layanan yang bernama panjang nomor {number}",
            score=replace(papers.services[-1].score, n=5 if number else 12),
        )
        for number in range(27)
    )

    text = text_of(publication_sheet.sheet_pdf(replace(papers, services=services)))

    assert "dan 18 layanan lain" in text
