"""How are gigabytes of an environment removed with nobody waiting and no timing disturbed?

It is moved aside at once and removed in the background, standing still while a timing wants quiet.
"""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compat.background import Background

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(kw_only=True)
class Dropper:
    """Removes folders that lie below ``work``; ``lock`` is the quiet lock."""

    work: Path
    lock: Path
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def drop(self, folder: Path) -> None:
        """Begin to remove a folder; its name is free when this returns."""
        if not folder.exists():
            return
        self._aside.mkdir(parents=True, exist_ok=True)
        number = len(self._threads)
        doomed = folder.rename(self._aside / f"{folder.name}-{os.getpid()}-{number}")
        background = Background(
            lock=self.lock, stop=self._stop, environment={}, log=self.work / f"drop-{number}.log"
        )
        thread = threading.Thread(target=self._remove, args=(background, doomed), name="drop", daemon=True)
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Remove at once what is left, and wait for it."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        shutil.rmtree(self._aside, ignore_errors=True)

    @property
    def _aside(self) -> Path:
        return self.work / "dropped"

    @staticmethod
    def _remove(background: Background, doomed: Path) -> None:
        background.run(["rm", "-rf", str(doomed)])
        background.log.unlink(missing_ok=True)
