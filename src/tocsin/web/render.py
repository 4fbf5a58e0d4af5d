"""Turns templates into pages: every text escaped, every word that the templates share defined here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from tocsin import __version__
from tocsin.records import Actor, Event, Measurement
from tocsin.web.door import visitor
from tocsin.web.links import outward, permalink, query
from tocsin.web.scale import MONTHS, number

STATES = {"warning": "Warning", "advisory": "Advisory", "blind": "Blind", "calm": "Calm", "unknown": "Not known"}


def day(value: date | datetime | None) -> str:
    """A day in prose: 8 April 2023."""
    return f"{value.day} {value:%B %Y}" if value else "undated"


def short_day(value: date | datetime | None) -> str:
    """A day in a table: 8 Apr 2023."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}" if value else "undated"


def percent(value: float) -> str:
    """A probability or confidence: 70 %."""
    return f"{value * 100:.0f} %"


def parties(actors: Iterable[Actor]) -> str:
    """Actors by name, with their countries."""
    return ", ".join(f"{actor.name} ({actor.country})" if actor.country else actor.name for actor in actors)


def sentence(event: Event) -> str:
    """An event in a line: who, what, whom."""
    who, whom = parties(event.source) or "unnamed actor", parties(event.target)
    return f"{who} → {whom}" if whom else who


def against(measured: Measurement | None) -> str:
    """How a value stands against what was expected of it, in words."""
    if measured is None or measured.value is None or measured.interval is None:
        return "no expectation yet"
    low, high = measured.interval
    if measured.value > high:
        return "above the expected band"
    return "below the expected band" if measured.value < low else "within the expected band"


def ago(value: date, today: date) -> str:
    """How far a day lies before the last whole day, on which the pages stand."""
    days = (today - value).days
    if days < 0:
        return "in the future"
    if days == 0:
        return "the last whole day"
    return f"{days:,} day{'' if days == 1 else 's'} before the last whole day"


def environment() -> Environment:
    """Templates that escape everything and fail on what is not defined."""
    made = Environment(
        loader=PackageLoader("tocsin.web"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    made.filters |= {
        "day": day, "short_day": short_day, "percent": percent, "number": number, "parties": parties,
        "sentence": sentence, "against": against, "ago": ago, "outward": outward, "permalink": permalink,
    }  # fmt: skip
    made.globals |= {"version": __version__, "states": STATES, "query": query}
    return made


class Renderer:
    """Makes pages of templates, for one application."""

    def __init__(self, *, door: bool = False) -> None:
        self._environment, self._door = environment(), door

    def __call__(self, request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """The page `template` filled with `context`. Its links carry on what was asked, save what no filter knows."""
        known = type(context["filters"]).model_fields if "filters" in context else None
        given: Mapping[str, Any] = {
            "path": request.url.path,
            "visitor": visitor(),
            "door": self._door,
            "asked": [pair for pair in request.query_params.multi_items() if known is None or pair[0] in known],
            **context,
        }
        return HTMLResponse(self._environment.get_template(template).render(given), status_code=status)
