"""What every level of the probe is given: the torch under test, the function, the contract and the corpus."""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable

from compat.probe.cases import Case, UnreadableError
from compat.probe.corpus import DRAWN, read_corpus

#: The seven levels, a lower one never cascading into a higher.
LEVELS = ("surface", "call shapes", "agreement", "accuracy", "special values", "effects", "cost")

#: The keys of the contract's own table that take part in a measurement.
MEASURED = ("api", "stub", "operator", "references", "relied_agreement", "relatives", "successor")

#: Those that a contract may leave out, and what that means.
LEFT_OUT: dict[str, Any] = {"relied_agreement": [], "relatives": [], "successor": None}

#: The keys of a question that take part in it.
ASKED = ("id", "level", "call", "needs", "device")

#: What a function gives for a list of tensors, and a function that takes the list and the order.
Norms = Sequence[Any]
Function = Callable[[Sequence[Any], float], Norms]


@dataclass(frozen=True)
class Context:
    """One measurement's surroundings, the same for all levels."""

    torch: Any
    function: Any  # None where this torch has no such function
    contract: dict[str, Any]
    folder: Path
    device: str
    profile: str

    def corpus(self) -> list[Case]:
        """Return the cases of the contract's corpus."""
        return read_corpus(self.folder / DRAWN)

    def consumer(self) -> Any:
        """Return the contract's consumer module: the code under test that calls the function."""
        path = self.folder / "consumer.py"
        spec = importlib.util.spec_from_file_location("contract_consumer", path)
        if spec is None or spec.loader is None:
            message = f"{path} cannot be loaded"
            raise ImportError(message)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def read_contract(folder: Path) -> dict[str, Any]:
    """Return what the probe needs of ``contract.json``, which is built from the folder's TOML files.

    Sentences, expectations and claims are left out: they are judged upstairs, and a change of them
    does not make a record stale.

    Raises:
        UnreadableError: the file is no contract.
    """
    path = folder / "contract.json"
    try:
        return _measured_part(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        message = f"{path}: not a contract ({type(error).__name__}: {error}); build it from the TOML files"
        raise UnreadableError(message) from error


def resolve(torch: Any, name: str) -> Any:
    """Return what a dotted name like ``torch.foreach.norm`` stands for here, or None where it is absent."""
    found = torch
    for index, part in enumerate(name.split(".")[1:], start=1):
        if not hasattr(found, part):
            module = ".".join(name.split(".")[: index + 1])
            try:
                importlib.import_module(module)
            except ImportError:
                return None
        found = getattr(found, part, None)
        if found is None:
            return None
    return found


def _measured_part(built: dict[str, Any]) -> dict[str, Any]:
    contract = {**LEFT_OUT, **{key: built["contract"][key] for key in MEASURED if key in built["contract"]}}
    contract["references"] = [{"orders": [], "timed": True, **each} for each in contract["references"]]
    contract["questions"] = [{key: each[key] for key in ASKED if key in each} for each in built["question"]]
    contract["workloads"] = [
        {key: each[key] for key in ("id", "dtype", "shapes")} for each in built["workload"]
    ]
    return contract
