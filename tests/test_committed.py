"""A report that a user made anew is not held against files that are about the committed one."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from compat import paths
from tests.committed import committed_report

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "REPORTS", tmp_path / "reports")
    paths.REPORTS.mkdir()
    write(tmp_path, "committed")
    return tmp_path


def write(root: Path, text: str) -> None:
    (root / "README.md").write_text(text, encoding="utf-8")
    (root / "reports" / "r.md").write_text(text, encoding="utf-8")


def commit(root: Path) -> None:
    author = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "t"]):
        subprocess.run(["git", *command], cwd=root, check=True)


def test_a_report_made_anew_is_left_aside(root: Path) -> None:
    commit(root)
    assert committed_report("r.md", "README.md") == "committed"
    (root / "reports" / "r.md").write_text("anew", encoding="utf-8")
    assert committed_report("r.md", "README.md") == "committed"


def test_a_report_about_to_be_committed_with_the_file_is_held_against_it(root: Path) -> None:
    commit(root)
    write(root, "anew")
    assert committed_report("r.md", "README.md") == "anew"


def test_without_a_repository_the_report_is_what_lies_there(root: Path) -> None:
    write(root, "anew")
    assert committed_report("r.md", "README.md") == "anew"
