"""When a warning opens, what it says as it goes on, and when it closes.

Departures of one detector on one watch that overlap, or follow each other within `QUIET_DAYS`, are one period of
trouble and one warning. It opens on the day the first of them is declared and closes `QUIET_DAYS` after the last ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Literal

from tocsin import __version__
from tocsin.records import Article, Departure, Event, Likelihood, Membership, Observation, Warning, Watch
from tocsin.warn.wording import TITLES, describe, probability_word

QUIET_DAYS = 14
EVIDENCE_DAYS_BEFORE = 7
MOST_EVENTS = 50
MADE_BY = f"tocsin.warn {__version__}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was published in a period: events and observations with the articles they rest on, and their origins.

    `retracted` are articles of the period that were taken back, each with the notice: their events are not in `events`.
    `measured` tells whether the indicator counts events: beside a series of figures they are context, and no ground for
    more confidence.
    `likelihood` tells how likely an indicator is to stay above its baseline after a day, where that can be told.
    """

    events: Sequence[Event] = ()
    observations: Sequence[Observation] = ()
    articles: Mapping[str, Article] = field(default_factory=dict)
    memberships: Mapping[str, Membership] = field(default_factory=dict)
    retracted: Mapping[str, str] = field(default_factory=dict)
    measured: bool = True
    likelihood: Likelihood | None = None


Gather = Callable[[Departure, date, date], Evidence]


def warn(
    watch: Watch,
    departures: Iterable[Departure],
    standing: Mapping[str, Warning],
    gather: Gather,
    as_of: date,
    settled: Callable[[Warning], bool] = lambda warning: False,
) -> list[Warning]:
    """The warnings that are new or have changed, given every departure of `watch` up to `as_of`.

    `standing` are the warnings already issued, by id; one that says the same is not issued again. `gather` fetches the
    evidence for a departure between two days. A standing warning whose departures are gone is cancelled, not deleted.
    `settled` may spare the work on a closed warning of the same departures: nothing it rests on has changed.
    """
    issued: list[Warning] = []
    current: set[str] = set()
    closed = {warning.departures: warning for warning in standing.values() if warning.state == "closed"}
    for period in _periods(departures):
        same = closed.get(tuple(departure.id for departure in period))
        if same is not None and _is_over(same, as_of) and settled(same):
            current.add(same.id)
            continue
        warning = _compose(watch, period, gather, as_of)
        current.add(warning.id)
        before = standing.get(warning.id)
        if before is None:
            issued.append(warning)
        elif _substance(before) != _substance(warning):
            issued.append(warning.model_copy(update={"revision": before.revision + 1}))
    issued.extend(
        warning.model_copy(update={"state": "cancelled", "as_of": as_of, "revision": warning.revision + 1})
        for warning in standing.values()
        if warning.watch == watch.name and warning.id not in current and warning.state != "cancelled"
    )
    return issued


def _is_over(warning: Warning, as_of: date) -> bool:
    return warning.closed is not None and warning.closed + timedelta(days=QUIET_DAYS) <= as_of


def _periods(departures: Iterable[Departure]) -> list[list[Departure]]:
    """Departures gathered into periods of trouble, a detector at a time."""
    periods: list[list[Departure]] = []
    ordered = sorted(departures, key=lambda departure: (departure.detector, departure.declared, departure.indicator))
    for _, group in groupby(ordered, key=lambda departure: departure.detector):
        end: date | None = date.min
        for departure in group:
            if end is None or departure.declared <= end:
                periods[-1].append(departure)
            else:
                periods.append([departure])
                end = date.min
            over = None if departure.until is None else departure.until + timedelta(days=QUIET_DAYS)
            end = None if end is None or over is None else max(end, over)
    return periods


