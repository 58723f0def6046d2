"""Where a worker goes on behind a step that killed the one before, and what a step's own mistake becomes."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import worker
from compat.probe.context import LEVELS
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path


def level(*keys: str) -> Any:
    return SimpleNamespace(
        steps=lambda _context: [(key, key.upper) for key in keys], helpers=lambda _context: {}
    )


@pytest.fixture(autouse=True)
def three_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = (("one", level("a", "b")), ("two", level()), ("three", level("a", "c", "d")))
    monkeypatch.setattr(worker, "LEVELS", levels)


def test_a_level_measures_first_and_asks_its_questions_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    effects = SimpleNamespace(
        steps=lambda _context: [("own", str)], helpers=lambda _context: {"double": lambda number: 2 * number}
    )
    monkeypatch.setattr(worker, "LEVELS", (("effects", effects),))
    asked = [{"id": "asked", "level": "effects", "call": "double(f(2))"}]
    context = fakes.context(tmp_path, abs, contract={**fakes.CONTRACT, "questions": asked})
    (own, _), (key, step) = [each[1:] for each in worker.remaining(context, ["effects"], None)]
    assert (own, key) == ("own", "asked")
    assert step() == {"kind": "value", "text": "4"}


EVERY = ["one/a", "one/b", "three/a", "three/c", "three/d"]


@pytest.mark.parametrize(
    ("levels", "after", "left"),
    [
        (["one", "two", "three"], None, EVERY),
        (["three", "one", "two"], None, EVERY),
        (["three"], None, EVERY[2:]),
        (["two"], None, []),
        (["one", "two", "three"], ["one", "a"], EVERY[1:]),
        (["one", "two", "three"], ["one", "b"], EVERY[2:]),
        (["one", "two", "three"], ["three", "a"], EVERY[3:]),
        (["one", "two", "three"], ["three", "d"], []),
        (["one"], ["one", "a"], ["one/b"]),
    ],
)
def test_remaining(levels: list[str], after: list[str] | None, left: list[str], tmp_path: Path) -> None:
    steps = worker.remaining(fakes.context(tmp_path), levels, after)
    assert [f"{level}/{key}" for level, key, _ in steps] == left


@pytest.mark.parametrize("after", [["one", "missing"], ["missing", "a"], ["two", "a"]])
def test_an_unknown_place_to_go_on_from_is_no_complete_run(after: list[str], tmp_path: Path) -> None:
    steps = worker.remaining(fakes.context(tmp_path), ["one", "two", "three"], after)
    with pytest.raises(LookupError, match="no step"):
        list(steps)


def test_a_mistake_of_the_harness_is_named_as_such() -> None:
    assert worker.attempt(lambda: [1]) == {"ok": [1]}
    assert worker.attempt(lambda: {"a": 1}["x"]) == {"harness-error": "KeyError: 'x'"}
    with pytest.raises(KeyboardInterrupt):
        worker.attempt(_interrupt)


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_the_journal_is_one_json_line_an_entry() -> None:
    read, write = os.pipe()
    journal = worker.Journal(write)
    journal.write({"begin": ["level", "key"]})
    journal.write({"end": ["level", "key"], "result": {"ok": "…\n"}})
    os.close(write)
    with os.fdopen(read, "rb") as stream:
        lines = stream.read().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"begin": ["level", "key"]},
        {"end": ["level", "key"], "result": {"ok": "…\n"}},
    ]


def test_the_supervisor_asks_for_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert tuple(name for name, _ in worker.LEVELS) == LEVELS
