"""How much memory does each way need beside the gradients, at its peak?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.report.numbers import byte_count, percent
from compat.speed_format import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compat.speed_format import Cell, SpeedRecord


@dataclass(frozen=True, kw_only=True)
class MemoryRow:
    """The most that a way needed, as bytes and as a share of the gradients' own, and on which of them."""

    way: str
    most: str
    share: str
    where: str


def memory_rows(record: SpeedRecord, answer: str) -> Iterator[MemoryRow]:
    """Yield, for each way to an answer, the cell in which it needed most beside its gradients' size."""
    cells = [cell for cell in record.cells if cell.answer == answer]
    for way in dict.fromkeys(each.id for cell in cells for each in cell.contestants if each.id != CONTROL):
        found = list(_peaks(cells, way))
        if found:
            share, peak, cell = max(found, key=lambda each: each[:2])
            yield MemoryRow(
                way=way,
                most=byte_count(peak),
                share=percent(share),
                where=f"{cell.model}, {cell.dtype}",
            )


def _peaks(cells: Sequence[Cell], way: str) -> Iterator[tuple[float, int, Cell]]:
    for cell in cells:
        for each in cell.contestants:
            if each.id == way and each.peak is not None:
                yield each.peak / cell.bytes, each.peak, cell
