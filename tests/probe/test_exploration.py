"""What exploring found, or why there is nothing: however the process that looks for it ends."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import budgets, exploration
from compat.probe.exploration import Exploration

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: What the stand-in for the explorer can say: in the journal, and in its report.
SAYING = """
import json, os, sys, time
told = dict(zip(sys.argv[1::2], sys.argv[2::2]))
again = json.loads(told.get('--after', 'null'))
def say(entry): os.write(int(told['--pipe']), json.dumps(entry).encode() + b'\\n')
def report(entry):
    with open({report!r}, 'a') as stream: stream.write(json.dumps(entry) + chr(10))
def tries(case, name='ordinary 0'): say({{'begin': ['exploration', name + ': ' + json.dumps(case)]}})
def done(): say({{'done': True}})
"""
SMALL = {"ord": 2, "tensors": [["float32", [1], "contiguous", "unit", 0]]}
LARGER = {"ord": 2, "tensors": [["float32", [9], "contiguous", "unit", 0]]}
ROUND = {"round": "ordinary", "hypothesis": "6.141.1", "largest": {}, "structures": 3}


class Explored(Exploration):
    """An exploration whose explorer is a few lines of Python."""

    script = ""

    def _command(self) -> list[str]:
        return [sys.executable, "-S", "-c", SAYING.format(report=str(self._report)) + self.script]


@pytest.fixture
def explore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start an exploration with the given script; nothing of it stays."""
    monkeypatch.setattr(exploration, "missing", lambda: None)
    started: list[Exploration] = []

    def start(script: str, references: tuple[str, ...] = ("norm",)) -> Exploration:
        monkeypatch.setattr(Explored, "script", script)
        started.append(
            Explored(
                contract=tmp_path,
                device="cpu",
                seconds=20.0,
                seed=5,
                lock=tmp_path / "quiet.lock",
                references=references,
            )
        )
        return started[-1]

    yield start
    for each in started:
        each.stop()
        each._folder.cleanup()


def result_of(exploring: Exploration) -> dict[str, Any]:
    exploring.wait()
    return exploring.result()


def found(kind: str, case: dict[str, Any], **codes: str) -> dict[str, Any]:
    return {"kind": kind, "case": case, "codes": codes, "message": kind}


def test_an_exploration_that_finds_nothing(explore: Any) -> None:
    assert result_of(explore(f"tries({SMALL}); tries({LARGER}); report({ROUND}); done()")) == {
        "seed": 5,
        "seconds": 20.0,
        "examples": 2,
        "hypothesis": "6.141.1",
        "failures": [],
        "passed": True,
        "rounds": 1,
        "largest": [],
        "structures": 3,
        "stopped": None,
    }


def test_the_smallest_case_of_each_kind_is_kept(explore: Any) -> None:
    entries = [
        found("one", LARGER, norm="X"),
        found("two", LARGER, norm="f"),
        found("one", SMALL, norm="X"),
        found("one", LARGER, norm="X"),
    ]
    reports = "".join(f"report({entry})\n" for entry in entries)
    result = result_of(explore(f"tries({SMALL})\n{reports}done()"))
    assert result["passed"] is False
    assert result["failures"] == [
        {"case": SMALL, "codes": {"norm": "X"}, "message": "one"},
        {"case": LARGER, "codes": {"norm": "f"}, "message": "two"},
    ]


def test_the_largest_share_of_each_dtype_is_kept_with_its_case(explore: Any) -> None:
    def largest(share: float, case: dict[str, Any]) -> dict[str, Any]:
        seen = {"against": "norm", "dtype": "float32", "ulps": 1.0, "bound_share": share, "case": case}
        return {**ROUND, "largest": {"float32 norm": seen}}

    reports = "".join(f"report({largest(*each)})\n" for each in [(0.1, SMALL), (0.7, LARGER), (0.2, SMALL)])
    result = result_of(explore(f"tries({SMALL})\n{reports}done()"))
    assert [(each["bound_share"], each["case"]) for each in result["largest"]] == [(0.7, LARGER)]
    assert result["rounds"] == 3


def test_a_crash_is_a_finding_and_another_explorer_goes_on(explore: Any) -> None:
    script = f"""
if again is None:
    tries({SMALL}); tries({LARGER}); os.kill(os.getpid(), 11)
assert again[1].startswith('ordinary 0: ')
tries({SMALL}, 'single 0'); report({ROUND}); done()
"""
    result = result_of(explore(script))
    assert result["examples"] == 3
    assert result["failures"] == [
        {"case": LARGER, "codes": {"norm": "!", "monitor": "!"}, "message": "the process ended: SIGSEGV"}
    ]
    assert result["passed"] is False


