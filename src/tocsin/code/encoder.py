"""What a small transformer makes of each sentence: which types of event it tells, at which words, and of whom.

All-MiniLM-L6-v2 (Apache-2.0), trained further on the gold's train part by `scripts/train_encoder.py` and kept as an
int8 ONNX file with the vectors of `encoder.npz` beside it. It sees the bare sentence, knows nothing of rules or names,
and so errs elsewhere than they do; `choosing` and `roles` weigh its word against theirs (ADR 0019).
"""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tocsin import data

WEIGHTS = "model/encoder.onnx"
VECTORS = "model/encoder.npz"
VOCABULARY = "model/encoder.json"
TYPES = (
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE",
    "MOBILIZE", "PROTEST", "REJECT", "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN",
)  # fmt: skip
"""The order of the types in the model's outputs."""
_COLUMN = {name: 1 + i for i, name in enumerate(TYPES)}
_SLOWER = "SkipLayerNormFusion"
"""The runtime's joint "add and normalise" takes four times as long as both by themselves, a sixth of the whole."""
STANDINS = ("nobody", "before", "pair", "mutual", "rule")
"""Who may be meant without standing in the sentence, in the order of the model's vectors for them."""
LONGEST = 96
"""Word pieces of a sentence that are read."""


@dataclass(frozen=True, slots=True)
class Impression:
    """The model's view of one sentence: log-odds by word piece (rows), for any event and for each type.

    `spans` are where the pieces begin and where they end in the text that the sentence is part of, `told` the scores of
    the whole sentence.
    `sides` holds for each piece four vectors in a row: what it asks of a source where it tells an event, how it answers
    as a source, and both for the target.
    """

    spans: tuple[list[int], list[int]]
    scores: NDArray[np.float32]
    sides: NDArray[np.float32]
    told: list[float]

    def relevance(self) -> float:
        """Log-odds that the sentence tells any event."""
        return self.told[0]

    def type(self, name: str) -> float:
        """Log-odds that it tells an event of a type."""
        return self.told[_COLUMN[name]]

    def margin(self, name: str) -> float:
        """By how much a type is likelier than the likeliest other one, in log-odds; below 0 where it is not."""
        mine, (first, second) = self.type(name), sorted(self.told[1:])[:-3:-1]
        return mine - (second if mine == first else first)

    def at(self, start: int, end: int, name: str) -> float:
        """How much the words from `start` to `end` speak for a type: log-odds of their strongest piece."""
        first, last = self._rows(start, end)
        return float(self.scores[first:last, _COLUMN[name]].max()) if first < last else -9.0

    def leaning(
        self, side: int, name: str, start: int, end: int, ones: Sequence[tuple[int, int] | str]
    ) -> NDArray[np.float32]:
        """How well each of `ones` does as source (0) or target (1) of a type told from `start` to `end`: log-chances.

        Each is a phrase, by its offsets, or one of `STANDINS`.
        """
        asking = slice(*self._rows(start, end))
        kinds, standins = _vectors()
        wide = kinds.shape[2]
        if asking.start >= asking.stop:
            return np.zeros(len(ones), dtype=np.float32)
        first = 2 * side * wide
        question = self.sides[asking, first : first + wide].mean(axis=0) + kinds[side, TYPES.index(name)]
        answers = (self.sides[:, first + wide : first + 2 * wide] @ question).tolist()
        known = (standins[side] @ question).tolist()
        scores = np.array([self._answer(answers, known, one) for one in ones], dtype=np.float32)
        scores -= scores.max()
        leaning: NDArray[np.float32] = scores - np.log(np.exp(scores).sum())
        return leaning

    def _answer(self, answers: Sequence[float], known: Sequence[float], one: tuple[int, int] | str) -> float:
        first, last = self._rows(*one) if isinstance(one, tuple) else (0, 0)
        if first < last:
            return sum(answers[first:last]) / (last - first)
        return known[STANDINS.index(one if isinstance(one, str) else "rule")]

    def _rows(self, start: int, end: int) -> tuple[int, int]:
        """The first and the last but one of the pieces between two offsets of the text."""
        begins, ends = self.spans
        return bisect_right(ends, start), bisect_left(begins, end)


def _pooled(scores: NDArray[np.float32]) -> list[float]:
    """For each column the log of the sum of exponentials over the pieces: one piece that says so is enough."""
    top = scores.max(axis=0)
    pooled: list[float] = (top + np.log(np.exp(scores - top).sum(axis=0))).tolist()
    return pooled


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        data.blob(WEIGHTS), options, providers=["CPUExecutionProvider"], disabled_optimizers=[_SLOWER]
    )


@cache
def _vectors() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What each type adds to a word's question, and the answers of `STANDINS`: side × type or stand-in × width."""
    with np.load(io.BytesIO(data.blob(VECTORS)), allow_pickle=False) as arrays:
        return arrays["kinds"].astype(np.float32), arrays["standins"].astype(np.float32)


@cache
def _tokenizer() -> Tokenizer:
    found = Tokenizer.from_str(data.text(VOCABULARY))
    found.no_padding()
    found.enable_truncation(LONGEST)
    return found


def impression(text: str, start: int, end: int) -> Impression:
    """The model's view of one sentence of a text, given by its offsets."""
    pieces = _tokenizer().encode(text[start:end])
    (read,) = _session().run(None, {"ids": np.array(pieces.ids, dtype=np.int64)})
    scores, sides = read[:, : 1 + len(TYPES)], read[:, 1 + len(TYPES) :]
    begins, ends = ([start + offsets[i] for offsets in pieces.offsets] for i in range(2))
    begins[-1] = ends[-1] = max(ends)  # the mark of a sentence's end, which stands nowhere
    return Impression((begins, ends), scores, sides, _pooled(scores))
