"""The excerpt goes between its marks, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compat.errors import ConfigurationError
from compat.report.excerpt import BEGIN, END, excerpt, with_excerpt

if TYPE_CHECKING:
    from pathlib import Path

REPORT = "# Title\n\n**✗ no.** Why.\n\nmore\n\n## The note\n\nnew\n\n## Claims\n\n| a |\n\n## Rest\n\nx\n"


def test_it_is_the_sentence_the_note_and_the_claims() -> None:
    assert excerpt(REPORT) == "**✗ no.** Why.\n\nnew\n\n| a |"


def test_only_what_is_between_the_marks_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(f"before {BEGIN}\nold\n{END} after\n", encoding="utf-8")
    written = with_excerpt(path, REPORT)
    assert written == f"before {BEGIN}\n{excerpt(REPORT)}\n{END} after\n"
    path.write_text(written, encoding="utf-8")
    assert with_excerpt(path, REPORT) == written


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END} {BEGIN}"])
def test_without_both_marks_nothing_is_guessed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "README.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="put <!-- excerpt:begin -->"):
        with_excerpt(path, REPORT)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.md: cannot be read"):
        with_excerpt(tmp_path / "nowhere.md", REPORT)
