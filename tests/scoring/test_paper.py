"""Paper sheets: what a clerk may type, and the message for each mistake."""

import re
from datetime import date, time
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring import instrument_file, paper, sheet_file
from scoring.paper import ImportContext, Slip
from scoring.table import TableError

SKM = instrument_file.named("skm-2017")
HEAD = ",".join(("no_slip", "tanggal", "jam", "layanan", "loket", *SKM.codes))
NINE = "3,3,3,4,3,3,4,4,3"
COLUMNS = [
    *("tanggal", "jam", "layanan", "PERSYARATAN", "SARANA"),
    *("jenis_kelamin", "umur", "pendidikan", "pekerjaan"),
]
PEOPLE = ",jenis_kelamin,umur,pendidikan,pekerjaan"


def period_of(day: date) -> int:
    """The period of July to September is open; earlier periods are locked."""
    if day < date(2026, 7, 1):
        raise ValueError("periode 2026-TW2 sudah dikunci.")
    return 3


CONTEXT = ImportContext({"ktp-el": 1, "kk": 2}, {(1, "loket-1"): 7}, period_of, {(3, "0007")}, 5)


def read(*lines: str, head: str = HEAD) -> tuple[Slip, ...]:
    """The slips of a CSV."""
    return paper.read(sheet_file.parse("\n".join((head, *lines)).encode()), SKM, CONTEXT).slips


def error_message(*lines: str, head: str = HEAD) -> str:
    """The error message for the clerk."""
    with pytest.raises(TableError) as refusal:
        read(*lines, head=head)
    return str(refusal.value)


def test_a_typed_slip_is_read() -> None:
    (slip,) = read(f"12,2026-07-08,08-12,KTP-el,Loket-1,{NINE}")
    assert slip == Slip(
        3, 1, 7, date(2026, 7, 8), "08-12", "0012", ("-",) * 4, (3, 3, 3, 4, 3, 3, 4, 4, 3), None
    )


@pytest.mark.parametrize(
    "written",
    [
        *("2026-07-08", "08/07/2026", "8-7-2026", "8.7.2026", "2026-07-08T10:15:00", "08/07/26"),
        *("8 Juli 2026", "Rabu 8 Jul 26", "8/7/2026 10.15 WIB", "46211", "46211.43"),
    ],
)
def test_a_date_may_be_written_in_several_formats(written: str) -> None:
    assert read(f",{written},,kk,,{NINE}")[0].tanggal == date(2026, 7, 8)


