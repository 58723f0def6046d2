"""A case is one input list as plain data; this module makes its tensors, bit for bit.

Elements are made from integers alone: a bank of random words becomes sign, exponent and mantissa
fields by integer arithmetic and is then reinterpreted as floating point. No floating-point
operation and no generator of torch's takes part, so every torch and every Python makes the same bytes.

A case is ``{"ord": number or "inf" or "-inf", "tensors": [[dtype, shape, layout, fill, seed], ...]}``;
``["same", k]`` in place of a tensor repeats tensor k of the list, and ``["tail", k]`` is a view of
the second half of its elements.
"""

from __future__ import annotations

import ctypes
import hashlib
import random
from collections.abc import Sequence
from typing import Any

Case = dict[str, Any]

#: dtype -> (bits of the word, bits of the exponent, bits of the mantissa).
FIELDS: dict[str, tuple[int, int, int]] = {
    "float16": (16, 5, 10),
    "bfloat16": (16, 8, 7),
    "float32": (32, 8, 23),
    "float64": (64, 11, 52),
}

LAYOUTS = (
    "contiguous",
    "offset",
    "transposed",
    "reversed",
    "strided",
    "expanded",
    "overlapping",
    "channels_last",
)

FILLS = (
    "unit",
    "gradient",
    "large",
    "small",
    "subnormal",
    "wide",
    "zeros",
    "signed zeros",
    "ones",
    "nan",
    "inf",
    "-inf",
    "nan and inf",
)

#: Fills of which single elements are not finite.
PLANTED = ("nan", "inf", "-inf", "nan and inf")

#: Elements in the bank; longer tensors repeat it.
BANK = 1 << 17
BANK_SEED = 20261123


class UnreadableError(OSError):
    """A file that the probe reads is there, and is not what it must be."""


def order_of(case: Case) -> float:
    """Return the norm's order as the number that is passed on."""
    order = case["ord"]
    return float(order) if isinstance(order, str) else order


def exponent_window(fill: str, exponent_bits: int) -> tuple[int, int]:
    """Return the lowest and highest biased exponent that a fill draws from, both included."""
    bias = (1 << (exponent_bits - 1)) - 1
    highest = (1 << exponent_bits) - 2
    windows = {
        "gradient": (max(1, bias - 20), bias - 2),
        "large": (highest - 3, highest),
        "small": (1, 4),
        "subnormal": (0, 0),
        "wide": (1, highest),
    }
    return windows.get(fill, (bias - 3, bias))


def strides_of(shape: Sequence[int], layout: str) -> tuple[list[int], int]:
    """Return the strides and the storage offset, in elements, of a tensor in a named layout.

    A layout that needs a higher rank than the shape has falls back to contiguous.
    """
    order = list(range(len(shape)))[::-1]
    if layout == "transposed" and len(shape) > 1:
        order[0], order[1] = order[1], order[0]
    elif layout == "reversed":
        order.reverse()
    elif layout == "channels_last" and len(shape) == 4:  # noqa: PLR2004 - N, C, H, W
        order = [1, 3, 2, 0]
    strides = [0] * len(shape)
    step = 2 if layout == "strided" else 1
    for dimension in order:
        strides[dimension] = step
        step *= max(1, shape[dimension])
    if layout == "overlapping":
        strides = [1] * len(shape)
    if layout == "expanded" and shape:
        strides[0] = 0
    return strides, 3 if layout == "offset" else 0


