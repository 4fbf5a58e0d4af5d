"""The grouper's memory as bytes: compact, versioned, the same for the same memory; nothing in it is ever executed.

Layout: the magic line, then zlib-compressed: the length of a JSON header, the header, and the arrays it describes.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.group.amendment import Amendment
from tocsin.group.copies import Shingles
from tocsin.group.origins import Origin
from tocsin.group.sketch import Weights
from tocsin.group.stories import PARTS, Story
from tocsin.group.vocabulary import Vocabulary

MAGIC = b"tocsin group 2\n"
LARGEST = 1 << 31


class StateError(ValueError):
    """The bytes are not a memory that this version of tocsin can take up."""


def pack(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """`facts` (anything JSON holds) and named one-dimensional `arrays` as bytes."""
    described = [[name, array.dtype.str, len(array)] for name, array in arrays.items()]
    header = json.dumps({"facts": facts, "arrays": described}, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    body = b"".join([len(header).to_bytes(8, "little"), header, *(array.tobytes() for array in arrays.values())])
    return MAGIC + zlib.compress(body, 1)


def unpack(state: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What `pack` was given. Errors: `StateError` for anything else."""
    if not state.startswith(MAGIC):
        raise StateError("the grouping state was written by another version of tocsin: group the articles anew")
    try:
        body = zlib.decompressobj().decompress(state[len(MAGIC) :], LARGEST)
        end = 8 + int.from_bytes(body[:8], "little")
        header = json.loads(body[8:end].decode("utf-8", "surrogatepass"))
        arrays = {}
        for name, kind, length in header["arrays"]:
            dtype = np.dtype(kind)
            arrays[name] = np.frombuffer(body, dtype, length, end).copy()
            end += length * dtype.itemsize
        return dict(header["facts"]), arrays
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise StateError("the grouping state is damaged: group the articles anew") from error


@dataclass(slots=True)
class Seen:
    """An article that is remembered: its story, its group of copies, its own origin, and the answer last given.

    `headline` are the terms of its title; `amendment` is what it is as a notice, whether or not it `amends` a report.
    """

    article: str
    story: str
    group: str
    origin: Origin
    headline: tuple[int, ...] = ()
    day: float | None = None
    amends: str | None = None
    amendment: Amendment | None = None
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class Memory:
    """All that grouping remembers; articles by their number in the stream, oldest first."""

    vocabulary: Vocabulary
    count: int = 0
    settled: int = 0
    seen: dict[int, Seen] = field(default_factory=dict)
    texts: dict[int, Shingles] = field(default_factory=dict)
    stories: dict[str, Story] = field(default_factory=dict)

    def dump(self) -> bytes:
        """The memory as bytes."""
        stories = list(self.stories.values())
        facts = {
            "count": self.count,
            "settled": self.settled,
            "articles": self.vocabulary.articles,
            "seen": [
                [key, s.article, s.story, s.group, astuple(s.origin), s.day, s.amends, s.amendment, s.told]
                for key, s in self.seen.items()
            ],
            "stories": [[s.id, s.days, s.size, s.mass, dict(s.tongues), s.touched, s.lengths] for s in stories],
            "vectors": [story.vector is not None for story in stories],
        }
        vectors = [story.vector for story in stories if story.vector is not None]
        arrays: dict[str, NDArray[Any]] = {
            "words": np.fromiter(self.vocabulary.counts, np.uint32),
            "counts": np.fromiter(self.vocabulary.counts.values(), np.uint32),
            "vectors": np.concatenate(vectors) if vectors else np.zeros(0, np.float32),
        }
        arrays |= _ragged("texts", list(self.texts.values()), np.uint32)
        arrays |= _ragged("headlines", [np.array(s.headline, np.uint32) for s in self.seen.values()], np.uint32)
        for part in PARTS:
            weights = [getattr(story, part) for story in stories]
            arrays |= _ragged(f"{part}_keys", [np.fromiter(w, np.uint32) for w in weights], np.uint32)
            arrays[part] = np.array([weight for w in weights for weight in w.values()], np.float64)
        return pack(facts, arrays)

    @classmethod
    def load(cls, state: bytes, kept: int) -> Memory:
        """The memory that `dump` wrote. Errors: `StateError`."""
        facts, arrays = unpack(state)
        try:
            counts = dict(zip(arrays["words"].tolist(), arrays["counts"].tolist(), strict=True))
            memory = cls(Vocabulary(kept, facts["articles"], counts), facts["count"], facts["settled"])
            kept_headlines = "headlines_ends" in arrays  # a state written before headlines were remembered has none
            headlines = _rows("headlines", arrays) if kept_headlines else [np.zeros(0, np.uint32)] * len(facts["seen"])
            for row, headline in zip(facts["seen"], headlines, strict=True):
                key, article, story, group, origin, day, amends, amendment, told = row
                terms = tuple(headline.tolist())
                memory.seen[key] = Seen(
                    article, story, group, Origin(*origin), terms, day, amends, amendment, tuple(told)
                )
            memory.texts = dict(zip(memory.seen, _rows("texts", arrays), strict=True))
            for story in _stories(facts, arrays):
                memory.stories[story.id] = story
        except (KeyError, ValueError, TypeError, StopIteration) as error:
            raise StateError("the grouping state is damaged: group the articles anew") from error
        return memory


def _stories(facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Iterable[Story]:
    parts = zip(*(_weights(part, arrays) for part in PARTS), strict=True)
    size = len(arrays["vectors"]) // max(1, sum(facts["vectors"]))
    vectors = iter(arrays["vectors"].reshape(-1, size) if size else ())
    for described, weights, has in zip(facts["stories"], parts, facts["vectors"], strict=True):
        name, days, articles, mass, tongues, touched, lengths = described
        vector = next(vectors).copy() if has else None
        told = {part: (int(size), float(length)) for part, (size, length) in lengths.items()}
        summed = dict(zip(PARTS, weights, strict=True))
        sums = Story(name, vector=vector, days=days, size=articles, mass=mass, tongues=Counter(tongues))
        yield replace(sums, **summed, touched=touched, lengths=told)


def _ragged(name: str, rows: list[NDArray[Any]], kind: Any) -> dict[str, NDArray[Any]]:
    ends = np.cumsum([len(row) for row in rows], dtype=np.uint32) if rows else np.zeros(0, np.uint32)
    return {name: np.concatenate(rows).astype(kind) if rows else np.zeros(0, kind), f"{name}_ends": ends}


def _rows(name: str, arrays: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
    ends = arrays[f"{name}_ends"]
    return [row.copy() for row in np.split(arrays[name], ends[:-1])] if len(ends) else []


def _weights(part: str, arrays: Mapping[str, NDArray[Any]]) -> Iterable[Weights]:
    values = np.split(arrays[part], arrays[f"{part}_keys_ends"][:-1])
    for keys, weights in zip(_rows(f"{part}_keys", arrays), values, strict=False):
        yield dict(zip(keys.tolist(), weights.tolist(), strict=True))
