"""What a watch comes to on a day: departures, warnings with their evidence, forecasts to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin import measure, warn
from tocsin.assess.carried import Measured, measured, version_of
from tocsin.assess.changes import Changes, Known, all_fallen, changes
from tocsin.assess.charts import rebases
from tocsin.assess.standing import events_of, memberships, standing
from tocsin.records import (
    Article,
    Checkpoint,
    Departure,
    Event,
    Likelihood,
    Observation,
    Outlook,
    Record,
    Warning,
    Watch,
    content_id,
)  # fmt: skip
from tocsin.store.base import Select, Store

OUTLOOK_DAYS = 7
NOTHING = Changes(frozenset(), frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is new about a watch: departures new or changed, warnings, and forecasts to keep.

    `checkpoints` and `state` are what the next assessment goes on from; `gone` is what all this has replaced.
    """

    departures: Sequence[Departure]
    warnings: Sequence[Warning]
    outlooks: Sequence[Outlook]
    checkpoints: Sequence[Checkpoint]
    gone: Sequence[Record]
    state: bytes


def assess(store: Store, watch: Watch, today: date, state: bytes | None = None) -> Assessment | None:
    """Measure every indicator of `watch` up to `today` and say what has changed since it was last assessed.

    `state` is what the last assessment left: what has not changed since is not looked at again, and where nothing has
    there is None to say. Without it everything is measured anew, to the same result.
    """
    written, known, made_by = store.written(), Known.from_bytes(state), _made_by(store, watch)
    new = changes(store, watch, known) if known else None
    same = known is not None and known.made_by == made_by
    if known and same and new is None and known.today == today.isoformat():
        return None
    each, unused = _measured(store, watch, today, (new or NOTHING) if known else None)
    ours = Select({"watch": watch.name})
    stored = {departure.id: departure for departure in store.select(Departure, ours)}
    current = {id: one for id, one in stored.items() if one.indicator in each and each[one.indicator].stands(one)}
    current |= {departure.id: departure for one in each.values() for departure in one.departures}
    altered = {id: departure for id, departure in current.items() if stored.get(id) != departure}
    touched = new.evidence(watch) if new else set()

    def settled(warning: Warning) -> bool:
        if not same or warning.closed is None or not altered.keys().isdisjoint(warning.departures):
            return False
        since = min(current[id].since for id in warning.departures) - timedelta(days=warn.EVIDENCE_DAYS_BEFORE)
        return not any(since <= day <= warning.closed for day in touched)

    def gather(departure: Departure, since: date, until: date) -> warn.Evidence:
        return _evidence(store, watch, each[departure.indicator], departure, since, until)

    warnings = {warning.id: warning for warning in store.select(Warning, ours)}
    issued = warn.warn(watch, current.values(), warnings, gather, today, settled)
    lost = tuple(sorted(new.fallen if new else known.fallen if known else all_fallen(store)))
    return Assessment(
        departures=list(altered.values()),
        warnings=[_cancelled(store, warning) if warning.state == "cancelled" else warning for warning in issued],
        outlooks=list(_outlooks(store, watch, each.values(), today)),
        checkpoints=[checkpoint for one in each.values() for checkpoint in one.made],
        gone=[*(one for id, one in stored.items() if id not in current), *unused],
        state=Known(written, today.isoformat(), made_by, lost).to_bytes(),
    )


def _made_by(store: Store, watch: Watch) -> str:
    versions = [version_of(watch, each, rebases(store, watch, each)) for each in watch.indicators]
    return content_id("assessed", [watch.model_dump(mode="json"), versions])


def _measured(
    store: Store, watch: Watch, today: date, new: Changes | None
) -> tuple[Mapping[str, Measured], Sequence[Checkpoint]]:
    """Each indicator up to `today`, and the checkpoints that are of no more use."""
    kept: dict[str, list[Checkpoint]] = {}
    for checkpoint in store.select(Checkpoint, Select({"watch": watch.name})):
        kept.setdefault(checkpoint.indicator, []).append(checkpoint)
    each = {
        one.name: measured(store, watch, one, today, new.of(one) if new else None, kept.pop(one.name, []))
        for one in watch.indicators
    }
    unused = [checkpoint for rest in kept.values() for checkpoint in rest]
    return each, [*unused, *(checkpoint for one in each.values() for checkpoint in one.gone)]


def _outlooks(store: Store, watch: Watch, each: Iterable[Measured], today: date) -> Iterator[Outlook]:
    """The forecasts made today, of indicators of which none is kept yet: what was once said is never rewritten."""
    kept = {each.indicator for each in store.select(Outlook, Select({"watch": watch.name}, since=today, until=today))}
    for one in each:
        if one.indicator.name not in kept:
            made = measure.outlook(watch.name, one.indicator.name, one.series)
            if made is not None:
                yield made


def _evidence(
    store: Store, watch: Watch, each: Measured, departure: Departure, since: date, until: date
) -> warn.Evidence:
    """What was published about a departure between two days: the watch's events, and the figures it is measured by."""
    query = measure.parse(each.indicator.query)
    events, retracted = standing(store, events_of(store, watch, since, until))
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
        memberships=memberships(store, cited),
        retracted=retracted,
        likelihood=_outlook(each, departure),
    )


def _outlook(each: Measured, departure: Departure) -> Likelihood | None:
    """How likely the coming week is to stay above what was normal before the departure, where that can be told."""
    if departure.expected is None or departure.until is not None or each.last.health != "ok":
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


def _cancelled(store: Store, warning: Warning) -> Warning:
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
