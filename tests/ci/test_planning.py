"""A plan for many machines: nox's own listing, row by row, and nothing that is no row."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compat import paths
from compat.ci import planning
from compat.errors import ConfigurationError
from compat.matrix import load_matrix
from compat.survey import load_survey


def session(
    torch: str = "2.6.0", *, python: str | None = "3.9", again: str = "", **changes: Any
) -> dict[str, Any]:
    row = f"torch-{torch}{again}"
    known = {
        "session": f"matrix({row})",
        "name": "matrix",
        "python": python,
        "tags": ["every", "full"],
        "call_spec": {"python": python, "row": row},
    }
    return {**known, **changes}


def text(*sessions: Any) -> str:
    return "nox > a message\n" + json.dumps(sessions) + "\n"


LISTED = text(
    session(),
    session(python="3.11", again="-py3.11", tags=["every"]),
    session("2.10.0", python="3.11", tags=["quick", "every"]),
    {"session": "report", "name": "report", "python": None, "tags": ["every"], "call_spec": {}},
)


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["torch-2.6.0", "torch-2.6.0-py3.11", "torch-2.10.0"]),
        ({"tag": "quick"}, ["torch-2.10.0"]),
        ({"tag": "full"}, ["torch-2.6.0"]),
        ({"releases": ["2.6.0"]}, ["torch-2.6.0", "torch-2.6.0-py3.11"]),
        ({"releases": ["2.6.0"], "tag": "full"}, ["torch-2.6.0"]),
    ],
)
def test_rows_are_chosen_by_tag_and_by_release(options: dict[str, Any], names: list[str]) -> None:
    assert [job.name for job in planning.plan(LISTED, **options)] == names


def test_a_job_says_its_session_and_the_record_that_it_leaves() -> None:
    (job,) = planning.plan(LISTED, tag="quick")
    assert json.loads(planning.as_matrix([job])) == {
        "include": [
            {
                "name": "torch-2.10.0",
                "torch": "2.10.0",
                "python": "3.11",
                "session": "matrix(torch-2.10.0)",
                "device": "cpu",
                "record": "torch-2.10.0-py3.11-cpu.json",
            }
        ]
    }
    assert "\n" not in planning.as_matrix([job])
    jobs = planning.plan(LISTED, tag="every", cuda="quick")
    assert [each.device for each in jobs] == ["cpu", "cpu", "cpu", "cuda"]
    assert (jobs[-1].session, jobs[-1].record) == ("matrix(torch-2.10.0)", "torch-2.10.0-py3.11-cuda.json")
    assert planning.plan(LISTED, releases=["2.6.0"], cuda="quick") == planning.plan(
        LISTED, releases=["2.6.0"]
    )


@pytest.mark.parametrize(
    ("listed", "options", "says"),
    [
        ("", {}, "no listing of nox"),
        ("[1]", {}, "no listing of nox"),
        ("[" * 100_000, {}, "no listing of nox"),
        ("[]", {}, "nothing would be measured"),
        (LISTED, {"tag": "slow"}, "no row of the matrix with the tag slow"),
        (LISTED, {"releases": ["3.0.0"]}, "3.0.0: no row of the matrix"),
        (text(session(call_spec={"row": "torch-2.6.0; rm"})), {}, "not a row of the matrix"),
        (text(session("2.6.0$(x)")), {}, "not a row of the matrix"),
        (text(session(python="3.9 x")), {}, "not a row of the matrix"),
        (text(session(python=None)), {}, "not a row of the matrix"),
        (text(session(session="matrix(other)")), {}, "not a row of the matrix"),
        (text(session(call_spec=None)), {}, "not a row of the matrix"),
        (text(*(session(f"2.6.{n}") for n in range(257))), {}, "257 rows, and a matrix of jobs may have 256"),
    ],
)
def test_what_is_no_plan_is_refused(listed: str, options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        planning.plan(listed, **options)


def test_nox_lists_every_row_of_the_matrix() -> None:
    pytest.importorskip("nox")
    rows = load_matrix(paths.MATRIX, load_survey(paths.SURVEY))
    jobs = planning.plan(planning.list_sessions())
    assert [(job.name, job.python) for job in jobs] == [(row.name, row.python) for row in rows]
    quick = planning.plan(planning.list_sessions(), tag="quick")
    assert [job.name for job in quick] == [row.name for row in rows if "quick" in row.tags]
