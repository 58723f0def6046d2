"""A question's call is evaluated twice, and whatever comes of it is an outcome."""

from __future__ import annotations

import itertools
import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import poison, questions
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path


def names() -> dict[str, Any]:
    counter = itertools.count()

    def warn() -> str:
        warnings.warn("torch warns of something", UserWarning, stacklevel=2)
        return "warned"

    return {"count": lambda: next(counter), "every_other": lambda: 1 // (next(counter) % 2), "warn": warn}


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        ("1 + 1", "value", "2"),
        ("[1, (2, 'x')]", "value", "list(1, tuple(2, 'x'))"),
        ("1 / 0", "error", "ZeroDivisionError: division by zero"),
        ("undefined", "error", "NameError: name 'undefined' is not defined"),
        ("this is no expression", "error", "SyntaxError: "),
        ("count()", "unstable", "0 | 1"),
        ("every_other()", "unstable", "ZeroDivisionError: integer"),
        ("warn()", "value", "'warned'"),
    ],
)
def test_ask(call: str, kind: str, text: str) -> None:
    outcome = questions.ask(call, names(), fakes.FakeMemory())
    assert outcome["kind"] == kind
    assert outcome["text"].startswith(text)


def test_a_warning_is_part_of_the_outcome() -> None:
    outcome = questions.ask("warn()", names(), fakes.FakeMemory())
    assert outcome == {
        "kind": "value",
        "text": "'warned'",
        "warnings": ["UserWarning: torch warns of something"],
    }


def test_memory_is_another_one_at_each_evaluation() -> None:
    memory = fakes.FakeMemory()
    questions.ask("1", {}, memory)
    assert memory.patterns == list(poison.PATTERNS)


def test_a_call_cannot_leave_names_behind_for_the_next() -> None:
    vocabulary: dict[str, Any] = {}
    questions.ask("[leak := 1]", vocabulary, fakes.FakeMemory())
    assert vocabulary == {}
    assert questions.ask("leak", vocabulary, fakes.FakeMemory())["kind"] == "error"


def test_steps_are_the_questions_of_the_level(tmp_path: Path) -> None:
    context = fakes.context(tmp_path, lambda number: number * 10)
    steps = dict(questions.steps(context, "effects", {}))
    assert list(steps) == ["second"]
    assert steps["second"]() == {"kind": "value", "text": "20"}


def test_each_step_asks_its_own_question(tmp_path: Path) -> None:
    entries = [{"id": str(n), "level": "effects", "call": f"f({n})"} for n in range(3)]
    context = fakes.context(
        tmp_path, lambda number: number, contract={**fakes.CONTRACT, "questions": entries}
    )
    steps = list(questions.steps(context, "effects", {}))
    assert [step()["text"] for _, step in steps] == ["0", "1", "2"]


def test_nothing_is_asked_of_a_function_that_is_not_there(tmp_path: Path) -> None:
    assert list(questions.steps(fakes.context(tmp_path), "effects", {})) == []


@pytest.mark.parametrize(
    ("needs", "outcome"),
    [
        ("torch.there", {"kind": "value", "text": "20"}),
        ("torch.there.deeper", {"kind": "unasked", "text": "needs torch.there.deeper"}),
        ("torch.gone", {"kind": "unasked", "text": "needs torch.gone"}),
    ],
)
def test_a_question_is_asked_where_torch_has_what_it_needs(
    needs: str, outcome: dict[str, str], tmp_path: Path
) -> None:
    asked = [{"id": "one", "level": "effects", "call": "f(2)", "needs": needs}]
    context = fakes.context(
        tmp_path,
        lambda number: number * 10,
        torch=SimpleNamespace(there=SimpleNamespace()),
        contract={**fakes.CONTRACT, "questions": asked},
    )
    assert dict(questions.steps(context, "effects", {}))["one"]() == outcome


@pytest.mark.parametrize(("device", "ids"), [("cpu", ["both", "here"]), ("cuda", ["both", "there"])])
def test_a_question_is_asked_on_its_device(device: str, ids: list[str]) -> None:
    asked = [{"id": "both"}, {"id": "here", "device": "cpu"}, {"id": "there", "device": "cuda"}]
    assert [each["id"] for each in questions.of_device(asked, device)] == ids


def test_the_words_that_calls_may_use(tmp_path: Path) -> None:
    made: list[Any] = []

    def tensor(*arguments: Any, **named: Any) -> None:
        made.append((arguments, named))

    torch = SimpleNamespace(tensor=tensor, full=tensor)
    words = questions.vocabulary(fakes.context(tmp_path, len, torch=torch, device="cuda"))
    words["T"]([1.0], requires_grad=True)
    words["full"]((2,), 1.0)
    assert made == [
        (([1.0],), {"dtype": None, "device": "cuda", "requires_grad": True}),
        (((2,), 1.0), {"dtype": None, "device": "cuda"}),
    ]
    assert words["f"] is len


def test_crash_hang_and_mistakes_of_ours_are_outcomes_too() -> None:
    asked = [{"id": key, "level": "effects", "call": "1"} for key in "abcde"]
    results: dict[str, Any] = {
        "a": {"ok": {"kind": "value", "text": "1"}},
        "b": {"crash": "SIGSEGV"},
        "c": {"timeout": "no answer within 120 s"},
        "d": {"harness-error": "KeyError: 'x'"},
    }
    assert questions.gather(asked, {"effects": results, "cost": {"e": {"ok": {}}}}) == {
        "a": {"kind": "value", "text": "1"},
        "b": {"kind": "crash", "text": "SIGSEGV"},
        "c": {"kind": "timeout", "text": "no answer within 120 s"},
        "d": {"kind": "harness-error", "text": "KeyError: 'x'"},
    }


def test_each_gives_a_row_in_which_one_error_does_not_hide_the_rest() -> None:
    assert questions.each([0, 1, 2], lambda number: 2 // number) == {"0": "ZeroDivisionError", "1": 2, "2": 1}
