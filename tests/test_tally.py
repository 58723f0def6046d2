"""The closing line of CI counts every pytest session, and zero tests are no success."""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING

import pytest

from compat import paths

if TYPE_CHECKING:
    from pathlib import Path

main = runpy.run_path(str(paths.ROOT / ".ci" / "tally.py"))["main"]


def junit(tests: int, failures: int = 0, errors: int = 0, skipped: int = 0) -> str:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"'
    return f'<testsuites><testsuite name="pytest" {counts}/></testsuites>'


@pytest.mark.parametrize(
    ("files", "line", "code"),
    [
        pytest.param([junit(5, skipped=2), junit(3)], "6 passed, 0 failed, 2 skipped", 0, id="two sessions"),
        pytest.param([junit(5, failures=1, errors=1)], "3 passed, 2 failed, 0 skipped", 1, id="failures"),
        pytest.param([junit(2, skipped=2)], "0 passed, 0 failed, 2 skipped", 1, id="all skipped"),
        pytest.param([], "0 passed, 0 failed, 0 skipped", 1, id="no session ran"),
    ],
)
def test_the_closing_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], files: list[str], line: str, code: int
) -> None:
    for number, text in enumerate(files):
        (tmp_path / f"{number}.xml").write_text(text, encoding="utf-8")
    assert main(str(tmp_path)) == code
    assert capsys.readouterr().out == line + "\n"
