"""The faults are many, named and told apart; planting replaces the function and nothing else."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import faults
from compat.probe.faults import FAULTS, HARMLESS, PLANT, order, plant, plant_ordered

if TYPE_CHECKING:
    from compat.probe.faults.catalogue import Fault

API = "torch._foreach_norm"

#: The kinds that the self-check promises.
FAMILIES = {
    "order",
    "count",
    "dtype",
    "shape",
    "device",
    "strides",
    "empty tensors",
    "special values",
    "relative errors",
    "size",
    "list length",
    "non-determinism",
    "aliasing",
    "mutation",
    "gradients",
    "container",
    "death",
    "hanging",
    "memory",
    "slowness",
    "modes",
}


class Tensor:
    """What the wrapper takes for a tensor."""


def torch_with(function: Any) -> Any:
    return SimpleNamespace(Tensor=Tensor, _foreach_norm=function, __version__="0")


def test_every_promised_kind_is_there() -> None:
    assert {fault.family for fault in FAULTS.values()} >= FAMILIES
    assert len(FAULTS) >= 100


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_says_what_it_does_in_one_sentence(fault: Fault) -> None:
    assert fault.says.endswith(".")
    assert "\n" not in fault.says
    assert fault.says not in [other.says for other in FAULTS.values() if other is not fault]


def test_a_planted_fault_answers_in_place_of_the_function() -> None:
    torch = torch_with(lambda tensors, order: [len(tensors), order])
    plant(torch, API, "order-ignored")
    torch.nn = SimpleNamespace(Parameter=Tensor)
    torch.strided = "strided"
    torch._C = SimpleNamespace()
    assert torch._foreach_norm([], 3) == [0, 2]


def test_the_harmless_wrapper_changes_nothing() -> None:
    torch = torch_with(lambda *args, **kwargs: (args, kwargs))
    plant(torch, API, HARMLESS)
    assert torch._foreach_norm([1], ord=3) == (([1],), {"ord": 3})


def test_what_is_no_list_of_tensors_is_left_to_the_function() -> None:
    torch = torch_with(lambda *args: args)
    plant(torch, API, "order-ignored")
    assert torch._foreach_norm("no list", 3) == ("no list", 3)
    assert torch._foreach_norm([1, 2], 3) == ([1, 2], 3)


@pytest.mark.parametrize("name", ["no-such-fault", ""])
def test_an_unknown_fault_is_named(name: str) -> None:
    with pytest.raises(LookupError, match="no fault"):
        plant(torch_with(len), API, name)


def test_a_torch_without_the_function_is_told() -> None:
    with pytest.raises(LookupError, match=r"no torch\._foreach_norm to plant"):
        plant(SimpleNamespace(__version__="1.9.0"), API, HARMLESS)


def test_an_order_left_over_in_the_environment_plants_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PLANT, "order-ignored")
    order(None)
    torch = torch_with(len)
    plant_ordered(torch, API)
    assert torch._foreach_norm is len
    order("order-ignored")
    assert os.environ[PLANT] == "order-ignored"
    plant_ordered(torch, API)
    assert torch._foreach_norm is not len


def test_every_module_of_faults_is_listed() -> None:
    assert {fault.wrong.__module__.rsplit(".", 1)[1] for fault in FAULTS.values()} == {
        "arguments",
        "behaviour",
        "effects",
        "inputs",
        "modes",
        "numbers",
        "results",
    }
    assert faults.HARMLESS not in FAULTS
