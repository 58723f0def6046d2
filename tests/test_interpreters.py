"""Finding Pythons that start: on PATH, behind pyenv's shims, and among uv's own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from compat.interpreters import expose, in_pyenv, managed_by_uv, on_path

if TYPE_CHECKING:
    from pathlib import Path


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    path.chmod(0o755)
    return path


class Machine:
    """A PATH with a real Python 3.11, and pyenv with shims for several versions."""

    def __init__(self, root: Path, shims: tuple[str, ...] = ("3.9", "3.11")) -> None:
        self.links = root / "links"
        self.pyenv = root / "pyenv"
        self.system = executable(root / "bin" / "python3.11")
        for version in shims:
            executable(self.pyenv / "shims" / f"python{version}")
        self.environment = {
            "PATH": os.pathsep.join([str(self.pyenv / "shims"), str(self.system.parent)]),
            "PYENV_ROOT": str(self.pyenv),
        }

    def install(self, patch: str) -> Path:
        name = f"python{patch.rpartition('.')[0]}"
        return executable(self.pyenv / "versions" / patch / "bin" / name)

    def expose(self, *versions: str, uv: Path | None = None) -> str:
        return expose(versions, self.links, self.environment, ask_uv=lambda _: uv)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_python_on_path_needs_no_link(tmp_path: Path) -> None:
    machine = Machine(tmp_path, shims=())
    assert machine.expose("3.11") == machine.environment["PATH"]
    assert not machine.links.exists()


def test_behind_a_shim_the_newest_patch_in_pyenv_is_linked(machine: Machine) -> None:
    machine.install("3.9.9")
    newest = machine.install("3.9.18")
    (machine.pyenv / "versions" / "3.9-dev").mkdir()
    path = machine.expose("3.9", "3.9")
    assert path == os.pathsep.join([str(machine.links), machine.environment["PATH"]])
    assert on_path("3.9", path) == machine.links / "python3.9"
    assert (machine.links / "python3.9").resolve() == newest


def test_only_needed_versions_are_linked(machine: Machine) -> None:
    machine.install("3.9.18")
    machine.install("3.11.7")
    machine.expose("3.9")
    assert [link.name for link in machine.links.iterdir()] == ["python3.9"]


def test_a_link_follows_a_newer_patch_and_stays_otherwise(machine: Machine) -> None:
    machine.install("3.9.18")
    machine.expose("3.9")
    before = (machine.links / "python3.9").lstat().st_mtime_ns
    machine.expose("3.9")
    assert (machine.links / "python3.9").lstat().st_mtime_ns == before
    newest = machine.install("3.9.20")
    machine.expose("3.9")
    assert (machine.links / "python3.9").resolve() == newest


def test_uv_is_asked_last(machine: Machine, tmp_path: Path) -> None:
    managed = executable(tmp_path / "uv" / "python3.9")
    machine.expose("3.9", uv=managed)
    assert (machine.links / "python3.9").resolve() == managed
    installed = machine.install("3.9.18")
    machine.expose("3.9", uv=managed)
    assert (machine.links / "python3.9").resolve() == installed


def test_a_version_found_nowhere_is_left_to_nox(machine: Machine) -> None:
    assert machine.expose("3.9") == machine.environment["PATH"]


def test_a_removed_pyenv_version_is_no_answer(machine: Machine) -> None:
    machine.install("3.9.18").unlink()
    assert in_pyenv("3.9", machine.environment) is None
    assert in_pyenv("3.9", {"HOME": str(machine.pyenv.parent / "nobody")}) is None


def test_a_python_further_down_path_than_its_shim_is_linked(machine: Machine) -> None:
    machine.expose("3.11")
    assert (machine.links / "python3.11").resolve() == machine.system


def test_without_uv_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compat.interpreters.find_uv", lambda: None)
    assert managed_by_uv("3.9") is None
