"""What a person who runs ``python -m compat.bench`` is told, with made-up figures."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.bench import __main__ as command
from compat.bench import surveys
from compat.bench.lines import at_most
from compat.bench.replaying import replay_lines
from compat.errors import ExitCode
from compat.surveying.web import WebError

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(("figure", "code"), [(1.0, ExitCode.HOLDS), (11.0, ExitCode.CONTRADICTED)])
def test_a_missed_target_is_the_exit_code(
    figure: float, code: ExitCode, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "report_lines", lambda: [at_most("report", [figure], 10, " s")])
    assert command.main(["report"]) == code
    assert "processors, load" in capsys.readouterr().out


def test_without_a_torch_the_replay_is_not_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["replay"]) == ExitCode.HOLDS
    assert "not measured: no --python with a torch" in capsys.readouterr().out


def test_an_unknown_name_is_a_mistake_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command.main(["speed"])
    assert caught.value.code == ExitCode.USAGE
    assert "there is no speed; there is replay, report, survey, matrix" in capsys.readouterr().err


def test_the_replay_is_held_against_the_bare_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"cases": "2.0 0.4 2500", "bare": "1.6 0.4 2500", "bare once": "1.25 0.4 2500"}

    def run(arguments: Sequence[Any], **_options: Any) -> SimpleNamespace:
        return SimpleNamespace(stdout=seconds.get(arguments[-1], "3.0 0.0 2600"))

    monkeypatch.setattr(subprocess, "run", run)
    lines = list(replay_lines(Path("python"), rounds=2))
    assert [(line.figure, line.met) for line in lines] == [
        ("1,250 (1,250 to 1,250)", True),
        ("1.25x (1.25 to 1.25)", True),
        ("1.33x (1.33 to 1.33)", None),
        ("1.6x (1.6 to 1.6)", None),
        ("1,562 (1,562 to 1,562)", None),
        ("1x (1 to 1)", None),
    ]


def test_without_an_index_the_survey_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: Any, **_options: Any) -> None:
        message = "out of reach"
        raise WebError(message)

    monkeypatch.setattr(surveys, "take_survey", refuse)
    (line,) = surveys.survey_lines()
    assert line.figure == "not measured: no index (out of reach)"
