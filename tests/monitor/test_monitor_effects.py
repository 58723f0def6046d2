"""Does the monitor call once a device, wait only where it says so, and keep its word? The effects."""

from __future__ import annotations

import math
import warnings
from typing import Any

import pytest
import torch

from monitor import ForeachNormMissingError, GradientHealthMonitor, PendingGradientHealth, Thresholds
from monitor.norms import MANY, SMALL, DeviceNorms
from monitor.registration import Layout
from tests.monitor.gradient_cases import needs_function, parameters, sparse


def gradients_of_every_kind(device: str = "cpu") -> list[Any]:
    made = [
        torch.tensor([3.0, 4.0]),
        torch.tensor([300.0, 400.0]).half(),
        torch.ones(9, dtype=torch.float64),
        torch.zeros(0),
        torch.tensor([3 + 4j]),
        sparse([[1, 0, 1]], torch.ones(3, 2), (4, 2)),
    ]
    return [gradient.to(device) for gradient in made]


def registered(host: list[Any], seed: list[Any]) -> GradientHealthMonitor:
    monitor = GradientHealthMonitor()
    monitor.register(parameters(*host), parameters(*seed))
    return monitor


def test_missing_function_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch, "_foreach_norm", raising=False)
    monkeypatch.setattr(torch, "__version__", "1.10.2+cu102")
    with pytest.raises(ForeachNormMissingError) as caught:
        GradientHealthMonitor()
    message = str(caught.value)
    assert isinstance(caught.value, RuntimeError)
    for part in ("torch 1.10.2+cu102", "_foreach_norm", "1.11.0", "Upgrade", "p.grad.norm()"):
        assert part in message


@pytest.mark.skipif(hasattr(torch, "_foreach_norm"), reason="this torch has the function")
def test_torch_without_the_function_is_refused() -> None:
    with pytest.raises(ForeachNormMissingError, match=r"torch 1\.\d+\.\d"):
        GradientHealthMonitor()


