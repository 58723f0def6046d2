"""Every command in README and docs: those that need neither torch nor network are run, as they are typed.

The others are held against the program that would run them: its options, its sessions.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compat import paths
from compat.probe import trial
from compat.probe.__main__ import parse as parse_probe
from tests.ci.test_workflows import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = [paths.ROOT / "README.md", *sorted((paths.ROOT / "docs").glob("*.md"))]
LINE = re.compile(r"^ {4,}((?:python|compat|nox|\.venv/bin/compat)\b.*?)(?:\s{2,}.*)?$", re.MULTILINE)
FENCE = re.compile(r"^`([\w.]+)`[^\n]*\n(?:[^\n]+\n)*\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)

READING = {"verdict", "explain", "list", "diff", "find", "note", "releases"}
"""What reads records and reports and writes nothing: it is run. ``releases --json`` alone asks an index."""


def commands() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for line in LINE.findall(re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)):
            yield page.name, line.partition(" #")[0].strip()


ALL = sorted(set(commands()))


def words_of(line: str) -> list[str]:
    """Return what follows the program's name, where it is ours."""
    words = shlex.split(line)
    return words[3:] if words[:3] == ["python", "-m", "compat"] else words[1:]


def is_ours(line: str) -> bool:
    return line.split(maxsplit=1)[0] in ("compat", ".venv/bin/compat") or line.startswith("python -m compat ")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that calls the function, with the reports of this repository beside it."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "health.py").write_text(
        "import torch\n# stable since 1.9\nx = torch._foreach_norm(g)\n", encoding="utf-8"
    )
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["torch>=1.9"]\n', encoding="utf-8")
    (tmp_path / "reports").symlink_to(paths.REPORTS)
    return tmp_path


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(paths.ROOT)}
    command = [sys.executable, "-m", "compat", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_there_are_commands_on_every_page() -> None:
    assert {name for name, _ in ALL} == {page.name for page in PAGES}


@pytest.mark.parametrize(("page", "line"), [each for each in ALL if is_ours(each[1])])
def test_a_command_of_ours_is_known_and_runs_where_it_can(page: str, line: str, project: Path) -> None:
    words = words_of(line)
    assert unknown(words) == [], page
    if words[0] not in READING or "--contract" in words or words[:2] == ["releases", "--json"]:
        return
    done = run(words, project)
    assert done.returncode in (0, 1, 3), done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("page", "line"), [each for each in ALL if not is_ours(each[1])])
def test_any_other_command_is_understood(page: str, line: str) -> None:
    words = shlex.split(line)
    if words[:3] == ["python", "-m", "compat.probe"]:
        assert parse_probe(words[3:]).out, page
    elif words[:3] == ["python", "-m", "compat.probe.trial"]:
        assert trial.__file__
    elif words[0] == "nox":
        sessions = (paths.ROOT / "noxfile.py").read_text(encoding="utf-8")
        name = words[2].partition("(")[0] if words[1] == "-s" else words[2]
        assert f"def {name}(" in sessions or f'"{name}"' in sessions, page
    else:
        assert words[:2] == ["python", "bootstrap.py"], page


def test_the_contract_of_the_page_is_one(tmp_path: Path) -> None:
    text = (paths.ROOT / "docs" / "adding-a-contract.md").read_text(encoding="utf-8")
    folder = tmp_path / "foreach_powsum"
    folder.mkdir()
    files = dict(FENCE.findall(text))
    assert sorted(files) == [
        "claims.toml",
        "consumer.py",
        "contract.toml",
        "questions.toml",
        "workloads.toml",
    ]
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    built = run(["contract", "--build", str(folder)], tmp_path)
    assert built.returncode == 0, built.stderr
    drawn = run(["corpus", "--draw", str(folder)], tmp_path)
    assert drawn.returncode == 0, drawn.stderr
    (tmp_path / "records").mkdir()
    told = run(["verdict", "--contract", str(folder), "--records", "records"], tmp_path)
    assert told.returncode == 3, told.stderr
    assert "torch._foreach_powsum" in told.stdout
    written = run(["report", "--contract", str(folder), "--records", "records", "--out", "powsum"], tmp_path)
    assert written.returncode == 0, written.stderr
    assert "torch._foreach_powsum" in (tmp_path / "powsum" / "compatibility.html").read_text(encoding="utf-8")
