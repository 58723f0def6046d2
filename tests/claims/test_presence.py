"""Since when the function is there, and since when it is called: refuted, supported, or not to be told."""

from __future__ import annotations

from typing import Any

import pytest

from compat.claims import Decision, judge
from tests.builders import absent, claim, content, evidence, failed

FILE = "nn/utils/clip_grad.py"
CALLED = {"callers": [FILE]}


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        ([], Decision.INCONCLUSIVE, "1.9.0 itself was not measured; no release was measured"),
        (
            [failed("1.9.0"), content("2.0.0")],
            Decision.INCONCLUSIVE,
            "1.9.0 itself was not measured; present in 2.0.0",
        ),
        (
            [absent("1.9.1"), absent("1.10.2"), content("1.11.0")],
            Decision.REFUTED,
            (
                "absent in 1.9.1 to 1.10.2, present from 1.11.0 "
                "(exact: 1.10.2 and 1.11.0 are neighbours on the index); "
                "absent in 2 measured releases since 1.9.0"
            ),
        ),
        (
            [absent("1.9.1"), content("2.0.0")],
            Decision.REFUTED,
            "absent in 1.9.1, present after 1.9.1, by 2.0.0",
        ),
        (
            [content("1.9.0"), absent("2.10.0")],
            Decision.REFUTED,
            "present in 1.9.0, absent after 1.9.0, by 2.10.0",
        ),
        (
            [content("1.9.0"), content("2.0.0")],
            Decision.SUPPORTED,
            "present in all 2 measured releases from 1.9.0 to 2.0.0; 6 releases not measured",
        ),
        (
            [content("1.9.0"), absent("1.9.0", python="3.11")],
            Decision.INCONCLUSIVE,
            "records of 1.9.0 contradict each other",
        ),
        (
            [content("1.9.0"), absent("1.9.0", python="3.11"), absent("2.0.0")],
            Decision.REFUTED,
            "absent in 1 measured release since 1.9.0",
        ),
    ],
)
def test_present_since(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    verdict = judge(claim("present-since", version="1.9.0"), evidence(*wholes))
    assert verdict.verdict is decision
    assert because in verdict.because


def test_absence_before_the_stated_release_is_no_counterexample() -> None:
    verdict = judge(claim("present-since", version="1.11.0"), evidence(absent("1.10.2"), content("1.11.0")))
    assert verdict.verdict is Decision.SUPPORTED
    assert verdict.records == ("torch-1.10.2-py3.9-cpu.json", "torch-1.11.0-py3.9-cpu.json")


@pytest.mark.parametrize(
    ("wholes", "decision", "because"),
    [
        ([], Decision.INCONCLUSIVE, "1.9.0 itself was not measured"),
        (
            [content("1.9.0", surface=CALLED)],
            Decision.SUPPORTED,
            f"called by {FILE} in all 1 measured release",
        ),
        (
            [absent("1.9.0"), content("1.11.0"), content("2.0.0", surface=CALLED)],
            Decision.REFUTED,
            f"not called by {FILE} in 1.9.0 to 1.11.0, called by {FILE} from 2.0.0 (exact: 1.11.0 and 2.0.0",
        ),
        (
            [content("1.9.0", surface={"callers": ["nn/utils/other.py"]})],
            Decision.REFUTED,
            f"not called by {FILE} in 1.9.0",
        ),
    ],
)
def test_called_by(wholes: list[dict[str, Any]], decision: Decision, because: str) -> None:
    verdict = judge(claim("called-by", file=FILE, since="1.9.0"), evidence(*wholes))
    assert verdict.verdict is decision
    assert because in verdict.because
