"""Coherence: which contradictions within one record are found, and that honest records have none."""

from __future__ import annotations

from typing import Any

import pytest

from compat.coherence import why_incoherent
from compat.records import why_unusable
from tests.builders import VALUE, absent, content, failed, record

DATES = {"started": "2026-11-23T17:59:50Z", "finished": "2026-11-23T18:00:00Z", "seconds": {"all": 9.7}}


def dated(**changes: Any) -> dict[str, Any]:
    return content("2.0.0", provenance={**DATES, **changes})


def replayed(**parts: Any) -> dict[str, Any]:
    codes = {"norm": "=~XE", "vector_norm": "==XE"}
    return content("2.0.0", agreement={"cases": 4, "codes": codes, **parts})


def disagreement(case: int, against: str = "norm") -> dict[str, Any]:
    return {"case": case, "against": against, "element": 0, "got": "1.0", "expected": "2.0"}


def worst(share: float | str) -> dict[str, Any]:
    return {"against": "norm", "dtype": "float32", "ulps": 1.0, "case": 1, "bound_share": share}


def error(case: int) -> dict[str, Any]:
    return {"text": "RuntimeError: no", "count": 1, "case": case}


def timed(pairs: list[list[float]]) -> dict[str, Any]:
    return content("2.0.0", cost={"timings": [{"workload": "w", "against": "norm", "pairs": pairs}]})


def explored(*, passed: bool) -> dict[str, Any]:
    failures = [{"case": {}, "codes": {"norm": "X"}, "message": ""}]
    return content("2.0.0", exploration={"failures": failures, "passed": passed})


def stepped(triples: list[list[float]]) -> dict[str, Any]:
    return content("2.0.0", cost={"overhead": {"workload": "step", "triples": triples}})


HONEST = {
    "dtype": "float32",
    "elements": 1024,
    "got": 100.001,
    "exact": 100.0,
    "relative_error": 1e-5,
    "bound_share": 0.624,
}


def point(**changes: Any) -> dict[str, Any]:
    """Return a record's content with one point of the accuracy level."""
    return content("2.0.0", accuracy=[{**HONEST, **changes}])


def points(changes: dict[str, Any]) -> dict[str, Any]:
    """Return the same with an honest point before it."""
    return content("2.0.0", accuracy=[HONEST, {**HONEST, **changes}])


@pytest.mark.parametrize(
    ("whole", "why"),
    [
        (content("2.0.0"), None),
        (absent("1.9.0"), None),
        (failed("2.0.0"), None),
        (content("2.0.0", failure={"phase": "probe", "message": ""}), "measured, and failed at probe"),
        (
            {**absent("1.9.0"), "questions": {"empty-list": VALUE}},
            "the function is absent, and answers empty-list",
        ),
        ({**absent("1.9.0"), "questions": {"q": {"kind": "absent", "text": "absent"}}}, None),
        (absent("1.9.0", accuracy=[point()["accuracy"][0]]), "the function is absent, and gives norms"),
        (dated(), None),
        (dated(finished="2026-11-23T17:00:00Z"), "its clock went backwards"),
        (dated(seconds={"all": 900.0}), "its clock went backwards"),
        (dated(finished="2099-01-01T00:00:00Z"), "its clock jumped"),
        (dated(finished="2026-11-24T12:00:00Z"), None),
        (dated(finished="2099-01-01T00:00:00Z", seconds={}), None),
        (dated(finished="yesterday"), "2026-11-23T17:59:50Z to yesterday, which are no dates"),
        (dated(finished=None), "it was measured, and never finished"),
        (dated(seconds={"all": 1e300}), "its clock went backwards"),
        (dated(seconds={"all": -1.0}), None),
        (replayed(), None),
        (replayed(values="AAAAAAAAAAAAAAAAAAAAAA=="), None),
        (replayed(values="AAAAAA=="), "its bits are not those of 4 cases"),
        (replayed(values="?"), "its bits are not those of 4 cases"),
        (timed([[1.0, 2.0]]), None),
        (timed([[1.0, 0.0]]), "timing w against norm took no time"),
        (timed([[-1.0, 1.0]]), "timing w against norm took no time"),
        (stepped([[1.0, 1.0, 1.0]]), None),
        (stepped([[0.0, 1.0, 1.0]]), "timing step took no time"),
        (explored(passed=True), "exploring passed, and found what fails"),
        (explored(passed=False), None),
        (points({"bound_share": None}), "float32 at 1,024 elements is told in part"),
        (points({"got": None}), "float32 at 1,024 elements is told in part"),
        (points({"exact": 0.0}), "float32 at 1,024 elements has the exact norm 0.0"),
        (replayed(disagreements=[disagreement(2)]), None),
        (replayed(disagreements=[disagreement(1)]), "case 1 disagrees with norm, and its code does not say"),
        (replayed(disagreements=[disagreement(9)]), "case 9 disagrees with norm"),
        (replayed(disagreements=[disagreement(2, "other")]), "case 2 disagrees with other"),
        (replayed(worst=[worst(1.0)]), None),
        (replayed(worst=[worst(1.5)]), "case 1 is beyond the bound of norm"),
        (replayed(worst=[worst("inf")]), "case 1 is beyond the bound of norm"),
        (replayed(errors=[error(3)]), None),
        (replayed(errors=[error(0)]), "case 0 raised an error, and no code says so"),
        (point(), None),
        (point(exact=None), None),
        (point(got="inf", relative_error="inf", bound_share="inf"), None),
        (point(got="inf"), "float32 at 1,024 elements gave inf, and an error of 1e-05"),
        (point(relative_error=1e-8), "is off by 1e-05, and its error says 1e-08"),
        (point(relative_error="nan"), "and its error says nan"),
        (point(bound_share=0.01), "is at 0.624 of its bound, and says 0.01"),
        (point(bound_share=None), None),
        (point(dtype="float8"), None),
        (point(got=100.0, relative_error=0.0, bound_share=0.0), None),
    ],
)
def test_why_incoherent(whole: dict[str, Any], why: str | None) -> None:
    found = why_incoherent(record(whole))
    assert (found is None) if why is None else (found is not None and why in found), found


def test_a_record_that_contradicts_itself_does_not_count() -> None:
    found = why_unusable(record(point(relative_error=1e-8)))
    assert found is not None
    assert found.startswith("contradicts itself: ")
