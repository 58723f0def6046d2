"""The view as a whole: the same from the same, and clean."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from compat.report.text import printable
from compat.report.writing import formats
from tests.report.samples import empty, make_view, sample

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize("name", formats())
def test_equal_input_gives_equal_bytes(name: str) -> None:
    render = formats()[name]
    assert render(make_view()).encode() == render(make_view()).encode()


@pytest.mark.parametrize("name", formats())
def test_a_report_of_nothing_is_still_a_report(name: str) -> None:
    assert formats()[name](empty())


def test_no_text_of_the_page_can_move_a_cursor() -> None:
    texts = list(_texts(sample().page))
    assert len(texts) > 100
    assert [text for text in texts if text != printable(text)] == []


def test_the_claims_are_tallied_worst_first() -> None:
    assert [(mark.word, count) for mark, count in sample().page.tally] == [("refuted", 3)]
    assert [(mark.word, count) for mark, count in empty().page.tally] == [("inconclusive", 3)]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
