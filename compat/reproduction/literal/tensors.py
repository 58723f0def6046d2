"""How does a case read as Python? Small tensors as their numbers, large ones by the rule that makes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from compat.probe.cases import BANK, BANK_SEED, FIELDS, exponent_window, strides_of
from compat.reproduction.literal.elements import extent, planted, start_of, storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from compat.probe.cases import Case

SMALL = 48
"""Elements of a tensor that are written one by one."""

SMALL_LIST = 384
"""Elements of a list beyond which none is: who scrolls does not read."""

_WIDTH = 100

MAKING = f'''
WORDS = random.Random({BANK_SEED}).getrandbits({64 * BANK}).to_bytes({8 * BANK}, "little")


def made(dtype, size, start, exponents, planted=()):
    """Make the storage of a large tensor: fields of random words, put together as floating point."""
    words = torch.frombuffer(bytearray(WORDS), dtype=torch.int64)
    words = torch.cat([words] * ((start + size - 1) // {BANK} + 1))[start : start + size]
    integer, width, mantissa_bits = {{
        torch.float16: (torch.int16, 16, 10),
        torch.bfloat16: (torch.int16, 16, 7),
        torch.float32: (torch.int32, 32, 23),
        torch.float64: (torch.int64, 64, 52),
    }}[dtype]
    bits = ((words >> 62) & 1) * (-(1 << (width - 1)))
    if exponents:
        low, high = exponents
        bits += (low + torch.remainder((words >> 52) & 0x3FF, high - low + 1)) << mantissa_bits
        bits += words & ((1 << mantissa_bits) - 1)
    storage = bits.to(integer).view(dtype)
    for place, value in planted:
        storage[place] = value
    return storage
'''
"""What a script needs where a tensor is too large to be written down."""


def listed(case: Case, device: str = "cpu") -> tuple[str, bool]:
    """Return the lines that make the list ``tensors`` on a device, and whether they need ``MAKING``."""
    own = [entry for entry in case["tensors"] if entry[0] in FIELDS]
    written = sum(sum(extent(shape, layout)) for _, shape, layout, _, _ in own) <= SMALL_LIST
    appended = [f"tensors.append({_tensor(entry, device, written=written)})" for entry in case["tensors"]]
    text = "\n".join(["tensors = []", *appended])
    return text, "made(" in text


def number(value: float) -> str:
    """Write a number so that Python reads the same one."""
    return repr(value) if math.isfinite(value) else f'float("{value}")'


def _tensor(entry: Sequence[Any], device: str, *, written: bool) -> str:
    if entry[0] == "same":
        return f"tensors[{entry[1]}]"
    if entry[0] == "tail":
        flat = f"tensors[{entry[1]}].reshape(-1)"
        return f"{flat}[tensors[{entry[1]}].numel() // 2 :]"
    dtype, shape, layout, fill, seed = entry
    text = _storage(dtype, shape, layout, fill, seed, written=written)
    # the storage moves, before it is given a shape: a view would lose its layout on the way
    text += "" if device == "cpu" else f'.to("{device}")'
    strides, offset = strides_of(shape, layout)
    if offset == 0 and layout == "contiguous":
        return (text if len(shape) == 1 else f"{text}.view({shape})") if shape else f"{text}[0]"
    return f"{text}.as_strided({list(shape)}, {strides}, {offset})"


def _storage(dtype: str, shape: Sequence[int], layout: str, fill: str, seed: int, *, written: bool) -> str:
    offset, span = extent(shape, layout)
    size = offset + span
    if fill in ("ones", "zeros") or size == 0:
        return f"torch.{'ones' if fill == 'ones' else 'zeros'}({size}, dtype=torch.{dtype})"
    if written and size <= SMALL:
        numbers = _wrapped([number(value) for value in storage(dtype, shape, layout, fill, seed)])
        return f"torch.tensor({numbers}, dtype=torch.{dtype})"
    exponents = None if fill == "signed zeros" else exponent_window(fill, FIELDS[dtype][1])
    over = _over(planted(fill, seed, offset, span))
    return f"made(torch.{dtype}, {size}, {start_of(seed)}, {exponents}{over})"


def _over(values: Mapping[int, float]) -> str:
    if not values:
        return ""
    return f", [{', '.join(f'({place}, {number(value)})' for place, value in values.items())}]"


def _wrapped(numbers: Sequence[str]) -> str:
    """Return a list's text, over several lines where one would be too long."""
    line = f"[{', '.join(numbers)}]"
    return line if len(line) <= _WIDTH - 40 else "[\n" + "\n".join(_rows(numbers)) + "\n]"


def _rows(numbers: Sequence[str]) -> Iterator[str]:
    row = ""
    for each in numbers:
        if row and len(row) + len(each) > _WIDTH - 6:
            yield row.rstrip()
            row = ""
        row = f"{row or '    '}{each}, "
    yield row.rstrip()
