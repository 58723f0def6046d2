"""The commands of ``python -m compat ci``: what a service runs, and anybody can run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from compat import paths
from compat.ci import acting, gitlab, merging, new_rows, planning, site, summary, watching
from compat.ci.hosting import Hosting
from compat.ci.tools import Tools
from compat.cli.application import app as whole
from compat.cli.options import STANDARD, Contract, Records, examples
from compat.cli.output import say, shown
from compat.errors import ConfigurationError, ExitCode
from compat.probe import budgets, digests
from compat.report import markdown
from compat.report.text import printable
from compat.whole_files import write_whole
from compat.workplace import Workplace, contract_folder

app = typer.Typer(help="What a continuous integration service runs: plan, merge, summary, site, watch.")
watch = typer.Typer(help="Look for new releases, hold them against the accepted ones, tell and propose.")
app.add_typer(watch, name="watch")
whole.add_typer(app, name="ci")

Outputs = Annotated[
    Path | None,
    typer.Option("--outputs", metavar="FILE", help="Append name=value lines here; for $GITHUB_OUTPUT."),
]

REPORT = "reports/compatibility.md"


@app.command(
    "plan",
    epilog=examples(
        "compat ci plan --tag full",
        "compat ci plan --release 2.6.0 --cuda quick",
    ),
)
def plan_(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]", help="What nox -l --json printed; - reads it; by default nox is asked."
        ),
    ] = None,
    *,
    tag: Annotated[str | None, typer.Option("--tag", help="Only rows with this tag.")] = None,
    release: Annotated[
        list[str] | None, typer.Option("--release", metavar="V", help="Only this release; may be repeated.")
    ] = None,
    releases: Annotated[
        str, typer.Option("--releases", metavar="LIST", help="The same, as one text with spaces between.")
    ] = "",
    cuda: Annotated[
        str, typer.Option("--cuda", metavar="TAG", help="Of these, rows with this tag on CUDA as well.")
    ] = "",
    outputs: Outputs = None,
    gitlab_: Annotated[
        Path | None, typer.Option("--gitlab", metavar="FILE", help="Write them as a GitLab child pipeline.")
    ] = None,
    profile: Annotated[
        str, typer.Option(metavar="PROFILE", help="In that pipeline, how long to explore: quick or full.")
    ] = "quick",
) -> None:
    """Print the rows to measure as JSON for GitHub's strategy.matrix."""
    if profile not in budgets.SECONDS:
        raise ConfigurationError(f"--profile {profile}: there is {' and '.join(budgets.SECONDS)}.")
    chosen = [*(release or ()), *releases.split()]
    jobs = planning.plan(_listing(file), tag=tag or None, releases=chosen, cuda=cuda or None)
    _write_outputs(outputs, {"matrix": planning.as_matrix(jobs), "count": str(len(jobs))})
    if gitlab_ is not None:
        _write(gitlab_, gitlab.pipeline(jobs, profile))
    say(planning.as_matrix(jobs))


@app.command(
    epilog=examples(
        "compat ci merge artifacts",
    )
)
def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Where artifacts were unpacked.")],
    *,
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="Where the records go.")
    ] = paths.RECORDS,
    contract: Contract = STANDARD,
) -> None:
    """Take the records that other machines sent; 3 when a file was refused or two conflict."""
    found = merging.sort_out(folders, into, digests.current(contract_folder(contract)))
    merging.write(found, into)
    for arrival in found.arrivals:
        say(printable(arrival.line))
    say(f"{len(found.texts)} of {len(found.arrivals)} taken")
    raise typer.Exit(ExitCode.INCONCLUSIVE if found.bad else ExitCode.HOLDS)


