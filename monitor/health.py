"""What do the norms say about a host and its seed? Plain numbers in, plain numbers out, no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.registration import Layout, Place


@dataclass(frozen=True)
class Thresholds:
    """Where a gradient's norm stops being healthy.

    A norm below ``vanishing`` counts as vanishing (an exact zero included), a finite norm above
    ``exploding`` as exploding. Raises ValueError unless ``0 <= vanishing < exploding``.
    """

    vanishing: float = 1e-7
    exploding: float = 1e3

    def __post_init__(self) -> None:
        if not 0 <= self.vanishing < self.exploding:
            message = (
                f"Thresholds(vanishing={self.vanishing}, exploding={self.exploding}): needs "
                "0 <= vanishing < exploding, because a gradient cannot be both."
            )
            raise ValueError(message)


@dataclass(frozen=True)
class GradientHealth:
    """The gradients of one moment, as Python numbers.

    ``host_grad_norm`` and ``seed_grad_norm`` are Euclidean norms over all measured gradients of that
    side: 0.0 when there are none, infinite when a norm is infinite, else NaN when a norm is NaN. For
    ``seed_gradient_ratio`` see `gradient_ratio`.

    ``host_norms`` and ``seed_norms`` are pairs of name and norm in the order of registration, for
    measured gradients only. ``vanishing``, ``exploding`` and ``non_finite`` count measured gradients
    and ``without_gradient`` the parameters that had none; each counts a parameter that host and
    seed share once. ``non_finite`` goes by the norm, so it includes a finite gradient whose norm
    is beyond its dtype.
    """

    host_grad_norm: float
    seed_grad_norm: float
    seed_gradient_ratio: float
    host_norms: tuple[tuple[str, float], ...]
    seed_norms: tuple[tuple[str, float], ...]
    vanishing: int
    exploding: int
    non_finite: int
    without_gradient: int


def judge_norms(layout: Layout, norms: Sequence[float | None], thresholds: Thresholds) -> GradientHealth:
    """Judge the norms of all registered parameters, by position, None for one without a gradient."""
    host_norms = _named_norms(layout.host, norms)
    seed_norms = _named_norms(layout.seed, norms)
    host = _total_norm(host_norms)
    seed = _total_norm(seed_norms)
    measured = [norm for norm in norms if norm is not None]
    finite = list(filter(math.isfinite, measured))
    return GradientHealth(
        host_grad_norm=host,
        seed_grad_norm=seed,
        seed_gradient_ratio=gradient_ratio(seed, host),
        host_norms=host_norms,
        seed_norms=seed_norms,
        vanishing=sum(map(float(thresholds.vanishing).__gt__, finite)),
        exploding=sum(map(float(thresholds.exploding).__lt__, finite)),
        non_finite=len(measured) - len(finite),
        without_gradient=len(norms) - len(measured),
    )


def gradient_ratio(seed: float, host: float) -> float:
    """Divide the seed's norm by the host's, with an answer on purpose where division has none.

    NaN when either norm is not finite: such a gradient tells nothing about the ratio, and no gate of
    the form ``ratio > x`` opens on NaN. Else 0.0 when the seed's norm is zero, whatever the host's.
    Else infinity when the host's norm is zero: only the seed learns.
    """
    if not (math.isfinite(seed) and math.isfinite(host)):
        return math.nan
    if seed == 0:
        return 0.0
    if host == 0:
        return math.inf
    return seed / host


def _named_norms(places: tuple[Place, ...], norms: Sequence[float | None]) -> tuple[tuple[str, float], ...]:
    return tuple([(name, norm) for name, position in places if (norm := norms[position]) is not None])


def _total_norm(named: tuple[tuple[str, float], ...]) -> float:
    # hypot scales before it squares: no norm that a float can hold overflows or underflows on the way.
    return math.hypot(*[norm for _, norm in named])
