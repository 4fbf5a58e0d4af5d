"""What a warning rests on: events that stand, official figures, and how likely the trouble is to last."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from tocsin import measure, warn
from tocsin.assess.carried import Measured
from tocsin.assess.standing import events_of, memberships, runs, standing
from tocsin.assess.stated import stated
from tocsin.records import Article, Departure, Event, Likelihood, Observation, Warning, Watch
from tocsin.store.base import Select, Store

OUTLOOK_DAYS = 7
Told = tuple[Sequence[Event], Mapping[str, str]]


def told(store: Store, watch: Watch, since: date, until: date) -> Told:
    """The strongest events of a watch between two days, and the articles that were taken back, each with the notice."""
    events, retracted = standing(store, events_of(store, watch, since, until))
    return warn.strongest(events), retracted


def told_since(store: Store, watch: Watch, before: Warning, since: date, until: date, fresh: Iterable[date]) -> Told:
    """The same, from what a warning cited before and the events of the days that are `fresh` alone.

    The strongest of all are the strongest of those that were strongest before and of those that came.
    """
    events = {event.id: event for event in store.select(Event, Select({"id": list(before.events)}))}
    for first, last in runs(day for day in fresh if since <= day <= until):
        events |= {event.id: event for event in events_of(store, watch, first, last)}
    stand, retracted = standing(store, list(events.values()))
    return warn.strongest(stand), dict.fromkeys(before.retracted, "") | retracted


def evidence(
    store: Store,
    each: Measured,
    departure: Departure,
    since: date,
    until: date,
    events: Sequence[Event],
    retracted: Mapping[str, str],
) -> warn.Evidence:
    """What was published about a departure between two days: the watch's events, and the figures it is measured by."""
    query = measure.parse(each.indicator.query)
    observations = [
        observation
        for issuer, name in sorted(measure.fields(query))
        for observation in stated(store, issuer, name, since, until)
    ]
    cited = {event.article for event in events}
    return warn.Evidence(
        events=events,
        observations=observations,
        articles={article.id: article for article in store.select(Article, Select({"id": cited}))},
        memberships=memberships(store, cited),
        retracted=retracted,
        measured=measure.counts_events(query),
        likelihood=_outlook(each, departure),
    )


def _outlook(each: Measured, departure: Departure) -> Likelihood | None:
    """How likely the coming week is to stay above what was normal before the departure, where that can be told."""
    if departure.expected is None or departure.until is not None or each.last.health != "ok":
        return None
    threshold = _asked(departure.expected * OUTLOOK_DAYS, each.series)
    total = next(line for line in measure.forecast(each.series, OUTLOOK_DAYS, threshold) if line.lead == "total")
    if total.p_exceed is None:
        return None
    unit = f" {each.indicator.unit}" if each.indicator.unit else ""
    return warn.likelihood(
        total.p_exceed,
        of=f"the {OUTLOOK_DAYS} days after {each.series.dates[-1]} bring {threshold:,}{unit} or more in all, "
        "which is what was normal before",
        method=f"{total.method} forecast of {each.indicator.title}" + _PAST.get(total.method, ""),
    )


_PAST = {"climatology": ", which is what its whole past brought, whether or not something departed"}


def _asked(normal: float, series: measure.Series) -> float:
    """The figure that is asked about, as it is told: of counts the whole number that reaches what was normal."""
    if np.all(np.nan_to_num(series.values) % 1 == 0):
        return math.ceil(round(normal, 6))
    return float(f"{normal:.3g}")


def cancelled(store: Store, warning: Warning) -> Warning:
    """A warning that is cancelled: why, and what it rests on without the articles that were taken back."""
    events, retracted = standing(store, list(store.select(Event, Select({"id": list(warning.events)}))))
    stays = {event.id for event in events}
    observations = list(store.select(Observation, Select({"id": list(warning.observations)})))
    told = {event.article for event in events}
    articles = {article.id: article for article in store.select(Article, Select({"id": told}))}
    reason = "By what is known now, nothing departed."
    if retracted:
        reason = warn.taken_back(len(retracted)) + " Without what they told, nothing departed."
    changed = {
        "events": tuple(id for id in warning.events if id in stays),
        "retracted": tuple(sorted({*warning.retracted, *retracted})),
        "likelihood": None,
        "confidence_reason": reason,
        **warn.counted(events, observations, articles, memberships(store, told)),
    }
    return warning.model_copy(update=changed)
