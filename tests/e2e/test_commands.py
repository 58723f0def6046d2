"""The commands as processes: what a shell, a pipe and a CI job see of them."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compat import paths
from compat.report.writing import formats
from tests.filed import file_records

if TYPE_CHECKING:
    from pathlib import Path


def compat(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person does, from the root of the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "compat", *arguments],
        cwd=paths.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "records"
    file_records(folder)
    return folder


def test_report_then_verdict(records: Path) -> None:
    out = str(records.parent)
    done = compat("report", "--records", str(records), "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    done = compat("verdict", "--records", str(records))
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.rstrip().endswith("Exit code 1: a relied-on clause or a claim is contradicted.")
    assert "compatibility.html" in done.stdout
    assert "\x1b" not in done.stdout


def test_reports_are_the_same_bytes_in_another_process(records: Path, tmp_path: Path) -> None:
    made = []
    for seed in ("1", "2"):
        # The same place, so that the way from the report to the records is the same.
        out = tmp_path / "reports"
        done = compat(
            "report", "--records", str(records), "--out", str(out), PYTHONHASHSEED=seed, TZ=f"UTC{seed}"
        )
        assert done.returncode == 0
        made.append({path.name: path.read_bytes() for path in out.iterdir() if path.is_file()})
    assert made[0] == made[1]
    assert len(made[0]) == len(formats())


def test_a_bad_option_and_a_bad_file(tmp_path: Path) -> None:
    torn = tmp_path / "torch-1.11.0-py3.9-cpu.json"
    torn.write_text('{"format": 1, "api"')
    for arguments, message in (
        (("verdict", "--loud"), "No such option: --loud"),
        (("verdict", str(torn)), "not a whole JSON file"),
        (("verdict", str(tmp_path / "none.json")), "no such file"),
        (("explain", "nothing-of-the-kind"), "neither a question nor a claim"),
    ):
        done = (
            compat(*arguments)
            if arguments[0] == "verdict"
            else compat(*arguments, "--records", str(tmp_path / "no"))
        )
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert message in done.stderr
        assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(records: Path) -> None:
    command = f"{sys.executable} -m compat verdict --records {records} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=paths.ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.stdout.strip(), done.stderr) == ("1", "")


def test_a_terminal_without_unicode_still_gets_every_word(records: Path) -> None:
    done = compat("verdict", "--records", str(records), PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.isascii()
    assert "refuted" in done.stdout
