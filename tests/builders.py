"""Small records, made by hand for one test each; none of them was ever measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compat.claims import Evidence
from compat.contract import Claim, Contract, Question, Reference
from compat.outcomes import all_spans
from compat.probe.record import sealed
from compat.records import Ledger, parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compat.record_format import Record

DIGESTS = {"contract": "sha256:c0c0", "corpus": "sha256:ab12cd34ef", "probe": "sha256:9999"}

#: The releases on the index in these tests, with their dates.
INDEX = {
    "1.9.0": "2021-06-15",
    "1.9.1": "2021-09-20",
    "1.10.2": "2022-01-27",
    "1.11.0": "2022-03-10",
    "2.0.0": "2023-03-15",
    "2.1.0": "2023-10-04",
    "2.9.0": "2025-10-15",
    "2.10.0": "2026-01-21",
}

VALUE = {"kind": "value", "text": "5.0"}
POINT = {"dtype": "float32", "elements": 1024, "relative_error": 1e-8}
STUB = "def _foreach_norm(tensors, ord=2) -> list[Tensor]"


def content(torch: str, **changes: Any) -> dict[str, Any]:
    """Return a sound record's content; ``changes`` replace keys, and dicts are merged one level deep."""
    whole: dict[str, Any] = {
        "format": 2,
        "api": "torch._foreach_norm",
        "torch": torch,
        "python": "3.9",
        "device": "cpu",
        "profile": "quick",
        "status": "measured",
        "failure": None,
        "digests": DIGESTS,
        "provenance": {
            "torch_version": f"{torch}+cpu",
            "python_version": "3.9.18",
            "finished": "2026-11-23T18:00:00Z",
        },
        "surface": {
            "present": True,
            "stub": STUB,
            "schemas": ["aten::_foreach_norm.Scalar(…)"],
            "callers": [],
        },
        "questions": {
            "positional-list": VALUE,
            "empty-list": {"kind": "error", "text": "RuntimeError: empty"},
        },
        "agreement": {"cases": 4, "codes": {"norm": "===E", "vector_norm": "===E"}},
        "exploration": {"seed": 1, "examples": 105, "hypothesis": "6.141.1", "failures": []},
        "accuracy": [POINT],
        "cost": {"dispatches": [], "timings": [], "overhead": None, "not_run": None},
        "canaries": {"absent-name": True, "planted: off by 1e-5": True},
    }
    if "python" in changes:
        whole["provenance"]["python_version"] = f"{changes['python']}.1"
    for key, value in changes.items():
        old = whole.get(key)
        whole[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return whole


def absent(torch: str, **changes: Any) -> dict[str, Any]:
    """Return the content of a record of a torch that lacks the function."""
    nothing = dict.fromkeys(("agreement", "exploration", "accuracy", "cost"))
    surface: dict[str, Any] = {"present": False, "stub": None, "schemas": [], "callers": []}
    return content(torch, **{"surface": surface, "questions": None, **nothing, **changes})


def failed(torch: str, **changes: Any) -> dict[str, Any]:
    """Return the content of a record of a torch that could not be installed."""
    parts = ("surface", "questions", "agreement", "exploration", "accuracy", "cost", "canaries")
    failure = {"phase": "install", "message": "resolving…\nno such wheel"}
    return content(
        torch,
        **{
            **dict.fromkeys(parts),
            "status": "install-failed",
            "failure": failure,
            "provenance": {},
            **changes,
        },
    )


def asked(torch: str, outcome: Mapping[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a record's content in which ``positional-list`` has this outcome."""
    questions = {} if outcome is None else {"positional-list": dict(outcome)}
    return {**content(torch, **changes), "questions": questions}


def record(whole: Mapping[str, Any]) -> Record:
    """Read a record's content as if it came from its file."""
    name = f"torch-{whole['torch']}-py{whole['python']}-{whole['device']}.json"
    return parse_record(json.dumps(sealed(whole)), name)


def ledger(*wholes: Mapping[str, Any], digests: Mapping[str, str] | None = None) -> Ledger:
    """Make a ledger of records' contents."""
    return Ledger.of([record(each) for each in wholes], digest="sha256:feedface00", digests=digests)


def contract(questions: Sequence[Question] = (), claims: Iterable[Claim] = (), **changes: Any) -> Contract:
    """Make a contract with one relied-on question and one that is not, unless others are given."""
    known: dict[str, Any] = {
        "api": "torch._foreach_norm",
        "name": "foreach_norm",
        "stub": "stub.pyi",
        "operator": "aten::_foreach_norm",
        "relatives": ("torch.foreach.norm",),
        "references": (Reference(id="norm", call="[t.norm(ord) for t in tensors]"),),
        "successor": "torch.foreach.norm",
        "fallback": "[p.norm() for p in grads]",
        "note_before": "NOTE: stable since PyTorch 1.9",
        "workloads": (),
        "digest": DIGESTS["contract"],
    }
    standard = (
        question("positional-list", relied=True, expect="5.0"),
        question("empty-list", level="special values", expect="error"),
    )
    return Contract(**{**known, **changes}, questions=tuple(questions) or standard, claims=tuple(claims))


def question(identity: str, **changes: Any) -> Question:
    """Make a question of level ``call shapes``."""
    return Question(
        **{"id": identity, "level": "call shapes", "asks": "?", "call": "f()", "why": "!", **changes}
    )


def claim(rule: str, device: str | None = None, **parameters: Any) -> Claim:
    """Make a claim that this rule decides."""
    return Claim(id="the-claim", claim="It is so.", rule=rule, device=device, parameters=parameters)


def evidence(*wholes: Mapping[str, Any], about: Contract | None = None, **changes: Any) -> Evidence:
    """Put records' contents on file, with the index of these tests."""
    about = about or contract()
    filed = ledger(*wholes, **changes)
    spans = all_spans(filed, INDEX, [each.id for each in about.questions])
    return Evidence(contract=about, ledger=filed, releases=INDEX, spans=spans, devices=("cpu", "cuda"))
