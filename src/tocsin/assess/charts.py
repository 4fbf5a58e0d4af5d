"""The series of an indicator from the records alone, and each day of it against its past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tocsin import measure
from tocsin.assess.standing import events_of, memberships, standing
from tocsin.assess.stated import last_before, stated
from tocsin.records import Article, Indicator, Measurement, Observation, Rebase, Watch
from tocsin.store.base import Select, Store


@dataclass(frozen=True, slots=True)
class Chart:
    """One indicator of a watch, day by day up to a day: its series, and each day against its past."""

    indicator: Indicator
    series: measure.Series
    measurements: Sequence[Measurement]
    rebases: Sequence[measure.Rebase] = ()


def chart(store: Store, watch: Watch, indicator: Indicator, today: date) -> Chart:
    """The series of one indicator from the first day anything is known to `today`, measured without look-ahead."""
    series = series_of(store, watch, indicator, today)
    acts = list(rebases(store, watch, indicator))
    return Chart(indicator, series, list(measure.replay(series, settings_of(indicator), acts)), acts)


def series_of(store: Store, watch: Watch, indicator: Indicator, today: date) -> measure.Series:
    """The series of one indicator from the first day anything is known to `today`."""
    return figures(store, watch, indicator, None, today)


def figures(
    store: Store, watch: Watch, indicator: Indicator, first: date | None, last: date, since: date | None = None
) -> measure.Series:
    """The figures of an indicator from `first` (None: the first day anything is known) to `last`.

    They are worked out from `since` on, where a figure looks at days before its own. What an issuer said last before
    that tells which reporting rules were in force.
    """
    query = measure.parse(indicator.query)
    begin = since or first
    asked = measure.counts_events(query)
    events = standing(store, events_of(store, watch, begin, last))[0] if asked else []
    covered = store.daily(Article, Select(since=begin, until=last)) if asked else {}
    observations = list(_observations(store, query, begin, last))
    if begin is None:
        days = [event.day for event in events if event.day] + [item.day for item in observations] + list(covered)
        begin = min(days, default=last)
    span = [begin + timedelta(days=offset) for offset in range((last - begin).days + 1)]
    series = measure.build(
        query,
        span,
        events,
        observations,
        memberships(store, {event.article for event in events}).values(),
        published={event.article: event.reported for event in events if event.reported},
        coverage=dict.fromkeys(covered, 1.0),
    )
    return series[(first - begin).days :] if first else series


def _observations(store: Store, query: measure.Query, since: date | None, until: date) -> Iterator[Observation]:
    """The figures of the issuers of a query between two days, and the last before."""
    for issuer, name in sorted(measure.fields(query)):
        before = last_before(store, issuer, name, since) if since is not None else None
        if before is not None:
            yield before
        yield from stated(store, issuer, name, since, until)


def settings_of(indicator: Indicator) -> measure.Settings:
    """How an indicator is measured: as all are, but for a reference named by hand."""
    return replace(measure.DEFAULT, reference=indicator.reference)


def rebases(store: Store, watch: Watch, indicator: Indicator) -> Iterator[measure.Rebase]:
    """The acts in force that moved an indicator's baseline."""
    for act in store.select(Rebase, Select({"watch": watch.name, "indicator": indicator.name})):
        if not act.undone:
            yield measure.Rebase(act.day, act.by, act.reason)
