"""A message is made comparable: nothing of the run or the machine stays, and all that torch thinks does."""

from __future__ import annotations

import pytest

from compat.probe.messages import normalise

NORMALISED = {
    "Tensor list must have at least one tensor.": "Tensor list must have at least one tensor.",
    "": "",
    "\n \n": "",
    "  one \t two  ": "one two",
    "first line\nsecond line\nthird": "first line",
    "\n\nfirst line that is not blank\nsecond": "first line that is not blank",
    "bad storage at 0x7f3aB2c0": "bad storage at 0x…",
    "expected 0x10 but got 0xff": "expected 0x… but got 0x…",
    "in /home/me/torch/csrc/Foo.cpp:12": "in Foo.cpp:…",
    'File "/a/b/torch/functional.py", line 12, in norm': 'File "functional.py", line …, in norm',
    "see https://docs.pytorch.org/docs/2.9.1/a.html": "see https://docs.pytorch.org/docs/…/a.html",
    "see https://pytorch.org/docs/stable/a.html": "see https://pytorch.org/docs/…/a.html",
    "'aten::x' is only available for these backends: [CPU, Meta, BackendSelect].": (
        "'aten::x' is only available for these backends: […]."
    ),
    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4096 bytes. Error code 12": (
        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 4096 bytes"
    ),
    "worker with pid 4711 died": "worker with pid … died",
    "Could not run:\n  aten::norm\nwith": "Could not run: aten::norm",
    "The following operation failed in the TorchScript interpreter.\n"
    "Traceback of TorchScript (most recent call last):\n  at\nRuntimeError: no": (
        "The following operation failed in the TorchScript interpreter. RuntimeError: no"
    ),
    "expected 2 tensors, got 12": "expected 2 tensors, got 12",
    "bad dtype (Exception raised from foo at /a/b/c.cpp:3 (most recent call first):": "bad dtype",
    "Exception raised from check at ../aten/src/x.h": "",
    "argument 'self' (position 1) must be tuple": "argument 'self' (position 1) must be tuple",
    "sizes 3/4 differ": "sizes 3/4 differ",
}


@pytest.mark.parametrize("message", NORMALISED)
def test_normalise(message: str) -> None:
    assert normalise(message) == NORMALISED[message]


@pytest.mark.parametrize("message", NORMALISED)
def test_normalising_twice_changes_nothing(message: str) -> None:
    assert normalise(normalise(message)) == normalise(message)
