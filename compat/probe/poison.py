"""Would a function that reads memory nobody wrote be noticed? Fills what allocators hand out with a pattern.

Fresh memory mostly holds what the last owner left, and so the same twice: garbage that looks like a
value. Whatever is asked is therefore asked under each of `PATTERNS`, and an answer made of unwritten
memory is another one each time. On the CPU, torch's allocator has switches for that (two global flags
of libc10), and glibc an option that reaches memory beside tensors as well. On a device, blocks of
many sizes are taken from its caching allocator, filled and given back.

Out of reach are registers, the stack, and memory that a library hands to itself: what the function
freed within the same call, and small blocks that the C library keeps at hand for plain malloc.
"""

from __future__ import annotations

import contextlib
import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

#: All bits zero, as memory fresh from the system is, and a byte that makes a large finite number of every
#: floating dtype (203.25 in float16, 1.5e16 in float32), a large integer, and True.
ZERO, LARGE = PATTERNS = (0x00, 0x5A)

#: What stands in place of a pattern where memory is to be left alone again.
OFF = -1

#: glibc's `M_PERTURB`: what it hands out is filled with the complement of this option's byte.
PERTURB = -6

#: Torch's flags that fill each block of its CPU allocator: with zeros, or with 0xdeadbeef and the like.
ZERO_FILL, JUNK_FILL = (f"FLAGS_caffe2_cpu_allocator_do_{kind}_fill" for kind in ("zero", "junk"))

#: Sizes in bytes and numbers of the blocks that are filled on a device: its smallest is 512 bytes, and its
#: pool of small blocks ends at 1 MiB.
BLOCKS = tuple((1 << power, 8 if power < 13 else 2) for power in range(9, 21))  # noqa: PLR2004 - 8 KiB

Switch = Callable[[int], None]


class Memory:
    """The free memory of this process and of one device.

    Args:
        torch: the torch under test.
        device: the device whose allocator is served beside the host's.
    """

    def __init__(self, torch: Any, device: str = "cpu") -> None:
        self._torch, self._device = torch, device
        perturb, fill = _perturbing(), _filling(torch)
        if perturb is not None and fill is not None and _reaches(torch, perturb):
            # Torch's junk is negative in most dtypes, and so would hide in a maximum; the byte does not.
            fill = None
        self._switches = [each for each in (perturb, fill) if each is not None]

    @contextlib.contextmanager
    def filled(self, pattern: int) -> Iterator[None]:
        """Hand out memory filled with one of the patterns while the context lasts."""
        if self._device != "cpu":
            self._fill_free_blocks(pattern)
        try:
            for switch in self._switches:
                switch(pattern)
            yield
        finally:
            for switch in self._switches:
                switch(OFF)

    def _fill_free_blocks(self, pattern: int) -> None:
        """Take blocks, all at once so that none is taken twice, the smallest first to fit the gaps."""
        empty, byte = self._torch.empty, self._torch.uint8
        blocks = [
            empty(size, dtype=byte, device=self._device).fill_(pattern)
            for size, number in BLOCKS
            for _ in range(number)
        ]
        blocks.clear()


def _perturbing() -> Switch | None:
    """Return what sets glibc's option, or None where the C library is another one."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return None
    if not mallopt(PERTURB, 0):
        return None

    def switch(pattern: int) -> None:
        mallopt(PERTURB, 0 if pattern == OFF else pattern ^ 0xFF)

    return switch


def _filling(torch: Any) -> Switch | None:
    """Return what sets torch's flags, or None where this torch shows none."""
    try:
        (library,) = (Path(torch.__file__).parent / "lib").glob("libc10.*")
        zero, junk = (
            ctypes.c_bool.in_dll(ctypes.CDLL(str(library)), flag) for flag in (ZERO_FILL, JUNK_FILL)
        )
    except (AttributeError, OSError, ValueError):
        return None

    def switch(pattern: int) -> None:
        zero.value, junk.value = pattern == ZERO, pattern == LARGE

    return switch


def _reaches(torch: Any, perturb: Switch) -> bool:
    """Tell whether torch's small blocks come filled: glibc 2.38 and newer may serve them from a cache."""
    perturb(LARGE)
    try:
        fresh = [torch.empty(size, dtype=torch.uint8).tolist() for size in (1, 4, 64) for _ in range(8)]
    finally:
        perturb(OFF)
    return all(set(each) == {LARGE} for each in fresh)
