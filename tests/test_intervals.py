"""The exact bootstrap interval of a median, against brute force and in its corner cases."""

from __future__ import annotations

import random
from itertools import product
from statistics import median, quantiles

import pytest

from compat.intervals import MINIMUM_SAMPLES, interval


@pytest.mark.parametrize("samples", range(MINIMUM_SAMPLES))
def test_too_few_samples_have_no_interval(samples: int) -> None:
    assert interval([1.0] * samples) is None


def test_equal_samples_have_a_point() -> None:
    found = interval([2.0] * 8)
    assert found is not None
    assert (found.low, found.median, found.high, found.samples) == (2.0, 2.0, 2.0, 8)


def test_order_does_not_matter_and_an_outlier_does_not_either() -> None:
    calm = [1.0 + step / 100 for step in range(15)]
    assert interval(calm) == interval(calm[::-1])
    spiked = interval([*calm[:-1], 1000.0])
    usual = interval(calm)
    assert spiked is not None
    assert usual is not None
    assert (spiked.low, spiked.median, spiked.high) == (usual.low, usual.median, usual.high)


def test_all_resamples_of_seven_agree_with_the_formula() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    medians = sorted(median(draw) for draw in product(values, repeat=7))
    found = interval(values)
    assert found is not None
    assert found.low == medians[int(0.025 * len(medians))]
    assert found.high == medians[int(0.975 * len(medians))]


@pytest.mark.parametrize("samples", [16, 31, 40])
def test_resampling_at_random_gives_no_wider_interval(samples: int) -> None:
    dice = random.Random(samples)  # noqa: S311 - a control, no secret
    values = [dice.lognormvariate(0, 0.3) for _ in range(samples)]
    medians = [median(dice.choices(values, k=samples)) for _ in range(4000)]
    cuts = quantiles(medians, n=40)
    found = interval(values)
    assert found is not None
    assert found.low <= cuts[0] + 0.02
    assert found.high >= cuts[-1] - 0.02
    beyond = [value for value in values if found.low < value < cuts[0] or cuts[-1] < value < found.high]
    assert len(beyond) <= 2


def test_the_interval_covers_the_true_median_about_as_often_as_it_says() -> None:
    dice = random.Random(7)  # noqa: S311 - a control, no secret
    covered = 0
    for _ in range(1000):
        found = interval([dice.gauss(1.0, 0.1) for _ in range(16)])
        assert found is not None
        covered += found.low <= 1.0 <= found.high
    assert covered >= 930
