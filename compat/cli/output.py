"""What a command prints: to a person, a pipe, or a reader that has gone away."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compat.report.terminal import console_for
from compat.report.text import printable

if TYPE_CHECKING:
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


def shown(path: Path) -> str:
    """Name a path as a person here would: relative, where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
