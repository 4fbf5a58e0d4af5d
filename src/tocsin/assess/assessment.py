"""What a watch comes to on a day: departures, warnings with their evidence, forecasts to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin import measure, warn
from tocsin.assess.carried import Measured, measured, version_of
from tocsin.assess.changes import Changes, Known, all_fallen, changes
from tocsin.assess.charts import rebases
from tocsin.assess.evidence import cancelled, evidence, told, told_since
from tocsin.records import (
    Checkpoint,
    Departure,
    Outlook,
    Record,
    Warning,
    Watch,
    content_id,
)  # fmt: skip
from tocsin.store.base import Select, Store

NOTHING = Changes(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())


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

    warnings = {warning.id: warning for warning in store.select(Warning, ours)}
    as_before = {
        id: warning
        for warning in warnings.values()
        if same and _goes_on(warning, stored, current, known, new)
        for id in warning.departures
    }

    def gather(departure: Departure, since: date, until: date) -> warn.Evidence:
        before = as_before.get(departure.id) if known and until >= known.day else None
        fresh = _fresh(known, new, today) if known and before else ()
        events = told_since(store, watch, before, since, until, fresh) if before else told(store, watch, since, until)
        return evidence(store, each[departure.indicator], departure, since, until, *events)

    issued = warn.warn(watch, current.values(), warnings, gather, today, settled)
    lost = tuple(sorted(new.fallen if new else known.fallen if known else all_fallen(store)))
    return Assessment(
        departures=list(altered.values()),
        warnings=[cancelled(store, warning) if warning.state == "cancelled" else warning for warning in issued],
        outlooks=list(_outlooks(store, watch, each.values(), today)),
        checkpoints=[checkpoint for one in each.values() for checkpoint in one.made],
        gone=[*(one for id, one in stored.items() if id not in current), *unused],
        state=Known(written, today.isoformat(), made_by, lost).to_bytes(),
    )


def _goes_on(
    warning: Warning,
    stored: Mapping[str, Departure],
    current: Mapping[str, Departure],
    known: Known | None,
    new: Changes | None,
) -> bool:
    """Whether what an open warning cites can be gone on from: what it cited before still counts, and all of it."""
    if warning.state != "open" or known is None:
        return False
    if new and (set(known.fallen) != new.fallen or not new.events.isdisjoint(warning.events)):
        return False
    pairs = [(stored.get(id), current.get(id)) for id in warning.departures]
    return all(
        one is not None and other is not None and one.since == other.since and one.until in (None, other.until)
        for one, other in pairs
    )


def _fresh(known: Known, new: Changes | None, today: date) -> set[date]:
    """The days whose events have not been looked at since they came, or became others."""
    later = {known.day + timedelta(days=n + 1) for n in range((today - known.day).days)}
    return later | (set(new.reported) if new else set())


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
