"""What replay remembers of a series between days, as arrays in memory and as bytes at rest."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import date as Date

import numpy as np

from tocsin.measure import baseline, creep, reference, surge
from tocsin.measure.settings import Settings

VERSION = 1


@dataclass(slots=True)
class State:
    """Baseline, reference and detectors of `n` series that run in step; `day` counts the days taken in."""

    baseline: baseline.Baseline
    surge: surge.Surge
    reference: reference.Reference
    creep: creep.Creep
    signed: bool = False
    day: int = 0


@dataclass(slots=True)
class Memory:
    """One series: the last day seen, the regime in force, and the state of every regime met so far."""

    last: Date | None = None
    regime: str = ""
    states: dict[str, State] = field(default_factory=dict)


PARTS = {
    "baseline": baseline.Baseline,
    "surge": surge.Surge,
    "reference": reference.Reference,
    "creep": creep.Creep,
}


def start(n: int, settings: Settings, signed: bool = False) -> State:
    """The state of `n` series of which nothing has been seen."""
    return State(baseline.start(n), surge.start(n), reference.start(n, settings), creep.start(n), signed=signed)


def to_bytes(memory: Memory) -> bytes:
    """One line of JSON that describes the arrays, then the arrays themselves, little-endian."""
    arrays: list[bytes] = []
    states = []
    for regime, state in memory.states.items():
        parts = {}
        for name in PARTS:
            part = getattr(state, name)
            shapes = []
            for item in fields(part):
                array = getattr(part, item.name)
                array = array.astype(array.dtype.newbyteorder("<"))
                arrays.append(array.tobytes())
                shapes.append([item.name, array.dtype.str, list(array.shape)])
            parts[name] = shapes
        states.append({"regime": regime, "signed": state.signed, "day": state.day, "parts": parts})
    head = {
        "replay": VERSION,
        "last": memory.last.isoformat() if memory.last else None,
        "regime": memory.regime,
        "states": states,
    }
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(arrays)


def from_bytes(blob: bytes) -> Memory:
    """The memory that `to_bytes` wrote.

    Raises:
        ValueError: another version of tocsin wrote it, or it is damaged.
    """
    line, _, rest = blob.partition(b"\n")
    try:
        head = json.loads(line)
        if head["replay"] != VERSION:
            raise ValueError  # noqa: TRY301 - one sentence for every way in which the bytes are not ours
        memory = Memory(Date.fromisoformat(head["last"]) if head["last"] else None, head["regime"])
        at = 0
        for entry in head["states"]:
            parts = {}
            for name, kind in PARTS.items():
                arrays = []
                for _, dtype, shape in entry["parts"][name]:
                    count = int(np.prod(shape))
                    array = np.frombuffer(rest, np.dtype(dtype), count, at).reshape(shape)
                    at += array.nbytes
                    arrays.append(array.astype(array.dtype.newbyteorder("=")))
                parts[name] = kind(*arrays)
            memory.states[entry["regime"]] = State(**parts, signed=entry["signed"], day=entry["day"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            "this is not the state of a replay by this version of tocsin; replay from the start"
        ) from error
    return memory
