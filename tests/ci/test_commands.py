"""``python -m compat ci``: each command as a service runs it."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from compat.ci import summary
from compat.cli import main
from compat.judge_check import sample
from tests.ci.test_planning import LISTED

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plan_goes_to_the_outputs_of_a_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed, outputs = tmp_path / "listed.json", tmp_path / "outputs"
    listed.write_text(LISTED, encoding="utf-8")
    outputs.write_text("before=1\n", encoding="utf-8")
    arguments = [
        "ci",
        "plan",
        str(listed),
        "--tag",
        "every",
        "--releases",
        "2.6.0 2.10.0",
        "--outputs",
        str(outputs),
    ]
    assert main(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    lines = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
    assert (lines["before"], lines["count"], json.loads(lines["matrix"])) == ("1", "3", printed)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["ci", "plan", "nowhere.json"], 2, "nowhere.json: cannot be read"),
        (["ci", "merge", "nowhere"], 2, "nowhere: no folder"),
        (["ci", "site", "."], 2, "there already"),
        (["ci", "summary", "--out", "nowhere/x", "--records", "nowhere"], 2, "cannot be written"),
    ],
)
def test_mistakes_are_told(
    arguments: list[str],
    code: int,
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "something").touch()
    assert main(arguments) == code
    assert says in capsys.readouterr().err


def test_a_refused_file_leaves_the_merge_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    (sent / "note.txt").write_text("\x1b[31mhello", encoding="utf-8")
    assert main(["ci", "merge", str(sent), "--into", str(tmp_path / "records")]) == 3
    out = capsys.readouterr().out
    assert "refused: note.txt: not the name of a record" in out
    assert "0 of 1 taken" in out


def test_a_site_is_the_report_with_its_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records, out = tmp_path / "records", tmp_path / "site"
    records.mkdir()
    sample.write(records, sample.records())
    assert main(["ci", "site", str(out), "--records", str(records)]) == 0
    assert (out / "index.html").read_bytes() == (out / "compatibility.html").read_bytes()
    assert {each.name for each in (out / "records").iterdir()} == {each.name for each in records.iterdir()}
    assert "index.html" in capsys.readouterr().out
    shutil.rmtree(out)


def test_a_summary_is_the_report_in_markdown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ci", "summary", "--records", str(tmp_path / "none")]) == 0
    assert capsys.readouterr().out.startswith("# Compatibility of")
    out = tmp_path / "summary.md"
    for _ in range(2):
        assert main(["ci", "summary", "--records", str(tmp_path / "none"), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").count("# Compatibility of") == 2


@pytest.mark.parametrize(("limit", "kept"), [(100, 2), (12, 2), (11, 1), (0, 0)])
def test_a_summary_that_is_too_long_says_what_is_left_out(limit: int, kept: int) -> None:
    text = "ü234\n" * 2
    cut = summary.cut(text, "elsewhere", limit)
    assert cut.count("ü234") == kept
    assert ("Cut here" in cut) is (kept < 2)
    if kept < 2:
        assert f"{2 - kept} of 2 lines are not shown. All of it: elsewhere." in cut


def test_a_summary_counts_what_stands_in_the_file_already(tmp_path: Path) -> None:
    out = tmp_path / "summary.md"
    out.write_text("x" * (summary.KEPT - 100) + "\n", encoding="utf-8")
    assert main(["ci", "summary", "--records", str(tmp_path / "none"), "--out", str(out)]) == 0
    assert "lines are not shown. All of it: reports/compatibility.md" in out.read_text(encoding="utf-8")
    assert out.stat().st_size <= summary.MOST_BYTES
