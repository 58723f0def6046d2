"""The README shows a piece of the real report, and two set-up commands."""

from __future__ import annotations

import re

from compat import paths
from tests.committed import committed_report

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")


def test_the_excerpt_is_in_the_report() -> None:
    """Each line of it, so that neither can change without the other."""
    report = committed_report("compatibility.md", "README.md").splitlines()
    excerpt = README.split("<!-- excerpt:begin -->")[1].split("<!-- excerpt:end -->")[0]
    lines = [line for line in excerpt.splitlines() if line.strip()]
    assert len(lines) > 20
    assert [line for line in lines if line not in report] == []


def test_there_are_two_set_up_commands() -> None:
    section = README.split("## Two commands")[1].split("\n## ")[0]
    assert len(re.findall(r"^    python bootstrap\.py", section, re.MULTILINE)) == 2
