"""nox as a person types it, in a checkout of its own: listings, mistakes, and one row for real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from compat import paths
from compat.errors import ExitCode
from compat.matrix import load_matrix, select
from compat.probe.record import sealed
from compat.survey import load_survey
from tests.builders import absent

if TYPE_CHECKING:
    from pathlib import Path

ROW = "1.10.2"
"""The smallest to measure: the function is not there."""


@dataclass(frozen=True)
class Checkout:
    """A copy of the files that git knows or would take, as a fresh clone has them; no records in it."""

    folder: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command as from a fresh terminal; its output and errors come in one text."""
        own = ("NOX", "UV_", "VIRTUAL_ENV", "PYTEST", "PYTHONPATH")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**environment, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def nox(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "nox", "--script-mode", "none", *arguments)

    def record(self, torch: str) -> Path:
        return self.folder / "reports" / "records" / f"torch-{torch}-py3.9-cpu.json"

    def keep(self, whole: dict[str, Any]) -> None:
        """Write a record as if it had been measured today."""
        name = f"torch-{whole['torch']}-py{whole['python']}-cpu.json"
        path = self.folder / "reports" / "records" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(sealed(whole)), encoding="utf-8")

    def todays_digests(self) -> dict[str, str]:
        code = "import json; from compat.probe import digests; print(json.dumps(digests.current()))"
        return dict(json.loads(self.run(sys.executable, "-c", code).stdout))

    def amend_matrix(self, old: str, new: str) -> None:
        matrix = self.folder / "matrix.toml"
        text = matrix.read_text(encoding="utf-8")
        assert old in text
        matrix.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return clone(tmp_path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, str]:
    """Return a checkout in which bootstrap.py has run once, and what it said."""
    fresh = clone(tmp_path_factory.mktemp("clone"))
    done = fresh.run(sys.executable, "bootstrap.py", "-l")
    assert done.returncode == 0, done.stdout
    return fresh, done.stdout


def clone(folder: Path) -> Checkout:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=paths.ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        source = paths.ROOT / name
        if source.is_file() and paths.RECORDS not in source.parents:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return Checkout(folder)


def expected_sessions(tag: str) -> list[str]:
    rows = select(load_matrix(paths.MATRIX, load_survey(paths.SURVEY)), tag)
    return [*(f"matrix({row.name})" for row in rows), "report"]


def test_listing_shows_every_row_and_marks_the_quick_ones(checkout: Checkout) -> None:
    done = checkout.nox("-l")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    marked = [line.split()[1] for line in lines if line.startswith("* ")]
    assert marked == expected_sessions("quick")
    listed = {line.split()[1] for line in lines if line.startswith(("* ", "- "))}
    assert listed > {*expected_sessions("every"), "tests", "lint"}


@pytest.mark.parametrize(
    ("arguments", "sessions"),
    [
        pytest.param([], expected_sessions("quick"), id="the main job"),
        pytest.param(["-t", "full"], expected_sessions("full"), id="by tag"),
        pytest.param(["-s", f"matrix(torch-{ROW})"], [f"matrix(torch-{ROW})"], id="by name"),
        pytest.param(["-k", "report or lint"], ["report", "lint"], id="by word"),
    ],
)
def test_the_listing_for_machines(checkout: Checkout, arguments: list[str], sessions: list[str]) -> None:
    done = checkout.nox(*arguments, "-l", "--json")
    assert [entry["session"] for entry in json.loads(done.stdout)] == sessions


def test_a_wrong_matrix_is_a_message_and_exit_code_2(checkout: Checkout) -> None:
    checkout.amend_matrix('torch = "2.6.0"', 'torch = "2.6.0"\ncolour = "red"')
    done = checkout.nox("-l")
    assert done.returncode == 2
    assert "matrix.toml: 1 mistake. Correct them and start again." in done.stdout
    assert ", colour: unknown key" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_wrong_word_behind_the_dashes_is_named(checkout: Checkout) -> None:
    done = checkout.nox("-s", f"matrix(torch-{ROW})", "--", "--agian")
    assert done.returncode == 1
    assert "unrecognized arguments: --agian. A row understands: [--again] [--keep]" in done.stdout
    assert "Traceback" not in done.stdout
    assert not checkout.record(ROW).exists()


def test_a_row_that_is_up_to_date_installs_nothing(checkout: Checkout) -> None:
    checkout.keep(absent(ROW, digests=checkout.todays_digests()))
    done = checkout.nox("-s", f"matrix(torch-{ROW})")
    assert done.returncode == 0
    assert f"torch-{ROW}: up to date, measured 2026-11-23T18:00:00Z" in done.stdout
    assert "pip install" not in done.stdout
    assert not (checkout.folder / ".nox" / "matrix-torch-1-10-2").exists()


def test_a_row_that_cannot_be_installed_gets_a_record_that_says_why(checkout: Checkout) -> None:
    checkout.amend_matrix('"setuptools<70"', '"setuptools==0.0.0"')
    done = checkout.nox("-s", f"matrix(torch-{ROW})")
    assert done.returncode == 1
    record = json.loads(checkout.record(ROW).read_text(encoding="utf-8"))
    assert (record["torch"], record["python"], record["status"]) == (ROW, "3.9", "install-failed")
    assert "setuptools==0.0.0" in record["failure"]["message"]
    assert "Traceback" not in done.stdout


def test_a_row_is_measured_for_real_and_then_is_up_to_date(checkout: Checkout) -> None:
    done = checkout.nox("-s", f"matrix(torch-{ROW})")
    assert done.returncode == 0, done.stdout
    record = json.loads(checkout.record(ROW).read_text(encoding="utf-8"))
    assert (record["torch"], record["status"], record["surface"]["present"]) == (ROW, "measured", False)
    assert record["provenance"]["wheels"] in {"cpu", "index"}
    left = {path.name for path in (checkout.folder / ".nox").iterdir()}
    assert not left & {"uv-cache", "matrix-torch-1-10-2", "prefetch"}

    start = time.monotonic()
    again = checkout.nox("-s", f"matrix(torch-{ROW})")
    assert again.returncode == 0
    assert "up to date" in again.stdout
    assert time.monotonic() - start < 10


def test_a_fresh_clone_prepares_itself_once(prepared: tuple[Checkout, str]) -> None:
    checkout, first = prepared
    assert first.startswith("Preparing .venv")
    second = checkout.run(sys.executable, "bootstrap.py", "-l", "--json")
    assert [entry["session"] for entry in json.loads(second.stdout)] == expected_sessions("quick")
    assert (checkout.folder / ".venv" / "bin" / "compat").exists()


def test_the_main_job_on_fresh_records_ends_in_seconds_with_the_verdict(
    prepared: tuple[Checkout, str],
) -> None:
    checkout, _ = prepared
    quick = select(load_matrix(paths.MATRIX, load_survey(paths.SURVEY)), "quick")
    for row in quick:
        checkout.keep(absent(row.torch, python=row.python, digests=checkout.todays_digests()))
    start = time.monotonic()
    done = checkout.run(sys.executable, "bootstrap.py")
    assert time.monotonic() - start < 20
    assert done.stdout.count(": up to date, measured ") == len(quick)
    assert "Traceback" not in done.stdout
    verdict = checkout.run(sys.executable, "-m", "compat", "verdict")
    assert verdict.stdout in done.stdout
    assert done.returncode == verdict.returncode != ExitCode.HOLDS
    assert (checkout.folder / "reports" / "compatibility.html").is_file()
