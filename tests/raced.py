"""Speed records, made up: rounds of a machine that gets slower, and everybody with it."""

from __future__ import annotations

import json
from typing import Any

from compat.speed_format import SpeedRecord

ROUNDS = 10
NAME = "torch-2.15.0-py3.11-cpu.json"


def timed(part: str = "whole", **ratios: float) -> list[dict[str, Any]]:
    """Make rounds in which the machine gets slower, and everybody with it."""
    return [
        {
            "id": name.replace("g_a", "g a"),
            "part": part,
            "calls": 4,
            "seconds": [0.001 * (1 + number / 10) * ratio for number in range(ROUNDS)],
        }
        for name, ratio in ratios.items()
    ]


def cell(answer: str = "norms", **changes: Any) -> dict[str, Any]:
    ratios = changes.pop("ratios", {"foreach_norm": 1.0, "norm": 2.5, "public": 0.9, "itself": 1.0})
    lacks = changes.pop("lacks", {})
    return {
        "model": "gpt2",
        "dtype": "float32",
        "real": True,
        "made_in": 1.0,
        "tensors": 4,
        "bytes": 4096,
        "read": 0.0005,
        "answer": answer,
        "contestants": [
            {"id": name, "lacks": lacks.get(name, ""), "error": 1e-7, "peak": 0} for name in ratios
        ],
        "timed": timed(**ratios),
        "left_out": [],
        **changes,
    }


def whole(**changes: Any) -> dict[str, Any]:
    content = {
        "format": 1,
        "api": "torch._foreach_norm",
        "torch": "2.15.0",
        "python": "3.11",
        "device": "cpu",
        "digest": "today",
        "provenance": {"torch_version": "2.15.0+cpu", "cpus": 2},
        "cells": [cell()],
        "skipped": [],
        "by_length": [
            {
                "length": length,
                "told": {"foreach_norm": {"operators": 1 + 2 * length}},
                "timed": timed(foreach_norm=1.0, norm=1.5 + length, itself=1.0),
            }
            for length in (1, 10)
        ],
        "by_size": [{"elements": 1, "told": {"foreach_norm": {"operators": 21}}}],
        "training": {
            "tensors": 26,
            "lacks": {"ticket": "counts"},
            "timed": timed(nothing=1.0, nothing_again=1.0, monitor=1.02, ticket=1.5),
        },
    }
    return {**content, **changes}


def record(**changes: Any) -> SpeedRecord:
    return SpeedRecord.model_validate_json(json.dumps(whole(**changes)))
