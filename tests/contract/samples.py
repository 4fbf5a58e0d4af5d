"""Records to store: small, of every kind, made from a few words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tocsin.records import (
    Actor,
    Article,
    Checkpoint,
    Event,
    Forecast,
    Measurement,
    Membership,
    Observation,
    Outlook,
    Page,
    Place,
    Quote,
    Warning,
)

NOON = datetime(2023, 4, 8, 12, tzinfo=UTC)


def a_page(url: str = "https://example.org/1", body: bytes = b"<p>text</p>") -> Page:
    return Page(url=url, source="wire", fetched=NOON, sha256=f"hash of {body!r}", body=body)


def an_article(title: str = "Drills begin", text: str = "The army began drills.", **more: Any) -> Article:
    return Article(**{"page": "page-1", "title": title, "text": text, "published": NOON, "outlet": "Wire", **more})


def an_actor(country: str) -> Actor:
    return Actor(name=f"Government of {country}", country=country, sector="GOV", start=0, end=3)


def an_event(
    day: date | None = date(2023, 4, 8),
    source: Sequence[str] = ("CHN",),
    target: Sequence[str] = ("TWN",),
    place: Place | None = None,
    **more: Any,
) -> Event:
    return Event(
        **{
            "article": "article-1",
            "type": "MOBILIZE",
            "status": "happened",
            "source": tuple(map(an_actor, source)),
            "target": tuple(map(an_actor, target)),
            "place": place,
            "date": day,
            "confidence": 0.8,
            "quote": Quote(start=0, end=22, text="The army began drills."),
            "rule": "mobilize",
            "coder": "test",
            **more,
        }
    )


def an_observation(day: date, value: float = 3, field: str = "aircraft") -> Observation:
    return Observation(issuer="mnd", field=field, day=day, value=value, article="article-1")


def a_membership(article: str, story: str) -> Membership:
    return Membership(article=article, story=story, copy_group=article, origin="wire", origin_reason="it says so")


def a_warning(opened: date = date(2023, 4, 8), **more: Any) -> Warning:
    return Warning(
        **{
            "watch": "taiwan-strait",
            "detector": "surge",
            "opened": opened,
            "as_of": opened,
            "title": "More aircraft than expected",
            "summary": "Forty aircraft where ten were expected.",
            "likelihood": None,
            "confidence": "moderate",
            "confidence_reason": "two origins",
            "departures": ("departure-1",),
            **more,
        }
    )


def an_outlook(day: date = date(2023, 4, 8)) -> Outlook:
    line = Forecast(origin=day, lead=1, mean=3.2, median=3, quantiles={"0.05": 1, "0.95": 6}, method="climatology")
    return Outlook(watch="taiwan-strait", indicator="vessels", day=day, threshold=5, forecasts=(line,))


def a_checkpoint(day: date = date(2023, 4, 1)) -> Checkpoint:
    last = Measurement(date=day, value=3, expected=None, interval=None, health="warming-up")
    return Checkpoint(
        watch="taiwan-strait", indicator="vessels", day=day, version="v", values=(3, None), coverage=(1, None),
        regime=("", ""), memory="{}", last=last,
    )  # fmt: skip
