"""Speed, overhead and accuracy rows: replayed timings in, ratios out, and no number without a control."""

from __future__ import annotations

from typing import Any

import pytest

from compat.measurements import accuracy_rows, overhead_rows, speed_rows
from tests.builders import content, failed, ledger

STEADY = [[1.0, 1.0]] * 8


def timed(
    pairs: list[list[float]], control: list[list[float]] | None = STEADY, torch: str = "2.0.0"
) -> dict[str, Any]:
    """Return a record in which one workload was timed, beside a control or without."""
    timings = [{"workload": "w", "against": "norm", "pairs": pairs}]
    timings += [{"workload": "w", "against": "itself", "pairs": control}] if control is not None else []
    return content(torch, cost={"timings": timings})


@pytest.mark.parametrize(
    ("pairs", "control", "ratio", "why"),
    [
        ([[1.0, 3.0]] * 8, STEADY, 3.0, None),
        ([[2.0, 1.0]] * 8, STEADY, 0.5, None),
        ([[1.0, 3.0]] * 5, STEADY, None, "too few samples (5, at least 6 are needed)"),
        ([[1.0, 3.0]] * 8, None, 3.0, "no control: the function was not timed against itself"),
        ([[1.0, 3.0]] * 8, [[1.0, 1.5]] * 8, 3.0, "its control is off: the function against itself gave 1.5"),
        ([[1.0, 3.0]] * 8, [[1.5, 1.0]] * 8, 3.0, "its control is off"),
        ([[1.0, 3.0]] * 8, [[1.0, 1.01]] * 8, 3.0, None),
        ([[1.0, 3.0]] * 8, [[1.0, 1.0]] * 3, 3.0, "its control has too few samples"),
    ],
)
def test_speed(
    pairs: list[list[float]], control: list[list[float]] | None, ratio: float | None, why: str | None
) -> None:
    row = speed_rows(ledger(timed(pairs, control)))[0]
    assert row.ratio == (None if ratio is None else pytest.approx(ratio))
    assert row.samples == len(pairs)
    assert row.usable is (why is None)
    assert row.why == why or (why is not None and row.why is not None and row.why.startswith(why))


def test_the_ratio_is_that_of_pairs_and_not_of_medians() -> None:
    drifting = [[float(n), 2.0 * n] for n in range(1, 9)]
    row = speed_rows(ledger(timed(drifting)))[0]
    assert (row.low, row.ratio, row.high) == (2.0, 2.0, 2.0)


def test_a_control_spoils_its_own_workload_only() -> None:
    timings = [
        {"workload": w, "against": a, "pairs": [[1.0, r]] * 8}
        for w, a, r in [("v", "itself", 1.0), ("v", "norm", 2.0), ("w", "itself", 2.0), ("w", "norm", 2.0)]
    ]
    rows = speed_rows(ledger(content("2.0.0", cost={"timings": timings})))
    assert {row.workload: row.usable for row in rows if row.against == "norm"} == {"v": True, "w": False}


@pytest.mark.parametrize(
    ("part", "off", "usable"),
    [
        ("whole", 1.01, True),
        ("whole", 1.03, False),
        ("host", 1.03, False),
        ("device", 1.03, True),
        ("device", 1.06, False),
    ],
)
def test_each_part_of_a_call_has_a_control_and_a_margin_of_its_own(
    part: str, off: float, *, usable: bool
) -> None:
    controls = {"whole": 1.0, "host": 1.0, "device": 1.0, part: off}
    timings = [
        {"workload": "w", "against": against, "part": each, "pairs": [[1.0, ratio]] * 8}
        for each, control in controls.items()
        for against, ratio in (("itself", control), ("norm", 2.0))
    ]
    rows = speed_rows(ledger(content("2.0.0", device="cuda", cost={"timings": timings})))
    assert {row.part: row.usable for row in rows if row.against == "norm"} == {
        **dict.fromkeys(controls, True),
        part: usable,
    }


def test_records_that_do_not_count_give_no_rows() -> None:
    spoilt = {**timed(STEADY), "canaries": {"absent-name": False}}
    filed = ledger(spoilt, failed("2.1.0"), content("2.9.0", cost=None, accuracy=[]))
    assert (speed_rows(filed), overhead_rows(filed), accuracy_rows(filed)) == ((), (), ())


def test_overhead_is_a_share_of_the_bare_step() -> None:
    triples = [[10.0, 10.5, 11.5]] * 8
    row = overhead_rows(ledger(content("2.0.0", cost={"overhead": {"workload": "s", "triples": triples}})))[0]
    assert (row.share, row.low, row.high) == (0.1, 0.1, 0.1)


def test_accuracy_keeps_words_for_what_is_not_finite() -> None:
    points = [{"dtype": "float16", "elements": 4, "relative_error": error} for error in (0.5, "inf")]
    rows = accuracy_rows(ledger(content("2.0.0", accuracy=points)))
    assert [row.relative_error for row in rows] == [0.5, "inf"]


def test_a_full_matrix_is_quick() -> None:
    timings = [
        {"workload": f"w{w}", "against": a, "pairs": [[1.0, 1.0 + n / 1000] for n in range(40)]}
        for w in range(5)
        for a in ("itself", "norm", "vector_norm")
    ]
    rows = speed_rows(ledger(*(content(f"2.{n}.0", cost={"timings": timings}) for n in range(40))))
    assert len(rows) == 600
