"""Which networks do people train? Just enough of each that a backward pass gives all its gradients.

The parameters have the shapes and the number of those of the published networks; what the forward pass leaves
out (dropout, masks, rotary positions) has none. Plain layers, so that torch 1.11 has them too.
"""

from __future__ import annotations

import math
from typing import Any, Callable

Loss = Callable[[], Any]

#: Tokens in a row, and pixels at a side: enough that every parameter gets a gradient, and a pass is short.
TOKENS, PIXELS = 16, 64


def resnet(torch: Any, *, blocks: list[int], classes: int) -> tuple[Any, Loss]:
    """Return a residual network of bottlenecks (He et al. 2015) and its loss on two small images."""
    nn = torch.nn

    def normed(inside: int, outside: int, size: int, stride: int = 1) -> list[Any]:
        convolution = nn.Conv2d(inside, outside, size, stride=stride, padding=size // 2, bias=False)
        return [convolution, nn.BatchNorm2d(outside)]

    class Bottleneck(nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, inside: int, width: int, stride: int) -> None:
            super().__init__()
            self.path = nn.Sequential(
                *(*normed(inside, width, 1), nn.ReLU()),
                *(*normed(width, width, 3, stride), nn.ReLU()),
                *normed(width, 4 * width, 1),
            )
            changed = stride != 1 or inside != 4 * width
            self.short = nn.Sequential(*normed(inside, 4 * width, 1, stride)) if changed else nn.Identity()

        def forward(self, x: Any) -> Any:
            return torch.relu(self.path(x) + self.short(x))

    layers: list[Any] = [*normed(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inside = 64
    for stage, count in enumerate(blocks):
        width = 64 << stage
        for place in range(count):
            layers.append(Bottleneck(inside, width, 2 if stage and not place else 1))
            inside = 4 * width
    whole = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inside, classes))
    images = torch.randn(2, 3, PIXELS, PIXELS)
    return whole, lambda: nn.functional.cross_entropy(whole(images), torch.tensor([0, 1]))


def transformer(torch: Any, *, layers: int, **made: Any) -> tuple[Any, Loss]:
    """Return a transformer and its loss on one short input.

    Args:
        torch: the torch under test.
        layers: how many blocks.
        made: what `_Parts` takes.
    """
    parts = _Parts(torch, **made)
    return parts.whole(layers)


class _Parts:
    """The ways in which transformers differ, and what is made of them.

    Args:
        torch: the torch under test.
        width: of the residual stream.
        heads: of the attention; ``shared`` of them hold keys and values.
        hidden: of the perceptron.
        kind: ``gpt``, ``bert``, ``vit`` or ``llama``.
        vocabulary: tokens, or classes of images.
        positions: of the input.
    """

    def __init__(  # noqa: PLR0913 - the dimensions of the published networks
        self,
        torch: Any,
        *,
        kind: str,
        width: int,
        heads: int,
        hidden: int,
        vocabulary: int,
        positions: int = 0,
        shared: int = 0,
    ) -> None:
        self.torch, self.kind, self.width, self.heads, self.hidden = torch, kind, width, heads, hidden
        self.vocabulary, self.positions, self.shared = vocabulary, positions, shared or heads

    def whole(self, layers: int) -> tuple[Any, Loss]:
        """Return the network and its loss."""
        torch, nn, width = self.torch, self.torch.nn, self.width
        made = nn.ModuleDict(self._inputs())
        made["blocks"] = nn.ModuleList(self._block() for _ in range(layers))
        made.update(self._outputs())
        if self.kind == "vit":
            images = torch.randn(1, 3, 224, 224)
            token = made["token"].weight

            def embedded() -> Any:
                patches = made["patches"](images).flatten(2).transpose(1, 2)
                return torch.cat([token.expand(1, 1, width), patches], 1) + made["positions"].weight
        else:
            tokens = torch.arange(TOKENS)[None] % self.vocabulary

            def embedded() -> Any:
                x = made["words"](tokens)
                if self.positions:  # all of them are used, so that none is without a gradient
                    x = x + made["positions"].weight[:TOKENS] + 0 * made["positions"].weight.sum()
                return made["first"](x + made["types"].weight.sum(0)) if self.kind == "bert" else x

        def loss() -> Any:
            x = embedded()
            for block in made["blocks"]:
                x = block(x)
            if self.kind == "bert":
                pooled = torch.tanh(made["pooler"](x[:, 0]))
                return (pooled**2).mean() + (x @ made["words"].weight.t()).logsumexp(-1).mean()
            x = made["last"](x)
            scores = made["head"](x[:, 0]) if self.kind == "vit" else x @ made["words"].weight.t()
            return scores.logsumexp(-1).mean() - scores[..., 0].mean()

        return made, loss

    def _inputs(self) -> dict[str, Any]:
        nn, width = self.torch.nn, self.width
        if self.kind == "vit":
            return {
                "token": nn.Embedding(1, width),
                "positions": nn.Embedding(self.positions, width),
                "patches": nn.Conv2d(3, width, 16, stride=16),
            }
        inputs = {"words": nn.Embedding(self.vocabulary, width)}
        if self.positions:
            inputs["positions"] = nn.Embedding(self.positions, width)
        if self.kind == "bert":
            inputs["types"], inputs["first"] = nn.Embedding(2, width), nn.LayerNorm(width)
        return inputs

    def _outputs(self) -> dict[str, Any]:
        nn = self.torch.nn
        if self.kind == "bert":
            return {"pooler": nn.Linear(self.width, self.width)}
        if self.kind == "vit":
            return {"last": nn.LayerNorm(self.width), "head": nn.Linear(self.width, self.vocabulary)}
        return {"last": self._norm()}

    def _norm(self) -> Any:
        torch, nn, width = self.torch, self.torch.nn, self.width
        if self.kind != "llama":
            return nn.LayerNorm(width)

        class RootMeanSquare(nn.Module):  # type: ignore[misc, name-defined]
            def __init__(self) -> None:
                super().__init__()
                self.weight = nn.Parameter(torch.ones(width))

            def forward(self, x: Any) -> Any:
                return self.weight * x * torch.rsqrt((x**2).mean(-1, keepdim=True) + 1e-6)

        return RootMeanSquare()

    def _block(self) -> Any:
        torch, nn, width = self.torch, self.torch.nn, self.width
        heads, shared, kind = self.heads, self.shared, self.kind
        size, bias = width // heads, kind != "llama"

        class Block(nn.Module):  # type: ignore[misc, name-defined]
            def __init__(block, norm: Callable[[], Any], hidden: int) -> None:  # noqa: N805 - `self` is outside
                super().__init__()
                block.before = norm()
                sizes = [width, shared * size, shared * size]
                joined = [sum(sizes)] if kind in {"gpt", "vit"} else sizes
                block.project = nn.ModuleList(nn.Linear(width, each, bias=bias) for each in joined)
                block.out = nn.Linear(width, width, bias=bias)
                block.between = norm()
                gates = 2 if kind == "llama" else 1
                block.up = nn.ModuleList(nn.Linear(width, hidden, bias=bias) for _ in range(gates))
                block.down = nn.Linear(hidden, width, bias=bias)

            def attend(block, x: Any) -> Any:  # noqa: N805
                made = torch.cat([each(x) for each in block.project], -1)
                count = heads + 2 * shared
                split = made.unflatten(-1, (count, size)).transpose(1, 2)
                query, key, value = split.split([heads, shared, shared], 1)
                key, value = (each.repeat_interleave(heads // shared, 1) for each in (key, value))
                weights = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(size), -1)
                return block.out((weights @ value).transpose(1, 2).flatten(2))

            def think(block, x: Any) -> Any:  # noqa: N805
                first = nn.functional.gelu(block.up[0](x))
                return block.down(first * block.up[1](x) if len(block.up) > 1 else first)

            def forward(block, x: Any) -> Any:  # noqa: N805
                if kind == "bert":
                    x = block.before(x + block.attend(x))
                    return block.between(x + block.think(x))
                x = x + block.attend(block.before(x))
                return x + block.think(block.between(x))

        return Block(self._norm, self.hidden)


KINDS: dict[str, Callable[..., tuple[Any, Loss]]] = {"resnet": resnet, "transformer": transformer}
