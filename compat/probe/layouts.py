"""In which ways can the same numbers lie in memory, apart from one behind the other?"""

from __future__ import annotations

from typing import Any


def views(torch: Any, device: str) -> list[Any]:
    """Return one tensor of each sort of view that strides can express, of different norms.

    Their numbers are few and small enough that no order of summation rounds differently.
    """
    grid = torch.arange(-12.0, 12.0, device=device).reshape(2, 3, 4)
    image = grid.reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last)
    return [
        grid[:, ::2, 1:],
        grid.permute(2, 0, 1)[1:3],
        grid[0].t(),
        grid[1, 1].expand(3, 4),
        grid.diagonal(dim1=0, dim2=1),
        grid.reshape(-1).unfold(0, 4, 2)[3:6],
        grid.as_strided((2, 2), (0, 0), 5),
        image[:, 1:],
    ]
