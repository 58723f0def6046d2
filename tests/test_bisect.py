"""The bisect command's parts: its ends, what it reads and measures, and what it tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compat.bisect import Told, check_question, ends, search, tell
from compat.errors import ConfigurationError, ExitCode
from compat.freshness import record_path
from compat.matrix import Row
from compat.probe.record import sealed
from tests.builders import DIGESTS, absent, content, contract, failed, ledger, question

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = ("1.9.0", "1.10.2", "1.11.0", "2.0.0", "2.1.0", "2.9.0", "2.10.0")
ROWS = [Row(torch=torch, python="3.9", constraints=(), tags=("every",), first=True) for torch in RELEASES]
ASKED = "positional-list"


def test_an_id_that_no_record_can_have_is_refused_with_those_like_it() -> None:
    about = contract([question(ASKED)])
    known = ledger(content("2.0.0", surface={"relatives": {"torch.foreach.norm": False}}))
    for good in (ASKED, "present", "callers", "relative:torch.foreach.norm", "dispatches"):
        check_question(about, known, good)
    with pytest.raises(
        ConfigurationError, match=r"positional-lits: no such question\. Did you mean positional-list"
    ):
        check_question(about, known, "positional-lits")
    with pytest.raises(ConfigurationError, match="compat list"):
        check_question(about, known, "zzz")


@pytest.mark.parametrize(
    ("records", "good", "bad", "expected"),
    [
        ([], None, None, RELEASES),
        ([absent("1.10.2"), content("1.11.0"), content("2.0.0")], None, None, RELEASES[2:]),
        ([], "1.10.2", "2.0.0", RELEASES[1:4]),
        ([], "2.0.0", "1.10.2", RELEASES[1:4]),
        ([], "2.0", None, RELEASES[3:]),
    ],
)
def test_ends(
    records: list[dict[str, Any]], good: str | None, bad: str | None, expected: tuple[str, ...]
) -> None:
    assert ends(ROWS[::-1], ledger(*records), good, bad).releases == expected


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("x", None, "--good x: no version"),
        ("1.9.5", "7.0", "--good 1.9.5 and --bad 7.0: no row of the matrix. It has 1.9.0 to 2.10.0"),
        ("2.0.0", "2.0", "both ends are 2.0.0"),
    ],
)
def test_ends_that_are_none(good: str, bad: str | None, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ends(ROWS, ledger(), good, bad)


def test_a_matrix_without_rows_is_no_place_to_search() -> None:
    with pytest.raises(ConfigurationError, match="no rows"):
        ends([], ledger(), None, None)


class Bench:
    """Measures rows by writing down what they are said to give."""

    def __init__(self, folder: Path, answers: dict[str, Any]) -> None:
        self.folder, self.answers = folder, answers
        self.installed: list[str] = []
        self.said: list[str] = []

    def file(self, torch: str, **changes: Any) -> None:
        answer = self.answers.get(torch, "5.0")
        if answer is None:
            whole = failed(torch)
        elif answer == "absent":
            whole = absent(torch, **changes)
        else:
            whole = content(torch, questions={ASKED: {"kind": "value", "text": answer}}, **changes)
        row = next(row for row in ROWS if row.torch == torch)
        record_path(row, self.folder).write_text(json.dumps(sealed(whole)), encoding="utf-8")

    def measure(self, row: Row) -> int:
        self.installed.append(row.torch)
        self.file(row.torch)
        return 0

    def told(self, good: str, bad: str, asked: str = ASKED) -> Told:
        between = ends(ROWS, ledger(), good, bad)
        finding = search(asked, between, self.folder, DIGESTS, measure=self.measure, say=self.said.append)
        return tell(asked, between, finding)


def test_the_release_is_found_and_the_records_stay(tmp_path: Path) -> None:
    bench = Bench(tmp_path, dict.fromkeys(RELEASES[4:], "6.0"))
    told = bench.told("1.9.0", "2.10.0")
    assert told.exit_code is ExitCode.HOLDS
    text = "\n".join(told.lines)
    assert "other answer, silently: from 2.1.0 (exact: 2.0.0 and 2.1.0 are neighbours on the index)" in text
    assert "up to 2.0.0: 5.0" in text
    assert "from 2.1.0: 6.0" in text
    assert f"{len(bench.installed)} releases of 7 installed (1.9.0, 2.10.0, " in text
    assert f"{7 - len(bench.installed)} saved; at most 5 are needed" in text
    assert len(bench.installed) <= 5
    assert {json.loads(path.read_text())["torch"] for path in tmp_path.iterdir()} == set(bench.installed)
    again = Bench(tmp_path, {})
    assert "0 releases of 7 installed" in again.told("1.9.0", "2.10.0").lines[-1]
    assert again.installed == []
    assert again.said == ["1.9.0: 5.0 (known from its record)", "2.10.0: 6.0 (known from its record)"]


def test_a_stale_record_is_measured_anew(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"2.10.0": "6.0"})
    bench.file("2.9.0", digests={**DIGESTS, "probe": "sha256:0000"})
    told = bench.told("2.9.0", "2.10.0")
    assert bench.installed == ["2.9.0", "2.10.0"]
    assert told.exit_code is ExitCode.HOLDS


def test_ends_that_do_not_differ_name_nobody(tmp_path: Path) -> None:
    told = Bench(tmp_path, {}).told("1.11.0", "2.10.0")
    assert told.exit_code is ExitCode.INCONCLUSIVE
    assert told.lines[0] == (
        "positional-list does not differ: 1.11.0 and 2.10.0 both give 5.0. No release is named."
    )


def test_an_end_that_cannot_be_measured_is_named(tmp_path: Path) -> None:
    told = Bench(tmp_path, {"2.10.0": None}).told("1.11.0", "2.10.0")
    assert told.exit_code is ExitCode.INCONCLUSIVE
    assert told.lines[0].startswith("2.10.0 could not be measured")


def test_a_gap_is_no_exact_answer(tmp_path: Path) -> None:
    told = Bench(tmp_path, {"2.9.0": None, "2.10.0": "6.0"}).told("2.1.0", "2.10.0")
    assert told.exit_code is ExitCode.INCONCLUSIVE
    assert "after 2.1.0, by 2.10.0" in told.lines[0]
    assert told.lines[1] == "Between them lies what could not be measured: 2.9.0."


def test_more_than_one_change_is_said(tmp_path: Path) -> None:
    told = Bench(tmp_path, {"2.9.0": "6.0", "2.10.0": "7.0"}).told("2.1.0", "2.10.0")
    assert told.lines[0] == "positional-list changed 2 times at least between 2.1.0 and 2.10.0:"
    assert "for another: --good 2.9.0" in told.lines[3]


def test_what_came_back_is_said_where_records_know_of_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"2.1.0": "6.0"})
    bench.file("2.1.0")
    told = bench.told("2.0.0", "2.9.0")
    assert "2.0.0 and 2.9.0 give the same again." in told.lines
    assert told.exit_code is ExitCode.HOLDS


def test_a_function_that_is_not_there_is_an_outcome(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"1.9.0": "absent", "1.10.2": "absent"})
    assert "from 1.11.0 (exact" in bench.told("1.9.0", "2.10.0").lines[0]
    assert "from 1.11.0 (exact" in bench.told("1.9.0", "2.10.0", "present").lines[0]
