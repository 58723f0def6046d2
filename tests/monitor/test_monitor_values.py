"""Does the monitor return the norms, whatever kind of gradient it meets? Compared with decimal arithmetic."""

from __future__ import annotations

import math
import warnings
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import torch

from monitor import GradientHealthMonitor, UnsupportedLayoutError
from monitor.gradients import gather_gradients
from monitor.registration import Layout, Registration
from tests.monitor.gradient_cases import (
    error_bound,
    exact_norm,
    needs_function,
    parameter,
    parameters,
    sparse,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor import GradientHealth

pytestmark = needs_function


def measure(host: Any, seed: Any) -> GradientHealth:
    monitor = GradientHealthMonitor()
    monitor.register(host, seed)
    return monitor.compute_gradient_health()


def full(size: int, value: float, dtype: Any) -> Any:
    return torch.full((size,), value, dtype=torch.float64).to(dtype)


def ramp(*shape: int, dtype: Any = None) -> Any:
    count = math.prod(shape)
    return (torch.arange(1, count + 1, dtype=torch.float64) / count).reshape(shape).to(dtype or torch.float32)


def rows(*, dtype: Any = None) -> Any:
    """Nine stored rows at five distinct ones, as an embedding's gradient has them."""
    return sparse([[4, 0, 4, 7, 7, 4, 2, 9, 0]], ramp(9, 3, dtype=dtype), (12, 3))


CASES: dict[str, Callable[[], tuple[list[Any], list[Any]]]] = {
    "float32": lambda: ([ramp(3, 4), ramp(5)], [ramp(7) * 2]),
    "float64": lambda: ([ramp(3, dtype=torch.float64)], [ramp(2, 2, dtype=torch.float64)]),
    "float32 and float64 on one device": lambda: ([ramp(3), ramp(4, dtype=torch.float64)], [ramp(5)]),
    "all dtypes on one device": lambda: (
        [ramp(3), ramp(4, dtype=torch.float16), ramp(5, dtype=torch.bfloat16)],
        [ramp(6, dtype=torch.float64), ramp(7, dtype=torch.complex64)],
    ),
    "no dimensions": lambda: ([torch.tensor(-3.0)], [torch.tensor(4.0)]),
    "not contiguous": lambda: ([ramp(4, 6).t()[::2]], [ramp(6)[::3]]),
    "expanded": lambda: ([torch.tensor([2.0]).expand(9)], [ramp(2)]),
    # A float16 norm: squares beyond float16, a norm beyond float16, squares below float16.
    "float16 300 and 400": lambda: ([torch.tensor([300.0, 400.0]).half()], [full(4, 300, torch.float16)]),
    "float16 norm beyond 65504": lambda: (
        [torch.tensor([60000.0, 60000.0]).half()],
        [torch.tensor([3.0]).half()],
    ),
    "float16 squares underflow": lambda: ([full(4, 1e-4, torch.float16)], [full(9, 1e-4, torch.float16)]),
    # torch 1.11 answers 22.6 and 64 where 256 is right: it adds up in the narrow dtype.
    "bfloat16 many elements": lambda: ([full(65536, 1, torch.bfloat16)], [ramp(9, dtype=torch.bfloat16)]),
    "float16 many elements": lambda: ([full(65536, 1, torch.float16)], [ramp(9, dtype=torch.float16)]),
    "float16 total of many tensors": lambda: (
        [full(1, 300, torch.float16) for _ in range(300)],
        [full(1, 60000, torch.float16) for _ in range(9)],
    ),
    "float32 squares of norms overflow": lambda: ([full(1, 1e19, torch.float32)] * 100, [ramp(2)]),
    "float64 squares of norms overflow": lambda: (
        [full(1, 1e153, torch.float64)] * 200,
        [full(1, 1e153, torch.float64)],
    ),
    "complex64": lambda: ([torch.tensor([3 + 4j, 1j])], [torch.tensor([1 - 1j])]),
    "complex128": lambda: ([torch.tensor([3 + 4j], dtype=torch.complex128)], [ramp(2)]),
    "complex conjugate view": lambda: ([torch.tensor([3 + 4j, 1j]).conj()], [ramp(2)]),
    "sparse with repeated rows": lambda: ([rows(), ramp(3)], [ramp(4)]),
    "sparse float16": lambda: ([rows(dtype=torch.float16)], [ramp(4)]),
    "sparse float64": lambda: ([rows(dtype=torch.float64)], [ramp(4)]),
    "sparse coalesced": lambda: ([rows().coalesce()], [ramp(4)]),
    "sparse cancelling": lambda: ([sparse([[1, 1]], torch.tensor([2.0, -2.0]), (3,)), ramp(2)], [ramp(4)]),
    "sparse in two dimensions": lambda: (
        [sparse([[1, 0, 1, 1], [2, 0, 2, 1]], ramp(4), (2, 3))],
        [sparse([[1, 0, 1, 1], [2, 0, 2, 1]], ramp(4, 2), (2, 3, 2))],
    ),
    "sparse with nothing stored": lambda: ([sparse([[]], torch.zeros(0, 3), (5, 3)), ramp(2)], [ramp(4)]),
    "many of one shape": lambda: ([ramp(6) * n for n in range(1, 40)], [ramp(6) / n for n in range(1, 40)]),
    "many of some shapes": lambda: (
        [ramp(n % 3 + 2) * (n + 1) for n in range(90)],
        [ramp(6).reshape(2, 3) * (n + 1) for n in range(30)] + [ramp(5000)],
    ),
    "many numbers": lambda: ([torch.tensor(1e30), torch.tensor(1e-30)] * 15, [torch.tensor([[-3e38]])] * 9),
    "two numbers": lambda: ([torch.tensor([1e-40])], [torch.tensor(-2e19)]),
    "many narrow of one shape": lambda: (
        [torch.full((3,), 60000.0).half()] * 30,
        [torch.full((2, 2), 1e15).bfloat16()] * 20 + [torch.full((2, 2), 1e-7).half()] * 20,
    ),
    "many of one shape and two dtypes": lambda: (
        [ramp(7), ramp(7).double(), ramp(7).half(), ramp(7).bfloat16()] * 10,
        [ramp(7) * 1j, ramp(7)] * 6,
    ),
    "very large narrow": lambda: (
        [torch.full((1100, 1000), 30000.0).half(), torch.full((1_048_577,), 3.0).bfloat16(), ramp(9)],
        [torch.full((1_048_577,), 3.0).bfloat16().to_sparse(), torch.full((5000,), 2.0).half()],
    ),
    "very large narrow alone": lambda: ([torch.full((1_048_577,), 1e-7).half()], [ramp(5).double()]),
    "large narrow": lambda: ([torch.full((5000,), 30000.0).half()], [torch.full((4999,), 3.0).bfloat16()]),
    "large narrow and wide": lambda: (
        [torch.full((5000,), 30000.0).half(), ramp(5000)],
        [torch.full((4999,), 3.0).bfloat16(), ramp(300).double()],
    ),
    "no elements": lambda: ([torch.zeros(0), ramp(3)], [torch.zeros(2, 0), ramp(4), torch.zeros(0)]),
    "some without a gradient": lambda: ([None, ramp(3), None], [ramp(4), None]),
    "host without gradients": lambda: ([None, None], [ramp(4)]),
    "seed without gradients": lambda: ([ramp(4)], [None]),
    "no gradients": lambda: ([None], [None]),
    "no parameters": lambda: ([], []),
    "only empty gradients": lambda: ([torch.zeros(0)], [torch.zeros(0, 3)]),
}


@pytest.mark.parametrize("case", CASES)
def test_norms_are_those_of_the_gradients(case: str) -> None:
    host, seed = CASES[case]()
    health = measure(parameters(*host), parameters(*seed))

    assert health.host_grad_norm == pytest.approx(exact_norm(*host), rel=error_bound(*host), abs=0)
    assert health.seed_grad_norm == pytest.approx(exact_norm(*seed), rel=error_bound(*seed), abs=0)
    for gradients, named in ((host, health.host_norms), (seed, health.seed_norms)):
        expected = {
            str(place): pytest.approx(exact_norm(gradient), rel=error_bound(gradient), abs=0)
            for place, gradient in enumerate(gradients)
            if gradient is not None and gradient.numel()
        }
        assert dict(named) == expected
        assert all(type(norm) is float for _, norm in named)


@pytest.mark.skipif(not hasattr(torch, "complex32"), reason=f"torch {torch.__version__} has no complex32")
def test_complex_half_is_widened() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ComplexHalf is experimental, says torch
        gradient = torch.tensor([300 + 400j]).to(torch.complex32)
    made = torch.nn.Parameter(gradient)
    made.grad = gradient
    assert measure([made], []).host_grad_norm == pytest.approx(500, rel=1e-6)


def test_tolerance_rejects_a_norm_rounded_to_half() -> None:
    gradient = ramp(997)
    rounded = torch.tensor(exact_norm(gradient)).half().item()
    assert rounded != pytest.approx(exact_norm(gradient), rel=error_bound(gradient), abs=0)


def test_order_of_names_is_that_of_registration() -> None:
    shared, first, last = parameters(ramp(2), ramp(3), ramp(4))
    health = measure([("first", first), ("shared", shared)], [("last", last), ("again", shared)])
    assert [name for name, _ in health.host_norms] == ["first", "shared"]
    assert [name for name, _ in health.seed_norms] == ["last", "again"]
    assert health.host_norms[1][1] == health.seed_norms[1][1]


def test_shared_parameter_counts_on_both_sides_but_once_in_counts() -> None:
    shared = parameter(torch.tensor([math.nan]))
    health = measure([shared, shared], [shared])
    assert (health.non_finite, len(health.host_norms), len(health.seed_norms)) == (1, 1, 1)

    shared = parameter(torch.tensor([3.0]))
    health = measure([shared, *parameters(torch.tensor([4.0]))], [shared])
    assert (health.host_grad_norm, health.seed_grad_norm) == (5.0, 3.0)
    assert health.seed_gradient_ratio == pytest.approx(0.6)


def test_frozen_parameter_is_left_out_even_with_an_old_gradient() -> None:
    first, second = parameters(torch.tensor([3.0]), torch.tensor([4.0]))
    monitor = GradientHealthMonitor()
    monitor.register([first, second], [])
    second.requires_grad_(False)  # noqa: FBT003 (torch's signature)
    health = monitor.compute_gradient_health()
    assert health.host_norms == (("0", 3.0),)
    assert health.without_gradient == 1

    second.requires_grad_()
    assert monitor.compute_gradient_health().host_grad_norm == 5.0


def test_non_finite_gradients_reach_the_totals() -> None:
    health = measure(parameters(torch.tensor([math.inf, 1.0]), ramp(2)), parameters(torch.tensor([math.nan])))
    assert health.host_grad_norm == math.inf
    assert math.isnan(health.seed_grad_norm)
    assert math.isnan(health.seed_gradient_ratio)
    assert (health.vanishing, health.exploding, health.non_finite) == (0, 0, 2)


def test_unknown_layout_is_named() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # CSR is in beta, says torch
        csr = torch.eye(3).to_sparse_csr()
    # No torch tried takes a CSR gradient for a dense parameter, so this one stands in.
    odd = SimpleNamespace(grad=csr, requires_grad=True)
    registration = Registration((odd,), Layout(host=(("odd", 0),), seed=(), size=1))
    with pytest.raises(UnsupportedLayoutError, match=r"host 'odd' .*torch.sparse_csr"):
        gather_gradients(registration)


def test_real_backward_of_modules() -> None:
    torch.manual_seed(0)
    host = torch.nn.Sequential(torch.nn.Embedding(11, 4, sparse=True), torch.nn.Linear(4, 3))
    seed = torch.nn.Sequential(torch.nn.Linear(3, 2))
    seed(host(torch.tensor([1, 5, 1, 9]))).square().sum().backward()
    health = measure(host, seed)
    host_gradients = [p.grad for p in host.parameters()]
    seed_gradients = [p.grad for p in seed.parameters()]
    assert [name for name, _ in health.host_norms] == ["0.weight", "1.weight", "1.bias"]
    assert [name for name, _ in health.seed_norms] == ["0.weight", "0.bias"]
    assert health.host_grad_norm == pytest.approx(exact_norm(*host_gradients), rel=1e-6)
    assert health.seed_grad_norm == pytest.approx(exact_norm(*seed_gradients), rel=1e-6)
    assert health.seed_gradient_ratio == pytest.approx(
        exact_norm(*seed_gradients) / exact_norm(*host_gradients), rel=1e-6
    )
