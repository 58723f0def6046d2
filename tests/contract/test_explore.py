"""Hypothesis looks for cases, beside the corpus, on which the function and per-parameter norms disagree."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, given, settings

from compat.probe import strategies
from compat.probe.agreement import Replay
from compat.probe.exploration import EXAMPLES, REPORT

if TYPE_CHECKING:
    from compat.probe.cases import Case
    from compat.probe.context import Context

#: Codes by which a case contradicts agreement.
WRONG = frozenset("XfrU")

exploring = settings(
    max_examples=int(os.environ.get(EXAMPLES, "100")),
    derandomize=False,  # Hypothesis would, on a CI machine, and the recorded seed would say nothing
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


def report(entry: dict[str, Any]) -> None:
    """Append an entry for the probe, when it is the probe that runs these tests."""
    path = os.environ.get(REPORT)
    if path:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry) + "\n")


class Explorer:
    """Counts the examples of one test and reports those that fail.

    The probe keeps every difference as a finding of the record. For a person who runs these tests,
    only what callers rely on is a failure: old releases of torch differ in ways that are known.
    """

    def __init__(self, context: Context, test: str) -> None:
        self._replay = Replay(context)
        self._relied = frozenset(context.contract["relied_agreement"])
        self._test = test
        self.examples = 0

    def look_at(self, case: Case) -> None:
        """Fail, and report the case, where the function and a reference contradict each other."""
        self.examples += 1
        result = self._replay.case(case)
        wrong = {name: code for name, code in result["codes"].items() if code in WRONG}
        message = str(result.get("disagreements") or result.get("error"))
        # Two places to fail, because Hypothesis takes the place for the fault and shrinks each on its own.
        if self._relied & set(wrong):
            report({"test": self._test, "case": case, "codes": wrong, "message": message})
            pytest.fail(f"{wrong} {message}")
        if wrong and os.environ.get(REPORT):
            report({"test": self._test, "case": case, "codes": wrong, "message": message})
            pytest.fail(f"{wrong} {message}")


@pytest.fixture
def explorer(present: Context, request: pytest.FixtureRequest) -> Any:
    explorer = Explorer(present, request.node.name)
    yield explorer
    report({"test": request.node.name, "examples": explorer.examples, "hypothesis": hypothesis.__version__})
    assert explorer.examples > 0


@exploring
@given(case=strategies.ordinary())
def test_ordinary_lists_agree(explorer: Explorer, case: Case) -> None:
    explorer.look_at(case)


@exploring
@given(case=strategies.mixed())
def test_lists_of_mixed_dtypes_agree(explorer: Explorer, case: Case) -> None:
    explorer.look_at(case)


@settings(exploring, max_examples=max(1, exploring.max_examples // 10))
@given(case=strategies.long())
def test_long_lists_agree(explorer: Explorer, case: Case) -> None:
    explorer.look_at(case)
