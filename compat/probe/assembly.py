"""What does the record say? Puts together what the levels gave, and nothing where they gave nothing."""

from __future__ import annotations

from typing import Any

from compat.probe import accuracy, cost, findings, questions, record
from compat.probe.supervisor import Measurement, Results


def assemble(
    identity: dict[str, Any],
    contract: dict[str, Any],
    measurement: Measurement,
    explored: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return the record, but for its provenance, of what was measured.

    Args:
        identity: the keys of a record that are known without measuring.
        contract: what was asked.
        measurement: what came of it.
        explored: what Hypothesis found beside it.
    """
    results, failure = measurement.results, measurement.failure
    surface = (results.get("surface", {}).get("surface") or {}).get("ok")
    if failure is None and surface is None:
        failure = {"phase": "probe", "message": f"level surface gave no answer: {results.get('surface')}"}
    if failure is not None or surface is None:
        return record.failed(identity, **(failure or {}))
    written = record.skeleton(**identity, status="measured")
    written["left"], written["given_up"] = measurement.left, measurement.given_up
    written["canaries"] = {"absent name": surface["canary_absent"]}
    written["surface"] = {key: value for key, value in surface.items() if key != "canary_absent"}
    if surface["present"]:
        written.update(_measured(contract, measurement), exploration=explored)
        written["canaries"].update(_planted(results))
    else:
        absent = {"kind": "absent", "text": "absent"}
        asked = questions.of_device(contract["questions"], identity["device"])
        written["questions"] = {entry["id"]: absent for entry in asked}
    return written


def _measured(contract: dict[str, Any], measurement: Measurement) -> dict[str, Any]:
    results = measurement.results
    references = [reference["id"] for reference in contract["references"]]
    return {
        "questions": questions.gather(contract["questions"], results),
        "agreement": {
            **findings.gather(results.get("agreement", {}), references),
            "seconds": round(measurement.seconds.get("agreement", 0.0), 2),
        },
        "accuracy": accuracy.gather(results.get("accuracy", {})),
        "cost": cost.gather(results.get("cost", {})),
    }


def _planted(results: Results) -> dict[str, bool]:
    return {
        key: result.get("ok") is True
        for key, result in results.get("agreement", {}).items()
        if key.startswith("planted: ")
    }
