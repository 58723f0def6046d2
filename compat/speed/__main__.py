"""``python -m compat.speed --out FILE``: time the torch of this interpreter and write one speed record."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from compat.probe import cost, digests, provenance, record
from compat.probe.context import resolve
from compat.probe.worker import THREADS
from compat.speed import cells, gradients, lengths, reading, training
from compat.speed.digest import digest

FORMAT = 1
HOLDS, USAGE, INCONCLUSIVE, INTERRUPTED = 0, 2, 3, 130
DTYPES = ("float32", "bfloat16", "float16")

#: What must stay free while a cell is measured, for everything else that runs.
SPARE_BYTES = 1 << 30


def main(arguments: Sequence[str] | None = None) -> int:
    """Time everything, write the record, say where it lies; 3 where this torch has nothing to time."""
    options = parse(arguments)
    contract = json.loads((options.contract / "contract.json").read_text(encoding="utf-8"))
    code, obstacle = _obstacle(options, contract)
    if obstacle:
        print(obstacle, file=sys.stderr)
        return code
    try:
        record.check_place(options.out)
        for written in _timed(importlib.import_module("torch"), contract, options):
            record.write(_so_far(options.out), written)
        _so_far(options.out).replace(options.out)
    except OSError as error:
        print(f"cannot time: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print(_interrupted(options.out), file=sys.stderr)
        return INTERRUPTED
    print(f"{options.out}: torch {written['torch']} on {options.device}, {len(written['cells'])} cells")
    return HOLDS


def _so_far(out: Path) -> Path:
    """Return where what was timed is kept until all is: under a name that nobody takes for a record."""
    return out.with_name(f"{out.name}.partial")


def _interrupted(out: Path) -> str:
    if not _so_far(out).exists():
        return "interrupted; no record was written"
    return f"interrupted; what was timed until then is in {_so_far(out)}: rename it to {out.name} to use it"


def _obstacle(options: argparse.Namespace, contract: dict[str, Any]) -> tuple[int, str]:
    """Return what stands against timing, with the exit code, or nothing."""
    api = contract["contract"]["api"]
    known = [each["id"] for each in contract["model"]]
    unknown = [each for each in options.model or () if each not in known]
    if unknown:
        return USAGE, f"no model {', '.join(unknown)}; there is {', '.join(known)}"
    if importlib.util.find_spec("torch") is None:
        return USAGE, f"no torch is installed beside {sys.executable}; run the Python that has one"
    torch = importlib.import_module("torch")
    if resolve(torch, api) is None:
        return INCONCLUSIVE, f"torch {torch.__version__} has no {api} to time"
    if options.device == "cuda" and not torch.cuda.is_available():
        return INCONCLUSIVE, f"torch {torch.__version__} reports no usable CUDA device"
    return HOLDS, ""


def _timed(torch: Any, contract: dict[str, Any], options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield the record as it grows, each time one that can be read."""
    started, version = record.now(), str(torch.__version__)
    torch.set_num_threads(THREADS)
    cost.hold_quiet()
    for measured in measure(torch, contract, options):
        yield {
            "format": FORMAT,
            "api": contract["contract"]["api"],
            "torch": version.split("+", maxsplit=1)[0],
            "python": "{}.{}".format(*sys.version_info[:2]),
            "device": options.device,
            "digest": digest(options.contract),
            "provenance": {
                **provenance.of_host(),
                **provenance.of_torch(torch, options.device),
                "started": started,
                "finished": record.now(),
                "load": round(os.getloadavg()[0], 2),
            },
            **measured,
        }


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options; bad ones end with exit code 2 and the usage line."""
    parser = argparse.ArgumentParser(prog="python -m compat.speed", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the record to write")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--model", action="append", metavar="ID", help="only this one; may be repeated")
    parser.add_argument("--dtype", action="append", choices=DTYPES, help="only this one; may be repeated")
    parser.add_argument("--seconds", type=float, default=6.0, help="about how long a race takes (default 6)")
    parser.add_argument(
        "--contract", type=Path, default=digests.CONTRACT_FOLDER, help="the contract's folder"
    )
    options = parser.parse_args(arguments)
    if not 0 < options.seconds <= 3600:  # noqa: PLR2004 - an hour for one of a hundred races is a slip
        parser.error(f"--seconds must be above 0 and at most 3600, not {options.seconds:g}")
    return options


def measure(torch: Any, contract: dict[str, Any], options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Yield all that the record says of time and cost, again behind each model, the rest named as skipped."""
    device, seconds = options.device, options.seconds
    setting = {
        "contestants": contract["contestant"],
        "health": cells.load_health(options.contract),
        "seconds": seconds,
    }
    _tell("lists by length")
    by_length = list(lengths.by_length(torch, device, setting, seconds / 3))
    _tell("tensors by size")
    by_size = list(lengths.by_size(torch, device, setting))
    _tell("training step")
    trained = training.training(torch, device, setting["health"], seconds)
    found: list[dict[str, Any]] = []
    skipped: list[dict[str, str]] = []
    models = contract["model"]
    for through in range(len(models) + 1):
        if through:
            found += _cells(torch, models[through - 1], setting, options, skipped)
        ahead = [{"model": each["id"], "why": "the run ended before it"} for each in models[through:]]
        yield {
            "cells": found,
            "skipped": skipped + ahead,
            "by_length": by_length,
            "by_size": by_size,
            "training": trained,
        }


def _cells(
    torch: Any,
    model: dict[str, Any],
    setting: dict[str, Any],
    options: argparse.Namespace,
    skipped: list[dict[str, str]],
) -> Iterator[dict[str, Any]]:
    if options.model and model["id"] not in options.model:
        skipped.append({"model": model["id"], "why": "it was not asked for"})
        return
    _tell(model["id"])
    fitting = [dtype for dtype in options.dtype or DTYPES if _fits(torch, model, dtype, options, skipped)]
    if not fitting:
        return
    begin = time.perf_counter()
    single = gradients.gradients(torch, options.device, model)
    made = round(time.perf_counter() - begin, 2)
    for dtype in fitting:
        tensors = [each.to(getattr(torch, dtype)) for each in single]
        about = {
            "model": model["id"],
            "dtype": dtype,
            "real": "backward" in model,
            "made_in": made,
            "tensors": len(tensors),
            "bytes": sum(each.numel() * each.element_size() for each in tensors),
            "read": reading.read_seconds(torch, options.device, tensors),
        }
        for cell in cells.cells(torch, options.device, setting, tensors):
            yield {**about, **cell}
        del tensors


def _fits(
    torch: Any, model: dict[str, Any], dtype: str, options: argparse.Namespace, skipped: list[dict[str, str]]
) -> bool:
    """Whether there is memory for a cell; where not, note what it needs."""
    width = torch.zeros((), dtype=getattr(torch, dtype)).element_size()
    free, need = reading.free_bytes(torch, options.device), gradients.needed(model, width)
    if need <= free - SPARE_BYTES:
        return True
    why = f"{dtype} needs {need / 1e9:.3g} GB, and {free / 1e9:.3g} GB are free"
    skipped.append({"model": model["id"], "why": why})
    return False


def _tell(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
