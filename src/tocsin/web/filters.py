"""What a reader may narrow lists by, in pages and in the API alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from tocsin.records import (
    Detector,
    Domain,
    Event,
    EventType,
    Record,
    Status,
    Watch,
)
from tocsin.store.base import Select, Store
from tocsin.web.desk import Board

R = TypeVar("R", bound=Record)


def _filled(value: Any) -> Any:
    """An empty form field asks for nothing."""
    if isinstance(value, list):
        return [item for item in value if item != ""]
    return None if value == "" else value


Day = Annotated[date | None, BeforeValidator(_filled)]
Text = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(_filled)]
Country = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Edges = Annotated[str, Field(pattern=r"^-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){3}$")]
Box = Annotated[Edges | None, BeforeValidator(_filled)]
T = TypeVar("T")
Any_of = Annotated[list[T], BeforeValidator(_filled)]


class Filters(BaseModel):
    """What every list can be narrowed by: days (both included), how many, and where to go on."""

    model_config = ConfigDict(extra="ignore")

    since: Day = None
    until: Day = None
    after: Text = Field(None, description="The cursor `next` of the page before")
    limit: int = Field(50, ge=1, le=500)

    def where(self) -> dict[str, str | list[str]]:
        """The indexed fields that are asked for."""
        known = self.model_dump(exclude=set(Searched.model_fields) | {"box"}, exclude_none=True)
        return {name: value for name, value in known.items() if value}

    def select(self, **more: Any) -> Select:
        """As the store understands it, newest first."""
        return Select(where=self.where(), since=self.since, until=self.until, newest_first=True, **more)


class Searched(Filters):
    """Narrows what has words."""

    q: Text = Field(None, description='Words that must all occur; "a phrase", -not, begin*')

    def select(self, **more: Any) -> Select:
        return super().select(text=self.q, **more)


class EventFilters(Searched):
    """Narrows events."""

    watch: Text = None
    type: Any_of[EventType] = []
    status: Any_of[Status] = []
    country: Any_of[Country] = []
    source_country: Any_of[Country] = []
    target_country: Any_of[Country] = []
    place_country: Any_of[Country] = []
    domain: Any_of[Domain] = []
    article: Text = None
    box: Box = Field(None, description="west,south,east,north in degrees")

    def where(self) -> dict[str, str | list[str]]:
        known = super().where()
        known.pop("watch", None)
        return known

    def select(self, **more: Any) -> Select:
        if self.box is None:
            return super().select(**more)
        west, south, east, north = map(float, self.box.split(","))
        return super().select(box=(west, south, east, north), **more)


class ArticleFilters(Searched):
    """Narrows articles."""

    outlet: Any_of[str] = []
    language: Any_of[str] = []
    form: Any_of[Literal["article", "headline", "bulletin"]] = []


class WarningFilters(Searched):
    """Narrows warnings."""

    watch: Any_of[str] = []
    state: Any_of[Literal["open", "closed", "cancelled"]] = []
    detector: Any_of[Detector] = []
    level: Any_of[Literal["advisory", "warning"]] = []


class DepartureFilters(Filters):
    """Narrows departures."""

    watch: Any_of[str] = []
    indicator: Any_of[str] = []
    detector: Any_of[Detector] = []
    state: Any_of[Literal["lasting", "over"]] = []


class ObservationFilters(Filters):
    """Narrows observations."""

    issuer: Any_of[str] = []
    field: Any_of[str] = []
    regime: Any_of[str] = []
    article: Text = None


class AskedEvents(EventFilters, extra="forbid"):
    """As a program asks: a name that nothing is narrowed by is an error, not a longer answer."""


class AskedArticles(ArticleFilters, extra="forbid"):
    """As a program asks."""


class AskedWarnings(WarningFilters, extra="forbid"):
    """As a program asks."""


class AskedDepartures(DepartureFilters, extra="forbid"):
    """As a program asks."""


class AskedObservations(ObservationFilters, extra="forbid"):
    """As a program asks."""


class QuestionError(ValueError):
    """What was asked cannot be answered; the message is one sentence for the reader."""


def page(board: Board, kind: type[R], filters: Filters) -> tuple[list[R], str | None]:
    """A page of records, and the cursor of the next one where there is one. Raises `QuestionError`."""
    if filters.after is not None and board.store.get(kind, filters.after) is None:
        raise QuestionError(f"There is no {kind.kind} {filters.after!r} to continue after: begin again without it.")
    found = list(islice(_found(board, kind, filters), filters.limit + 1))
    shown = found[: filters.limit]
    return shown, shown[-1].id if len(found) > len(shown) else None


def _found(board: Board, kind: type[R], filters: Filters) -> Iterator[R]:
    if not isinstance(filters, EventFilters) or filters.watch is None:
        return board.store.select(kind, filters.select(after=filters.after, limit=filters.limit + 1))
    watch = board.watches.get(filters.watch)
    if watch is None:
        raise QuestionError(f"There is no watch {filters.watch!r}.")
    return cast("Iterator[R]", concerned(board.store, watch, filters.select(after=filters.after)))


def concerned(store: Store, watch: Watch, select: Select) -> Iterator[Event]:
    """The events of `select` that concern `watch`; its countries narrow what is looked through."""
    where = {"country": watch.countries, **select.where}
    return filter(watch.concerns, store.select(Event, replace(select, where=where, limit=None)))
