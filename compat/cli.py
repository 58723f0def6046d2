"""The command line: ``python -m compat COMMAND``, also installed as ``compat``.

Every command ends with a code of ``ExitCode``, and a mistake of the user's with a message and no
traceback. What a command does lies elsewhere; here are its name, its options and its help.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import compat
from compat import bisect as bisecting
from compat import paths
from compat import promotion as promotion_
from compat.contract import build, load_contract
from compat.errors import CompatError, ConfigurationError, ExitCode
from compat.judge_check.checking import HEADING as JUDGE_HEADING
from compat.judge_check.checking import check_judge
from compat.matrix import load_matrix
from compat.probe import digests
from compat.probe.corpus import PROMOTED
from compat.records import Ledger
from compat.releases import counted
from compat.report.explain import explanation, listing
from compat.report.terminal import console_for, screen
from compat.report.text import printable
from compat.report.writing import FORMATS, write_reports, write_whole
from compat.selfcheck import HEADING, check_faults, chosen, judge_record, probe_with
from compat.survey import load_survey, refresh
from compat.workplace import Workplace, contract_folder, record_files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

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

Contract = Annotated[
    str, typer.Option("--contract", metavar="NAME", help="The contract: a name, or a folder of one.")
]
Records = Annotated[Path, typer.Option("--records", metavar="DIR", help="Where the records lie.")]
Matrix = Annotated[Path, typer.Option("--matrix", metavar="FILE", help="The planned rows.")]
SurveyFile = Annotated[Path, typer.Option("--survey", metavar="FILE", help="The releases on the index.")]

STANDARD = paths.CONTRACT.name


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


@app.command()
def survey(
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="URL", help="The index to ask; by default that of uv or pip."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The survey to write.")] = paths.SURVEY,
) -> None:
    """Ask the index which releases of torch there are; nothing is installed."""
    known = {release.torch for release in load_survey(out).releases} if out.is_file() else set()
    found = refresh(index, out)
    new = [release.torch for release in found.releases if release.torch not in known]
    say(f"{shown(out)}: {len(found.releases)} releases, of them new: {', '.join(new) or 'none'}")


@app.command()
def report(
    *,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write.")] = paths.REPORTS,
) -> None:
    """Write the reports from the records; 0 when they are written, whatever they say."""
    place = _place(contract, records, matrix, survey)
    for path in write_reports(place.view(out), out):
        say(f"written: {shown(path)}")


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
    place = replace(_place(contract, records, matrix, survey), files=record_files(files or ()))
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
    place = _place(contract, records, matrix, survey)
    show(explanation(place.view().page, place.contract, identity))


@app.command()
def note(
    *,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    matrix: Matrix = paths.MATRIX,
    survey: SurveyFile = paths.SURVEY,
) -> None:
    """Print the note that the evidence allows, as a comment to put above the call."""
    place = _place(contract, records, matrix, survey)
    say(place.view().page.note_after)


@app.command()
def bisect(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="Its id; see: compat list")],
    *,
    good: Annotated[
        str | None,
        typer.Option(metavar="V", help="One end; by default the oldest release known to have the function."),
    ] = None,
    bad: Annotated[str | None, typer.Option(metavar="V", help="The other; by default the newest.")] = None,
    contract: Contract = STANDARD,
) -> None:
    """Find the exact release where an outcome changed; measures as few as it must, and keeps the records."""
    place = Workplace(contract_folder=contract_folder(contract))
    bisecting.check_question(place.contract, place.ledger, question)
    between = bisecting.ends(load_matrix(place.matrix, place.survey), place.ledger, good, bad)
    finding = bisecting.search(
        question,
        between,
        place.records,
        digests.current(place.contract_folder),
        measure=bisecting.measure_with_nox,
        say=say,
    )
    notice = any(each.id == question and each.notice for each in place.contract.questions)
    told = bisecting.tell(question, between, finding, notice=notice)
    for line in told.lines:
        say(printable(line))
    raise typer.Exit(told.exit_code)


@app.command("contract")
def contract_(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="The contract: a name, or a folder.")
    ] = STANDARD,
    *,
    rebuild: Annotated[bool, typer.Option("--build", help="Write contract.json anew.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail unless contract.json is in step.")] = False,
) -> None:
    """Keep contract.json, which the probe reads, in step with the files that people write."""
    _one_of(build=rebuild, check=check)
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


@app.command()
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
    _one_of(draw=draw, check=check, promote=promote)
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


@app.command()
def selfcheck(
    faults: Annotated[
        list[str] | None, typer.Argument(metavar="[FAULT]...", help="Faults to plant; by default all.")
    ] = None,
    *,
    python: Annotated[
        Path | None,
        typer.Option("--python", metavar="FILE", help="The interpreter beside whose torch to plant."),
    ] = None,
    clean: Annotated[
        int, typer.Option("--clean", min=0, help="How often the unmodified function must pass.")
    ] = 20,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="Probes at once.")] = 1,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=1, help="For how long to explore beside a fault; by default as quick."),
    ] = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="Only damage records, and see that the judge finds it: seconds.")
    ] = False,
    contract: Contract = STANDARD,
) -> None:
    """Plant faults into the function, then into records; 0 when all are caught and nothing else is."""
    missed = 0 if judge else _plant(faults or (), python, clean, jobs, seconds, contract)
    missed += _damage_records()
    raise typer.Exit(ExitCode.CONTRADICTED if missed else ExitCode.HOLDS)


def _plant(
    faults: Sequence[str], python: Path | None, clean: int, jobs: int, seconds: float | None, contract: str
) -> int:
    """Plant faults into the function, print what came of each, and return how many went wrong."""
    names = chosen(faults)
    if python is None or not python.is_file():
        message = f"{python or '--python'}: no such file. Give the Python of an environment with a torch."
        raise ConfigurationError(message)
    folder = contract_folder(contract)
    judge = partial(judge_record, load_contract(folder), digests.current(folder))
    missed = 0
    say(HEADING)
    with tempfile.TemporaryDirectory() as records:
        contracted = ["--contract", str(folder.resolve())]
        probe = probe_with(python, Path(records), contracted, exploring=seconds)
        for check in check_faults(names, clean=clean, jobs=jobs, probe=probe, judge=judge):
            say(check.line)
            missed += not check.good
    say(f"{len(names)} faults, and the unmodified function {clean} times: {_told(missed)}")
    return missed


def _damage_records() -> int:
    """Damage records, print what the judge said of each, and return how many went wrong."""
    found = list(check_judge())
    missed = sum(not each.good for each in found)
    say("\n".join([JUDGE_HEADING, *(each.line for each in found)]))
    say(f"{len(found) - 1} damages to records, and the records as they were: {_told(missed)}")
    return missed


def _told(missed: int) -> str:
    return f"{missed} not as it must be" if missed else "all as it must be"


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


def say(text: str) -> None:
    """Print text; a reader that has gone away, such as ``head``, is no error."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show(what: RenderableType) -> None:
    """Print what was laid out, in colour where that can be seen."""
    console = console_for(sys.stdout)
    with console.capture() as captured:
        console.print(what)
    say("\n".join(line.rstrip() for line in captured.get().splitlines()))


def complain(text: str) -> None:
    """Say on standard error what went wrong."""
    print(f"compat: {printable(text)}", file=sys.stderr)


def shown(path: Path) -> str:
    """Name a path as a person here would: relative, where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _place(contract: str, records: Path, matrix: Path, survey: Path) -> Workplace:
    return Workplace(
        contract_folder=contract_folder(contract), records=records, matrix=matrix, survey_file=survey
    )


def _one_of(**options: bool) -> None:
    if sum(options.values()) != 1:
        *names, last = [f"--{name}" for name in options]
        raise ConfigurationError(f"give one of {', '.join(names)} and {last}.")


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
