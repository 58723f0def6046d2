"""The command for a caller who moves from one release to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compat import paths
from compat.cli.application import app
from compat.cli.options import STANDARD, Contract, Matrix, Records, SurveyFile, examples, workplace
from compat.cli.output import say, show
from compat.errors import ConfigurationError
from compat.report.upgrade_text import upgrade_json, upgrade_screen
from compat.source.files import read_source
from compat.source.pins import pins_of
from compat.upgrade import compare_releases, within_pin
from compat.verdict import DEVICES, HOST

if TYPE_CHECKING:
    from compat.source.pins import Pin


@app.command(
    epilog=examples(
        "compat diff 2.10.0 2.11.0                  what changes for a caller who upgrades",
        "compat diff 2.11.0 2.10.0                  the same for one who goes back",
        "compat diff --from-pin pyproject.toml      between the ends of a project's own pin",
        "compat diff 2.10.0 2.11.0 --json",
    )
)
def diff(
    old: Annotated[str | None, typer.Argument(metavar="[OLD]", help="The release that is used.")] = None,
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="The one that is to be used.")] = None,
    *,
    from_pin: Annotated[
        Path | None,
        typer.Option(
            "--from-pin", metavar="FILE", help="Compare the ends of what a project file admits instead."
        ),
    ] = None,
    device: Annotated[str, typer.Option(metavar="DEVICE", help="Where: cpu or cuda.")] = HOST,
    everything: Annotated[bool, typer.Option("--all", help="Every change, not the worst dozen.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Tell what changes between two releases: 0 nothing relied on is worse, 1 it is, 3 it cannot be told."""
    if device not in DEVICES:
        raise ConfigurationError(f"--device {device}: there is {' and '.join(DEVICES)}.")
    if (from_pin is None) == (old is None or new is None) or (from_pin and old):
        raise ConfigurationError("name two releases, or a project file with --from-pin.")
    place = workplace(contract, records, matrix, survey)
    if from_pin is not None:
        pin = _pin(from_pin, place.contract.api.partition(".")[0])
        found = within_pin(place.contract, place.ledger, place.verdict, pin.admits, pin.text, device)
    else:
        found = compare_releases(place.contract, place.ledger, place.dates, str(old), str(new), device)
    if as_json:
        say(upgrade_json(found))
    else:
        show(upgrade_screen(found, everything=everything))
    raise typer.Exit(found.exit_code)


def _pin(path: Path, library: str) -> Pin:
    if not path.is_file():
        raise ConfigurationError(f"{path}: no such file. Name a project file, such as pyproject.toml.")
    source = read_source(path)
    try:
        pins = list(pins_of(source, library)) if source else []
    except (ValueError, SyntaxError) as error:
        raise ConfigurationError(f"{path}: not read as what its name says ({error}).") from error
    if not pins:
        raise ConfigurationError(f"{path}: requires no {library}, so there is no pin to look at.")
    return pins[0]
