"""What machinery says of itself is dropped, and only while it is asked to be silent."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings

import pytest

from compat.probe import ROOT
from compat.probe.silence import silence, silently

SPEAKING = """
import os, sys
from compat.probe.silence import silence
print("before")
with silence():
    print("within")
    print("within", file=sys.stderr)
    os.system("echo within; echo within >&2")
print("after")
"""


def speak() -> str:
    warnings.warn("within", stacklevel=1)
    logging.error("within")  # noqa: LOG015
    return "spoken"


def test_nothing_within_reaches_the_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SPEAKING], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.split() == ["before", "after"]
    assert done.stderr == ""


def test_warnings_and_logs_are_dropped_and_come_back(caplog: pytest.LogCaptureFixture) -> None:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        assert silently(speak) == "spoken"
        warnings.warn("after", stacklevel=1)
        logging.error("after")  # noqa: LOG015
    assert [str(each.message) for each in given] == ["after"]
    assert caplog.messages == ["after"]


def test_an_error_passes_and_ends_the_silence() -> None:
    before = logging.root.manager.disable
    with pytest.raises(ZeroDivisionError), silence():
        raise ZeroDivisionError
    assert logging.root.manager.disable == before
