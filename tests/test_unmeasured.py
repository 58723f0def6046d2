"""What has no up-to-date record: rows by their records, releases without a row by that alone."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from compat.matrix import Row
from compat.report.terminal import console_for
from compat.report.unmeasured_text import table
from compat.survey import Release, Survey
from compat.unmeasured import Unmeasured, as_json, unmeasured

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS = (
    Row(torch="2.6.0", python="3.9"),
    Row(torch="2.6.0", python="3.11", first=False),
    Row(torch="2.7.0", python="3.9"),
)


def survey(*more: str, yanked: str = "") -> Survey:
    return Survey(
        format=1,
        date="2026-11-23",
        releases=tuple(
            Release(torch=torch, date="2026-01-01", pythons=("3.9", "3.11"), yanked=torch == yanked, bytes=1)
            for torch in ("2.6.0", "2.7.0", *more)
        ),
    )


def found(known: Survey, whys: Mapping[str, str]) -> list[Unmeasured]:
    return list(unmeasured(known, ROWS, lambda row: whys.get(row.name)))


def shown(known: Survey, whys: Mapping[str, str]) -> str:
    stream = io.StringIO()
    console_for(stream).print(table(found(known, whys), known))
    return stream.getvalue()


def test_rows_are_told_by_their_records_and_releases_by_their_lack_of_a_row() -> None:
    whys = {"torch-2.6.0-py3.11": "no record", "torch-2.7.0": "stale"}
    assert [(each.torch, each.python, each.row, each.why) for each in found(survey("2.8.0"), whys)] == [
        ("2.6.0", "3.11", "torch-2.6.0-py3.11", "no record"),
        ("2.7.0", "3.9", "torch-2.7.0", "stale"),
        ("2.8.0", "3.9", None, "no row in the matrix"),
    ]


def test_a_pre_release_and_a_yanked_one_are_marked() -> None:
    assert [
        (each.torch, each.pre, each.yanked) for each in found(survey("2.8.0rc1", "2.8.0", yanked="2.8.0"), {})
    ] == [
        ("2.8.0rc1", True, False),
        ("2.8.0", False, True),
    ]


def test_machines_read_the_same() -> None:
    known = survey("2.8.0")
    content = json.loads(as_json(found(known, {}), known))
    assert content == {
        "format": 1,
        "date": "2026-11-23",
        "releases": [
            {
                "torch": "2.8.0",
                "python": "3.9",
                "date": "2026-01-01",
                "row": None,
                "why": "no row in the matrix",
                "pre": False,
                "yanked": False,
            }
        ],
    }


@pytest.mark.parametrize(
    ("more", "whys", "says"),
    [
        ([], {}, ["every one of 2 releases on the index (2026-11-23) has an up-to-date record"]),
        ([], {"torch-2.7.0": "stale"}, ["1 of 2 releases", 'nox -s "matrix(torch-2.7.0)"']),
        ([], {"torch-2.7.0": "stale", "torch-2.6.0": "none"}, ["2 of 2 releases", "nox -t every"]),
        (["2.8.0"], {}, ["2.8.0", "no row in the matrix", "python -m compat matrix --refresh"]),
        (["2.8.0rc1"], {}, ["pre-release, no row in the matrix"]),
    ],
)
def test_people_are_told_what_to_do_next(more: list[str], whys: dict[str, str], says: list[str]) -> None:
    text = shown(survey(*more), whys)
    assert all(each in text for each in says), text
    assert ("matrix --refresh" in text) is (more == ["2.8.0"])
