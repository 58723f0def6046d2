"""Commands that keep the files that a measurement starts from: survey, matrix, contract, corpus."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from compat import paths
from compat import promotion as promotion_
from compat.cli.application import app
from compat.cli.options import (
    STANDARD,
    Contract,
    Index,
    Matrix,
    Records,
    SurveyFile,
    examples,
    one_of,
    workplace,
)
from compat.cli.output import complain, progress_bar, say, show, shown
from compat.contract import build, load_contract
from compat.errors import ConfigurationError, ExitCode
from compat.freshness import Options, why_measure
from compat.known_releases import known_releases
from compat.matrix import load_matrix
from compat.matrix_refresh import refreshed
from compat.probe import digests
from compat.probe.corpus import PROMOTED
from compat.records import Ledger
from compat.releases import counted
from compat.report.unmeasured_text import table
from compat.survey import PLATFORM, PLATFORMS, Scope, load_survey
from compat.survey_command import take_and_write
from compat.surveying.declarations import Sought
from compat.unmeasured import as_json, unmeasured
from compat.whole_files import write_whole
from compat.workplace import contract_folder


@app.command(
    epilog=examples(
        "compat survey",
        "compat survey --pre --again",
        "compat survey --platform win_amd64",
    )
)
def survey(
    *,
    index: Index = None,
    platform: Annotated[
        str, typer.Option(metavar="PLATFORM", help=f"Whose wheels: {', '.join(PLATFORMS)}.")
    ] = PLATFORM,
    pre: Annotated[bool, typer.Option("--pre", help="Pre-releases as well.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Read every wheel again, whatever is known.")
    ] = False,
    contract: Contract = STANDARD,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The survey to write; by default that of the platform, in reports."
        ),
    ] = None,
) -> None:
    """Read from the index what every wheel declares; none is installed, nor downloaded whole."""
    if platform not in PLATFORMS:
        raise ConfigurationError(f"--platform {platform}: there is {', '.join(PLATFORMS)}.")
    other = paths.SURVEY.with_name(f"{paths.SURVEY.stem}-{platform}.json")
    path = out or (paths.SURVEY if platform == PLATFORM else other)
    sought = Sought.of(load_contract(contract_folder(contract)))
    scope = Scope(index=index, platform=platform, pre=pre)
    taken = take_and_write(path, sought, scope=scope, again=again, bar=progress_bar())
    for remark in taken.remarks:
        complain(remark)
    say(f"{shown(path)}: {taken.told}")
    raise typer.Exit(ExitCode.INCONCLUSIVE if taken.incomplete else ExitCode.HOLDS)


@app.command(
    epilog=examples(
        "compat matrix --check",
        "compat matrix --refresh",
    )
)
def matrix(
    *,
    refresh_: Annotated[bool, typer.Option("--refresh", help="Write what is missing into it.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only show it, and end with 3 if there is any.")
    ] = False,
    file: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Bring matrix.toml up to the survey: rows for new releases, and nothing else of it."""
    one_of(refresh=refresh_, check=check)
    known = load_survey(survey)
    found = refreshed(file, known)
    for remark in found.plan.remarks:
        complain(remark)
    if not found.diff:
        say(f"{shown(file)}: has every release of the survey of {known.date}")
        return
    if check:
        say(found.diff.rstrip())
        complain(f"{shown(file)}: lacks what is on the index. Write it: python -m compat matrix --refresh")
        raise typer.Exit(ExitCode.INCONCLUSIVE)
    found.write()
    say("\n".join([f"{shown(file)}: refreshed; look at it, then measure.", *found.plan.changes]))


@app.command(
    epilog=examples(
        "compat releases",
        "compat releases --pre --json",
    )
)
def releases(
    *,
    pre: Annotated[bool, typer.Option("--pre", help="Pre-releases as well.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    index: Index = None,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    file: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """List the releases on the index that have no up-to-date record; 0 whether there are any or not."""
    place = workplace(contract, records, file, survey)
    known = known_releases(index, survey, pre=pre, warn=complain)
    today = digests.current(place.contract_folder)
    rows = load_matrix(file, load_survey(survey))
    found = unmeasured(known, rows, lambda row: why_measure(row, records, today, Options()))
    if as_json_:
        say(as_json(found, known))
    else:
        show(table(found, known))


@app.command(
    "contract",
    epilog=examples(
        "compat contract --build",
        "compat contract --check",
    ),
)
def contract_(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="The contract: a name, or a folder.")
    ] = STANDARD,
    *,
    rebuild: Annotated[bool, typer.Option("--build", help="Write contract.json anew.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail unless contract.json is in step.")] = False,
) -> None:
    """Keep contract.json, which the probe reads, in step with the files that people write."""
    one_of(build=rebuild, check=check)
    folder = contract_folder(name)
    path, text = folder / "contract.json", build(folder)
    if rebuild:
        write_whole(path, text)
        say(f"written: {shown(path)}")
    elif not path.is_file() or path.read_text(encoding="utf-8") != text:
        message = (
            f"{shown(path)}: out of step with the files beside it. "
            "Write it anew: python -m compat contract --build"
        )
        raise ConfigurationError(message)
    else:
        say(f"{shown(path)} is in step")


@app.command(
    epilog=examples(
        "compat corpus --check",
        "compat corpus --draw",
        "compat corpus --promote",
    )
)
def corpus(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="The contract: a name, or a folder.")
    ] = STANDARD,
    *,
    draw: Annotated[bool, typer.Option("--draw", help="Draw the cases and write them.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail unless drawing gives the same cases.")] = False,
    promote: Annotated[
        bool, typer.Option("--promote", help="Add the failing cases that exploring kept in the records.")
    ] = False,
    records: Records = paths.RECORDS,
) -> None:
    """Draw the cases that every torch is asked, check that they are still the same, or add what was found."""
    one_of(draw=draw, check=check, promote=promote)
    folder = contract_folder(name)
    if promote:
        _promote(folder, records)
        return
    drawing = _drawing()
    if draw:
        say(f"{shown(folder)}: {drawing.write(folder):,} cases drawn")
    else:
        drawing.check(folder)
        say(f"{shown(folder)}: the corpus is what is drawn today")


def _promote(folder: Path, records: Path) -> None:
    api = load_contract(folder).api
    promotion = promotion_.promote(folder, [each for each in Ledger.read(records).records if each.api == api])
    for text, count in Counter(promotion.added).items():
        say(f"{text}: {counted(count, 'case')}")
    told = f"{counted(len(promotion.added), 'case')} added, {promotion.total} promoted in all"
    stale = ". Every record is stale now: measure the rows again" if promotion.added else ""
    say(f"{shown(folder / PROMOTED)}: {told}{stale}")


def _drawing() -> Any:
    """Return the module that draws; it needs Hypothesis, which only drawing needs."""
    try:
        from compat import corpus as drawing  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = f"{error.name} is not installed. Drawing needs it: pip install hypothesis==6.141.1"
        raise ConfigurationError(message) from error
    return drawing
