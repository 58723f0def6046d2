"""Which cases is every torch asked? Those drawn once, and those that exploring found in one release.

The drawn ones lie in ``corpus.jsonl.gz`` and the promoted ones beside it in ``promoted.jsonl``, one JSON
object a line: the case, the torch, Python and device that found it, the codes by reference, and the date.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from compat.probe.cases import FIELDS, FILLS, LAYOUTS, Case, UnreadableError

DRAWN, PROMOTED = "corpus.jsonl.gz", "promoted.jsonl"

CORPUS_FORMAT = 1

#: What a promoted case's line holds, beside the case and its codes, as texts.
ORIGIN = ("torch", "python", "device", "date")


def read_corpus(path: Path) -> list[Case]:
    """Return the cases of a corpus file and of the promoted ones beside it, in order.

    Raises:
        UnreadableError: one of the files is not what it must be.
    """
    return [*read_drawn(path), *(entry["case"] for entry in read_promoted(path.with_name(PROMOTED)))]


def corpus_bytes(path: Path) -> bytes:
    """Return the content of a corpus file, unpacked."""
    try:
        return gzip.decompress(path.read_bytes())
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"{path}: cannot be unpacked ({error}); the file is cut or damaged, restore it"
        raise UnreadableError(message) from error


def read_drawn(path: Path) -> list[Case]:
    """Return the cases of a corpus file, in order.

    Raises:
        UnreadableError: the file is cut or damaged, or its header line carries an unknown format.
    """
    lines = corpus_bytes(path).splitlines()
    try:
        header, *cases = [json.loads(line) for line in lines]
        found, promised = header.get("format"), header.get("cases")
    except (ValueError, AttributeError) as error:
        message = f"{path}: not a corpus, or damaged ({error}); restore it"
        raise UnreadableError(message) from error
    if found != CORPUS_FORMAT:
        message = f"{path}: corpus format {found!r}, this probe reads {CORPUS_FORMAT}"
        raise UnreadableError(message)
    if len(cases) != promised:
        message = f"{path}: {len(cases)} cases where the header says {promised}; the file is cut, restore it"
        raise UnreadableError(message)
    return cases


def read_promoted(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a file of promoted cases, which need not exist, in order.

    Raises:
        UnreadableError: a line holds no promoted case, or one that another line holds; says which and why.
    """
    if not path.is_file():
        return []
    entries: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            mistake = mistake_of_entry(entry)
        except ValueError as error:
            mistake = f"no JSON ({error})"
        if mistake is None:
            first = lines.setdefault(json.dumps(entry["case"]), number)
            mistake = f"the same case as in line {first}" if first != number else None
        if mistake is not None:
            message = f"{path}, line {number}: {mistake}; restore the file, or take the line out"
            raise UnreadableError(message)
        entries.append(entry)
    return entries


def promoted_bytes(path: Path) -> bytes:
    """Return what of the promoted cases beside a corpus file makes a difference to a measurement."""
    cases = [entry["case"] for entry in read_promoted(path.with_name(PROMOTED))]
    return b"".join(json.dumps(case).encode() + b"\n" for case in cases)


def mistake_of_entry(entry: Any) -> str | None:
    """Return what is wrong with a promoted case's line, or None."""
    if not isinstance(entry, Mapping):
        return "no object"
    missing = [key for key in ORIGIN if not isinstance(entry.get(key), str)]
    if missing:
        return f"no text {', '.join(missing)}"
    codes = entry.get("codes")
    if (
        not codes
        or not isinstance(codes, Mapping)
        or not all(isinstance(code, str) for code in codes.values())
    ):
        return "no codes by reference"
    return mistake_of_case(entry.get("case"))


def mistake_of_case(case: Any) -> str | None:
    """Return why no tensors can be made of a case, or None."""
    if not isinstance(case, Mapping) or set(case) != {"ord", "tensors"}:
        return "a case has the keys ord and tensors"
    order = case["ord"]
    if order not in ("inf", "-inf") and (
        isinstance(order, (str, bool)) or not isinstance(order, (int, float))
    ):
        return f"ord {order!r} is no number"
    if not isinstance(case["tensors"], list):
        return "tensors is no list"
    for place, entry in enumerate(case["tensors"]):
        mistake = _mistake_of_tensor(entry, place)
        if mistake is not None:
            return f"tensor {place}: {mistake}"
    return None


def _mistake_of_tensor(entry: Any, place: int) -> str | None:
    if not isinstance(entry, list) or not entry:
        return "no list"
    if entry[0] in ("same", "tail"):
        pointing = len(entry) == 2 and isinstance(entry[1], int) and 0 <= entry[1] < place  # noqa: PLR2004
        return None if pointing else f"{entry[0]} points to no tensor before it"
    if len(entry) != 5:  # noqa: PLR2004 - dtype, shape, layout, fill, seed
        return "not dtype, shape, layout, fill and seed"
    dtype, shape, layout, fill, seed = entry
    for what, known in ((dtype, tuple(FIELDS)), (layout, LAYOUTS), (fill, FILLS)):
        if what not in known:
            return f"{what!r} is none of {', '.join(known)}"
    sizes = shape if isinstance(shape, list) else [None]
    if not all(isinstance(size, int) and not isinstance(size, bool) and size >= 0 for size in [*sizes, seed]):
        return "sizes and seed are whole numbers"
    return None
