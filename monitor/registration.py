"""Which parameters belong to the host and which to the seed, decided once so that a step need not ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Union

import torch

# The alias is evaluated, and Python 3.9 has no `|` between types.
Parameters = Union[torch.nn.Module, Iterable[torch.Tensor], Iterable[tuple[str, torch.Tensor]]]
Place = tuple[str, int]


@dataclass(frozen=True)
class Layout:
    """The names of host and seed, each with its parameter's position among the distinct parameters."""

    host: tuple[Place, ...]
    seed: tuple[Place, ...]
    size: int

    def name_of(self, position: int) -> str:
        """Name the parameter at a position, for a message."""
        sides = (("host", self.host), ("seed", self.seed))
        return next(f"{side} {name!r}" for side, places in sides for name, at in places if at == position)


@dataclass(frozen=True)
class Registration:
    """The distinct parameters of host and seed, and where each side finds its own."""

    parameters: tuple[Any, ...]
    layout: Layout


def read_registration(host: Parameters, seed: Parameters) -> Registration:
    """List the parameters of both sides, one that they share only once.

    Raises TypeError and ValueError as `named_parameters` does.
    """
    positions: dict[int, int] = {}
    parameters: list[Any] = []
    sides: list[tuple[Place, ...]] = []
    for side, given in (("host", host), ("seed", seed)):
        places: dict[int, Place] = {}
        for name, parameter in named_parameters(side, given):
            key = id(parameter)
            if key not in positions:
                positions[key] = len(parameters)
                parameters.append(parameter)
            places.setdefault(key, (name, positions[key]))
        sides.append(tuple(places.values()))
    return Registration(tuple(parameters), Layout(host=sides[0], seed=sides[1], size=len(parameters)))


def named_parameters(side: str, given: Parameters) -> list[tuple[str, Any]]:
    """Read the parameters of one side with their names; a plain tensor is named by its place.

    Raises TypeError for anything but a module, tensors or pairs of name and tensor, and ValueError for
    a tensor that never gets a gradient (not a leaf, without retain_grad) or a name given to two.
    """
    if isinstance(given, torch.nn.Module):
        return list(given.named_parameters())
    if isinstance(given, torch.Tensor):
        message = f"{side} is a single tensor; give a module or a list, such as [parameter]."
        raise TypeError(message)
    named: dict[str, Any] = {}
    for place, item in enumerate(given):
        name, parameter = item if isinstance(item, tuple) and len(item) == 2 else (str(place), item)  # noqa: PLR2004 (a pair)
        if not isinstance(parameter, torch.Tensor):
            message = (
                f"{side}, item {place}: expected a tensor or a pair of name and tensor, found "
                f"{type(parameter).__name__}; give a module, its parameters() or its named_parameters()."
            )
            raise TypeError(message)
        if not (parameter.is_leaf or parameter.retains_grad):
            message = (
                f"{side} {name!r} is not a leaf, so autograd keeps no gradient for it; "
                "register the parameters it is computed from, or call its retain_grad() first."
            )
            raise ValueError(message)
        if named.setdefault(name, parameter) is not parameter:
            message = f"{side} has two parameters named {name!r}; a norm must say whose it is."
            raise ValueError(message)
    return list(named.items())
