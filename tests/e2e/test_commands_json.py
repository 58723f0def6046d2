"""What commands say for machines, and to a person who mistypes, over the records of this repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from compat.cli import main
from compat.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (["verdict", "--json"], {"api", "sentence", "exit_code", "releases", "claims", "note"}),
        (["list", "--json"], {"api", "claims", "questions"}),
        (["explain", "empty-list", "--json"], {"id", "claims", "question", "answers"}),
        (["explain", "speedup", "--json"], {"id", "claims", "question", "answers"}),
        (["diff", "2.0.0", "2.1.0", "--json"], {"from", "to", "changes", "broken", "mind", "exit_code"}),
    ],
)
def test_every_answer_is_there_for_machines(
    arguments: list[str], keys: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(arguments)
    content = json.loads(capsys.readouterr().out)
    assert keys <= set(content)
    assert content.get("exit_code", code) == code


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list", "--level", "seventh"], "--level seventh: there is surface, call shapes"),
        (["diff", "2.0.0"], "name two releases, or a project file with --from-pin"),
        (["diff", "2.0.0", "2.1.0", "--device", "tpu"], "--device tpu: there is cpu and cuda"),
        (["diff", "--from-pin", "gone.toml"], "gone.toml: no such file"),
        (["explain", "empty-lists", "--json"], "Did you mean empty-list"),
    ],
)
def test_mistakes_end_with_two_and_say_what_to_do(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == ExitCode.USAGE
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[project]\n", "requires no torch"),
        ("[project\n", "not read as what its name says"),
        ('[project]\ndependencies = ["torch==1.9.0"]\n', "so nothing is to compare"),
    ],
)
def test_a_pin_that_tells_nothing_is_a_mistake(
    tmp_path: Path, text: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert main(["diff", "--from-pin", str(tmp_path / "pyproject.toml")]) == ExitCode.USAGE
    assert says in capsys.readouterr().err


def test_the_list_can_be_cut_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--level", "effects", "--relied", "--json"]) == ExitCode.HOLDS
    questions = json.loads(capsys.readouterr().out)["questions"]
    assert questions
    assert all(each["level"] == "effects" and each["relied"] for each in questions)
