"""What did the usable records measure of speed and accuracy, as rows of a table?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How many times faster the private function is than ``against``, with a 95 % interval.

    ``ratio`` is the median of (other / private): above 1, the private function is faster.
    A row that is not ``usable`` says why; its numbers are None where none could be had.
    """

    torch: str
    python: str
    device: str
    workload: str
    against: str
    ratio: float | None
    low: float | None
    high: float | None
    samples: int
    usable: bool
    why: str | None
    record: str


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """The relative error against an exact norm; a word where it is not finite."""

    torch: str
    python: str
    device: str
    dtype: str
    elements: int
    relative_error: float | str
    record: str
