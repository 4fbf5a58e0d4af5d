"""Records as rows of a table, one row a record: what frames, CSV, Parquet and GeoJSON are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from tocsin.records import Actor, Article, Event, Observation, Record, Warning, Watch
from tocsin.store.base import EVERYTHING, Select, Store

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

R = TypeVar("R", bound=Record)
T = TypeVar("T")
What = Literal["events", "observations", "warnings"]
Codes = Mapping[str, Callable[[Event], str | float | int | None]]
"""Further columns of events: each name with the function that fills it (a CAMEO code, say)."""

CHUNK = 1000

_text, _many, _real, _whole, _day = "text", "many", "real", "whole", "day"

_EVENT = {
    "id": _text, "day": _day, "date": _day, "reported": _day,
    "type": _text, "mode": _text, "contexts": _many, "status": _text,
    "source": _many, "source_country": _many, "source_sector": _many,
    "target": _many, "target_country": _many, "target_sector": _many,
    "reported_by": _text, "place": _text, "place_country": _text, "lat": _real, "lon": _real, "geonames_id": _whole,
    "domains": _many, "quantities": _many, "confidence": _real, "quote": _text,
    "article": _text, "url": _text, "outlet": _text, "title": _text, "rule": _text, "coder": _text,
}  # fmt: skip
_CODES = {"goldstein": _real, "plover_intensity": _real, "quad_class": _whole}
"""Columns of codes that are no text."""
_OBSERVATION = {
    "id": _text, "day": _day, "issuer": _text, "field": _text, "value": _real, "regime": _text, "coverage": _real,
    "quote": _text, "article": _text, "url": _text, "outlet": _text, "made_by": _text,
}  # fmt: skip
_WARNING = {
    "id": _text, "watch": _text, "detector": _text, "opened": _day, "closed": _day, "as_of": _day, "revision": _whole,
    "state": _text, "level": _text, "title": _text, "summary": _text, "probability": _real, "likelihood": _text,
    "confidence": _text, "confidence_reason": _text, "articles": _whole, "outlets": _whole, "origins": _whole,
    "departures": _many, "events": _many, "observations": _many, "made_by": _text,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """How one kind of record is laid out: its columns, and the row of a record with its article (None: not stored)."""

    kind: type[R]
    columns: dict[str, str]
    row: Callable[[R, Article | None], dict[str, Any]]


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """`items` in lists of up to `size`."""
    stream = iter(items)
    while some := list(islice(stream, size)):
        yield some


def schema(what: What, codes: Codes | None = None) -> pa.Schema:
    """The columns of `what`, with their Arrow types."""
    import pyarrow as pa  # takes as long to load as everything else together, and most commands never need it

    types = {
        _text: pa.string(), _many: pa.list_(pa.string()), _real: pa.float64(), _whole: pa.int64(), _day: pa.date32(),
    }  # fmt: skip
    return pa.schema([(name, types[(TABLES[what].columns | _CODES).get(name, _text)]) for name in columns(what, codes)])


def columns(what: What, codes: Codes | None = None) -> list[str]:
    """The names of the columns of `what`."""
    return [*TABLES[what].columns, *(codes or {} if what == "events" else {})]


def rows(
    store: Store, what: What, select: Select = EVERYTHING, watch: Watch | None = None, codes: Codes | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of `what`, streamed in the order of `select`; with `watch`, those that belong to it."""
    table: Table[Any] = TABLES[what]
    further = codes or {} if what == "events" else {}
    if watch is not None and what == "events":
        where = {"country": watch.countries, **select.where}
        concerned = filter(watch.concerns, store.select(Event, replace(select, where=where, limit=None)))
        records: Iterator[Any] = islice(concerned, select.limit)
    else:
        records = store.select(table.kind, narrowed(what, select, watch))
    for some in chunks(records):
        articles = _articles(store, some)
        for record in some:
            row = table.row(record, articles.get(getattr(record, "article", "")))
            yield row | {name: code(record) for name, code in further.items()}


def narrowed(what: What, select: Select, watch: Watch | None) -> Select:
    """`select`, narrowed by what the store can tell of a watch: whose warnings, and from which issuers."""
    if watch is None or what == "events":
        return select
    if what == "warnings":
        return _also(select, "watch", [watch.name])
    issuers = {name for indicator in watch.indicators for name in _issuers(indicator.query)}
    return _also(select, "issuer", sorted(issuers))


def _also(select: Select, name: str, values: list[str]) -> Select:
    """`select` with one more condition; where it has one on this field already, both hold."""
    held = select.where.get(name)
    if held is not None:
        values = sorted({held} & set(values) if isinstance(held, str) else set(held) & set(values))
    return replace(select, where={**select.where, name: values})


def _issuers(query: str) -> set[str]:
    """Whose figures an indicator's query names: `vessels from twn-mnd`, alone or within another query."""
    return set(re.findall(r"\bfrom\s+([^\s(),]+)", query))


def _articles(store: Store, records: Iterable[Record]) -> dict[str, Article]:
    ids = {found for record in records if (found := getattr(record, "article", ""))}
    return {article.id: article for article in store.select(Article, Select(where={"id": ids}))} if ids else {}


def _names(actors: Iterable[Actor]) -> list[str]:
    return [actor.name for actor in actors]


def _stated(values: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _whence(article: Article | None) -> dict[str, Any]:
    return {"url": article.url if article else None, "outlet": article.outlet if article else None}


def _event_row(event: Event, article: Article | None) -> dict[str, Any]:
    place = event.place
    return {
        "id": event.id,
        "day": event.day,
        "date": event.date,
        "reported": event.reported,
        "type": event.type,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "status": event.status,
        "source": _names(event.source),
        "source_country": _stated(actor.country for actor in event.source),
        "source_sector": _stated(actor.sector for actor in event.source),
        "target": _names(event.target),
        "target_country": _stated(actor.country for actor in event.target),
        "target_sector": _stated(actor.sector for actor in event.target),
        "reported_by": event.reported_by.name if event.reported_by else None,
        "place": place.name if place else None,
        "place_country": place.country if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "geonames_id": place.geonames_id if place else None,
        "domains": list(event.domains),
        "quantities": [f"{quantity.what}={quantity.value:g}" for quantity in event.quantities],
        "confidence": event.confidence,
        "quote": event.quote.text,
        "article": event.article,
        **_whence(article),
        "title": article.title if article else None,
        "rule": event.rule,
        "coder": event.coder,
    }


def _observation_row(observation: Observation, article: Article | None) -> dict[str, Any]:
    named = observation.model_dump(include=set(_OBSERVATION) - {"quote"})
    return {**named, "quote": observation.quote.text if observation.quote else None, **_whence(article)}


def _warning_row(warning: Warning, article: Article | None) -> dict[str, Any]:
    named = warning.model_dump(include=set(_WARNING) - {"likelihood", "probability"})
    said = warning.likelihood
    lists = {name: list(named[name]) for name in ("departures", "events", "observations")}
    return {
        **named,
        **lists,
        "probability": said.probability if said else None,
        "likelihood": said.word if said else None,
    }


TABLES: dict[What, Table[Any]] = {
    "events": Table(Event, _EVENT, _event_row),
    "observations": Table(Observation, _OBSERVATION, _observation_row),
    "warnings": Table(Warning, _WARNING, _warning_row),
}
