"""The tables of `data/eventfiles`, which translate other projects' formats, types, sectors and countries."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

from tocsin.data import text
from tocsin.records import EventType

TYPES = frozenset(get_args(EventType))


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of event file: how it is known and who coded it. `columns` are given where files have no first line."""

    name: str
    coder: str
    origin: str
    family: str
    delimiter: str
    confidence: float
    header: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    also: int = 0


@dataclass(frozen=True, slots=True)
class Coding:
    """A PLOVER event type with mode and contexts."""

    type: str
    mode: str | None = None
    contexts: tuple[str, ...] = ()


@cache
def formats() -> tuple[Format, ...]:
    """Every format of `formats.toml`."""
    tables = tomllib.loads(text("eventfiles/formats.toml"))["format"]
    return tuple(
        Format(**{**table, "header": tuple(table.get("header", ())), "columns": tuple(table.get("columns", ()))})
        for table in tables
    )


def cameo(code: str) -> Coding | None:
    """What a CAMEO code is in PLOVER, by its longest known beginning; None for mere statements and unknown codes."""
    known = _cameo()
    return next((known[code[:n]] for n in range(len(code), 1, -1) if code[:n] in known), None)


def acled(event_type: str, sub_event_type: str) -> Coding | None:
    """What an ACLED event is in PLOVER; None where it is none (a group changed its name, say)."""
    known = _acled()
    return known.get((event_type, sub_event_type), known.get((event_type, "")))


def sector(table: str, words: str) -> str | None:
    """The PLOVER sector of the first of several comma-separated words that the `table` (cameo, icews, acled) knows."""
    known = _sectors()
    return next(
        (known[table, word] for part in words.split(",") if (word := part.strip().lower()) and (table, word) in known),
        None,
    )


def country(code: str) -> str | None:
    """ISO 3166-1 alpha-3 of an alpha-3, CAMEO, numeric or English country designation; None where it is no country."""
    return _countries().get(code.strip().lower())


def fips(code: str) -> str | None:
    """ISO 3166-1 alpha-3 of a FIPS 10-4 code (GDELT's places)."""
    return _fips().get(code.strip().upper())


def _rows(path: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    lines = (line for line in text(path).splitlines() if not line.startswith("#"))
    return csv.DictReader(lines, delimiter=delimiter)


@cache
def _cameo() -> dict[str, Coding]:
    return {
        row["cameo"]: Coding(
            row["type"], row["mode"] or None, tuple(part for part in row["contexts"].split("|") if part)
        )
        for row in _rows("eventfiles/cameo.csv")
    }


@cache
def _acled() -> dict[tuple[str, str], Coding | None]:
    return {
        (row["event_type"], row["sub_event_type"]): Coding(row["type"], row["mode"] or None) if row["type"] else None
        for row in _rows("eventfiles/acled.csv")
    }


@cache
def _sectors() -> dict[tuple[str, str], str]:
    return {
        (row["set"], row["word"].lower()): row["sector"] for row in _rows("eventfiles/sectors.csv") if row["sector"]
    }


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in _rows("actors/countries.tsv", "\t"):
        for name in [row["name"], *row["aliases"].split("|")]:
            if name:
                found[name.lower()] = row["iso3"]
    for row in _rows("eventfiles/countries.csv"):
        codes = [row["iso3"], row["numeric"], row["name"], *row["cameo"].split("|")]
        found.update({code.lower(): row["iso3"] for code in codes if code and code != "0"})
    return found


@cache
def _fips() -> dict[str, str]:
    return {row["fips"]: row["iso3"] for row in _rows("eventfiles/countries.csv") if row["fips"]}
