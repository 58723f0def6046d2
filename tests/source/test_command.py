"""The commands as a person types them, with their exit codes and messages."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compat import paths
from compat.cli import main
from compat.errors import ExitCode
from compat.source.marked import BEGIN, END

if TYPE_CHECKING:
    from pathlib import Path

TICKET = (
    "import torch\n\n"
    "# NOTE: _foreach_norm is private but stable since PyTorch 1.9; used by clip_grad_norm_;\n"
    "# O(1) kernel launches instead of O(n); 10-50x faster.\n"
    "norms = torch._foreach_norm(host_grads)\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "health.py").write_text(TICKET, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["torch>=1.9"]\n', encoding="utf-8")
    return tmp_path


def test_the_tickets_comment_is_contradicted_by_the_reports_of_this_repository(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["note", "--check", str(project)]) == ExitCode.CONTRADICTED
    told = capsys.readouterr().out
    for words in (
        "health.py:3: contradicted: stable",
        "health.py:3: contradicted: since PyTorch 1.9",
        "health.py:4: contradicted: O(1)",
        "health.py:4: contradicted: 10-50x",
        "pyproject.toml:2: contradicted: torch>=1.9",
        "see: compat explain speedup",
    ):
        assert words in told
    assert "Traceback" not in told


def test_for_machines_it_is_json_sarif_and_annotations(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["note", "--check", ".", "--json", "--sarif", "note.sarif"]) == ExitCode.CONTRADICTED
    found = json.loads(capsys.readouterr().out)["findings"]
    assert {"stable", "speedup", "pin"} <= {each["kind"] for each in found}
    sarif = json.loads((project / "note.sarif").read_text(encoding="utf-8"))["runs"][0]
    rules = {each["id"] for each in sarif["tool"]["driver"]["rules"]}
    assert {each["ruleId"] for each in sarif["results"]} <= rules
    places = [each["locations"][0]["physicalLocation"] for each in sarif["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"health.py", "pyproject.toml"}
    assert main(["note", "--check", ".", "--annotations"]) == ExitCode.CONTRADICTED
    lines = capsys.readouterr().out.splitlines()
    assert "::error file=health.py,line=3,title=compat%3A stable::stable" in "\n".join(lines)


def test_a_file_cannot_smuggle_a_command_into_the_annotations(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a,b:c%.py"
    (project / name).write_text("# _foreach_norm is stable %0A::set-env name=X::y\n", encoding="utf-8")
    main(["note", "--check", name, "--annotations"])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("::error file=a%2Cb%3Ac%25.py,line=1,")


def test_the_note_is_written_between_its_marks_and_then_checks(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "marked.py"
    path.write_bytes(f"class A:\r\n    {BEGIN}\r\n    {END}\r\n".encode())
    path.chmod(0o640)
    assert main(["note", "--check", str(path)]) in (ExitCode.HOLDS, ExitCode.CONTRADICTED)
    assert main(["note", "--write", str(path)]) == ExitCode.HOLDS
    raw = path.read_bytes()
    assert b"    # NOTE: torch._foreach_norm is private" in raw
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert main(["note", "--check", str(path)]) == ExitCode.HOLDS
    assert main(["note", "--write", str(path)]) == ExitCode.HOLDS
    assert "every marked note is that of today" in capsys.readouterr().out
    path.write_bytes(raw.replace(b"is private", b"is public"))
    assert main(["note", "--check", str(path)]) == ExitCode.CONTRADICTED
    assert "the marked note" in capsys.readouterr().out


def test_one_file_without_marks_leaves_all_as_they_were(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "marked.py"
    path.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    assert main(["note", "--write", str(path), "health.py"]) == ExitCode.USAGE
    assert "health.py: no marked note" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == f"{BEGIN}\n{END}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["note", "--check", "--write", "."], "give one of --check and --write"),
        (["note", "--check"], "name the files"),
        (["note", "health.py"], "say what to do with the files"),
        (["note", "--check", "gone.py"], "gone.py: no such file or folder"),
        (["note", "--check", ".", "--report", "health.py"], "cannot be read as a report for machines"),
        (["find"], "Missing argument"),
        (["find", "gone"], "gone: no such file or folder"),
    ],
)
def test_mistakes_are_told_and_end_with_two(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    assert main(arguments) == ExitCode.USAGE
    assert says in capsys.readouterr().err
    assert (project / "health.py").read_text(encoding="utf-8") == TICKET


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[]", "no report of format 1"),
        ('{"format": 1, "api": "torch._foreach_abs"}', "a report about torch._foreach_abs"),
        ('{"format": 1, "api": "torch._foreach_norm"}', "a report without 'claims'"),
    ],
)
def test_another_report_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], content: str, says: str
) -> None:
    (project / "other.json").write_text(content, encoding="utf-8")
    assert main(["note", "--check", ".", "--report", "other.json"]) == ExitCode.USAGE
    assert says in capsys.readouterr().err


def test_calls_are_found_with_what_was_measured_of_their_shape(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "odd.py").write_text("import torch\ntorch._foreach_norm(a, unheard_of=4)\n", encoding="utf-8")
    (project / "broken.py").write_text("_foreach_norm(\n", encoding="utf-8")
    assert main(["find", "."]) == ExitCode.HOLDS
    told = capsys.readouterr()
    assert "health.py:5: attribute: norms = torch._foreach_norm(host_grads)" in told.out
    assert "(a)  measured: positional-list" in told.out
    assert "(a, unheard_of=…)  not measured" in told.out
    assert "broken.py: not read as a program" in told.err
    assert main(["find", ".", "--json"]) == ExitCode.HOLDS
    assert json.loads(capsys.readouterr().out)[0]["questions"]


def test_it_runs_as_it_is_typed(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compat", "note", "--check", "."],
        cwd=project,
        env={"PYTHONPATH": str(paths.ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.CONTRADICTED
    assert "2 files, by " in done.stdout
