"""Commands that measure: for the exact release of a change, and to see that a fault would be caught."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compat import bisect as bisecting
from compat.cli.application import app
from compat.cli.options import STANDARD, Contract, examples
from compat.cli.output import say
from compat.contract import load_contract
from compat.errors import ConfigurationError, ExitCode
from compat.judge_check.checking import HEADING as JUDGE_HEADING
from compat.judge_check.checking import check_judge
from compat.matrix import load_matrix
from compat.probe import digests
from compat.report.text import printable
from compat.selfcheck import HEADING, check_faults, chosen, judge_record, probe_with
from compat.workplace import Workplace, contract_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


@app.command(
    epilog=examples(
        "compat bisect float16-squares-overflow",
        "compat bisect meta-first --good 2.6.0 --bad 2.15.0",
    )
)
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


@app.command(
    epilog=examples(
        "compat selfcheck --judge",
        "compat selfcheck --python .venv/bin/python --jobs 2",
        "compat selfcheck --python .venv/bin/python order-true-wrong",
    )
)
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
