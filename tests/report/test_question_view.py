"""Questions, their spans laid over the releases, and what changed when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compat.outcomes import all_spans
from compat.report.question_view import _letter, question_rows
from compat.report.turn_view import by_harm, turns
from tests.builders import INDEX, VALUE, absent, asked, content, contract, ledger

if TYPE_CHECKING:
    from compat.report.question_view import QuestionRow


def rows(*wholes: dict[str, Any]) -> dict[str, QuestionRow]:
    filed = ledger(*wholes)
    spans = all_spans(filed, INDEX)
    return {row.id: row for row in question_rows(spans, contract(), filed)}


def value(text: str) -> dict[str, str]:
    return {"kind": "value", "text": text}


def test_marks_follow_what_callers_rely_on() -> None:
    broken = content("2.0.0", questions={"positional-list": value("4.0"), "empty-list": value("()")})
    found = rows(content("1.11.0"), broken)
    assert [span.mark.word for span in found["positional-list"].spans] == ["as expected", "breaks callers"]
    assert [span.mark.word for span in found["empty-list"].spans] == ["as expected", "not as expected"]
    assert found["stub"].spans[0].mark.word == "recorded"
    assert found["positional-list"].harm < found["empty-list"].harm < found["stub"].harm


def test_the_same_answer_has_the_same_letter_when_it_comes_again() -> None:
    found = rows(
        *(asked(torch, value(text)) for torch, text in (("1.11.0", "x"), ("2.0.0", "y"), ("2.1.0", "x")))
    )
    assert [span.letter for span in found["positional-list"].spans] == ["A", "B", "A"]


def test_presence_alone_is_no_change_of_a_question() -> None:
    found = rows(absent("1.10.2"), content("1.11.0"), content("2.0.0"))
    assert not found["positional-list"].changes
    assert [span.mark.word for span in found["positional-list"].spans] == ["absent", "as expected"]


def test_cells_cover_every_measured_release_once() -> None:
    silent = asked("2.0.0")
    found = rows(absent("1.10.2"), asked("1.11.0", VALUE), silent, asked("2.1.0", value("other")))
    cells = found["positional-list"].cells
    assert [(cell.width, cell.extent, cell.span is None) for cell in cells] == [
        (1, "1.10.2", False),
        (1, "1.11.0", False),
        (1, "2.0.0", True),
        (1, "2.1.0", False),
    ]


def test_turns_tell_the_newest_release_first_and_the_worst_of_it_first() -> None:
    before, after = content("2.0.0"), content("2.1.0", questions={"positional-list": value("4.0")})
    after["questions"]["empty-list"] = {"kind": "error", "text": "RuntimeError: reworded"}
    found = turns(list(rows(absent("1.10.2"), content("1.11.0"), before, after).values()), INDEX)
    assert [(turn.release, [change.question for change in turn.changes]) for turn in found] == [
        ("2.1.0", ["positional-list", "empty-list"]),
        ("1.11.0", ["present"]),
    ]
    assert found[0].since == "from 2.1.0 (exact: 2.0.0 and 2.1.0 are neighbours on the index)"
    assert found[1].date == "2022-03-10"


def test_changes_by_harm_begin_with_the_worst_and_leave_out_what_is_only_declared() -> None:
    wholes = [content("2.0.0"), content("2.1.0", questions={"positional-list": value("4.0")})]
    wholes[1]["questions"]["empty-list"] = {"kind": "error", "text": "RuntimeError: reworded"}
    wholes[1]["surface"]["stub"] = "def other()"
    found = by_harm(turns(list(rows(*wholes).values()), INDEX))
    assert [(words, [change.question for change in changes]) for words, changes in found] == [
        ("other answer, silently", ["positional-list"]),
        ("error reworded", ["empty-list"]),
    ]
    worst = found[0][1][0]
    assert (worst.before, worst.now, worst.until) == ("5.0", "4.0", "2.0.0")
    assert worst.since.startswith("from 2.1.0")


def test_a_change_between_releases_that_are_no_neighbours_is_a_range() -> None:
    found = turns(list(rows(asked("1.11.0", VALUE), asked("2.1.0", value("x"))).values()), INDEX)
    assert found[0].since == "after 1.11.0, by 2.1.0"


def test_letters_go_on_after_z() -> None:
    assert [_letter(place) for place in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