@app.command(
    "summary",
    epilog=examples(
        "compat ci summary",
    ),
)
def summary_(
    *,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Append here, for $GITHUB_STEP_SUMMARY; else it is printed."
        ),
    ] = None,
) -> None:
    """Write the report as the summary of a run, under the megabyte that it may have."""
    place = Workplace(contract_folder=contract_folder(contract), records=records)
    there = out.stat().st_size if out is not None and out.is_file() else 0
    where = f"{REPORT} in the artifacts of this run"
    text = summary.cut(markdown.render(place.view()), where, max(0, summary.KEPT - there))
    if out is None:
        say(text)
    else:
        _append(out, text)


@app.command(
    "site",
    epilog=examples(
        "compat ci site _site",
    ),
)
def site_(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    *,
    contract: Contract = STANDARD,
    records: Records = paths.RECORDS,
) -> None:
    """Write the report and its records as a folder for a web server."""
    for path in site.write_site(Workplace(contract_folder=contract_folder(contract), records=records), out):
        say(f"written: {shown(path)}")


@watch.command(
    "look",
    epilog=examples(
        "compat ci watch look found",
    ),
)
def look_(
    out: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write what was found.")],
    *,
    outputs: Outputs = None,
) -> None:
    """Ask the index for releases that were never measured; renews survey and matrix in this checkout."""
    found = watching.look(Tools(folder=paths.ROOT), paths.RECORDS, out)
    _write_outputs(outputs, {"releases": " ".join(found.new), "count": str(len(found.new))})
    say(f"new releases: {', '.join(found.new) or 'none'}; {len(found.accepted)} have a record")


@watch.command(
    "rows",
    epilog=examples(
        "compat ci watch rows found",
    ),
)
def rows_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What look has written.")],
) -> None:
    """Take over the matrix and the survey that look has renewed, on another machine that is to measure."""
    new = new_rows.adopt(folder, paths.ROOT)
    say(f"the matrix has rows for {', '.join(new) or 'nothing new'}")


@watch.command(
    epilog=examples(
        "compat ci watch gate found artifacts",
    )
)
def gate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What look has written.")],
    artifacts: Annotated[Path, typer.Argument(metavar="ARTIFACTS", help="The new records.")],
    *,
    contract: Contract = STANDARD,
) -> None:
    """Hold each new release against the newest accepted before it; DIR then holds all that act needs."""
    found = watching.read(watching.Look, folder / watching.LOOKED)
    today = digests.current(contract_folder(contract))
    arrived = (
        merging.sort_out([artifacts], paths.RECORDS, today)
        if artifacts.is_dir()
        else merging.Merge(arrivals=())
    )
    own = watching.of_releases(arrived, found.new)
    merging.write(own, paths.RECORDS)
    merging.write(own, folder / watching.RECORDS)
    for arrival in arrived.arrivals:
        say(arrival.line)
    judged = watching.judge(
        found, Tools(folder=paths.ROOT), watching.accepted_releases(folder / watching.RECORDS)
    )
    watching.write(judged, folder)
    for each in judged.findings:
        say(f"torch {each.torch}, held against {each.against or 'nothing'}: {each.standing.value}")
    if not judged.findings:
        say("no new release to judge")


@watch.command(
    epilog=examples(
        "compat ci watch act found",
    )
)
def act(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What gate has written.")],
    *,
    contract: Contract = STANDARD,
) -> None:
    """Open, update or close the issue and the pull request; 3 when of some release nothing can be told."""
    today = digests.current(contract_folder(contract))
    handed = acting.take(folder, paths.ROOT, today)
    for line in acting.act(handed, paths.ROOT, Hosting(folder=paths.ROOT), today):
        say(line)
    left = acting.unknown(handed.judged)
    if left:
        say(f"nothing can be told of {', '.join(left)}: see the run that measured")
        raise typer.Exit(ExitCode.INCONCLUSIVE)


def _listing(file: str | None) -> str:
    if file is None:
        return planning.list_sessions()
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error}). Give what nox -l --json printed."
        ) from error


def _write_outputs(path: Path | None, values: dict[str, str]) -> None:
    if path is not None:
        _append(path, "".join(f"{name}={value}\n" for name, value in values.items()))


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror}).") from error


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror}).") from error
