"""What do those see who watch operators instead of running them: fake tensors, tracers, scripts and modes?"""

from __future__ import annotations

from typing import Any, Callable

from compat.probe.context import Context, resolve
from compat.probe.messages import plain
from compat.probe.silence import silence

#: The call as TorchScript takes it, with a list that it can type.
SCRIPT = """
def norms(tensors: List[Tensor], order: float) -> List[Tensor]:
    return torch._foreach_norm(tensors, order)
"""


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what calls about tracing may use."""
    torch = context.torch

    def fake(call: Callable[[], Any], **options: Any) -> Any:
        """What a call gives while every tensor that it makes is fake."""
        with silence(), resolve(torch, "torch._subclasses.fake_tensor").FakeTensorMode(**options):
            return call()

    def traced(call: Callable[..., Any], *examples: Any, **options: Any) -> list[str]:
        """The operators that make_fx writes down for a call."""
        make_fx = resolve(torch, "torch.fx.experimental.proxy_tensor").make_fx
        with silence():
            return operators(make_fx(call, **options)(*examples))

    def scripted() -> Any:
        """The call as a function of TorchScript."""
        return torch.jit.CompilationUnit(SCRIPT).norms

    def jit_traced(call: Callable[[Any], Any], example: Any) -> Any:
        """A call as torch.jit.trace records it for an example."""

        def traceable(tensor: Any) -> Any:  # an expression's lambda is of no module, and is refused
            return call(tensor)

        return torch.jit.trace(traceable, (example,))

    def functions_seen(call: Callable[[], Any]) -> list[str]:
        """The functions that a mode for functions sees."""
        return _seen(resolve(torch, "torch.overrides").TorchFunctionMode, "__torch_function__", call)

    def operators_seen(call: Callable[[], Any]) -> list[str]:
        """The operators that a mode for operators sees."""
        return _seen(
            resolve(torch, "torch.utils._python_dispatch").TorchDispatchMode, "__torch_dispatch__", call
        )

    return {
        "fake": fake,
        "traced": traced,
        "operators": operators,
        "scripted": scripted,
        "jit_traced": jit_traced,
        "functions_seen": functions_seen,
        "operators_seen": operators_seen,
    }


def operators(module: Any) -> list[str]:
    """Return what a graph calls, in its order, without the picking of items."""
    calls = (node.target for node in module.graph.nodes if node.op.startswith("call_"))
    names = [target if isinstance(target, str) else _name(target) for target in calls]
    return [name for name in names if name != "getitem"]


def _seen(mode: Any, method: str, call: Callable[[], Any]) -> list[str]:
    """Return what a mode sees of a call, while it lets everything pass."""
    seen = []

    def note(_self: Any, asked: Any, _types: Any, arguments: Any = (), named: Any = None) -> Any:
        seen.append(_name(asked))
        return asked(*arguments, **(named or {}))

    with type("Watching", (mode,), {method: note})():
        call()
    return seen


def _name(function: Any) -> str:
    return plain(str(function)) if hasattr(function, "_schema") else str(function.__name__)
