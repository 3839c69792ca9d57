"""Help and usage errors of the commands in Indonesian; typer's own words are English."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from office.exit_codes import REFUSED

# What typer and pydantic say of an argument, and the words for it.
PHRASES = {
    "Missing argument": "belum disebut:",
    "Missing option": "belum disebut:",
    "Missing command.": "perintahnya belum disebut.",
    "No such command": "tidak ada perintah",
    "Did you mean": "Maksud Anda",
    "No such option:": "tidak ada opsi",
    "Possible options:": "mungkin:",
    "does not take a value": "tidak memakai nilai",
    "requires an argument": "memerlukan nilai",
    "Got unexpected extra argument(s)": "terlalu banyak argumen:",
    "Invalid value for": "nilai yang salah untuk",
    "Input should be a valid integer, unable to parse string as an integer": "bukan bilangan bulat",
    "Unable to parse input string as an integer, exceeded maximum size": "terlalu panjang",
    "Input should be greater than or equal to": "paling sedikit",
    "Input should be less than or equal to": "paling banyak",
    "Option '": "opsi '",
}


class _Help:
    """The help of a command or a group: usage, what it does, arguments, options, commands."""

    def format_usage(self: Any, ctx: Any, formatter: Any) -> None:
        """The line of the arguments and options that are required."""
        formatter.write_usage(ctx.command_path, " ".join(_usage(self, ctx)), "Cara pakai: ")

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:
        """The tables of arguments, options and commands."""
        known = self.get_params(ctx)
        arguments = [each for each in known if isinstance(each, TyperArgument)]
        options = [each for each in known if not isinstance(each, TyperArgument)]
        commands = self.commands if isinstance(self, TyperGroup) else {}
        for title, rows in (
            ("Argumen", [(_label(each), each.help) for each in arguments]),
            ("Opsi", [(_label(each), _described(each)) for each in options]),
            ("Perintah", [(name, command.help) for name, command in commands.items()]),
        ):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def get_help_option(self, ctx: Any) -> Any:
        """The option `--help`, with its text."""
        option = super().get_help_option(ctx)  # type: ignore[misc] # a command's, which this is mixed into
        option.help = "Tampilkan bantuan ini."
        return option


class _Command(_Help, TyperCommand):
    pass


class _Group(_Help, TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(REFUSED)
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **options: Any) -> Any:
        try:
            sys.exit(super().main(*args, **options | {"standalone_mode": False}))
        except typer.TyperException as error:
            _refuse(error)
        except typer.Abort:
            sys.exit("puas: dibatalkan.")


class Commands(typer.Typer):
    """A group of commands that speaks Indonesian."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            cls=_Group,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
            **settings,
        )

    def command(self, *args: Any, **settings: Any) -> Callable[[Any], Any]:
        """Declare a command of the group."""
        return super().command(*args, cls=_Command, **settings)


def _refuse(error: typer.TyperException) -> NoReturn:
    """Print what is wrong and where the help is; end with the code of a usage error."""
    sentence = error.format_message()
    for english, words in PHRASES.items():
        sentence = sentence.replace(english, words)
    if not sentence.endswith((".", "?")):
        sentence += "."
    ctx = getattr(error, "ctx", None)  # an option with a wrong value lacks it
    path = ctx.command_path if ctx else "puas"
    usage = f"{ctx.get_usage()}\n" if ctx else ""
    typer.echo(f"{path}: {sentence}\n{usage}Bantuan: {path} --help", err=True)
    sys.exit(error.exit_code)


def _usage(command: Any, ctx: Any) -> Iterator[str]:
    for each in command.get_params(ctx):
        if isinstance(each, TyperArgument):
            yield _label(each) if each.required else f"[{_label(each)}]"
        elif each.required:
            yield _label(each)
    yield "PERINTAH ..." if isinstance(command, TyperGroup) else "[OPSI]"


def _label(parameter: Any) -> str:
    names = [] if isinstance(parameter, TyperArgument) else parameter.opts
    return " ".join([*names, parameter.metavar or ""]).strip()


def _described(option: Any) -> str:
    if option.required:
        return f"{option.help}  [wajib]"
    if option.is_flag or option.default is None:
        return str(option.help)
    return f"{option.help}  [bawaan: {option.default}]"
