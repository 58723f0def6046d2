"""How large are the gradients of a host and of its seed? One call and one transfer a device tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from monitor.errors import ForeachNormMissingError, NothingRegisteredError
from monitor.gradients import gather_gradients
from monitor.health import GradientHealth, Thresholds, judge_norms
from monitor.norms import measure
from monitor.registration import read_registration

if TYPE_CHECKING:
    from monitor.norms import DeviceNorms
    from monitor.registration import Layout, Parameters, Registration


@dataclass(frozen=True, eq=False)
class PendingGradientHealth:
    """Norms that a device may still be computing, with all that is needed to name them.

    A snapshot: what later happens to the gradients, or to the monitor, does not change it.
    """

    layout: Layout
    devices: tuple[DeviceNorms, ...]


class GradientHealthMonitor:
    """Measures the gradients of a host network and of the seed that grows in it.

    Host and seed are measured together, device by device, as `measure` says, and only a
    vector of norms travels to the host computer, where the totals are made in float64. Gradients are read
    from ``parameter.grad`` as they are, so with a loss scaler they are still scaled. Which gradients
    are measured, and how, is told in `gather_gradients`; what the numbers mean, in `GradientHealth`.

    Raises ForeachNormMissingError on a torch without ``torch._foreach_norm``.
    """

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        # Not a fallback: the monitor refuses here, once, instead of failing in the middle of a training step.
        try:
            torch._foreach_norm  # noqa: B018, SLF001 (asks whether it exists)
        except AttributeError:
            raise ForeachNormMissingError(torch.__version__) from None
        self._thresholds = thresholds or Thresholds()
        self._registration: Registration | None = None

    def register(self, host: Parameters, seed: Parameters) -> None:
        """Remember the parameters of both sides, in place of any registered before.

        Each side is a module, or an iterable of tensors or of pairs of name and tensor (read once, here).
        Either may be empty. A parameter in both is measured once and counts on both sides. Parameters
        that a module gains later are not seen until it is registered again; moving, freezing and
        unfreezing registered ones is. Raises TypeError and ValueError as `named_parameters` does.
        """
        self._registration = read_registration(host, seed)

    def reset(self) -> None:
        """Forget what was registered. Pending results stay good."""
        self._registration = None

    def compute_gradient_health(self) -> GradientHealth:
        """Measure the gradients now and wait for the result."""
        return self.materialize_gradient_stats(self.compute_gradient_health_async())

    def compute_gradient_health_async(self) -> PendingGradientHealth:
        """Start to measure the gradients as they are now, without waiting for any device.

        On CUDA the work is queued on the current stream; materialize on that stream, or order the
        two yourself. Raises NothingRegisteredError before `register` and after `reset`, and
        UnsupportedLayoutError as `gather_gradients` does.
        """
        if self._registration is None:
            raise NothingRegisteredError
        # A gradient made with create_graph=True requires grad itself; its norm needs no graph.
        with torch.no_grad():
            devices = tuple(measure(*batch) for batch in gather_gradients(self._registration).values())
        return PendingGradientHealth(layout=self._registration.layout, devices=devices)

    def materialize_gradient_stats(self, pending: PendingGradientHealth) -> GradientHealth:
        """Wait for the norms, with one transfer for each device, and judge them by this monitor's thresholds.

        A pending result may be materialized as often as wanted, and after `reset`.
        """
        norms: list[float | None] = [None] * pending.layout.size
        for device in pending.devices:
            measured = device.norms.cpu().tolist()
            if device.positions == range(len(norms)):
                norms = measured
                continue
            for position, norm in zip(device.positions, measured):
                norms[position] = norm
        return judge_norms(pending.layout, norms, self._thresholds)
