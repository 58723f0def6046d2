"""The screen: within its width, plain where there is no terminal, never at the mercy of a message."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from compat.errors import ConfigurationError
from compat.report.explain import explanation, listing
from compat.report.terminal import console_for, screen
from tests.report.samples import CONTRACT, empty, sample


def printed(what: object, monkeypatch: pytest.MonkeyPatch, width: int | None = None) -> str:
    if width is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", str(width))
    stream = io.StringIO()
    console_for(stream).print(what)
    return stream.getvalue()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for view in (sample(), empty()):
        text = printed(screen(view.page, ["reports/compatibility.html"]), monkeypatch, width)
        assert max(cell_len(line) for line in text.splitlines()) <= width


def test_the_screen_ends_with_the_sentence_and_the_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = printed(screen(sample().page, ["a.html", "b.md"]), monkeypatch).splitlines()
    assert lines[-1].strip() == "Exit code 1: a relied-on clause or a claim is contradicted."
    text = "\n".join(line.rstrip() for line in lines)
    assert "Reports: a.html, b.md" in text
    assert "The note may not stay: 3 of 3 claims refuted" in text
    assert text.index("releases") < text.index("present-since") < text.index("Reports:")


def test_it_fits_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(printed(screen(sample().page, []), monkeypatch).splitlines()) <= 45


def test_a_device_that_was_not_measured_takes_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        line for line in printed(screen(sample().page, []), monkeypatch).splitlines() if " cuda " in line
    ]
    assert len(lines) == 1
    assert "1.10.2 to 2.10.0 (6)" in lines[0]
    assert "? not measured" in lines[0]


def test_a_message_cannot_colour_or_style_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for what in (screen(sample().page, []), explanation(sample().page, CONTRACT, "mixed | odd")):
        text = printed(what, monkeypatch)
        assert "\x1b" not in text
    assert "[bold]rich[/bold]" in text
    assert "\\x1b[31mred" in text


def test_explaining_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(explanation(sample().page, CONTRACT, "positional-list"), monkeypatch, 200)
    for wanted in ("Does a list work?", "f()", "relied on", "breaks callers", "2.1.0", "1.11.0 to 2.0.0"):
        assert wanted in text, wanted


def test_explaining_a_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(explanation(sample().page, CONTRACT, "present-since"), monkeypatch, 200)
    for wanted in ("Since 1.9.", "refuted", "torch-1.10.2-py3.9-cpu.json"):
        assert wanted in text, wanted


def test_explaining_a_question_that_no_record_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(explanation(empty().page, CONTRACT, "empty-list"), monkeypatch)
    assert "No usable record answers it." in text


def test_an_unknown_id_is_met_with_a_guess() -> None:
    with pytest.raises(ConfigurationError, match=r"neither a question nor a claim.*Did you mean empty-list"):
        explanation(sample().page, CONTRACT, "empty-lists")


def test_everything_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = printed(listing(CONTRACT, CONTRACT.questions), monkeypatch)
    assert all(claim.id in text for claim in CONTRACT.claims)
    assert all(question.id in text for question in CONTRACT.questions)
