"""Rows are read back as they were written, and what is no row is none."""

from __future__ import annotations

import pytest

from compat.rows import is_raised, read_row

ROWS: list[tuple[str, dict[str, str] | None]] = [
    ("{0: list(2.0), inf: 'RuntimeError'}", {"0": "list(2.0)", "inf": "'RuntimeError'"}),
    ("{0: tuple(float32[2] [1.0, 2.0], None), 1: 7}", {"0": "tuple(float32[2] [1.0, 2.0], None)", "1": "7"}),
    ("{torch.float16: 'a, b: c'}", {"torch.float16": "'a, b: c'"}),
    ("{2: {1: 3, 2: 4}}", {"2": "{1: 3, 2: 4}"}),
    ("{0: list(2.0), inf: 'Run … 400 characters, crc32 00000000", None),
    ("{}", None),
    ("{3.0, 4.0}", None),
    ("tuple(float32[] 5.0)", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "row"), ROWS)
def test_read_row(text: str, row: dict[str, str] | None) -> None:
    assert read_row(text) == row


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        ("'RuntimeError'", True),
        ("'BackendCompilerFailed'", True),
        ("'tuple'", False),
        ("RuntimeError", False),
        ("list('RuntimeError')", False),
    ],
)
def test_is_raised(answer: str, *, raised: bool) -> None:
    assert is_raised(answer) is raised
