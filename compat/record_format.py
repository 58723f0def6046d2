"""What does a record look like? One frozen model for each part of the file the probe writes.

Unknown keys are ignored (the format may grow; keys are added, never renamed), but a known key of
the wrong type is refused. Keys that came after the first format are optional, so that its records can
still be read. History of the format:

1: the first;
2: accuracy also by pattern, magnitude and result dtype, with its share of the bound; the name of a
   planted fault; a seal over the content.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from packaging.version import InvalidVersion, Version
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

FORMAT = 2
READABLE = (1, 2)
SEALED = 2
"""The first format whose records carry a seal."""

AGREEING = {"=": "bit-identical", "~": "within the bound", "E": "both raise"}
DIFFERING = {
    "X": "disagrees",
    "f": "only the function raises",
    "r": "only the reference raises",
    "U": "two calls of the function differ",
    "!": "crashed",
    "T": "timed out",
}
UNASKED = {"-": "not asked", "H": "harness error"}
"""The codes of the agreement level, by what they mean for a claim."""

WHOLE: Literal["whole"] = "whole"
"""The part of a call that is all of it, as a caller waits for it."""

Number = float | Literal["inf", "-inf", "nan"]
"""JSON has no infinities; a measured one travels as a word."""


def _version(text: str) -> str:
    try:
        Version(text)
    except InvalidVersion as error:
        message = f"{text!r} is not a version"
        raise ValueError(message) from error
    return text


VersionText = Annotated[str, AfterValidator(_version)]


class Part(BaseModel):
    """A part of a record: immutable, strict about types, tolerant of keys it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False)


class Failure(Part):
    """Why a row has no measurement: the phase that failed and the end of its error."""

    phase: str
    message: str


class Digests(Part):
    """What a record was measured with; a difference from today's makes it stale."""

    contract: str
    corpus: str
    probe: str


class Provenance(Part):
    """Where and when a record was made. A failed row knows less of this than a measured one."""

    torch_version: str | None = None
    git_version: str | None = None
    cuda: str | None = None
    python_version: str | None = None
    platform: str | None = None
    cpu: str | None = None
    cpu_capability: str | None = None
    threads: int | None = None
    wheels: str | None = None
    packages: dict[str, str] = {}
    started: str | None = None
    finished: str | None = None
    seconds: dict[str, float] = {}

    @property
    def processor(self) -> str:
        """What a CPU computes on, by which libraries choose their kernels; empty where it is not known."""
        return ", ".join(each for each in (self.cpu, self.cpu_capability) if each)


class Surface(Part):
    """What torch itself says of the name: stub, operator schemas, callers, relatives."""

    present: bool
    stub: str | None = None
    schemas: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    relatives: dict[str, bool] = {}


class Outcome(Part):
    """What a question gave: its kind, a text that can be compared between releases, and warnings."""

    kind: str
    text: str
    warnings: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The outcome as a person reads it."""
        return f"{self.text} (warns: {'; '.join(self.warnings)})" if self.warnings else self.text


class Worst(Part):
    """The largest difference seen that was still within the bound."""

    against: str
    dtype: str
    ulps: Number
    case: int
    bound_share: Number


class Disagreement(Part):
    """One element of one case that a reference answers differently."""

    case: int
    against: str
    element: int | None = None
    got: str
    expected: str


class ErrorCount(Part):
    """One error text, how many cases raised it, and the first of them."""

    text: str
    count: int
    case: int


class Agreement(Part):
    """The corpus replayed: one code a case for each reference (see ``codes`` in the probe)."""

    cases: int
    codes: dict[str, str]
    worst: tuple[Worst, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    errors: tuple[ErrorCount, ...] = ()
    values: str | None = None
    seconds: float | None = None

    @model_validator(mode="after")
    def _codes_are_whole(self) -> Self:
        known = set(AGREEING) | set(DIFFERING) | set(UNASKED)
        for against, codes in self.codes.items():
            if len(codes) != self.cases:
                message = f"{against} has {len(codes)} codes for {self.cases} cases"
                raise ValueError(message)
            if set(codes) - known:
                message = f"{against} has unknown codes {sorted(set(codes) - known)}"
                raise ValueError(message)
        return self


class ExplorationFailure(Part):
    """A failing example, shrunk, kept as a case."""

    case: dict[str, object]
    codes: Annotated[dict[str, str], Field(min_length=1)]
    """By reference, the code of the difference found."""
    message: str


class Reached(Part):
    """How far the search for the largest error got: the share of the bound, and the case that uses it."""

    against: str
    dtype: str
    ulps: Number
    bound_share: Number
    case: dict[str, object]


class Exploration(Part):
    """What a fresh Hypothesis run found, or why there was none (``not_run``)."""

    seed: int | None = None
    examples: int | None = None
    hypothesis: str | None = None
    failures: tuple[ExplorationFailure, ...] = ()
    passed: bool | None = None
    """Whether nothing failed; where something did, failing examples say what."""
    not_run: str | None = None
    seconds: float | None = None
    """How long was to be explored."""
    rounds: int | None = None
    largest: tuple[Reached, ...] = ()
    """The largest share of a bound that the search reached, by dtype and reference."""
    structures: int | None = None
    """How many kinds of tensors were in the lists: dtype, layout, fill, rank and emptiness."""
    stopped: str | None = None
    """Why not all of the time was explored."""

    @property
    def doubt(self) -> str | None:
        """Why this is no evidence of fresh examples, or None where it is."""
        if self.not_run or not self.examples:
            return self.not_run or "no example was tried"
        if self.passed is False and not self.failures:
            return "exploring failed, and no example says why"
        return None

    def against(self, reference: str) -> tuple[ExplorationFailure, ...]:
        """Return the failures that concern one reference."""
        return tuple(each for each in self.failures if reference in each.codes)


class AccuracyPoint(Part):
    """The relative error against an exact norm, for one dtype, element count and pattern of values."""

    dtype: str
    elements: int
    relative_error: Number
    got: Number | None = None
    exact: Number | None = None
    result_dtype: str | None = None
    """The dtype that was asked for; None where none was."""
    pattern: str = "mixed"
    magnitude: int = 0
    """The power of two that the pattern, of values between 1/8 and 2, was scaled by."""
    bound_share: Number | None = None
    """Distance over the bound that follows from dtype and element count; above 1, the kernel is to blame."""
    bounded: bool = True
    """Whether the bound holds at this magnitude: not where squares leave the accumulator's range."""
    codes: dict[str, str] = {}
    """By reference that is not bit-identical here, the code of the agreement level."""
    stopped: Outcome | None = None
    """What came of the call instead of a norm."""


