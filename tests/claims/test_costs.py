"""Speed and overhead claims: intervals against what was said, with replayed timings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compat.claims import Decision, judge
from compat.contract import Reference
from tests import raced
from tests.builders import claim, content, contract, evidence

NOISE = (0.98, 0.99, 0.995, 1.0, 1.0, 1.005, 1.01, 1.02)


def parts(**ratios: float) -> dict[str, Any]:
    """Return a record of CUDA in which each part of a call has a ratio of its own."""
    timings = [
        {"workload": "w", "against": against, "part": part, "pairs": [[1.0, ratio]] * 8}
        for part, norm in ratios.items()
        for against, ratio in (("norm", norm), ("itself", 1.0))
    ]
    return content("2.0.0", device="cuda", cost={"timings": timings})


def timed(
    ratio: float, torch: str = "2.0.0", *, control: float = 1.0, samples: int = 8, spread: float = 1.0
) -> dict[str, Any]:
    """Return a record in which the function was ``ratio`` times faster, give or take."""
    noise = [1 + (each - 1) * spread for each in NOISE[:samples]]
    timings = [
        {"workload": "w", "against": "norm", "pairs": [[1.0, ratio * each] for each in noise]},
        {"workload": "w", "against": "itself", "pairs": [[1.0, control * each] for each in NOISE]},
    ]
    return content(torch, cost={"timings": timings})


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        ([], Decision.INCONCLUSIVE, "no usable timing against norm; CPU and CUDA not measured"),
        (
            [timed(1.2)],
            Decision.REFUTED,
            "1 of 1 timing lie wholly below 10 times, 0 wholly at or above it; CUDA not",
        ),
        (
            [parts(whole=5.0, host=12.0, device=70.0)],
            Decision.REFUTED,
            "measured 5 [5, 5] times (w, 2.0.0 on CUDA) to 5 [5, 5] times (w, 2.0.0 on CUDA)",
        ),
        (
            [timed(12), timed(60, "2.1.0")],
            Decision.SUPPORTED,
            "measured 12 [11.9, 12.1] times (w, 2.0.0 on CPU) to 60 [59.4, 60.6] times",
        ),
        (
            [timed(12), timed(1.2, "2.1.0")],
            Decision.REFUTED,
            "1 of 2 timings lie wholly below 10 times, 1 wholly",
        ),
        ([timed(10, spread=10)], Decision.INCONCLUSIVE, "0 of 1 timing lie wholly below 10 times, 0 wholly"),
        (
            [timed(12), timed(10, "2.1.0", spread=10)],
            Decision.INCONCLUSIVE,
            "0 of 2 timings lie wholly below",
        ),
        ([timed(1.2, samples=4)], Decision.INCONCLUSIVE, "no usable timing against norm: too few samples (4"),
        (
            [timed(1.2, control=1.3)],
            Decision.INCONCLUSIVE,
            "no usable timing against norm: its control is off",
        ),
        (
            [timed(12), timed(1.2, "2.1.0", control=1.3)],
            Decision.INCONCLUSIVE,
            "; 1 timing not usable; CUDA not measured",
        ),
    ],
)
def test_speedup(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    verdict = judge(claim("speedup", against="norm", low=10.0, high=50.0), evidence(*wholes))
    assert (verdict.verdict, because in verdict.because) == (decision, True), verdict.because


def stepped(extra: float, torch: str = "2.0.0", *, samples: int = 8, spread: float = 1.0) -> dict[str, Any]:
    """Return a record in which the loop added this share of a step."""
    triples = [[1.0, 1.1, 1.1 + extra + (each - 1) * spread] for each in NOISE[:samples]]
    return content(torch, cost={"overhead": {"workload": "training-step", "triples": triples}})


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        ([], Decision.INCONCLUSIVE, "no training step was timed; CPU and CUDA not measured"),
        ([stepped(0.05)], Decision.SUPPORTED, "a loop adds 5 % of a training-step beyond the function"),
        ([stepped(-0.05)], Decision.REFUTED, "wholly below 0.01 in 1 and wholly above in 0 of 1 measurement"),
        ([stepped(0.05), stepped(0.0, "2.1.0", spread=0.1)], Decision.INCONCLUSIVE, "a loop adds 0 % to 5 %"),
        (
            [stepped(0.05), stepped(0.0, "2.1.0", spread=0.1), stepped(0.0, "2.2.0", spread=0.1)],
            Decision.REFUTED,
            "wholly below 0.01 in 2 and wholly above in 1 of 3 measurements",
        ),
        (
            [stepped(0.05), stepped(0.0, "2.1.0", spread=0.1), stepped(0.06, "2.2.0")],
            Decision.SUPPORTED,
            "wholly below 0.01 in 1 and wholly above in 2 of 3 measurements",
        ),
        (
            [stepped(0.01)],
            Decision.INCONCLUSIVE,
            "wholly below 0.01 in 0 and wholly above in 0 of 1 measurement",
        ),
        (
            [stepped(0.05), stepped(0.01, "2.1.0")],
            Decision.INCONCLUSIVE,
            "wholly above in 1 of 2 measurements; CUDA",
        ),
        ([stepped(0.05, samples=3)], Decision.INCONCLUSIVE, "too few samples; CPU and CUDA not measured"),
    ],
)
def test_overhead(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    verdict = judge(claim("overhead", threshold=0.01), evidence(*wholes))
    assert (verdict.verdict, because in verdict.because) == (decision, True), verdict.because


def test_a_claim_about_an_unmeasured_device_stays_open() -> None:
    on_file = evidence(timed(1.2))
    assert (
        judge(claim("speedup", "cuda", against="norm", low=10.0, high=50.0), on_file).verdict
        is Decision.INCONCLUSIVE
    )
    assert (
        judge(claim("overhead", "cuda", threshold=0.01), evidence(stepped(0.5))).verdict
        is Decision.INCONCLUSIVE
    )


@pytest.mark.parametrize(
    ("loop", "decision", "because"),
    [
        (1.5, Decision.SUPPORTED, "a loop adds 48 % of a training step beyond the function"),
        (1.021, Decision.REFUTED, "wholly below 0.01 in 1 and wholly above in 0 of 1 measurement"),
    ],
)
def test_a_speed_record_speaks_of_overhead_as_well(loop: float, decision: Decision, because: str) -> None:
    step = raced.timed(nothing=1.0, nothing_again=1.0, monitor=1.02, loop=loop)
    record = raced.record(training={"tensors": 26, "lacks": {}, "timed": step})
    on_file = replace(evidence(), timed=(record,))
    verdict = judge(claim("overhead", "cpu", threshold=0.01, way="monitor", instead="loop"), on_file)
    assert verdict.verdict is decision
    assert because in verdict.because
    assert verdict.records == (f"speed/{raced.NAME}",)
    other = judge(claim("overhead", "cpu", threshold=0.01, way="monitor", instead="norm"), on_file)
    assert (other.verdict, other.because) == (
        Decision.INCONCLUSIVE,
        "no training step was timed; CPU not measured",
    )


def test_a_speed_record_speaks_of_speed_as_well_and_of_other_loops() -> None:
    ratios = {"foreach_norm": 1.0, "norm": 3.0, "vector_norm": 1.2, "itself": 1.0}
    loops = (Reference(id="norm", call="n"), Reference(id="vector_norm", call="v"))
    on_file = replace(
        evidence(about=contract(references=loops)),
        timed=(raced.record(cells=[raced.cell(ratios=ratios)]),),
    )
    verdict = judge(claim("speedup", "cpu", against="norm", low=10, high=50), on_file)
    assert verdict.verdict is Decision.REFUTED
    assert verdict.because == (
        "measured 3 [3, 3] times (gpt2, float32, 2.15.0 on CPU) to 3 [3, 3] times (gpt2, float32, 2.15.0 on "
        "CPU) the speed of norm; 1 of 1 timing lie wholly below 10 times, 0 wholly at or above it; "
        "1.2 to 1.2 times that of vector_norm"
    )
