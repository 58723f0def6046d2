"""What was already found out of a contract and a record? Neither changes, so it is found out once.

Records hold too much to be hashed or compared each time, so they are told apart by which object they are.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_MOST = 1 << 13
"""Answers that are kept of one function: more than there are records, and an end where tests never end."""


class _This:
    """An object, equal to itself alone. It is held, so that no other can come to lie at its address."""

    __slots__ = ("it",)

    def __init__(self, it: object) -> None:
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)


def once(find: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Ask a pure function once for each combination of objects; nobody may change what it returned."""

    @lru_cache(maxsize=_MOST)
    def found(*these: _This) -> Answer:
        return find(*(each.it for each in these))  # type: ignore[call-arg, arg-type]

    @wraps(find)
    def remembering(*given: Given.args, **named: Given.kwargs) -> Answer:
        return find(*given, **named) if named else found(*map(_This, given))

    return remembering
