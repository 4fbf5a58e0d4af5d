"""The health of sources: silence, measured against a source's own rhythm, is blindness and not calm."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from tocsin.collect.source import load_state

KEY = "heartbeat"
_REMEMBERED = 60  # arrivals
_ENOUGH = 6  # arrivals before a rhythm is known
_PATIENCE = 3.0  # times the usual gap
_LEAST = timedelta(hours=6)
_UNKNOWN = timedelta(days=2)  # silence that is blindness where no rhythm is known yet and none is configured


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a source does. `blind`: nothing it would have seen can be relied on to have been seen.

    `usual_gap` is the longest of nine in ten gaps between its new items; `says` is one sentence.
    """

    name: str
    state: Literal["ok", "warming-up", "blind", "never-run"]
    says: str
    last_try: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    usual_gap: timedelta | None = None


def beat(
    noted: Mapping[str, Any], now: datetime, *, arrived: Iterable[datetime] = (), failure: str | None = None,
    ends: bool = False, rhythm: float | None = None,
) -> dict[str, Any]:  # fmt: skip
    """`noted` with one more try written down: when, whether it worked, and when new items `arrived`.

    `ends` marks a source that is read once (an archive): its silence means nothing. `rhythm` is the configured number
    of seconds within which something new is to be expected.
    """
    old = noted.get(KEY, {})
    moments = sorted({*old.get("arrivals", []), *(_text(min(moment, now)) for moment in map(_aware, arrived))})
    new = {
        "tried": _text(now),
        "succeeded": old.get("succeeded") if failure else _text(now),
        "failures": old.get("failures", 0) + 1 if failure else 0,
        "failure": failure,
        "arrivals": moments[-_REMEMBERED:],
        "ends": ends,
        "rhythm": rhythm,
    }
    return {**noted, KEY: new}


def pulse(name: str, state: bytes | None, now: datetime) -> Pulse:
    """How the source that left `state` does at `now`."""
    note = load_state(state).get(KEY)
    if not note:
        return Pulse(name, "never-run", f"{name} has never been collected.")
    tried, succeeded = _moment(note["tried"]), _moment(note.get("succeeded"))
    arrivals = [moment for text in note["arrivals"] if (moment := _moment(text)) is not None]
    last, gap = (arrivals[-1] if arrivals else None), _usual_gap(arrivals)
    configured = timedelta(seconds=note["rhythm"]) if note.get("rhythm") else None

    def found(state: Literal["ok", "warming-up", "blind"], says: str) -> Pulse:
        return Pulse(name, state, f"{name} {says}", tried, succeeded, last, configured or gap)

    if succeeded is None:
        return found("blind", f"has never answered: {note['failure']}")
    if note["ends"]:
        return found(
            "blind" if note["failure"] else "ok",
            note["failure"] or (f"was last read {_ago(now - succeeded)} ago." if now > succeeded else "has been read."),
        )
    limit = _limit(configured, gap)
    if now - succeeded > limit:
        return found(
            "blind", f"last answered {_ago(now - succeeded)} ago: {note['failure'] or 'nobody has asked it since'}"
        )
    if last is not None and now - last > limit:
        usual = f", usually within {_ago(configured or gap)}" if configured or gap else ""
        return found("blind", f"answers but has had nothing new for {_ago(now - last)}{usual}.")
    if gap is None and configured is None:
        return found("warming-up", f"has had {len(arrivals)} new items; its rhythm is not known yet.")
    return found("ok", f"had something new {_ago(now - (last or succeeded))} ago.")


def _limit(configured: timedelta | None, gap: timedelta | None) -> timedelta:
    if configured is not None:
        return configured * _PATIENCE
    return max(gap * _PATIENCE, _LEAST) if gap is not None else _UNKNOWN


def _usual_gap(arrivals: list[datetime]) -> timedelta | None:
    if len(arrivals) < _ENOUGH:
        return None
    gaps = sorted(after - before for before, after in pairwise(arrivals))
    return gaps[min(len(gaps) - 1, math.ceil(0.9 * len(gaps)) - 1)]


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _ago(span: timedelta | None) -> str:
    seconds = (span or timedelta()).total_seconds()
    for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} seconds"
