"""Commands that read records and say what follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from compat import paths
from compat.accepted import Acceptances, load_accepted, today
from compat.cli.application import app
from compat.cli.options import STANDARD, Contract, Matrix, Records, SurveyFile, examples, workplace
from compat.cli.output import say, show, shown, working
from compat.errors import ConfigurationError
from compat.gate import judge_new
from compat.probe.context import LEVELS
from compat.report import markdown
from compat.report.excerpt import with_excerpt
from compat.report.explain import explanation, explanation_json, listing, listing_json
from compat.report.gate_text import gate_json, gate_markdown, gate_screen
from compat.report.json_format import verdict_json
from compat.report.terminal import screen
from compat.report.writing import formats, write_reports
from compat.verdict import DEVICES, HOST
from compat.whole_files import write_whole
from compat.workplace import Workplace, contract_folder, record_files

AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


@app.command(
    epilog=examples(
        "compat report                       write the reports from the records",
        "compat report --readme README.md    and the excerpt between the marks of a file",
        "compat report --out /tmp/reports    elsewhere",
    )
)
def report(
    *,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.")] = paths.REPORTS,
    readme: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Put the verdict, note and claims between its marks.")
    ] = None,
) -> None:
    """Write the reports from the records; 0 when they are written, whatever they say."""
    with working("reading records"):
        view = workplace(contract, records, matrix, survey).view(out)
    text = with_excerpt(readme, markdown.render(view)) if readme else None
    for path in write_reports(view, out):
        say(f"written: {shown(path)}")
    if readme and text is not None:
        write_whole(readme, text)
        say(f"written: {shown(readme)}")


@app.command(
    epilog=examples(
        "compat verdict                     over all records",
        "compat verdict a.json b.json       over these alone",
        "compat verdict --json",
        "compat verdict --quiet; echo $?",
    )
)
def verdict(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Records to judge alone.")
    ] = None,
    *,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the exit code.")] = False,
    as_json: AsJson = False,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Show the verdict on one screen, and end with its exit code: 0, 1 or 3."""
    place = replace(workplace(contract, records, matrix, survey), files=record_files(files or ()))
    with working("reading records"):
        code = place.verdict.exit_code
    if as_json:
        say(verdict_json(place.verdict))
    elif not quiet:
        reports = records.parent
        written = [shown(reports / name) for name in formats() if (reports / name).is_file()]
        show(screen(place.view().page, None if files else written))
    raise typer.Exit(code)


@app.command(
    "list",
    epilog=examples(
        "compat list",
        "compat list --level effects --relied",
        "compat list --json",
    ),
)
def list_(
    *,
    level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help=f"Only this one of {', '.join(LEVELS)}.")
    ] = None,
    relied: Annotated[bool, typer.Option("--relied", help="Only what callers rely on.")] = False,
    as_json: AsJson = False,
    contract: Contract = STANDARD,
) -> None:
    """List the claims and questions of the contract."""
    if level is not None and level not in LEVELS:
        raise ConfigurationError(f"--level {level}: there is {', '.join(LEVELS)}.")
    known = Workplace(contract_folder=contract_folder(contract)).contract
    asked = [each for each in known.questions if level in (None, each.level) and (each.relied or not relied)]
    say(listing_json(known, asked)) if as_json else show(listing(known, asked))


@app.command(
    epilog=examples(
        "compat explain empty-list",
        "compat explain speedup",
        "compat explain agreement:norm --json",
    )
)
def explain(
    identity: Annotated[str, typer.Argument(metavar="ID", help="A question or a claim; see: compat list")],
    *,
    as_json: AsJson = False,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Tell all that is known of one question or claim."""
    place = workplace(contract, records, matrix, survey)
    with working("reading records"):
        page = place.view().page
    if as_json:
        say(explanation_json(page, place.contract, identity))
    else:
        show(explanation(page, place.contract, identity))


@app.command(
    epilog=examples(
        "compat gate --new 2.15.0",
        "compat gate --new 2.15.0 --against 2.13.0 --markdown gate.md",
    )
)
def gate(
    *,
    new: Annotated[str, typer.Option("--new", metavar="V", help="The release that is to be let through.")],
    against: Annotated[
        str | None,
        typer.Option(
            metavar="V", help="The accepted one; by default the newest before it that was measured."
        ),
    ] = None,
    device: Annotated[str, typer.Option(metavar="DEVICE", help="Where: cpu or cuda.")] = HOST,
    markdown_: Annotated[
        Path | None,
        typer.Option("--markdown", metavar="FILE", help="Write the same as Markdown, for a job's summary."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Hold a release against the accepted state: 0 it may pass, 1 it is refused, 3 open."""
    if device not in DEVICES:
        raise ConfigurationError(f"--device {device}: there is {' and '.join(DEVICES)}.")
    place = workplace(contract, records, matrix, survey)
    judged = judge_new(
        place.contract,
        place.ledger,
        place.dates,
        new,
        device=device,
        acceptances=Acceptances(entries=load_accepted(place.contract_folder), today=today()),
        against=against,
    )
    if markdown_ is not None:
        write_whole(markdown_, gate_markdown(judged))
    if as_json:
        say(gate_json(judged))
    else:
        show(gate_screen(judged))
    raise typer.Exit(judged.exit_code)
