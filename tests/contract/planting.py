"""Contracts and functions with something planted in them, for the tests beside a real torch."""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
from typing import TYPE_CHECKING, Any

from compat.probe import digests, questions
from compat.probe.corpus import PROMOTED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compat.probe.context import Context

#: Enough of the corpus for every planted fault to be seen.
CASES = 40


def small_contract(folder: Path, calls: dict[str, str]) -> Path:
    """Write a copy of the contract with other questions, a short corpus and one small workload.

    Args:
        folder: where to write it.
        calls: the questions' calls by id; all are of the level "special values".
    """
    copy = folder / "contract"
    shutil.copytree(str(digests.CONTRACT_FOLDER), str(copy))
    built = json.loads((copy / "contract.json").read_text(encoding="utf-8"))
    built["question"] = [
        {**built["question"][0], "id": key, "level": "special values", "call": call}
        for key, call in calls.items()
    ]
    built["workload"] = [{"id": "few", "describes": "a few", "dtype": "float32", "shapes": [[[4], 3]]}]
    (copy / "contract.json").write_text(json.dumps(built), encoding="utf-8")
    path = copy / "corpus.jsonl.gz"
    header, *cases = gzip.decompress(path.read_bytes()).splitlines()
    short = json.dumps({**json.loads(header), "cases": CASES}).encode()
    copy.joinpath(PROMOTED).unlink(missing_ok=True)
    path.write_bytes(gzip.compress(b"\n".join([short, *cases[:CASES]]) + b"\n"))
    return copy


def answers(
    context: Context, level: str, helpers: Any, function: Callable[..., Any], *ids: str
) -> dict[str, Any]:
    """Return what the questions of these ids say of another function in place of the real one."""
    planted = dataclasses.replace(context, function=function)
    steps = questions.steps(planted, level, helpers(planted))
    results = {key: {"ok": step()} for key, step in steps if key in ids}
    outcomes = questions.gather(context.contract["questions"], {level: results})
    assert set(outcomes) == set(ids)
    return outcomes
