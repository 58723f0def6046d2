"""What Python files and headers declare, read without running them."""

from __future__ import annotations

import pytest

from compat import paths
from compat.contract import load_contract
from compat.surveying import declarations
from compat.surveying.declarations import Sought

SOUGHT = Sought.of(load_contract(paths.CONTRACT))
UTILS = "torch/nn/utils/__init__.py"
RELATIVE = "torch.nn.utils.get_total_norm"


@pytest.mark.parametrize(
    ("source", "binds", "unclear"),
    [
        ("from .clip_grad import (\n    clip_grad_norm_,\n    get_total_norm,\n)\n", True, False),
        ("from .clip_grad import other as get_total_norm\n", True, False),
        ("def get_total_norm(): ...\n", True, False),
        ("if True:\n    get_total_norm = 1\n", True, False),
        ("try:\n    pass\nexcept ImportError:\n    get_total_norm: int = 1\n", True, False),
        ("get_total_norm: int\n", False, False),
        ("def f():\n    get_total_norm = 1\n", False, False),
        ("from .clip_grad import *\n", False, True),
        ("def __getattr__(name): ...\n", False, True),
        ("# get_total_norm\n'get_total_norm'\n", False, False),
        ("match x = broken", False, True),
    ],
)
def test_what_a_module_binds(source: str, binds: bool, unclear: bool) -> None:  # noqa: FBT001
    looked = declarations.look(UTILS, source.encode(), SOUGHT)
    assert (RELATIVE in looked.binds, RELATIVE in looked.unclear) == (binds, unclear)


@pytest.mark.parametrize(
    ("source", "calls", "names"),
    [
        ("torch._foreach_norm(x)", True, True),
        ("torch.ops.aten._foreach_norm(x)", True, True),
        ("torch._foreach_norm", False, True),
        ("torch._foreach_normal(x)", False, False),
        ("my_foreach_norm(x)", False, False),
        ("", False, False),
    ],
)
def test_who_calls_and_who_names(source: str, calls: bool, names: bool) -> None:  # noqa: FBT001
    looked = declarations.look("torch/x.py", source.encode(), SOUGHT)
    assert (looked.calls, looked.names) == (calls, names)


@pytest.mark.parametrize(
    ("header", "schemas"),
    [
        (
            'static constexpr const char* schema_str = "_foreach_norm.Scalar(Tensor[] self) -> Tensor[]";',
            ("aten::_foreach_norm.Scalar(Tensor[] self) -> Tensor[]",),
        ),
        (
            'STATIC_CONSTEXPR_STR_INL_EXCEPT_WIN_CUDA(schema_str, "_foreach_norm(Tensor[] t) -> Tensor[]")',
            ("aten::_foreach_norm(Tensor[] t) -> Tensor[]",),
        ),
        ("nothing", ()),
    ],
)
def test_schemas_of_headers_old_and_new(header: str, schemas: tuple[str, ...]) -> None:
    assert declarations.schemas(header) == schemas


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("torch/include/ATen/ops/_foreach_norm.h", True),
        ("torch/include/ATen/ops/_foreach_norm_ops.h", True),
        ("torch/include/ATen/ops/_foreach_norm_cuda_dispatch.h", True),
        ("torch/include/ATen/ops/_foreach_normal.h", False),
        ("torch/include/ATen/ops/_foreach_norm_other.h", False),
        ("torch/include/c10/_foreach_norm.h", False),
    ],
)
def test_headers_are_those_of_the_operator(path: str, ours: bool) -> None:  # noqa: FBT001
    assert (SOUGHT.header.fullmatch(path) is not None) is ours


def test_the_version_file_is_not_run() -> None:
    text = "from typing import Optional\ncuda: Optional[str] = '12.4'\nhip = None\nraise SystemExit\n"
    assert declarations.build_facts(text) == {"cuda": "12.4", "hip": None}


def test_another_question_has_another_digest() -> None:
    other = Sought(api="torch._foreach_add", stub=SOUGHT.stub, operator="_foreach_add", relatives=())
    assert other.digest != SOUGHT.digest
    assert other.header.pattern != SOUGHT.header.pattern