class Dispatches(Part):
    """Operators dispatched by one call on a list of ``length`` tensors."""

    length: int
    operators: dict[str, int]


Pair = Annotated[tuple[float, float], Field(description="private, other; seconds a call")]
Triple = Annotated[tuple[float, float, float], Field(description="step only, with private, with loop")]


class Timing(Part):
    """Interleaved timings of one workload: the private function beside ``against``.

    On an accelerator the ``host`` and the ``device`` are timed apart as well; ``whole`` is both.
    """

    workload: str
    against: str
    part: Literal["whole", "host", "device"] = WHOLE
    unit: str = "s"
    threads: int | None = None
    pairs: tuple[Pair, ...]
    calls: int | None = None

    @property
    def words(self) -> str:
        """What was timed, such as ``timing many-tiny against norm, the host alone``."""
        alone = "" if self.part == WHOLE else f", the {self.part} alone"
        return f"timing {self.workload} against {self.against}{alone}"


class Overhead(Part):
    """A training step alone, with the private function, and with a loop of norms."""

    workload: str
    threads: int | None = None
    triples: tuple[Triple, ...]


class Cost(Part):
    """Level 7: dispatches, timings, overhead, or why they were not run."""

    dispatches: tuple[Dispatches, ...] = ()
    timings: tuple[Timing, ...] = ()
    overhead: Overhead | None = None
    not_run: str | None = None


class Left(Part):
    """A step that did not leave the process as it found it, and what it changed."""

    level: str
    key: str
    what: str


class GivenUp(Part):
    """A level whose rest was not measured, behind which step, and why."""

    level: str
    behind: str
    why: str


class Record(Part):
    """Everything one probe run observed in one torch on one device, with its provenance."""

    format: int
    api: str
    torch: VersionText
    python: VersionText
    device: str
    profile: str
    status: Literal[
        "measured", "install-failed", "import-failed", "device-missing", "died", "interpreter-missing"
    ]
    failure: Failure | None = None
    planted: str | None = None
    """The fault that was planted into the measured function; such a record is no evidence of torch."""
    digests: Digests
    provenance: Provenance = Provenance()
    surface: Surface | None = None
    questions: dict[str, Outcome] | None = None
    agreement: Agreement | None = None
    exploration: Exploration | None = None
    accuracy: tuple[AccuracyPoint, ...] | None = None
    cost: Cost | None = None
    canaries: dict[str, bool] | None = None
    left: tuple[Left, ...] = ()
    given_up: tuple[GivenUp, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.status == "measured":
            needed = ["surface", "canaries"]
            needed += ["questions"] if self.surface and self.surface.present else []
        else:
            needed = ["failure"]
        missing = [key for key in needed if getattr(self, key) is None]
        if missing:
            message = f"a record with status {self.status} needs {', '.join(missing)}"
            raise ValueError(message)
        return self

    @property
    def present(self) -> bool:
        """Whether the function is there; false also where nothing was measured."""
        return self.surface is not None and self.surface.present

    @property
    def name(self) -> str:
        """The file name that this record must have."""
        return f"torch-{self.torch}-py{self.python}-{self.device}.json"
