"""Prefetching: the next row's wheels come into the cache, the cache stays small, and failing is harmless."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from compat.commands import Finished, run_quietly
from compat.matrix import Row
from compat.prefetch import Prefetcher
from compat.wheel_cache import WheelCache, read_pins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compat.commands import Run

FIRST, NEXT = Row(torch="1.0", python="3.9"), Row(torch="2.0", python="3.9")

UV = """\
#!/bin/sh
echo "$@" >> "{log}"
case "$1 $2" in
    "pip compile") printf 'torch==2.0\\nnumpy==1.26.4\\nsix==1.17.0 # via torch\\n';;
    "pip install") mkdir -p "$6"; echo "Downloading torch (3.0MiB)"; exit {code};;
esac
"""


class Stage:
    """A prefetcher with a uv that only notes what it is asked."""

    def __init__(self, folder: Path, code: int = 0, following: Row | None = NEXT) -> None:
        self.asked = folder / "asked"
        uv = folder / "uv"
        uv.write_text(UV.format(log=self.asked, code=code), encoding="utf-8")
        uv.chmod(0o755)
        self.said: list[str] = []
        self.cache = WheelCache(folder=folder / "uv-cache", uv=str(uv))
        self.prefetcher = Prefetcher(
            folder=folder,
            cache=self.cache,
            environment={},
            requirements=lambda row: (f"torch=={row.torch}", "numpy"),
            wheels=lambda: "cpu",
            following=lambda _row, _run: following,
            say=self.said.append,
        )

    @property
    def commands(self) -> list[str]:
        return self.asked.read_text(encoding="utf-8").splitlines() if self.asked.exists() else []


def test_the_next_row_is_resolved_made_room_for_and_downloaded(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.cache.hold({"torch": "1.0", "numpy": "1.26.4", "triton": "3.0"})
    stage.prefetcher.start(after=FIRST)
    done = stage.prefetcher.finish(NEXT)
    assert done is not None
    assert (done.row, done.paused_seconds) == ("torch-2.0", 0)
    assert "Downloading torch" in done.output
    compiling, cleaning, installing = stage.commands
    assert compiling.startswith("pip compile")
    assert "--python 3.9 --torch-backend cpu" in compiling
    assert cleaning == "cache clean torch triton"
    assert installing == (
        f"pip install --python 3.9 --target {tmp_path / 'prefetch'} --torch-backend cpu torch==2.0 numpy"
    )
    assert not (tmp_path / "prefetch").exists()
    assert stage.cache.held == {"torch": "2.0", "numpy": "1.26.4", "six": "1.17.0"}
    assert stage.said[0] == "Prefetching the wheels of torch-2.0 behind this measurement"
    assert stage.said[1].startswith("Prefetched torch-2.0 in ")


def test_what_was_prefetched_for_another_row_is_not_taken_for_this_one(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.prefetcher.start(after=FIRST)
    assert stage.prefetcher.finish(FIRST) is None


def test_before_the_first_row_there_is_nothing_to_wait_for(tmp_path: Path) -> None:
    assert Stage(tmp_path).prefetcher.finish(FIRST) is None


def test_behind_the_last_row_nothing_happens(tmp_path: Path) -> None:
    stage = Stage(tmp_path, following=None)
    stage.prefetcher.start(after=NEXT)
    assert stage.prefetcher.finish(NEXT) is None
    assert stage.commands == stage.said == []


def test_a_failing_download_is_said_and_harmless(tmp_path: Path) -> None:
    stage = Stage(tmp_path, code=1)
    stage.prefetcher.start(after=FIRST)
    assert stage.prefetcher.finish(NEXT) is None
    assert stage.said[-1] == "Prefetching torch-2.0 failed with exit code 1; its session will try itself."


def test_an_error_of_our_own_is_said_and_harmless(tmp_path: Path) -> None:
    stage = Stage(tmp_path)

    def broken(_row: Row, _run: Run) -> Row | None:
        message = "no such thing"
        raise ValueError(message)

    stage.prefetcher.following = broken
    stage.prefetcher.start(after=FIRST)
    assert stage.prefetcher.finish(NEXT) is None
    assert stage.said == ["Prefetching stopped: no such thing. The next row is installed without it."]


def test_stopping_ends_a_download_and_clears_up(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    begun = threading.Event()

    def endless(_row: Row, run: Run) -> Row | None:
        begun.set()
        return NEXT if run(["sleep", "60"]).code == 0 else None

    stage.prefetcher.following = endless
    stage.prefetcher.start(after=FIRST)
    begun.wait()
    stage.prefetcher.stop()
    assert stage.prefetcher.finish(NEXT) is None
    assert not (tmp_path / "prefetch").exists()


class Asked:
    """A way to run commands that only notes them."""

    def __init__(self, code: int = 0) -> None:
        self.code = code
        self.commands: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str]) -> Finished:
        self.commands.append(command)
        return Finished(code=self.code, output="", seconds=0)


@pytest.mark.parametrize(
    ("held", "pins", "dropped"),
    [
        pytest.param({}, {"torch": "2.0"}, [], id="an empty cache"),
        pytest.param({"torch": "2.0"}, {"torch": "2.0"}, [], id="the same"),
        pytest.param({"torch": "1.0"}, {"torch": "2.0"}, ["torch"], id="another version"),
        pytest.param({"torch": "1.0", "six": "1"}, {"torch": "1.0"}, ["six"], id="no longer needed"),
    ],
)
def test_room_is_made_by_dropping_what_the_row_does_not_use(
    tmp_path: Path, held: dict[str, str], pins: dict[str, str], dropped: list[str]
) -> None:
    cache, run = WheelCache(folder=tmp_path / "cache", uv="uv"), Asked()
    cache.hold(held)
    assert list(cache.make_room(pins, run)) == dropped
    assert run.commands == ([["uv", "cache", "clean", *dropped]] if dropped else [])
    assert cache.held == {name: version for name, version in held.items() if name not in dropped}


def test_what_could_not_be_dropped_is_still_held(tmp_path: Path) -> None:
    cache = WheelCache(folder=tmp_path / "cache", uv="uv")
    cache.hold({"torch": "1.0"})
    cache.make_room({"torch": "2.0"}, Asked(code=2))
    assert cache.held == {"torch": "1.0"}


def test_a_cache_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    cache = WheelCache(folder=tmp_path / "cache", uv="uv")
    cache.hold({"torch": "1.0"})
    cache.folder.rmdir()
    assert cache.held == {}
    cache.drop()
    assert list(tmp_path.iterdir()) == []


def test_a_torn_list_is_no_list(tmp_path: Path) -> None:
    cache = WheelCache(folder=tmp_path / "cache", uv="uv")
    cache.hold({"torch": "1.0"})
    (tmp_path / "cache.json").write_text("{", encoding="utf-8")
    assert cache.held == {}


def test_pins_are_read_from_a_resolution() -> None:
    text = (
        "warning: something\ntorch==2.6.0+cpu\nTyping_Extensions==4.16.0\n    # via torch\nnumpy>=1\n-e .\n"
    )
    assert read_pins(text) == {"torch": "2.6.0+cpu", "typing-extensions": "4.16.0"}


def test_a_command_run_quietly_gives_code_words_and_time() -> None:
    done = run_quietly(["sh", "-c", "echo $TOLD; exit 4"], {"TOLD": "so"})
    assert (done.code, done.output) == (4, "so\n")
    assert done.seconds >= 0
