"""Bisection: the exact release, few measurements, and the truth about ends, gaps and further changes."""

from __future__ import annotations

import itertools
import math

import pytest

from compat.bisection import Change, Finding, first_change, most_measurements
from compat.record_format import Outcome


def found(answers: str, *, known: str = "") -> Finding:
    """Search in releases 0, 1, 2, ... that give one letter each; "?" cannot be measured.

    ``known`` has a letter where a release is known before, and a space elsewhere.
    """
    releases = [str(place) for place in range(len(answers))]

    def measure(release: str) -> Outcome | None:
        letter = answers[int(release)]
        return None if letter == "?" else outcome(letter)

    before = {str(place): outcome(letter) for place, letter in enumerate(known) if letter.strip()}
    return first_change(releases, measure, before)


def outcome(letter: str) -> Outcome:
    return Outcome(kind="value", text=letter)


def change(until: int, since: int) -> Change:
    between = tuple(str(place) for place in range(until + 1, since))
    return Change(until=str(until), since=str(since), between=between)


@pytest.mark.parametrize("length", range(2, 40))
def test_every_single_change_is_found_exactly_and_within_the_promise(length: int) -> None:
    for place in range(1, length):
        finding = found("a" * place + "b" * (length - place))
        assert finding.change == change(place - 1, place)
        assert len(finding.measured) <= math.ceil(math.log2(length)) + 2
        assert len(finding.measured) <= most_measurements(length)
        assert len(set(finding.measured)) == len(finding.measured)


@pytest.mark.parametrize(
    ("answers", "known", "expected", "measured"),
    [
        ("aaaa", "", None, 2),
        ("?aab", "", None, 2),
        ("aab?", "", None, 2),
        ("a??b", "", change(0, 3), 4),
        ("a?bb", "", change(0, 2), 4),
        ("aa?b", "", change(1, 3), 4),
        ("abba", "", None, 2),
        ("abba", "abba", change(0, 1), 0),
        ("abba", " b  ", change(0, 1), 2),
        ("aabb", "aabb", change(1, 2), 0),
        ("aabb", "a  b", change(1, 2), 2),
        ("aaaaaaaaab", "a       ab", change(8, 9), 0),
        ("ab", "", change(0, 1), 2),
        ("aab??????b", "", change(1, 2), 9),
    ],
)
def test_what_is_found(answers: str, known: str, expected: Change | None, measured: int) -> None:
    finding = found(answers, known=known)
    assert finding.change == expected
    assert len(finding.measured) <= measured


def test_ends_are_measured_first() -> None:
    assert found("aaaaabbbb").measured[:2] == ("0", "8")


@pytest.mark.parametrize("answers", ["".join(each) for each in itertools.product("abc", repeat=5)])
def test_what_is_named_is_a_change_whatever_else_there_is(answers: str) -> None:
    finding = found(answers)
    if finding.change is None:
        assert answers[0] == answers[-1]
    else:
        until, since = int(finding.change.until), int(finding.change.since)
        assert since == until + 1
        assert answers[until] == answers[0] != answers[since]


def test_more_than_one_change_shows_in_the_spans() -> None:
    finding = found("aabbcccc")
    spans = finding.spans([str(place) for place in range(8)], "q", "cpu")
    assert [span.text for span in spans] == ["a", "b", "c"]
    assert spans[1].exact
    assert found("?b").spans(["0", "1"], "q", "cpu")[0].text == "b"
    assert found("??").spans(["0", "1"], "q", "cpu") == ()