def _compose(watch: Watch, period: Sequence[Departure], gather: Gather, as_of: date) -> Warning:
    """One period of trouble as a warning."""
    indicators = {indicator.name: indicator for indicator in watch.indicators}
    first = min(departure.declared for departure in period)
    ends = [departure.until for departure in period]
    last = None if None in ends else max(end for end in ends if end is not None)
    closed = last if last is not None and last + timedelta(days=QUIET_DAYS) <= as_of else None
    until = min(as_of, closed or as_of)
    evidence = [
        gather(departure, departure.since - timedelta(days=EVIDENCE_DAYS_BEFORE), until) for departure in period
    ]
    events = strongest({event.id: event for part in evidence for event in part.events}.values())
    observations = {item.id: item for part in evidence for item in part.observations}
    articles = {key: article for part in evidence for key, article in part.articles.items()}
    memberships = {key: member for part in evidence for key, member in part.memberships.items()}
    counts = counted(events, observations.values(), articles, memberships)
    titles = sorted(
        {indicators[departure.indicator].title for departure in period if departure.indicator in indicators}
    )
    retracted = tuple(sorted({article for part in evidence for article in part.retracted}))
    measured = {event.id for part in evidence if part.measured for event in part.events}
    grounds = counted((one for one in events if one.id in measured), observations.values(), articles, memberships)
    confidence, reason = _confidence(period, grounds["origins"], len(observations))
    reason += f" {taken_back(len(retracted))}" if retracted else ""
    relevant = [indicators[departure.indicator] for departure in period if departure.indicator in indicators]
    return Warning(
        watch=watch.name,
        detector=period[0].detector,
        opened=first,
        closed=closed,
        as_of=until,
        state="open" if closed is None else "closed",
        level=_level(period, confidence),
        title=f"{TITLES[period[0].detector]}: {'; '.join(titles)}",
        summary=" ".join(
            describe(departure, indicators[departure.indicator])
            for departure in period
            if departure.indicator in indicators
        ),
        likelihood=next((part.likelihood for part in evidence if part.likelihood is not None), None),
        confidence=confidence,
        confidence_reason=reason,
        departures=tuple(departure.id for departure in period),
        events=tuple(event.id for event in events),
        observations=tuple(observations),
        **counts,
        retracted=retracted,
        would_change=_distinct(text for indicator in relevant for text in indicator.would_change),
        innocent=_distinct(text for indicator in relevant for text in indicator.innocent),
        made_by=MADE_BY,
    )


def counted(
    events: Iterable[Event],
    observations: Iterable[Observation],
    articles: Mapping[str, Article],
    memberships: Mapping[str, Membership],
) -> dict[str, Any]:
    """How many articles, outlets and origins events and official figures rest on.

    An issuer is an outlet and an origin; a table of figures is no article.
    """
    stated = list(observations)
    reporting = {event.article for event in events}
    issuers = {item.issuer for item in stated}
    outlets = issuers | {articles[key].outlet or articles[key].url for key in reporting if key in articles}
    origins = issuers | {memberships[key].origin if key in memberships else key for key in reporting}
    published = reporting | {item.article for item in stated if item.article.startswith(f"{Article.kind}-")}
    return {"articles": len(published), "outlets": len(outlets), "origins": len(origins)}


def strongest(events: Iterable[Event]) -> list[Event]:
    """The events that a warning cites: the most confident, then the newest, undated last; at most `MOST_EVENTS`."""
    ordered = sorted(events, key=lambda event: (-event.confidence, -(event.day or date.min).toordinal(), event.id))
    return ordered[:MOST_EVENTS]


def _confidence(
    period: Sequence[Departure], origins: int, observations: int
) -> tuple[Literal["low", "moderate", "high"], str]:
    """How far to trust the warning, and why, in the terms of ICD 203: the quality and independence of its sources."""
    indicators = Counter(departure.indicator for departure in period)
    reasons = [
        f"{len(indicators)} indicator{'s' if len(indicators) > 1 else ''} departed",
        f"{origins} independent origin{'s' if origins != 1 else ''} of what was measured",
        f"{observations} official figure{'s' if observations != 1 else ''}",
    ]
    points = (len(indicators) > 1) + (origins >= 3) + (observations >= 7)
    words: tuple[Literal["low", "moderate", "high"], ...] = ("low", "moderate", "high", "high")
    return words[points], "; ".join(reasons) + "."


def _level(period: Sequence[Departure], confidence: str) -> Literal["advisory", "warning"]:
    """A warning where several indicators agree or confidence is high; being blind is never more than an advisory."""
    if period[0].detector == "blind":
        return "advisory"
    several = len({departure.indicator for departure in period}) > 1
    return "warning" if several or confidence == "high" else "advisory"


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _substance(warning: Warning) -> dict[str, object]:
    """What a reader would notice had changed: all but the day it was looked at and the revision's number."""
    return warning.model_dump(exclude={"as_of", "revision", "made_by"})


def taken_back(articles: int) -> str:
    """What a warning says of articles that were retracted."""
    said = "1 article was" if articles == 1 else f"{articles} articles were"
    return f"{said} taken back by their publisher and count no longer."


def likelihood(probability: float, of: str, method: str) -> Likelihood:
    """A probability with its ICD 203 word."""
    return Likelihood(probability=probability, word=probability_word(probability), of=of, method=method)
