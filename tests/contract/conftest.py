"""Imports torch once, before pytest turns warnings into errors: some releases warn when they are imported."""

from __future__ import annotations

import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        torch = None

from compat.probe import digests, limits
from compat.probe.context import Context, read_contract, resolve


@pytest.fixture(scope="session")
def context() -> Context:
    """The surroundings of a measurement of the torch that is installed here."""
    if torch is None:
        pytest.skip("contract tests need a torch to test")
    torch.set_num_threads(1)
    contract = read_contract(digests.CONTRACT_FOLDER)
    function = resolve(torch, contract["api"])
    limits.limit_memory()
    return Context(torch, function, contract, digests.CONTRACT_FOLDER, "cpu", "quick")


@pytest.fixture(scope="session")
def present(context: Context) -> Context:
    """The same, where this torch has the function; skipped where it has not."""
    if context.function is None:
        pytest.skip(f"torch {torch.__version__} has no {context.contract['api']}")
    return context
