"""The process that explores: says before each example what it tries, and notes what it finds in a file.

The supervisor of the worker starts it, and starts it again behind an example that killed it; it then goes on
with the next round, knowing what had been found before.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hypothesis

from compat.probe.agreement import Replay
from compat.probe.budgets import SHRINKING_SECONDS
from compat.probe.cases import Case
from compat.probe.context import Context
from compat.probe.exploration import LEVEL, read
from compat.probe.search import Search, rounds
from compat.probe.shrinking import is_fatal, shrunk
from compat.probe.worker import Journal, options_of, prepared

#: How often lists of one kind may end the process before that kind is left alone.
MOST_DEATHS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Explore until the time is up."""
    options = parse(arguments)
    journal = Journal(options.pipe)
    context = prepared(options, journal)
    if isinstance(context, int):
        return context
    if context.function is not None:
        explore(context, options, journal)
    journal.write({"done": True})
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the explorer's options."""
    parser = options_of("python -m compat.probe.explorer")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True, help="how long, from when torch is there")
    parser.add_argument("--report", type=Path, required=True, help="the file to note findings in")
    return parser.parse_args(arguments)


def explore(context: Context, options: argparse.Namespace, journal: Journal) -> None:
    """Look through one round after the other, from behind the one that ended the process before this."""
    report, replay = Report(options.report), Replay(context, exact=True)
    known = report.read()
    deaths = Counter(entry["died"] for entry in known if "died" in entry)
    behind = None
    if options.after:
        behind, culprit = name_and_case(options.after[1])
        name = behind.split()[0]
        report.write({"died": name})
        deaths[name] += 1
        if context.device == "cpu":  # a process that uses an accelerator cannot be forked

            def fatal(case: Case) -> bool:
                journal.write({"shrinking": name})  # a sign of life
                return is_fatal(case, replay.case)

            smaller = shrunk(culprit, fatal, time.monotonic() + SHRINKING_SECONDS / 2)
            report.write({"culprit": culprit, "smaller": smaller})
    until = next((entry["until"] for entry in known if "until" in entry), None)
    if until is None:
        until = time.monotonic() + options.seconds
        report.write({"until": until})  # for whoever goes on behind a death
    search = Search(
        Guarded(replay, report),
        seed=options.seed,
        until=until,
        begin=lambda name, case: journal.write({"begin": [LEVEL, key_of(name, case)]}),
        found=report.write,
        known={entry["kind"] for entry in known if "kind" in entry},
    )
    for name, number in rounds(after=behind):
        if time.monotonic() >= until:
            break
        if deaths[name] < MOST_DEATHS:
            search.round(name, number)
            report.write({"round": name, "hypothesis": hypothesis.__version__, **search.reached()})


class Guarded:
    """Judges a case; a mistake of ours is noted, and is no finding about the function."""

    def __init__(self, replay: Replay, report: Report) -> None:
        self._replay, self._report = replay, report

    def __call__(self, case: Case) -> dict[str, Any]:
        """Return what came of a case, or no codes at all."""
        try:
            return self._replay.case(case)
        except Exception as error:  # noqa: BLE001 - the run goes on and the record says so
            self._report.write({"harness": f"{type(error).__name__}: {error}", "case": case})
            return {"codes": {}}


class Report:
    """The file that outlives the process: one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, entry: dict[str, Any]) -> None:
        """Append an entry."""
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry) + "\n")

    def read(self) -> list[dict[str, Any]]:
        """Return the entries; a last line that a death cut is none."""
        return read(self._path)


def key_of(name: str, case: Case) -> str:
    """Return the journal's key of an example: the round, and the case itself, in case it is the last."""
    return f"{name}: {json.dumps(case)}"


def name_and_case(key: str) -> tuple[str, Case]:
    """Return the round and the case of an example by its key."""
    name, _, text = key.partition(": ")
    return name, json.loads(text)


if __name__ == "__main__":
    sys.exit(main())
