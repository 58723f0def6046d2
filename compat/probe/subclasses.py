"""Which kinds of tensor subclass are there for the function to meet?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable

from compat.probe.messages import plain as plain_text


def classes(torch: Any) -> SimpleNamespace:
    """Return one class of each kind that treats ``__torch_function__`` in its own way."""

    class Plain(torch.Tensor):  # type: ignore[misc]
        pass

    class Silent(torch.Tensor):  # type: ignore[misc]
        __torch_function__ = torch._C._disabled_torch_function_impl

    class Duck:
        @classmethod
        def __torch_function__(
            cls, function: Any, _types: Any, _arguments: Any = (), _named: Any = None
        ) -> Any:
            return f"asked for {function.__name__}"

    class Overriding(Duck, torch.Tensor):  # type: ignore[misc]
        pass

    class Refusing(torch.Tensor):  # type: ignore[misc]
        @classmethod
        def __torch_function__(cls, *_: Any, **__: Any) -> Any:
            return NotImplemented

    return SimpleNamespace(Plain=Plain, Silent=Silent, Duck=Duck, Overriding=Overriding, Refusing=Refusing)


def dispatched(torch: Any, function: Callable[[Any], Any], tensors: list[Any], *, plain: int = 0) -> Any:
    """Return the operators that a class with ``__torch_dispatch__`` sees, and the classes of the norms.

    Args:
        torch: the torch under test.
        function: the function under test.
        tensors: what the class is put around.
        plain: how many of them, from the first, are left as they are.
    """
    seen = []

    class Dispatching(torch.Tensor):  # type: ignore[misc]
        __torch_function__ = torch._C._disabled_torch_function_impl

        @staticmethod
        def __new__(cls: Any, inner: Any) -> Any:
            return torch.Tensor._make_wrapper_subclass(
                cls, inner.shape, dtype=inner.dtype, device=inner.device
            )

        def __init__(self, inner: Any) -> None:
            self.wrapped = inner

        @classmethod
        def __torch_dispatch__(
            cls, operator: Any, _types: Any, arguments: Any = (), named: Any = None
        ) -> Any:
            seen.append(plain_text(str(operator)))
            listed = [getattr(each, "wrapped", each) for each in arguments[0]]
            return operator(listed, *arguments[1:], **(named or {}))

    given = function([*tensors[:plain], *(Dispatching(each) for each in tensors[plain:])])
    return seen, [type(norm).__name__ for norm in given]
