"""What exploring found: each example once, and how much was tried."""

from __future__ import annotations

from typing import Any

from compat.report.exploration_view import exploration
from compat.reproduction.choice import reproductions
from tests.builders import content, contract, ledger

CASE = {"ord": "inf", "tensors": [["float16", [0], "contiguous", "unit", 0]]}


def explored(torch: str, *codes: dict[str, str]) -> dict[str, Any]:
    failures = [{"case": CASE, "codes": each, "message": "RuntimeError: no identity"} for each in codes]
    return content(torch, exploration={"not_run": None, "seed": 1, "examples": 300, "failures": failures})


def test_an_example_found_in_several_releases_is_told_once() -> None:
    code = {"norm": "X", "vector_norm": "f"}
    wholes = [explored(torch, code) for torch in ("1.11.0", "2.0.0", "2.9.0")]
    found = exploration(ledger(*wholes, content("2.1.0", exploration=None)), contract())
    assert [(each.where, each.what) for each in found.found] == [
        ("1.11.0 to 2.0.0, 2.9.0 on CPU", "norm: disagrees, vector_norm: only the function raises")
    ]
    assert found.tried == "900 fresh examples in 3 records; 1 failing example kept."


def test_other_differences_of_the_same_case_are_told_apart() -> None:
    found = exploration(ledger(explored("2.0.0", {"norm": "X"}, {"norm": "f"})), contract())
    assert len(found.found) == 2


def test_nothing_explored_is_said() -> None:
    found = exploration(ledger(content("2.0.0", exploration=None)), contract())
    assert (found.tried, found.found) == ("Nothing was explored.", ())


def test_an_example_names_the_scripts_that_show_it() -> None:
    filed, about = ledger(explored("2.0.0", {"norm": "X"})), contract()
    (script,) = reproductions(filed, about, ())
    found = exploration(filed, about, (script,))
    assert found.found[0].scripts == (f"repro/{script.name}",)
    assert [(each.path, each.what) for each in found.scripts] == [(f"repro/{script.name}", "norm: disagrees")]


def test_how_far_the_search_got_is_told_over_all_releases() -> None:
    def reached(torch: str, share: float) -> dict[str, Any]:
        seen = {"against": "exact", "dtype": "float32", "ulps": 1.0, "bound_share": share, "case": CASE}
        return content(torch, exploration={"seed": 1, "examples": 9, "passed": True, "largest": [seen]})

    found = exploration(ledger(reached("2.0.0", 0.25), reached("2.1.0", 0.5)), contract())
    assert found.reached == ("float32 against the exact norm: 0.5 of the bound, in 2.1.0",)
