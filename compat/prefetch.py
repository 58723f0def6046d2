"""While one row is measured, how do the wheels of the next one get into the cache?

A thread asks nox which row is next, makes room in the cache, and lets uv install that row into a
scratch folder, which is then removed: the cache is what stays, and the next session's install only
links from it. Whatever goes wrong here is harmless; the session then downloads for itself.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from compat.background import Background
from compat.installs import backend
from compat.wheel_cache import WheelCache, read_pins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compat.commands import Finished, Run
    from compat.matrix import Row


@dataclass(frozen=True, kw_only=True)
class Prefetched:
    """What the background did for a row: seconds of work, seconds stopped, and uv's own words."""

    row: str
    seconds: float
    paused_seconds: float
    output: str


@dataclass(kw_only=True)
class Prefetcher:
    """Downloads the wheels of one row at a time, behind the session of another.

    Attributes:
        folder: a folder of the run's own, on the cache's disk; scratch, logs and quiet lock lie here.
        cache: where the wheels come to lie.
        environment: variables for uv.
        requirements: what a row installs.
        wheels: the source of wheels, ``cpu`` or ``index``; asked in the background.
        following: the row to be measured after another, or None; asked in the background.
        say: shows a line to the person who waits.

    """

    folder: Path
    cache: WheelCache
    environment: dict[str, str]
    requirements: Callable[[Row], Sequence[str]]
    wheels: Callable[[], str]
    following: Callable[[Row, Run], Row | None]
    say: Callable[[str], None]
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _done: Prefetched | None = None

    @property
    def lock(self) -> Path:
        """The file that the probe locks while it times."""
        return self.folder / "quiet.lock"

    def start(self, after: Row) -> None:
        """Begin with the row that follows, in the background."""
        self._done = None
        self._thread = threading.Thread(target=self._work, args=(after,), name="prefetch", daemon=True)
        self._thread.start()

    def finish(self, row: Row) -> Prefetched | None:
        """Wait for the background; return what it did for this row, None if it did nothing for it."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        return self._done if self._done and self._done.row == row.name else None

    def stop(self) -> None:
        """End the background at once, with every process that it started."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def _scratch(self) -> Path:
        return self.folder / "prefetch"

    def _work(self, after: Row) -> None:
        background = Background(
            lock=self.lock, stop=self._stop, environment=self.environment, log=self.folder / "prefetch.log"
        )
        try:
            row = self.following(after, background.run)
            if row is not None:
                self._fetch(row, background.run)
        except Exception as error:  # noqa: BLE001 - the session that follows reports what is really wrong
            self.say(f"Prefetching stopped: {error}. The next row is installed without it.")
        finally:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def _fetch(self, row: Row, run: Run) -> None:
        wheels, wanted = self.wheels(), self.requirements(row)
        pins = resolve(self.cache.uv, wanted, row.python, wheels, run, self._scratch)
        if pins:
            self.cache.make_room(pins, run)
        self.say(f"Prefetching the wheels of {row.name} behind this measurement")
        self.cache.hold(pins)  # before they come: an interrupted download lies there too
        done = run(
            [
                *(self.cache.uv, "pip", "install", "--python", row.python, "--target", str(self._scratch)),
                *backend(wheels),
                *wanted,
            ]
        )
        if done.code == 0:
            self.say(f"Prefetched {row.name} in {_seconds(done)}")
            self._done = Prefetched(
                row=row.name,
                seconds=done.seconds - done.paused_seconds,
                paused_seconds=done.paused_seconds,
                output=done.output,
            )
        elif not self._stop.is_set():
            self.say(
                f"Prefetching {row.name} failed with exit code {done.code}; its session will try itself."
            )


def resolve(
    uv: str, requirements: Sequence[str], python: str, wheels: str, run: Run, scratch: Path
) -> dict[str, str]:
    """Return the version of every package that these requirements install; empty when there is none."""
    scratch.mkdir(parents=True, exist_ok=True)
    wanted = Path(scratch, "requirements.in")
    wanted.write_text("\n".join(requirements), encoding="utf-8")
    answer = run(
        [
            *(uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--python", python),
            *backend(wheels),
            str(wanted),
        ]
    )
    return read_pins(answer.output) if answer.code == 0 else {}


def _seconds(done: Finished) -> str:
    if done.paused_seconds:
        return f"{done.seconds:.1f} s, {done.paused_seconds:.1f} s of them waiting for a timing"
    return f"{done.seconds:.1f} s"
