"""Outcomes of a real torch: garbage is told from values, warnings are heard, every tensor is described."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

from compat.probe import poison, questions
from compat.probe.description import describe

if TYPE_CHECKING:
    from compat.probe.context import Context


@pytest.fixture(scope="module")
def memory(context: Context) -> poison.Memory:
    return poison.Memory(context.torch, context.device)


@pytest.mark.parametrize("elements", [1, 3, 16, 1000, 100_000, 3_000_000])
def test_unwritten_memory_holds_the_pattern(elements: int, context: Context, memory: poison.Memory) -> None:
    first, second = (_unwritten(context, memory, pattern, elements) for pattern in poison.PATTERNS)
    assert first != second


def _unwritten(context: Context, memory: poison.Memory, pattern: int, elements: int) -> list[Any]:
    with memory.filled(pattern):
        values: list[Any] = context.torch.empty(elements, device=context.device).tolist()
    return values


UNWRITTEN = (
    "torch.empty(4)",
    "torch.empty(2000).sum()",
    "[torch.empty(())]",
    "torch.empty(3, dtype=torch.bool)",
)


@pytest.mark.parametrize("call", UNWRITTEN)
def test_an_answer_from_unwritten_memory_is_unstable(
    call: str, context: Context, memory: poison.Memory
) -> None:
    assert questions.ask(call, {"torch": context.torch}, memory)["kind"] == "unstable"


@pytest.mark.parametrize("call", ["torch.zeros(4)", "torch.ones(2000).sum()", "torch.arange(9.0).norm()"])
def test_an_answer_that_was_written_is_a_value(call: str, context: Context, memory: poison.Memory) -> None:
    outcome = questions.ask(call, {"torch": context.torch}, memory)
    assert outcome["kind"] == "value"
    assert "warnings" not in outcome


def test_a_warning_is_heard_each_time(context: Context, memory: poison.Memory) -> None:
    names = {"torch": context.torch, "warn": lambda: warnings.warn("out of date", UserWarning, stacklevel=1)}
    for _ in range(2):
        assert questions.ask("warn()", names, memory)["warnings"] == ["UserWarning: out of date"]


DESCRIBED = {
    "torch.arange(9.0)": "float32[9] from 0.0 to 8.0, bits ",
    "torch.zeros(2, 2).to_sparse()": "float32[2,2] sparse_coo(int64[2,0] ",
    "torch.nn.Parameter(torch.ones(1))": "Parameter float32[1]+grad [1.0]",
    "torch.ones(2, dtype=torch.complex64).conj()": "complex64[2] [(1",
    "torch.ones(2, dtype=torch.bfloat16)": "bfloat16[2] [1.0, 1.0]",
    "torch.zeros(9, dtype=torch.complex64)": "complex64[9] bits ",
    "torch.zeros(9, dtype=torch.bool)": "bool[9] ",
    "torch.empty(3, device='meta')": "float32[3]@meta",
    "torch.quantize_per_tensor(torch.ones(2), 1.0, 0, torch.qint8)": "qint8[2] [1.0, 1.0]",
}


@pytest.mark.parametrize("call", DESCRIBED)
def test_descriptions(call: str, context: Context) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert describe(eval(call, {"torch": context.torch})).startswith(DESCRIBED[call])  # noqa: S307 - ours


def test_one_bit_in_a_long_tensor_is_another_description(context: Context) -> None:
    tensor = context.torch.ones(1000)
    before = describe(tensor)
    tensor[500] += 2**-20
    assert describe(tensor) != before
