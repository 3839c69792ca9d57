"""Paper sheets: what a clerk may type, and the message for each mistake."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from scoring import instrument_file, paper, sheet
from scoring.paper import ImportContext, PaperError, Slip

SKM = instrument_file.named("skm-2017")
HEAD = ",".join(("no_slip", "tanggal", "jam", "layanan", "loket", *SKM.codes))
NINE = "3,3,3,4,3,3,4,4,3"
PEOPLE = ",jenis_kelamin,umur,pendidikan,pekerjaan"


def period_of(day: date) -> int:
    """The period of July to September is open; earlier periods are locked."""
    if day < date(2026, 7, 1):
        raise ValueError("periode 2026-TW2 sudah dikunci.")
    return 3


CONTEXT = ImportContext({"ktp-el": 1, "kk": 2}, {(1, "loket-1"): 7}, period_of, {(3, "0007")}, 5)


def read(*lines: str, head: str = HEAD) -> tuple[Slip, ...]:
    """The slips of a CSV."""
    return paper.read(sheet.parse("\n".join((head, *lines)).encode()), SKM, CONTEXT)


def error_message(*lines: str, head: str = HEAD) -> str:
    """The error message for the clerk."""
    with pytest.raises(PaperError) as refusal:
        read(*lines, head=head)
    return str(refusal.value)


def test_a_typed_slip_is_read() -> None:
    (slip,) = read(f"12,2026-07-08,08-12,KTP-el,Loket-1,{NINE}")
    assert slip == Slip(
        3, 1, 7, date(2026, 7, 8), "08-12", "0012", ("-",) * 4, (3, 3, 3, 4, 3, 3, 4, 4, 3), None
    )


@pytest.mark.parametrize(
    "written", ["2026-07-08", "08/07/2026", "8-7-2026", "8.7.2026", "2026-07-08T10:15:00"]
)
def test_a_date_may_be_written_in_several_formats(written: str) -> None:
    assert read(f",{written},,kk,,{NINE}")[0].tanggal == date(2026, 7, 8)


@pytest.mark.parametrize(
    ("written", "band"),
    [
        ("", None), ("13-17", "13-17"), ("08–12", "08-12"), ("Lain", "lain"), ("09:30", "08-12"),
        ("13.05", "13-17"), ("12:00:00", "lain"), ("2026-12-08", "08-12"), ("2026-08-12", "08-12"),
    ],
)  # fmt: skip
def test_hours_are_read_even_if_a_spreadsheet_turned_them_into_a_date(
    written: str, band: str | None
) -> None:
    assert read(f",2026-07-08,{written},kk,,{NINE}")[0].jam == band


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ("P,34,SMA,PNS", ("P", "26-35", "SMA", "PNS")),
        ("Laki-laki,17–25 tahun,d1-d4,Karyawan swasta", ("L", "17-25", "D1-D4", "swasta")),
        ("l,16,S1,petani", ("L", "<17", "S1", "lainnya")),
        ("perempuan,66,,Ibu rumah tangga", ("P", ">65", "-", "lainnya")),
    ],
)
def test_attributes_may_be_written_as_code_label_or_age(cells: str, codes: tuple[str, ...]) -> None:
    (slip,) = read(f",2026-07-08,,kk,,{NINE},{cells}", head=HEAD + PEOPLE)
    assert slip.attributes == codes


def test_a_workbook_with_date_and_number_cells_is_read_like_a_csv() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book_sheet = book.add_worksheet()
        book_sheet.write_row(0, 0, HEAD.split(","))
        book_sheet.write_row(1, 0, ["7a", "", "", "KK", "", 4, 4.0, "3,0", 3, 3, "", 2, 1, 4])
        book_sheet.write_datetime(1, 1, date(2026, 7, 8), book.add_format({"num_format": "d/m/yy"}))
    (slip,) = paper.read(sheet.parse(file.getvalue()), SKM, CONTEXT)
    assert (slip.tanggal, slip.number) == (date(2026, 7, 8), "7A")
    assert slip.answers == (4, 4, 3, 3, 3, None, 2, 1, 4)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"1,2026-06-30,,kk,,{NINE}", "kolom tanggal: periode 2026-TW2 sudah dikunci."),
        (f"1,31/06/2026,,kk,,{NINE}", 'kolom tanggal: "31/06/2026" bukan tanggal'),
        (f"1,,,kk,,{NINE}", "kolom tanggal: kosong"),
        (f"1,08/07/26,,kk,,{NINE}", 'kolom tanggal: "08/07/26" bukan tanggal'),
        (f"1,2026-07-08,25:00,kk,,{NINE}", 'kolom jam: "25:00" bukan jam'),
        (f"1,2026-07-08,,ktp-al,,{NINE}", "tidak dikenal, mungkin maksudnya ktp-el."),
        (f"1,2026-07-08,,,,{NINE}", "kolom layanan: kosong"),
        (f"1,2026-07-08,,kk,loket-1,{NINE}", 'tidak punya loket "loket-1"'),
        ("1,2026-07-08,,kk,,3,3,3,5,3,3,4,4,3", 'kolom BIAYA: "5" bukan nilai 1–4'),
        ("1,2026-07-08,,kk,,3,3,3,,,,,4,", "4 unsur terisi dengan benar; paling sedikit 5"),
        (f"7,2026-07-08,,kk,,{NINE}", "nomor 0007 sudah tercatat pada periode itu."),
        (f"a b,2026-07-08,,kk,,{NINE}", 'kolom no_slip: "a b" bukan nomor lembar'),
        ("1,2026-07-08,,kk,,3,3", "hanya 7 sel dari 14 kolom."),
        (f"1,2026-07-08,,kk,,{NINE},9", "15 sel, padahal ada 14 kolom"),
        ('1,2026-07-08,,kk,,=1+1,3,3,4,3,3,4,4,3', 'kolom PERSYARATAN: "=1+1" bukan nilai'),
    ],
)  # fmt: skip
def test_each_mistake_is_reported_with_its_row_and_column(line: str, sentence: str) -> None:
    message = error_message(f"2,2026-07-08,,kk,,{NINE}", line)
    assert message.startswith("Baris 3")
    assert sentence in message


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    message = error_message(f"1,besok,,kk,,{NINE}", f"1,2026-07-08,,kkk,,{NINE}").splitlines()
    assert [line.partition(":")[0] for line in message] == [
        "Baris 2, kolom tanggal",
        "Baris 3, kolom layanan",
    ]


def test_a_slip_number_used_twice_in_a_file_is_refused() -> None:
    slip = f"0012,2026-07-08,,kk,,{NINE}"
    assert error_message(slip, slip.replace("0012", "12")) == (
        "Baris 3, kolom no_slip: nomor 0012 sudah ada di baris 2."
    )


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (HEAD.replace("WAKTU", "waktuu"), 'Kolom "waktuu" tidak dikenal, mungkin maksudnya WAKTU.'),
        (HEAD.replace("tanggal", "no"), "Kolom yang tidak ada: tanggal."),
        (HEAD + ",WAKTU", "Kolom WAKTU ada 2 kali; sisakan satu."),
    ],
)
def test_invalid_headings_are_reported_with_the_required_ones(head: str, sentence: str) -> None:
    message = error_message(f"1,2026-07-08,,kk,,{NINE}", head=head)
    assert sentence in message
    assert "Yang wajib ada: tanggal, layanan, PERSYARATAN" in message


def test_a_sheet_without_answers_or_with_too_many_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert error_message() == "Tidak ada satu baris isian pun di bawah judul kolom."
    monkeypatch.setattr(paper, "MAX_ROWS", 1)
    lines = [f"{number},2026-07-08,,kk,,{NINE}" for number in (1, 2)]
    assert error_message(*lines) == "Lebih dari 1 baris; bagi menjadi beberapa berkas."


def test_mistakes_beyond_the_limit_are_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "MAX_LISTED", 2)
    message = error_message(
        *[f"{number},besok,,kk,,{NINE}" for number in range(20, 25)]
    ).splitlines()
    assert message[2:] == ["… dan 3 masalah lain."]
