"""One small verdict with all that a report can meet: absent, changed, broken, failed, unmeasured, hostile."""

from __future__ import annotations

from functools import cache
from typing import Any

from compat.contract import Claim, Workload
from compat.report.view import View, build_view
from compat.survey import Release, Survey
from compat.verdict import judge_all
from tests.builders import INDEX, absent, content, contract, failed, ledger, question

HOSTILE = (
    "RuntimeError: <script>alert('x')</script> | `a` | **b** \x1b[31mred\x1b[0m \u202ereversed\u202c "
    "[bold]rich[/bold] {{ 7 * 7 }} @somebody\nsecond line\r\n| cell | cell |\n```\n# heading\n"
    + "very long "
    * 200
)

CONTRACT = contract(
    questions=(
        question("positional-list", relied=True, expect="5.0", asks="Does a list work?"),
        question("empty-list", level="special values", expect="error", asks="What does [] give?"),
        question("mixed | odd", level="effects", asks="Is a `bar` | <b>bold</b> name shown as it is?"),
    ),
    claims=(
        Claim(id="present-since", claim="Since 1.9.", rule="present-since", parameters={"version": "1.9.0"}),
        Claim(
            id="speedup",
            claim="It is 10 to 50 times faster.",
            rule="speedup",
            parameters={"against": "norm", "low": 10.0, "high": 50.0},
        ),
        Claim(id="stable", claim="Stable.", rule="stable", parameters={"levels": ["call shapes"]}),
    ),
    workloads=(
        Workload(id="many-tiny", describes="1,000 small tensors", shapes=(((64,), 1000),), dtype="float32"),
    ),
)

SURVEY = Survey(
    format=1,
    date="2026-11-23",
    releases=tuple(
        Release(torch=torch, date=date, pythons=("3.9", "3.11"), yanked=False, bytes=1)
        for torch, date in INDEX.items()
    ),
)

RECORDS = ("1.10.2", "1.11.0", "2.0.0", "2.1.0", "2.9.0")
"""What is on file; 2.9.0 could not be installed, and 2.10.0 is planned without a record."""


def measured(torch: str, empty: str, ratio: float, **changes: Any) -> dict[str, Any]:
    """Return a record with an answer to every question, accuracy and speed."""
    questions = {
        "positional-list": {"kind": "value", "text": "5.0"},
        "empty-list": {"kind": "error", "text": empty},
        "mixed | odd": {"kind": "value", "text": HOSTILE},
    }
    sizes = [(1, 0.0), (1024, 1e-8), (1 << 20, 3e-7 * ratio)]
    accuracy = [{"dtype": "float32", "elements": n, "relative_error": error} for n, error in sizes]
    accuracy += [{"dtype": "float16", "elements": 1024, "relative_error": "inf"}]
    timings = [
        {"workload": "many-tiny", "against": against, "pairs": [[1.0, factor]] * 8}
        for against, factor in (("norm", ratio), ("itself", 1.0))
    ]
    whole = {"questions": questions, "accuracy": accuracy, "cost": {"timings": timings}}
    return content(torch, **{**whole, **changes})


def wholes() -> list[dict[str, Any]]:
    """Return the content of every record."""
    broken = measured("2.1.0", HOSTILE, 4.0, exploration={"not_run": "no pytest", "examples": None})
    broken["questions"]["positional-list"] = {"kind": "value", "text": "4.0"}
    lost = failed("2.9.0", failure={"phase": "install", "message": f"resolving\n{HOSTILE}"})
    return [
        absent("1.10.2"),
        measured("1.11.0", "RuntimeError: empty", 2.0),
        measured("2.0.0", "RuntimeError: empty", 2.0),
        broken,
        lost,
    ]


def make_view() -> View:
    """Judge the sample and make it ready to print, from nothing."""
    filed = ledger(*wholes())
    planned = [(torch, "3.9") for torch in (*RECORDS, "2.10.0")]
    verdict = judge_all(CONTRACT, filed, planned, INDEX)
    return build_view(verdict, filed, CONTRACT, SURVEY)


@cache
def sample() -> View:
    """Return the sample, made once."""
    return make_view()


def empty() -> View:
    """Return a view of nothing measured at all."""
    filed = ledger()
    verdict = judge_all(CONTRACT, filed, [("1.11.0", "3.9")], INDEX)
    return build_view(verdict, filed, CONTRACT, SURVEY)
