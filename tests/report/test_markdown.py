"""Markdown: what a code host makes of it, with text from outside that would like to be more than text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from compat.report.markdown import block, code, prose, render
from compat.report.text import printable, shortened
from tests.report.samples import HOSTILE, empty, sample

HOST = MarkdownIt("commonmark").enable("table")


def cells(markdown: str) -> list[str]:
    """Return the text of the body's cells of a one-column table with this cell."""
    page = HOST.render(f"| a |\n|---|\n| {markdown} |\n")
    return [
        html.unescape(re.sub("<[^>]+>", "", each)) for each in re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    ]


@given(st.text())
def test_prose_in_a_cell_is_read_back_as_it_was(text: str) -> None:
    shown = printable(text)
    assert cells(prose(shown)) == [shortened(shown, 400)]


@given(st.text(alphabet="`|\\ a<&*"))
def test_prose_of_nothing_but_markup_is_read_back(text: str) -> None:
    assert cells(prose(text)) == [shortened(text, 400)]


@given(st.text(alphabet="`|\\ a<&*_"))
def test_code_in_a_cell_is_read_back_as_it_was(text: str) -> None:
    assert cells(code(text)) == [shortened(text, 140) or "(nothing)"]


@given(st.text(alphabet="`\n a#"))
def test_a_block_holds_whatever_fences_it_has(text: str) -> None:
    tokens = HOST.parse(block(text))
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == f"{text}\n"


@pytest.mark.parametrize("text", ["<b>", "<img src=x onerror=y>", "[a](javascript:b)", "https://example.org"])
def test_nothing_becomes_an_element_or_a_link(text: str) -> None:
    page = HOST.render(f"before {prose(text)} after")
    assert re.findall("<(?!/?p>)", page) == []
    assert "://" not in prose(text)


class Tables(HTMLParser):
    """Counts the cells of each row and collects the tags that occur."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[int]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.add(tag)
        if tag == "table":
            self.rows.append([])
        elif tag == "tr":
            self.rows[-1].append(0)
        elif tag in ("td", "th"):
            self.rows[-1][-1] += 1


def test_every_row_of_every_table_has_as_many_cells_as_its_head() -> None:
    tables = Tables()
    tables.feed(HOST.render(render(sample())))
    assert len(tables.rows) >= 6
    assert all(len(set(rows)) == 1 for rows in tables.rows)
    assert "script" not in tables.tags
    assert "h3" not in tables.tags


def test_it_says_what_matters() -> None:
    text = render(sample())
    for wanted in (
        "The note may not stay",
        "# NOTE: stable since PyTorch 1.9",
        "| ✗ refuted |",
        "| 1.11.0 to 2.0.0 (2) | cpu | ✓ compatible |",
        "CUDA as a whole",
        "Against `norm`",
        "2.00 (2.00 to 2.00)",
        "python -m compat report",
    ):
        assert wanted in text, wanted
    assert max(len(line) for line in text.splitlines()) < 3000
    assert HOSTILE not in text


def test_nothing_measured_is_said() -> None:
    text = render(empty())
    assert "No accuracy was measured." in text
    assert "No speed was measured." in text
    assert "Nothing that was asked changed" in text
