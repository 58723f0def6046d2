"""Oddities: other bits, lost digits and cost are caveats; what is ordinary is none."""

from __future__ import annotations

from typing import Any

import pytest

from compat.contract import Reference
from compat.oddities import oddities
from tests.builders import content, contract, record

ABOUT = contract(
    references=(
        Reference(id="norm", call="[t.norm(ord) for t in tensors]"),
        Reference(id="total", call="[total(tensors)]", combine="[whole(norms)]"),
    )
)


def point(**changes: Any) -> dict[str, Any]:
    return {"dtype": "float32", "elements": 1024, "relative_error": 1e-8, "bound_share": 0.5, **changes}


def timed(ratio: float, against: str = "norm", samples: int = 16, part: str = "whole") -> dict[str, Any]:
    pairs = [[1.0, ratio]] * samples
    return {"timings": [{"workload": "many", "against": against, "part": part, "pairs": pairs}]}


def dispatched(*counts: tuple[int, int]) -> dict[str, Any]:
    return {"dispatches": [{"length": length, "operators": {"aten::x": many}} for length, many in counts]}


OTHER = "numbers differ in bits from per-parameter norms on"
OTHER_BITS = "numbers differ in bits from per-parameter norms on"
STOPPED = {"kind": "error", "text": "TypeError: no"}
CRASHED = {"kind": "crash", "text": "SIGSEGV"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        (
            {"agreement": {"codes": {"norm": "=~~E"}}},
            {"identity:norm": f"{OTHER} 2 of 4 cases"},
        ),
        ({"agreement": {"codes": {"total": "~~~~"}}}, {}),
        ({"agreement": {"codes": {"norm": "=~~E"}}, "device": "cuda"}, {}),
        (
            {"accuracy": [point(codes={"norm": "~"}), point(codes={"total": "~"})]},
            {"identity:norm": f"{OTHER_BITS} 1 size of the accuracy level"},
        ),
        (
            {"exploration": {"seed": 1, "failures": [{"case": {}, "codes": {"norm": "~"}, "message": ""}]}},
            {"identity:norm": f"{OTHER} what exploring found"},
        ),
        ({"accuracy": [point(bound_share=1.0)]}, {}),
        ({"accuracy": [point(bound_share="nan", bounded=False)]}, {}),
        (
            {"accuracy": [point(bound_share=1.5), point(bound_share="inf")]},
            {"accuracy:float32": "off by more than rounding explains at 2 points"},
        ),
        (
            {"accuracy": [point(bound_share=2, dtype="float16", result_dtype="float32")]},
            {"accuracy:float16 as float32": "off by more than rounding explains at 1 point"},
        ),
        ({"accuracy": [point(stopped=STOPPED, result_dtype="float64")]}, {}),
        (
            {"accuracy": [point(stopped=STOPPED)]},
            {"stopped:float32": "at 1,024 elements error: TypeError: no"},
        ),
        (
            {"accuracy": [point(stopped=CRASHED, result_dtype="float64")]},
            {"stopped:float32 as float64": "at 1,024 elements crash: SIGSEGV"},
        ),
        ({"cost": timed(0.6)}, {}),
        ({"cost": timed(0.25)}, {"slow:norm": "takes 4 times the time of norm (many)"}),
        ({"cost": timed(0.25, samples=5)}, {}),
        ({"cost": timed(0.25, part="device")}, {}),
        ({"cost": dispatched((1, 3), (100, 201), (1000, 2001))}, {}),
        (
            {"cost": dispatched((1, 3), (100, 401), (1000, 22_001))},
            {
                "dispatches": (
                    "operators grow faster than the list: 401 operators for 100 tensors, 22,001 for 1,000"
                )
            },
        ),
        ({"cost": None, "accuracy": None, "agreement": None, "exploration": None}, {}),
    ],
)
def test_oddities(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert oddities(ABOUT, record(content("2.0.0", **changes))) == expected
