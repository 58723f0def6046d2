"""A compiler is given a folder of its own and one process, and the surroundings come back as they were."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from compat.probe import compiling
from tests.probe import fakes


class Dynamo:
    """A compiler that notes where it was allowed to write, each time that it compiles or runs."""

    def __init__(self) -> None:
        self.folders: list[Path] = []
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1

    def compile(self, function: Any, **_: Any) -> Any:
        def run(*arguments: Any) -> Any:
            folder = Path(os.environ["TORCHINDUCTOR_CACHE_DIR"])
            assert folder.is_dir()
            assert tempfile.gettempdir() == str(folder)
            (folder / "kernel.so").touch()
            os.environ["LEFT_BEHIND"] = "1"
            sys.setrecursionlimit(sys.getrecursionlimit() + 1)
            self.folders.append(folder)
            return function(*arguments)

        return run


def torch_of(dynamo: Dynamo, config: SimpleNamespace) -> Any:
    return SimpleNamespace(
        compile=dynamo.compile, _dynamo=dynamo, _inductor=SimpleNamespace(config=config), half=0.5
    )


def test_compiling_leaves_the_process_as_it_was(tmp_path: Path) -> None:
    before = dict(os.environ), sys.getrecursionlimit(), tempfile.gettempdir()
    dynamo, config = Dynamo(), SimpleNamespace(compile_threads=8)
    helpers = compiling.helpers(fakes.context(tmp_path, len, torch=torch_of(dynamo, config)))
    assert helpers["compiled"]("f(tensors) + torch.half")([1, 2]) == 2.5
    assert (dict(os.environ), sys.getrecursionlimit(), tempfile.gettempdir()) == before
    assert not any(folder.exists() for folder in dynamo.folders)
    assert config.compile_threads == 1


def test_a_function_is_compiled_once_and_its_limits_are_its_own(tmp_path: Path) -> None:
    dynamo = Dynamo()
    helpers = compiling.helpers(fakes.context(tmp_path, len, torch=torch_of(dynamo, SimpleNamespace())))
    assert helpers["compiled"]("f(tensors)") is helpers["compiled"]("f(tensors)")
    assert helpers["compiled"]("f(tensors)") is not helpers["compiled"]("f(tensors)", "inductor")
    assert dynamo.resets == 2


def test_an_error_brings_the_surroundings_back(tmp_path: Path) -> None:
    before = dict(os.environ)
    torch = torch_of(Dynamo(), SimpleNamespace())
    helpers = compiling.helpers(fakes.context(tmp_path, len, torch=torch))
    with pytest.raises(ZeroDivisionError):
        helpers["compiled"]("1 // f(tensors)")([])
    assert dict(os.environ) == before
