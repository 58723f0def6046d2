"""Releases in as few rows as the truth allows."""

from __future__ import annotations

import pytest

from compat.report.release_view import group_rows, label_rows, release_rows
from compat.statuses import ReleaseStatus, Status


def status(torch: str, status: Status, why: str, python: str = "3.9", device: str = "cpu") -> ReleaseStatus:
    return ReleaseStatus(torch=torch, python=python, device=device, status=status, why=why, records=())


def grouped(*statuses: ReleaseStatus) -> list[tuple[str, str, int, str]]:
    groups = group_rows(release_rows(statuses, {}))
    return [(group.extent, group.device, group.count, group.why) for group in groups]


def test_neighbours_that_stand_alike_share_a_row() -> None:
    found = grouped(
        status("1.9.0", Status.ABSENT, "torch 1.9.0 has no f"),
        status("1.10.0", Status.ABSENT, "torch 1.10.0 has no f"),
        status("1.11.0", Status.COMPATIBLE, "all well"),
    )
    assert found == [
        ("1.9.0 to 1.10.0", "cpu", 2, "this torch has no f"),
        ("1.11.0", "cpu", 1, "all well"),
    ]


@pytest.mark.parametrize(
    ("second", "why"),
    [(Status.CAVEAT, "same reason"), (Status.COMPATIBLE, "another reason")],
)
def test_another_status_or_reason_is_another_row(second: Status, why: str) -> None:
    one, two = status("1", Status.COMPATIBLE, "same reason"), status("2", second, why)
    assert [each[2] for each in grouped(one, two)] == [1, 1]


def test_a_group_does_not_reach_over_a_release_that_stands_otherwise() -> None:
    rows = [status(str(n), Status.CAVEAT if n == 2 else Status.COMPATIBLE, "w") for n in (1, 2, 3)]
    assert [each[0] for each in grouped(*rows)] == ["1", "2", "3"]


def test_devices_are_grouped_apart_however_they_are_interleaved() -> None:
    rows = [
        status(torch, Status.NOT_MEASURED, f"no record of torch {torch}", device=device)
        for torch in ("1", "2")
        for device in ("cpu", "cuda")
    ]
    assert grouped(*rows) == [
        ("1 to 2", "cpu", 2, "no record of this torch"),
        ("1 to 2", "cuda", 2, "no record of this torch"),
    ]


def test_a_single_release_keeps_its_reason_word_for_word() -> None:
    assert grouped(status("2.6.0", Status.ABSENT, "torch 2.6.0 has no f"))[0][3] == "torch 2.6.0 has no f"


def test_python_is_named_only_where_it_tells_rows_apart() -> None:
    labels = label_rows([("1.0", "3.9"), ("2.0", "3.9"), ("2.0", "3.11")])
    assert labels == {
        ("1.0", "3.9"): "1.0",
        ("2.0", "3.9"): "2.0 (Python 3.9)",
        ("2.0", "3.11"): "2.0 (Python 3.11)",
    }
