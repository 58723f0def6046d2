"""Damage to what says how a record was made: provenance, digests, canaries, levels, and failures."""

from __future__ import annotations

from typing import Any

from compat.judge_check.damage import Content, changed, damages, with_keys, without
from compat.judge_check.sample import ABSENT, record


def _failed(phase: str, status: str) -> Any:
    """Return what makes a record that of a row which could not be measured."""

    def change(content: Content) -> None:
        parts = ("surface", "questions", "agreement", "exploration", "accuracy", "cost", "canaries")
        content.update(dict.fromkeys(parts))
        content.update(status=status, failure={"phase": phase, "message": f"trying\nthe {phase} broke"})

    return changed(change)


def _absent(content: Content) -> None:
    """Make it the record of a torch without the function."""
    kept = {key: content[key] for key in ("torch", "python", "device", "provenance")}
    content.clear()
    content.update({**record(ABSENT, "3.9", "cpu"), **kept})


def _absent_with_answers(content: Content) -> None:
    answers = content["questions"]
    _absent(content)
    content["questions"] = answers


def _silent(canary: str) -> Any:
    return with_keys(canaries={canary: False})


DAMAGES = (
    *damages(
        "provenance",
        ("contract's digest stale", with_keys(digests={"contract": "sha256:01d"}), "stale: contract was 01d"),
        ("corpus's digest stale", with_keys(digests={"corpus": "sha256:01d"}), "stale: corpus was 01d"),
        ("probe's digest stale", with_keys(digests={"probe": "sha256:01d"}), "stale: probe was 01d"),
        ("digest empty", with_keys(digests={"probe": ""}), "stale: probe was"),
        ("no digests", with_keys(digests=None), "digests"),
        (
            "another torch inside",
            with_keys(provenance={"torch_version": "2.0.1+cpu"}),
            "but 2.0.1+cpu answered",
        ),
        ("no torch inside", with_keys(provenance={"torch_version": None}), "an unknown torch answered"),
        ("another Python inside", with_keys(provenance={"python_version": "3.7.9"}), "but 3.7.9 answered"),
        ("row of another device", with_keys(device="mps"), "its content says"),
        ("another API", with_keys(api="torch._foreach_abs"), "it measured torch._foreach_abs"),
        (
            "planted fault left in",
            with_keys(planted="order-ignored"),
            "the fault 'order-ignored' was planted",
        ),
        (
            "clock went backwards",
            with_keys(provenance={"finished": "2026-11-23T17:00:00Z"}),
            "its clock went backwards",
        ),
        (
            "made in the future",
            with_keys(provenance={"finished": "2099-01-01T00:00:00Z"}),
            "its clock jumped",
        ),
        ("never finished", with_keys(provenance={"finished": None}), "never finished"),
        ("date that is none", with_keys(provenance={"finished": "yesterday"}), "which are no dates"),
        (
            "took longer than it ran",
            with_keys(provenance={"seconds": {"all": 9e5}}),
            "its clock went backwards",
        ),
    ),
    *damages(
        "failures",
        ("install failed", _failed("install", "install-failed"), "install-failed: the install broke"),
        ("import failed", _failed("import", "import-failed"), "import-failed: the import broke"),
        ("interpreter missing", _failed("interpreter", "interpreter-missing"), "interpreter-missing"),
        ("device asked for and not there", _failed("device", "device-missing"), "device-missing"),
        ("probe died", _failed("probe", "died"), "died: the probe broke"),
        ("failed without a failure", with_keys(status="died"), "status died needs failure"),
        (
            "measured, and failed",
            with_keys(failure={"phase": "probe", "message": "it died"}),
            "measured, and failed at probe",
        ),
        ("function gone", changed(_absent), "absent"),
        ("function gone, and answering", changed(_absent_with_answers), "is absent, and answers"),
    ),
    *damages(
        "controls",
        ("canary silent", _silent("planted: off by 1e-5"), "canary planted: off by 1e-5 failed"),
        ("absent name found", _silent("absent name"), "canary absent name failed"),
        ("canary missing", without("canaries", "planted: off by 1e-5"), "canary planted: off by 1e-5"),
        ("other canary missing", without("canaries", "absent name"), "canary absent name"),
        (
            "no fault planted",
            changed(lambda content: content.update(canaries={"absent name": True})),
            "no fault was planted as a canary",
        ),
        ("no canary", changed(lambda content: content.update(canaries={})), "it had no canary"),
        ("canaries gone", with_keys(canaries=None), "needs canaries"),
        ("canary that is no yes or no", with_keys(canaries={"x": 1}), "canaries.x"),
        (
            "level given up",
            with_keys(given_up=[{"level": "effects", "behind": "inputs-unchanged", "why": "2 hung"}]),
            "effects behind inputs-unchanged",
        ),
        (
            "process changed",
            with_keys(left=[{"level": "effects", "key": "nan", "what": "threads: 1 -> 2"}]),
            "nan changed threads",
            {"is_caveat": True},
        ),
    ),
)
