"""Assess a watch from what is stored: its indicators as series, their departures, and warnings with their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tocsin import group, measure, warn
from tocsin.records import (
    Article,
    Departure,
    Event,
    Indicator,
    Likelihood,
    Measurement,
    Membership,
    Observation,
    Outlook,
    Rebase,
    Warning,
    Watch,
)  # fmt: skip
from tocsin.store.base import Select, Store

OUTLOOK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Chart:
    """One indicator of a watch, day by day up to a day: its series, and each day against its past."""

    indicator: Indicator
    series: measure.Series
    measurements: Sequence[Measurement]
    rebases: Sequence[measure.Rebase] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is new about a watch: departures new or changed, those that are gone, warnings, and forecasts to keep."""

    departures: Sequence[Departure]
    gone: Sequence[str]
    warnings: Sequence[Warning]
    outlooks: Sequence[Outlook] = ()


def chart(store: Store, watch: Watch, indicator: Indicator, today: date) -> Chart:
    """The series of one indicator from the first day anything is known to `today`, measured without look-ahead."""
    series = series_of(store, watch, indicator, today)
    settings = replace(measure.DEFAULT, reference=indicator.reference)
    acts = list(rebases(store, watch, indicator))
    return Chart(indicator, series, list(measure.replay(series, settings, acts)), acts)


def series_of(store: Store, watch: Watch, indicator: Indicator, today: date) -> measure.Series:
    """The series of one indicator from the first day anything is known to `today`."""
    query = measure.parse(indicator.query)
    events = _standing(store, _events(store, watch, None, today))[0] if measure.counts_events(query) else []
    observations = [
        observation
        for issuer, name in sorted(measure.fields(query))
        for observation in store.select(Observation, Select({"issuer": issuer, "field": name}, until=today))
    ]
    covered = store.daily(Article, Select(until=today)) if measure.counts_events(query) else {}
    days = [event.day for event in events if event.day] + [item.day for item in observations] + list(covered)
    start = min(days, default=today)
    span = [start + timedelta(days=offset) for offset in range((today - start).days + 1)]
    return measure.build(
        query,
        span,
        events,
        observations,
        _memberships(store, {event.article for event in events}).values(),
        published={event.article: event.reported for event in events if event.reported},
        coverage=dict.fromkeys(covered, 1.0),
    )


def rebases(store: Store, watch: Watch, indicator: Indicator) -> Iterator[measure.Rebase]:
    """The acts in force that moved an indicator's baseline."""
    for act in store.select(Rebase, Select({"watch": watch.name, "indicator": indicator.name})):
        if not act.undone:
            yield measure.Rebase(act.day, act.by, act.reason)


def assess(store: Store, watch: Watch, today: date) -> Assessment:
    """Measure every indicator of `watch` up to `today` and say what has changed since it was last assessed."""
    charts = {indicator.name: chart(store, watch, indicator, today) for indicator in watch.indicators}
    departures = [departure for each in charts.values() for departure in _departures(watch, each)]
    ours = Select({"watch": watch.name})
    known = {departure.id: departure for departure in store.select(Departure, ours)}
    current = {departure.id for departure in departures}

    def gather(departure: Departure, since: date, until: date) -> warn.Evidence:
        return _evidence(store, watch, charts[departure.indicator], departure, since, until)

    standing = {warning.id: warning for warning in store.select(Warning, ours)}
    issued = warn.warn(watch, departures, standing, gather, today)
    return Assessment(
        departures=[departure for departure in departures if known.get(departure.id) != departure],
        gone=[id for id in known if id not in current],
        warnings=[_with_reason(store, warning) if warning.state == "cancelled" else warning for warning in issued],
        outlooks=list(_outlooks(store, watch, charts.values(), today)),
    )


def _outlooks(store: Store, watch: Watch, charts: Iterable[Chart], today: date) -> Iterator[Outlook]:
    """The forecasts made today, of indicators of which none is kept yet: what was once said is never rewritten."""
    kept = {each.indicator for each in store.select(Outlook, Select({"watch": watch.name}, since=today, until=today))}
    for each in charts:
        if each.indicator.name not in kept:
            made = measure.outlook(watch.name, each.indicator.name, each.series)
            if made is not None:
                yield made


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


