"""Releases are versions, not texts, and a sentence names no more of them than can be read."""

from __future__ import annotations

import pytest

from compat.releases import at_least, counted, in_order, listing, ranges, same_release


def test_order_is_that_of_versions() -> None:
    assert in_order(["2.10.0", "2.9.0", "1.13.1", "2.9.0"]) == ("1.13.1", "2.9.0", "2.10.0")


@pytest.mark.parametrize(
    ("release", "minimum", "expected"),
    [
        ("2.10.0", "2.9.0", True),
        ("2.9.0", "2.10.0", False),
        ("1.9.0", "1.9", True),
        ("1.9.0", "1.9.1", False),
    ],
)
def test_at_least(release: str, minimum: str, *, expected: bool) -> None:
    assert at_least(release, minimum) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2.6.0+cu124", "2.6.0", True),
        ("1.9.0", "1.9", True),
        ("2.6.0", "2.6.1", False),
        ("2.6.0.dev1", "2.6.0", False),
    ],
)
def test_same_release(one: str, other: str, *, expected: bool) -> None:
    assert same_release(one, other) is expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c", "d"], "a, b, c and d"),
        (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
    ],
)
def test_listing(names: list[str], expected: str) -> None:
    assert listing(names) == expected


@pytest.mark.parametrize(
    ("releases", "expected"),
    [
        ([], ""),
        (["2.0.0"], "2.0.0"),
        (["2.1.0", "1.13.1", "2.0.0"], "1.13.1 to 2.1.0"),
        (["1.13.1", "2.1.0", "2.2.0"], "1.13.1, 2.1.0 to 2.2.0"),
    ],
)
def test_ranges_break_where_a_release_is_not_meant(releases: list[str], expected: str) -> None:
    assert ranges(releases, ["1.13.1", "2.0.0", "2.1.0", "2.2.0"]) == expected


def test_counted() -> None:
    assert (counted(1, "release"), counted(0, "release")) == ("1 release", "0 releases")
