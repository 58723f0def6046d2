"""Which rows come next is read from nox's own listing."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from compat.commands import Finished
from compat.matrix import Row
from compat.upcoming import listing_command, read_listing, selected_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = tuple(Row(torch=torch, python="3.9") for torch in ("1.10.2", "1.11.0", "2.6.0"))


def listing(*names: str) -> str:
    return json.dumps([{"session": name, "python": "3.9"} for name in names])


@pytest.mark.parametrize(
    ("output", "code", "arguments", "expected"),
    [
        pytest.param(
            listing("matrix(torch-1.11.0)", "matrix(torch-2.6.0)", "report"),
            0,
            ["-t", "quick"],
            ["1.11.0", "2.6.0"],
            id="by tag, as in the matrix",
        ),
        pytest.param(
            listing("matrix(torch-1.10.2)", "matrix(torch-2.6.0)"),
            0,
            ["-s", "matrix(torch-2.6.0)", "matrix(torch-1.10.2)"],
            ["2.6.0", "1.10.2"],
            id="by name, as on the command line",
        ),
        pytest.param(
            "nox > a warning\n" + listing("matrix(torch-1.11.0)"), 0, [], ["1.11.0"], id="behind a warning"
        ),
        pytest.param(listing("tests"), 0, [], [], id="other sessions"),
        pytest.param(listing("matrix(torch-1.11.0)"), 2, [], [], id="nox failed"),
        pytest.param("[torn", 0, [], [], id="no listing"),
        pytest.param("", 0, [], [], id="nothing"),
    ],
)
def test_selected_rows_come_in_the_order_of_the_run(
    output: str, code: int, arguments: list[str], expected: list[str]
) -> None:
    def run(_command: Sequence[str]) -> Finished:
        return Finished(code=code, output=output, seconds=0)

    assert [row.torch for row in selected_rows(ROWS, arguments, run)] == expected


def test_nox_is_asked_without_the_arguments_of_sessions() -> None:
    command = listing_command(["-t", "full", "--", "--again"])
    assert command[:5] == [sys.executable, "-m", "nox", "--script-mode", "none"]
    assert command[5:7] == ["-t", "full"]
    assert command[-2:] == ["-l", "--json"]
    assert "--again" not in command


def test_a_listing_of_something_else_names_no_session() -> None:
    assert read_listing('["matrix"]') == frozenset()
