"""Whatever a worker does, the supervisor says what it was, goes on behind it, and leaves no process."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import ROOT, supervisor
from compat.probe.supervisor import (
    MOST_CHANGES_OF_A_LEVEL,
    MOST_ENDS_OF_A_LEVEL,
    Measurement,
    Supervisor,
)

if TYPE_CHECKING:
    from collections.abc import Callable

WORKER = Path(__file__).with_name("fake_worker.py")
LEVEL = "level"
QUICK = 1.0


def step(key: str, do: str = "answer", argument: Any = None, level: str = LEVEL) -> dict[str, Any]:
    return {"level": level, "key": key, "do": do, "with": argument}


def supervise(*steps: dict[str, Any], levels: tuple[str, ...] = (LEVEL,), **options: Any) -> Measurement:
    """Put steps through workers, and see that no worker is left."""
    measurement = Measurement()
    command = [sys.executable, "-S", str(WORKER), json.dumps(steps)]
    Supervisor(command, **{"step_seconds": QUICK, **options}).measure(list(levels), measurement)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    return measurement


def done(*keys: str) -> dict[str, Any]:
    return {key: {"ok": f"{key} done"} for key in keys}


def gone(path: Path) -> bool:
    """Wait until the process whose number is in the file has gone; an orphan may wait to be reaped."""
    number = int(path.read_text(encoding="utf-8"))
    for _ in range(100):
        try:
            state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state in "ZX":
            return True
        time.sleep(0.02)
    return False


def test_an_ordinary_end() -> None:
    seen: list[tuple[str, str]] = []
    measurement = supervise(
        step("provenance", "say", {"provenance": {"torch_version": "2.6.0"}}),
        step("a"),
        step("b"),
        step("c", level="another"),
        step("d", level="not asked for"),
        levels=(LEVEL, "another"),
        started=lambda level, key: seen.append((level, key)),
    )
    assert measurement.results == {LEVEL: done("a", "b"), "another": done("c")}
    assert measurement.provenance == {"torch_version": "2.6.0"}
    assert measurement.failure is None
    assert list(measurement.seconds) == [LEVEL, "another"]
    assert seen == [(LEVEL, "a"), (LEVEL, "b"), ("another", "c")]


@pytest.mark.parametrize(
    ("do", "argument", "outcome"),
    [
        ("segv", None, {"crash": "SIGSEGV"}),
        ("abort", None, {"crash": "SIGABRT"}),
        ("out of memory", None, {"crash": "SIGKILL"}),
        ("exit", "last words", {"crash": "exit code 3: last words"}),
        ("exit", "", {"crash": "exit code 3"}),
        ("hang", None, {"timeout": "no answer within 1 s"}),
        ("hang on", None, {"timeout": "no answer within 1 s"}),
        ("garbage", "no json\n", {"harness-error": "the journal holds a line that is no entry: b'no json'"}),
        ("garbage", "[1]\n", {"harness-error": "the journal holds a line that is no entry: b'[1]'"}),
        ("garbage", "no end of a line", {"timeout": "no answer within 1 s"}),
    ],
)
def test_a_step_that_ends_its_worker_is_an_outcome_and_the_rest_goes_on(
    do: str, argument: Any, outcome: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ENDING_SECONDS", 0.3)
    measurement = supervise(step("before"), step("fatal", do, argument), step("behind"))
    assert measurement.results == {LEVEL: {**done("before"), "fatal": outcome, **done("behind")}}
    assert list(measurement.results[LEVEL]) == ["before", "fatal", "behind"]
    assert measurement.failure is None


def test_several_crashes_in_several_levels() -> None:
    measurement = supervise(
        step("a", "segv"),
        step("b", "segv"),
        step("c"),
        step("d", "abort", level="another"),
        step("e", level="another"),
        levels=(LEVEL, "another"),
    )
    crash = {"crash": "SIGSEGV"}
    assert measurement.results == {
        LEVEL: {"a": crash, "b": crash, **done("c")},
        "another": {"d": {"crash": "SIGABRT"}, **done("e")},
    }


KNOWN = step("provenance", "say", {"provenance": {"torch_version": "2.6.0"}})


@pytest.mark.parametrize(
    ("steps", "phase", "message"),
    [
        ([step("x", "die", "no such library")], "import", "between steps: exit code 3: no such library"),
        ([step("x", "be killed")], "import", "between steps: SIGSEGV"),
        ([KNOWN, step("x", "be killed")], "probe", "between steps: SIGSEGV"),
        ([KNOWN, step("a"), step("x", "die", "")], "probe", "between steps: exit code 3"),
        ([KNOWN, step("x", "half a line")], "probe", "between steps: exit code 0"),
        ([step("x", "say", [1]), step("a")], "import", "the journal holds a line that is no entry: b'[1]'"),
        (
            [step("x", "say", {"import_failed": "ImportError: libc"}), step("y", "die", "")],
            "import",
            "ImportError",
        ),
        ([step("x", "say", {"device_missing": "no CUDA"}), step("y", "die", "")], "device", "no CUDA"),
    ],
)
def test_death_between_steps_is_a_failure_of_the_run(
    steps: list[dict[str, Any]], phase: str, message: str
) -> None:
    measurement = supervise(*steps)
    assert measurement.failure is not None
    assert measurement.failure["phase"] == phase
    assert message in measurement.failure["message"]
    assert measurement.results == ({LEVEL: done("a")} if step("a") in steps and phase == "probe" else {})


def test_an_import_without_end_says_that_it_had_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "PATIENCE_SECONDS", 0.7)
    start = time.monotonic()
    measurement = supervise(step("import", "wait"))
    assert measurement.failure == {
        "phase": "import",
        "message": "the worker ended between steps: no answer within 0.7 s",
    }
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("do", "outcome"),
    [
        ("leave a child", {"ok": "x done"}),
        ("leave a child with the pipe", {"ok": "x done"}),
        ("leave a child and crash", {"crash": "SIGSEGV"}),
    ],
)
def test_what_a_worker_leaves_behind_is_killed_and_delays_nobody(
    do: str, outcome: dict[str, str], tmp_path: Path
) -> None:
    child = tmp_path / "child"
    start = time.monotonic()
    measurement = supervise(step("x", do, str(child)), step("y"), step_seconds=60.0)
    assert measurement.results == {LEVEL: {"x": outcome, **done("y")}}
    assert gone(child)
    assert time.monotonic() - start < 10


def test_a_level_that_ends_its_worker_too_often_is_given_up_and_the_next_begun() -> None:
    steps = [step(str(number), "segv") for number in range(MOST_ENDS_OF_A_LEVEL + 2)]
    measurement = supervise(*steps, step("z", level="another"), levels=(LEVEL, "another"))
    assert measurement.failure is None
    assert len(measurement.results[LEVEL]) == MOST_ENDS_OF_A_LEVEL
    assert measurement.results["another"] == done("z")
    (given_up,) = measurement.given_up
    assert given_up == {
        "level": LEVEL,
        "behind": str(MOST_ENDS_OF_A_LEVEL - 1),
        "why": f"{MOST_ENDS_OF_A_LEVEL} of its steps ended the worker",
    }


@pytest.mark.parametrize(("hangs", "tried"), [(1, 3), (2, 2)])
def test_a_level_that_hangs_twice_is_given_up(hangs: int, tried: int) -> None:
    steps = [step(str(number), "hang" if number < hangs else "answer") for number in range(3)]
    measurement = supervise(*steps, step("z", level="another"), levels=(LEVEL, "another"), step_seconds=0.5)
    assert len(measurement.results[LEVEL]) == tried
    assert len(measurement.given_up) == hangs - 1
    assert measurement.results["another"] == done("z")


def test_after_a_few_hangs_everything_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "MOST_HANGS", 3)
    levels = ("a", "b", "c")
    steps = [step(str(number), "hang", level=level) for level in levels for number in range(2)]
    measurement = supervise(*steps, levels=levels, step_seconds=0.5)
    assert [each["level"] for each in measurement.given_up] == ["a", "b", "c"]
    assert "hung 3 times" in measurement.given_up[-1]["why"]
    assert "c" not in measurement.results


def test_each_level_has_its_own_patience() -> None:
    steps = [step("x", "hang"), step("y", "hang", level="another")]
    measurement = supervise(*steps, levels=(LEVEL, "another"), step_seconds={LEVEL: 0.5, "another": 0.7})
    assert measurement.results[LEVEL]["x"] == {"timeout": "no answer within 0.5 s"}
    assert measurement.results["another"]["y"] == {"timeout": "no answer within 0.7 s"}


def test_a_step_that_changes_the_process_keeps_its_answer_and_renews_the_worker() -> None:
    measurement = supervise(step("a"), step("b", "leave"), step("c"), step("d"))
    assert measurement.results == {LEVEL: done("a", "b", "c", "d")}
    assert measurement.left == [
        {"level": LEVEL, "key": "b", "what": "threads: 1 -> 2; default dtype: x -> y"}
    ]
    assert measurement.failure is None


def test_a_level_that_changes_the_process_at_each_step_is_given_up_and_the_next_begun() -> None:
    steps = [step(str(number), "leave") for number in range(MOST_CHANGES_OF_A_LEVEL + 2)]
    measurement = supervise(*steps, step("z", level="another"), levels=(LEVEL, "another"))
    assert len(measurement.results[LEVEL]) == len(measurement.left) == MOST_CHANGES_OF_A_LEVEL
    assert measurement.results["another"] == done("z")
    (given_up,) = measurement.given_up
    assert given_up["why"] == f"{MOST_CHANGES_OF_A_LEVEL} of its steps changed the process"


def test_the_last_step_may_change_the_process() -> None:
    measurement = supervise(step("a"), step("b", "leave"))
    assert measurement.results == {LEVEL: done("a", "b")}
    assert measurement.failure is None


def interrupting(after: float, again: float | None = None) -> Callable[[str, str], None]:
    """Return a ``started`` that interrupts this process a while behind the step's begin."""

    def interrupt() -> None:
        time.sleep(after)
        os.kill(os.getpid(), signal.SIGINT)
        if again is not None:
            time.sleep(again)
            os.kill(os.getpid(), signal.SIGINT)

    return lambda _level, _key: threading.Thread(target=interrupt, daemon=True).start()