def _departures(watch: Watch, each: Chart) -> list[Departure]:
    """The departures of one indicator. An issuer that falls silent is blind; for feeds, their own health tells that."""
    detectors = each.indicator.detectors
    if measure.fields(measure.parse(each.indicator.query)):
        detectors = (*detectors, "blind")
    return measure.departures(watch.name, each.indicator.name, each.series, each.measurements, detectors)


def _evidence(store: Store, watch: Watch, each: Chart, departure: Departure, since: date, until: date) -> warn.Evidence:
    """What was published about a departure between two days: the watch's events, and the figures it is measured by."""
    query = measure.parse(each.indicator.query)
    events, retracted = _standing(store, _events(store, watch, since, until))
    observations = [
        observation
        for issuer, name in sorted(measure.fields(query))
        for observation in store.select(Observation, Select({"issuer": issuer, "field": name}, since, until))
    ]
    cited = {event.article for event in events} | {item.article for item in observations}
    return warn.Evidence(
        events=events,
        observations=observations,
        articles={article.id: article for article in store.select(Article, Select({"id": cited}))},
        memberships=_memberships(store, cited),
        retracted=retracted,
        likelihood=_outlook(each, departure),
    )


def _outlook(each: Chart, departure: Departure) -> Likelihood | None:
    """How likely the coming week is to stay above what was normal before the departure, where that can be told."""
    if departure.expected is None or departure.until is not None or each.measurements[-1].health != "ok":
        return None
    threshold = departure.expected * OUTLOOK_DAYS
    total = next(line for line in measure.forecast(each.series, OUTLOOK_DAYS, threshold) if line.lead == "total")
    if total.p_exceed is None:
        return None
    unit = f" {each.indicator.unit}" if each.indicator.unit else ""
    return warn.likelihood(
        total.p_exceed,
        of=f"the {OUTLOOK_DAYS} days after {each.series.dates[-1]} bring {threshold:.0f}{unit} or more in all, "
        "which is what was normal before",
        method=f"{total.method} forecast of {each.indicator.title}",
    )


def _events(store: Store, watch: Watch, since: date | None, until: date) -> list[Event]:
    """The events that concern a watch between two days."""
    found = store.select(Event, Select({"country": watch.countries}, since, until) if watch.countries else Select())
    return [event for event in found if watch.concerns(event)]


def _standing(store: Store, events: Sequence[Event]) -> tuple[list[Event], dict[str, str]]:
    """The events whose articles stand; and the articles that were taken back, each with the notice that did.

    A notice tells again what it takes back: its own events do not count either.
    """
    retracted = _retracted(store, {event.article for event in events})
    gone = retracted.keys() | retracted.values()
    told = {event.article for event in events}
    return [event for event in events if event.article not in gone], {
        article: notice for article, notice in retracted.items() if article in told
    }


def _retracted(store: Store, articles: Iterable[str]) -> Mapping[str, str]:
    """Of `articles` those that a retraction took the ground from, themselves or as copies, each with the notice."""
    members = _memberships(store, articles)
    groups = sorted({member.copy_group for member in members.values()})
    members |= {member.article: member for member in store.select(Membership, Select({"copy_group": groups}))}
    notices = store.select(Membership, Select({"amends": sorted(members)}))
    members |= {notice.article: notice for notice in notices}
    return group.withdrawn(members.values())


def _with_reason(store: Store, warning: Warning) -> Warning:
    """A warning that is cancelled, saying which of the articles it rested on were taken back."""
    events = list(store.select(Event, Select({"id": list(warning.events)})))
    retracted = _standing(store, events)[1]
    if not retracted:
        return warning
    reason = warn.taken_back(len(retracted)) + " Without what they told, nothing departed."
    return warning.model_copy(update={"retracted": tuple(sorted(retracted)), "confidence_reason": reason})


def _memberships(store: Store, articles: Iterable[str]) -> dict[str, Membership]:
    """The newest membership of each article."""
    return {member.article: member for member in store.select(Membership, Select({"article": sorted(articles)}))}
