"""How telling a term is: inverse document frequency, counted as articles come, from a background of ordinary news."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from tocsin import data
from tocsin.group.sketch import key


@dataclass(slots=True)
class Vocabulary:
    """In how many articles each term occurred; `kept` bounds the table, by ageing all counts by half."""

    kept: int
    articles: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    _rarities: dict[int, float] = field(default_factory=dict)
    """What `rarity` has answered since the last article."""

    def add(self, terms: Iterable[int]) -> None:
        """Count one article's terms."""
        self.articles += 1
        self._rarities.clear()
        for term in terms:
            self.counts[term] = self.counts.get(term, 0) + 1
        if len(self.counts) > self.kept:
            self.counts = {term: count // 2 for term, count in self.counts.items() if count > 1}
            self.articles //= 2

    def rarity(self, term: int) -> float:
        """log(N/n) over the background and what has come since; a term of every second article is worth little."""
        if (known := self._rarities.get(term)) is not None:
            return known
        size, counts = _background()
        held = counts.get(term, 0) + self.counts.get(term, 0)
        answer = self._rarities[term] = max(0.0, math.log((size + self.articles + 1) / (held + 0.5)))
        return answer


@cache
def _background() -> tuple[int, dict[int, int]]:
    """`data/group/background.txt`: how many articles, and how many of them hold each term."""
    size = 0
    counts: dict[int, int] = {}
    for line in data.text("group/background.txt").splitlines():
        if line.startswith("#"):
            continue
        first, *rest = line.split()
        if first == "articles":
            size = int(rest[0])
        else:
            counts.update((key(word), int(first)) for word in rest)
    return size, counts
