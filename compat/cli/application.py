"""The application that commands are added to, and how it ends: with a code, and never a traceback."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Annotated

import typer

import compat
from compat.cli.output import complain, say
from compat.errors import CompatError, ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

DEBUG = "COMPAT_DEBUG"
"""Set to anything, it shows the traceback of an internal error, as --debug does."""

_CODES = "\n".join(f"{int(code):>5}  {code.meaning}" for code in ExitCode)

app = typer.Typer(
    name="compat",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=f"""Measures what a private PyTorch function really promises, on every release.

Records are made by nox (see README.md) or by python -m compat.probe; these commands read them.

\b
Examples:
  compat report                    write the reports from the records
  compat verdict                   one screen, and the exit code
  compat verdict a.json b.json     the same for these records alone
  compat explain empty-list        all that is known of one question

\b
Exit codes, of every command:
{_CODES}
""",
)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Say the version, and end.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")] = False,
) -> None:
    """Answer what is asked of no command."""
    if debug:
        os.environ[DEBUG] = "1"
    if version:
        say(f"compat {compat.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; no exception leaves it."""
    given = None if arguments is None else list(arguments)
    try:
        code = ExitCode(app(args=given, prog_name="compat", standalone_mode=False) or ExitCode.HOLDS)
    except CompatError as error:
        complain(str(error))
        return int(error.exit_code)
    except typer.TyperException as error:
        complain(f"{error.format_message()} See: compat --help")
        return int(ExitCode.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: no traceback reaches a user unasked
        if os.environ.get(DEBUG):
            traceback.print_exc()
        complain(
            f"internal error: {type(error).__name__}: {error}. This is a mistake of ours: please report it "
            f"with the output of the same command after --debug (or {DEBUG}=1)."
        )
        return int(ExitCode.INTERNAL)
    if code is ExitCode.INTERRUPTED:
        complain("interrupted")
    return int(code)
