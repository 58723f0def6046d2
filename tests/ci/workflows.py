"""The workflow files, read as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from compat import paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = paths.ROOT / ".github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
ACTIONS = sorted((FOLDER / "actions").glob("*/action.yml"))
NAMES = [path.stem for path in WORKFLOWS]


def load(path: Path) -> dict[str, Any]:
    """Return a file's content."""
    return dict(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    """Return a workflow's jobs by id."""
    return dict(load(path)["jobs"])


def steps(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the steps of a workflow or of an action."""
    content = load(path)
    if "runs" in content:
        yield from content["runs"]["steps"]
    for job in content.get("jobs", {}).values():
        yield from job.get("steps", ())


def lines(path: Path) -> list[str]:
    """Return what a file has a shell run."""
    return [line for step in steps(path) for line in step.get("run", "").splitlines()]
