"""What was committed? Whoever measures has other reports then, and no file of the project is about those."""

from __future__ import annotations

import subprocess

from compat import paths


def committed_report(name: str, beside: str) -> str:
    """Return a report as committed, if it was made anew since and the file that must agree with it was not.

    Args:
        name: the report's name.
        beside: the file of the project's root that is tested against it.
    """
    report = paths.REPORTS / name
    if _is_changed(f"reports/{name}") and not _is_changed(beside):
        return _git("show", f"HEAD:reports/{name}").stdout
    return report.read_text(encoding="utf-8")


def _is_changed(path: str) -> bool:
    """Whether a file differs from the commit; no where there is no git, or no repository."""
    done = _git("status", "--porcelain", "--", path)
    return done.returncode == 0 and bool(done.stdout.strip())


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", *arguments], cwd=paths.ROOT, capture_output=True, encoding="utf-8", check=False
        )
    except FileNotFoundError:
        return subprocess.CompletedProcess(arguments, 127, "", "")
