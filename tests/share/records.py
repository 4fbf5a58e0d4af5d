"""Records that a warning rests on, down to the page, made for tests."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from tocsin.records import (
    Actor,
    Article,
    Departure,
    Event,
    Indicator,
    Likelihood,
    Observation,
    Page,
    Place,
    Quantity,
    Quote,
    Warning,
    Watch,
)
from tocsin.share.findings import Findings, Publisher
from tocsin.share.rule import Marking

PUBLISHER = Publisher(name="Harbour Institute", organisation="home", contact="desk@example.org")
DAY = date(2023, 4, 8)


def a_page(name: str) -> Page:
    body = name.encode()
    return Page(
        url=f"https://example.org/{name}",
        fetched=datetime(2023, 4, 8, 9, tzinfo=UTC),
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
    )


def an_article(page: Page, title: str) -> Article:
    return Article(
        page=page.id,
        url=page.url,
        outlet="Harbour Post",
        title=title,
        text="The navy began drills.",
        published=datetime(2023, 4, 8, 8, 30, tzinfo=UTC),
    )


def an_event(article: Article, **more: Any) -> Event:
    return Event(
        **{
            "article": article.id,
            "type": "MOBILIZE",
            "mode": "exercise",
            "contexts": ("military",),
            "source": (Actor(name="Chinese navy", country="CHN", sector="MIL", start=0, end=8),),
            "target": (Actor(name="Taiwan", country="TWN", sector=None, start=10, end=12),),
            "reported_by": Actor(name="Ministry of National Defense", country="TWN", sector="GOV", start=0, end=1),
            "status": "happened",
            "place": Place(name="Taiwan Strait", lat=24.5, lon=119.5, geonames_id=1655114, precision="strait"),
            "date": DAY,
            "quantities": (Quantity(what="vessels", value=8, start=0, end=1),),
            "domains": ("sea",),
            "confidence": 0.8,
            "quote": Quote(start=0, end=22, text="The navy began drills."),
            "rule": "mobilize",
            "coder": "test",
            **more,
        }
    )


def some_findings(name: str = "one", **more: Any) -> Findings:
    """A warning on one surge, an event and a figure, with their articles and pages."""
    page, bulletin = a_page(name), a_page(f"bulletin-{name}")
    article, text = an_article(page, f"Drills begin {name}"), an_article(bulletin, f"Bulletin {name}")
    event = an_event(article)
    figure = Observation(issuer="twn-mnd", field="vessels", day=DAY, value=8, article=text.id, made_by="test")
    departure = Departure(
        watch="taiwan-strait",
        indicator="vessels",
        detector="surge",
        declared=DAY,
        since=date(2023, 4, 7),
        until=date(2023, 4, 10),
        observed=8.5,
        expected=4.0,
        creep_interval=(1.1, 1.4),
        baseline=name,
    )
    warning = Warning(
        **{
            "watch": "taiwan-strait",
            "detector": "surge",
            "opened": DAY,
            "as_of": DAY,
            "title": f"More vessels than expected {name}",
            "summary": "Eight vessels where four were expected.",
            "likelihood": Likelihood(probability=0.7, word="likely", of="more to come", method="counts"),
            "confidence": "moderate",
            "confidence_reason": "two origins",
            "departures": (departure.id,),
            "events": (event.id,),
            "observations": (figure.id,),
            "articles": 2,
            "would_change": ("Ships leave.",),
            "innocent": ("A yearly exercise.",),
            **more,
        }
    )
    watch = Watch(
        name="taiwan-strait",
        title="Taiwan Strait",
        question="Is pressure growing?",
        indicators=(Indicator(name="vessels", title="Vessels around Taiwan", query="twn-mnd.vessels"),),
    )
    return Findings(
        warnings=[warning],
        departures=[departure],
        events=[event],
        observations=[figure],
        articles={one.id: one for one in (article, text)},
        pages={one.id: one for one in (page, bulletin)},
        watches={watch.name: watch},
    )


def all_clear(record: str) -> Marking:
    """Everything is CLEAR."""
    return Marking(tlp="clear")
