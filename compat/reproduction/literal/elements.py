"""Which numbers are in the tensors of a case? The same bits as the probe's, by integers and without torch.

A test beside a real torch holds the two against each other, for every dtype, layout and fill.
"""

from __future__ import annotations

import math
import random
import struct
from functools import cache
from typing import TYPE_CHECKING

from compat.probe.cases import BANK, BANK_SEED, FIELDS, exponent_window, strides_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MULTIPLIER = 2654435761
"""Spreads the seeds of tensors over the bank, as the probe does."""

_PLANTED: Mapping[str, tuple[float, ...]] = {
    "nan": (math.nan,),
    "inf": (math.inf,),
    "-inf": (-math.inf,),
    "nan and inf": (math.nan, math.inf),
}


def extent(shape: Sequence[int], layout: str) -> tuple[int, int]:
    """Return the offset of a tensor's first element in its storage, and the elements that it spans."""
    strides, offset = strides_of(shape, layout)
    if not math.prod(shape):
        return offset, 0
    return offset, 1 + sum((size - 1) * stride for size, stride in zip(shape, strides))


def start_of(seed: int) -> int:
    """Return where in the bank a tensor's elements begin."""
    return seed * _MULTIPLIER % BANK


def planted(fill: str, seed: int, offset: int, span: int) -> dict[int, float]:
    """Return by place in the storage what a fill puts over the elements from the bank."""
    values = _PLANTED.get(fill, ()) if span else ()
    return {offset + (seed + place) % span: value for place, value in enumerate(values)}


def storage(dtype: str, shape: Sequence[int], layout: str, fill: str, seed: int) -> list[float]:
    """Return the elements of a tensor's storage as Python's numbers, which hold every one of them exactly."""
    offset, span = extent(shape, layout)
    start = start_of(seed)
    elements = [_element(dtype, fill, (start + place) % BANK) for place in range(offset + span)]
    for place, value in planted(fill, seed, offset, span).items():
        elements[place] = value
    return elements


def _element(dtype: str, fill: str, place: int) -> float:
    width, exponent_bits, mantissa_bits = FIELDS[dtype]
    if fill == "ones":
        return 1.0
    word = int.from_bytes(_words()[8 * place : 8 * place + 8], "little", signed=True)
    sign = (word >> 62) & 1
    if fill == "zeros":
        return 0.0
    if fill == "signed zeros":
        return -0.0 if sign else 0.0
    low, high = exponent_window(fill, exponent_bits)
    exponent = low + ((word >> 52) & 0x3FF) % (high - low + 1)
    bits = (sign << (width - 1)) | (exponent << mantissa_bits) | (word & ((1 << mantissa_bits) - 1))
    if dtype == "bfloat16":  # the upper half of a float32
        width, bits = 32, bits << 16
    packed = bits.to_bytes(width // 8, "little")
    value: float = struct.unpack({16: "<e", 32: "<f", 64: "<d"}[width], packed)[0]
    return value


@cache
def _words() -> bytes:
    return random.Random(BANK_SEED).getrandbits(64 * BANK).to_bytes(8 * BANK, "little")  # noqa: S311 - no secret
