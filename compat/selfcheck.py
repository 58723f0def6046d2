"""Would a wrong function be noticed? Plants one fault after the other and judges what the probe records.

The probe is the real one beside a real torch, and the judge is that of every report. A fault is caught
where the judgement differs for the worse from that of a harmless wrapper: what is seen of any
wrapper is no finding about a fault. The unmodified function must be judged alike each time.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compat import paths
from compat.errors import ConfigurationError
from compat.probe.faults import FAULTS, HARMLESS
from compat.probe.record import file_name
from compat.records import Ledger, parse_record
from compat.statuses import Status, findings, judge_release

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from compat.contract import Contract
    from compat.record_format import Record

LIMIT_SECONDS = 1800.0
"""A probe bounds each of its steps; one that takes longer in all has no record, which is a finding."""

CLEAN = "unmodified"

ISOLATION, CANARIES, EXPLORATION = "isolation", "canaries", "exploration"

RECORD = "record"
"""The finding that a record, as a whole, is worth nothing."""

_PLACES = {"cases": "agreement", "exploring": EXPLORATION, "accuracy level": "accuracy"}
"""By the words with which a judgement says where a comparison differed, the level."""

_KINDS = {"accuracy": "accuracy", "stopped": "accuracy", "slow": "cost", "dispatches": "cost"}

Probe = Callable[[str | None], Path | None]
"""Measures with a fault, or with none, and returns where the record lies, if there is one."""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How one run was judged: its status, what was found, and by which levels."""

    status: Status
    why: str
    findings: Mapping[str, str]
    levels: Mapping[str, frozenset[str]]
    """By finding."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """What came of one fault, or of the unmodified function."""

    name: str
    family: str
    good: bool
    """Caught, or for the unmodified function judged as ever."""
    judgement: Judgement
    new: tuple[str, ...]
    """The findings that the baseline has not."""

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that saw something new."""
        return tuple(sorted({level for identity in self.new for level in self.judgement.levels[identity]}))

    @property
    def line(self) -> str:
        """One line of the table."""
        first = f"{self.new[0]}: {self.judgement.findings[self.new[0]]}" if self.new else self.judgement.why
        good = "yes" if self.good else "NO"
        levels = ", ".join(self.levels) or "-"
        return f"{self.name:34} {self.family:16} {good:5}{self.judgement.status:13} {levels:44} {first:.99}"


HEADING = f"{'fault':34} {'family':16} {'good':5}{'status':13} {'levels':44} first finding"


def check_faults(
    names: Iterable[str], *, clean: int, jobs: int, probe: Probe, judge: Callable[[Path | None], Judgement]
) -> Iterator[Check]:
    """Yield what comes of each fault, then of the unmodified function ``clean`` times.

    Raises:
        ConfigurationError: the wrapper alone is judged otherwise than the unmodified function.
    """
    with ThreadPoolExecutor(jobs) as pool:
        first, wrapper = (judge(path) for path in pool.map(probe, (None, HARMLESS)))
        if worse(wrapper, first):
            message = f"planting itself is seen, so no fault can be judged: {worse(wrapper, first)}"
            raise ConfigurationError(message)
        try:
            for name, judged in _in_turn(pool, names, probe, judge):
                new = worse(judged, wrapper)
                yield Check(name=name, family=FAULTS[name].family, good=bool(new), judgement=judged, new=new)
            for _, judged in _in_turn(pool, [None] * clean, probe, judge):
                new = worse(judged, first)
                yield Check(name=CLEAN, family="", good=not new, judgement=judged, new=new)
        finally:
            pool.shutdown(cancel_futures=True)


def worse(judged: Judgement, baseline: Judgement) -> tuple[str, ...]:
    """Return the findings that the baseline has not, or has in other words."""
    return tuple(key for key, text in judged.findings.items() if baseline.findings.get(key) != text)


def judge_record(contract: Contract, digests: Mapping[str, str], path: Path | None) -> Judgement:
    """Judge a record as a report would, but for the fault that it owns up to."""
    if path is None or not path.is_file():
        return Judgement(
            status=Status.NOT_MEASURED,
            why="there is no record",
            findings={RECORD: "there is none"},
            levels={RECORD: frozenset({ISOLATION})},
        )
    text = path.read_text(encoding="utf-8")
    named = json.loads(text)
    record = parse_record(text, file_name(named["torch"], named["python"], named["device"]))
    record = record.model_copy(update={"planted": None})
    ledger = Ledger.of([record], digest="", digests=digests).about(contract.api)
    status = judge_release(contract, ledger, record.torch, record.python, record.device)
    found = findings(contract, record) if record.present else {}
    levels = {key: frozenset(_levels(key, text, contract, record)) for key, text in found.items()}
    if record.name in ledger.unusable or not record.present:
        found[RECORD] = status.why
        levels[RECORD] = frozenset({CANARIES if "canary" in status.why else ISOLATION})
    return Judgement(status=status.status, why=status.why, findings=found, levels=levels)


def probe_with(
    python: Path, folder: Path, arguments: Sequence[str] = (), *, exploring: float | None = None
) -> Probe:
    """Return what measures the torch of an interpreter, each time into another file of the folder.

    Args:
        python: the interpreter.
        folder: where the records go.
        arguments: further ones of the probe.
        exploring: for how many seconds to explore beside a fault. What less exploring catches, more does too;
            the unmodified function has to pass all that the profile looks at.
    """

    def measure(fault: str | None) -> Path | None:
        out = Path(tempfile.mkdtemp(dir=folder)) / "record.json"
        planting = ["--plant", fault] if fault else []
        planting += ["--seconds", str(exploring)] if fault and exploring is not None else []
        command = [str(python), "-m", "compat.probe", "--out", str(out), *planting, *arguments]
        try:
            subprocess.run(
                command,
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=LIMIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        return out if out.is_file() else None

    return measure


def chosen(names: Sequence[str]) -> list[str]:
    """Return these faults, or all; ConfigurationError names those that are not there."""
    unknown = [name for name in names if name not in FAULTS]
    if unknown:
        message = f"{', '.join(unknown)}: no such fault. There is {', '.join(FAULTS)}."
        raise ConfigurationError(message)
    return list(names or FAULTS)


def _in_turn(
    pool: ThreadPoolExecutor,
    names: Iterable[str | None],
    probe: Probe,
    judge: Callable[[Path | None], Judgement],
) -> Iterator[tuple[str, Judgement]]:
    planned = list(names)
    for name, path in zip(planned, pool.map(probe, planned), strict=True):
        yield name or CLEAN, judge(path)


def _levels(identity: str, text: str, contract: Contract, record: Record) -> Iterator[str]:
    kind, _, _ = identity.partition(":")
    asked = next((each.level for each in contract.questions if each.id == identity), None)
    if asked:
        yield asked
    elif kind == "state":
        yield from (each.level for each in record.left)
    elif kind in ("agreement", "identity"):
        yield from (level for words, level in _PLACES.items() if words in text)
    else:
        yield _KINDS.get(kind, ISOLATION)
