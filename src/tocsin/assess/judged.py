"""How a watch's kept forecasts have done against what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tocsin import measure
from tocsin.assess.charts import series_of
from tocsin.records import Outlook, Watch
from tocsin.store.base import Select, Store


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """What became of a watch's kept forecasts: scores by name of indicator, and how many have yet to meet their days.

    `together` are the scores of all indicators as one: enough forecasts for a reliability table.
    """

    scores: Mapping[str, Sequence[measure.Score]]
    together: Sequence[measure.Score]
    kept: int


def scoreboard(store: Store, watch: Watch, today: date) -> Scoreboard:
    """Score every kept forecast of a watch against what is known by `today`."""
    kept: dict[str, list[Outlook]] = {}
    for outlook in store.select(Outlook, Select({"watch": watch.name}, until=today)):
        kept.setdefault(outlook.indicator, []).append(outlook)
    scores: dict[str, list[measure.Score]] = {}
    all_days: list[measure.Told] = []
    all_totals: list[measure.Told] = []
    for indicator in watch.indicators:
        if indicator.name in kept:
            days, totals = measure.told(kept[indicator.name], series_of(store, watch, indicator, today))
            scores[indicator.name] = measure.scores(days, totals)
            all_days += days
            all_totals += totals
    return Scoreboard(scores, measure.scores(all_days, all_totals), sum(len(each) for each in kept.values()))
