"""The pages a reader walks through: overview, watches, indicators, lists and search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from tocsin.records import Article, Departure, Event, Indicator, Measurement, Rebase, Record, Warning, Watch
from tocsin.store.base import Select
from tocsin.web import chart, theatre
from tocsin.web.desk import Board, IndicatorNow
from tocsin.web.filters import ArticleFilters, EventFilters, Filters, QuestionError, WarningFilters, concerned, page
from tocsin.web.render import Renderer
from tocsin.web.story import newest, told_once

R = TypeVar("R", bound=Record)

RECENT = 90
LISTED = 25
MAPPED = 2000
SPANS = {"quarter": 91, "year": 365, "all": None}


@dataclass(frozen=True, slots=True)
class Drawn:
    """An indicator with its pictures and the same in words."""

    now: IndicatorNow
    picture: Markup
    creep: Markup
    words: str


def routes(board: Board, render: Renderer) -> APIRouter:
    """The pages that begin from a watch or a list."""
    router = APIRouter(default_response_class=HTMLResponse)
    _overview(router, board, render)
    _watch(router, board, render)
    _lists(router, board, render)
    _search(router, board, render)
    return router


def _overview(router: APIRouter, board: Board, render: Renderer) -> None:
    @router.get("/")
    def overview(request: Request) -> HTMLResponse:
        states = [board.now(watch) for watch in board.watches.values()]
        order = ("warning", "advisory", "blind", "unknown", "calm")
        return render(
            request,
            "overview.html",
            states=sorted(states, key=lambda now: order.index(now.state)),
            sparks={now.watch.name: _sparks(now.indicators) for now in states},
            latest=list(board.store.select(Warning, Select(newest_first=True, limit=8))),
            sources=board.desk.sources(),
            today=board.desk.today(),
            written=board.store.last_write(),
        )

    @router.get("/scoreboard")
    def scoreboard(request: Request) -> HTMLResponse:
        boards = board.scoreboards()
        titles = {watch.name: {each.name: each.title for each in watch.indicators} for watch, _ in boards}
        return render(request, "scoreboard.html", boards=boards, titles=titles)

    @router.get("/reading")
    def reading(request: Request) -> HTMLResponse:
        return render(request, "reading.html")


def _sparks(indicators: Sequence[IndicatorNow]) -> dict[str, Markup]:
    return {
        now.indicator.name: chart.spark(now.series[-RECENT:], chart.describe(now.series[-RECENT:], now.indicator.unit))
        for now in indicators
    }


def _watch(router: APIRouter, board: Board, render: Renderer) -> None:
    def known(name: str) -> Watch:
        if name not in board.watches:
            raise HTTPException(404, f"There is no watch {name!r}.")
        return board.watches[name]

    @router.get("/watches/{name}")
    def watch(request: Request, name: str, span: str = "all") -> HTMLResponse:
        return render(request, "watch.html", span=span, spans=list(SPANS), **_of_watch(board, known(name), span))

    @router.get("/watches/{name}/{indicator}")
    def indicator(request: Request, name: str, indicator: str, span: str = "all") -> HTMLResponse:
        one = known(name)
        now = next((each for each in board.now(one).indicators if each.indicator.name == indicator), None)
        if now is None:
            raise HTTPException(404, f"The watch {name!r} has no indicator {indicator!r}.")
        departures, acts = board.departures(one, indicator), board.rebases(one, indicator)
        return render(
            request,
            "indicator.html",
            watch=one,
            each=drawn(now, departures, span, acts),
            recent=chart.draw(now.series[-RECENT:], departures, f"The last {RECENT} days", rebases=acts)
            if len(now.series) > RECENT
            else None,
            rebases=acts,
            departures=departures[::-1],
            table=now.series[: -RECENT - 1 : -1],
            span=span,
            spans=list(SPANS),
        )


def _of_watch(board: Board, watch: Watch, span: str) -> dict[str, Any]:
    now, departures = board.now(watch), board.departures(watch)
    happened = list(islice(concerned(board.store, watch, Select(newest_first=True)), MAPPED))
    where = theatre.spots(happened, f"/events?watch={watch.name}&box=")
    return {
        "now": now,
        "drawn": [drawn(each, departures, span, board.rebases(watch, each.indicator.name)) for each in now.indicators],
        "together": board.together(now),
        "warnings": list(board.store.select(Warning, Select(where={"watch": watch.name}, newest_first=True))),
        "events": told_once(board.store, happened[: 4 * LISTED])[:LISTED],
        "many": len(happened),
        "map": theatre.draw(watch.box, where, f"Events on the watch {watch.title}") if watch.box else "",
        "today": board.desk.today(),
    }


def drawn(now: IndicatorNow, departures: Sequence[Departure], span: str, rebases: Sequence[Rebase] = ()) -> Drawn:
    """The pictures of an indicator over a span of days."""
    if span not in SPANS:
        raise HTTPException(400, f"span cannot be read: choose {', '.join(SPANS)}.")
    theirs = [found for found in departures if found.indicator == now.indicator.name]
    days = SPANS[span]
    series = now.series[-days:] if days else now.series
    return picture(now.indicator, series, theirs, now, rebases)


def picture(
    indicator: Indicator,
    series: Sequence[Measurement],
    departures: Sequence[Departure],
    now: IndicatorNow,
    rebases: Sequence[Rebase] = (),
) -> Drawn:
    """The pictures of some days of an indicator."""
    words = chart.describe(series, indicator.unit)
    return Drawn(
        now=now,
        picture=chart.draw(series, departures, f"{indicator.title}. {words}", indicator.unit, rebases),
        creep=chart.draw_creep(series, f"Creep index of {indicator.title}", rebases),
        words=words,
    )


def around(series: Sequence[Measurement], since: date, until: date, days: int = 120) -> Sequence[Measurement]:
    """The days of an episode with what went before and after it."""
    return [day for day in series if since - timedelta(days=days) <= day.date <= until + timedelta(days=days // 2)]


def _lists(router: APIRouter, board: Board, render: Renderer) -> None:
    @router.get("/warnings")
    def warnings(request: Request, filters: Annotated[WarningFilters, Query()]) -> HTMLResponse:
        found, after = listed(board, Warning, filters)
        return render(
            request, "warnings.html", warnings=found, next=after, filters=filters, watches=board.watches.values()
        )

    @router.get("/events")
    def events(request: Request, filters: Annotated[EventFilters, Query()]) -> HTMLResponse:
        found, after = listed(board, Event, filters)
        days = board.store.daily(Event, filters.select()) if filters.watch is None else {}
        return render(
            request,
            "events.html",
            events=found,
            next=after,
            filters=filters,
            watches=board.watches.values(),
            total=sum(days.values()),
            exports=board.desk.export is not None,
        )

    @router.get("/articles")
    def articles(request: Request, filters: Annotated[ArticleFilters, Query()]) -> HTMLResponse:
        found, after = listed(board, Article, filters)
        return render(request, "articles.html", articles=found, next=after, filters=filters)

    @router.get("/stories")
    def stories(request: Request, filters: Annotated[ArticleFilters, Query()]) -> HTMLResponse:
        if filters.after is not None and board.store.get(Article, filters.after) is None:
            raise HTTPException(400, f"There is no article {filters.after!r} to continue after.")
        found = list(islice(newest(board.store, filters.select(after=filters.after)), filters.limit + 1))
        after = found[filters.limit - 1][1] if len(found) > filters.limit else None
        return render(
            request, "stories.html", stories=[story for story, _ in found[: filters.limit]], next=after, filters=filters
        )


def listed(board: Board, kind: type[R], filters: Filters) -> tuple[list[R], str | None]:
    """A page of a list, or a refusal in one sentence."""
    try:
        return page(board, kind, filters)
    except QuestionError as error:
        raise HTTPException(400, str(error)) from error


def _search(router: APIRouter, board: Board, render: Renderer) -> None:
    @router.get("/search")
    def search(request: Request, q: Annotated[str, Query(max_length=500)] = "") -> HTMLResponse:
        found: dict[str, Any] = {}
        if q.strip():
            which = Select(text=q, newest_first=True, limit=LISTED)
            kinds: tuple[type[Record], ...] = (Warning, Article, Event)
            for kind in kinds:
                found[kind.kind] = (list(board.store.select(kind, which)), board.store.count(kind, which))
        return render(request, "search.html", q=q, found=found)