@pytest.mark.parametrize(("do", "again"), [("hang", None), ("hang on", None), ("hang on", 0.2)])
def test_an_interruption_ends_the_worker(
    do: str, again: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ENDING_SECONDS", 0.5)
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            supervise(step("x", do), step_seconds=60.0, started=interrupting(0.3, again))
    finally:
        signal.signal(signal.SIGINT, previous)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_worker_that_is_done_and_does_not_leave_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LEAVING_SECONDS", 0.3)
    start = time.monotonic()
    measurement = supervise(step("a"), step("done", "say", {"done": True}), step("leave", "wait"))
    assert (measurement.results, measurement.failure) == ({LEVEL: done("a")}, None)
    assert time.monotonic() - start < 5


def test_the_worker_finds_the_checkout_and_the_variables_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = (
        "import json, os, sys; pipe = int(sys.argv[sys.argv.index('--pipe') + 1]);"
        "said = {'provenance': {'folder': os.getcwd(), 'variable': os.environ['A_VARIABLE']}};"
        "os.write(pipe, (json.dumps(said) + chr(10) + json.dumps({'done': True}) + chr(10)).encode())"
    )
    measurement = Measurement()
    command = [sys.executable, "-c", code]
    Supervisor(command, environment={"A_VARIABLE": "its value"}).measure([LEVEL], measurement)
    assert measurement.provenance == {"folder": str(ROOT), "variable": "its value"}


def test_the_real_workers_command_names_the_contract_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = supervisor.worker_command(Path("contract"), "cpu", "full")
    assert command[0] == sys.executable
    assert command[command.index("--contract") + 1] == str(tmp_path / "contract")
