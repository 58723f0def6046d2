"""What does a question give in this torch? ``python -m compat.probe.trial ID...`` answers without a record.

For authors of questions (see QUESTIONS.md beside the contract's questions): each is asked as a measurement
asks it, in a process of its own kind, so one that crashes takes the rest of the trial along.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from compat.probe import digests, limits, questions, worker
from compat.probe.context import LEVELS, Context, read_contract, resolve
from compat.probe.state import State

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each question gives, how long it took, and how it changed the process."""
    options = parse(arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch = importlib.import_module("torch")
    torch.set_num_threads(worker.THREADS)
    contract = read_contract(options.contract)
    if options.call:
        contract["questions"] = [{"id": options.call, "level": options.level, "call": options.call}]
    context = Context(
        torch, resolve(torch, contract["api"]), contract, options.contract, options.device, "quick"
    )
    limits.limit_memory()
    state, found = State(torch, contract["api"]), 0
    for identity, step in asked(context, options.questions, options.levels):
        state.changes()  # what was printed of the last question changed the terminal
        began = time.perf_counter()
        outcome = step()
        seconds, left = time.perf_counter() - began, state.changes()
        found += 1
        print(f"{identity}: {outcome['kind']}: {outcome['text']} ({seconds:.2f} s)")
        for note in [*outcome.get("warnings", ()), *(f"left changed: {each}" for each in left)]:
            print(f"    {note}", flush=True)
    if not found:
        print("no such question is asked on this device; build contract.json anew?", file=sys.stderr)
    return 0 if found else USAGE


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; bad ones end with exit code 2 and the usage line."""
    parser = argparse.ArgumentParser(prog="python -m compat.probe.trial", description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="ID", help="which to ask (default: all of the level)")
    parser.add_argument("--level", choices=LEVELS, help="only questions of this level")
    parser.add_argument("--call", help="ask this expression, with the helpers of --level")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--contract", type=Path, default=digests.CONTRACT_FOLDER)
    options = parser.parse_args(arguments)
    if options.call and not options.level:
        parser.error("--call needs --level, whose helpers it may use")
    if not (options.call or options.level or options.questions):
        parser.error("name a question, or a --level")
    options.levels = [options.level] if options.level else list(LEVELS)
    return options


def asked(context: Context, wanted: Sequence[str], levels: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Yield the questions that are wanted, or all where none is named, as steps of a measurement."""
    for level, module in worker.LEVELS:
        if level in levels:
            for identity, step in questions.steps(context, level, module.helpers(context)):
                if not wanted or identity in wanted:
                    yield identity, step


if __name__ == "__main__":
    sys.exit(main())
