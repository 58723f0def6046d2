"""torch._foreach_norm against norm-of-order: disagrees.

Seen in torch 1.11.0 on CPU; found by exploring.

    python norm-of-order-f52c2ff70e.py

needs torch alone, and prints what was expected and what the function gave. It ends with 0 where they agree,
with 1 where they do not, and with 2 where this torch lacks torch._foreach_norm.
"""

import math
import sys

import torch

ORD = float("-inf")

# How far each norm may lie from the expected one, by rounding: relative to the larger, and absolutely.
BOUNDS = [(0.007812976837158203, 9.183549615799121e-41)]


def got(tensors, ord):
    return torch._foreach_norm(tensors, ord)


def expected(tensors, ord):
    return [t.norm(ord) for t in tensors]


def attempt(function, tensors):
    """Return the norms, or the error that came instead of them."""
    try:
        return list(function(tensors, ORD)), None
    except Exception as error:
        return None, "{}: {}".format(type(error).__name__, error)


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
    for name in ('torch._foreach_norm',):
        found = torch
        for part in name.split(".")[1:]:
            found = getattr(found, part, None)
        if found is None:
            print("this torch has no", name)
            return 2
    tensors = []
    tensors.append(torch.tensor([float("inf")], dtype=torch.bfloat16)[0])
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
