"""A text for a place with a limit is cut where whole lines end, and the sentence about it can be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt

from compat.ci import summary
from compat.report import markdown
from tests.report.samples import sample

NOTE = "# a line of the note\n```\n" * 60_000
CLAIM = replace(sample().page.claims[0], because="because " * 40)


@pytest.mark.parametrize("huge", [{"claims": (CLAIM,) * 5000}, {"note_after": NOTE}], ids=["table", "code"])
def test_a_giant_report_is_cut_below_the_limit_and_says_so_in_the_open(huge: dict[str, Any]) -> None:
    view = sample()
    whole = markdown.render(replace(view, page=replace(view.page, **huge)))
    assert len(whole.encode()) > summary.MOST_BYTES
    cut = summary.cut(whole, "elsewhere")
    assert summary.KEPT - 1000 < len(cut.encode()) < summary.MOST_BYTES
    *_, last = MarkdownIt("commonmark").enable("table").render(cut).strip().splitlines()
    assert last.startswith("<p><strong>Cut here: ")
    assert last.endswith("All of it: elsewhere.</strong></p>")


@pytest.mark.parametrize(
    ("lines", "closed"),
    [
        ("<details>\n<summary>a</summary>\n\nb\n", "\n</details>\n"),
        ("<details>\n\n````python\n```\n", "````\n\n</details>\n"),
        ("```\n<details>\n```\nb\n", ""),
        ("`<details>`\n```no fence``` of its own\n", ""),
        ("<details>\n\n</details>\nb\n", ""),
    ],
)
def test_what_the_cut_leaves_open_is_closed(lines: str, closed: str) -> None:
    cut = summary.cut(f"{lines}{'x' * 200}\n", "elsewhere", 100)
    assert cut.startswith(f"{lines}{closed}\n**Cut here: 1 of ")
