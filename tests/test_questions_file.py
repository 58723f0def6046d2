"""Every question of this contract, read as its authoring guide (QUESTIONS.md) asks them to be written."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.contract import load_contract
from compat.probe import questions, worker
from compat.probe.context import LEVELS
from tests.probe import fakes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compat.contract import Question

CONTRACT = load_contract(paths.CONTRACT)
LEAST = 80
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REFERENCE = re.compile(r"[\w.-]+/[\w.-]+#\d+")


def names_of(call: str) -> set[str]:
    """Return the names that an expression uses without giving them a meaning itself."""
    nodes = list(ast.walk(ast.parse(call, mode="eval")))
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return used - stored - {node.arg for node in nodes if isinstance(node, ast.arg)} - set(vars(builtins))


def mistakes_of(question: Question, words: dict[str, Any]) -> list[str]:
    """Return what is wrong with one question, taken alone."""
    unknown = sorted(names_of(question.call) - set(words))
    faults = {
        "its id is not in kebab-case": not KEBAB.fullmatch(question.id),
        "it asks in no sentence that ends with a question mark": not re.fullmatch(
            r"[A-Z].*\?", question.asks
        ),
        "it does not say why, in a sentence": not re.fullmatch(r".*\w.*\.", question.why),
        f"its level has no helper called {unknown}": bool(unknown),
        "its reference names no issue": not REFERENCE.fullmatch(question.reference or "a/b#1"),
        "it says what to avoid, and not where": bool(question.avoid) and question.expect is None,
    }
    return [f"{question.id}: {fault}" for fault, found in faults.items() if found]


@pytest.fixture(scope="module")
def words_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], dict[str, Any]]:
    """Return what gives the words that calls of a level may use."""
    folder: Path = tmp_path_factory.mktemp("words")
    contract = {**fakes.CONTRACT, "api": CONTRACT.api, "stub": CONTRACT.stub, "operator": CONTRACT.operator}
    torch = SimpleNamespace(__file__=str(folder / "__init__.py"))
    context = fakes.context(folder, len, torch=torch, contract=contract)
    modules = dict(worker.LEVELS)
    return lambda level: {**questions.vocabulary(context), **modules[level].helpers(context)}


def test_each_question_is_written_as_the_guide_asks(words_of: Callable[[str], dict[str, Any]]) -> None:
    words = {level: words_of(level) for level in LEVELS}
    assert [mistake for each in CONTRACT.questions for mistake in mistakes_of(each, words[each.level])] == []
    assert len(CONTRACT.questions) >= LEAST
    assert {each.level for each in CONTRACT.questions} == set(LEVELS)
    for key in (lambda each: each.id, lambda each: (each.call, each.device), lambda each: each.asks):
        assert [value for value, count in Counter(map(key, CONTRACT.questions)).items() if count > 1] == []


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("f([T([1.0])])", {"f", "T"}),
        ("each([1], lambda order: norms(order))", {"each", "norms"}),
        ("[norm.item() for norm in f([])]", {"f"}),
        ("len(f(*[1], **{'ord': inf}))", {"f", "inf"}),
    ],
)
def test_names_of(call: str, names: set[str]) -> None:
    assert names_of(call) == names


def test_the_guide_names_every_helper_s_module() -> None:
    guide = (paths.CONTRACT / "QUESTIONS.md").read_text(encoding="utf-8")
    for level, module in worker.LEVELS:
        assert level in guide
        if level not in ("agreement", "accuracy"):
            assert f"`{module.__name__.rsplit('.', 1)[1]}.py`" in guide
