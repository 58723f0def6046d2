"""The process that imports torch: takes one step after the other and reports each through a pipe.

The supervisor starts it, and starts it again behind a step that killed it. Each line of the pipe is
one JSON object: ``{"begin": [level, key]}``, then ``{"end": [level, key], "result": ..., "left": [...]}``,
where what is left is how the step changed the process; a worker that was changed ends there.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from compat.probe import (
    accuracy,
    agreement,
    call_shapes,
    cost,
    effects,
    faults,
    limits,
    provenance,
    questions,
    special_values,
    surface,
)
from compat.probe.context import Context, read_contract, resolve
from compat.probe.state import State

#: The levels in the order in which they run; timing comes last, when nothing else runs any more.
#: Each measures by its `steps`, then asks its questions, whose calls may use its `helpers`.
LEVELS: tuple[tuple[str, Any], ...] = (
    ("surface", surface),
    ("call shapes", call_shapes),
    ("agreement", agreement),
    ("accuracy", accuracy),
    ("special values", special_values),
    ("effects", effects),
    ("cost", cost),
)

#: One thread: a reduction split over threads rounds differently, and the machine may be busy.
THREADS = 1

#: Exit code for "the device asked for is not here", told apart from a crash.
DEVICE_MISSING = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Import torch, announce its provenance, and take every step from the given place on."""
    options = parse(arguments)
    journal = Journal(options.pipe)
    context = prepared(options, journal)
    if isinstance(context, int):
        return context
    state = State(context.torch, context.contract["api"])
    for level, key, step in remaining(context, options.levels, options.after):
        journal.write({"begin": [level, key]})
        result = attempt(step)
        left = state.changes()
        journal.write({"end": [level, key], "result": result, "left": left})
        if left:
            return 0  # unfit to ask what comes next; the supervisor starts another
    journal.write({"done": True})
    return 0


def prepared(options: argparse.Namespace, journal: Journal) -> Context | int:
    """Import torch and make this process ready to ask it; return an exit code where that cannot be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            torch = importlib.import_module("torch")
        except BaseException as exception:  # noqa: BLE001 - a broken wheel may raise anything
            journal.write({"import_failed": f"{type(exception).__name__}: {exception}"})
            return 1
    contract = read_contract(options.contract)
    if options.device == "cuda" and not torch.cuda.is_available():
        journal.write({"device_missing": f"torch {torch.__version__} reports no usable CUDA device"})
        return DEVICE_MISSING
    torch.set_num_threads(THREADS)
    faults.plant_ordered(torch, contract["api"])
    function = resolve(torch, contract["api"])
    journal.write({"provenance": provenance.of_torch(torch, options.device)})
    if options.device == "cpu":
        limits.limit_memory()
    return Context(torch, function, contract, options.contract, options.device, options.profile)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the worker's options."""
    return options_of("python -m compat.probe.worker").parse_args(arguments)


def options_of(program: str) -> argparse.ArgumentParser:
    """Return the parser of what the supervisor tells every process that it starts."""
    parser = argparse.ArgumentParser(prog=program)
    parser.add_argument("--pipe", type=int, required=True)
    parser.add_argument("--contract", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--profile", default="quick")
    parser.add_argument("--levels", type=json.loads, required=True)
    parser.add_argument("--after", type=json.loads, default=None)
    return parser


def remaining(context: Context, levels: list[str], after: list[str] | None) -> Iterator[tuple[str, str, Any]]:
    """Yield (level, key, step) for the levels asked for, from behind the step ``after`` on.

    Raises:
        LookupError: there is no such step; to end as if all had been measured would be a lie.
    """
    waiting = after is not None
    for level, module in LEVELS:
        if level not in levels or (waiting and after is not None and level != after[0]):
            continue
        asking = questions.steps(context, level, module.helpers(context))
        for key, step in itertools.chain(module.steps(context), asking):
            if not waiting:
                yield level, key, step
            elif after is not None and [level, key] == after:
                waiting = False
    if waiting:
        message = f"no step {after} to go on behind"
        raise LookupError(message)


def attempt(step: Any) -> dict[str, Any]:
    """Return a step's result; an exception here is the harness's fault, as outcomes are caught below."""
    try:
        return {"ok": step()}
    except Exception as exception:  # noqa: BLE001 - the run goes on and the record says so
        return {"harness-error": f"{type(exception).__name__}: {exception}"}


class Journal:
    """Writes lines to the supervisor's pipe, unbuffered: what was begun is known even after a crash."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 - the standard library's own signature
        self._descriptor = descriptor

    def write(self, entry: dict[str, Any]) -> None:
        """Write one entry."""
        line = json.dumps(entry).encode() + b"\n"
        while line:
            line = line[os.write(self._descriptor, line) :]


if __name__ == "__main__":
    sys.exit(main())
