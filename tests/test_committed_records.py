"""The committed records hold what this checkout asks; which of them are older than its questions is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat import paths
from compat.contract import load_contract
from compat.probe import digests
from compat.probe.questions import of_device
from compat.records import read_record
from compat.rows import read_row

if TYPE_CHECKING:
    from pathlib import Path

    from compat.record_format import Record

RECORDS = sorted(paths.RECORDS.glob("*.json"))

STALE = "was measured with other questions (contract {}, now {}); measure anew: `nox -s matrix`, then commit"


def fresh(path: Path) -> Record:
    """Return a record of a torch that has the function, measured with today's contract; skip any other."""
    record = read_record(path)
    if record.status != "measured" or not record.present:
        pytest.skip(f"{path.name}: nothing to ask here: {record.status}, function present: {record.present}")
    today = digests.of_contract(paths.CONTRACT)
    if record.digests.contract != today:
        pytest.skip(f"{path.name} {STALE.format(record.digests.contract[:19], today[:19])}")
    return record


def asked_on(device: str) -> list[dict[str, str | None]]:
    """Return the questions of the contract, as the probe reads them, that are asked on a device."""
    return of_device(
        [
            {"id": each.id, "level": each.level, **({"device": each.device} if each.device else {})}
            for each in load_contract(paths.CONTRACT).questions
        ],
        device,
    )


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_each_question_is_asked(path: Path) -> None:
    record = fresh(path)
    given_up = {each.level for each in record.given_up}
    missing = [
        each["id"]
        for each in asked_on(record.device)
        if each["id"] not in (record.questions or {}) and each["level"] not in given_up
    ]
    assert missing == []


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_no_question_fails_by_a_fault_of_ours(path: Path) -> None:
    record = fresh(path)
    faults = ("NameError", "SyntaxError")
    assert [
        f"{identity}: {outcome.text}"
        for identity, outcome in (record.questions or {}).items()
        if outcome.kind == "harness-error" or outcome.text.startswith(faults)
    ] == []


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_each_row_of_answers_is_whole(path: Path) -> None:
    """One that was cut can only be compared as a whole, and a rounding in it looks like anything."""
    given = fresh(path).questions or {}
    rows = {each.id for each in load_contract(paths.CONTRACT).questions if each.call.startswith("each(")}
    assert [
        identity
        for identity in rows & given.keys()
        if given[identity].kind == "value" and read_row(given[identity].text) is None
    ] == []
