"""How a value or an error is written so that two releases can be compared by their text."""

from __future__ import annotations

import re
from typing import Any

#: Longer texts keep their beginning; an outcome is compared, not read to the end.
TEXT_LIMIT = 300

#: A tensor with more elements is described by its extremes, not listed.
LISTED_ELEMENTS = 8


def value(result: Any) -> dict[str, str]:
    """Return the outcome of a call that returned."""
    return {"kind": "value", "text": describe(result)[:TEXT_LIMIT]}


def error(exception: BaseException) -> dict[str, str]:
    """Return the outcome of a call that raised, with the message made comparable."""
    text = normalise(str(exception))
    name = type(exception).__name__
    return {"kind": "error", "text": f"{name}: {text}"[:TEXT_LIMIT] if text else name}


def describe(result: Any) -> str:
    """Return a value as text: ``float32[2] [3.0, 4.0]`` for tensors, containers with their type's name."""
    if _is_tensor(result):
        return _describe_tensor(result)
    if isinstance(result, dict):
        inner = ", ".join(f"{key}: {describe(item)}" for key, item in result.items())
        return f"{{{inner}}}"
    if isinstance(result, (tuple, list)):
        return f"{type(result).__name__}({', '.join(describe(item) for item in result)})"
    return repr(result)


def normalise(message: str) -> str:
    """Return an error message without what differs from run to run or is only decoration.

    Kept is the first line; addresses, folders and the listing of source frames go.
    """
    lines = [line.strip() for line in message.strip().splitlines() if line.strip()]
    text = lines[0] if lines else ""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x…", text)
    text = re.sub(r"(?:/[\w.+-]+)+/([\w.+-]+)", r"\1", text)
    text = re.sub(r"\s*\(?Exception raised from .*", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _is_tensor(result: Any) -> bool:
    return hasattr(result, "dtype") and hasattr(result, "requires_grad") and hasattr(result, "shape")


def _describe_tensor(tensor: Any) -> str:
    dtype = str(tensor.dtype).replace("torch.", "")
    shape = ",".join(str(size) for size in tensor.shape)
    text = f"{dtype}[{shape}]"
    if tensor.device.type != "cpu":
        text += f"@{tensor.device.type}"
    if tensor.requires_grad:
        text += "+grad"
    if tensor.device.type == "meta":
        return text
    plain = tensor.detach()
    if plain.numel() > LISTED_ELEMENTS:
        return f"{text} from {plain.min().item()!r} to {plain.max().item()!r}"
    return f"{text} {plain.tolist()!r}"
