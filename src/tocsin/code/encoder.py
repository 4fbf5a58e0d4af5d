"""What a small transformer makes of each sentence: whether it tells of events, of which types, and at which words.

All-MiniLM-L6-v2 (Apache-2.0), trained further on the gold's train part by `scripts/train_encoder.py` and kept as an
int8 ONNX file. It sees the bare sentence, knows nothing of rules or names, and so errs elsewhere than they do;
`choosing` weighs its word against theirs (ADR 0019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tocsin import data

WEIGHTS = "model/encoder.onnx"
VOCABULARY = "model/encoder.json"
TYPES = (
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE",
    "MOBILIZE", "PROTEST", "REJECT", "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN",
)  # fmt: skip
"""The order of the types in the model's outputs."""
LONGEST = 96
"""Word pieces of a sentence that are read."""
BATCH = 16


@dataclass(frozen=True, slots=True)
class Impression:
    """The model's view of one sentence: log-odds by word piece (rows), for any event and for each type.

    `spans` are the pieces' offsets in the text that the sentence is part of.
    """

    spans: NDArray[np.int64]
    scores: NDArray[np.float32]

    def relevance(self) -> float:
        """Log-odds that the sentence tells any event."""
        return _pooled(self.scores[:, 0])

    def type(self, name: str) -> float:
        """Log-odds that it tells an event of a type."""
        return _pooled(self.scores[:, 1 + TYPES.index(name)])

    def at(self, start: int, end: int, name: str) -> float:
        """How much the words from `start` to `end` speak for a type: log-odds of their strongest piece."""
        found = self._rows(start, end)
        return float(self.scores[found, 1 + TYPES.index(name)].max()) if len(found) else -9.0

    def _rows(self, start: int, end: int) -> NDArray[np.int64]:
        begins, ends = self.spans.T
        return np.flatnonzero((begins < end) & (ends > start) & (ends > begins))


def _pooled(column: NDArray[np.float32]) -> float:
    """Log of the sum of exponentials: one piece that says so is enough."""
    top = float(column.max(initial=-30.0))
    return top + float(np.log(np.exp(column - top).sum())) if len(column) else top


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data.blob(WEIGHTS), options, providers=["CPUExecutionProvider"])


@cache
def _tokenizer() -> Tokenizer:
    found = Tokenizer.from_str(data.text(VOCABULARY))
    found.no_padding()
    found.enable_truncation(LONGEST)
    return found


def impressions(text: str, sentences: Sequence[tuple[int, int]]) -> list[Impression]:
    """The model's view of each of the `sentences` of a text, given as offsets, in order."""
    encoded = _tokenizer().encode_batch([text[start:end] for start, end in sentences])
    order = sorted(range(len(sentences)), key=lambda i: len(encoded[i].ids))
    found: dict[int, Impression] = {}
    for first in range(0, len(order), BATCH):
        some = order[first : first + BATCH]
        for i, scores in zip(some, _scores([encoded[i].ids for i in some]), strict=True):
            found[i] = Impression(np.array(encoded[i].offsets, dtype=np.int64) + sentences[i][0], scores)
    return [found[i] for i in range(len(sentences))]


def _scores(rows: Sequence[Sequence[int]]) -> Iterator[NDArray[np.float32]]:
    width = max(map(len, rows))
    ids = np.array([[*row, *[0] * (width - len(row))] for row in rows], dtype=np.int64)
    mask = np.array([[1.0] * len(row) + [0.0] * (width - len(row)) for row in rows], dtype=np.float32)
    (out,) = _session().run(None, {"ids": ids, "mask": mask})
    for row, scores in zip(rows, out, strict=True):
        yield scores[: len(row)]
