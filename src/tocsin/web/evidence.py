"""The pages of single records: each can be followed back to what it rests on, down to words in a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from tocsin.records import Article, Departure, Event, Membership, Observation, Page, Problem, Record, Warning
from tocsin.store.base import Select, Store
from tocsin.web import chart
from tocsin.web.desk import Board
from tocsin.web.highlight import event_spans, figure_spans, mark
from tocsin.web.pages import around
from tocsin.web.render import Renderer
from tocsin.web.story import Story, story_of, tell, told_once

R = TypeVar("R", bound=Record)


def routes(board: Board, render: Renderer) -> APIRouter:
    """The pages of single records."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/warnings/{id}")
    def warning(request: Request, id: str) -> HTMLResponse:
        return render(request, "warning.html", **_of_warning(board, existing(board.store, Warning, id)))

    @router.get("/departures/{id}")
    def departure(request: Request, id: str) -> HTMLResponse:
        return render(request, "departure.html", **_of_departure(board, existing(board.store, Departure, id)))

    @router.get("/events/{id}")
    def event(request: Request, id: str) -> HTMLResponse:
        return render(request, "event.html", **_of_event(board, existing(board.store, Event, id)))

    @router.get("/observations/{id}")
    def observation(request: Request, id: str) -> HTMLResponse:
        return render(request, "observation.html", **_of_observation(board, existing(board.store, Observation, id)))

    @router.get("/articles/{id}")
    def article(request: Request, id: str) -> HTMLResponse:
        return render(request, "article.html", **_of_article(board, existing(board.store, Article, id)))

    @router.get("/stories/{id}")
    def story(request: Request, id: str) -> HTMLResponse:
        told = tell(board.store, id)
        if told is None:
            raise HTTPException(404, f"There is no story {id!r}.")
        return render(request, "story.html", **_of_story(board, told))

    return router


def existing(store: Store, kind: type[R], id: str) -> R:
    """The record, or the sentence that there is none."""
    found = store.get(kind, id)
    if found is None:
        raise HTTPException(404, f"There is no {kind.kind} {id!r}.")
    return found


def _by_ids(store: Store, kind: type[R], ids: Collection[str]) -> dict[str, R]:
    """Records by id, in the order of `ids`; those no longer stored are left out."""
    found = {record.id: record for record in store.select(kind, Select(where={"id": ids}))} if ids else {}
    return {id: found[id] for id in ids if id in found}


def _of_warning(board: Board, warning: Warning) -> dict[str, Any]:
    store = board.store
    events = _by_ids(store, Event, warning.events)
    observations = _by_ids(store, Observation, warning.observations)
    articles = _articles(store, [*events.values(), *observations.values()])
    departures = _by_ids(store, Departure, warning.departures)
    return {
        "warning": warning,
        "watch": board.watches.get(warning.watch),
        "departed": [_shown(board, found) for found in _by_indicator(departures.values())],
        "events": told_once(store, list(events.values())),
        "observations": sorted(observations.values(), key=lambda item: (item.field, item.day)),
        "articles": articles,
        "retracted": list(_by_ids(store, Article, warning.retracted).values()),
        "origins": _origins(store, articles),
        "gone": len(warning.events) + len(warning.observations) - len(events) - len(observations),
    }


def _by_indicator(departures: Iterable[Departure]) -> list[list[Departure]]:
    gathered: dict[str, list[Departure]] = {}
    for departure in departures:
        gathered.setdefault(departure.indicator, []).append(departure)
    return list(gathered.values())


def _shown(board: Board, departures: Sequence[Departure]) -> dict[str, Any]:
    """The departures of one indicator with the picture of their days."""
    first = departures[0]
    watch = board.watches.get(first.watch)
    indicator = board.indicator(first.watch, first.indicator)
    series = board.series(watch).get(first.indicator, ()) if watch else ()
    end = series[-1].date if series else max(found.declared for found in departures)
    days = around(series, min(found.since for found in departures), max(found.until or end for found in departures))
    title, unit = (indicator.title, indicator.unit) if indicator else (first.indicator, "")
    words = chart.describe(days, unit)
    slow = any(found.detector in ("creep", "burden") for found in departures)
    theirs = board.departures(watch, first.indicator) if watch else departures
    acts = board.rebases(watch, first.indicator) if watch else ()
    return {
        "indicator": first.indicator,
        "departures": departures,
        "title": title,
        "unit": unit,
        "picture": chart.draw(days, theirs, f"{title}. {words}", unit, acts),
        "creep": chart.draw_creep(days, f"Creep index of {title}", acts) if slow else "",
        "words": words,
    }


