"""The findings as SARIF 2.1.0 (OASIS), which code hosts show on the lines of a change."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import compat
from compat.claims import Decision
from compat.source.forms import FORMS

if TYPE_CHECKING:
    from compat.source.checking import Checked, Finding

_LEVELS = {Decision.REFUTED: "error", Decision.INCONCLUSIVE: "note"}
_OTHER = {
    "pin": "the project takes releases without the function",
    "note": "the marked note is not that of today",
}


def render(checked: Checked) -> str:
    """Write the findings that are not good news, each with a rule of its kind."""
    rules = dict.fromkeys([*(form.kind for form in FORMS), *_OTHER])
    why = {form.kind: form.why for form in FORMS} | _OTHER
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "compat",
                        "version": compat.__version__,
                        "rules": [{"id": kind, "shortDescription": {"text": why[kind]}} for kind in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each) for decision in _LEVELS for each in checked.of(decision)],
            }
        ],
    }
    return json.dumps(content, indent=2) + "\n"


def _result(finding: Finding) -> dict[str, Any]:
    text = f"“{finding.words or finding.sentence}”: {finding.judgement.because} ({finding.judgement.claim})."
    place = relative(finding.path)
    # without the line, so that it stays the same finding when something is inserted above
    print_ = hashlib.sha256(f"{place}\0{finding.kind}\0{finding.sentence}".encode()).hexdigest()
    return {
        "ruleId": finding.kind,
        "level": _LEVELS[finding.judgement.decision],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(place)},
                    "region": {"startLine": finding.line},
                }
            }
        ],
        "partialFingerprints": {"sentence/v1": print_},
    }


def relative(path: Path) -> str:
    """Return a path as seen from here, with slashes: code hosts know no others."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
