"""What an office makes public: sums that hold, groups that hide, and the sheet of one page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import page, public, publication
from reports.papers import Breakdown, Papers, ResponseRow
from reports.public import REST, TotalsError
from scoring.ikm import Mode, score, tally_of
from tests.reports import sample
from tests.reports.looked import edges_are_white, made, opened, page_of, words_of
from tests.reports.sample import HOSTILE, SKM, SKM_2004

SEXES = (("Laki-laki", 70), ("Perempuan", 60), ("Tidak menjawab", 12))


def divided(attribute: str, *rows: tuple[str, int]) -> Papers:
    """The sample's papers of 142, with one breakdown of our own."""
    papers = sample.papers()
    others = (each for each in papers.respondents if each.attribute != attribute)
    return replace(papers, respondents=(Breakdown(attribute, attribute, rows), *others))


def shown(papers: Papers, attribute: str) -> dict[str, int]:
    """A breakdown as it goes public."""
    found = {each.attribute: dict(each.rows) for each in public.of(papers).respondents}
    return found[attribute]


def answering(*rows: tuple[int | None, ...]) -> Papers:
    return sample.papers(tuple(ResponseRow("KTP-el", "telegram", row) for row in rows))


def test_men_women_and_those_who_declined_are_all_respondents() -> None:
    assert shown(divided("jenis_kelamin", *SEXES), "jenis_kelamin") == dict(SEXES)


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
def test_respondents_that_do_not_add_up_are_refused(
    attribute: str, rows: tuple[tuple[str, int], ...]
) -> None:
    papers = divided(attribute, *rows)

    for publish in (publication.sheet_pdf, publication.sheet_png, public.of):
        with pytest.raises(TotalsError, match="142 responden"):
            publish(papers)


def test_a_breakdown_that_was_forgotten_is_refused() -> None:
    papers = sample.papers()

    with pytest.raises(TotalsError, match="pendidikan tidak ada"):
        public.of(replace(papers, respondents=papers.respondents[:2]))


def test_channels_and_services_must_add_up_too() -> None:
    papers = sample.papers()

    with pytest.raises(TotalsError, match="kanal"):
        public.of(replace(papers, channels={"telegram": 141}))
    with pytest.raises(TotalsError, match="layanan"):
        public.of(replace(papers, services=papers.services * 2))


@pytest.mark.parametrize(
    ("rows", "public_rows"),
    [
        ((("SD", 130), ("S2", 3), ("S3", 2), ("D", 7)), {"SD": 130, "D": 7, REST: 5}),
        ((("SD", 130), ("S2", 3), ("S3", 0), ("D", 9)), {"SD": 130, "S3": 0, REST: 12}),
        ((("SD", 139), ("S2", 3)), {REST: 142}),
        ((("SD", 140), ("Tidak menjawab", 2)), {"SD": 140, "Tidak menjawab": 2}),
        ((("SD", 138), ("S3", 2), ("Tidak menjawab", 2)), {REST: 140, "Tidak menjawab": 2}),
    ],
)
def test_fewer_than_five_people_are_never_a_group_of_their_own(
    rows: tuple[tuple[str, int], ...], public_rows: dict[str, int]
) -> None:
    assert shown(divided("pendidikan", *rows), "pendidikan") == public_rows


def test_of_four_respondents_nothing_is_told_but_their_number() -> None:
    facts = public.of(answering(*[(4,) * 9] * 4))

    assert facts.missing == "Baru 4 responden; terlalu sedikit untuk menyebut angka."
    assert (facts.ikm, facts.mutu, facts.services, facts.respondents) == (None, None, (), ())
    assert all(unsur.nrr is None for unsur in facts.unsur)
    assert [point.label for point in facts.trend][-1] == "TW II 2026"


def test_an_office_that_tells_nothing_of_fewer_than_ten_publishes_nothing_of_fewer() -> None:
    papers = replace(divided("pendidikan", ("SD", 130), ("S2", 7), ("S3", 5)), least=10)
    alone = replace(answering(*[(4,) * 9] * 9), least=10)

    assert shown(papers, "pendidikan") == {"SD": 130, REST: 12}
    assert public.of(alone).missing == "Baru 9 responden; terlalu sedikit untuk menyebut angka."
    assert "Kelompok di bawah 10 orang" in page.index_html(public.of(papers)).decode()


def test_an_unsur_that_four_answered_is_hidden_and_one_more_so_that_it_stays_so() -> None:
    facts = public.of(
        answering(*[(3,) * 9] * 4, *[(None, *(3,) * 7, None)] * 1, *[(3,) * 8 + (None,)] * 2)
    )

    assert [unsur.nrr for unsur in facts.unsur] == [None, *[Decimal("3.000")] * 7, None]
    assert (facts.unsur[8].mutu, facts.unsur[8].nik) == (None, None)


def test_an_unsur_that_nobody_answered_leaves_no_index() -> None:
    facts = public.of(answering(*[(3,) * 8 + (None,)] * 6))

    assert facts.ikm is None
    assert "belum dapat dihitung" in facts.missing


