"""How is machinery kept from talking while a question is asked, where what it says is no part of the answer?

Compilers, process groups and the makers of unusual tensors warn and log of themselves. What reaches the
terminal would be taken for an effect of the call.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from typing import Any, Callable

#: Where a process writes what people should see.
TERMINAL = (1, 2)


def silently(call: Callable[[], Any]) -> Any:
    """Return what a call gives, with no warning, no log and no word on the terminal."""
    with silence():
        return call()


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Drop warnings, logs and what is written to the terminal while the context lasts."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), _nowhere():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


@contextlib.contextmanager
def _nowhere() -> Iterator[None]:
    """Lead the terminal's descriptors to nowhere: libraries of C++ know no other way to write."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    kept = [os.dup(descriptor) for descriptor in TERMINAL]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        for descriptor in TERMINAL:
            os.dup2(nowhere, descriptor)
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for descriptor, copy in zip(TERMINAL, kept):
            os.dup2(copy, descriptor)
        for each in (*kept, nowhere):
            os.close(each)