class Materialiser:
    """Makes the tensors of cases for one torch and one device, identical in every torch.

    Args:
        torch: the torch module to make tensors with.
        device: the device that they are put on.
    """

    def __init__(self, torch: Any, device: str = "cpu") -> None:
        self._torch = torch
        self._device = device
        self._banks: dict[tuple[str, str], Any] = {}
        words = random.Random(BANK_SEED).getrandbits(64 * BANK).to_bytes(8 * BANK, "little")  # noqa: S311 - not a secret
        self._words = torch.frombuffer(bytearray(words), dtype=torch.int64)

    def tensors(self, case: Case) -> list[Any]:
        """Return the list of tensors of a case."""
        made: list[Any] = []
        for entry in case["tensors"]:
            if entry[0] == "same":
                made.append(made[entry[1]])
            elif entry[0] == "tail":
                flat = made[entry[1]].reshape(-1)
                made.append(flat[flat.numel() // 2 :])
            else:
                made.append(self.tensor(*entry))
        return made

    def tensor(self, dtype: str, shape: Sequence[int], layout: str, fill: str, seed: int) -> Any:
        """Return one tensor of this dtype, shape, layout and fill; ``seed`` chooses the elements."""
        elements = _product(shape)
        if layout == "contiguous" and fill not in PLANTED and self._device == "cpu":
            return self._storage(dtype, fill, seed, elements).view(shape)
        strides, offset = strides_of(shape, layout)
        span = 1 + sum((size - 1) * stride for size, stride in zip(shape, strides)) if elements else 0
        storage = self._storage(dtype, fill, seed, offset + span)
        if span and fill in PLANTED:
            self._plant(storage, offset, span, fill, seed)
        if self._device != "cpu":
            storage = storage.to(self._device)
        if offset == 0 and layout == "contiguous":
            return storage.view(shape) if shape else storage[0]
        return storage.as_strided(list(shape), strides, offset)

    def _storage(self, dtype: str, fill: str, seed: int, size: int) -> Any:
        bank = self._bank(dtype, fill)
        start = (seed * 2654435761) % BANK
        if start + size > 2 * BANK:
            bank = self._torch.cat([bank] * (1 + size // (2 * BANK)) + [bank])
        return bank.narrow_copy(0, start, size)

    def _plant(self, storage: Any, offset: int, span: int, fill: str, seed: int) -> None:
        position = offset + seed % span
        storage[position] = float(fill) if fill in ("nan", "inf", "-inf") else float("nan")
        if fill == "nan and inf":
            storage[offset + (seed + 1) % span] = float("inf")

    def _bank(self, dtype: str, fill: str) -> Any:
        """Return the bank of a dtype and fill twice over, so that few tensors lie across its end."""
        key = (dtype, fill)
        if key not in self._banks:
            self._banks[key] = self._torch.cat([self._make_bank(dtype, fill)] * 2)
        return self._banks[key]

    def _make_bank(self, dtype: str, fill: str) -> Any:
        torch, words = self._torch, self._words
        width, exponent_bits, mantissa_bits = FIELDS[dtype]
        low, high = exponent_window(fill, exponent_bits)
        mantissa = words & ((1 << mantissa_bits) - 1)
        exponent = low + torch.remainder((words >> 52) & 0x3FF, high - low + 1)
        sign = (words >> 62) & 1
        if fill == "ones":
            mantissa, sign = torch.zeros_like(words), torch.zeros_like(words)
            exponent = torch.full_like(words, (1 << (exponent_bits - 1)) - 1)
        elif fill in ("zeros", "signed zeros"):
            mantissa, exponent = torch.zeros_like(words), torch.zeros_like(words)
            sign = sign if fill == "signed zeros" else torch.zeros_like(words)
        bits = mantissa + (exponent << mantissa_bits) + sign * (-(1 << (width - 1)))
        integer = {16: torch.int16, 32: torch.int32, 64: torch.int64}[width]
        return bits.to(integer).view(getattr(torch, dtype))


def bytes_of(tensor: Any) -> bytes:
    """Return the elements of a CPU tensor as bytes, in row-major order."""
    dense = tensor.detach().contiguous()
    return ctypes.string_at(dense.data_ptr(), dense.numel() * dense.element_size()) if dense.numel() else b""


def digest_of(torch: Any, cases: Sequence[Case]) -> str:
    """Return the digest over the bytes of all tensors of the cases: equal in every torch and Python."""
    materialiser = Materialiser(torch)
    digest = hashlib.sha256()
    for case in cases:
        for tensor in materialiser.tensors(case):
            digest.update(f"{tensor.dtype}{tuple(tensor.shape)}{tensor.stride()}".encode())
            digest.update(bytes_of(tensor))
    return "sha256:" + digest.hexdigest()


def _product(shape: Sequence[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product