def record_calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note the list of each call of the norm function from now on."""
    calls: list[Any] = []
    original = torch._foreach_norm

    def recorded(tensors: Any, *rest: Any, **options: Any) -> Any:
        calls.append(tensors)
        return original(tensors, *rest, **options)

    monkeypatch.setattr(torch, "_foreach_norm", recorded)
    return calls


def lengths(calls: list[Any]) -> list[int]:
    return [len(tensors) for tensors in calls]


@needs_function
@pytest.mark.parametrize(
    ("host", "seed", "expected"),
    [
        (5, 3, [8]),
        (30, 0, [30]),
        (0, 1, [1]),
        (0, 0, []),
    ],
)
def test_one_call_for_host_and_seed(
    monkeypatch: pytest.MonkeyPatch, host: int, seed: int, expected: list[int]
) -> None:
    large = torch.ones(SMALL + 1)
    monitor = registered([large] * host, [large] * seed)
    calls = record_calls(monkeypatch)
    pending = monitor.compute_gradient_health_async()
    assert lengths(calls) == expected
    monitor.materialize_gradient_stats(pending)
    assert lengths(calls) == expected


@needs_function
def test_one_call_for_every_kind_of_gradient_and_none_without(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = record_calls(monkeypatch)
    registered(gradients_of_every_kind(), gradients_of_every_kind()).compute_gradient_health()
    assert lengths(calls) == [8]  # two are of a single element
    registered([None], [torch.zeros(0)]).compute_gradient_health()
    assert lengths(calls) == [8]


@needs_function
@pytest.mark.parametrize(
    ("gradients", "expected"),
    [
        pytest.param([torch.ones(2)] * (MANY - 1), [MANY - 1], id="too few to stack"),
        pytest.param([torch.ones(2)] * MANY, [], id="all of one shape"),
        pytest.param([torch.ones(2, 3)] * MANY + [torch.ones(3, 2)] * MANY, [], id="two shapes"),
        pytest.param([torch.ones(2)] * MANY + [torch.ones(SMALL + 1)] * 9, [9], id="small and large"),
        pytest.param([torch.ones(2)] * MANY + [torch.ones(n) for n in range(3, 9)], [6], id="odd ones"),
        pytest.param([torch.ones(())], [], id="a number"),
        pytest.param([torch.ones(1, 1), torch.ones(2)], [1], id="one of a single element"),
    ],
)
def test_small_ones_of_one_shape_are_stacked_and_numbers_are_taken_as_they_are(
    monkeypatch: pytest.MonkeyPatch, gradients: list[Any], expected: list[int]
) -> None:
    calls = record_calls(monkeypatch)
    registered(gradients, []).compute_gradient_health()
    assert lengths(calls) == expected


@needs_function
def test_wide_dense_gradients_are_passed_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    gradients = [torch.ones(2), torch.ones(2, dtype=torch.float64), torch.tensor([1j, 2.0])]
    calls = record_calls(monkeypatch)
    registered(gradients[:1], gradients[1:]).compute_gradient_health()
    assert [tensor.data_ptr() for tensor in calls[0]] == [gradient.data_ptr() for gradient in gradients]


def skip_unless_meta_computes() -> None:
    try:
        torch._foreach_norm([torch.ones(1, device="meta")])
    except NotImplementedError:
        pytest.skip(f"torch {torch.__version__} has no _foreach_norm for the meta device")


@needs_function
def test_one_call_for_each_device(monkeypatch: pytest.MonkeyPatch) -> None:
    skip_unless_meta_computes()
    monitor = registered(
        [torch.ones(2, device="meta"), torch.ones(3), torch.ones(4, device="meta")],
        [torch.ones(5), torch.ones(6, device="meta")],
    )
    calls = record_calls(monkeypatch)
    pending = monitor.compute_gradient_health_async()
    assert lengths(calls) == [3, 2]
    assert [device.positions for device in pending.devices] == [[0, 2, 4], [1, 3]]
    assert [device.norms.device.type for device in pending.devices] == ["meta", "cpu"]


@needs_function
def test_norms_of_several_devices_come_together() -> None:
    pending = PendingGradientHealth(
        layout=Layout(host=(("a", 0), ("b", 1), ("c", 2)), seed=(("d", 3), ("e", 4)), size=5),
        devices=(
            DeviceNorms(positions=(0, 3), norms=torch.tensor([3.0, 6.0])),
            DeviceNorms(positions=(1, 4), norms=torch.tensor([4.0, 8.0], dtype=torch.float64)),
        ),
    )
    health = GradientHealthMonitor().materialize_gradient_stats(pending)
    assert health.host_norms == (("a", 3.0), ("b", 4.0))
    assert health.seed_norms == (("d", 6.0), ("e", 8.0))
    assert (health.host_grad_norm, health.seed_grad_norm, health.seed_gradient_ratio) == (5.0, 10.0, 2.0)
    assert health.without_gradient == 1


READERS = ("item", "tolist", "cpu", "numpy", "__bool__", "__float__", "__int__", "__index__", "__complex__")


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    reads: list[str] = []

    def counted(name: str) -> Any:
        original = getattr(torch.Tensor, name)

        def read(*arguments: Any, **options: Any) -> Any:
            reads.append(name)
            return original(*arguments, **options)

        return read

    for name in filter(lambda name: hasattr(torch.Tensor, name), READERS):
        monkeypatch.setattr(torch.Tensor, name, counted(name))
    return reads


@needs_function
def test_only_materializing_reads_values_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = registered(gradients_of_every_kind(), gradients_of_every_kind())
    reads = count_reads(monkeypatch)
    assert bool(torch.ones(1).item())
    assert reads == ["item"]  # control: a read is seen

    reads.clear()
    pending = monitor.compute_gradient_health_async()
    assert reads == []
    monitor.materialize_gradient_stats(pending)
    assert reads == ["cpu", "tolist"]


# What makes the host wait for a device: values that become Python numbers, and sizes that depend on values.
WAITING = (
    "_local_scalar_dense",
    "item",
    "is_nonzero",
    "nonzero",
    "unique",
    "coalesce",
    "equal",
    "masked_select",
)


def waiting_operators(call: Any) -> set[str]:
    with torch.autograd.profiler.profile() as profile:
        call()
    names = {event.name.replace("aten::", "") for event in profile.function_events}
    assert names  # the profiler saw something
    return {name for name in names if name.strip("_").startswith(tuple(w.strip("_") for w in WAITING))}


@needs_function
def test_no_operator_of_the_async_half_waits() -> None:
    monitor = registered(gradients_of_every_kind(), gradients_of_every_kind())
    assert waiting_operators(monitor.compute_gradient_health_async) == set()
    assert waiting_operators(lambda: torch.ones(1).item()) >= {"item", "_local_scalar_dense"}
    assert waiting_operators(gradients_of_every_kind()[-1].coalesce)


@needs_function
def test_the_async_half_needs_no_values() -> None:
    skip_unless_meta_computes()
    gradients = [gradient for gradient in gradients_of_every_kind("meta") if gradient.layout is torch.strided]
    monitor = registered(gradients, gradients)
    assert monitor.compute_gradient_health_async().devices[0].norms.shape == (8,)


@needs_function
def test_cuda_does_not_wait() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an old driver
        if not torch.cuda.is_available():
            pytest.skip("needs a CUDA device")
    monitor = registered(gradients_of_every_kind("cuda"), gradients_of_every_kind("cuda"))
    torch.cuda.set_sync_debug_mode("error")
    try:
        pending = monitor.compute_gradient_health_async()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    on_cpu = registered(gradients_of_every_kind(), gradients_of_every_kind()).compute_gradient_health()
    assert monitor.materialize_gradient_stats(pending).host_grad_norm == pytest.approx(on_cpu.host_grad_norm)


@needs_function
def test_pending_is_a_snapshot() -> None:
    host, seed = parameters(*gradients_of_every_kind()), parameters(*gradients_of_every_kind())
    monitor = GradientHealthMonitor()
    monitor.register(host, seed)
    before = monitor.compute_gradient_health()
    pending = monitor.compute_gradient_health_async()
    for made in [*host, *seed]:
        gradient = made.grad
        (gradient._values() if gradient.layout is torch.sparse_coo else gradient).fill_(math.nan)
        made.grad = None
    assert monitor.materialize_gradient_stats(pending) == before
    assert monitor.compute_gradient_health().host_norms == ()


@needs_function
def test_pending_may_be_materialized_again_and_after_reset() -> None:
    monitor = registered([torch.tensor([3.0])], [torch.tensor([6.0])])
    pending = monitor.compute_gradient_health_async()
    first = monitor.materialize_gradient_stats(pending)
    monitor.register([], [])
    assert monitor.materialize_gradient_stats(pending) == first
    monitor.reset()
    assert monitor.materialize_gradient_stats(pending) == first

    strict = GradientHealthMonitor(Thresholds(vanishing=4.0, exploding=5.0))
    judged = strict.materialize_gradient_stats(pending)
    assert (first.vanishing, first.exploding, judged.vanishing, judged.exploding) == (0, 0, 1, 1)


@needs_function
def test_gradients_are_not_changed() -> None:
    gradients = gradients_of_every_kind()
    kept = [gradient.clone() for gradient in gradients]
    registered(gradients, gradients).compute_gradient_health()
    for gradient, before in ((gradients[place], kept[place]) for place in range(len(kept))):
        assert gradient.dtype == before.dtype
        assert gradient.layout == before.layout
        dense, dense_before = (
            t.to_dense() if t.layout is torch.sparse_coo else t for t in (gradient, before)
        )
        assert torch.equal(dense, dense_before)


@needs_function
@pytest.mark.parametrize("context", ["no_grad", "enable_grad", "inference_mode"])
def test_measuring_makes_no_graph(context: str) -> None:
    weight = torch.nn.Parameter(torch.tensor([2.0, 3.0]))
    (gradient,) = torch.autograd.grad((weight**3).sum(), weight, create_graph=True)
    weight.grad = gradient
    monitor = GradientHealthMonitor()
    monitor.register([weight], [])
    with getattr(torch, context)():
        pending = monitor.compute_gradient_health_async()
    assert gradient.requires_grad
    assert not pending.devices[0].norms.requires_grad
    expected = math.hypot(12.0, 27.0)
    assert monitor.materialize_gradient_stats(pending).host_grad_norm == pytest.approx(expected, rel=1e-6)
