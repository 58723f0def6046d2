"""Imports torch once, before pytest turns warnings into errors: some releases warn when they are imported."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import torch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        torch = None

from compat.probe import digests, faults, limits
from compat.probe.context import Context, read_contract, resolve
from compat.probe.exploration import CONTRACT, DEVICE


@pytest.fixture(scope="session")
def context() -> Context:
    """The surroundings of a measurement of the torch that is installed here."""
    if torch is None:
        pytest.skip("contract tests need a torch to test")
    torch.set_num_threads(1)
    folder = Path(os.environ.get(CONTRACT, digests.CONTRACT_FOLDER))
    contract = read_contract(folder)
    faults.plant_ordered(torch, contract["api"])
    function = resolve(torch, contract["api"])
    device = os.environ.get(DEVICE, "cpu")
    if device == "cpu":
        limits.limit_memory()
    return Context(torch, function, contract, folder, device, "quick")


@pytest.fixture(scope="session")
def present(context: Context) -> Context:
    """The same, where this torch has the function; skipped where it has not."""
    if context.function is None:
        pytest.skip(f"torch {torch.__version__} has no {context.contract['api']}")
    return context
