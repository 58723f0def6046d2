"""In what order do releases come, and how are many things named in one sentence?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MANY = 3


def in_order(releases: Iterable[str]) -> tuple[str, ...]:
    """Each release once, oldest first; 2.10 comes after 2.9."""
    return _in_order(frozenset(releases))


@lru_cache(maxsize=256)
def _in_order(releases: frozenset[str]) -> tuple[str, ...]:
    """Sort; the same releases are asked for once for each of hundreds of questions."""
    return tuple(sorted(releases, key=Version))


def at_least(release: str, minimum: str) -> bool:
    """Whether ``release`` is ``minimum`` or newer."""
    return Version(release) >= Version(minimum)


def same_release(one: str, other: str) -> bool:
    """Whether both name one public release: "1.9" is "1.9.0", and a build's "+cu124" is left out."""
    return Version(Version(one).public) == Version(Version(other).public)


def counted(number: int, noun: str) -> str:
    """Return "1 release", "2 releases"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listing(names: Sequence[str], *, many: int = _MANY) -> str:
    """Name all, or of many the first few and how many more there are.

    >>> listing(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    shown = [*names[:many], f"{len(names) - many} more"] if len(names) > many + 1 else list(names)
    return ", ".join(shown[:-1]) + (" and " if len(shown) > 1 else "") + "".join(shown[-1:])


def ranges(releases: Iterable[str], universe: Iterable[str]) -> str:
    """Name releases as ranges, broken wherever a release of ``universe`` in between is not meant.

    >>> ranges(["2.0.0", "1.13.1", "2.2.0"], ["1.13.1", "2.0.0", "2.1.0", "2.2.0"])
    '1.13.1 to 2.0.0, 2.2.0'
    """
    wanted = set(releases)
    runs: list[list[str]] = [[]]
    for release in in_order([*universe, *wanted]):
        if release in wanted:
            runs[-1].append(release)
        elif runs[-1]:
            runs.append([])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs if run)
