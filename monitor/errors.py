"""What can stop the monitor, each message with the way out."""

from __future__ import annotations

FIRST_RELEASE = "1.11.0"


class ForeachNormMissingError(RuntimeError):
    """The installed torch has no ``torch._foreach_norm``."""

    def __init__(self, installed: str) -> None:
        super().__init__(
            f"torch {installed} has no torch._foreach_norm, which GradientHealthMonitor calls; "
            f"the first release that has it is {FIRST_RELEASE}. Upgrade to a torch that has it, or do "
            "without the monitor and take per-parameter norms: [p.grad.norm() for p in parameters]."
        )


class NothingRegisteredError(RuntimeError):
    """Gradients were asked for before there were parameters to look at."""

    def __init__(self) -> None:
        super().__init__(
            "GradientHealthMonitor has no parameters to look at: nothing was registered, or reset() "
            "forgot it. Call register(host, seed) first."
        )


class UnsupportedLayoutError(TypeError):
    """A gradient is neither dense nor a sparse COO tensor."""

    def __init__(self, name: str, layout: object) -> None:
        super().__init__(
            f"the gradient of {name} has the layout {layout}; GradientHealthMonitor knows torch.strided "
            "and torch.sparse_coo. Convert that gradient, or register without this parameter."
        )
