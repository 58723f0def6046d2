"""Commands that read records and say what follows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from compat import paths
from compat.accepted import Acceptances, load_accepted, today
from compat.cli.application import app
from compat.cli.options import STANDARD, Contract, Matrix, Records, SurveyFile, workplace
from compat.cli.output import say, show, shown
from compat.errors import ConfigurationError
from compat.gate import judge_new
from compat.report import markdown
from compat.report.excerpt import with_excerpt
from compat.report.explain import explanation, listing
from compat.report.gate_text import gate_json, gate_markdown, gate_screen
from compat.report.terminal import screen
from compat.report.writing import FORMATS, write_reports
from compat.verdict import DEVICES, HOST
from compat.whole_files import write_whole
from compat.workplace import Workplace, contract_folder, record_files


@app.command()
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
    view = workplace(contract, records, matrix, survey).view(out)
    text = with_excerpt(readme, markdown.render(view)) if readme else None
    for path in write_reports(view, out):
        say(f"written: {shown(path)}")
    if readme and text is not None:
        write_whole(readme, text)
        say(f"written: {shown(readme)}")


@app.command()
def verdict(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Records to judge alone.")
    ] = None,
    *,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the exit code.")] = False,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Show the verdict on one screen, and end with its exit code: 0, 1 or 3."""
    place = replace(workplace(contract, records, matrix, survey), files=record_files(files or ()))
    code = place.verdict.exit_code
    if not quiet:
        reports = records.parent
        written = [shown(reports / name) for name in FORMATS if (reports / name).is_file()]
        show(screen(place.view().page, None if files else written))
    raise typer.Exit(code)


@app.command("list")
def list_(*, contract: Contract = STANDARD) -> None:
    """List the claims and questions of the contract."""
    show(listing(Workplace(contract_folder=contract_folder(contract)).contract))


@app.command()
def explain(
    identity: Annotated[str, typer.Argument(metavar="ID", help="A question or a claim; see: compat list")],
    *,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Tell all that is known of one question or claim."""
    place = workplace(contract, records, matrix, survey)
    show(explanation(place.view().page, place.contract, identity))


@app.command()
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
