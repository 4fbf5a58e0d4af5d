"""A workspace to look at: two watches, three years of figures, stories, events and warnings, some of them hostile."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tocsin.records import (
    Actor,
    Article,
    Departure,
    Event,
    Indicator,
    Likelihood,
    Measurement,
    Membership,
    Observation,
    Page,
    Place,
    Quantity,
    Quote,
    Rebase,
    Record,
    Warning,
    Watch,
)
from tocsin.store import Store, open_store, pieces
from tocsin.web import Desk, SourceHealth, create_app

FIRST, LAST = date(2021, 1, 1), date(2023, 12, 31)
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

STRAIT = Watch(
    name="taiwan-strait",
    title="Taiwan Strait",
    question="Is force being prepared against Taiwan, or a higher level of pressure made to pass for normal?",
    countries=("TWN", "CHN", "USA", "JPN"),
    places=("Taiwan Strait",),
    domains=("air", "sea"),
    box=(116.0, 20.5, 125.5, 28.0),
    indicators=(
        Indicator(name="aircraft", title="Aircraft reported around Taiwan", query="aircraft from mnd", unit="aircraft"),
        Indicator(name="vessels", title="Vessels reported around Taiwan", query="vessels from mnd", unit="vessels"),
    ),
)
QUIET = Watch(
    name="quiet",
    title="A quiet corner",
    question="Does anything happen here?",
    countries=("FJI",),
    box=(175.0, -22.0, -175.0, -12.0),
    indicators=(Indicator(name="talk", title="Talk", query="count events"),),
)


def measured() -> dict[str, list[Measurement]]:
    """Three years of two series: one with two surges and days without data, one that creeps."""
    chance = random.Random(7)
    aircraft: list[Measurement] = []
    vessels: list[Measurement] = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        surge = any(0 <= (day - start).days < 10 for start in (date(2022, 8, 3), date(2023, 4, 8)))
        value = None if day.month == 2 and day.day in (3, 4, 5) else float(chance.randint(0, 14) + 30 * surge)
        warm = number < 60
        aircraft.append(
            Measurement(
                date=day,
                value=value,
                expected=None if warm else 7.5,
                interval=None if warm else (1.0, 15.0),
                surge=surge,
                health="missing" if value is None else "warming-up" if warm else "ok",
            )
        )
        index = 1 + max(0, number - 700) / 500
        vessels.append(
            Measurement(
                date=day,
                value=float(chance.randint(2, 6)) * index,
                expected=4.0 * index,
                interval=(2 * index, 7 * index),
                creep=number > 820,
                creep_index=index,
                creep_interval=(index * 0.85, index * 1.15),
                health="ok",
            )
        )
    return {"aircraft": aircraft, "vessels": vessels}


def measure(watch: Watch) -> Mapping[str, Sequence[Measurement]]:
    """The series of the sample watches."""
    return measured() if watch.name == STRAIT.name else {}


def span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def actor(text: str, words: str, country: str, sector: str = "GOV") -> Actor:
    start, end = span(text, words)
    return Actor(name=words, country=country, sector=sector, start=start, end=end)


def quote(text: str, words: str) -> Quote:
    start, end = span(text, words)
    return Quote(start=start, end=end, text=words)


TEXT = (
    "TAIPEI — China's military began three days of drills around Taiwan on Saturday, sending 42 aircraft across the "
    "median line.\n\nTaiwan's defence ministry condemned the drills 🚢 as irrational. 國防部表示嚴正抗議。\n\n"
    "The United States said that it would send a delegation to Taipei next week."
)


def article(outlet: str, title: str, text: str = TEXT, day: date = date(2023, 4, 8), **more: object) -> Article:
    when = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    page = Page(url=f"https://{outlet}.example/{title[:20]}", source=outlet, fetched=when, sha256="a1" * 32)
    return Article(
        **{
            "page": page.id,
            "url": page.url,
            "outlet": outlet,
            "title": title,
            "text": text,
            "published": when,
            "language": "en",
            "made_by": "test",
            **more,
        }
    )


def events_of(told: Article) -> list[Event]:
    text = told.text
    strait = Place(name="Taiwan Strait", lat=24.0, lon=119.0, precision="strait")
    taipei = Place(name="Taipei", country="TWN", lat=25.05, lon=121.53, geonames_id=1668341, precision="city")
    shared = {"article": told.id, "coder": "test 1", "reported": date(2023, 4, 8)}
    number = span(text, "42")
    return [
        Event(
            type="MOBILIZE",
            mode="exercise",
            source=(actor(text, "China's military", "CHN", "MIL"),),
            target=(actor(text, "Taiwan", "TWN"),),
            status="happened",
            place=strait,
            date=date(2023, 4, 8),
            quantities=(Quantity(what="aircraft", value=42, start=number[0], end=number[1]),),
            domains=("air", "sea"),
            confidence=0.91,
            quote=quote(text, "China's military began three days of drills around Taiwan"),
            rule="mobilize.drill",
            **shared,
        ),
        Event(
            type="ACCUSE",
            source=(actor(text, "Taiwan's defence ministry", "TWN", "MIL"),),
            status="happened",
            target=(),
            date=date(2023, 4, 8),
            place=taipei,
            confidence=0.78,
            quote=quote(text, "Taiwan's defence ministry condemned the drills 🚢 as irrational"),
            rule="accuse",
            **shared,
        ),
        Event(
            type="CONSULT",
            source=(actor(text, "The United States", "USA"),),
            target=(actor(text, "Taipei", "TWN"),) if "Taipei" in text else (),
            status="planned",
            date=date(2023, 4, 15),
            place=taipei,
            confidence=0.55,
            quote=quote(text, "it would send a delegation to Taipei next week"),
            rule="consult.visit",
            domains=("diplomatic",),
            **shared,
        ),
    ]


def departures() -> list[Departure]:
    shared = {"watch": STRAIT.name, "made_by": "measure 1"}
    return [
        Departure(
            indicator="aircraft",
            detector="surge",
            declared=date(2022, 8, 4),
            since=date(2022, 8, 3),
            until=date(2022, 8, 12),
            observed=37.0,
            expected=7.5,
            peak=44.0,
            **shared,
        ),
        Departure(
            indicator="aircraft",
            detector="surge",
            declared=date(2023, 4, 9),
            since=date(2023, 4, 8),
            until=date(2023, 4, 17),
            observed=36.0,
            expected=7.5,
            peak=44.0,
            **shared,
        ),
        Departure(
            indicator="vessels",
            detector="creep",
            declared=date(2023, 4, 1),
            since=date(2022, 12, 2),
            observed=6.1,
            expected=4.0,
            creep_index=1.79,
            creep_interval=(1.5, 2.1),
            **shared,
        ),
        Departure(
            watch=QUIET.name, indicator="talk", detector="blind", declared=date(2023, 9, 1), since=date(2023, 8, 1)
        ),
    ]


def warnings(found: Sequence[Departure], events: Sequence[Event], figures: Sequence[Observation]) -> list[Warning]:
    shared = {
        "watch": STRAIT.name,
        "confidence": "moderate",
        "as_of": LAST,
        "made_by": "warn 1",
        "confidence_reason": "1 indicator departed; 2 independent origins; 3 official figures.",
        "innocent": ("A scheduled exercise season.",),
        "would_change": ("Two weeks within the band.",),
    }
    said = Likelihood(
        probability=0.72,
        word="likely",
        of="aircraft stay above the band for a week",
        method="climatology of past episodes",
    )
    return [
        Warning(
            detector="surge",
            opened=date(2023, 4, 9),
            closed=date(2023, 5, 1),
            state="closed",
            level="warning",
            title="Surge: Aircraft reported around Taiwan",
            likelihood=said,
            departures=(found[1].id,),
            summary="Aircraft reported around Taiwan: a surge above its recent past from 8 April to 17 April 2023.",
            events=tuple(event.id for event in events[:6]),
            observations=tuple(item.id for item in figures[:3]),
            articles=3,
            outlets=3,
            origins=2,
            **shared,
        ),
        Warning(
            detector="creep",
            opened=date(2023, 4, 1),
            level="advisory",
            departures=(found[2].id,),
            title="Creeping normal: Vessels reported around Taiwan",
            summary="Vessels reported around Taiwan: a slow rise of what passes for normal since 2 December 2022; "
            "normal now stands at 1.79 times the reference (1.50 to 2.10).",
            observations=tuple(item.id for item in figures[3:]),
            **shared,
        ),
    ]


def records() -> list[Record]:
    """Everything that is stored in the sample workspace."""
    told = [
        article("island-radio", "China begins drills around Taiwan"),
        article("harbour-post", "China's army begins three days of drills"),
        article("wire", "China starts drills after visit", agency="Wire"),
        article("evil", ATTACK, TEXT + f"\n{ATTACK}", day=date(2023, 4, 9), url="javascript:alert(3)"),
        *(
            article("daily", f"Note {number}", f"Nothing of note on day {number}.", FIRST + timedelta(days=number))
            for number in range(60)
        ),
    ]
    bulletin = article("mnd", "Military activities", "42 aircraft and 9 vessels were detected.", form="bulletin")
    figures = [
        Observation(
            issuer="mnd",
            field=name,
            day=date(2023, 4, 8) + timedelta(days=number),
            value=value + number,
            article=bulletin.id,
            regime="all",
            quote=quote(bulletin.text, words) if number == 0 else None,
        )
        for number in range(3)
        for name, value, words in (("aircraft", 42, "42 aircraft"), ("vessels", 9, "9 vessels"))
    ]
    events = [event for one in told[:4] for event in events_of(one)]
    grouped = [
        Membership(article=one.id, story="story-drills", copy_group=one.id, origin=origin, origin_reason=reason)
        for one, origin, reason in zip(
            told[:4],
            ("island-radio", "Wire", "Wire", ATTACK),
            ("reports itself", "credits Wire", "credits Wire", "?"),
            strict=True,
        )
    ]
    found = departures()
    rebase = Rebase(
        watch=STRAIT.name,
        indicator="vessels",
        day=date(2023, 9, 1),
        by="A. Analyst",
        reason="a new radar counts more of the same ships",
        at=datetime(2023, 9, 2, tzinfo=UTC),
    )
    page = Page(
        url=told[0].url, source="island-radio", fetched=told[0].published, sha256="a1" * 32, body=b"<p>page</p>"
    )
    return [page, rebase, *told, bulletin, *figures, *events, *grouped, *found, *warnings(found, events, figures)]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The sample workspace's store."""
    opened = open_store(tmp_path_factory.mktemp("web") / "tocsin.db")
    opened.put(records())
    yield opened
    opened.close()


