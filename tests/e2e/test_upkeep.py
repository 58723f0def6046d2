"""``compat matrix`` and ``compat releases`` as a person and a CI job type them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compat import paths

if TYPE_CHECKING:
    from pathlib import Path

NOWHERE = "http://127.0.0.1:9/simple"
"""No index answers on this port."""


def compat(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours from the root of the project."""
    command = [sys.executable, "-m", "compat", *arguments]
    return subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    """A copy of the project's matrix."""
    path = tmp_path / "matrix.toml"
    shutil.copy(paths.MATRIX, path)
    return path


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """A survey in which the newest release has got a successor."""
    content = json.loads(paths.SURVEY.read_text(encoding="utf-8"))
    content["releases"].append({**content["releases"][-1], "torch": "99.0.0"})
    path = tmp_path / "survey.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_new_release_is_shown_then_written_then_known(matrix: Path, survey: Path) -> None:
    files = ("--matrix", str(matrix), "--survey", str(survey))
    before = matrix.read_bytes()
    looked = compat("matrix", "--check", *files)
    assert looked.returncode == 3
    assert '+torch = "99.0.0"' in looked.stdout
    assert "python -m compat matrix --refresh" in looked.stderr
    assert matrix.read_bytes() == before
    written = compat("matrix", "--refresh", *files)
    assert (written.returncode, written.stderr) == (0, "")
    assert "torch 99.0.0 with Python 3.11 (quick, full, every)" in written.stdout
    again = compat("matrix", "--check", *files)
    assert (again.returncode, again.stderr) == (0, "")
    assert "has every release of the survey" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["matrix"], 2, "give one of --refresh and --check"),
        (["matrix", "--check", "--matrix", "nowhere.toml"], 2, "nowhere.toml: cannot be read"),
        (["matrix", "--check", "--survey", "nowhere.json"], 2, "python -m compat survey"),
        (["releases", "--index", NOWHERE, "--survey", "nowhere.json"], 3, "nothing is known"),
        (["gate", "--new", "99.0.0"], 2, "99.0.0: no release on the index"),
        (["gate", "--new", "2.6.0", "--device", "tpu"], 2, "--device tpu: there is cpu and cuda"),
        (["gate"], 2, "--new"),
        (["survey", "--index", NOWHERE, "--out", "nowhere.json"], 3, "cannot read the index"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], code: int, says: str) -> None:
    done = compat(*arguments)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_gate_without_records_is_open_in_every_form(tmp_path: Path) -> None:
    nothing = ("gate", "--new", "2.6.0", "--records", str(tmp_path / "none"))
    done = compat(*nothing, "--markdown", str(tmp_path / "gate.md"))
    assert done.returncode == 3
    assert "no record of torch 2.6.0 on CPU" in " ".join(done.stdout.split())
    assert "is open" in (tmp_path / "gate.md").read_text(encoding="utf-8")
    machine = compat(*nothing, "--json")
    assert (machine.returncode, json.loads(machine.stdout)["exit_code"]) == (3, 3)


def test_releases_without_a_network_are_those_of_the_survey(
    matrix: Path, survey: Path, tmp_path: Path
) -> None:
    done = compat(
        "releases", "--json", "--index", NOWHERE, "--survey", str(survey), "--matrix", str(matrix),
        "--records", str(tmp_path / "none"),
    )  # fmt: skip
    assert done.returncode == 0
    assert "What follows is known from the survey of" in done.stderr
    found = json.loads(done.stdout)["releases"]
    assert found[-1]["torch"] == "99.0.0"
    assert found[-1]["row"] is None
    assert all(each["row"] for each in found[:-1])
    assert len(found) > 30
