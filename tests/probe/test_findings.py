"""A record keeps every code in corpus order, and in full only what tells most."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

from compat.probe import findings
from compat.probe.findings import KEPT, gather
from compat.record_format import Agreement


def ok(codes: str, values: int = 0, **found: Any) -> dict[str, Any]:
    named = dict(zip(("loop", "slow", "monitor"), codes, strict=True))
    return {"ok": {"codes": named, "values": values, **found}}


def test_codes_and_checksums_are_in_corpus_order_whatever_came_of_a_case() -> None:
    results = {
        "10": ok("~X-", 7),
        "2": ok("===", 5),
        "3": {"crash": "SIGSEGV"},
        "4": {"timeout": "no answer"},
        "5": {"harness-error": "KeyError"},
        "planted: something": {"ok": True},
    }
    gathered = gather(results, ["loop", "slow"])
    assert gathered["cases"] == 5
    assert gathered["codes"] == {"loop": "=!TH~", "slow": "=!THX", "monitor": "=!TH-"}
    assert struct.unpack("<5I", base64.b64decode(gathered["values"])) == (5, 0, 0, 0, 7)
    Agreement.model_validate_json(json.dumps(gathered))


def test_nothing_replayed_is_nothing_found() -> None:
    gathered = gather({}, ["loop"])
    assert gathered["cases"] == 0
    assert gathered["codes"] == {"loop": "", "monitor": ""}
    assert gathered["worst"] == gathered["disagreements"] == gathered["errors"] == []


def test_the_worst_is_kept_for_each_reference_and_dtype() -> None:
    def worst(share: float, dtype: str = "float32", against: str = "loop") -> dict[str, Any]:
        return {"against": against, "dtype": dtype, "ulps": 1.0, "bound_share": share}

    results = {
        "0": ok("~~~", worst=[worst(0.2), worst(0.9, "float16")]),
        "1": ok("~~~", worst=[worst(0.5), worst(0.1, against="slow")]),
        "2": ok("~~~", worst=[worst(0.5)]),
    }
    assert gather(results, ["loop", "slow"])["worst"] == [
        {**worst(0.9, "float16"), "case": 0},
        {**worst(0.5), "case": 1},
        {**worst(0.1, against="slow"), "case": 1},
    ]


def test_disagreements_and_errors_are_cut_and_the_codes_are_not() -> None:
    difference = {"against": "loop", "element": 0, "got": "1", "expected": "2"}
    many = KEPT + 5
    results = {str(n): ok("X==", disagreements=[difference]) for n in range(many)}
    gathered = gather(results, ["loop", "slow"])
    assert len(gathered["disagreements"]) == KEPT
    assert gathered["disagreements"][0] == {"case": 0, **difference}
    assert gathered["codes"]["loop"] == "X" * many


def test_each_error_is_kept_once_with_its_count_and_first_case() -> None:
    texts = ["RuntimeError: a", "RuntimeError: b", "RuntimeError: a"]
    results = {str(n + 1): ok("EE-", error=text) for n, text in enumerate(texts)}
    assert gather(results, ["loop", "slow"])["errors"] == [
        {"text": "RuntimeError: a", "count": 2, "case": 1},
        {"text": "RuntimeError: b", "count": 1, "case": 2},
    ]
    crowd = {str(n): ok("EE-", error=f"RuntimeError: {n}") for n in range(KEPT + 3)}
    assert len(gather(crowd, ["loop", "slow"])["errors"]) == findings.KEPT
