"""Dropping an environment: its name is free at once, its bytes a little later."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest

from compat.dropping import Dropper

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def dropper(tmp_path: Path) -> Dropper:
    return Dropper(work=tmp_path, lock=tmp_path / "quiet.lock")


def environment(folder: Path) -> Path:
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "torch").write_text("large", encoding="utf-8")
    return folder


def test_two_environments_of_one_name_are_dropped_one_after_the_other(
    dropper: Dropper, tmp_path: Path
) -> None:
    for _ in range(2):
        dropper.drop(environment(tmp_path / "matrix-torch-2-6-0"))
        assert not (tmp_path / "matrix-torch-2-6-0").exists()
    dropper.finish()
    assert list(tmp_path.iterdir()) == []


def test_the_end_does_not_wait_for_quiet_to_pass(dropper: Dropper, tmp_path: Path) -> None:
    with dropper.lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        dropper.drop(environment(tmp_path / "environment"))
        dropper.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["quiet.lock"]


def test_what_is_not_there_needs_no_dropping(dropper: Dropper, tmp_path: Path) -> None:
    dropper.drop(tmp_path / "never")
    dropper.finish()
    assert list(tmp_path.iterdir()) == []