def test_a_service_that_may_not_be_shown_is_not() -> None:
    papers = sample.papers()
    hidden = replace(papers.services[0], shown=False)
    papers = replace(papers, services=(hidden, *papers.services[1:]))

    assert hidden.name not in {service.name for service in public.of(papers).services}


def test_a_service_of_four_cannot_be_told_from_the_total_either() -> None:
    rows = sample.drawn(n=142)
    rows = tuple(
        replace(row, service="KTP-el" if at < 90 else "Legalisasi" if at < 138 else "Ahli waris")
        for at, row in enumerate(rows)
    )
    papers = replace(sample.papers(rows), services=sample._services(SKM, rows))

    assert [each.score.n for each in papers.services] == [90, 48, 4]
    assert [each.n for each in public.of(papers).services] == [90]


@pytest.mark.parametrize(("repeats", "told"), [(4, None), (5, Decimal("85.00"))])
def test_the_index_without_repeats_tells_nobodys_answers(
    repeats: int, told: Decimal | None
) -> None:
    papers = sample.papers()
    without = replace(papers.score, ikm=Decimal("85.00"))

    facts = public.of(replace(papers, repeats=repeats, score_without_repeats=without))

    assert facts.ikm_without_repeats == told


def test_another_way_of_calculating_is_named_beside_the_number() -> None:
    rows = [dict.fromkeys(SKM.codes, 4)] * 8
    rounded = score(SKM, tally_of(SKM, rows), Mode(bobot="0.11"))
    papers = replace(answering(*[(4,) * 9] * 8), score=rounded)

    facts = public.of(papers)

    assert facts.ikm == Decimal("99.00")
    assert facts.remarks[0] == "Cara hitung: bobot 0,11, pembulatan tanpa."


def test_typed_texts_lose_what_could_disturb_a_page() -> None:
    assert public.plain("a\x00\ud800b \n\t c") == "ab c"
    assert public.plain("\u202eمرحبا\u202c Pakong 😀") == "مرحبا Pakong 😀"
    assert public.plain("x" * 4000, 120) == "x" * 119 + "…"


def test_the_sheet_says_what_the_regulation_asks_for() -> None:
    office = replace(sample.OFFICE, kepala="Sumarni, S.Sos.", nip="19700101 199001 2 001")
    papers = replace(
        divided("jenis_kelamin", *SEXES),
        office=office,
        locked_at=datetime(2026, 10, 8, 1, tzinfo=UTC),
    )

    words = words_of(publication.sheet_pdf(papers))

    for said in (
        "NILAI IKM", "85,72", "B", "Baik", "KTP-el", "RESPONDEN", "142 orang", "Laki-laki 70",
        "Perempuan 60", "Tidak menjawab 12", "SMA", "1 Jul–30 Sep 2026", "Terima kasih",
        "Pakong, 8 Oktober 2026", "Camat Pakong", "Sumarni, S.Sos.", "NIP 19700101 199001 2 001",
    ):  # fmt: skip
        assert said in words
    assert "SEMENTARA" not in words


def test_the_sheet_of_an_open_period_says_that_it_is_provisional() -> None:
    pdf = publication.sheet_pdf(sample.unlocked(sample.papers()))

    assert "SEMENTARA" in words_of(pdf)
    assert made(pdf) is None


@pytest.mark.parametrize("draw", [publication.sheet_pdf, publication.sheet_png])
def test_a_locked_period_gives_the_same_sheet_again(draw: Callable[[Papers], bytes]) -> None:
    assert draw(sample.papers()) == draw(sample.papers())


def test_the_locked_sheet_is_an_archive_pdf_made_at_the_lock() -> None:
    pdf = publication.sheet_pdf(sample.papers())

    assert b"pdfaid:part" in pdf
    assert made(pdf) == sample.papers().locked_at


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_was_typed_the_sheet_stays_one_page_inside_its_margins(
    text: str, tmp_path: Path
) -> None:
    pdf = publication.sheet_pdf(sample.hostile(text))

    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert edges_are_white(page_of(pdf, tmp_path), 40)


@pytest.mark.parametrize("count", [0, 3, 5, 142])
@pytest.mark.parametrize("used", [SKM, SKM_2004])
def test_a_sheet_of_any_number_of_responses_is_drawn(count: int, used: object) -> None:
    rows = sample.drawn(used, count)  # type: ignore[arg-type] # one of the shipped instruments

    assert opened(publication.sheet_png(sample.papers(rows, used))).size == (1240, 1754)  # type: ignore[arg-type] # the same


def test_many_services_still_fit() -> None:
    papers = sample.papers()
    named = tuple(
        replace(papers.services[-1], name=f"Layanan yang bernama panjang nomor {at}")
        for at in range(27)
    )

    words = words_of(publication.sheet_pdf(replace(papers, services=named)))

    assert "dan 18 layanan lain" in words
