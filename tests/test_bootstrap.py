"""The one command: what is the main job, which exit code it gives, and what it says when it cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

import bootstrap
from compat import paths
from compat.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "main_job"),
    [
        ([], True),
        (["--", "--again"], True),
        (["-x", "-ts", "--no-color"], True),
        (["--", "-s", "tests"], True),
        (["-s", "tests"], False),
        (["--session=tests"], False),
        (["-t", "full"], False),
        (["--tags", "full"], False),
        (["-k", "torch"], False),
        (["-l"], False),
        (["--list", "--json"], False),
        (["--help"], False),
        (["--version"], False),
    ],
)
def test_the_main_job_is_what_nobody_named_sessions_for(arguments: list[str], *, main_job: bool) -> None:
    assert bootstrap.is_main_job(arguments, {}) is main_job
    assert not bootstrap.is_main_job(arguments, {"NOXSESSION": "tests"})


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    return tmp_path


def fake(folder: Path, *, nox: int, ended: bool, verdict: int) -> Path:
    """Write a stand-in for the environment's Python: it plays nox, and then the verdict."""
    python = folder / "python"
    report = 'while [ "$1" != --report ]; do shift; done; echo {} > "$2"' if ended else "true"
    python.write_text(
        f'#!/bin/sh\necho "$@" >> asked\ncase "$2" in\n'
        f"  nox) {report}; exit {nox};;\n  compat) exit {verdict};;\nesac\n",
        encoding="utf-8",
    )
    python.chmod(0o755)
    return python


@pytest.mark.parametrize(
    ("nox", "ended", "verdict", "code"),
    [
        pytest.param(0, True, 0, ExitCode.HOLDS, id="all is well"),
        pytest.param(1, True, 1, ExitCode.CONTRADICTED, id="the report failed for its verdict"),
        pytest.param(1, True, 3, ExitCode.INCONCLUSIVE, id="a row failed"),
        pytest.param(1, True, 0, ExitCode.INCONCLUSIVE, id="a session failed, the old records hold"),
        pytest.param(2, False, 0, ExitCode.USAGE, id="a wrong matrix"),
        pytest.param(130, False, 0, ExitCode.INTERRUPTED, id="interrupted"),
    ],
)
def test_the_main_jobs_exit_code_is_the_verdicts_when_nox_ran_to_its_end(
    checkout: Path, nox: int, *, ended: bool, verdict: int, code: ExitCode
) -> None:
    python = fake(checkout, nox=nox, ended=ended, verdict=verdict)
    assert bootstrap.run_main_job(python, ["-x", "--", "--again"]) == code
    asked = (checkout / "asked").read_text(encoding="utf-8").splitlines()
    report = checkout / ".nox" / "ended.json"
    assert asked[0] == f"-m nox --script-mode none -x --report {report} -- --again"
    assert asked[1:] == (["-m compat verdict --quiet"] if ended else [])


def test_a_report_of_before_is_not_taken_for_todays(checkout: Path) -> None:
    (checkout / ".nox").mkdir()
    (checkout / ".nox" / "ended.json").write_text("{}", encoding="utf-8")
    assert bootstrap.run_main_job(fake(checkout, nox=130, ended=False, verdict=0), []) == 130


def test_a_death_by_signal_is_counted_as_a_shell_does(checkout: Path) -> None:
    python = checkout / "python"
    python.write_text("#!/bin/sh\nkill -KILL $$\n", encoding="utf-8")
    python.chmod(0o755)
    assert bootstrap.run(python) == 137


def test_without_ensurepip_the_package_to_install_is_named(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = checkout / "python-without-venv"
    broken.write_text("#!/bin/sh\necho 'ensurepip is not available'; exit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", checkout / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", checkout / ".venv" / "bootstrap.json")
    (checkout / "pyproject.toml").touch()
    with pytest.raises(SystemExit, match=r"ensurepip is not available\n.* apt install python3\.\d+-venv"):
        bootstrap.prepare()
    assert not (checkout / ".venv").exists()


def test_an_older_python_is_told_so_before_anything_else() -> None:
    lie = "import sys; sys.version_info = (3, 9, 18); sys.version = '3.9.18 of old'"
    code = f"{lie}; import runpy; runpy.run_path('bootstrap.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("This project needs Python 3.11 or newer; this is 3.9.18.")


def test_nox_and_the_noxfile_ask_for_the_same_as_pyproject() -> None:
    """Three files must say what is needed, because each is read before the others can be."""
    noxfile = (paths.ROOT / "noxfile.py").read_text(encoding="utf-8")
    block = "".join(
        line.removeprefix("#") for line in noxfile.partition("# ///\n")[0].splitlines(keepends=True)[1:]
    )
    script = tomllib.loads(re.sub(r"^ ", "", block, flags=re.MULTILINE))
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert script["dependencies"] == [bootstrap.NOX, *project["dependencies"]]
    assert script["requires-python"] == project["requires-python"] == ">=3.11"
    assert bootstrap.OLDEST == (3, 11)