def _articles(store: Store, records: Sequence[Event | Observation]) -> dict[str, Article]:
    return _by_ids(store, Article, list(dict.fromkeys(record.article for record in records if record.article)))


def _origins(store: Store, articles: dict[str, Article]) -> list[dict[str, Any]]:
    """The articles gathered by the origin that they count towards; one that was not grouped counts for itself."""
    members = store.select(Membership, Select(where={"article": articles.keys()})) if articles else ()
    belongs = {member.article: member for member in members}
    gathered: dict[str, dict[str, Any]] = {}
    for article in articles.values():
        member = belongs.get(article.id)
        origin = member.origin if member else article.id
        reason = member.origin_reason if member else "not grouped yet: counted for itself"
        entry = gathered.setdefault(origin, {"origin": origin if member else "", "reasons": {}, "articles": []})
        entry["reasons"] |= {reason: None} if reason else {}
        entry["articles"].append((article, member.story if member else None))
    return sorted(gathered.values(), key=lambda entry: (-len(entry["articles"]), entry["origin"]))


def _of_departure(board: Board, departure: Departure) -> dict[str, Any]:
    return {
        "shown": _shown(board, [departure]),
        "departure": departure,
        "watch": board.watches.get(departure.watch),
        "indicator": board.indicator(departure.watch, departure.indicator),
        "warnings": list(board.store.select(Warning, Select(where={"departure": departure.id}))),
    }


def _of_event(board: Board, event: Event) -> dict[str, Any]:
    article = board.store.get(Article, event.article)
    member = story_of(board.store, event.article)
    text = (article.title if event.headline else article.text) if article else ""
    return {
        "event": event,
        "article": article,
        "context": _context(text, event),
        "story": tell(board.store, member.story) if member else None,
        "warnings": list(board.store.select(Warning, Select(where={"event": event.id}, newest_first=True))),
        "steps": board.desk.explain(event, text),
    }


def _context(text: str, event: Event) -> tuple[str, str, str]:
    """Some of the text before the quote, the quote, and some after it."""
    start, end = event.quote.start, event.quote.end
    if text[start:end] != event.quote.text:
        return "", event.quote.text, ""
    before, after = text[max(0, start - 280) : start], text[end : end + 280]
    return ("…" if start > 280 else "") + before, text[start:end], after + ("…" if len(text) > end + 280 else "")


def _of_observation(board: Board, observation: Observation) -> dict[str, Any]:
    same = {"issuer": observation.issuer, "field": observation.field}
    store, day = board.store, observation.day
    return {
        "observation": observation,
        "article": store.get(Article, observation.article),
        "before": next(
            iter(store.select(Observation, Select(where=same, newest_first=True, after=observation.id, limit=1))), None
        ),
        "after": next(iter(store.select(Observation, Select(where=same, after=observation.id, limit=1))), None),
        "others": [
            found
            for found in store.select(Observation, Select(where=same, since=day, until=day))
            if found.id != observation.id
        ],
        "warnings": list(store.select(Warning, Select(where={"observation": observation.id}, newest_first=True))),
    }


def _of_article(board: Board, article: Article) -> dict[str, Any]:
    store = board.store
    events = sorted(
        store.select(Event, Select(where={"article": article.id})),
        key=lambda event: (not event.headline, event.quote.start, event.id),
    )
    figures = list(store.select(Observation, Select(where={"article": article.id})))
    member = story_of(store, article.id)
    return {
        "article": article,
        "page": store.get(Page, article.page),
        "title": mark(article.title, event_spans(events, headline=True)),
        "text": mark(article.text, [*event_spans(events, headline=False), *figure_spans(figures)]),
        "events": events,
        "unread": None if events else _unread(board, article),
        "figures": figures,
        "member": member,
        "story": tell(store, member.story) if member else None,
    }


def _unread(board: Board, article: Article) -> str | None:
    """Why nothing could be taken from an article, where that is known."""
    problem = next(iter(board.store.select(Problem, Select(where={"subject": article.id}, limit=1))), None)
    return problem.says if problem else board.desk.unread(article)


def _of_story(board: Board, story: Story) -> dict[str, Any]:
    ids = [article.id for origin in story.origins for article in origin.articles]
    events = list(board.store.select(Event, Select(where={"article": ids}, newest_first=True)))
    return {"story": story, "events": told_once(board.store, events)}