@pytest.mark.parametrize(
    ("written", "band"),
    [
        ("", None), ("13-17", "13-17"), ("08–12", "08-12"), ("Lain", "lain"), ("09:30", "08-12"),
        ("13.05", "13-17"), ("12:00:00", "lain"), ("2026-12-08", "08-12"), ("2026-08-12", "08-12"),
        ("08-Des", "08-12"), ("12-Agu", "08-12"), ("08/12/2026", "08-12"), ("-", None),
        ("2026-12-08T00:00:00", "08-12"), ("2026-07-08T09:30:00", "08-12"), ("1 PM", "13-17"),
        ("08.00-12.00 WIB", "08-12"), ("7/8/2026 13.30", "13-17"),
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
        ("l,17,S1,petani", ("L", "17-25", "S1", "lainnya")),
        ("perempuan,66,,Ibu rumah tangga", ("P", ">65", "-", "lainnya")),
        ("Pr,34 thn,SLTA/SMK,ASN", ("P", "26-35", "SMA", "PNS")),
        ("Lk.,26 s/d 35,Diploma III,Wiraswasta", ("L", "26-35", "D1-D4", "wirausaha")),
        ("–,di atas 65,Sarjana (S1),pelajar/mahasiswa", ("-", ">65", "S1", "lainnya")),
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
    (slip,) = paper.read(sheet_file.parse(file.getvalue()), SKM, CONTEXT).slips
    assert (slip.tanggal, slip.number) == (date(2026, 7, 8), "7A")
    assert slip.answers == (4, 4, 3, 3, 3, None, 2, 1, 4)


def test_a_workbook_whose_cells_lost_their_formats_is_read() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book_sheet = book.add_worksheet()
        book_sheet.write_row(0, 0, (HEAD + PEOPLE).split(","))
        for row, day in enumerate((46211, 46211.43, "8 Juli 2026"), 1):
            book_sheet.write_row(row, 0, [float(row), day, 0.375, "KK", ""])
            book_sheet.write_row(row, 5, [3, 3, 3, 4, 3, 3, 4, 4, 3, "Lk", 34, "SLTA", "ASN"])
        book_sheet.write_datetime(2, 2, time(13, 5), book.add_format({"num_format": "hh:mm"}))
    slips = paper.read(sheet_file.parse(file.getvalue()), SKM, CONTEXT).slips
    assert {slip.tanggal for slip in slips} == {date(2026, 7, 8)}
    assert [slip.jam for slip in slips] == ["08-12", "13-17", "08-12"]
    assert [slip.number for slip in slips] == ["0001", "0002", "0003"]
    assert {slip.attributes for slip in slips} == {("L", "26-35", "SMA", "PNS")}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"1,2026-06-30,,kk,,{NINE}", "kolom tanggal: periode 2026-TW2 sudah dikunci."),
        (f"1,31/06/2026,,kk,,{NINE}", 'kolom tanggal: "31/06/2026" bukan tanggal'),
        (f"1,,,kk,,{NINE}", "kolom tanggal: kosong"),
        (f"1,07/15/2026,,kk,,{NINE}", 'kolom tanggal: "07/15/2026" bukan tanggal'),
        (f"1,Senin 8/7/26,,kk,,{NINE}", '"Senin 8/7/26" hari Senin, padahal 8 Juli 2026 hari Rabu'),
        (f"1,2026-07-08,08.00-15.00,kk,,{NINE}", 'kolom jam: "08.00-15.00" bukan jam'),
        (f"1,2026-07-08,1.30,kk,,{NINE}", "lewat tengah hari 13:30"),
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


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("jenis_kelamin", "L/P", '"L/P" tidak dikenal; pilihannya: L, P.'),
        ("umur", "25-34", "46-55, 56-65, >65, atau umur dalam tahun."),
        ("pendidikan", "S1/S2", "pilihannya: tidak-tamat-SD, SD, SMP, SMA, D1-D4, S1, S2, S3."),
        ("umur", "16 th", '"16 th" tidak dicatat di kantor ini (survey.sensitive); kosongkan.'),
        ("umur", "Di bawah 17 tahun", "tidak dicatat di kantor ini"),
        ("pekerjaan", "guru", '"guru" tidak dikenal; pilihannya: PNS, PPPK, TNI'),
    ],
)
def test_an_answer_about_the_respondent_is_never_guessed(
    column: str, cell: str, sentence: str
) -> None:
    cells = ",".join(cell if name == column else "" for name in PEOPLE.split(",")[1:])
    message = error_message(f"1,2026-07-08,,kk,,{NINE},{cells}", head=HEAD + PEOPLE)
    assert message.startswith(f"Baris 2, kolom {column}: ")
    assert sentence in message


@pytest.mark.slow
@given(st.data(), st.sampled_from(COLUMNS), st.integers(0, 4), st.integers(0, 3))
def test_nonsense_is_refused_with_the_row_of_the_file_and_the_column(
    data: st.DataObject, column: str, above: int, blank: int
) -> None:
    nonsense = data.draw(st.text("bcfghjkqvxyz%&?!", min_size=2, max_size=12))
    assume(nonsense != "kk")  # a service
    cells = {"tanggal": "2026-07-08", "layanan": "kk"}
    cells |= dict(zip(SKM.codes, NINE.split(","), strict=True))
    head = ",".join(paper.columns(SKM))
    good = ",".join(cells.get(name, "") for name in head.split(","))
    bad = ",".join((cells | {column: nonsense}).get(name, "") for name in head.split(","))
    message = error_message(*[good] * above, *[""] * blank, bad, good, head=head)
    assert message.startswith(f"Baris {2 + above + blank}, kolom {column}: ")


