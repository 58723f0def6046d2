"""Which releases a project takes, in each kind of project file, and what the evidence says of that."""

from __future__ import annotations

from pathlib import Path

import pytest

from compat.claims import Decision
from compat.source.checking import check
from compat.source.files import Source, is_pinned
from compat.source.pins import pins_of
from tests.source.known import knowledge


def pins(name: str, text: str) -> list[tuple[int, str]]:
    found = pins_of(Source(path=Path(name), text=text), "torch")
    return [(pin.line, ",".join(sorted(str(pin.admits).split(",")))) for pin in found]


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("pyproject.toml", '[project]\ndependencies = [\n "numpy",\n "torch>=1.9",\n]\n', [(4, ">=1.9")]),
        ("pyproject.toml", '[project]\ndependencies = ["torch"]\n', [(2, "")]),
        ("pyproject.toml", '[project]\ndependencies = ["torchvision>=0.1"]\n', []),
        (
            "pyproject.toml",
            "[project.optional-dependencies]\ngpu = [\"torch[opt]>=2 ; sys_platform == 'linux'\"]\n",
            [(2, ">=2")],
        ),
        (
            "pyproject.toml",
            '[dependency-groups]\ntest = ["torch~=2.1", {include-group = "x"}]\n',
            [(2, "~=2.1")],
        ),
        ("pyproject.toml", '[tool.poetry.dependencies]\ntorch = "^1.9"\n', [(2, "<2,>=1.9")]),
        ("pyproject.toml", '[tool.poetry.dependencies]\ntorch = "~2.1"\n', [(2, "<2.2,>=2.1")]),
        ("pyproject.toml", '[tool.poetry.group.gpu.dependencies]\ntorch = {version = "*"}\n', [(2, "")]),
        ("requirements.txt", "numpy\ntorch==1.9.0  # old\n-r other.txt\n", [(2, "==1.9.0")]),
        ("requirements-gpu.txt", "torch>=2 --hash=sha256:aa\n", [(1, ">=2")]),
        ("setup.cfg", "[options]\ninstall_requires =\n    numpy\n    torch>=1.9,<3\n", [(4, "<3,>=1.9")]),
        ("setup.py", 'setup(\n  install_requires=["torch>=1.9"],\n)\n', [(2, ">=1.9")]),
        ("requirements.txt", "", []),
        ("pyproject.toml", "[project]\ndependencies = 3\n", []),
    ],
)
def test_requirements_are_found_with_their_lines(name: str, text: str, found: list[tuple[int, str]]) -> None:
    assert pins(name, text) == found


@pytest.mark.parametrize(
    ("name", "pinned"),
    [
        ("pyproject.toml", True),
        ("requirements.txt", True),
        ("requirements-dev.txt", True),
        ("dev-requirements.txt", True),
        ("setup.cfg", True),
        ("requirements.md", False),
        ("notes.txt", False),
    ],
)
def test_project_files_are_known_by_their_names(name: str, pinned: bool) -> None:  # noqa: FBT001
    assert is_pinned(Path(name)) is pinned


@pytest.mark.parametrize(
    ("pin", "decision", "because"),
    [
        ("torch", Decision.REFUTED, "admits 1.9.0 to 1.10.2, which have no torch._foreach_norm"),
        ("torch>=1.9,<2", Decision.REFUTED, "admits 1.9.0 to 1.10.2"),
        ("torch>=1.11", Decision.SUPPORTED, "admits 1.11.0 to 2.15.0, which have it"),
        ("torch==2.7.1", Decision.INCONCLUSIVE, "admits no release that was measured"),
    ],
)
def test_a_pin_is_held_against_the_releases(
    tmp_path: Path, pin: str, decision: Decision, because: str
) -> None:
    (tmp_path / "requirements.txt").write_text(f"{pin}\n", encoding="utf-8")
    (tmp_path / "use.py").write_text("import torch\ntorch._foreach_norm(g)\n", encoding="utf-8")
    (found,) = check([tmp_path], knowledge()).findings
    assert (found.kind, found.line, found.judgement.decision) == ("pin", 1, decision)
    assert because in found.judgement.because


def test_a_pin_of_a_project_that_never_calls_it_is_nobodys_business(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("torch\n", encoding="utf-8")
    (tmp_path / "use.py").write_text("import torch\n", encoding="utf-8")
    assert check([tmp_path], knowledge()).findings == ()


def test_a_broken_project_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project\n", encoding="utf-8")
    checked = check([tmp_path / "pyproject.toml"], knowledge())
    assert "pyproject.toml: not read as what its name says" in checked.unreadable[0]
