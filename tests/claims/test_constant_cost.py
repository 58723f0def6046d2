"""Launches against list length: a CPU can refute, only an accelerator can support."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from compat.claims import Decision, judge
from tests import raced
from tests.builders import absent, claim, content, evidence


def dispatched(
    counts: dict[int, int], torch: str = "2.0.0", device: str = "cpu", name: str = "launch"
) -> dict[str, Any]:
    points = [{"length": n, "operators": {name: count}} for n, count in counts.items()]
    return content(torch, device=device, cost={"dispatches": points})


CONSTANT, LINEAR, CHUNKS = {1: 2, 10: 2, 100: 2}, {1: 3, 10: 21, 100: 201}, {1: 1, 100: 1, 1000: 10}


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        ([], Decision.INCONCLUSIVE, "CPU not measured; CUDA not measured"),
        ([absent("1.9.0"), content("2.0.0")], Decision.INCONCLUSIVE, "CPU not measured; CUDA not measured"),
        (
            [dispatched(LINEAR), dispatched(CONSTANT, "2.1.0")],
            Decision.REFUTED,
            (
                "on CPU 1 + 2 n operators dispatched for n tensors in 2.0.0, growing with the list in 2.0.0; "
                "CUDA not measured"
            ),
        ),
        (
            [dispatched(CONSTANT)],
            Decision.INCONCLUSIVE,
            "the same for every length in 2.0.0; CUDA not measured",
        ),
        (
            [dispatched(CONSTANT), dispatched(CONSTANT, device="cuda")],
            Decision.SUPPORTED,
            "on CUDA 2 kernels launched",
        ),
        (
            [dispatched(CONSTANT), dispatched(LINEAR, device="cuda")],
            Decision.REFUTED,
            "on CUDA 1 + 2 n kernels",
        ),
        (
            [dispatched(LINEAR), dispatched(CONSTANT, device="cuda")],
            Decision.REFUTED,
            "on CPU 1 + 2 n operators",
        ),
        (
            [dispatched(CONSTANT), dispatched(CHUNKS, device="cuda")],
            Decision.INCONCLUSIVE,
            "growing with the list",
        ),
        (
            [dispatched(CONSTANT), dispatched(CONSTANT, device="cuda", name="aten::norm")],
            Decision.INCONCLUSIVE,
            "CUDA not measured",
        ),
    ],
)
def test_constant_cost(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    verdict = judge(claim("constant-cost", launches=["launch"]), evidence(*wholes))
    assert (verdict.verdict, because in verdict.because) == (decision, True), verdict.because


@pytest.mark.parametrize(
    ("device", "decision"),
    [("cuda", Decision.SUPPORTED), ("cpu", Decision.REFUTED), (None, Decision.REFUTED)],
)
def test_a_claim_about_one_device_is_decided_there(device: str | None, decision: Decision) -> None:
    on_file = evidence(dispatched(LINEAR), dispatched(CONSTANT, device="cuda"))
    assert judge(claim("constant-cost", device, launches=["launch"]), on_file).verdict is decision


def test_a_cpu_alone_cannot_support_a_claim_about_launches() -> None:
    verdict = judge(claim("constant-cost", "cpu", launches=["launch"]), evidence(dispatched(CONSTANT)))
    assert verdict.verdict is Decision.INCONCLUSIVE


def test_a_speed_record_tells_what_the_other_ways_cost() -> None:
    record = raced.record(
        by_length=[{"length": n, "told": {"norm": {"operators": 5 * n}}, "timed": []} for n in (1, 10, 100)]
    )
    on_file = replace(evidence(dispatched(LINEAR)), timed=(record,))
    verdict = judge(claim("constant-cost", launches=["launch"]), on_file)
    assert verdict.details == ("norm, 2.15.0 on CPU: 0 + 5 n operators for n tensors",)
    assert f"speed/{raced.NAME}" in verdict.records
