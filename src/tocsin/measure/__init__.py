"""measure: daily series against their own past (see docs/reference/measure.md)."""

from __future__ import annotations

from tocsin.measure.backtest import Backtest, Label, Sighting, backtest
from tocsin.measure.carry import Carried, carry_on
from tocsin.measure.departures import departures
from tocsin.measure.figure import plot
from tocsin.measure.forecast import forecast
from tocsin.measure.indicator import build, signed
from tocsin.measure.needs import asked, counts_events, each_day_alone, fields, lookback
from tocsin.measure.outlook import outlook
from tocsin.measure.query import QueryError, parse
from tocsin.measure.regimes import Proposal, propose_regimes
from tocsin.measure.replay import Replayed, replay, replay_many, resume
from tocsin.measure.score import WatchScore, watch_score
from tocsin.measure.scoring import Score, Told, brier, crps, reliability, scoreboard, scores, told
from tocsin.measure.series import Rebase, Series, SeriesError, read_series
from tocsin.measure.settings import DEFAULT, Settings
from tocsin.measure.tallied import is_event_file, tally_events
from tocsin.measure.tree import Query
from tocsin.measure.yardsticks import always, ears_c2, never, z_score

__all__ = [
    "DEFAULT",
    "Backtest",
    "Carried",
    "Label",
    "Proposal",
    "Query",
    "QueryError",
    "Rebase",
    "Replayed",
    "Score",
    "Series",
    "SeriesError",
    "Settings",
    "Sighting",
    "Told",
    "WatchScore",
    "always",
    "asked",
    "backtest",
    "brier",
    "build",
    "carry_on",
    "counts_events",
    "crps",
    "departures",
    "each_day_alone",
    "ears_c2",
    "fields",
    "forecast",
    "is_event_file",
    "lookback",
    "never",
    "outlook",
    "parse",
    "plot",
    "propose_regimes",
    "read_series",
    "reliability",
    "replay",
    "replay_many",
    "resume",
    "scoreboard",
    "scores",
    "signed",
    "tally_events",
    "told",
    "watch_score",
    "z_score",
]
