"""Expectations: what an outcome must be, and that rounding, but nothing else, is let pass."""

from __future__ import annotations

import pytest

from compat.expectations import meets
from compat.record_format import Outcome


@pytest.mark.parametrize(
    ("outcome", "expect", "expected"),
    [
        (("value", "5.0"), "5.0", True),
        (("value", "5.0"), "5", False),
        (("value", "error"), "error", True),
        (("error", "TypeError: no"), "error", True),
        (("error", "TypeError: no"), "TypeError", True),
        (("error", "TypeError: no"), "TypeError: no", True),
        (("error", "RuntimeError: TypeError"), "TypeError", False),
        (("crash", "error"), "error", False),
        (("unstable", "5.0"), "5.0", False),
        (("timeout", "error"), "error", False),
        (("value", "5.0"), "5.0 or error", True),
        (("error", "TypeError: no"), "5.0 or error", True),
        (("value", "6.0"), "5.0 or error", False),
        (("unstable", "5.0 | 6.0"), "5.0 or error", False),
    ],
)
def test_meets(outcome: tuple[str, str], expect: str, *, expected: bool) -> None:
    assert meets(Outcome(kind=outcome[0], text=outcome[1]), expect) is expected


@pytest.mark.parametrize(
    ("answer", "expect", "expected"),
    [
        ("{1: 7.0, 2: 5.0}", "{1: 7.0, 2: 5.0}", True),
        ("{1: 7.0, 2: 5.0}", "{1: 7.0, 2: inf or 5.0}", True),
        ("{1: 7.0, 2: inf}", "{1: 7.0, 2: inf or 5.0}", True),
        ("{1: 7.0, 2: 4.0}", "{1: 7.0, 2: inf or 5.0}", False),
        ("{1: 6.0, 2: 5.0}", "{1: 7.0, 2: inf or 5.0}", False),
        ("{1: 7.0}", "{1: 7.0, 2: inf or 5.0}", False),
        ("{2: 5.0, 1: 7.0}", "{1: 7.0, 2: inf or 5.0}", True),
        ("{1: 'TypeError'}", "{1: 7.0 or 'TypeError'}", True),
        ("{1: 7.0, 2: 5.0}", "{1: 7.0} or {1: 7.0, 2: 5.0}", True),
        ("{1: 7.0, 2: 4.0}", "{1: 7.0} or {1: 7.0, 2: 5.0}", False),
        ("{1: list(7.0, 2.0)}", "{1: list(7.0, 2.0) or list(7.0, inf)}", True),
    ],
)
def test_a_row_is_met_item_by_item(answer: str, expect: str, *, expected: bool) -> None:
    assert meets(Outcome(kind="value", text=answer), expect) is expected


@pytest.mark.parametrize(
    ("answer", "expect", "expected"),
    [
        ("float32[] 4.497942", "float32[] 4.497941493988037", True),
        ("list(4.497941970825195)", "list(4.497941493988037)", True),
        ("{3: list(4.497941970825195)}", "{3: list(4.497941493988037)}", True),
        ("float64[] 4.497941493988038", "float64[] 4.497941493988037", True),
        ("float32[] 4.49795", "float32[] 4.497941493988037", False),
        ("list(4.4979419)", "list(4.497941493988037)", False),
        ("float16[] 5.004", "float16[] 5.0", False),
        ("bfloat16[] 5.03125", "bfloat16[] 5.0", False),
        ("float32[] -0.0", "float32[] 0.0", False),
        ("float64[] 0.0", "float64[] 5e-324", False),
        ("float64[] 5e-324", "float64[] 0.0", False),
        ("float32[] inf", "float32[] 3.4028234663852886e+38", False),
        ("float32[] nan", "float32[] inf", False),
        ("float32[1] [5.0]", "float32[] 5.0", False),
        ("float64[] 5.0", "float32[] 5.0", False),
        ("tuple(float32[] 5.0000005)", "list(float32[] 5.0)", False),
        ("7", "8", False),
        ("(1+2j)", "(1+2.0000000000000004j)", False),
        ("float32[9] from 0.0 to 8.0, bits 0a1b2c3d", "float32[9] from 0.0 to 8.0, bits ffffffff", False),
        ("float32[9] from 0.0 to 8.0, bits 0a1b2c3d", "float32[9] from 0.0 to 8.0, bits 0a1b2c3d", True),
        ("True", "False", False),
    ],
)
def test_rounding_and_nothing_else_is_let_pass(answer: str, expect: str, *, expected: bool) -> None:
    assert meets(Outcome(kind="value", text=answer), expect) is expected
