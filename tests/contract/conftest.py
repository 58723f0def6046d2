"""Imports torch once, before pytest turns warnings into errors: some releases warn when they are imported."""

from __future__ import annotations

import os
import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch", reason="contract tests need a torch to test")

from compat.probe import digests
from compat.probe.context import Context, read_contract, resolve
from compat.probe.exploration import DEVICE


@pytest.fixture(scope="session")
def context() -> Context:
    """The surroundings of a measurement of the torch that is installed here."""
    torch.set_num_threads(1)
    contract = read_contract(digests.CONTRACT_FOLDER)
    function = resolve(torch, contract["api"])
    return Context(torch, function, contract, digests.CONTRACT_FOLDER, os.environ.get(DEVICE, "cpu"), "quick")


@pytest.fixture(scope="session")
def present(context: Context) -> Context:
    """The same, where this torch has the function; skipped where it has not."""
    if context.function is None:
        pytest.skip(f"torch {torch.__version__} has no {context.contract['api']}")
    return context
