"""The matrix against pip, with commands that do nothing and a clock that each of them sets forward."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.bench import matrices
from compat.bench.row_loops import Loops, Taken
from compat.matrix import load_matrix
from compat.phases import Phases
from compat.survey import load_survey

if TYPE_CHECKING:
    from collections.abc import Sequence


class Machine:
    """Stands for the machine: keeps what was run, and how many seconds each command takes."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ran: list[str] = []

    def clock(self) -> float:
        return self.now

    def run(self, command: Sequence[str], *, cwd: Path, **_options: Any) -> SimpleNamespace:
        words = " ".join(command)
        self.ran.append(words)
        if command[0] == "git":
            Path(command[-1]).mkdir()
            return SimpleNamespace(returncode=0)
        if " nox " in words:
            self._measure(cwd)
            self.now += 100
        elif "virtualenv" in words or " venv " in words:
            Path(command[-1]).mkdir()
            self.now += 1
        elif "compat.probe" in words:
            self.now += 50
        else:
            self.now += 20
            if "--cache-dir" in command:
                Path(command[command.index("--cache-dir") + 1]).mkdir(exist_ok=True)
        return SimpleNamespace(returncode=0)

    def _measure(self, copy: Path) -> None:
        work = copy / ".nox"
        (work / "matrix-torch-9").mkdir(parents=True)
        row = Phases(
            run="1", row="r", wheels="index", prefetch=0, paused=0, install=7, probe=0, downloaded=0,
            environment=0, disk=0,
        )  # fmt: skip
        with (work / "phases.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(row)) + "\n")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(subprocess, "run", made.run)
    return made


@pytest.fixture
def loops(machine: Machine, tmp_path: Path) -> Loops:
    rows = [
        row
        for row in load_matrix(paths.MATRIX, load_survey(paths.SURVEY))
        if row.first and row.torch in matrices.TORCHES
    ]
    return Loops(rows=rows, place=tmp_path, environment={}, uv="uv", clock=machine.clock)


@pytest.mark.parametrize(
    ("way", "taken"),
    [
        ("ours", Taken(whole=100, installing=7)),
        ("pip", Taken(whole=2 * 71, installing=2 * 21)),
        ("uv", Taken(whole=2 * 21, installing=2 * 21)),
    ],
)
def test_the_second_time_is_told_by_itself(way: str, taken: Taken, loops: Loops) -> None:
    assert [loops.go(way, "cold"), loops.go(way, "warm")] == [taken, taken]


def test_nothing_stays_behind(loops: Loops, tmp_path: Path) -> None:
    for way in matrices.ORDER:
        loops.go(*way.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == []


def test_pip_installs_what_the_matrix_installs(loops: Loops, machine: Machine) -> None:
    loops.go("pip", "cold")
    installs = [words for words in machine.ran if " pip install " in words]
    assert ["torch==1.13.1" in installs[0], "torch==2.2.2" in installs[1]] == [True, True]
    assert all("hypothesis==" in words and "numpy<2" in words for words in installs)


def test_the_lines_hold_both_caches_against_pip() -> None:
    seconds = {
        "ours cold": 100,
        "pip cold": 600,
        "uv cold": 20,
        "ours warm": 90,
        "pip warm": 180,
        "uv warm": 2,
    }
    taken = {way: Taken(whole=whole, installing=whole / 2) for way, whole in seconds.items()}
    lines = list(matrices.lines_of(taken, "1 and 2"))
    assert [(line.figure, line.met) for line in lines if line.target] == [
        ("6x", True),
        ("30x", True),
        ("2x", False),
        ("90x", True),
    ]
    assert [line.figure for line in lines if not line.target][:2] == [
        "100 s against 600 s",
        "10 s against 300 s",
    ]


def test_what_cannot_be_installed_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(command: Sequence[str], **_options: Any) -> None:
        raise subprocess.CalledProcessError(1, list(command))

    monkeypatch.setattr(matrices, "expose", lambda *_arguments: "")
    monkeypatch.setattr(matrices, "find_uv", lambda: "uv")
    monkeypatch.setattr(subprocess, "run", refuse)
    (line,) = matrices.matrix_lines()
    assert line.met is None
    assert "not measured: git ended with 1" in line.text


def test_without_uv_it_says_where_uv_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "find_uv", lambda: None)
    (line,) = matrices.matrix_lines()
    assert line.text.endswith("pip install nox[uv]")
