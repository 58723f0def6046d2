"""Where a program calls the function: by every way that is followed, and with its shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from compat.source.calls import Shape, uses_of
from compat.source.files import Source
from compat.source.shapes import measured_shapes
from tests.source.known import API, about


def uses(text: str) -> list[tuple[int, str, str | None]]:
    found = uses_of(Source(path=Path("x.py"), text=text), API)
    return [(use.line, use.how, use.shape.text if use.shape else None) for use in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import torch\ntorch._foreach_norm(a)\n", [(2, "attribute", "(a)")]),
        ("import torch as t\nt._foreach_norm(a, ord=2)\n", [(2, "attribute", "(a, ord=…)")]),
        ("import torch.nn\ntorch._foreach_norm(a)\n", [(2, "attribute", "(a)")]),
        (
            "from torch import _foreach_norm\n_foreach_norm(a, 2)\n",
            [(1, "import", None), (2, "import", "(a, b)")],
        ),
        (
            "from torch import _foreach_norm as fn\nfn(*a, **b)\n",
            [(1, "import", None), (2, "import", "(*…)")],
        ),
        (
            "import torch\nnorm = torch._foreach_norm\nnorm(a)\n",
            [(2, "attribute", None), (3, "alias", "(a)")],
        ),
        ("import torch\ngetattr(torch, '_foreach_norm')(a)\n", [(2, "getattr", "(a)")]),
        (
            "import torch\nf = getattr(torch, '_foreach_norm', None)\nf(a)\n",
            [(2, "getattr", None), (3, "alias", "(a)")],
        ),
        ("import torch\nmap(torch._foreach_norm, lists)\n", [(2, "attribute", None)]),
        ("import torch\nhas = hasattr(torch, '_foreach_norm')\n", [(2, "text", None)]),
        ("names = ['_foreach_norm']\n", [(1, "text", None)]),
        ("import jax as torch_\ntorch_._foreach_norm(a)\n", []),
        ("from jax import _foreach_norm\n_foreach_norm(a)\n", []),
        ("self._foreach_norm(a)\n", []),
        ("import torch\ntorch._foreach_norm_(a)\n", []),
    ],
)
def test_each_way_to_call_it(text: str, found: list[tuple[int, str, str | None]]) -> None:
    assert uses(text) == found


def test_shapes_are_those_of_the_questions_about_call_shapes() -> None:
    measured = measured_shapes(about())
    assert measured == {
        Shape(positional=1): ("positional-list",),
        Shape(positional=1, keywords=frozenset({"ord"})): ("keyword-ord",),
    }
