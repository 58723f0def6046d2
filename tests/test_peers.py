"""Peers: what a record lacks beside others of its kind, and one row under two names."""

from __future__ import annotations

from typing import Any

import pytest

from compat.peers import why_set_apart
from tests.builders import DIGESTS, absent, content, ledger, record

WHOLE = content("2.0.0")
SHORT = content("2.1.0", agreement={"cases": 2, "codes": {"norm": "==", "vector_norm": "=="}})
FEWER = {**content("2.1.0"), "canaries": {"planted: off by 1e-5": True}}
GIVEN_UP = {"given_up": [{"level": "agreement", "behind": "3", "why": "2 of its steps hung"}]}


def measured(torch: str, *, points: int, stopped: bool = False) -> dict[str, Any]:
    """Return a record's content with accuracy at 1, 2, ... elements, and a magnitude of its own."""
    accuracy: list[dict[str, Any]] = [
        {"dtype": "float32", "elements": number, "relative_error": 0.0} for number in range(1, points + 1)
    ]
    accuracy.append({**accuracy[0], "magnitude": points})
    lost = {"relative_error": "nan", "stopped": {"kind": "error", "text": "no"}}
    return content(torch, accuracy=[*accuracy, *([{**accuracy[0], **lost}] if stopped else [])])


def costing(
    torch: str, *against: str, not_run: str | None = None, relatives: dict[str, bool] | None = None
) -> dict[str, Any]:
    timings = [{"workload": "w", "against": each, "pairs": [[1.0, 1.0]]} for each in against]
    cost = {"timings": timings, "not_run": not_run}
    return content(torch, cost=cost, surface={"relatives": relatives or {}})


@pytest.mark.parametrize(
    ("wholes", "why"),
    [
        ([WHOLE, content("2.1.0")], {}),
        ([WHOLE, SHORT], {"torch-2.1.0-py3.9-cpu.json": "cut short: others of its kind have 4 cases, not 2"}),
        (
            [WHOLE, FEWER],
            {"torch-2.1.0-py3.9-cpu.json": "cut short: others of its kind have canary absent-name"},
        ),
        ([SHORT], {}),
        ([WHOLE, {**SHORT, **GIVEN_UP}], {}),
        ([WHOLE, {**SHORT, "digests": {**DIGESTS, "corpus": "sha256:other"}}], {}),
        ([WHOLE, {**SHORT, "device": "cuda"}], {}),
        ([WHOLE, absent("1.9.0")], {}),
        ([WHOLE, content("2.1.0", agreement=None)], {}),
        (
            [measured("2.0.0", points=2), measured("2.1.0", points=1)],
            {
                "torch-2.1.0-py3.9-cpu.json": (
                    "cut short: others of its kind have float32 at 2 elements (mixed)"
                )
            },
        ),
        ([measured("2.0.0", points=2), measured("2.1.0", points=1, stopped=True)], {}),
        ([measured("2.0.0", points=2), content("2.1.0", accuracy=[])], {}),
        (
            [costing("2.0.0", "norm", "itself"), costing("2.1.0", "norm")],
            {"torch-2.1.0-py3.9-cpu.json": "cut short: others of its kind have timing w against itself"},
        ),
        ([costing("2.0.0", "norm", "itself"), costing("2.1.0", "norm", not_run="it hung")], {}),
        (
            [costing("2.0.0", relatives={"n": True}), costing("2.1.0")],
            {"torch-2.1.0-py3.9-cpu.json": "cut short: others of its kind have an answer whether n is there"},
        ),
        (
            [
                costing("2.0.0", "norm", "new", relatives={"new": True}),
                costing("2.1.0", "norm", relatives={"new": False}),
            ],
            {},
        ),
        ([WHOLE, content("2.0.0", python="3.11")], {}),
        (
            [WHOLE, content("2.0")],
            {
                "torch-2.0-py3.9-cpu.json": "measured twice: torch-2.0.0-py3.9-cpu.json is the same row",
                "torch-2.0.0-py3.9-cpu.json": "measured twice: torch-2.0-py3.9-cpu.json is the same row",
            },
        ),
    ],
)
def test_why_set_apart(wholes: list[dict[str, Any]], why: dict[str, str]) -> None:
    assert why_set_apart([record(each) for each in wholes]) == why


def test_a_record_that_does_not_count_anyway_is_nobody_s_measure() -> None:
    stale = content("2.0.0", digests={**DIGESTS, "probe": "sha256:old"})
    assert list(ledger(stale, SHORT, digests=DIGESTS).unusable) == ["torch-2.0.0-py3.9-cpu.json"]
