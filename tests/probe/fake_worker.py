"""A worker that takes steps from its command line, and ends as each of them says.

Run by `test_supervisor` as the supervisor runs the real one; it writes the real one's journal.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 600


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("steps", type=json.loads)
    parser.add_argument("--pipe", type=int)
    parser.add_argument("--levels", type=json.loads)
    parser.add_argument("--after", type=json.loads)
    options = parser.parse_args()
    os.set_inheritable(options.pipe, False)  # noqa: FBT003 - the standard library's own signature

    def say(entry: Any) -> None:
        os.write(options.pipe, json.dumps(entry).encode() + b"\n")

    steps = [step for step in options.steps if step["level"] in options.levels]
    if options.after:
        places = [[step["level"], step["key"]] for step in steps]
        steps = steps[places.index(options.after) + 1 :]
    for step in steps:
        action, argument = step["do"], step.get("with")
        if action in BETWEEN:
            BETWEEN[action](say, options.pipe, argument)
            continue
        say({"begin": [step["level"], step["key"]]})
        DURING[action](options.pipe, argument)
        left = ["threads: 1 -> 2", "default dtype: x -> y"] if action == "leave" else []
        say({"end": [step["level"], step["key"]], "result": {"ok": f"{step['key']} done"}, "left": left})
        if left:
            return 0
    say({"done": True})
    return 0


def kill(number: int) -> Callable[[int, Any], None]:
    return lambda _pipe, _argument: os.kill(os.getpid(), number)


def leave_child(path: str, *, keep: int | None = None) -> None:
    """Fork a process that would live long, and write down its number."""
    child = os.fork()
    if child == 0:
        if keep is None:
            os.closerange(3, 64)
        time.sleep(LONG)
        os._exit(0)
    Path(path).write_text(str(child), encoding="utf-8")


def crash_with_child(pipe: int, path: Any) -> None:
    leave_child(path, keep=pipe)
    os.kill(os.getpid(), signal.SIGSEGV)


def say_last_words(_pipe: int, words: Any) -> None:
    print(words, file=sys.stderr, flush=True)
    os._exit(3)


def write_and_wait(pipe: int, text: Any) -> None:
    os.write(pipe, text.encode())
    time.sleep(LONG)


def ignore_termination(_pipe: int, _argument: Any) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(LONG)


DURING: dict[str, Callable[[int, Any], Any]] = {
    "answer": lambda _pipe, _argument: None,
    "leave": lambda _pipe, _argument: None,
    "segv": kill(signal.SIGSEGV),
    "abort": kill(signal.SIGABRT),
    "out of memory": kill(signal.SIGKILL),
    "hang": lambda _pipe, _argument: time.sleep(LONG),
    "hang on": ignore_termination,
    "exit": say_last_words,
    "garbage": write_and_wait,
    "leave a child": lambda _pipe, path: leave_child(path),
    "leave a child with the pipe": lambda pipe, path: leave_child(path, keep=pipe),
    "leave a child and crash": crash_with_child,
}

BETWEEN: dict[str, Callable[[Any, int, Any], Any]] = {
    "die": lambda _say, _pipe, words: say_last_words(0, words),
    "be killed": lambda _say, _pipe, _argument: os.kill(os.getpid(), signal.SIGSEGV),
    "say": lambda say, _pipe, entry: say(entry),
    "half a line": lambda _say, pipe, _argument: os.write(pipe, b'{"begin": ["lev') and os._exit(0),
    "wait": lambda _say, _pipe, _argument: time.sleep(LONG),
}

if __name__ == "__main__":
    sys.exit(main())
