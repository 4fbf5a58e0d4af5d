"""What replay remembers of a series between days, in memory and as bytes at rest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tocsin.measure import baseline, creep, reference, season, surge
from tocsin.measure.arithmetic import Number

VERSION = 3


@dataclass(slots=True)
class State:
    """Baseline, reference and detectors of one series, or of many that run in step."""

    baseline: baseline.Baseline
    surge: surge.Surge
    reference: reference.Reference
    creep: creep.Creep
    season: season.Season


@dataclass(slots=True)
class Memory:
    """One series: the last day seen, what kind of values it has, and the state of every regime met so far."""

    last: date | None = None
    signed: bool = False
    fractional: bool = False
    regimes: dict[str, State] = field(default_factory=dict)


def start(nothing: Number) -> State:
    """The state of series of which nothing has been seen; `nothing` is 0.0, or an array of zeros."""
    return State(
        baseline.start(nothing),
        surge.start(nothing),
        reference.start(nothing),
        creep.start(nothing),
        season.start(nothing),
    )


def to_bytes(memory: Memory) -> bytes:
    """The memory of one series as JSON; its size does not grow with the series."""
    content = {"replay": VERSION, **asdict(memory), "last": memory.last.isoformat() if memory.last else None}
    return json.dumps(content, separators=(",", ":")).encode()


def from_bytes(blob: bytes) -> Memory:
    """The memory that `to_bytes` wrote.

    Raises:
        ValueError: another version of tocsin wrote it, or it is damaged.
    """
    try:
        content = json.loads(blob)
        if content["replay"] != VERSION:
            raise ValueError("version")  # noqa: TRY301 - one sentence for every way in which the bytes are not ours
        return Memory(
            last=date.fromisoformat(content["last"]) if content["last"] else None,
            signed=content["signed"],
            fractional=content["fractional"],
            regimes={name: _state(entry) for name, entry in content["regimes"].items()},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            "this is not the state of a replay by this version of tocsin; replay the series from its start"
        ) from error


def _state(entry: dict[str, Any]) -> State:
    kept = dict(entry["baseline"])
    kept["waiting"] = [baseline.Waiting(**day) for day in kept["waiting"]]
    base = dict(entry["reference"])
    base["waiting"] = [(value, factor, turn) for value, factor, turn in base["waiting"]]
    wave = entry["season"]
    years = {name: season.Year(**wave[name]) for name in ("first", "second")}
    return State(
        baseline.Baseline(**kept),
        surge.Surge(**entry["surge"]),
        reference.Reference(**base),
        creep.Creep(**entry["creep"]),
        season.Season(**{**wave, **years}),
    )