def test_a_crash_is_told_by_its_smaller_case_where_one_was_found(explore: Any) -> None:
    script = f"""
if again is None:
    tries({LARGER}); os.kill(os.getpid(), 6)
report({{'culprit': {LARGER}, 'smaller': {SMALL}}}); done()
"""
    (failure,) = result_of(explore(script))["failures"]
    assert (failure["case"], failure["message"]) == (SMALL, "the process ended: SIGABRT")


def test_a_hang_is_a_finding(explore: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "EXAMPLE_SECONDS", 0.3)
    script = f"tries({SMALL}) if again is None else done()\ntime.sleep(600 if again is None else 0)"
    (failure,) = result_of(explore(script))["failures"]
    assert failure == {
        "case": SMALL,
        "codes": {"norm": "T", "monitor": "T"},
        "message": "no answer within 0.3 s",
    }


def test_an_explorer_that_dies_again_and_again_is_given_up_and_says_so(explore: Any) -> None:
    result = result_of(explore(f"tries({SMALL}); os.kill(os.getpid(), 11)"))
    assert result["stopped"] == "12 of its steps ended the worker"
    assert len(result["failures"]) == 1


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("done()", "it ended at once"),
        ("sys.exit('torch is broken')", "exit code 1: torch is broken"),
        ("say({'import_failed': 'ImportError: no'})", "ImportError: no"),
    ],
)
def test_an_exploration_without_an_example_did_not_run(script: str, why: str, explore: Any) -> None:
    (reason,) = result_of(explore(script)).values()
    assert why in reason


def test_mistakes_of_ours_are_told_and_are_no_findings(explore: Any) -> None:
    script = f"tries({SMALL}); report({{'harness': 'TypeError: no', 'case': {SMALL}}}); done()"
    result = result_of(explore(script))
    assert result["stopped"] == "1 examples could not be judged, the first: TypeError: no"
    assert result["failures"] == []


def test_a_report_that_was_cut_in_a_line_is_read_up_to_it(tmp_path: Path) -> None:
    (tmp_path / "report").write_text('{"a": 1}\n{"b": ', encoding="utf-8")
    assert exploration.read(tmp_path / "report") == [{"a": 1}]
    assert exploration.read(tmp_path / "none") == []


def test_an_exploration_without_end_is_ended(explore: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "GRACE_SECONDS", -19.5)
    begin = time.monotonic()
    result = result_of(explore(f"while True: tries({SMALL}); time.sleep(0.05)"))
    assert time.monotonic() - begin < 10
    assert result["stopped"] == "it did not end in 0.5 s"
    assert result["examples"] > 0


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
    exploring = explore(f"tries({SMALL}); done()")
    exploring.wait()
    exploring.stop()
    exploring.stop()
    assert exploring.result()["examples"] == 1


def test_the_explorer_is_told_seed_budget_and_contract(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploration, "missing", lambda: "nothing is run here")
    exploring = Exploration(contract=tmp_path, device="cpu", seconds=20.0, seed=5, lock=tmp_path / "lock")
    exploring._report = tmp_path / "report"
    command = exploring._command()
    assert command[:3] == [sys.executable, "-m", "compat.probe.explorer"]
    told = dict(zip(command[3::2], command[4::2], strict=True))
    assert (told["--seed"], told["--contract"], told["--device"]) == ("5", str(tmp_path), "cpu")
    assert float(told["--seconds"]) == 20.0


@pytest.mark.parametrize(
    ("absent", "why"), [(True, "hypothesis is not installed beside this torch"), (False, None)]
)
def test_what_is_missing_is_why_nothing_is_explored(
    *,
    absent: bool,
    why: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None if absent else object())
    assert exploration.missing() == why
    if why:
        exploring = Exploration(contract=tmp_path, device="cpu", seconds=9.0, seed=1, lock=tmp_path / "l")
        assert result_of(exploring) == {"not_run": why}
        assert not (tmp_path / "l").exists()


def test_what_the_record_tells_is_json(explore: Any) -> None:
    assert json.loads(json.dumps(result_of(explore(f"tries({SMALL}); done()"))))["seed"] == 5
