"""What was measured, where and with what, what was not, and how can it all be done again?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.releases import in_order, ranges
from compat.report.release_view import group_rows
from compat.report.text import counted, shortened
from compat.statuses import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.records import Ledger, Record
    from compat.report.release_view import ReleaseRow
    from compat.verdict import Verdict

_LONG = 300


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that was not measured: what, on what, and why."""

    what: str
    where: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where one record was made and what it consists of."""

    record: str
    torch: str
    python: str
    device: str
    build: str
    cpu: str
    threads: str
    wheels: str
    profile: str
    day: str
    counts: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """How to do something again: what, and the command."""

    what: str
    command: str


def gaps(
    verdict: Verdict, rows: Sequence[ReleaseRow], ledger: Ledger, releases: Sequence[str]
) -> tuple[Gap, ...]:
    """Return everything that a reader could take for measured and is not."""
    found = [*_rows_without(verdict, rows), *_unplanned(rows, releases)]
    found += [
        Gap(what="a record that does not count", where=name, why=shortened(why, _LONG))
        for name, why in ledger.unusable.items()
    ]
    parts: dict[tuple[str, str], list[Record]] = {}
    for record in ledger.usable:
        for what, why in _parts_without(record):
            parts.setdefault((what, shortened(why, _LONG)), []).append(record)
    for (what, why), records in parts.items():
        where = ranges({each.torch for each in records}, [each.torch for each in ledger.usable])
        devices = ", ".join(sorted({each.device.upper() for each in records}))
        found.append(Gap(what=what, where=f"{where} on {devices}", why=why))
    return tuple(found)


def machines(ledger: Ledger) -> tuple[Machine, ...]:
    """Return where each usable record comes from."""
    return tuple(_machine(record) for record in ledger.usable)


def steps(rows: Sequence[ReleaseRow], example: str) -> tuple[Step, ...]:
    """Return the commands that lead from nothing to this report."""
    torch, python = (rows[-1].torch, rows[-1].python) if rows else ("VERSION", "3.11")
    record = f"reports/records/torch-{torch}-py{python}-cuda.json"
    return (
        Step(what="Measure every row of the report", command="nox -t full"),
        Step(what="Measure one release", command=f'nox -s "matrix(torch-{torch})"'),
        Step(
            what="Measure another device, on a machine that has it",
            command=f"python -m compat.probe --device cuda --out {record}",
        ),
        Step(what="Write this report anew from the records", command="python -m compat report"),
        Step(what="See the verdict, and get its exit code", command="python -m compat verdict"),
        Step(
            what="See all that is known of one question or claim",
            command=f"python -m compat explain {example}",
        ),
    )


def _rows_without(verdict: Verdict, rows: Sequence[ReleaseRow]) -> Iterator[Gap]:
    silent = [
        row
        for row, status in zip(rows, verdict.releases, strict=True)
        if status.status is Status.NOT_MEASURED
    ]
    measured = {status.device for status in verdict.releases if status.status is not Status.NOT_MEASURED}
    for group in group_rows(silent):
        what = f"{group.device.upper()}" if group.device in measured else f"{group.device.upper()} as a whole"
        where = ranges({row.torch for row in group.rows}, [row.torch for row in rows])
        yield Gap(what=what, where=where, why=group.why)


def _unplanned(rows: Sequence[ReleaseRow], releases: Sequence[str]) -> Iterator[Gap]:
    planned = {row.torch for row in rows}
    missing = [each for each in in_order(releases) if each not in planned]
    if missing:
        yield Gap(
            what=counted(len(missing), "release") + " on the index",
            where=ranges(missing, releases),
            why="not in the plan of this report (matrix.toml, tag full)",
        )


def _parts_without(record: Record) -> Iterator[tuple[str, str]]:
    if record.exploration and record.exploration.not_run:
        yield "fresh exploration with Hypothesis", record.exploration.not_run
    if record.cost and record.cost.not_run:
        yield "a part of the cost level", record.cost.not_run
    for identity, outcome in (record.questions or {}).items():
        if outcome.kind == "harness-error":
            yield f"question {identity}", outcome.text


def _machine(record: Record) -> Machine:
    known = record.provenance
    counts = [counted(len(record.questions or {}), "question")]
    if record.agreement:
        counts.append(counted(record.agreement.cases, "case"))
    if record.exploration and record.exploration.examples:
        counts.append(f"{record.exploration.examples:,} explored")
    return Machine(
        record=record.name,
        torch=record.torch,
        python=known.python_version or record.python,
        device=record.device,
        build=known.torch_version or "unknown",
        cpu=known.processor or "unknown",
        threads="unknown" if known.threads is None else str(known.threads),
        wheels=known.wheels or "unknown",
        profile=record.profile,
        day=(known.started or "unknown")[:10],
        counts=", ".join(counts),
    )
