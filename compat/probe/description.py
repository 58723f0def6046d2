"""How is a value written so that two releases can be compared by the text, bit by bit?

``float32[2] [3.0, 4.0]`` for a short tensor; a longer one by its extremes and a checksum of its bits.
`compat.values` reads it back. Whatever a torch returns has a description: what cannot be read says so.
"""

from __future__ import annotations

import zlib
from typing import Any

from compat.probe.cases import bytes_of
from compat.probe.messages import plain

#: A tensor with more elements is described by its extremes and a checksum, not listed.
LISTED_ELEMENTS = 8

#: The methods that give the parts of a tensor that is not strided, by layout.
_PARTS = {
    "sparse_coo": ("indices", "values"),
    "sparse_csr": ("crow_indices", "col_indices", "values"),
    "sparse_csc": ("ccol_indices", "row_indices", "values"),
    "sparse_bsr": ("crow_indices", "col_indices", "values"),
    "sparse_bsc": ("ccol_indices", "row_indices", "values"),
    "_mkldnn": ("to_dense",),
}


def describe(result: Any, home: str = "cpu") -> str:
    """Return a value as text: tensors by dtype, shape and numbers, containers with their type's name.

    Args:
        result: the value.
        home: the type of the device that is measured; a tensor that lies elsewhere is described with
            where it lies, so that what a contract expects reads the same on every device.
    """
    name = type(result).__name__
    try:
        if _is_tensor(result):
            return _describe_tensor(result, home)
        if isinstance(result, dict):
            inner = ", ".join(f"{key}: {describe(item, home)}" for key, item in result.items())
            return f"{'' if name == 'dict' else name}{{{inner}}}"
        if isinstance(result, (tuple, list)):
            return f"{name}({', '.join(describe(item, home) for item in result)})"
        if isinstance(result, (set, frozenset)):
            return f"{name}({', '.join(sorted(describe(item, home) for item in result))})"
        return repr(result) if isinstance(result, str) else plain(repr(result))
    except Exception as exception:  # noqa: BLE001 - whatever is odd about a value is part of its description
        return f"{name} ({_odd(exception)})"


def _is_tensor(result: Any) -> bool:
    # A nested tensor has no shape, and a class that is asked for one may raise what it likes.
    return hasattr(type(result), "requires_grad") and hasattr(type(result), "dtype")


def _describe_tensor(tensor: Any, home: str) -> str:
    head = _head(tensor, home)
    layout = str(tensor.layout).replace("torch.", "")
    if tensor.device.type == "meta" or hasattr(tensor, "fake_mode"):
        return head
    try:
        inner = tensor.detach()
        if getattr(inner, "is_nested", False):
            return f"{head} nested{describe(list(inner.unbind()), home)[len('list') :]}"
        if layout in _PARTS:
            inner = inner.coalesce() if layout == "sparse_coo" else inner
            parts = [describe(getattr(inner, part)(), home) for part in _PARTS[layout]]
            return f"{head} {layout}({', '.join(parts)})"
        return f"{head} {_numbers(_readable(inner))}"
    except Exception as exception:  # noqa: BLE001 - such as a tensor of a transform, which has no values yet
        return f"{head} ({_odd(exception)})"


def _head(tensor: Any, home: str) -> str:
    """Return what a tensor is: its class, dtype, shape, place, and whether autograd follows it."""
    name = type(tensor).__name__
    try:
        # A size that is a symbol has another name in each run.
        shape = ",".join(str(size) if isinstance(size, int) else "?" for size in tensor.shape)
    except Exception:  # noqa: BLE001 - a nested tensor has none, and each release says so in its own way
        shape = "?"
    text = f"{'' if name == 'Tensor' else name + ' '}{str(tensor.dtype).replace('torch.', '')}[{shape}]"
    if tensor.device.type != home:
        text += f"@{tensor.device.type}"
    return text + ("+grad" if tensor.requires_grad else "")


def _readable(tensor: Any) -> Any:
    """Return the same numbers as a tensor that can be listed."""
    if getattr(tensor, "is_quantized", False):
        tensor = tensor.dequantize()
    for lazily in ("resolve_conj", "resolve_neg"):
        tensor = getattr(tensor, lazily, lambda tensor=tensor: tensor)()
    # No arithmetic is made for the 8-bit dtypes; float32 has all of their numbers.
    return tensor.float() if "float8" in str(tensor.dtype) else tensor


def _numbers(tensor: Any) -> str:
    if tensor.numel() <= LISTED_ELEMENTS:
        return repr(tensor.tolist())
    bits = f"bits {_checksum(tensor):08x}"
    try:
        return f"from {tensor.min().item()!r} to {tensor.max().item()!r}, {bits}"
    except Exception:  # noqa: BLE001 - complex numbers have no order, and bool none in old releases
        return bits


def _checksum(tensor: Any) -> int:
    """Return a checksum of the elements' bits on the host; all NaN count as one."""
    if str(tensor.dtype).startswith("torch.complex"):
        return zlib.crc32(_bits(tensor.imag), zlib.crc32(_bits(tensor.real)))
    return zlib.crc32(_bits(tensor))


def _bits(tensor: Any) -> bytes:
    tensor = tensor.cpu().contiguous()
    if tensor.is_floating_point():
        tensor = tensor.clone()
        tensor[tensor != tensor] = float("nan")  # noqa: PLR0124 - that is what NaN is
    return bytes_of(tensor)


def _odd(exception: Exception) -> str:
    return f"cannot be read: {type(exception).__name__}"
