"""Text from outside: shown, never obeyed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compat.errors import ExitCode
from compat.report.text import capital, cleaned, counted, printable, sentence, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("bell\a", "bell\\x07"),
        ("\u202egnirts", "\\u202egnirts"),
        ("torn \udc80", "torn \\udc80"),
        ("naïve ≤ 日本", "naïve ≤ 日本"),
        ("line\u2028separator\r", "line\\u2028separator\\r"),
    ],
)
def test_what_cannot_be_seen_is_written_as_its_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("a b\n c", 10, "a b c"),
        ("some words that go on", 12, "some words …"),
        ("oneverylongwordwithoutend", 10, "oneverylo…"),
        ("first, second and third", 10, "first …"),
    ],
)
def test_long_text_ends_at_a_word(text: str, limit: int, kept: str) -> None:
    assert shortened(text, limit) == kept


@given(st.text(), st.integers(5, 50))
def test_shortened_text_is_one_line_within_its_limit(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert len(short.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("absent in 1.9", "Absent in 1.9."),
        ("torch.nn has it", "torch.nn has it."),
        ("empty-list: gives nothing", "empty-list: gives nothing."),
        ("no: it does", "No: it does."),
        ("cut …", "Cut …"),
        ("", ""),
    ],
)
def test_a_reason_becomes_a_sentence_but_a_name_keeps_its_case(text: str, shown: str) -> None:
    assert sentence(text) == shown


def test_a_capital_needs_a_word() -> None:
    assert [capital(each) for each in ("", "a", "1 thing", "it's")] == ["", "A", "1 thing", "it's"]


def test_counts_have_a_plural() -> None:
    assert [counted(each, "record") for each in (0, 1, 2500)] == ["0 records", "1 record", "2,500 records"]


@dataclass(frozen=True)
class Inner:
    text: str


@dataclass(frozen=True)
class Outer:
    inner: Inner
    many: tuple[Inner, ...]
    number: int
    code: ExitCode


def test_cleaning_reaches_every_text_and_nothing_else() -> None:
    dirty = Outer(inner=Inner("\a"), many=(Inner("\x1b"), Inner("fine")), number=7, code=ExitCode.USAGE)
    clean = Outer(inner=Inner("\\x07"), many=(Inner("\\x1b"), Inner("fine")), number=7, code=ExitCode.USAGE)
    assert cleaned(dirty) == clean
