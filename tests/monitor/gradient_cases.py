"""The torch under test, parameters with given gradients, and norms that do not come from torch."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import pytest
import torch

needs_function = pytest.mark.skipif(
    not hasattr(torch, "_foreach_norm"), reason=f"torch {torch.__version__} has no _foreach_norm"
)


def parameter(gradient: Any, *, like: Any = None) -> Any:
    """Make a parameter that has this gradient; without one it looks like ``like``."""
    model = like if gradient is None else gradient
    blank = torch.zeros(model.shape, dtype=model.dtype, device=model.device)
    made = torch.nn.Parameter(blank)
    made.grad = gradient
    return made


def parameters(*gradients: Any) -> list[Any]:
    """Make one parameter for each gradient; None makes one without a gradient."""
    return [parameter(gradient, like=torch.zeros(2)) for gradient in gradients]


def sparse(indices: list[list[int]], values: Any, size: tuple[int, ...]) -> Any:
    """Make a sparse COO tensor that is not coalesced."""
    with warnings.catch_warnings():
        # torch 2.15 warns that it does not check the indices, and warnings are errors here.
        warnings.simplefilter("ignore")
        return torch.sparse_coo_tensor(torch.tensor(indices, dtype=torch.int64), values, size)


def exact_norm(*gradients: Any) -> float:
    """Take the Euclidean norm over all elements in decimal arithmetic, which has no overflow."""
    total = Decimal(0)
    for gradient in gradients:
        if gradient is None:
            continue
        wide = gradient.to(torch.complex128 if gradient.is_complex() else torch.float64)
        dense = wide.to_dense() if wide.layout is torch.sparse_coo else wide.resolve_conj()
        for value in dense.reshape(-1).tolist():
            number = complex(value)
            total += Decimal(number.real) ** 2 + Decimal(number.imag) ** 2
    return float(total.sqrt())


def error_bound(*gradients: Any) -> float:
    """Bound a float32 norm's relative error: one rounding an element (Higham 2002, section 3.1)."""
    return (max((g.numel() for g in gradients if g is not None), default=0) + 4) * 2.0**-24
