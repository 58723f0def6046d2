"""Statuses: how one release on one device is judged, and with which reason."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from compat.contract import Reference
from compat.statuses import Status, caveats, contradictions, judge_release
from tests import builders
from tests.builders import DIGESTS, VALUE, absent, contract, failed, ledger, question, record

RELIED = question("positional-list", relied=True, expect="5.0")
EXPECTED = question("empty-list", expect="error")
WONDERED = question("mixed")
ABOUT = contract(
    [RELIED, EXPECTED, WONDERED],
    references=(Reference(id="norm", call="n()"), Reference(id="vector_norm", call="v()")),
    relied_agreement=("norm",),
)

OTHER = {"positional-list": {"kind": "value", "text": "6.0"}}
UNSTABLE = {"mixed": {"kind": "unstable", "text": "1.0 | 2.0"}}
ODD = {"mixed": {"kind": "error", "text": "RuntimeError: whatever"}}
SILENT = {"empty-list": {"kind": "value", "text": "()"}}
HARNESS_ERROR = {"kind": "harness-error", "text": "oops"}
HARNESS = {"positional-list": HARNESS_ERROR}
UNASKED = {"kind": "unasked", "text": "needs torch.foreach"}


def content(torch: str, *, questions: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a record's content that answers all three questions; ``questions`` replace answers."""
    return builders.content(torch, questions={"mixed": VALUE, **(questions or {})}, **changes)


def without(torch: str, question: str) -> dict[str, Any]:
    """Return a record's content that says nothing of one question."""
    whole = content(torch)
    return {**whole, "questions": {key: each for key, each in whole["questions"].items() if key != question}}


def codes(norm: str, vector_norm: str = "====") -> dict[str, Any]:
    return {"codes": {"norm": norm, "vector_norm": vector_norm}}


def bits(checksum: int) -> str:
    """Return what a record keeps of the bits of four cases."""
    return base64.b64encode(bytes([checksum] * 16)).decode()


def explored(**found: str) -> dict[str, Any]:
    return {"seed": 1, "failures": [{"case": {}, "codes": found, "message": ""}]}


