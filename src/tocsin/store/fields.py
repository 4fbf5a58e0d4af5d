"""What of each record a store can look for: its day, fields, words and point. The one place that knows.

*Counted* fields take few values; together they name the record's cell, and records are counted by cell and day.
*References* take as many values as there are records (ids, addresses).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tocsin.records import (
    Actor,
    Article,
    Checkpoint,
    Departure,
    Event,
    Membership,
    Observation,
    Outlook,
    Page,
    Problem,
    Rebase,
    Record,
    Warning,
)

Values = Iterable[str | None]


@dataclass(frozen=True, slots=True)
class Index:
    """How one kind of record is indexed. Each function takes the record; `blob` names a field kept compressed."""

    day: Callable[[Any], date | None] = lambda record: None
    counted: Mapping[str, Callable[[Any], Values]] = field(default_factory=dict)
    references: Mapping[str, Callable[[Any], Values]] = field(default_factory=dict)
    words: Callable[[Any], str] | None = None
    point: Callable[[Any], tuple[float, float] | None] | None = None
    blob: str | None = None


def _calendar_day(moment: date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _countries(actors: Iterable[Actor]) -> Values:
    return (actor.country for actor in actors)


def _place_country(event: Event) -> str | None:
    return event.place.country if event.place else None


def _every_country(event: Event) -> Values:
    return (*_countries(event.source), *_countries(event.target), _place_country(event))


def _event_words(event: Event) -> str:
    names = [actor.name for actor in (*event.source, *event.target)]
    return "\n".join([event.quote.text, *names, event.place.name if event.place else ""])


def _event_point(event: Event) -> tuple[float, float] | None:
    place = event.place
    if place is None or place.lat is None or place.lon is None:
        return None
    return place.lat, place.lon


INDEXES: dict[type[Record], Index] = {
    Page: Index(
        day=lambda page: _calendar_day(page.published or page.fetched),
        counted={"source": lambda page: [page.source], "outlet": lambda page: [page.outlet]},
        references={"url": lambda page: [page.url]},
        blob="body",
    ),
    Article: Index(
        day=lambda article: _calendar_day(article.published),
        counted={
            "form": lambda article: [article.form],
            "outlet": lambda article: [article.outlet],
            "language": lambda article: [article.language],
        },
        references={"page": lambda article: [article.page], "url": lambda article: [article.url]},
        words=lambda article: f"{article.title}\n{article.text}",
    ),
    Event: Index(
        day=lambda event: event.day,
        counted={
            "type": lambda event: [event.type],
            "status": lambda event: [event.status],
            "country": _every_country,
            "source_country": lambda event: _countries(event.source),
            "target_country": lambda event: _countries(event.target),
            "place_country": lambda event: [_place_country(event)],
            "domain": lambda event: event.domains,
        },
        references={"article": lambda event: [event.article]},
        words=_event_words,
        point=_event_point,
    ),
    Observation: Index(
        day=lambda observation: observation.day,
        counted={
            "issuer": lambda observation: [observation.issuer],
            "field": lambda observation: [observation.field],
            "regime": lambda observation: [observation.regime],
        },
        references={"article": lambda observation: [observation.article]},
    ),
    Membership: Index(
        references={
            "article": lambda membership: [membership.article],
            "story": lambda membership: [membership.story],
            "copy_group": lambda membership: [membership.copy_group],
            "origin": lambda membership: [membership.origin],
            "amends": lambda membership: [membership.amends],
        },
    ),
    Problem: Index(
        day=lambda problem: _calendar_day(problem.at),
        counted={"stage": lambda problem: [problem.stage]},
        references={"subject": lambda problem: [problem.subject]},
    ),
    Departure: Index(
        day=lambda departure: departure.declared,
        counted={
            "watch": lambda departure: [departure.watch],
            "indicator": lambda departure: [departure.indicator],
            "detector": lambda departure: [departure.detector],
            "state": lambda departure: ["over" if departure.until else "lasting"],
        },
    ),
    Rebase: Index(
        day=lambda rebase: rebase.day,
        counted={"watch": lambda rebase: [rebase.watch], "indicator": lambda rebase: [rebase.indicator]},
    ),
    Outlook: Index(
        day=lambda outlook: outlook.day,
        counted={"watch": lambda outlook: [outlook.watch], "indicator": lambda outlook: [outlook.indicator]},
    ),
    Checkpoint: Index(
        day=lambda checkpoint: checkpoint.day,
        counted={
            "watch": lambda checkpoint: [checkpoint.watch],
            "indicator": lambda checkpoint: [checkpoint.indicator],
        },
    ),
    Warning: Index(
        day=lambda warning: warning.opened,
        counted={
            "watch": lambda warning: [warning.watch],
            "detector": lambda warning: [warning.detector],
            "state": lambda warning: [warning.state],
            "level": lambda warning: [warning.level],
        },
        references={
            "departure": lambda warning: warning.departures,
            "event": lambda warning: warning.events,
            "observation": lambda warning: warning.observations,
        },
        words=lambda warning: f"{warning.title}\n{warning.summary}",
    ),
}

PLAIN = Index()


def index_of(kind: type[Record]) -> Index:
    """How `kind` is indexed; a kind that nobody looks into has only its id."""
    return INDEXES.get(kind, PLAIN)


def values(of: Callable[[Any], Values], record: Record) -> tuple[str, ...]:
    """The distinct values a record has in a field, in order; what is not stated has none."""
    return tuple(sorted({plain(value) for value in of(record) if value}))


def plain(value: str) -> str:
    """A value as it can be looked up: no database compares text with NUL in it."""
    return value.replace("\x00", "\ufffd")
