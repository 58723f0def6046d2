"""The verdict: which exit code and which sentence follow, and that nothing planned is left out."""

from __future__ import annotations

from typing import Any

import pytest

from compat.errors import ExitCode
from compat.verdict import Status, Verdict, judge_all
from tests.builders import DIGESTS, INDEX, absent, claim, content, contract, failed, ledger

HOLDS = claim("present-since", version="1.11.0")
FAILS = claim("present-since", version="1.9.0")
UNKNOWN = claim("speedup", against="norm", low=10.0, high=50.0)
GONE = {"phase": "device", "message": "there is no CUDA"}
OTHER = {"positional-list": {"kind": "value", "text": "6.0"}}


def judged(
    *wholes: dict[str, Any], claims: tuple[Any, ...] = (HOLDS,), planned: tuple[str, ...] = ()
) -> Verdict:
    rows = [(torch, "3.9") for torch in planned]
    return judge_all(contract(claims=claims), ledger(*wholes), rows, INDEX)


@pytest.mark.parametrize(
    ("wholes", "claims", "planned", "code", "start"),
    [
        ([content("1.11.0")], (HOLDS,), (), ExitCode.HOLDS, "The note may stay: 1 claim supported; "),
        ([content("1.11.0"), absent("1.10.2")], (HOLDS,), (), ExitCode.HOLDS, "The note may stay"),
        (
            [content("1.11.0")],
            (HOLDS, UNKNOWN),
            (),
            ExitCode.INCONCLUSIVE,
            "Whether the note may stay is open: 1 of 2",
        ),
        (
            [content("1.11.0")],
            (HOLDS,),
            ("2.0.0",),
            ExitCode.INCONCLUSIVE,
            "Whether the note may stay is open",
        ),
        (
            [content("1.11.0"), failed("2.0.0")],
            (HOLDS,),
            (),
            ExitCode.INCONCLUSIVE,
            "Whether the note may stay",
        ),
        (
            [content("1.11.0"), content("1.11.0", python="3.11", questions=OTHER)],
            (HOLDS,),
            (),
            ExitCode.INCONCLUSIVE,
            "Whether the note may stay is open",
        ),
        ([], (), (), ExitCode.INCONCLUSIVE, "Whether the note may stay is open"),
        ([], (HOLDS,), (), ExitCode.INCONCLUSIVE, "Whether the note may stay is open"),
        (
            [absent("1.9.0"), content("1.11.0")],
            (FAILS, UNKNOWN),
            ("2.0.0",),
            ExitCode.CONTRADICTED,
            (
                "The note may not stay: 1 of 2 claims refuted (the-claim); "
                "1 of 2 claims inconclusive (the-claim); 1 planned release not measured; "
                "torch._foreach_norm is present since some release after 1.9.0, by 1.11.0."
            ),
        ),
        (
            [content("1.11.0", questions=OTHER)],
            (HOLDS,),
            (),
            ExitCode.CONTRADICTED,
            "The note may not stay: 1 claim supported; a relied-on clause fails in 1.11.0",
        ),
    ],
)
def test_exit_code_and_sentence(
    wholes: list[dict[str, Any]],
    claims: tuple[Any, ...],
    planned: tuple[str, ...],
    code: ExitCode,
    start: str,
) -> None:
    verdict = judged(*wholes, claims=claims, planned=planned)
    assert verdict.exit_code is code
    assert verdict.sentence.startswith(start), verdict.sentence


def test_every_planned_row_has_a_status_on_every_device_in_order() -> None:
    verdict = judged(content("2.9.0"), planned=("2.10.0", "2.9.0", "1.9.0"))
    assert [(row.torch, row.device, row.status) for row in verdict.releases] == [
        ("1.9.0", "cpu", Status.NOT_MEASURED),
        ("1.9.0", "cuda", Status.NOT_MEASURED),
        ("2.9.0", "cpu", Status.COMPATIBLE),
        ("2.9.0", "cuda", Status.NOT_MEASURED),
        ("2.10.0", "cpu", Status.NOT_MEASURED),
        ("2.10.0", "cuda", Status.NOT_MEASURED),
    ]
    assert all(row.why for row in verdict.releases)


def test_a_record_that_nobody_planned_and_a_device_that_nobody_named_are_shown() -> None:
    verdict = judged(content("2.9.0", device="mps"))
    assert [(row.torch, row.device, row.status) for row in verdict.releases] == [
        ("2.9.0", "mps", Status.COMPATIBLE),
    ]
    assert verdict.exit_code is ExitCode.INCONCLUSIVE


