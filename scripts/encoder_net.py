"""The encoder's network in PyTorch: layers of BERT or MPNet with a head for types and vectors for sides."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from tocsin.code.encoder import LONGEST, STANDINS, TYPES

KINDS = len(TYPES)
HEADS = 12
SIDES = 128
"""The width of a question and of an answer about a side."""


@dataclass(frozen=True)
class Size:
    """The measures of a published model. `begins` is the position of its first piece.

    With `nearness` it knows how far apart words are in each layer (as MPNet), without only where each stands (BERT).
    """

    width: int
    inner: int
    layers: int
    vocabulary: int
    positions: int
    begins: int
    nearness: bool
    epsilon: float


MINILM = Size(384, 1536, 6, 30522, 512, 0, False, 1e-12)
MPNET = Size(768, 3072, 12, 30527, 514, 2, True, 1e-5)
_BUCKETS, _FURTHEST = 32, 128
_SHARED = {"inner": "intermediate.dense", "outer": "output.dense", "second": "output.LayerNorm"}
_NAMED = {
    False: _SHARED | {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
                      "out": "attention.output.dense", "first": "attention.output.LayerNorm"},
    True: _SHARED | {"query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v",
                     "out": "attention.attn.o", "first": "attention.LayerNorm"},
}  # fmt: skip
"""What the published weights call a layer's parts, without and with nearness."""


class Layer(nn.Module):
    """One layer."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(size.width, size.width) for _ in range(4))
        self.inner, self.outer = nn.Linear(size.width, size.inner), nn.Linear(size.inner, size.width)
        self.first, self.second = (nn.LayerNorm(size.width, eps=size.epsilon) for _ in range(2))
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        b, n, width = x.shape
        q, k, v = (f(x).view(b, n, HEADS, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        looks = (q @ k.transpose(-1, -2) / math.sqrt(width // HEADS) + mask).softmax(-1)
        x = self.first(x + self.drop(self.out((looks @ v).transpose(1, 2).reshape(b, n, width))))
        return self.second(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """A published model; for each word piece a score of any event and of each type, and four vectors.

    They are what it asks of a source where it tells an event, how it answers as a source, and both for the target.
    """

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size, width = size, size.width
        self.words, self.places = nn.Embedding(size.vocabulary, width), nn.Embedding(size.positions, width)
        self.segment, self.norm = nn.Parameter(torch.zeros(width)), nn.LayerNorm(width, eps=size.epsilon)
        self.near = nn.Embedding(_BUCKETS, HEADS)
        self.layers, self.head = nn.ModuleList(Layer(size) for _ in range(size.layers)), nn.Linear(width, 1 + KINDS)
        self.asks, self.answers = (nn.ModuleList(nn.Linear(width, SIDES) for _ in range(2)) for _ in range(2))
        self.kinds = nn.Embedding(KINDS, width)
        self.standins = nn.ParameterList(nn.Parameter(torch.randn(len(STANDINS), SIDES) * 0.02) for _ in range(2))
        self.drop = nn.Dropout(0.1)
        for weight in (self.head.weight, self.kinds.weight):
            nn.init.normal_(weight, std=0.02)
        nn.init.constant_(self.head.bias, -5.0)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The last layer's state of each word piece."""
        n = ids.shape[1]
        away = (1 - mask[:, None, None, :]) * -1e4
        if self.size.nearness:
            away = away + self.near(_apart(n)).permute(2, 0, 1)[None]
        x: torch.Tensor = self.words(ids) + self.places(torch.arange(n) + self.size.begins)[None] + self.segment
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, away)
        return x

    def start_from(self, weights: dict[str, torch.Tensor]) -> None:
        """Take the published weights."""
        beginning, nearness = "embeddings.", self.size.nearness
        self.words.weight.data = weights[f"{beginning}word_embeddings.weight"]
        self.places.weight.data = weights[f"{beginning}position_embeddings.weight"]
        if nearness:
            self.near.weight.data = weights["encoder.relative_attention_bias.weight"]
            self.segment.requires_grad_(False)
        else:
            self.segment.data = weights[f"{beginning}token_type_embeddings.weight"][0]
        parts = [(self.norm, f"{beginning}LayerNorm")]
        for number, layer in enumerate(self.layers):
            named = _NAMED[nearness].items()
            parts += [(getattr(layer, mine), f"encoder.layer.{number}.{theirs}") for mine, theirs in named]
        for module, name in parts:
            module.weight.data, module.bias.data = weights[f"{name}.weight"], weights[f"{name}.bias"]
        self.words.weight.requires_grad_(False)

    def scale(self) -> float:
        """What a question is multiplied with, so that its answers start moderate."""
        return 2 / math.sqrt(SIDES)


def _apart(n: int) -> torch.Tensor:
    """In which bucket two of `n` pieces fall by their distance: exactly when near, by its logarithm further off."""
    half = _BUCKETS // 2
    exact = half // 2
    distance = torch.arange(n)[None] - torch.arange(n)[:, None]
    far = distance.abs()
    beyond = torch.log(far.clamp(min=1) / exact) / math.log(_FURTHEST / exact) * (half - exact)
    bucket = torch.where(far < exact, far, (exact + beyond.long()).clamp(max=half - 1))
    return bucket + (distance > 0).long() * half


class Kept(nn.Module):
    """What the package keeps of the small model: one sentence's pieces in, their scores and four vectors in a row out.

    One sentence at a time needs no mask, and what is multiplied with the same states is multiplied at once.
    """

    def __init__(self, net: Encoder) -> None:
        super().__init__()
        self.net, self.width, each = net, net.size.width, net.size.width // HEADS
        self.places = nn.Parameter(net.places.weight[:LONGEST] + net.segment)
        self.heads = nn.ModuleList(
            _joined((layer.query, 1 / math.sqrt(each)), (layer.key, 1), (layer.value, 1)) for layer in net.layers
        )
        sides = [pair for side in range(2) for pair in ((net.asks[side], net.scale()), (net.answers[side], 1))]
        self.out = _joined((net.head, 1), *sides)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.net.norm(self.net.words(ids) + self.places[: ids.shape[0]])
        for layer, heads in zip(self.net.layers, self.heads, strict=True):
            q, k, v = heads(x).view(-1, 3 * HEADS, self.width // HEADS).transpose(0, 1).split(HEADS)
            looks = (q @ k.transpose(1, 2)).softmax(-1)
            x = layer.first(x + layer.out((looks @ v).transpose(0, 1).reshape(-1, self.width)))
            x = layer.second(x + layer.outer(functional.gelu(layer.inner(x))))
        told: torch.Tensor = self.out(x)
        return told


def _joined(*parts: tuple[nn.Linear, float]) -> nn.Linear:
    """One linear map for several of the same states, each times a factor."""
    joined = nn.Linear(parts[0][0].in_features, sum(part.out_features for part, _ in parts))
    joined.weight.data = torch.cat([part.weight * factor for part, factor in parts])
    joined.bias.data = torch.cat([part.bias * factor for part, factor in parts])
    return joined
