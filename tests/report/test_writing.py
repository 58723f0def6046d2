"""Reports reach the disk whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from compat.errors import ConfigurationError
from compat.report import badge
from compat.report.writing import formats, write_reports
from compat.reproduction.choice import Reproduction
from compat.whole_files import write_whole
from tests.report.samples import sample

if TYPE_CHECKING:
    from pathlib import Path

    from compat.report.view import View


def test_every_form_is_written(tmp_path: Path) -> None:
    written = write_reports(sample(), tmp_path / "new" / "folder")
    assert [path.name for path in written] == list(formats())
    assert all(path.read_text(encoding="utf-8").endswith("\n") for path in written)
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(formats())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigurationError, match=r"file.*cannot be written.*--out DIR"):
        write_reports(sample(), tmp_path / "file" / "reports")


def test_an_interrupted_write_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"
    path.write_text("old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "new")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("report.md", "old")]


def test_a_form_that_cannot_be_rendered_leaves_all_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> str:
        raise ValueError("no")

    monkeypatch.setattr(badge, "render", broken)
    with pytest.raises(ValueError, match="no"):
        write_reports(sample(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def with_scripts(*names: str) -> View:
    scripts = tuple(
        Reproduction(
            name=name,
            text=f"# {name}\n",
            key=name,
            what="norm: disagrees",
            where="Seen.",
            reference="norm",
            device="cpu",
        )
        for name in names
    )
    return replace(sample(), scripts=scripts)


def test_scripts_lie_beside_the_reports_and_stale_ones_are_taken_away(tmp_path: Path) -> None:
    write_reports(with_scripts("norm-1.py", "norm-2.py"), tmp_path)
    (tmp_path / "repro" / "notes.txt").write_text("mine")
    written = write_reports(with_scripts("norm-2.py", "norm-3.py"), tmp_path)
    assert sorted(path.name for path in (tmp_path / "repro").iterdir()) == [
        "norm-2.py",
        "norm-3.py",
        "notes.txt",
    ]
    assert (tmp_path / "repro" / "norm-3.py").read_text(encoding="utf-8") == "# norm-3.py\n"
    assert written[-1] == tmp_path / "repro"
    write_reports(sample(), tmp_path)
    assert [path.name for path in (tmp_path / "repro").iterdir()] == ["notes.txt"]
