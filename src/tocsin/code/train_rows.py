"""Rows of named features as a sparse matrix: what every model that is learned here begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

SEEN = 2
"""A feature must occur in so many rows to be learned from."""


def known(rows: Iterable[Collection[str]]) -> list[str]:
    """The names that occur in enough of the rows, in order."""
    counts = Counter(name for row in rows for name in set(row))
    return sorted(name for name, count in counts.items() if count >= SEEN)


def matrix(rows: Sequence[Collection[str]], names: Sequence[str]) -> csr_matrix:
    """A row for each of `rows` and a column for each of `names`: how often the one holds the other."""
    from scipy.sparse import csr_matrix

    index = {name: i for i, name in enumerate(names)}
    inside = [[index[name] for name in row if name in index] for row in rows]
    ends = np.cumsum([0, *map(len, inside)])
    found = csr_matrix((np.ones(ends[-1]), np.concatenate(inside), ends), shape=(len(rows), len(names)))
    found.sum_duplicates()  # in the order of the columns, so that sums do not hang on how a row was listed
    return found
