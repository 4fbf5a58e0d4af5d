"""Copies of one text: found by MinHash-LSH, confirmed by how much of the shorter text the longer contains.

Jaccard similarity alone misses wire copy cut to a third (its Jaccard with the original is below .3 however faithful
it is), so it only proposes; containment of shingles decides (Broder 1997). A daily bulletin repeats its own
sentences with other figures and is no copy: shingles that hold figures must be shared about as often as the others.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

from tocsin.group.terms import is_cjk, words

Shingles = NDArray[np.uint32]

PERMUTATIONS, BANDS, SEED = 128, 64, 20
KEPT = 1_200  # shingles remembered of one text: an article of 1,200 words is kept whole
FEWEST = 8  # a text of fewer shingles is too short to tell a copy from a coincidence
TEMPLATE = 0.8  # two issues of one bulletin share this much of their words, and hardly a figure
SHORT = 30  # shingles below which more than the usual share is asked for
FIGURES = np.uint32(1)  # the lowest bit of a shingle's hash tells that it holds a figure


def shingles(title: str, text: str) -> Shingles:
    """Hashes of the text's overlapping triples of words (of five Chinese characters), sorted, each once.

    A text too short to compare is taken with its title; the smallest `KEPT` hashes stand for a longer text.
    """
    found = _hashes(words(text[:60_000]))
    if len(found) < FEWEST:
        found = _hashes(words(f"{title} {text}"))
    return np.sort(np.array(list(found), dtype=np.uint32))[:KEPT]


def _hashes(tokens: list[str]) -> set[int]:
    size = 5 if 2 * sum(map(is_cjk, tokens)) > len(tokens) else 3
    found = set()
    for i in range(len(tokens) - size + 1):
        shingle = tokens[i : i + size]
        figure = any(token[0].isdigit() for token in shingle)
        found.add(zlib.crc32("\0".join(shingle).encode("utf-8", "surrogatepass")) & ~1 | figure)
    return found


def containment(one: Shingles, other: Shingles) -> float:
    """The share of the shorter text's shingles that the longer has too, estimated where either was cut at `KEPT`.

    0 for texts that are alike in words but not in figures: two issues of one bulletin.
    """
    ceiling = min((text[-1] for text in (one, other) if len(text) == KEPT), default=None)
    if ceiling is not None:
        one, other = one[one <= ceiling], other[other <= ceiling]
    if min(len(one), len(other)) < FEWEST:
        return float(len(one) == len(other) > 0 and bool((one == other).all()))
    shorter = one if len(one) <= len(other) else other
    shared = np.intersect1d(one, other, assume_unique=True)
    figures, shared_figures = int((shorter & FIGURES).sum()), int((shared & FIGURES).sum())
    plain, shared_plain = len(shorter) - figures, len(shared) - shared_figures
    if figures >= 4 and plain and shared_plain >= TEMPLATE * plain and shared_figures < 0.35 * figures:
        return 0.0
    return len(shared) / len(shorter)


@dataclass(slots=True)
class Copies:
    """The texts seen lately, to find which of them a new text copies. Keys are the caller's integers."""

    candidate: float
    contained: float
    texts: dict[int, Shingles] = field(default_factory=dict)
    _index: RMinHashLSH = field(init=False)

    def __post_init__(self) -> None:
        self._index = RMinHashLSH(threshold=self.candidate, num_perm=PERMUTATIONS, num_bands=BANDS)
        for key, text in self.texts.items():
            self.add(key, text)

    def of(self, text: Shingles) -> list[int]:
        """The keys of the texts that `text` copies or that copy it, those sharing most first."""
        if not len(text):
            return []
        alike: dict[bytes, list[int]] = {}
        for key in self._index.query(_minhash(text)):
            alike.setdefault(self.texts[key].tobytes(), []).append(key)
        found: list[tuple[float, int]] = []
        for keys in alike.values():  # one text printed a thousand times is compared once
            share = self.share(text, keys[0])
            if share >= self._asked(text, self.texts[keys[0]]):
                found.extend((-share, key) for key in keys)
        return [key for _, key in sorted(found)]

    def _asked(self, one: Shingles, other: Shingles) -> float:
        """A sentence or two must be shared nearly whole: reports of one fact in few words are easily alike."""
        short = max(0.0, 1 - min(len(one), len(other)) / SHORT)
        return self.contained + (0.95 - self.contained) * short

    def share(self, text: Shingles, key: int) -> float:
        """The containment between `text` and a remembered one."""
        return containment(text, self.texts[key])

    def add(self, key: int, text: Shingles) -> None:
        """Remember `text`; the caller decides how long (`forget`)."""
        self.texts[key] = text
        if len(text):
            self._index.insert(key, _minhash(text))

    def forget(self, key: int) -> None:
        """Remove a text that has been idle for too long."""
        if len(self.texts.pop(key)):
            self._index.remove(key)


def _minhash(text: Shingles) -> RMinHash:
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    sketch.update([hash_.tobytes() for hash_ in text])
    return sketch
