"""Every command's help: it has examples, they are understood, and those that only read are run as typed."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import typer

from compat.cli import main
from compat.cli.application import app
from compat.errors import ExitCode
from tests.ci.test_workflows import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLE = re.compile(r"^ +compat (\S.*?)(?:\s{2,}.*|; .*)?$", re.MULTILINE)

READ = {"verdict", "list", "explain", "diff", "note", "find", "gate"}
"""What reads records and reports, and writes nothing but what it is told to: it is run.

The others ask an index or nox, draw thousands of cases, need a torch, or belong to a service's job.
"""


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, each in command.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, (*path, name))
        else:
            yield (*path, name), each


ALL = dict(commands(typer.main.get_command(app)))
EXAMPLES = [(path, line) for path, each in ALL.items() for line in EXAMPLE.findall(each.epilog or "")]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_says_what_it_does_and_has_examples_of_itself(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*path, "--help"]) == ExitCode.HOLDS
    told = capsys.readouterr().out
    lines = EXAMPLE.findall(told)
    assert lines
    assert all(tuple(shlex.split(line)[: len(path)]) == path for line in lines)
    assert (ALL[path].help or "").strip().endswith(".")


@pytest.mark.parametrize("line", sorted({line for _, line in EXAMPLES}))
def test_an_example_is_understood(line: str) -> None:
    assert unknown(shlex.split(line)) == []


@pytest.mark.parametrize(
    "line", sorted({line for path, line in EXAMPLES if path[0] in READ and not line.endswith(".json")})
)
def test_an_example_runs_as_it_is_typed(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "src").mkdir()
    marked = "# compat: note begin\n# compat: note end\n"
    (tmp_path / "src" / "health.py").write_text(f"import torch\n{marked}", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["torch>=1.9"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code = main(shlex.split(line))
    told = capsys.readouterr()
    assert code in (ExitCode.HOLDS, ExitCode.CONTRADICTED, ExitCode.INCONCLUSIVE), told.err
    assert told.out.strip() or "--quiet" in line
