"""How a record is put on disk: its format number, its atomic writing, and the record of a failure.

Format history:
    1   the first format.
    2   accuracy also by pattern, magnitude and result dtype, with its share of the bound; the name of a
        planted fault; a seal over the content; the steps that changed the process, and what was given up.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FORMAT = 2

#: The status of a record by the phase that failed.
STATUSES = {
    "interpreter": "interpreter-missing",
    "install": "install-failed",
    "import": "import-failed",
    "device": "device-missing",
}

#: A message is hostile and endless until cut; the end is where compilers and installers say why.
MESSAGE_LIMIT = 2000


def file_name(torch: str, python: str, device: str) -> str:
    """Return the name of the record file for a torch release, a Python and a device."""
    return f"torch-{torch}-py{python}-{device}.json"


def now() -> str:
    """Return the present time in UTC as the record spells it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def skeleton(**identity: Any) -> dict[str, Any]:
    """Return a record with nothing measured; ``identity`` fills the keys that it names."""
    record: dict[str, Any] = {
        "format": FORMAT,
        "api": None,
        "torch": None,
        "python": None,
        "device": "cpu",
        "profile": "quick",
        "status": "died",
        "failure": None,
        "planted": None,
        "digests": {},
        "provenance": {},
        "surface": None,
        "questions": None,
        "agreement": None,
        "exploration": None,
        "accuracy": None,
        "cost": None,
        "canaries": None,
        "left": [],
        "given_up": [],
    }
    unknown = sorted(set(identity) - set(record))
    if unknown:
        message = f"not keys of a record: {', '.join(unknown)}"
        raise KeyError(message)
    record.update(identity)
    return record


def seal_of(record: Mapping[str, Any]) -> str:
    """Return the digest over a record's own content, by which a later edit of it shows.

    It is no signature: it tells an accident or a quick edit, not somebody who means to deceive.
    """
    content = {key: value for key, value in record.items() if key != "seal"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode("ascii")).hexdigest()


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its seal at the end."""
    return {**{key: value for key, value in record.items() if key != "seal"}, "seal": seal_of(record)}


def write(path: Path, record: dict[str, Any]) -> None:
    """Seal and write a record so that a reader sees the old file or the new one, whole, and never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = dumps(sealed(record))
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=str(path.parent))
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)  # noqa: PTH101 - mkstemp's 0600 would not survive a shared checkout
        os.replace(temporary, str(path))  # noqa: PTH105 - the atomic call itself
    except BaseException:
        Path(temporary).unlink()
        raise


def check_place(path: Path) -> None:
    """Raise OSError where no record could be written to; better now than after the measurement."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        message = f"{path} is a folder; name the file to write"
        raise IsADirectoryError(message)
    with tempfile.TemporaryFile(dir=str(path.parent)):
        pass


def dumps(record: dict[str, Any]) -> str:
    """Return the text of a record: a line for each entry two levels deep, so that git shows what changed."""
    lines = []
    for key, value in record.items():
        if isinstance(value, dict) and value:
            inner = ",\n".join(f"  {json.dumps(name)}: {_compact(item)}" for name, item in value.items())
            lines.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        elif isinstance(value, list) and value:
            inner = ",\n".join(f"  {_compact(item)}" for item in value)
            lines.append(f" {json.dumps(key)}: [\n{inner}\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {_compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write_failure(path: Path, *, phase: str, message: str, wheels: str = "unknown", **identity: Any) -> None:
    """Write the record of a row that could not be measured.

    Args:
        path: the record's file.
        phase: what failed: interpreter, install, import, device or probe.
        message: the error; its end is kept.
        wheels: where torch was to come from.
        identity: what `skeleton` takes: api, torch, python, device, profile, digests, provenance.
    """
    record = failed(identity, phase=phase, message=message)
    record["provenance"] = {"wheels": wheels, "finished": now(), **record["provenance"]}
    write(path, record)


def failed(identity: dict[str, Any], *, phase: str, message: str) -> dict[str, Any]:
    """Return the record of what could not be measured: the phase that failed, and the end of the error."""
    failure = {"phase": phase, "message": message[-MESSAGE_LIMIT:]}
    return skeleton(**identity, status=status_of(phase), failure=failure)


def status_of(phase: str) -> str:
    """Return the status of a record whose measurement failed in this phase."""
    return STATUSES.get(phase, "died")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
