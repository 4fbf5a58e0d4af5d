"""From a query to a daily series: which events and observations count, on which day, and when nothing is known.

A day without matching events is zero only if its sources were alive (`coverage`); else it is missing.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

import numpy as np

from tocsin.data import text
from tocsin.measure.series import Floats, Series
from tocsin.measure.tree import (
    Balance,
    Both,
    Composite,
    Condition,
    Events,
    Field,
    Has,
    Not,
    Query,
    Ratio,
    Share,
    Silence,
)
from tocsin.records import Actor, Event, Membership, Observation

HAPPENING = frozenset({"happened", "ongoing"})  # what counts where the query does not say which status
MIX_RECENT, MIX_PAST, MIX_LEAST = 28, 365, 10  # days, days, stories on either side


@dataclass
class Evidence:
    """What a query is asked of, by day."""

    days: Sequence[date]
    events: dict[date, list[Event]]
    observations: dict[tuple[str, str], dict[date, Observation]]
    story: Mapping[str, str]
    origin: Mapping[str, str]
    alive: Callable[[date], float]


@dataclass(frozen=True)
class Figures:
    """A value for each day, with the reporting rules and the share of the day reported."""

    values: Floats
    regime: tuple[str, ...] = ()
    coverage: Floats = field(default_factory=lambda: np.empty(0))


def build(
    query: Query,
    days: Sequence[date],
    events: Iterable[Event],
    observations: Iterable[Observation] = (),
    memberships: Iterable[Membership] = (),
    *,
    published: Mapping[str, date | datetime] | None = None,
    coverage: Mapping[date, float] | None = None,
    holidays: Iterable[date] = (),
) -> Series:
    """The daily series of a query over consecutive `days`.

    An event counts on the day it happened; where the text gives no day, or one yet to come, on the day it was reported
    (`published`, by article id, overrules the event's own word); and not at all where neither is known. Events planned,
    hypothetical or denied count only where the query names their status. Later observations of a day correct earlier
    ones, in the order given; later memberships of an article replace earlier ones. `coverage` tells which share of the
    sources of events was alive on a day: a day that it lacks or has at 0 is missing. Without it every day counts as
    covered.
    """
    evidence = Evidence(
        days,
        _by_day(events, published or {}),
        _observed(observations),
        {},
        {},
        (lambda day: 1.0) if coverage is None else (lambda day: coverage.get(day, 0.0)),
    )
    kept = list(memberships)
    evidence.story = {member.article: member.story for member in kept}
    evidence.origin = {member.article: member.origin for member in kept}
    figures = _figures(query, evidence)
    return Series(
        dates=tuple(days),
        values=figures.values,
        coverage=figures.coverage if len(figures.coverage) else np.full(len(days), np.nan),
        regime=figures.regime or ("",) * len(days),
        signed=signed(query),
        holidays=frozenset(holidays),
    )


def signed(query: Query) -> bool:
    """Whether a query's values may be negative."""
    if isinstance(query, Composite):
        return any(signed(part) for part in query.parts)
    if isinstance(query, Ratio):
        return signed(query.over) or signed(query.under)
    return isinstance(query, Balance)


def _by_day(events: Iterable[Event], published: Mapping[str, date | datetime]) -> dict[date, list[Event]]:
    days: dict[date, list[Event]] = defaultdict(list)
    for event in events:
        told = published.get(event.article, event.reported)
        told = told.date() if isinstance(told, datetime) else told
        known = [day for day in (event.date, told) if day is not None]
        if known:
            days[min(known)].append(event)
    return days


def _observed(observations: Iterable[Observation]) -> dict[tuple[str, str], dict[date, Observation]]:
    found: dict[tuple[str, str], dict[date, Observation]] = defaultdict(dict)
    for observation in observations:
        found[observation.issuer, observation.field][observation.day] = observation
    return found


def _figures(query: Query, evidence: Evidence) -> Figures:
    match query:
        case Field():
            return _field(query, evidence)
        case Events(figure="mix"):
            return Figures(_mix(query.where, evidence))
        case Events():
            return Figures(_daily(evidence, lambda day: _figure(query, evidence, day)))
        case Share():
            return Figures(_daily(evidence, lambda day: _share(query, evidence, day)))
        case Balance():
            return Figures(_daily(evidence, lambda day: _balance(query, evidence, day)))
        case Silence():
            return Figures(_silence(query, evidence))
        case Ratio():
            over, under = _figures(query.over, evidence), _figures(query.under, evidence)
            values = np.full(len(evidence.days), np.nan)
            np.divide(over.values, under.values, out=values, where=under.values != 0)
            return Figures(values, _regimes([over, under]))
        case Composite():
            parts = [_figures(part, evidence) for part in query.parts]
            choose = np.fmax if query.word == "max" else np.fmin
            values = parts[0].values
            for part in parts[1:]:
                values = choose(values, part.values)
            return Figures(values, _regimes(parts))


def _regimes(parts: Sequence[Figures]) -> tuple[str, ...]:
    """The rules of a composite change whenever those of a part do."""
    named = [part.regime for part in parts if part.regime]
    return tuple("/".join(names) for names in zip(*named, strict=True))


def _daily(evidence: Evidence, figure: Callable[[date], float]) -> Floats:
    return np.array([figure(day) if evidence.alive(day) > 0 else math.nan for day in evidence.days])


def _field(query: Field, evidence: Evidence) -> Figures:
    found = evidence.observations.get((query.issuer, query.field), {})
    values, coverage = np.full(len(evidence.days), np.nan), np.full(len(evidence.days), np.nan)
    rules = {day: observation.regime or "" for day, observation in found.items()}
    earlier = [rules[day] for day in sorted(rules) if not evidence.days or day < evidence.days[0]]
    first = next((rules[day] for day in evidence.days if day in rules), "")
    now = earlier[-1] if earlier else first
    regime: list[str] = []
    for at, day in enumerate(evidence.days):
        if day in found:
            values[at], coverage[at] = found[day].value, found[day].coverage
            now = rules[day]
        regime.append(now)
    return Figures(values, tuple(regime), coverage)


def _figure(query: Events, evidence: Evidence, day: date) -> float:
    events = _matching(query.where, evidence, day)
    match query.figure:
        case "articles":
            return len({event.article for event in events})
        case "origins":
            return len({evidence.origin.get(event.article, event.article) for event in events})
        case "sum":
            return sum(_quantities(query.quantity, events, evidence).values())
        case _:
            return len(_stories(events, evidence))


def _stories(events: Iterable[Event], evidence: Evidence) -> dict[str, list[Event]]:
    stories: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        stories[evidence.story.get(event.article, event.article)].append(event)
    return stories


def _quantities(what: str, events: Iterable[Event], evidence: Evidence) -> dict[str, float]:
    """Each story's figure: the largest that one of its articles states, so that repetition adds nothing."""
    largest: dict[str, float] = {}
    for story, members in _stories(events, evidence).items():
        by_article: Counter[str] = Counter()
        for event in members:
            stated = {(q.start, q.end): q.value for q in event.quantities if q.what == what}
            by_article[event.article] += sum(stated.values())  # type: ignore[assignment]
        largest[story] = max(by_article.values(), default=0.0)
    return largest


def _share(query: Share, evidence: Evidence, day: date) -> float:
    among = _stories(_matching(query.among, evidence, day), evidence)
    if not among:
        return math.nan
    of = set(_stories(_matching(query.of, evidence, day), evidence))
    return 100 * len(of & set(among)) / len(among)


def _balance(query: Balance, evidence: Evidence, day: date) -> float:
    weight = intensities()
    one, other = query.one, query.other
    dyad = [
        event
        for event in evidence.events.get(day, ())
        if event.status in HAPPENING
        and (
            (_names(event.source, one) and _names(event.target, other))
            or (_names(event.source, other) and _names(event.target, one))
        )
    ]
    stories = _stories(dyad, evidence).values()
    return math.fsum(math.fsum(weight[e.type] for e in story) / len(story) for story in stories)


def _mix(where: Condition | None, evidence: Evidence) -> Floats:
    """Jensen–Shannon divergence (bits, times 100) of the types of the last four weeks from those of the year before."""
    types = sorted(intensities())
    counts = np.zeros((len(evidence.days), len(types)))
    for at, day in enumerate(evidence.days):
        for story in _stories(_matching(where, evidence, day), evidence).values():
            for kind in {event.type for event in story}:
                counts[at, types.index(kind)] += 1
    total = np.vstack([np.zeros(len(types)), np.cumsum(counts, axis=0)])
    values = np.full(len(evidence.days), np.nan)
    for at, day in enumerate(evidence.days):
        middle, first = max(at + 1 - MIX_RECENT, 0), max(at + 1 - MIX_RECENT - MIX_PAST, 0)
        recent, past = total[at + 1] - total[middle], total[middle] - total[first]
        if min(recent.sum(), past.sum()) >= MIX_LEAST and evidence.alive(day) > 0:
            values[at] = 100 * _divergence(recent / recent.sum(), past / past.sum())
    return values


def _divergence(p: Floats, q: Floats) -> float:
    middle = (p + q) / 2
    return float(sum(np.sum(part[part > 0] * np.log2(part[part > 0] / middle[part > 0])) for part in (p, q)) / 2)


def _silence(query: Silence, evidence: Evidence) -> Floats:
    spoken = _figures(query.of, evidence).values
    bulletins = isinstance(query.of, Field)
    values = np.full(len(evidence.days), np.nan)
    silent: float | None = None
    for at, value in enumerate(spoken):
        heard = not math.isnan(value) if bulletins else value > 0
        silent = 0.0 if heard else None if silent is None else silent + 1
        if silent is not None and (bulletins or not math.isnan(value)):
            values[at] = silent
    return values


def _matching(where: Condition | None, evidence: Evidence, day: date) -> list[Event]:
    asked = _asks_status(where)
    return [
        event
        for event in evidence.events.get(day, ())
        if (asked or event.status in HAPPENING) and (where is None or _holds(where, event))
    ]


def _asks_status(where: Condition | None) -> bool:
    match where:
        case Has(field="status"):
            return True
        case Both():
            return any(_asks_status(part) for part in where.parts)
        case Not():
            return _asks_status(where.part)
    return False


def _holds(where: Condition, event: Event) -> bool:
    match where:
        case Not():
            return not _holds(where.part, event)
        case Both(word="and"):
            return all(_holds(part, event) for part in where.parts)
        case Both():
            return any(_holds(part, event) for part in where.parts)
        case Has(field="confidence"):
            return event.confidence >= float(where.values[0])
        case Has():
            return any(_has(event, where.field, value) for value in where.values) == where.wanted


def _has(event: Event, name: str, value: str) -> bool:
    actors = event.source + event.target
    match name:
        case "source":
            return _names(event.source, value)
        case "target":
            return _names(event.target, value)
        case "actors":
            return _names(actors, value)
        case "sector":
            return any(actor.sector == value for actor in actors)
        case "domain":
            return value in event.domains
        case "context":
            return value in event.contexts
        case "place":
            place = event.place
            return place is not None and (place.country == value or place.name.casefold() == value.casefold())
        case _:
            return bool(getattr(event, name) == value)


def _names(actors: Iterable[Actor], value: str) -> bool:
    """Whether one of the actors is the country (`CHN`), its part (`CHN.MIL`, `.MIL`) or has the name ("NATO")."""
    country, dot, sector = value.partition(".")
    for actor in actors:
        if dot and (not country or actor.country == country) and actor.sector == sector:
            return True
        if not dot and (actor.country == value or actor.name.casefold() == value.casefold()):
            return True
    return False


@cache
def intensities() -> dict[str, float]:
    """How conflictual or cooperative each PLOVER type is (`data/measure/intensity.csv`)."""
    lines = (line for line in text("measure/intensity.csv").splitlines() if not line.startswith("#"))
    return {row["type"]: float(row["intensity"]) for row in csv.DictReader(lines)}
