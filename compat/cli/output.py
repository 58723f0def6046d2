"""What a command prints: to a person, a pipe, or a reader that has gone away."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.progress import Progress

from compat.report.terminal import console_for
from compat.report.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType


def say(text: str) -> None:
    """Print text; a reader that has gone away, such as ``head``, is no error."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show(what: RenderableType) -> None:
    """Print what was laid out, in colour where that can be seen."""
    console = console_for(sys.stdout)
    with console.capture() as captured:
        console.print(what)
    say("\n".join(line.rstrip() for line in captured.get().splitlines()))


def complain(text: str) -> None:
    """Say on standard error what went wrong."""
    print(f"compat: {printable(text)}", file=sys.stderr)


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """Yield what shows how far something has got, on a terminal; elsewhere nothing is shown."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    with Progress(console=console_for(sys.stderr), transient=True) as bar:
        task = bar.add_task("reading wheels")
        yield lambda done, everything: bar.update(task, completed=done, total=everything)


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something goes on; elsewhere nothing is shown."""
    if not sys.stderr.isatty():
        yield
        return
    with console_for(sys.stderr).status(what):
        yield


def shown(path: Path) -> str:
    """Name a path as a person here would: relative, where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
