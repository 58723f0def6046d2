"""Which contract, corpus and probe produced a record: the digests that say whether it is still up to date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from compat.probe import ROOT
from compat.probe.context import read_contract
from compat.probe.corpus import DRAWN, corpus_bytes, promoted_bytes

CONTRACT_FOLDER = ROOT / "compat" / "contracts" / "foreach_norm"


def current(contract: Path = CONTRACT_FOLDER) -> dict[str, str]:
    """Return the digests of the contract, the corpus and the probe as they lie on disk.

    The probe's digest covers every file that takes part in a measurement: the probe itself and the
    consumer under test (``monitor``). Faults to plant take no part in what
    is evidence: another one makes no record stale.
    """
    measuring = [
        *(path for path in (ROOT / "compat" / "probe").glob("**/*.py") if path.parent.name != "faults"),
        *(ROOT / "monitor").glob("**/*.py"),
    ]
    return {
        "contract": of_contract(contract),
        "corpus": of_corpus(contract / DRAWN),
        "probe": of_files([path for path in measuring if path.is_file()], ROOT),
    }


def of_contract(folder: Path) -> str:
    """Return the digest of what the probe reads of a contract, and of the consumer beside it."""
    digest = hashlib.sha256(json.dumps(read_contract(folder), sort_keys=True).encode())
    digest.update((folder / "consumer.py").read_bytes())
    return _label(digest)


def of_corpus(path: Path) -> str:
    """Return the digest of the cases, drawn and promoted, however they are packed and whoever found them."""
    return _label(hashlib.sha256(corpus_bytes(path) + promoted_bytes(path)))


def of_files(paths: Iterable[Path], base: Path) -> str:
    """Return one digest over the names (relative to ``base``) and bytes of files, in name order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(base).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return _label(digest)


def _label(digest: hashlib._Hash) -> str:
    return "sha256:" + digest.hexdigest()