@pytest.mark.parametrize(
    ("whole", "status", "why"),
    [
        (
            content("2.0.0"),
            Status.COMPATIBLE,
            "nothing else seen in 3 questions and 4 cases of corpus ab12cd34",
        ),
        (absent("2.0.0"), Status.ABSENT, "torch 2.0.0 has no torch._foreach_norm"),
        (failed("2.0.0"), Status.NOT_MEASURED, "install-failed: no such wheel"),
        (None, Status.NOT_MEASURED, "no record of torch 2.0.0 with Python 3.9"),
        (content("2.0.0", digests={"probe": "old"}), Status.NOT_MEASURED, "stale: probe was old, is 9999"),
        (
            content("2.0.0", digests={"probe": "old"}, questions=OTHER),
            Status.NOT_MEASURED,
            "is 9999; it said then: positional-list: expected 5.0, got 6.0",
        ),
        (
            content("2.0.0", canaries={"planted": False}),
            Status.NOT_MEASURED,
            "worth nothing: canary planted failed",
        ),
        (content("2.0.0", questions=OTHER), Status.INCOMPATIBLE, "positional-list: expected 5.0, got 6.0"),
        (content("2.0.0", questions=SILENT), Status.CAVEAT, "empty-list: gives ()"),
        (content("2.0.0", questions={**OTHER, **SILENT}), Status.INCOMPATIBLE, "positional-list: expected"),
        (content("2.0.0", questions=HARNESS), Status.NOT_MEASURED, "not measured: positional-list"),
        (content("2.0.0", agreement=None), Status.NOT_MEASURED, "not measured: agreement with norm"),
        (content("2.0.0", agreement=codes("----")), Status.NOT_MEASURED, "not measured: agreement with norm"),
        (content("2.0.0", agreement=codes("=H=H")), Status.NOT_MEASURED, "2 cases of norm (harness error)"),
        (
            content("2.0.0", agreement=codes("=XX~")),
            Status.INCOMPATIBLE,
            "disagrees in 2 of 4 cases (against norm)",
        ),
        (
            content("2.0.0", agreement=codes("=U=~")),
            Status.INCOMPATIBLE,
            "two calls of the function differ in 1",
        ),
        (content("2.0.0", agreement=codes("=!=~")), Status.INCOMPATIBLE, "crashed in 1 of 4 cases"),
        (content("2.0.0", agreement=codes("=T=~")), Status.INCOMPATIBLE, "timed out in 1 of 4 cases"),
        (
            content("2.0.0", agreement=codes("=f=~")),
            Status.CAVEAT,
            "only the function raises in 1 of 4 cases",
        ),
        (
            content("2.0.0", agreement=codes("=r=~")),
            Status.CAVEAT,
            "only the reference raises in 1 of 4 cases",
        ),
        (content("2.0.0", agreement=codes("=E==")), Status.COMPATIBLE, "nothing else seen"),
        (content("2.0.0", questions=UNSTABLE), Status.CAVEAT, "mixed: unstable: 1.0 | 2.0"),
        (content("2.0.0", questions=ODD), Status.COMPATIBLE, "nothing else seen"),
        (
            content("2.0.0", left=[{"level": "effects", "key": "q", "what": "threads: 1 -> 2"}]),
            Status.CAVEAT,
            "state: q changed threads: 1 -> 2",
        ),
        (
            content("2.0.0", given_up=[{"level": "effects", "behind": "q", "why": "2 of its steps hung"}]),
            Status.NOT_MEASURED,
            "not measured: effects behind q (2 of its steps hung)",
        ),
        (
            content("2.0.0", exploration=explored(norm="X")),
            Status.INCOMPATIBLE,
            "1 example found by exploring",
        ),
        (content("2.0.0", exploration=explored(norm="f")), Status.CAVEAT, "1 example found by exploring"),
        (
            content("2.0.0", exploration=explored(other="X")),
            Status.CAVEAT,
            "exploration:other: 1 example against what the contract does not compare",
        ),
        (
            content("2.0.0", exploration=explored(other="X", norm="X")),
            Status.INCOMPATIBLE,
            "1 example found by exploring",
        ),
        (
            content("2.0.0", exploration={"not_run": "no pytest"}),
            Status.CAVEAT,
            "exploration: no fresh examples beside the corpus: no pytest",
        ),
        (
            content("2.0.0", exploration={"stopped": "it did not end in 30 s"}),
            Status.CAVEAT,
            "exploration: not all of the time was explored: it did not end in 30 s",
        ),
        (content("2.0.0", exploration=None), Status.CAVEAT, "nothing is recorded of it"),
        (content("2.0.0", exploration={"examples": 0}), Status.CAVEAT, "no example was tried"),
        (
            content("2.0.0", exploration={"passed": False}),
            Status.CAVEAT,
            "exploring failed, and no example says why",
        ),
        (content("2.0.0", questions={"mixed": HARNESS_ERROR}), Status.CAVEAT, "mixed: could not be asked"),
        (
            content("2.0.0", agreement=codes("====", "=H==")),
            Status.CAVEAT,
            "unasked:vector_norm: 1 cases of vector_norm (harness error)",
        ),
        (without("2.0.0", "mixed"), Status.NOT_MEASURED, "not measured: mixed"),
        (content("2.0.0", questions={"mixed": UNASKED}), Status.NOT_MEASURED, "not measured: mixed"),
        (
            content("2.0.0", questions={"positional-list": UNASKED}),
            Status.NOT_MEASURED,
            "not measured: positional-list",
        ),
        (
            {**content("2.0.0"), "agreement": {"cases": 4, "codes": {"norm": "===="}}},
            Status.NOT_MEASURED,
            "not measured: comparison with vector_norm",
        ),
        (
            content("2.0.0", cost={"not_run": "nothing was timed"}),
            Status.CAVEAT,
            "cost: not all of it was measured: nothing was timed",
        ),
        (content("2.0.0", accuracy=[]), Status.NOT_MEASURED, "not measured: accuracy"),
        (content("2.0.0", accuracy=None), Status.NOT_MEASURED, "not measured: accuracy"),
        (content("2.0.0", cost=None), Status.NOT_MEASURED, "not measured: cost"),
    ],
)
def test_judge_release(whole: dict[str, Any] | None, status: Status, why: str) -> None:
    filed = ledger(*([whole] if whole else []), digests=DIGESTS)
    found = judge_release(ABOUT, filed, "2.0.0", "3.9", "cpu")
    assert (found.status, why in found.why) == (status, True), found.why
    assert found.records == (("torch-2.0.0-py3.9-cpu.json",) if whole else ())


