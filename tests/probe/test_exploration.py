"""What exploring found, or why there is nothing: however the tests that look for it end."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import ROOT, exploration
from compat.probe.exploration import Exploration

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT_AND = f"""
import json, os, sys, time
def report(entry):
    with open(os.environ['{exploration.REPORT}'], 'a') as stream:
        stream.write(json.dumps(entry) + chr(10))
"""
ENDED = {"test": "t", "examples": 7, "hypothesis": "6.141.1"}


class Explored(Exploration):
    """An exploration whose tests are a few lines of Python."""

    script = ""

    def _command(self) -> list[str]:
        return [sys.executable, "-S", "-c", REPORT_AND + self.script]


@pytest.fixture
def explore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start an exploration with the given script; nothing of it stays."""
    monkeypatch.setattr(exploration, "missing", lambda: None)
    started: list[Exploration] = []

    def start(script: str) -> Exploration:
        monkeypatch.setattr(Explored, "script", script)
        started.append(
            Explored(contract=tmp_path, device="cpu", profile="quick", seed=5, lock=tmp_path / "quiet.lock")
        )
        return started[-1]

    yield start
    for each in started:
        each.stop()
        each._folder.cleanup()


def result_of(exploring: Exploration) -> dict[str, Any]:
    exploring.wait()
    return exploring.result()


def test_an_exploration_that_finds_nothing(explore: Any) -> None:
    assert result_of(explore(f"report({ENDED}); report({ENDED})")) == {
        "seed": 5,
        "examples": 14,
        "hypothesis": "6.141.1",
        "failures": [],
        "passed": True,
    }


def test_the_last_failure_of_each_kind_is_kept(explore: Any) -> None:
    def found(test: str, size: int, **codes: str) -> dict[str, Any]:
        return {"test": test, "case": {"ord": 2, "tensors": [size]}, "codes": codes, "message": str(size)}

    entries = [
        found("one", 9, norm="X"),
        found("one", 5, norm="X"),
        found("one", 7, norm="f"),
        found("one", 1, norm="X"),
        found("two", 3, norm="X"),
        ENDED,
    ]
    result = result_of(explore("".join(f"report({entry})\n" for entry in entries) + "sys.exit(1)"))
    assert result["passed"] is False
    assert [(each["message"], each["codes"]) for each in result["failures"]] == [
        ("1", {"norm": "X"}),
        ("7", {"norm": "f"}),
        ("3", {"norm": "X"}),
    ]
    assert all(set(each) == {"case", "codes", "message"} for each in result["failures"])


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("", "ended with code 0, after 0 examples"),
        ("print('torch is broken'); sys.exit(2)", "ended with code 2, after 0 examples: torch is broken"),
        (f"report({ENDED}); sys.exit(4)", "ended with code 4, after 7 examples"),
        (f"report({ENDED}); os.kill(os.getpid(), 11)", "ended with code -11, after 7 examples"),
    ],
)
def test_an_exploration_that_ended_badly_did_not_run(script: str, why: str, explore: Any) -> None:
    (reason,) = result_of(explore(script)).values()
    assert why in reason


def test_a_report_that_was_cut_in_a_line_is_read_up_to_it(explore: Any) -> None:
    script = (
        f"report({ENDED}); stream = open(os.environ['{exploration.REPORT}'], 'a');"
        'stream.write(\'{"test": "t", "ca\'); stream.flush(); os.kill(os.getpid(), 9)'
    )
    assert "ended with code -9, after 7 examples" in result_of(explore(script))["not_run"]


def test_an_exploration_without_end_is_ended_with_all_it_started(
    explore: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploration, "LIMIT_SECONDS", 0.6)
    child = tmp_path / "child"
    script = f"child = os.fork()\nif child: open({str(child)!r}, 'w').write(str(child))\ntime.sleep(600)"
    result = result_of(explore(script))
    assert result["not_run"].startswith("the exploring tests did not end in 0.6 s")
    number = int(child.read_text(encoding="utf-8"))
    state = ""
    for _ in range(100):
        try:
            state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state in "ZX":
            return
        time.sleep(0.02)
    pytest.fail(f"process {number} is still there: {state}")


def can_lock(path: Path) -> bool:
    with path.open("a", encoding="utf-8") as other:
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def test_nobody_times_while_it_runs_and_everybody_may_behind_it(explore: Any, tmp_path: Path) -> None:
    exploring = explore("time.sleep(600)")
    assert not can_lock(tmp_path / "quiet.lock")
    exploring.stop()
    exploring.wait()
    assert can_lock(tmp_path / "quiet.lock")


def test_stopping_twice_or_behind_the_end_is_nothing(explore: Any) -> None:
    exploring = explore(f"report({ENDED})")
    exploring.wait()
    exploring.stop()
    exploring.stop()
    assert exploring.result()["examples"] == 7


def test_the_tests_are_told_what_to_explore_and_nothing_a_person_set(
    explore: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--exitfirst")
    monkeypatch.chdir(tmp_path)
    told = tmp_path / "told.json"
    result_of(explore(f"json.dump([os.getcwd(), dict(os.environ)], open({str(told)!r}, 'w'))"))
    folder, variables = json.loads(told.read_text(encoding="utf-8"))
    assert folder == str(ROOT)
    assert variables["PYTEST_ADDOPTS"] == ""
    assert variables[exploration.CONTRACT] == str(tmp_path)
    assert variables[exploration.EXAMPLES] == str(exploration.EXAMPLES_BY_PROFILE["quick"])
    assert variables[exploration.DEVICE] == "cpu"


def test_warnings_are_no_errors_and_the_seed_is_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploration, "missing", lambda: "nothing is run here")
    exploring = Exploration(contract=tmp_path, device="cpu", profile="quick", seed=5, lock=tmp_path / "lock")
    command = exploring._command()
    assert command[:3] == [sys.executable, "-m", "pytest"]
    assert "--hypothesis-seed=5" in command
    assert command[command.index("-W") + 1] == "ignore"


@pytest.mark.parametrize("variables", [{}, {"CI": "true"}])
def test_the_seed_decides_what_is_drawn_also_on_a_ci_machine(variables: dict[str, str]) -> None:
    """Hypothesis draws the same on every CI run unless told otherwise; then no run would explore."""
    finished = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tests.contract.test_explore import exploring as e; print(e.derandomize)",
        ],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert finished.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        ("pytest", "pytest is not installed beside this torch"),
        ("hypothesis", "hypothesis is not installed beside this torch"),
        ("tests", "tests/contract is not in this checkout"),
        (None, None),
    ],
)
def test_what_is_missing_is_why_nothing_is_explored(
    absent: str | None, why: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == absent else object())
    monkeypatch.setattr(exploration, "TESTS", tmp_path / ("none" if absent == "tests" else "."))
    assert exploration.missing() == why
    if why:
        exploring = Exploration(contract=tmp_path, device="cpu", profile="full", seed=1, lock=tmp_path / "l")
        assert result_of(exploring) == {"not_run": why}
        assert not os.path.lexists(tmp_path / "l")
