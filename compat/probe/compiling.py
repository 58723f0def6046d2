"""What do torch.compile and torch.export make of the call, and does the compiled program say the same?

Compilers write to disk and start processes: here both is confined to a folder that is gone afterwards.
A function is compiled once in a process and called for each pattern of memory, as compiling is what costs.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import Any, Callable

from compat.probe.context import Context, resolve
from compat.probe.silence import silence
from compat.probe.tracing import operators

#: What keeps inductor within a folder, one process and the graphs at hand.
SURROUNDINGS = {
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
    "TORCHINDUCTOR_CPP_CACHE_PRECOMPILE_HEADERS": "0",
    "TORCHINDUCTOR_AUTOTUNE_REMOTE_CACHE": "0",
    "TORCHINDUCTOR_FX_GRAPH_REMOTE_CACHE": "0",
    "TORCHINDUCTOR_FX_GRAPH_CACHE": "0",
}

#: Which of these name folders to write to.
FOLDERS = ("TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR", "TORCH_EXTENSIONS_DIR", "TMPDIR")


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what calls about compiling may use."""
    torch = context.torch

    @functools.cache
    def compiled(call: str, backend: str = "eager", **options: Any) -> Any:
        """The function of a list of tensors that an expression over ``tensors`` stands for, compiled."""
        return _confined(_fresh(context, call, backend, **options))

    def graphs(call: str, *lists: list[Any], **options: Any) -> list[list[str]]:
        """The operators of each graph that compiling makes for one list after the other."""
        made = []

        def keep(module: Any, _examples: Any) -> Any:
            made.append(operators(module))
            return module.forward

        function = _confined(_fresh(context, call, keep, **options))
        for tensors in lists:
            function(tensors)
        return made

    def exported(call: str, *tensors: Any, **options: Any) -> Any:
        """The exported program of an expression over ``tensors``."""
        export = resolve(torch, "torch.export.export")
        inner = _function(context, call)
        module = type("Exported", (torch.nn.Module,), {"forward": lambda _self, *each: inner(list(each))})()
        with _surroundings():
            torch._dynamo.reset()
            return export(module, tensors, **options)

    return {"compiled": compiled, "graphs": graphs, "exported": exported}


def _fresh(context: Context, call: str, backend: Any, **options: Any) -> Any:
    """Compile with no memory of what was compiled before: its limits and its choices would be met here."""
    with _surroundings():
        resolve(context.torch, "torch._dynamo").reset()
        # Who imported this before us had it read another environment, with a pool of processes.
        resolve(context.torch, "torch._inductor.config").compile_threads = 1
        return context.torch.compile(_function(context, call), backend=backend, **options)


def _function(context: Context, call: str) -> Any:
    names = {"torch": context.torch, "f": context.function, "inf": float("inf")}
    return eval(f"lambda tensors: {call}", names)


def _confined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same function, which compiles, if it must, in our surroundings."""

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        with _surroundings():
            return function(*arguments)

    return call


@contextlib.contextmanager
def _surroundings() -> Iterator[None]:
    before, depth, place = dict(os.environ), sys.getrecursionlimit(), tempfile.tempdir
    with silence(), tempfile.TemporaryDirectory(prefix="compat-compiling-") as folder:
        os.environ.update(SURROUNDINGS, **dict.fromkeys(FOLDERS, folder))
        tempfile.tempdir = folder
        try:
            yield
        finally:
            tempfile.tempdir = place
            os.environ.clear()
            os.environ.update(before)
            sys.setrecursionlimit(depth)
