"""Many records are made of few: sound ones, each another release, with the changes that the few have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.bench.reporting import build, make_records, report_lines
from compat.probe import digests
from compat.records import Ledger

if TYPE_CHECKING:
    from pathlib import Path


def test_made_records_count_and_are_reported(tmp_path: Path) -> None:
    survey = make_records(tmp_path, 6)
    ledger = Ledger.read(tmp_path, digests=digests.current()).about("torch._foreach_norm")
    assert len(ledger.usable) == len(survey.releases) == 6
    assert not ledger.unusable
    assert build(tmp_path, survey) > 0
    assert "100.0.0" in (tmp_path / "reports" / "compatibility.md").read_text(encoding="utf-8")


def test_each_number_has_a_line_and_the_growth_one() -> None:
    lines = list(report_lines((2, 3)))
    assert ["2 records" in lines[0].what, "3 records" in lines[1].what] == [True, True]
    assert lines[0].met is None
    assert lines[1].met is True
    assert lines[2].met is not None
