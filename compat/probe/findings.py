"""What does a record keep of a replayed corpus? All codes and checksums, and the telling findings in full."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from typing import Any

from compat.probe.agreement import CONSUMER

#: How many disagreements and distinct errors a record keeps in full; the codes keep all.
KEPT = 20


def gather(results: dict[str, dict[str, Any]], references: Sequence[str]) -> dict[str, Any]:
    """Return the record's part for the cases' results, in corpus order."""
    names = [*references, CONSUMER]
    codes: dict[str, list[str]] = {name: [] for name in names}
    checksums: list[int] = []
    findings = _Findings()
    cases = [(int(key), result) for key, result in results.items() if key.isdigit()]
    for number, result in sorted(cases, key=lambda item: item[0]):
        measured = result.get("ok")
        lost = "T" if "timeout" in result else "!" if "crash" in result else "H"
        for name in names:
            codes[name].append(measured["codes"].get(name, "-") if measured else lost)
        checksums.append(measured["values"] if measured else 0)
        if measured:
            findings.add(number, measured)
    return {
        "cases": len(cases),
        "codes": {name: "".join(listed) for name, listed in codes.items()},
        **findings.kept(),
        "values": base64.b64encode(struct.pack(f"<{len(checksums)}I", *checksums)).decode("ascii"),
    }


class _Findings:
    """Collects what is kept in full: the worst distances, the first disagreements, each error once."""

    def __init__(self) -> None:
        self._worst: dict[tuple[str, str], dict[str, Any]] = {}
        self._disagreements: list[dict[str, Any]] = []
        self._errors: dict[str, dict[str, Any]] = {}

    def add(self, number: int, measured: dict[str, Any]) -> None:
        for worst in measured.get("worst", ()):
            key = (worst["against"], worst["dtype"])
            if key not in self._worst or worst["bound_share"] > self._worst[key]["bound_share"]:
                self._worst[key] = {**worst, "case": number}
        self._disagreements += [{"case": number, **finding} for finding in measured.get("disagreements", ())]
        if "error" in measured:
            entry = self._errors.setdefault(
                measured["error"], {"text": measured["error"], "count": 0, "case": number}
            )
            entry["count"] += 1

    def kept(self) -> dict[str, Any]:
        return {
            "worst": [self._worst[key] for key in sorted(self._worst)],
            "disagreements": self._disagreements[:KEPT],
            "errors": sorted(self._errors.values(), key=lambda entry: entry["case"])[:KEPT],
        }
