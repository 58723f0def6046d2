"""What would a ledger look like of which the judge must say that the contract holds?

A contract with a claim for each rule, and records of seven rows on two devices, all as they should be. It is
made up: no torch takes part, and nothing here was ever measured.
"""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any

from compat.contract import Claim, Contract, Question, Reference
from compat.probe import tolerances
from compat.probe.record import dumps, file_name, sealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

API = "torch._foreach_norm"

DIGESTS = {"contract": "sha256:c0c0c0c0", "corpus": "sha256:ab12cd34", "probe": "sha256:90909090"}
"""Today's, by which a record with another is stale."""

INDEX = {"1.10.2": "2022-01-27", "1.11.0": "2022-03-10", "1.12.0": "2022-06-28", "1.12.1": "2022-08-05"}

ABSENT, FIRST, OTHER, NEWEST = INDEX
"""The releases on the index: one without the function, and three that have it."""

PLANNED = (*((torch, "3.9") for torch in INDEX), (OTHER, "3.11"))
"""The rows of the matrix; one release with two Pythons, whose records must not contradict each other."""

ROWS = (*((*row, "cpu") for row in PLANNED), (OTHER, "3.9", "cuda"), (NEWEST, "3.9", "cuda"))
"""All (torch, Python, device) with a record."""

CASES = 5
CODES = {"norm": "==-=E", "vector_norm": "====E", "total": "=====", "monitor": "~~-~~"}

_CALLER = "nn/utils/clip_grad.py"


def contract() -> Contract:
    """Return the contract, with a claim for each rule that the records below support."""
    return Contract(
        api=API,
        name="foreach_norm",
        stub="_C/_VariableFunctions.pyi",
        operator="aten::_foreach_norm",
        fallback="[p.norm() for p in grads]",
        note_before="NOTE: made up",
        references=(
            Reference(id="norm", call="[t.norm() for t in tensors]", orders=(2,)),
            Reference(id="vector_norm", call="[torch.linalg.vector_norm(t, ord) for t in tensors]"),
            Reference(id="total", call="[torch.nn.utils.get_total_norm(tensors, ord)]", combine="norms"),
        ),
        relied_agreement=("norm", "vector_norm", "monitor"),
        questions=(
            _question("positional-list", relied=True, expect="[5.0]"),
            _question("inputs-unchanged", level="effects", relied=True, expect="True"),
            _question("empty-list", level="special values", expect="RuntimeError"),
            _question("mixed-dtypes", level="special values"),
            _question("successor", needs="torch.foreach"),
        ),
        claims=(
            _claim("present-since", version=FIRST),
            _claim("called-by", file=_CALLER, since=FIRST),
            _claim("constant-cost", device="cuda", launches=["cudaLaunchKernel"]),
            _claim("speedup", device="cpu", against="norm", low=1.5, high=50.0),
            _claim("agreement", against="vector_norm"),
            _claim("stable", levels=["surface", "call shapes", "special values", "effects"]),
            _claim("overhead", device="cpu", threshold=0.01),
        ),
        workloads=(),
        digest=DIGESTS["contract"],
    )


def records() -> dict[str, dict[str, Any]]:
    """Return the content of every record, by file name."""
    return {file_name(*row): record(*row) for row in ROWS}


def write(folder: Path, contents: Mapping[str, Mapping[str, Any]]) -> None:
    """Write records as the probe does, each under its name and with its seal."""
    for name, content in contents.items():
        (folder / name).write_text(dumps(sealed(content)), encoding="utf-8")


