"""How far apart are the numbers of two answers that are alike in all else, in units in the last place?

Answers are what the probe writes down (``compat.probe.description``), such as ``tuple(float32[] 5.0)``.
"""

from __future__ import annotations

import math
import re
import struct

from compat.probe import tolerances

ROUNDING_UNITS = 4
"""Two good kernels may round a short sum, a root and a result each in their own way."""

_DTYPE = r"(?:bool|bfloat16|u?int\d+|q\w*int\d+|float\d+\w*|complex\d+)"
_TENSOR = re.compile(rf"({_DTYPE})\[[\d,?]*\](?:@\w+)?(?:\+grad)?")
_NUMBER = re.compile(r"(?<![\w\[.])[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?j?|inf|nan)(?![\w\]])")
_BITS = re.compile(r"\b(?:bits|crc32) [0-9a-f]{8}")


def holds_tensor(text: str) -> bool:
    """Whether an answer has a tensor in it."""
    return _TENSOR.search(text) is not None


def shape_of(text: str) -> str:
    """Return an answer without its numbers: containers, dtypes, shapes, devices and gradients."""
    return _NUMBER.sub("#", _BITS.sub("#", text))


def distances(before: str, now: str) -> list[float | None]:
    """Return the distance of each number of one answer from its counterpart in another of the same shape.

    It is inf where one is not finite; None where the two differ and no distance says how: integers, complex
    numbers, zero against another number or sign, however small, and bare numbers of no known dtype, unless
    rounding explains them.
    """
    return [_distance(*pair) for pair in zip(_numbers(before), _numbers(now), strict=True)]


def is_rounding(before: str, now: str) -> bool:
    """Whether two answers, both in full, are apart by no more than rounding of float32 or float64 may be."""
    if shape_of(before) != shape_of(now) or _BITS.findall(before) != _BITS.findall(now):
        return False
    pairs = list(zip(_numbers(before), _numbers(now), strict=True))
    return all(
        one == other or (_dtype_of(one, other) in ("float32", "float64") and _is_near(one, other))
        for one, other in pairs
    )


def _is_near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    far = _distance(one, other)
    return far is not None and far <= ROUNDING_UNITS


def _numbers(text: str) -> list[tuple[str, str]]:
    """Return each number of an answer, with the dtype of the tensor that it stands in."""
    text = _BITS.sub("", text)
    heads = [(match.start(), match[1]) for match in _TENSOR.finditer(text)]
    return [
        (next((dtype for start, dtype in reversed(heads) if start < match.start()), ""), match[0])
        for match in _NUMBER.finditer(text)
    ]


def _distance(before: tuple[str, str], now: tuple[str, str]) -> float | None:
    if before[1] == now[1]:
        return 0.0
    dtype = _dtype_of(before, now)
    if dtype not in tolerances.ROUNDOFF or "j" in before[1] + now[1]:
        return None
    one, other = float(before[1]), float(now[1])
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.inf if before[0] else None
    if not (one and other):
        return None
    far = abs(one - other) / tolerances.unit_in_last_place(max(abs(one), abs(other)), dtype)
    return far if before[0] or far <= ROUNDING_UNITS else None


def _dtype_of(before: tuple[str, str], now: tuple[str, str]) -> str:
    """Return the dtype of two numbers; bare ones, as ``item()`` gives, are of float32 where it holds both."""
    if before[0]:
        return before[0]
    if not all(set(number) & set(".en") for _, number in (before, now)):
        return ""
    return "float32" if all(_is_float32(float(number)) for _, number in (before, now)) else "float64"


def _is_float32(number: float) -> bool:
    try:
        return math.isnan(number) or struct.unpack("f", struct.pack("f", number))[0] == number
    except OverflowError:
        return False
