"""The JSON API: the same records and the same narrowing as the pages, described by OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from tocsin.records import Article, Departure, Event, Measurement, Observation, Record, Warning, Watch
from tocsin.store.base import Select
from tocsin.web.desk import Board, WatchNow
from tocsin.web.filters import (
    AskedArticles,
    AskedDepartures,
    AskedEvents,
    AskedObservations,
    AskedWarnings,
    Filters,
    QuestionError,
    page,
)
from tocsin.web.story import Story, newest, tell

T = TypeVar("T")
R = TypeVar("R", bound=Record)


class Listing(BaseModel, Generic[T]):
    """A page of a list, newest first. `next` is the cursor for `after`, null on the last page."""

    items: Sequence[T]
    next: str | None


class IndicatorState(BaseModel):
    """An indicator now: the last day with a value, against what was expected of it; and what departs at present."""

    name: str
    title: str
    unit: str
    last: Measurement | None
    departures: Sequence[Departure]


class WatchState(BaseModel):
    """A watch and how it stands now."""

    watch: Watch
    state: str
    warnings: Sequence[Warning]
    indicators: Sequence[IndicatorState]


class Failure(BaseModel):
    """Why a request was not answered, in one sentence."""

    detail: str


def routes(board: Board) -> APIRouter:
    """The API under /api/v1."""
    api = APIRouter(prefix="/api/v1", responses={400: {"model": Failure}, 404: {"model": Failure}})
    _watches(api, board)
    _stories(api, board)
    _lists(api, board)
    for kind in (Event, Article, Warning, Observation, Departure):
        _one(api, board, kind)
    return api


def _lists(api: APIRouter, board: Board) -> None:
    @api.get("/warnings")
    def warnings(filters: Annotated[AskedWarnings, Query()]) -> Listing[Warning]:
        """Warnings as they stand, by the day they were opened."""
        return _listing(board, Warning, filters)

    @api.get("/events")
    def events(filters: Annotated[AskedEvents, Query()]) -> Listing[Event]:
        """Events, by the day they happened or are to happen."""
        return _listing(board, Event, filters)

    @api.get("/articles")
    def articles(filters: Annotated[AskedArticles, Query()]) -> Listing[Article]:
        """Articles, headlines and bulletins, by the day they were published."""
        return _listing(board, Article, filters)

    @api.get("/observations")
    def observations(filters: Annotated[AskedObservations, Query()]) -> Listing[Observation]:
        """Figures that issuers state; a day without one is unknown, not zero."""
        return _listing(board, Observation, filters)

    @api.get("/departures")
    def departures(filters: Annotated[AskedDepartures, Query()]) -> Listing[Departure]:
        """Episodes in which an indicator left its baseline, by the day they were declared."""
        return _listing(board, Departure, filters)


def _listing(board: Board, kind: type[R], filters: Filters) -> Listing[R]:
    try:
        found, after = page(board, kind, filters)
    except QuestionError as error:
        raise HTTPException(400, str(error)) from error
    return Listing[R](items=found, next=after)


def _one(api: APIRouter, board: Board, kind: type[R]) -> None:
    def one(id: str) -> Any:
        found = board.store.get(kind, id)
        if found is None:
            raise HTTPException(404, f"There is no {kind.kind} {id!r}.")
        return found

    api.get(f"/{kind.kind}s/{{id}}", response_model=kind, name=kind.kind, description=f"One {kind.kind} by its id.")(
        one
    )


def _watches(api: APIRouter, board: Board) -> None:
    def known(name: str) -> Watch:
        watch = board.watches.get(name)
        if watch is None:
            raise HTTPException(404, f"There is no watch {name!r}.")
        return watch

    @api.get("/watches")
    def watches() -> Listing[WatchState]:
        """Every watch with its state now."""
        return Listing[WatchState](items=[_state(board.now(watch)) for watch in board.watches.values()], next=None)

    @api.get("/watches/{name}")
    def watch(name: str) -> WatchState:
        """One watch with its state now."""
        return _state(board.now(known(name)))

    @api.get("/watches/{name}/{indicator}")
    def series(name: str, indicator: str) -> Listing[Measurement]:
        """The daily series of an indicator, oldest first, as it was measured day by day without look-ahead."""
        measured = board.series(known(name)).get(indicator)
        if measured is None:
            raise HTTPException(404, f"The watch {name!r} has no indicator {indicator!r}.")
        return Listing[Measurement](items=measured, next=None)


def _state(now: WatchNow) -> WatchState:
    return WatchState(
        watch=now.watch,
        state=now.state,
        warnings=now.warnings,
        indicators=[
            IndicatorState(
                name=each.indicator.name,
                title=each.indicator.title,
                unit=each.indicator.unit,
                last=each.last,
                departures=each.lasting,
            )
            for each in now.indicators
        ],
    )


def _stories(api: APIRouter, board: Board) -> None:
    @api.get("/stories")
    def stories(filters: Annotated[AskedArticles, Query()]) -> Listing[Story]:
        """Stories by their newest article; `next` is an article's id."""
        if filters.after is not None and board.store.get(Article, filters.after) is None:
            raise HTTPException(
                400, f"There is no article {filters.after!r} to continue after: begin again without it."
            )
        select: Select = filters.select(after=filters.after)
        found = list(islice(newest(board.store, select), filters.limit + 1))
        shown = found[: filters.limit]
        after = shown[-1][1] if len(found) > len(shown) else None
        return Listing[Story](items=[story for story, _ in shown], next=after)

    @api.get("/stories/{id}")
    def story(id: str) -> Story:
        """One story with its articles, gathered by the origin they count towards."""
        found = tell(board.store, id)
        if found is None:
            raise HTTPException(404, f"There is no story {id!r}.")
        return found
