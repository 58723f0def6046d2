"""Speed tables: what is claimed first, the control last, and no number without its interval."""

from __future__ import annotations

from typing import Any

from compat.contract import Claim
from compat.measurements import Speed
from compat.report.speed_view import speed_tables
from tests.builders import contract

CLAIM = Claim(id="s", claim="s", rule="speedup", parameters={"against": "norm", "low": 10.0, "high": 50.0})


def row(against: str = "norm", torch: str = "2.0.0", **changes: Any) -> Speed:
    known: dict[str, Any] = {
        "torch": torch,
        "python": "3.9",
        "device": "cpu",
        "workload": "w",
        "against": against,
        "part": "whole",
        "ratio": 2.0,
        "low": 1.9,
        "high": 2.1,
        "samples": 30,
        "usable": True,
        "why": None,
        "record": "r.json",
    }
    return Speed(**{**known, **changes})


def test_the_claimed_alternative_comes_first_and_the_control_last() -> None:
    tables = speed_tables([row("itself"), row("a"), row("norm")], contract(claims=[CLAIM]))
    assert [(table.against, table.claimed, table.control) for table in tables] == [
        ("norm", (10.0, 50.0), False),
        ("a", None, False),
        ("itself", None, True),
    ]


def test_each_part_of_a_call_has_a_table_and_only_the_whole_is_claimed() -> None:
    rows = [row(part=part, device="cuda") for part in ("device", "host", "whole")]
    tables = speed_tables(rows, contract(claims=[CLAIM]))
    assert [(table.part, table.claimed) for table in tables] == [
        ("", (10.0, 50.0)),
        ("the host alone", None),
        ("the device alone", None),
    ]


def test_the_sentence_counts_what_lies_below_the_claim() -> None:
    rows = [row(torch="1.11.0", ratio=1.5, high=1.6), row(), row(torch="2.1.0", ratio=20.0, high=21.0)]
    assert speed_tables(rows, contract(claims=[CLAIM]))[0].seen == (
        "From 1.50 times (w, 1.11.0) to 20.0 times (w, 2.1.0); "
        "2 of 3 timings lie wholly below the claimed 10 times."
    )


def test_an_unusable_timing_is_shown_and_not_counted() -> None:
    spoilt = row(usable=False, why="its control is off")
    table = speed_tables([spoilt], contract())[0]
    cell = table.rows[0].cells[0]
    assert cell is not None
    assert (cell.text, cell.why) == ("2.00 (1.90 to 2.10)", "its control is off")
    assert table.seen == "None of 1 timing is usable."


def test_too_few_samples_are_no_ratio() -> None:
    cell = speed_tables([row(ratio=None, low=None, high=None, usable=False)], contract())[0].rows[0].cells[0]
    assert cell is not None
    assert cell.text == "too few samples"


def test_releases_are_rows_in_order_and_a_gap_is_a_gap() -> None:
    rows = [row(torch="2.10.0"), row(torch="2.9.0", workload="v"), row(torch="2.9.0")]
    table = speed_tables(rows, contract())[0]
    assert [(each.label, [cell is None for cell in each.cells]) for each in table.rows] == [
        ("2.9.0", [False, False]),
        ("2.10.0", [True, False]),
    ]
