"""Lines are folded where a service folds them, and the fold ends whatever happens within."""

from __future__ import annotations

import pytest

from compat.grouping import grouped


@pytest.mark.parametrize(
    ("environment", "lines"),
    [
        ({}, ["inside"]),
        ({"GITHUB_ACTIONS": "true"}, ["::group::torch-2.6.0", "inside", "::endgroup::"]),
        (
            {"GITLAB_CI": "true"},
            [
                "\x1b[0Ksection_start:7:torch_2_6_0[collapsed=true]\r\x1b[0Ktorch-2.6.0",
                "inside",
                "\x1b[0Ksection_end:7:torch_2_6_0\r\x1b[0K",
            ],
        ),
    ],
)
def test_folds(environment: dict[str, str], lines: list[str]) -> None:
    written: list[str] = []
    with grouped("torch-2.6.0", environment, written.append, lambda: 7.0):
        written.append("inside")
    assert written == lines


def test_a_fold_ends_when_something_breaks() -> None:
    written: list[str] = []
    with pytest.raises(KeyError), grouped("row", {"GITHUB_ACTIONS": "1"}, written.append):
        raise KeyError
    assert written[-1] == "::endgroup::"
