"""`python -m cli`: the commands; each imports what it needs when it runs, so all start fast."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from cli import usage
from office.exit_codes import REFUSED

app = usage.Commands(name="puas")


def print_version(wanted: bool) -> None:
    """The version that pyproject.toml names, on standard output."""
    if not wanted:
        return
    from office.version import version

    typer.echo(f"puas {version()}")
    raise typer.Exit


@app.callback()
def puas(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=print_version, is_eager=True, help="Cetak versi, lalu selesai."
        ),
    ] = False,
) -> None:
    """Survei Kepuasan Masyarakat lewat Telegram untuk kantor kecamatan."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # ✓ and – in whatever language the system is


ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Bawaannya config.toml di folder ini, bila ada."),
]

SHEET = typer.Option(metavar="NAMA", help="Lembar yang dibaca, bila beberapa berisi jawaban.")


@app.command()
def run(
    *,
    new_office: Annotated[
        bool,
        typer.Option(
            "--kantor-baru", help="Mulai dari basis data kosong walau berkas kunci sudah ada."
        ),
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Jalankan bot sampai dihentikan dengan Ctrl-C atau SIGTERM."""
    from bot.__main__ import run_until_stopped

    raise typer.Exit(run_until_stopped(config, new_office=new_office))


@app.command()
def check(*, config: ConfigFile = None) -> None:
    """Periksa konfigurasi, basis data, token dan grup; tidak mengubah apa pun."""
    from cli import check as checks
    from office import logs

    logs.set_up()
    raise typer.Exit(checks.run(config))


@app.command()
def key(
    *,
    new: Annotated[
        bool, typer.Option("--baru", help="Buat kunci baru, bila yang lama hilang selamanya.")
    ] = False,
    yes: Annotated[bool, typer.Option("--ya", help="Jangan bertanya dulu.")] = False,
    config: ConfigFile = None,
) -> None:
    """Ganti kunci rahasia yang hilang; sebelumnya dikatakan apa akibatnya."""
    from cli import key

    if not new:
        typer.echo("puas key: sebut --baru; kunci yang ada diperiksa dengan puas check.", err=True)
        raise typer.Exit(REFUSED)
    raise typer.Exit(key.replace(config, asked=not yes))


@app.command()
def replay(
    number: Annotated[
        int | None, typer.Argument(metavar="NOMOR", help="Yang mana; tanpa ini: daftarnya.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--semua", help="Semuanya, yang terlama dulu.")] = False,
    config: ConfigFile = None,
) -> None:
    """Proses lagi pesan yang disisihkan karena kesalahan program, setelah program diperbaiki."""
    from cli import replay as replays

    raise typer.Exit(replays.run(number, config, every=every))


@app.command()
def simulate(
    *, port: Annotated[int, typer.Option(metavar="N", help="Porta; 0: yang mana saja.")] = 8081
) -> None:
    """Jalankan tiruan Telegram saja, di komputer ini; alamatnya membuka halaman obrolan."""
    arguments = [sys.executable, "-m", "simulator", "--port", str(port)]
    os.execv(sys.executable, arguments)  # noqa: S606 # our own program, no shell wanted


@app.command()
def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tabulasi CSV, XLSX, XLS atau ODS.")],
    *,
    instrument: Annotated[
        str, typer.Option(metavar="KODE", help="Kode instrumen, atau berkas instrumen .toml.")
    ] = "skm-2017",
    bobot: Annotated[
        str, typer.Option(metavar="CARA", help="1/k (tepat), 0.11, 0.111, 0.071.")
    ] = "1/k",
    pembulatan: Annotated[
        str, typer.Option(metavar="CARA", help="tanpa, indeks2, nrr2 atau nrr2+indeks2.")
    ] = "tanpa",
    urutan: Annotated[
        str, typer.Option(metavar="CARA", help="Arti kolom u1, u2, …: peraturan atau formulir.")
    ] = "peraturan",
    lembar: Annotated[str | None, SHEET] = None,
    populasi: Annotated[
        int | None, typer.Option(metavar="N", help="Jumlah pengguna layanan pada periode itu.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Satu objek JSON.")] = False,
) -> None:
    """Hitung IKM dari tabulasi, satu baris satu responden, atau dari hasil yang tercetak."""
    from cli import score

    request = score.Request(
        file, instrument, bobot, pembulatan, urutan, lembar, populasi, as_json=as_json
    )
    raise typer.Exit(score.run(request))


@app.command("import")
def import_(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Isian kertas, CSV, XLSX, XLS atau ODS.")
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Periksa saja; tidak ada yang disimpan.")
    ] = False,
    lembar: Annotated[str | None, SHEET] = None,
    template: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tulis templat XLSX ke berkas ini.")
    ] = None,
    undo: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=2**31 - 1, help="Batalkan isian kertas bernomor ini."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Masukkan jawaban dari kuesioner kertas: semua barisnya, atau tidak satu pun."""
    from cli import import_

    if [file is not None, template is not None, undo is not None].count(True) != 1:
        typer.echo("puas import: sebut satu saja: FILE, --template FILE, atau --undo N.", err=True)
        raise typer.Exit(REFUSED)
    if file is not None:
        raise typer.Exit(import_.enter(file, config, dry=dry_run, sheet=lembar))
    if template is not None:
        raise typer.Exit(import_.template(template, config))
    raise typer.Exit(import_.undo(undo or 0, config))


@app.command()
def export(
    period: Annotated[
        str, typer.Argument(metavar="PERIODE", help="2026, 2026-S1, 2026-TW1, 2026-03.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help=".csv, .xlsx, atau .json.")],
    detailed: Annotated[
        bool, typer.Option("--rinci", help="Semua kolom: data pribadi; alasannya dicatat.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--alasan", metavar="TEKS", help="Untuk apa --rinci diperlukan.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Tulis jawaban periode terkunci, satu baris satu jawaban; saran di berkas sendiri."""
    from cli import export

    if detailed and not (reason or "").strip():
        if not sys.stdin.isatty():
            sys.stderr.write("puas export: --rinci memuat data pribadi; sebut --alasan TEKS.\n")
            raise typer.Exit(REFUSED)
        reason = typer.prompt("Berkas rinci memuat data pribadi. Untuk apa diperlukan")
    raise typer.Exit(export.run(period, out, config, reason if detailed else None))


@app.command()
def rekap(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Dari puas export --out NAMA.json.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Berkas .csv atau .xlsx.")],
    listed: Annotated[
        Path | None,
        typer.Option("--daftar", metavar="FILE", help="Nama unit yang diharapkan, satu per baris."),
    ] = None,
    instrument: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Bila unit memakai instrumen sendiri.")
    ] = None,
) -> None:
    """Gabungkan angka terkunci beberapa kantor menjadi satu tabel."""
    from cli import rekap

    raise typer.Exit(rekap.run(files, out, listed, instrument))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Berkas baru, SQLite.")],
    *,
    config: ConfigFile = None,
) -> None:
    """Cadangkan basis data ke satu berkas SQLite, selagi bot berjalan; tanpa kunci rahasia."""
    from cli import backup

    raise typer.Exit(backup.take(file, config))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Cadangan dari puas backup.")],
    *,
    config: ConfigFile = None,
) -> None:
    """Pulihkan cadangan ke basis data yang masih kosong, SQLite atau PostgreSQL."""
    from cli import backup

    raise typer.Exit(backup.restore(file, config))


plans = usage.Commands(help="Rencana kantor (sasaran, IKU, target) sebagai lembar kerja.")
app.add_typer(plans, name="plan")


@plans.command("export")
def plan_export(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Lembar kerja yang dibuat.")],
    *,
    year: Annotated[
        int | None,
        typer.Option(
            "--tahun", metavar="TAHUN", help="Rencana yang memuatnya; tanpa ini: tahun ini."
        ),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Tulis rencana satu periode ke lembar kerja."""
    from cli import plan

    raise typer.Exit(plan.export(file, year, config))


@plans.command("import")
def plan_import(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Lembar kerja XLSX atau ODS.")],
    *,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Katakan apa yang berubah, tanpa menyimpan.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Masukkan lembar kerja rencana: semuanya atau tidak sama sekali."""
    from cli import plan

    raise typer.Exit(plan.enter(file, config, dry=dry))


@app.command()
def report(
    period: Annotated[
        str, typer.Argument(metavar="PERIODE", help="2026-TW3, 2026-S1, 2026, 2026-03.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Tempat berkasnya.")],
    config: ConfigFile = None,
    prose: Annotated[
        Path | None,
        typer.Option("--naskah", metavar="FOLDER", help="Berisi laporan.toml atau laporan.docx."),
    ] = None,
    suggestions: Annotated[
        bool,
        typer.Option(
            "--saran", help="Muat juga isi saran yang dipilih Camat; baca dulu sebelum diedarkan."
        ),
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draf", help="Naskah laporan tanpa angka, sebelum periode dikunci.")
    ] = False,
) -> None:
    """Buat laporan, tabulasi, lembar publikasi dan halaman web satu periode."""
    from cli import report

    request = report.Request(period, out, config, prose, suggestions, draft)
    raise typer.Exit(report.run(request))


@app.command()
def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="Satu tahun kantor tanpa layar, lalu selesai.")
    ] = False,
    citizens: Annotated[int, typer.Option(metavar="N", min=0, help="Jumlah warga.")] = 40,
    seed: Annotated[int, typer.Option(metavar="S", help="Bibit undian pendapat warga.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Satu objek JSON.")] = False,
    port: Annotated[int, typer.Option(metavar="N", help="Porta simulator; 0: yang mana saja.")] = 0,
) -> None:
    """Coba tanpa token: simulator Telegram, bot, dan warga buatan di komputer ini."""
    from cli.demo import command

    raise typer.Exit(
        command.headless(citizens, seed, as_json=as_json)
        if headless
        else command.interactive(citizens, seed, port)
    )


if __name__ == "__main__":
    app(prog_name="puas")
