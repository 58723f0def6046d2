"""How does GitLab fan out over the rows? As a child pipeline: a job for each row, and one that reports.

JSON is YAML too, so this needs no writer of its own, and no value of a row can break out of its place.
"""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compat.ci.planning import Job

IMAGE = "python:3.11"
CUDA_TAG = "cuda"
"""Runners with a GPU have this tag."""


def pipeline(jobs: Sequence[Job], profile: str) -> str:
    """Return the child pipeline of a plan.

    Args:
        jobs: the rows to measure.
        profile: how long each explores, ``quick`` or ``full``.

    """
    measuring = {f"{job.name} on {job.device}": _measuring(job, profile) for job in jobs}
    report = {
        "stage": "report",
        "timeout": "20 minutes",
        "when": "always",
        # the records of the rows lie in their places by now
        "script": [
            "python bootstrap.py --list",
            ".venv/bin/compat report",
            ".venv/bin/compat ci site public",
        ],
        "artifacts": {"when": "always", "paths": ["reports", "public"]},
    }
    whole = {"image": IMAGE, "stages": ["measure", "report"], **measuring, "report": report}
    return json.dumps(whole, indent=1) + "\n"


def _measuring(job: Job, profile: str) -> dict[str, Any]:
    options = f"--again --device {shlex.quote(job.device)} --profile {shlex.quote(profile)}"
    return {
        "stage": "measure",
        "timeout": "45 minutes",
        "script": [f"python bootstrap.py -s {shlex.quote(job.session)} -- {options}"],
        "artifacts": {"when": "always", "paths": [f"reports/records/{job.record}"]},
        **({"tags": [CUDA_TAG]} if job.device != "cpu" else {}),
    }
