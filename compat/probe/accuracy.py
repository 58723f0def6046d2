"""Level 4: how far the norm lies from the exact value, by dtype, size and magnitude.

The data repeat a short pattern, so that the exact sum of squares is a whole number of exactly known
pattern sums: rational arithmetic gives the reference, and no reduction of torch's takes part in it.
Of the two patterns, mixed values let rounding errors cancel, and one value over and over does not.
Where the function takes ``dtype=``, it is asked for a wider result as well.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Callable

from compat.probe import magnitudes, outcomes, tolerances
from compat.probe.agreement import confront
from compat.probe.cases import FIELDS, Materialiser
from compat.probe.context import Context
from compat.probe.exact import exact_norm, relative_error, times_power
from compat.probe.references import references

ORDER = 2

PATTERN = 1 << 10
LARGEST = 1 << 25

MIXED, EQUAL = "mixed", "equal"

#: The value of the equal pattern: its bits alternate, so that no sum of its squares is short of rounding.
EQUAL_VALUE = 4 / 3

#: Element counts: powers of four, the largest, and two with a rest in every unit that a kernel may work in.
SIZES = (*(1 << power for power in range(0, 25, 2)), LARGEST, 1_001, 10_000_001)
EQUAL_SIZES = (*(1 << power for power in range(10, 25, 2)), LARGEST)

#: The same with the remedy; equal values at the largest size alone, where they hurt most.
REMEDY_SIZES = (PATTERN, 1 << 14, 1 << 18, 1 << 22, LARGEST)
REMEDY_EQUAL_SIZES = (LARGEST,)

#: The dtypes that a caller may ask for instead.
WIDER: dict[str, tuple[str, ...]] = {
    "float16": ("float32", "float64"),
    "bfloat16": ("float32", "float64"),
    "float32": ("float64",),
    "float64": (),
}

#: The element count at which magnitudes are tried, and about how many are kept, without and with the remedy.
MODERATE = 1 << 12
KEPT, REMEDY_KEPT = 10, 4

Entry = dict[str, Any]
Step = tuple[str, Callable[[], list[Entry]]]


def steps(context: Context) -> Iterator[Step]:
    """Yield one step for each dtype, pattern, dtype of the result and size, then those of the magnitudes."""
    if context.function is None:
        return
    level = Level(context)
    for dtype in FIELDS:
        results = (dtype, *WIDER[dtype])
        for pattern in (MIXED, EQUAL):
            for result in results:
                for elements in sorted(_sizes(pattern, remedy=result != dtype)):
                    yield (
                        f"{dtype}/{result}/{pattern}/{elements}",
                        functools.partial(level.at_size, dtype, result, pattern, elements),
                    )
        for result in results:
            yield (
                f"{dtype}/{result}/magnitudes/{MODERATE}",
                functools.partial(level.by_magnitude, dtype, result),
            )


def helpers(_context: Context) -> dict[str, Callable[..., Any]]:
    """Return what the calls of this level's questions may use."""
    return {}


@dataclass(frozen=True)
class Pattern:
    """What a tensor repeats, with its values as Python's numbers, which every one of these dtypes fits in."""

    tensor: Any
    values: tuple[float, ...]

    @property
    def extremes(self) -> tuple[float, float]:
        """The smallest and the largest absolute value."""
        absolute = [abs(value) for value in self.values]
        return min(absolute), max(absolute)