def record(torch: str, python: str, device: str) -> dict[str, Any]:
    """Return the content of one row's record: nothing of a torch without the function, else all levels."""
    present = torch != ABSENT
    whole: dict[str, Any] = {
        "format": 2,
        "api": API,
        "torch": torch,
        "python": python,
        "device": device,
        "profile": "quick",
        "status": "measured",
        "failure": None,
        "planted": None,
        "digests": dict(DIGESTS),
        "provenance": {
            "torch_version": f"{torch}+cpu",
            "python_version": f"{python}.18",
            "started": "2026-11-23T17:59:50Z",
            "finished": "2026-11-23T18:00:00Z",
            "seconds": {"all": 9.7},
        },
        "surface": _surface(present=present),
        "questions": {key: {"kind": "absent", "text": "absent"} for key in _ANSWERS},
        "canaries": {"absent name": True},
        "left": [],
        "given_up": [],
    }
    return {**whole, **_levels()} if present else whole


def _levels() -> dict[str, Any]:
    return {
        "questions": {key: dict(outcome) for key, outcome in _ANSWERS.items()},
        "agreement": {
            "cases": CASES,
            "codes": dict(CODES),
            "worst": [],
            "disagreements": [],
            "errors": [{"text": "RuntimeError: no", "count": 1, "case": 4}],
            "values": checksums(CASES),
        },
        "exploration": {"seed": 1, "examples": 50, "hypothesis": "6.141.1", "failures": [], "passed": True},
        "accuracy": [point("float32", 1 << power, 1 + 2.0**-22) for power in (0, 10, 20)],
        "cost": _cost(),
        "canaries": {"absent name": True, "planted: last norm dropped": True, "planted: off by 1e-5": True},
    }


def checksums(cases: int) -> str:
    """Return what a record keeps of the bits of so many cases."""
    return base64.b64encode(struct.pack(f"<{cases}I", *range(cases))).decode("ascii")


def point(dtype: str, elements: int, factor: float) -> dict[str, Any]:
    """Return a point of the accuracy level whose norm is the exact one times a factor."""
    exact = float(elements)
    got = exact * factor
    bound = tolerances.allowed(got, exact, dtype, elements, 2)
    return {
        "dtype": dtype,
        "elements": elements,
        "relative_error": float(f"{abs(got - exact) / exact:.3e}"),
        "got": got,
        "exact": exact,
        "bound_share": float(f"{abs(got - exact) / bound:.2e}"),
    }


def _surface(*, present: bool) -> dict[str, Any]:
    return {
        "present": present,
        "stub": "def _foreach_norm(tensors, ord=2)" if present else None,
        "schemas": ["aten::_foreach_norm.Scalar(Tensor[] self, Scalar ord=2) -> Tensor[]"] if present else [],
        "callers": [_CALLER] if present else [],
        "relatives": {"torch.foreach.norm": False},
    }


def _cost() -> dict[str, Any]:
    timings = [
        {"workload": "many-small", "against": against, "pairs": [[1.0, times]] * 8}
        for against, times in (("norm", 2.0), ("itself", 1.0))
    ]
    counts = [{"length": length, "operators": {"cudaLaunchKernel": 1}} for length in (1, 10, 100)]
    overhead = {"workload": "training-step", "triples": [[1.0, 1.05, 1.1]] * 8}
    return {"dispatches": counts, "timings": timings, "overhead": overhead, "not_run": None}


_ANSWERS = {
    "positional-list": {"kind": "value", "text": "[5.0]"},
    "inputs-unchanged": {"kind": "value", "text": "True"},
    "empty-list": {"kind": "error", "text": "RuntimeError: no tensors"},
    "mixed-dtypes": {"kind": "value", "text": "[5.0, 5.0]"},
    "successor": {"kind": "unasked", "text": "needs torch.foreach"},
}


def _question(identity: str, **changes: Any) -> Question:
    plain: dict[str, Any] = {"level": "call shapes", "asks": "?", "call": "f()", "why": "It is made up."}
    return Question(id=identity, **{**plain, **changes})


def _claim(rule: str, device: str | None = None, **parameters: Any) -> Claim:
    return Claim(id=rule, claim="It is made up.", rule=rule, device=device, parameters=parameters)
