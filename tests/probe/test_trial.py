"""A trial asks the questions that are named, with the helpers of their levels, and says what is missing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import trial, worker
from compat.probe.context import LEVELS
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path

ASKED = [
    {"id": "first", "level": "call shapes", "call": "f(-1)"},
    {"id": "second", "level": "effects", "call": "twice(f(-1))"},
    {"id": "third", "level": "effects", "call": "f(-3)", "device": "cuda"},
]


@pytest.fixture(autouse=True)
def two_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    helpers = {"call shapes": {}, "effects": {"twice": lambda number: 2 * number}}
    levels = [
        (name, SimpleNamespace(helpers=lambda _, found=found: found)) for name, found in helpers.items()
    ]
    monkeypatch.setattr(worker, "LEVELS", levels)


@pytest.mark.parametrize(
    ("wanted", "levels", "texts"),
    [
        ([], LEVELS, {"first": "1", "second": "2"}),
        (["second"], LEVELS, {"second": "2"}),
        ([], ["call shapes"], {"first": "1"}),
        (["first"], ["effects"], {}),
        (["third"], LEVELS, {}),
    ],
)
def test_asked(wanted: list[str], levels: list[str], texts: dict[str, str], tmp_path: Path) -> None:
    context: Any = fakes.context(tmp_path, abs, contract={**fakes.CONTRACT, "questions": ASKED})
    found = {identity: step()["text"] for identity, step in trial.asked(context, wanted, levels)}
    assert found == texts


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a question, or a --level"),
        (["--call", "f([])"], "--call needs --level"),
        (["--level", "magic"], "invalid choice"),
    ],
)
def test_a_trial_of_nothing_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        trial.parse(arguments)
    assert ended.value.code == trial.USAGE
    assert message in capsys.readouterr().err