class Level:
    """Puts one tensor at a time to the function and holds what it gives against the exact norm.

    All sizes of a pattern are slices of one tensor, of which there is one at a time.

    Args:
        context: the measurement's surroundings.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._materialiser = Materialiser(context.torch, context.device)
        self._references = references(context)[:1]
        self._patterns: dict[tuple[str, str], Pattern] = {}
        self._repeated: tuple[Pattern, Any] | None = None

    def at_size(self, dtype: str, result: str, name: str, elements: int) -> list[Entry]:
        """Return what came of one size, as the only entry of a list."""
        pattern = self._pattern(dtype, name)
        data = self._repeat(pattern)[:elements]
        return [self._measure(data, result, exact_norm(pattern.values, elements), pattern.extremes)]

    def by_magnitude(self, dtype: str, result: str) -> list[Entry]:
        """Return what came of the telling ones among all powers of two that the values can be scaled by."""
        pattern = self._pattern(dtype, MIXED)
        exact, (smallest, largest) = exact_norm(pattern.values, MODERATE), pattern.extremes
        data = pattern.tensor.repeat(MODERATE // PATTERN)
        entries = []
        for power in magnitudes.powers(dtype, result, exact):
            scaled = magnitudes.scaled(self._context.torch, data, power)
            extremes = math.ldexp(smallest, power), math.ldexp(largest, power)
            measured = self._measure(scaled, result, times_power(exact, power), extremes)
            entries.append({"magnitude": power, **measured})
        return magnitudes.telling(entries, is_good, KEPT if result == dtype else REMEDY_KEPT)

    def _measure(self, data: Any, result: str, exact: Decimal, extremes: tuple[float, float]) -> Entry:
        remedy = str(data.dtype) != f"torch.{result}"
        asked = {"dtype": getattr(self._context.torch, result)} if remedy else {}
        try:
            norm = self._context.function([data], ORDER, **asked)[0]
            got = float(norm.item())
        except Exception as exception:  # noqa: BLE001 - whatever the measured torch raises is an outcome
            return {"relative_error": "nan", "stopped": outcomes.error(exception)}
        entry: Entry = {
            "relative_error": relative_error(got, exact),
            "got": got if math.isfinite(got) else str(got),
            "exact": float(exact),
            "bound_share": bound_share(got, float(exact), result, data.numel()),
        }
        if not tolerances.squares_fit(result, data.numel(), *extremes):
            entry["bounded"] = False
        codes = {} if remedy else self._codes(norm, data)
        return {**entry, "codes": codes} if codes else entry

    def _codes(self, norm: Any, data: Any) -> dict[str, str]:
        """Return the first reference's code where its bits differ: the corpus has no tensors so large."""
        asked = {each.name: confront(each, [norm], None, [data], ORDER)[0] for each in self._references}
        return {name: code for name, code in asked.items() if code != "="}

    def _pattern(self, dtype: str, name: str) -> Pattern:
        if (dtype, name) not in self._patterns:
            tensor = self._materialiser.tensor(dtype, [PATTERN], "contiguous", magnitudes.FILL, 1)
            if name == EQUAL:
                tensor = self._context.torch.full_like(tensor, EQUAL_VALUE)
            values = tuple(float(value) for value in tensor.cpu().tolist())
            self._patterns[dtype, name] = Pattern(tensor, values)
        return self._patterns[dtype, name]

    def _repeat(self, pattern: Pattern) -> Any:
        if self._repeated is None or self._repeated[0] is not pattern:
            self._repeated = None  # the memory of the last one is free before the next is made
            self._repeated = pattern, pattern.tensor.repeat(LARGEST // PATTERN)
        return self._repeated[1]


def bound_share(got: float, exact: float, dtype: str, elements: int) -> Any:
    """Return the distance over its bound, as the text "nan" or "inf" where ``got`` is not finite."""
    if not math.isfinite(got):
        return str(abs(got))
    bound = tolerances.allowed(got, exact, dtype, elements, ORDER)
    return float(f"{abs(got - exact) / bound:.2e}")


def is_good(entry: Entry) -> bool:
    """Tell whether the bound explains an entry, and the reference gives the same bits."""
    share = entry.get("bound_share", "nan")
    return not isinstance(share, str) and share <= 1 and "codes" not in entry


def gather(results: dict[str, dict[str, Any]]) -> list[Entry]:
    """Return the record's part: an entry a point; what stopped one dtype for one result is told once."""
    entries: list[Entry] = []
    told: list[Entry] = []
    for key, result in results.items():
        if "/" not in key:
            continue  # a question's
        for measured in result.get("ok") or [_stopped(result)]:
            entry = {**_place(key), **measured}
            stop = {part: entry.get(part) for part in ("dtype", "result_dtype", "stopped")}
            if stop not in told:
                entries.append(entry)
            if stop["stopped"]:
                told.append(stop)
    return entries


def _stopped(result: dict[str, Any]) -> Entry:
    kind = next(iter(result))
    return {"relative_error": "nan", "stopped": {"kind": kind, "text": str(result[kind])}}


def _place(key: str) -> Entry:
    dtype, result, pattern, elements = key.split("/")
    place: Entry = {"dtype": dtype, "elements": int(elements)}
    if result != dtype:
        place["result_dtype"] = result
    if pattern == EQUAL:
        place["pattern"] = EQUAL
    return place


def _sizes(pattern: str, *, remedy: bool) -> tuple[int, ...]:
    if pattern == MIXED:
        return REMEDY_SIZES if remedy else SIZES
    return REMEDY_EQUAL_SIZES if remedy else EQUAL_SIZES
