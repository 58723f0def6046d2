"""Where is a Python of each needed version that really starts?

nox and uv look on PATH, where pyenv puts a shim for every version it ever installed; a shim of a
version that is not active exits with 127, and both give up on it. So a version whose first hit on
PATH is a shim is looked up where pyenv keeps it, then among uv's own, and exposed by a link.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from compat.uv import find_uv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SHIMS = "shims"
"""What pyenv, asdf and mise call the folder of their stand-ins."""


def expose(
    versions: Iterable[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    ask_uv: Callable[[str], Path | None] | None = None,
) -> str:
    """Link in ``folder`` what PATH lacks, and return the PATH on which every version found can start.

    A version found nowhere is left out: nox will then try to install it, and say so if it cannot.
    """
    path = environment.get("PATH", os.defpath)
    missing = [version for version in dict.fromkeys(versions) if on_path(version, path) is None]
    linked = False
    for version in missing:
        found = (
            in_pyenv(version, environment)
            or on_path(version, _without_shims(path))
            or (ask_uv or managed_by_uv)(version)
        )
        if found is not None:
            _link(folder / f"python{version}", found)
            linked = True
    return f"{folder}{os.pathsep}{path}" if linked else path


def on_path(version: str, path: str) -> Path | None:
    """Return the first ``pythonX.Y`` on a PATH, unless it is a shim or does not lead to a file."""
    found = shutil.which(f"python{version}", path=path)
    return Path(found) if found and Path(found).parent.name != SHIMS else None


def in_pyenv(version: str, environment: Mapping[str, str]) -> Path | None:
    """Return the newest patch release of ``X.Y`` that pyenv has installed."""
    root = environment.get("PYENV_ROOT") or Path(environment.get("HOME", "/"), ".pyenv")
    folders = {int(match[1]): folder for folder, match in _patches(Path(root, "versions"), version)}
    for _, folder in sorted(folders.items(), reverse=True):
        executable = folder / "bin" / f"python{version}"
        if os.access(executable, os.X_OK):
            return executable
    return None


def managed_by_uv(version: str) -> Path | None:
    """Return the Python that uv itself has installed; asking costs a tenth of a second."""
    uv = find_uv()
    if uv is None:
        return None
    question = [uv, "python", "find", "--managed-python", "--no-python-downloads", version]
    answer = subprocess.run(question, capture_output=True, text=True, check=False)
    return Path(answer.stdout.strip()) if answer.returncode == 0 else None


def _without_shims(path: str) -> str:
    return os.pathsep.join(folder for folder in path.split(os.pathsep) if Path(folder).name != SHIMS)


def _patches(versions: Path, version: str) -> list[tuple[Path, re.Match[str]]]:
    if not versions.is_dir():
        return []
    pattern = re.compile(rf"{re.escape(version)}\.(\d+)")
    return [(folder, match) for folder in versions.iterdir() if (match := pattern.fullmatch(folder.name))]


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    # made aside and moved into place, so that a run beside this one never sees it missing
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
