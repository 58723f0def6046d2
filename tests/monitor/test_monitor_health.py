"""Are norms judged by the thresholds, and what is the ratio where division has no answer? Tables."""

from __future__ import annotations

import math

import pytest

from monitor import Thresholds
from monitor.health import gradient_ratio, judge_norms
from monitor.registration import Layout
from tests.monitor.gradient_cases import needs_function

pytestmark = needs_function

RATIOS = [
    # seed, host, ratio
    (3.0, 4.0, 0.75),
    (4.0, 3.0, 4.0 / 3.0),
    (0.0, 4.0, 0.0),
    (0.0, 0.0, 0.0),
    (4.0, 0.0, math.inf),
    (math.inf, 4.0, math.nan),
    (4.0, math.inf, math.nan),
    (0.0, math.inf, math.nan),
    (0.0, math.nan, math.nan),
    (math.inf, math.inf, math.nan),
    (math.nan, 0.0, math.nan),
]


@pytest.mark.parametrize(("seed", "host", "expected"), RATIOS)
def test_ratio(seed: float, host: float, expected: float) -> None:
    assert gradient_ratio(seed, host) == pytest.approx(expected, nan_ok=True)


COUNTS = [
    # norms, vanishing, exploding, non-finite, without gradient
    ([1.0, 2.0], 0, 0, 0, 0),
    ([0.0, 0.009, 0.01, 0.02], 2, 0, 0, 0),
    ([100.0, 100.1, 1e300], 0, 2, 0, 0),
    ([math.inf, math.nan, 1.0], 0, 0, 2, 0),
    ([None, 0.0, None, 1e6, math.inf], 1, 1, 1, 2),
    ([], 0, 0, 0, 0),
]


@pytest.mark.parametrize(("norms", "vanishing", "exploding", "non_finite", "without"), COUNTS)
def test_counts(
    norms: list[float | None], vanishing: int, exploding: int, non_finite: int, without: int
) -> None:
    host = tuple((str(place), place) for place in range(len(norms)))
    layout = Layout(host=host, seed=host[:1], size=len(norms))
    health = judge_norms(layout, norms, Thresholds(vanishing=0.01, exploding=100.0))
    counted = (health.vanishing, health.exploding, health.non_finite, health.without_gradient)
    assert counted == (vanishing, exploding, non_finite, without)


TOTALS = [
    # norms, total
    ([], 0.0),
    ([3.0, 4.0], 5.0),
    ([1e200, 1e200], math.sqrt(2) * 1e200),
    ([1e-200, 1e-200], math.sqrt(2) * 1e-200),
    ([math.inf, math.nan], math.inf),
    ([1.0, math.nan], math.nan),
]


@pytest.mark.parametrize(("norms", "total"), TOTALS)
def test_total(norms: list[float | None], total: float) -> None:
    host = tuple((str(place), place) for place in range(len(norms)))
    health = judge_norms(Layout(host=host, seed=(), size=len(norms)), norms, Thresholds())
    assert health.host_grad_norm == pytest.approx(total, rel=1e-15, nan_ok=True)
    assert health.seed_grad_norm == 0.0


@pytest.mark.parametrize(
    ("vanishing", "exploding"), [(1.0, 1.0), (2.0, 1.0), (-1.0, 1.0), (math.nan, 1.0), (0.0, math.nan)]
)
def test_thresholds_that_contradict_are_refused(vanishing: float, exploding: float) -> None:
    with pytest.raises(ValueError, match="0 <= vanishing < exploding"):
        Thresholds(vanishing=vanishing, exploding=exploding)
