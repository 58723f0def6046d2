"""What does a speed record hold? The form of what ``python -m compat.speed`` writes, checked key by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compat.record_format import Part, Provenance, VersionText

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT = 1
CONTROL, ALONE, AGAIN = "itself", "nothing", "nothing again"


class Contestant(Part):
    """A way to an answer: what it lacks of the first's, its relative error, and bytes of extra memory."""

    id: str
    lacks: str = ""
    error: float | str | None = None
    peak: int | None = None


class Samples(Part):
    """Mean seconds of a call, one for each round; ``calls`` of them are a sample."""

    id: str
    part: str
    calls: int
    seconds: tuple[float, ...]


class LeftOut(Part):
    """Who could not take part, and why."""

    id: str
    why: str


class Cell(Part):
    """A model's gradients in one dtype, and every way to one answer; ``read`` is a plain read, in seconds."""

    model: str
    dtype: str
    real: bool
    made_in: float
    tensors: int
    bytes: int
    read: float
    answer: str
    contestants: tuple[Contestant, ...]
    timed: tuple[Samples, ...]
    left_out: tuple[LeftOut, ...] = ()

    def seconds(self, identity: str, part: str) -> Sequence[float]:
        """Return the rounds of a contestant; none where it was not timed."""
        return next((each.seconds for each in self.timed if (each.id, each.part) == (identity, part)), ())


class Skipped(Part):
    """A model that was not measured, and why."""

    model: str
    why: str


class ByLength(Part):
    """What every way to the norms of a list of this length costs."""

    length: int
    told: dict[str, dict[str, int]]
    timed: tuple[Samples, ...]


class BySize(Part):
    """What every way to the norms of ten tensors of so many elements has dispatched and launched."""

    elements: int
    told: dict[str, dict[str, int]]


class Training(Part):
    """Seconds of a training step alone, and with every way to look at its gradients."""

    tensors: int
    lacks: dict[str, str]
    timed: tuple[Samples, ...]


class SpeedRecord(Part):
    """All that was timed in one torch on one device."""

    format: int
    api: str
    torch: VersionText
    python: VersionText
    device: str
    digest: str
    provenance: Provenance
    cells: tuple[Cell, ...]
    skipped: tuple[Skipped, ...]
    by_length: tuple[ByLength, ...]
    by_size: tuple[BySize, ...]
    training: Training

    @property
    def name(self) -> str:
        """The file name that this record must have."""
        return f"torch-{self.torch}-py{self.python}-{self.device}.json"
