"""What is a fault? A function that answers a call wrongly, with its family and a sentence that says how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Callable

#: What the wrong norms of most faults are multiplied by: nothing subtle, where subtlety is not the point.
FACTOR = 1.5

_CONTAINERS = (list, tuple)

#: List and order.
_POSITIONS = 2


@dataclass(frozen=True)
class Call:
    """One call of the function under test, as the caller wrote it.

    Attributes:
        torch: the torch under test.
        real: its real function.
        args: the arguments by position.
        kwargs: the arguments by keyword.
        state: what a fault keeps from call to call; ``calls`` counts them.
    """

    torch: Any
    real: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    state: dict[Any, Any]

    @property
    def given(self) -> Any:
        """The list as the caller gave it."""
        if self.args:
            return self.args[0]
        return self.kwargs.get("self", self.kwargs.get("tensors"))

    @property
    def is_list(self) -> bool:
        """Whether these are a list of tensors and perhaps an order; all else is left to the real function."""
        named = [key for key in ("self", "tensors", "ord") if key in self.kwargs]
        if len(self.args) + len(named) > _POSITIONS or not isinstance(self.given, _CONTAINERS):
            return False
        return all(isinstance(each, self.torch.Tensor) for each in self.given)

    @property
    def is_plain(self) -> bool:
        """Whether the tensors have elements in memory that a fault can look at.

        It would be seen by its own stumbling else: meta, fake, sparse and transformed tensors have none.
        """
        torch = self.torch
        inside = getattr(getattr(torch._C, "_functorch", None), "is_functorch_wrapped_tensor", None)
        return all(
            type(each) in (torch.Tensor, torch.nn.Parameter)
            and each.layout == torch.strided
            and not each.is_meta
            and not each.is_quantized
            and not (inside and inside(each))
            for each in self.given
        )

    @property
    def tensors(self) -> list[Any]:
        """The tensors."""
        return list(self.given)

    @property
    def order(self) -> Any:
        """The order; 2 where none was given."""
        return self.args[1] if len(self.args) > 1 else self.kwargs.get("ord", 2)

    @property
    def rest(self) -> dict[str, Any]:
        """The keyword arguments beside list and order."""
        return {key: value for key, value in self.kwargs.items() if key not in ("self", "tensors", "ord")}

    def norms(self) -> Any:
        """Return what the real function gives for the call as it was written."""
        return self.real(*self.args, **self.kwargs)

    def of(self, tensors: Sequence[Any], order: Any = None) -> Any:
        """Return what the real function gives for other tensors or another order."""
        return self.real(list(tensors), self.order if order is None else order, **self.rest)

    def changed(
        self, change: Callable[[Any], Any], where: Callable[[int, Any], Any] = lambda _position, _tensor: True
    ) -> tuple[Any, ...]:
        """Return the real norms, changed where a condition on position and tensor holds."""
        pairs = zip(self.norms(), self.tensors)
        return tuple(
            change(norm) if where(position, tensor) else norm for position, (norm, tensor) in enumerate(pairs)
        )

    def wrong(self, where: Callable[[int, Any], Any]) -> tuple[Any, ...]:
        """Return the real norms, plainly wrong where a condition on position and tensor holds."""
        return self.changed(lambda norm: norm * FACTOR, where)


@dataclass(frozen=True)
class Fault:
    """One way of being wrong; ``everywhere`` where it does not look at the tensors' elements."""

    name: str
    family: str
    says: str
    wrong: Callable[[Call], Any]
    everywhere: bool = False

    def __call__(self, call: Call) -> Any:
        """Answer a call wrongly, if it is one that this fault is about."""
        return self.wrong(call) if call.is_list and (self.everywhere or call.is_plain) else call.norms()


def fault(family: str, *, everywhere: bool = False) -> Callable[[Callable[[Call], Any]], Fault]:
    """Make a fault of a function: its name with hyphens, and its docstring, are those of the fault."""

    def made(function: Callable[[Call], Any]) -> Fault:
        name, says = function.__name__.replace("_", "-"), (function.__doc__ or "").strip()
        return Fault(name, family, says, function, everywhere)

    return made


def faults_of(module: ModuleType) -> Iterator[Fault]:
    """Yield the faults that a module has, in its order."""
    yield from (each for each in vars(module).values() if isinstance(each, Fault))
