"""One way of writing a day's step for one series and for ten thousand.

The detectors are written once, over `Number`: a float where one series is replayed (Python's own arithmetic is ten
times faster than arrays of length one), an array with an entry per series where many are. What floats and arrays do not
share is what `Arithmetic` holds. Flags are numbers too: 1 is true, 0 is false. A missing value is NaN, the only number
that differs from itself, so `x == x` asks whether it is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import special  # type: ignore[import-untyped]
from scipy.special import cython_special  # type: ignore[import-untyped]

Number: TypeAlias = Any  # float | NDArray[np.float64]; numpy's stubs cannot say "the same code for both"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """The operations that floats and arrays spell differently. `betainc` and `ndtri` are scipy's."""

    where: Callable[[Number, Number, Number], Number]
    least: Callable[[Number, Number], Number]
    most: Callable[[Number, Number], Number]
    root: Callable[[Number], Number]
    betainc: Callable[[Number, Number, Number], Number]
    ndtri: Callable[[Number], Number]
    some: Callable[[Number], bool]

    def within(self, low: Number, x: Number, high: Number) -> Number:
        """`x`, but not below `low` nor above `high`."""
        return self.least(self.most(x, low), high)

    def ratio(self, over: Number, under: Number) -> Number:
        """`over / under`, and 0 where there is nothing to divide by."""
        return self.where(under > 0, over / self.most(under, 1e-300), 0.0)


ONE = Arithmetic(
    where=lambda condition, yes, no: yes if condition else no,
    least=lambda x, y: x if x <= y or x != x else y,
    most=lambda x, y: x if x >= y or x != x else y,
    root=math.sqrt,
    betainc=cython_special.betainc,
    ndtri=cython_special.ndtri,
    some=bool,
)
MANY = Arithmetic(
    where=np.where,
    least=np.minimum,
    most=np.maximum,
    root=np.sqrt,
    betainc=special.betainc,
    ndtri=special.ndtri,
    some=np.any,
)