def test_another_device_is_measured_with_the_python_that_it_has() -> None:
    recorded = [content("2.9.0"), content("2.9.0", python="3.12", device="cuda")]
    verdict = judged(*recorded, planned=("2.9.0", "2.10.0"))
    assert [(row.torch, row.python, row.device, row.status.value) for row in verdict.releases] == [
        ("2.9.0", "3.9", "cpu", "compatible"),
        ("2.9.0", "3.12", "cuda", "compatible"),
        ("2.10.0", "3.9", "cpu", "not-measured"),
        ("2.10.0", "3.9", "cuda", "not-measured"),
    ]


def test_the_same_release_with_two_pythons_is_two_rows() -> None:
    verdict = judged(content("2.9.0"), content("2.9.0", python="3.11"))
    assert [(row.python, row.status) for row in verdict.releases if row.device == "cpu"] == [
        ("3.9", Status.COMPATIBLE),
        ("3.11", Status.COMPATIBLE),
    ]


def test_records_of_another_api_are_no_evidence() -> None:
    verdict = judged(content("1.11.0", api="torch._other"))
    assert verdict.exit_code is ExitCode.INCONCLUSIVE
    assert verdict.releases[0].why == "it measured torch._other"
    assert verdict.spans == ()


def test_a_cuda_record_is_judged_and_counts() -> None:
    verdict = judged(content("1.11.0"), content("1.11.0", device="cuda", questions=OTHER))
    assert [row.status for row in verdict.releases] == [Status.COMPATIBLE, Status.INCOMPATIBLE]
    assert verdict.exit_code is ExitCode.CONTRADICTED
    assert "a relied-on clause fails in 1.11.0 on CUDA" in verdict.sentence


@pytest.mark.parametrize(
    "changes", [{"canaries": {"absent-name": False}}, {"status": "device-missing", "failure": GONE}]
)
def test_a_record_of_another_device_that_does_not_count_leaves_it_open(changes: dict[str, Any]) -> None:
    verdict = judged(content("1.11.0"), content("1.11.0", device="cuda", **changes))
    assert verdict.exit_code is ExitCode.INCONCLUSIVE
    assert "torch-1.11.0-py3.9-cuda.json does not count" in verdict.sentence


OLD = {"digests": {"probe": "sha256:old"}}
AGREES = claim("agreement", against="norm")


@pytest.mark.parametrize(
    ("then", "decision", "says"),
    [
        pytest.param({}, "supported", "No difference", id="nothing against it"),
        pytest.param(
            {"agreement": {"codes": {"norm": "=X=="}}},
            "inconclusive",
            "but by outdated records it was refuted",
            id="refuted by then",
        ),
        pytest.param(
            {"agreement": {"codes": {"norm": "=X=="}}, "canaries": {"planted: off by 1e-5": False}},
            "supported",
            "No difference",
            id="worth nothing even then",
        ),
        pytest.param(
            {"agreement": {"codes": {"norm": "=X=="}}, "api": "torch._foreach_abs"},
            "supported",
            "No difference",
            id="of another function",
        ),
    ],
)
def test_what_an_outdated_record_speaks_against_is_open(
    then: dict[str, Any], decision: str, says: str
) -> None:
    wholes = [content("1.11.0"), content("2.0.0", device="cuda", **OLD, **then)]
    found = judge_all(contract(claims=(AGREES,)), ledger(*wholes, digests=DIGESTS), [], INDEX)
    (judged_claim,) = found.claims
    assert (judged_claim.verdict, found.exit_code) == (decision, ExitCode.INCONCLUSIVE)
    assert says.lower() in judged_claim.because.lower()
    assert ("torch-2.0.0-py3.9-cuda.json" in judged_claim.records) == (decision == "inconclusive")


def test_an_outdated_record_supports_nothing() -> None:
    found = judge_all(
        contract(claims=(AGREES,)), ledger(content("1.11.0", **OLD), digests=DIGESTS), [], INDEX
    )
    assert [each.verdict for each in found.claims] == ["inconclusive"]


def test_the_evidence_is_dated_and_named() -> None:
    newer = content("2.0.0", provenance={"finished": "2026-11-30T01:00:00Z"})
    failing = failed("2.1.0", provenance={"finished": "2026-12-24T01:00:00Z"})
    verdict = judged(content("1.11.0"), newer, failing)
    assert (verdict.evidence_date, verdict.evidence_digest) == ("2026-11-30", "sha256:feedface00")
    assert judged().evidence_date is None


def test_the_same_files_give_the_same_verdict() -> None:
    wholes = [absent("1.9.0"), content("1.11.0"), content("2.0.0", questions=OTHER)]
    assert judged(*wholes) == judged(*reversed(wholes))
