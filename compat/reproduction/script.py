"""What does a finding's script say? It needs torch alone, prints expected and got, and ends with a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compat.probe import tolerances
from compat.probe.cases import FIELDS, order_of
from compat.reproduction.literal.tensors import MAKING, listed, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compat.contract import Contract, Reference
    from compat.probe.cases import Case

_SCRIPT = '''"""{title}

{seen}

    python {name}

needs {needs}, and prints what was expected and what the function gave. It ends with 0 where they agree,
with 1 where they do not, and with 2 where this torch lacks {lacking}.
"""

{imports}

ORD = {order}

# How far each norm may lie from the expected one, by rounding: relative to the larger, and absolutely.
BOUNDS = {bounds}
{making}

def got(tensors, ord):
    return {got}


def expected(tensors, ord):
    return {expected}


def attempt(function, tensors):
    """Return the norms, or the error that came instead of them."""
    try:
        return list(function(tensors, ORD)), None
    except Exception as error:
        return None, "{{}}: {{}}".format(type(error).__name__, error)


def shown(norms, error):
    return error or [(norm.item(), str(norm.dtype), list(norm.shape)) for norm in norms]


def agree(one, other, bound):
    """Tell whether two norms agree in dtype, shape and, within the bound, in value."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    one, other = one.item(), other.item()
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    if math.isinf(one) or math.isinf(other):
        return one == other
    return abs(one - other) <= bound[0] * max(abs(one), abs(other)) + bound[1]


def main():
    print("torch", torch.__version__)
    for name in {needed}:
        found = torch
        for part in name.split(".")[1:]:
            found = getattr(found, part, None)
        if found is None:
            print("this torch has no", name)
            return 2
{guard}{tensors}
    wanted, wanted_error = attempt(expected, tensors)
    norms, error = attempt(got, tensors)
    again, again_error = attempt(got, tensors)
    print("expected:", shown(wanted, wanted_error))
    print("got:     ", shown(norms, error))
    if repr(shown(again, again_error)) != repr(shown(norms, error)):
        print("again:   ", shown(again, again_error))
        return 1
    if norms is None or wanted is None:
        return 0 if norms is wanted else 1
    if len(norms) != len(wanted):
        return 1
    return 0 if all(map(agree, norms, wanted, BOUNDS)) else 1


if __name__ == "__main__":
    sys.exit(main())
'''


_GUARD = """\
    if not torch.cuda.is_available():
        print("this torch sees no CUDA device, on which alone the difference was seen")
        return 2
"""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A case and the reference that it is a finding against, with what is known of where it was seen."""

    case: Case
    reference: Reference
    what: str
    """What the difference is, such as "only the function raises"."""
    where: str
    """The releases, and how it was found: one sentence."""
    device: str = "cpu"
    """Where it was seen, and is to be seen again."""


def render(finding: Finding, contract: Contract, name: str) -> str:
    """Return the text of a finding's script, that will lie in a file of this name."""
    reference = finding.reference
    tensors, makes = listed(finding.case, finding.device)
    elsewhere = finding.device != "cpu"
    own = f"{contract.api}(tensors, ord)"
    needed = [contract.api, *([reference.needs] if reference.needs else [])]
    imports = ["math", *(["random"] if makes else []), "sys"]
    parts: Mapping[str, str] = {
        "title": f"{contract.api} against {reference.id}: {finding.what}.",
        "seen": finding.where,
        "name": name,
        "needs": f"torch alone and a {finding.device.upper()} device" if elsewhere else "torch alone",
        "lacking": " or ".join([*needed, *(["the device"] if elsewhere else [])]),
        "guard": _GUARD if elsewhere else "",
        "imports": "\n".join(f"import {each}" for each in imports) + "\n\nimport torch",
        "order": number(order_of(finding.case)),
        "bounds": "[" + ", ".join(map(repr, bounds(finding.case, total=reference.combine is not None))) + "]",
        "making": MAKING if makes else "",
        "got": f"(lambda norms: {reference.combine})({own})" if reference.combine else own,
        "expected": reference.call,
        "needed": repr(tuple(needed)),
        "tensors": "\n".join(f"    {line}" for line in tensors.splitlines()),
    }
    return _SCRIPT.format_map(parts)


def bounds(case: Case, *, total: bool) -> list[tuple[float, float]]:
    """Return for each norm the bound that the probe allows: its relative and its absolute part."""
    order = order_of(case)
    parts = [_part(case, place) for place in range(len(case["tensors"]))]
    if not total:
        return [
            (tolerances.relative_bound(dtype, elements, order), tolerances.SMALLEST[dtype])
            for dtype, elements in parts
        ]
    dtype = _promoted({dtype for dtype, _ in parts})
    absolute = tolerances.allowed_of_total(0.0, 0.0, dtype, parts, order)
    return [(tolerances.allowed_of_total(1.0, 1.0, dtype, parts, order) - absolute, absolute)]


def _part(case: Case, place: int) -> tuple[str, int]:
    """Return dtype and element count of a tensor."""
    entry = case["tensors"][place]
    if entry[0] in ("same", "tail"):
        dtype, elements = _part(case, entry[1])
        return dtype, elements if entry[0] == "same" else elements - elements // 2
    elements = 1
    for size in entry[1]:
        elements *= size
    return entry[0], elements


def _promoted(dtypes: set[str]) -> str:
    """Return the dtype of what holds numbers of all these dtypes."""
    if dtypes == {"float16", "bfloat16"}:
        return "float32"
    return max(dtypes, key=lambda dtype: FIELDS[dtype][0], default="float32")