@pytest.mark.parametrize(
    ("needs", "status"), [("torch.foreach", Status.COMPATIBLE), (None, Status.NOT_MEASURED)]
)
def test_only_what_needs_something_of_torch_may_go_unasked(needs: str | None, status: Status) -> None:
    about = contract([RELIED, question("mixed", needs=needs)], relied_agreement=("norm",))
    whole = content("2.0.0", questions={"mixed": UNASKED})
    assert judge_release(about, ledger(whole), "2.0.0", "3.9", "cpu").status is status


def test_a_compared_reference_that_nobody_relies_on_gives_a_caveat() -> None:
    about = contract([RELIED], relied_agreement=())
    found = judge_release(about, ledger(content("2.0.0", agreement=codes("X==="))), "2.0.0", "3.9", "cpu")
    assert (found.status, found.why) == (
        Status.CAVEAT,
        "agreement:norm: disagrees in 1 of 4 cases (against norm)",
    )


def test_what_was_not_timed_on_an_accelerator_is_a_caveat_as_elsewhere() -> None:
    whole = content("2.0.0", device="cuda", cost={"not_run": "nothing was timed"})
    found = judge_release(ABOUT, ledger(whole), "2.0.0", "3.9", "cuda")
    assert (found.status, found.why) == (
        Status.CAVEAT,
        "cost: not all of it was measured: nothing was timed",
    )


def test_no_cuda_record_is_said() -> None:
    found = judge_release(ABOUT, ledger(content("2.0.0")), "2.0.0", "3.9", "cuda")
    assert (found.status, found.why) == (
        Status.NOT_MEASURED,
        "no CUDA record of torch 2.0.0 with Python 3.9",
    )


@pytest.mark.parametrize(
    ("other", "status"),
    [
        (content("2.0.0", python="3.11"), Status.COMPATIBLE),
        (content("2.0.0", python="3.11", questions=OTHER), Status.CONFLICT),
        (content("2.0.0", python="3.11", agreement=codes("===X")), Status.CONFLICT),
        (absent("2.0.0", python="3.11"), Status.CONFLICT),
        (content("2.0.0", python="3.11", questions=OTHER, canaries={"planted": False}), Status.COMPATIBLE),
        (content("2.0.0", python="3.11", agreement={"values": bits(1)}), Status.COMPATIBLE),
        (content("2.1.0", python="3.11", questions=OTHER), Status.COMPATIBLE),
        (content("2.0.0", device="cuda", questions=OTHER), Status.COMPATIBLE),
    ],
)
def test_records_of_one_release_may_contradict_each_other(other: dict[str, Any], status: Status) -> None:
    kept = {"values": bits(0)} if "values" in (other["agreement"] or {}) else {}
    first = content("2.0.0", agreement=kept)
    found = judge_release(ABOUT, ledger(first, other), "2.0.0", "3.9", "cpu")
    assert found.status is status
    assert len(found.records) == (2 if status is Status.CONFLICT else 1)


def test_every_caveat_and_contradiction_is_listed() -> None:
    whole = record(content("2.0.0", questions={**OTHER, **SILENT}, agreement=codes("fX==")))
    assert list(caveats(ABOUT, whole)) == ["empty-list", "agreement:norm"]
    assert list(contradictions(ABOUT, whole)) == ["positional-list", "agreement:norm"]
    assert caveats(ABOUT, record(content("2.0.0", questions={"positional-list": VALUE}))) == {}


@pytest.mark.parametrize(
    ("may_warn", "told"), [(False, {"positional-list": "warns: UserWarning: old"}), (True, {})]
)
def test_a_warning_that_torch_does_not_owe_is_a_caveat(*, may_warn: bool, told: dict[str, str]) -> None:
    about = contract([question("positional-list", expect="5.0", relied=True, warns=may_warn)])
    warned = {"positional-list": {**VALUE, "warnings": ["UserWarning: old"]}}
    assert caveats(about, record(content("2.0.0", questions=warned))) == told
