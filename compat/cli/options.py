"""The options that several commands share, and what they stand for together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compat import paths
from compat.errors import ConfigurationError
from compat.workplace import Workplace, contract_folder

Contract = Annotated[
    str, typer.Option("--contract", metavar="NAME", help="The contract: a name, or a folder of one.")
]
Records = Annotated[Path, typer.Option("--records", metavar="DIR", help="Where the records lie.")]
Matrix = Annotated[Path, typer.Option("--matrix", metavar="FILE", help="The planned rows.")]
Index = Annotated[
    str | None, typer.Option("--index", metavar="URL", help="The index to ask; by default that of uv or pip.")
]
SurveyFile = Annotated[Path, typer.Option("--survey", metavar="FILE", help="The releases on the index.")]

STANDARD = paths.CONTRACT.name


def workplace(contract: str, records: Path, matrix: Path, survey: Path) -> Workplace:
    """Return where all lies that a command reads."""
    return Workplace(
        contract_folder=contract_folder(contract), records=records, matrix=matrix, survey_file=survey
    )


def examples(*lines: str) -> str:
    """Return what stands at the end of a command's help; a test runs each line as it is typed."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def one_of(**options: bool) -> None:
    """Refuse to go on unless exactly one of the options was given."""
    if sum(options.values()) != 1:
        *names, last = [f"--{name}" for name in options]
        raise ConfigurationError(f"give one of {', '.join(names)} and {last}.")
