"""Run again and again at an interval, and stop cleanly when asked to."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Callable

from tocsin.config import ConfigError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> float:
    """An interval like `90s`, `10m`, `1h` or `1d` in seconds. Raises `ConfigError`."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", text)
    if not match or float(match[1]) == 0:
        raise ConfigError(f"{text!r} is not an interval; write it like 90s, 10m, 1h or 1d.")
    return float(match[1]) * _UNITS[match[2]]


def repeat(every: str | None, work: Callable[[], int]) -> int:
    """Do `work` once, or at every interval until SIGTERM or SIGINT; a pass that is under way is finished first.

    A pass that fails is told and tried again at the next interval: a full disk or a locked store may pass. Returns the
    status of the last pass.
    """
    if every is None:
        return work()
    pause, stop = seconds(every), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    status = 0
    while not stop.is_set():
        started = time.monotonic()
        try:
            status = work()
        except Exception as error:  # noqa: BLE001 - one failed pass must not end a long-running watch
            print(f"tocsin: this pass failed: {' '.join(str(error).split())}", file=sys.stderr)
            status = 2
        stop.wait(max(0.0, pause - (time.monotonic() - started)))
    return status
