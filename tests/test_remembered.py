"""What was found out once is not found out again, and never taken for what another object gave."""

from __future__ import annotations

from compat.remembered import once
from compat.statuses import caveats, contradictions
from tests.builders import asked, contract, record


class Counted:
    """Equal to all of its kind, and not to be hashed, as records are."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self) -> None:
        self.asked = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counted)


@once
def ask(one: Counted, other: Counted) -> tuple[int, int]:
    """Count how often it was asked."""
    one.asked += 1
    return id(one), id(other)


def test_an_object_is_asked_once() -> None:
    one, other = Counted(), Counted()
    assert ask(one, other) == ask(one, other) == (id(one), id(other))
    assert one.asked == 1


def test_equal_objects_are_not_each_other() -> None:
    one, other = Counted(), Counted()
    assert one == other
    assert [ask(one, one), ask(other, one), ask(one, other)] == [
        (id(one), id(one)), (id(other), id(one)), (id(one), id(other)),
    ]  # fmt: skip


def test_what_is_named_is_found_out_each_time() -> None:
    one = Counted()
    assert ask(one, other=one) == ask(one, other=one)
    assert one.asked == 2


def test_a_record_that_was_changed_is_judged_anew() -> None:
    about = contract()
    good = record(asked("2.0.0", {"kind": "value", "text": "5.0"}))
    assert contradictions(about, good) == {}
    assert good.questions is not None
    outcome = good.questions["positional-list"].model_copy(update={"text": "6.0"})
    bad = good.model_copy(update={"questions": {"positional-list": outcome}})
    assert contradictions(about, bad) == {"positional-list": "expected 5.0, got 6.0"}
    assert contradictions(about, good) == {}
    assert "positional-list" not in caveats(about, bad)
