"""How often somebody may ask: a bucket of tokens each, refilled with time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock


class Limits:
    """Allows each name `burst` requests at once and `rate` a second after that.

    Only the last `remembered` names are kept: memory does not grow with the number of strangers.
    """

    def __init__(
        self, rate: float, burst: int, *, remembered: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._burst, self._remembered, self._clock = rate, burst, remembered, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, name: str) -> float:
        """Take a token: 0 where there is one, else the seconds until there will be."""
        now = self._clock()
        with self._lock:
            tokens, before = self._buckets.pop(name, (float(self._burst), now))
            tokens = min(float(self._burst), tokens + (now - before) * self._rate)
            allowed = tokens >= 1
            self._buckets[name] = (tokens - 1 if allowed else tokens, now)
            if len(self._buckets) > self._remembered:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._rate
