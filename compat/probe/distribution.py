"""What does the function make of DTensors, in one process that stands for itself or for one of two?"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, Callable

from compat.probe.context import Context, resolve
from compat.probe.silence import silence

#: Where DTensor lives, newest first.
HOMES = ("torch.distributed.tensor", "torch.distributed._tensor")

FAKE = "torch.testing._internal.distributed.fake_pg"


def helpers(context: Context) -> dict[str, Callable[..., Any]]:
    """Return what calls about sharded tensors may use."""
    torch = context.torch

    def sharded(call: Callable[[Any, Callable[..., Any]], Any], ranks: int = 1) -> Any:
        """What a call gives for (DTensor's module, what makes a DTensor of a local part) among some ranks.

        With one rank the collectives are real; with more, this is the first of ranks that are not there, and
        nothing may be asked of them: only the local parts and the placements mean something.
        """
        module = next(each for each in (resolve(torch, home) for home in HOMES) if hasattr(each, "DTensor"))
        with silence(), _group(torch, ranks):
            mesh = resolve(torch, f"{module.__name__}.DeviceMesh")(context.device, list(range(ranks)))

            def distribute(local: Any, placement: Any) -> Any:
                return module.DTensor.from_local(local, mesh, [placement], run_check=False)

            return call(module, distribute)

    def clipped_total(gradients: list[Any], foreach: bool | None = True) -> Any:  # noqa: FBT001, FBT002 - torch's own
        """The total norm that clip_grad_norm_ returns for parameters with these gradients."""
        parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient
        total = torch.nn.utils.clip_grad_norm_(parameters, 1.0, foreach=foreach)
        return total.full_tensor() if hasattr(total, "full_tensor") else total

    return {"sharded": sharded, "placed": placed, "clipped_total": clipped_total}


def placed(norms: Any) -> list[tuple[str, str, Any]]:
    """Return of each norm its class, how it is placed, and the part that lies here."""
    return [
        (type(norm).__name__, str(getattr(norm, "placements", None)), getattr(norm, "_local_tensor", norm))
        for norm in norms
    ]


@contextlib.contextmanager
def _group(torch: Any, ranks: int) -> Iterator[None]:
    """Make the default process group, with a store in memory and no port, and take it down again."""
    distributed = torch.distributed
    if ranks == 1:
        store: Any = distributed.HashStore()
        distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    else:
        store = resolve(torch, FAKE).FakeStore()
        distributed.init_process_group("fake", store=store, rank=0, world_size=ranks)
    try:
        yield
    finally:
        distributed.destroy_process_group()
