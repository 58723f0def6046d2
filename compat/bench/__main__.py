"""``python -m compat.bench [NAME...]``: measures what the harness costs, and prints one table."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compat.bench.lines import Line, not_measured
from compat.bench.matrices import matrix_lines
from compat.bench.replaying import replay_lines
from compat.bench.reporting import report_lines
from compat.bench.surveys import survey_lines
from compat.errors import ExitCode
from compat.probe.provenance import cpu

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NAMES = ("replay", "report", "survey", "matrix")


def main(arguments: list[str] | None = None) -> int:
    """Print the table, a part as soon as it is known; 1 where a target is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m compat.bench",
        description=__doc__,
        epilog="Example: python -m compat.bench report survey. Other work beside it spoils the figures.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(NAMES)}; default: all"
    )
    parser.add_argument("--python", type=Path, help="the interpreter beside whose torch to replay")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there is {', '.join(NAMES)}")
    missed = False
    print(f"on {cpu()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.2f}", flush=True)
    for line in _lines(options.names or NAMES, options.python):
        print(line.text, flush=True)
        missed |= line.met is False
    return int(ExitCode.CONTRADICTED if missed else ExitCode.HOLDS)


def _lines(names: Iterable[str], python: Path | None) -> Iterable[Line]:
    ways: dict[str, Callable[[], Iterable[Line]]] = {
        "replay": lambda: (
            replay_lines(python) if python else [not_measured("replay", "no --python with a torch")]
        ),
        "report": report_lines,
        "survey": survey_lines,
        "matrix": matrix_lines,
    }
    for name in NAMES:
        if name in names:
            yield from ways[name]()


if __name__ == "__main__":
    gc.disable()  # as every command does
    sys.exit(main())
