"""What decides what is timed, and how? A speed record made with another digest is stale."""

from __future__ import annotations

from pathlib import Path

from compat.probe import ROOT, digests

#: What is borrowed of the probe.
BORROWED = ("clocks", "cases", "cost")


def digest(folder: Path) -> str:
    """Return the digest over this package, what it borrows, the monitor, and a contract's part of it.

    Args:
        folder: the contract's.
    """
    measuring = [
        *(ROOT / "compat" / "speed").glob("*.py"),
        *(ROOT / "compat" / "probe" / f"{name}.py" for name in BORROWED),
        *(ROOT / "monitor").glob("*.py"),
    ]
    own = [folder / name for name in ("health.py", "consumer.py", "models.toml", "contestants.toml")]
    return f"{digests.of_files(measuring, ROOT)} {digests.of_files([e for e in own if e.is_file()], folder)}"
