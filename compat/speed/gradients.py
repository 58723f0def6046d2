"""Where do the gradients come from? From a backward pass of a real network, or made, with the same spread."""

from __future__ import annotations

from collections import Counter
from typing import Any

from compat.probe.cases import Materialiser
from compat.speed.models import KINDS

#: Bytes of an element of the widest dtype, in which gradients are made before they are narrowed.
WIDEST = 4

#: So often are gradients there in the dtype that is timed: as such, as what flattening makes of them, in the
#: parameters that hold them, and as what a plain read reads.
COPIES = 4


class WrongShapesError(ValueError):
    """A network's parameters are not those that its workload lists."""


def needed(model: dict[str, Any], width: int) -> int:
    """Return the bytes that timing a model's gradients takes, in a dtype of so many bytes an element."""
    narrowed = WIDEST if width < WIDEST else 0
    return int(model["elements"]) * (narrowed + COPIES * width)


def gradients(torch: Any, device: str, model: dict[str, Any]) -> list[Any]:
    """Return the gradients of a model in float32, on the device.

    Raises:
        WrongShapesError: its network has other parameters than the model's ``shapes``.
    """
    if "backward" not in model:
        make = Materialiser(torch, device).tensor
        shapes = [shape for shape, count in model["shapes"] for _ in range(count)]
        return [make("float32", shape, "contiguous", "gradient", seed) for seed, shape in enumerate(shapes)]
    made = dict(model["backward"])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network, loss = KINDS[made.pop("builder")](torch, **made)
        found = [tuple(each.shape) for each in network.parameters()]
        listed = Counter({tuple(shape): count for shape, count in model["shapes"]})
        if Counter(found) != listed:
            message = f"the network of {model['id']} has not the shapes that are listed for it"
            raise WrongShapesError(message)
        loss().backward()
    return [each.grad.detach().to(device) for each in network.parameters()]
