"""A process that takes too much memory fails by itself, and nothing that it started stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from compat.probe import ROOT

TAKING = """
from compat.probe.limits import limit_memory
limit_memory({most})
try:
    taken = bytearray({wanted})
except MemoryError:
    print("none left")
else:
    print("taken")
"""


@pytest.mark.parametrize(
    ("most", "wanted", "said"),
    [(64 << 20, 256 << 20, "none left"), (256 << 20, 64 << 20, "taken"), (1 << 60, 64 << 20, "taken")],
)
def test_memory_ends_where_it_is_told_to(most: int, wanted: int, said: str) -> None:
    assert run(TAKING.format(most=most, wanted=wanted)) == said


ORPHANS = """
import os, time
from compat.probe import limits
limits.adopt_orphans()
read, write = os.pipe()
if os.fork() == 0:
    os.setsid()
    for _ in range(2):
        if os.fork() == 0:
            os.setsid()
            os.write(write, f"{os.getpid()} ".encode())
            os.close(1)
            time.sleep(600)
    os._exit(0)
pids = b""
while pids.count(b" ") < 2:
    pids += os.read(read, 100)
time.sleep(0.2)
ended = limits.end_children()
print(ended >= 2, [os.path.exists(f"/proc/{pid}") for pid in pids.decode().split()], limits.end_children())
"""


def test_children_that_left_their_group_are_ended() -> None:
    assert run(ORPHANS) == "True [False, False] 0"


def run(code: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    return ran.stdout.strip()


def test_the_machine_has_what_this_reads() -> None:
    if sys.platform == "linux":
        assert "VmData:" in Path("/proc/self/status").read_text(encoding="utf-8")
