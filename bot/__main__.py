"""`python -m bot`: the commands; each imports what it needs when it runs, so all start fast."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="puas",
    help="Survei Kepuasan Masyarakat lewat Telegram untuk kantor kecamatan.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def print_version(wanted: bool) -> None:
    """The version that pyproject.toml names, on standard output."""
    if not wanted:
        return
    import tomllib

    text = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    typer.echo(f"puas {tomllib.loads(text)['project']['version']}")
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


@app.command()
def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tabulasi CSV atau XLSX.")],
    *,
    instrument: Annotated[
        str, typer.Option(help="Kode instrumen, atau berkas instrumen .toml.")
    ] = "skm-2017",
    bobot: Annotated[str, typer.Option(help="1/k (tepat), 0.11, 0.111, 0.071.")] = "1/k",
    pembulatan: Annotated[str, typer.Option(help="tanpa, indeks2 atau nrr2.")] = "tanpa",
    urutan: Annotated[
        str, typer.Option(help="Arti kolom u1, u2, …: peraturan atau formulir.")
    ] = "peraturan",
    populasi: Annotated[
        int | None, typer.Option(metavar="N", help="Jumlah pengguna layanan pada periode itu.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Satu objek JSON.")] = False,
) -> None:
    """Hitung IKM dari berkas CSV atau XLSX, satu baris satu responden."""
    from bot import score_command

    request = score_command.Request(
        file, instrument, bobot, pembulatan, urutan, populasi, as_json=as_json
    )
    raise typer.Exit(score_command.run(request))


if __name__ == "__main__":
    app(prog_name="puas")
