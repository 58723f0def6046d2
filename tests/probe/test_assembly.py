"""A record says what the levels gave, and nothing at all where there was no measurement."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compat.probe import record
from compat.probe.assembly import assemble
from compat.probe.supervisor import Measurement
from compat.records import parse_record
from tests.probe.fakes import CONTRACT

IDENTITY: dict[str, Any] = {
    "api": "torch._private",
    "torch": "2.6.0",
    "python": "3.9",
    "device": "cpu",
    "profile": "quick",
    "digests": {"contract": "sha256:1", "corpus": "sha256:2", "probe": "sha256:3"},
}
EXPLORED = {"seed": 1, "examples": 2, "hypothesis": "6", "failures": [], "passed": True}
FIVE = {"kind": "value", "text": "5"}


def surface(*, present: bool = True, canary: bool = True) -> dict[str, Any]:
    said: dict[str, Any] = {
        "present": present,
        "canary_absent": canary,
        "stub": None,
        "schemas": [],
        "callers": [],
    }
    return {"surface": {"ok": {**said, "relatives": {}}}}


def measured(**levels: Any) -> Measurement:
    return Measurement(results={"surface": surface(), **levels}, seconds={"agreement": 1.234})


def assembled(measurement: Measurement) -> dict[str, Any]:
    written = assemble(IDENTITY, CONTRACT, measurement, EXPLORED)
    name = record.file_name(written["torch"], written["python"], written["device"])
    parse_record(record.dumps(record.sealed(written)), name)
    return written


ALL: dict[str, Any] = {
    "call shapes": {"first": {"ok": FIVE}},
    "effects": {"second": {"crash": "SIGSEGV"}},
    "agreement": {
        "0": {"ok": {"codes": {"loop": "=", "slow": "-", "monitor": "~"}, "values": 1}},
        "planted: off": {"ok": True},
        "planted: missed": {"ok": False},
        "planted: crashed": {"crash": "SIGSEGV"},
    },
}


def test_every_level_has_its_place() -> None:
    written = assembled(measured(**ALL))
    assert written["status"] == "measured"
    assert written["failure"] is None
    assert written["questions"] == {"first": FIVE, "second": {"kind": "crash", "text": "SIGSEGV"}}
    assert written["agreement"]["codes"] == {"loop": "=", "slow": "-", "monitor": "~"}
    assert written["agreement"]["seconds"] == 1.23
    assert written["exploration"] == EXPLORED
    assert written["accuracy"] == []
    assert "canary_absent" not in written["surface"]


def test_a_canary_lives_only_where_it_was_seen_alive() -> None:
    assert assembled(measured(**ALL))["canaries"] == {
        "absent name": True,
        "planted: off": True,
        "planted: missed": False,
        "planted: crashed": False,
    }
    everything_present = Measurement(results={"surface": surface(canary=False)})
    assert assembled(everything_present)["canaries"] == {"absent name": False}


def test_an_absent_function_answers_every_question_with_its_absence() -> None:
    written = assembled(Measurement(results={"surface": surface(present=False)}))
    assert written["status"] == "measured"
    assert written["surface"]["present"] is False
    absent = {"kind": "absent", "text": "absent"}
    assert written["questions"] == {"first": absent, "second": absent}
    assert written["canaries"] == {"absent name": True}
    for level in ("agreement", "exploration", "accuracy", "cost"):
        assert written[level] is None


@pytest.mark.parametrize(
    ("phase", "status"),
    [("import", "import-failed"), ("device", "device-missing"), ("probe", "died")],
)
def test_a_failed_run_has_nothing_that_could_pass_for_a_result(phase: str, status: str) -> None:
    failure = {"phase": phase, "message": "x" * (record.MESSAGE_LIMIT + 1) + "why"}
    written = assembled(Measurement(results={"surface": surface(), **ALL}, failure=failure))
    assert written["status"] == status
    assert written["failure"]["phase"] == phase
    assert written["failure"]["message"].endswith("xwhy")
    assert len(written["failure"]["message"]) == record.MESSAGE_LIMIT
    for level in ("surface", "questions", "agreement", "exploration", "accuracy", "cost", "canaries"):
        assert written[level] is None


@pytest.mark.parametrize(
    "results",
    [
        {},
        {"surface": {}},
        {"surface": {"surface": {"crash": "SIGABRT"}}},
        {"call shapes": {"first": {"ok": FIVE}}},
    ],
    ids=json.dumps,
)
def test_without_a_surface_there_is_no_measurement(results: Any) -> None:
    written = assembled(Measurement(results=results))
    assert written["status"] == "died"
    assert "surface gave no answer" in written["failure"]["message"]
