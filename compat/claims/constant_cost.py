"""Is a call's cost, counted in launched operations, the same for a long list as for a short one?

On an accelerator the launches themselves are counted, under the names in ``launches``. A CPU launches no
kernels, so dispatched operators stand for them there: as many of them as tensors show that the list is
worked off one by one, which refutes a claim made without naming a device. They can never support a
claim about launches; for that, the accelerator must have been measured.

Growth slower than one operator a tensor (a launch for each chunk of the list) is neither: it is not
constant, but it is not what the claim denies; it stays inconclusive, with its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.claims.evidence import Decision, Evidence, Finding, Parameters
from compat.growth import Growth, growth
from compat.measurements import SPEED_FOLDER
from compat.releases import in_order, ranges
from compat.standings import grown, told_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compat.contract import Claim
    from compat.record_format import Record
    from compat.speed_format import SpeedRecord

HOST = "cpu"

_ONE_BY_ONE = 1.0
"""Operators a tensor from which on the list is worked off one by one, as a loop would do it."""


class ConstantCost(Parameters):
    """Names of the operations that count as launches on an accelerator."""

    launches: tuple[str, ...]


def constant_cost(parameters: ConstantCost, claim: Claim, evidence: Evidence) -> Finding:
    """Decide each device alone; refuted where any is, supported where all accelerators are."""
    devices = evidence.of_claim(claim)
    told, decisions, records = [], [], []
    for device in devices:
        names = None if device == HOST else frozenset(parameters.launches)
        found = [
            (record, found_growth)
            for record in evidence.with_function(device)
            if record.cost is not None
            and (found_growth := growth(record.cost.dispatches, names)) is not None
            and found_growth.most > 0
        ]
        decision, shown = _of_device([each for _, each in found])
        told.append(_told(device, decision, [each for each in found if each[1] in shown], evidence))
        decisions.append(decision)
        records += [record for record, _ in found]
    timed = [record for record in evidence.timed if record.device in devices]
    return Finding(
        decision=_overall(devices, decisions),
        because="; ".join(told),
        records=tuple(records),
        details=tuple(line for record in timed for line in _others(record)),
        speed_records=tuple(f"{SPEED_FOLDER}{record.name}" for record in timed),
    )


def _others(record: SpeedRecord) -> Iterator[str]:
    """Say what other ways to the same answer cost beside the function, by a speed record."""
    what, where = told_of(record), f"{record.torch} on {record.device.upper()}"
    for each in grown(record):
        size = f"; {each.by_size.told(what, 'elements in each of ten')}" if each.by_size else ""
        yield f"{each.way}, {where}: {each.by_length.told(what, 'tensors')}{size}"


def _of_device(growths: list[Growth]) -> tuple[Decision, list[Growth]]:
    """Decide one device, and return the growths that decide it."""
    growing = [each for each in growths if each.per_tensor > 0]
    one_by_one = [each for each in growing if each.per_tensor >= _ONE_BY_ONE]
    if one_by_one:
        return Decision.REFUTED, one_by_one
    if growing or not growths:
        return Decision.INCONCLUSIVE, growing
    return Decision.SUPPORTED, growths


def _told(device: str, decision: Decision, shown: list[tuple[Record, Growth]], evidence: Evidence) -> str:
    if not shown:
        return f"{device.upper()} not measured"
    record, newest = shown[-1]
    what = "operators dispatched" if device == HOST else "kernels launched"
    releases = in_order(each.torch for each, _ in shown)
    measured = in_order(each.torch for each in evidence.with_function(device))
    how = "the same for every length" if decision is Decision.SUPPORTED else "growing with the list"
    example = newest.text.replace("operators", what, 1)
    return f"on {device.upper()} {example} in {record.torch}, {how} in {ranges(releases, measured)}"


def _overall(devices: tuple[str, ...], decisions: list[Decision]) -> Decision:
    if Decision.REFUTED in decisions:
        return Decision.REFUTED
    accelerators = [each for device, each in zip(devices, decisions, strict=True) if device != HOST]
    if accelerators and all(each is Decision.SUPPORTED for each in decisions):
        return Decision.SUPPORTED
    return Decision.INCONCLUSIVE