def scored(watch: Watch) -> SimpleNamespace:
    """How the forecasts of the sample watches have done."""
    if watch.name != STRAIT.name:
        return SimpleNamespace(scores={}, together=[], kept=0)
    points = [SimpleNamespace(said=0.1, came=0.12, count=40), SimpleNamespace(said=0.6, came=0.55, count=9)]
    days = SimpleNamespace(
        target="days", count=49, crps=2.5, skill=0.07, coverage=0.9, brier=0.08, brier_skill=None, reliability=points
    )
    return SimpleNamespace(scores={"aircraft": [days], "vessels": [days]}, together=[days], kept=7)


def sample_app(store: Store) -> FastAPI:
    """The application over the sample workspace."""
    health = (
        SourceHealth("island-radio", "ok", "12 articles in the last week.", datetime(2023, 12, 31, 6, tzinfo=UTC)),
        SourceHealth("evil", "failing", f"Answers with {ATTACK}", None),
    )
    desk = Desk(
        measure=measure,
        today=lambda: date(2024, 1, 1),
        sources=lambda: health,
        explain=lambda event, text: ["the word drills is a trigger", f"rule {event.rule} matched"],
        export=lambda what, form, select, watch: pieces(store, what, form, select=select, watch=watch),
        judge=lambda days: SimpleNamespace(departing=tuple(days)[:1], adjusted=dict.fromkeys(days, 0.004)),
        scoreboard=scored,
    )
    return create_app(store, [STRAIT, QUIET], desk)


@pytest.fixture(scope="session")
def client(store: Store) -> Iterator[TestClient]:
    """A browser without eyes."""
    with TestClient(sample_app(store)) as opened:
        yield opened
