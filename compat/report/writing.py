"""Which forms are there, and how do they reach the disk? Whole or not at all."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import compat.report
from compat.errors import ConfigurationError
from compat.reproduction.choice import FOLDER
from compat.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from compat.report.view import View


def formats() -> Mapping[str, Callable[[View], str]]:
    """Return, by file name, what writes it: every module beside this one that names a ``FILE``."""
    names = sorted(each.name for each in pkgutil.iter_modules(compat.report.__path__))
    modules = [importlib.import_module(f"compat.report.{name}") for name in names]
    return {each.FILE: each.render for each in modules if hasattr(each, "FILE")}


def write_reports(view: View, out: Path) -> tuple[Path, ...]:
    """Write every form into ``out``, and the scripts beside; nothing is touched unless all could be rendered.

    A script of an earlier report whose finding is no more is taken away.

    Raises:
        ConfigurationError: the folder cannot be written.

    """
    texts = {out / name: render(view) for name, render in formats().items()}
    scripts = {out / FOLDER / each.name: each.text for each in view.scripts}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            write_whole(path, text)
        _write_scripts(out / FOLDER, scripts)
    except OSError as error:
        message = (
            f"{out}: the reports cannot be written ({error.strerror}). Name another folder with --out DIR."
        )
        raise ConfigurationError(message) from error
    return (*texts, *([out / FOLDER] if scripts else ()))


def _write_scripts(folder: Path, scripts: Mapping[Path, str]) -> None:
    if scripts:
        folder.mkdir(exist_ok=True)
    for path, text in scripts.items():
        write_whole(path, text)
    for path in folder.glob("*.py") if folder.is_dir() else ():
        if path not in scripts:
            path.unlink()
