"""measure: daily series against their own past (see docs/reference/measure.md)."""

from __future__ import annotations

from tocsin.measure.departures import departures
from tocsin.measure.indicator import build
from tocsin.measure.needs import counts_events, fields
from tocsin.measure.query import Query, QueryError, parse
from tocsin.measure.replay import Replayed, replay, replay_many, resume
from tocsin.measure.series import Rebase, Series, SeriesError, read_series
from tocsin.measure.settings import DEFAULT, Settings

__all__ = [
    "DEFAULT",
    "Query",
    "QueryError",
    "Rebase",
    "Replayed",
    "Series",
    "SeriesError",
    "Settings",
    "build",
    "counts_events",
    "departures",
    "fields",
    "parse",
    "read_series",
    "replay",
    "replay_many",
    "resume",
]
