"""References: when each is asked, and which this torch cannot answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe.references import references
from tests.probe import fakes

if TYPE_CHECKING:
    from pathlib import Path

TORCH = SimpleNamespace(one=lambda tensor: tensor + 1, sum=sum, there=True)
PLAIN: dict[str, Any] = {"id": "loop", "call": "[torch.one(t) for t in tensors]", "orders": [], "timed": True}


def made(folder: Path, **changes: Any) -> Any:
    contract = {**fakes.CONTRACT, "references": [{**PLAIN, **changes}]}
    (reference,) = references(fakes.context(folder, torch=TORCH, contract=contract))
    return reference


@pytest.mark.parametrize(
    ("changes", "case", "asked"),
    [
        ({}, {"ord": 2, "tensors": [1]}, True),
        ({}, {"ord": 2, "tensors": []}, False),
        ({"orders": [2]}, {"ord": 2, "tensors": [1]}, True),
        ({"orders": [2]}, {"ord": 1, "tensors": [1]}, False),
        ({"orders": ["inf"]}, {"ord": "inf", "tensors": [1]}, True),
        ({"needs": "torch.there"}, {"ord": 2, "tensors": [1]}, True),
        ({"needs": "torch.not_there"}, {"ord": 2, "tensors": [1]}, False),
    ],
)
def test_when_a_reference_is_asked(
    changes: dict[str, Any], case: dict[str, Any], *, asked: bool, tmp_path: Path
) -> None:
    assert made(tmp_path, **changes).takes(case) is asked


def test_a_reference_is_an_expression_over_tensors_and_order(tmp_path: Path) -> None:
    assert made(tmp_path).call([1, 2], 2) == [2, 3]
    assert made(tmp_path, call="[t * ord for t in tensors]").call([1, 2], 3) == [3, 6]


def test_what_is_made_of_the_norms_is_an_expression_over_norms_and_order(tmp_path: Path) -> None:
    assert made(tmp_path).combine is None
    assert made(tmp_path, combine="[torch.sum(norms) * ord]").combine([1, 2], 2) == [6]