def test_dashes_mean_an_empty_cell() -> None:
    slips = read(*[f"-,2026-07-08,–,kk,,{NINE},--"] * 2, head=HEAD + ",saran")
    assert [(slip.number, slip.jam, slip.saran) for slip in slips] == [(None, None, None)] * 2


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
        (HEAD.replace("WAKTU", "waktuu"), 'Kolom "waktuu" mungkin maksudnya WAKTU.'),
        (HEAD.replace("tanggal", "no"), "Kolom yang tidak ada: tanggal."),
        (HEAD + ",WAKTU", 'Kolom WAKTU ada 2 kali ("WAKTU", "WAKTU"); sisakan satu.'),
        (HEAD + ",jam", "Kolom jam ada 2 kali; sisakan satu."),
        (re.sub("PENGADUAN,SARANA", "u8,u9", HEAD), "Kolom u8 dan u9 tidak jelas unsurnya"),
    ],
)
def test_invalid_headings_are_reported_with_the_required_ones(head: str, sentence: str) -> None:
    message = error_message(f"1,2026-07-08,,kk,,{NINE}", head=head)
    assert sentence in message
    assert "Judul kolom" in message


def test_headings_may_be_those_of_an_office_and_stand_below_a_title() -> None:
    names = ",".join(f'"{item.name["id"]}"' for item in SKM.items)
    head = f"ISIAN KERTAS,,\n\nNomor slip,Tgl survei,Jenis layanan,{names},Usia,Alamat"
    data = "\n".join(
        (head, f"9,2026-07-08,KK,{NINE},34,Pakong", f"Jumlah,,,{NINE},,", "8,2026-07-08")
    )
    result = paper.read(sheet_file.parse((data + "," * 12).encode()), SKM, CONTEXT)
    assert [(slip.number, slip.service_id) for slip in result.slips] == [("0009", 2)]
    assert result.notes == (
        "Dibaca: judul kolom di baris 3.",
        "Tidak dihitung: 1 baris jumlah, rata-rata, atau hitungan lain (baris 5).",
        "Tidak dihitung: 1 baris tulisan tanpa jawaban (baris 6).",
        'Kolom yang tidak dipakai: "Alamat".',
    )


def test_answers_may_be_the_labels_of_the_form() -> None:
    words = ",".join(f'"{item.mudah["id"].labels[2]}"' for item in SKM.items)
    assert read(f"12,2026-07-08,,kk,,{words}")[0].answers == (3,) * 9


def test_a_row_with_only_a_suggestion_is_no_prepared_row() -> None:
    head = HEAD + ",saran"
    assert "0 unsur terisi" in error_message(f"1,2026-07-08,,kk,,{',' * 8},kursi", head=head)
    (slip,) = read(f"1,2026-07-08,,kk,,{NINE},", f"2,2026-07-08,,kk,,{',' * 8},", head=head)
    assert slip.number == "0001"


def test_the_place_of_a_mistake_in_a_workbook_has_sheet_and_column() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Kode").write(0, 0, "kode")
        entry = book.add_worksheet("Isian")
        entry.write_row(0, 0, HEAD.split(","))
        entry.write_row(1, 0, ["1", "besok", "", "kk", "", *[3] * 8, 9])
    with pytest.raises(TableError) as refusal:
        paper.read(sheet_file.parse(file.getvalue()), SKM, CONTEXT)
    assert [line.partition(": ")[0] for line in refusal.value.lines] == [
        'Lembar "Isian", baris 2, kolom B, tanggal',
        'Lembar "Isian", baris 2, kolom N, SARANA',
    ]


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
