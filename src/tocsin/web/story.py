"""Stories: the articles that tell of one thing, and how many independent origins stand behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from pydantic import BaseModel

from tocsin.records import Article, Event, Membership, parties
from tocsin.store.base import Select, Store

DAYS_APART = 3
"""Undated tellings of one thing are published within so many days."""


class Origin(BaseModel):
    """Articles that count as one voice, and why they do."""

    origin: str
    reasons: list[str]
    articles: list[Article]


class Story(BaseModel):
    """A story as it stands: `articles`, `outlets` and `origins` are three different counts."""

    id: str
    title: str
    first: date | None
    last: date | None
    articles: int
    outlets: int
    origins: list[Origin]


def story_of(store: Store, article: str) -> Membership | None:
    """Where an article belongs, if it has been grouped."""
    return next(iter(store.select(Membership, Select(where={"article": article}))), None)


def tell(store: Store, story: str) -> Story | None:
    """The story with this id, or None."""
    found = _stories(store, [story])
    return found[0] if found else None


def newest(store: Store, select: Select) -> Iterator[tuple[Story, str]]:
    """Stories by their newest article among those of `select`, each with that article's id."""
    batch: list[Article] = []
    for article in store.select(Article, select):
        batch.append(article)
        if len(batch) == 100:
            yield from _ending_with(store, select, batch)
            batch = []
    yield from _ending_with(store, select, batch)


def _ending_with(store: Store, select: Select, batch: Sequence[Article]) -> Iterator[tuple[Story, str]]:
    """The stories whose newest article of `select` is in `batch`, in its order."""
    ids = [article.id for article in batch]
    belongs = {found.article: found.story for found in store.select(Membership, Select(where={"article": ids}))}
    stories = {story.id: story for story in _stories(store, sorted(set(belongs.values())))}
    members = {article.id: story.id for story in stories.values() for article in _articles(story)}
    asked = replace(select, where={**select.where, "id": members.keys()}, after=None, limit=None)
    latest: dict[str, str] = {}
    for article in store.select(Article, asked):  # newest first
        latest.setdefault(members[article.id], article.id)
    for article in batch:
        story = belongs.get(article.id, "")
        if latest.get(story) == article.id:
            yield stories[story], article.id


def _articles(story: Story) -> Iterator[Article]:
    return (article for origin in story.origins for article in origin.articles)


def _stories(store: Store, ids: Sequence[str]) -> list[Story]:
    members = list(store.select(Membership, Select(where={"story": ids}))) if ids else []
    named = Select(where={"id": [member.article for member in members]})
    articles = {article.id: article for article in store.select(Article, named)} if members else {}
    members = sorted((member for member in members if member.article in articles), key=lambda member: member.story)
    return [
        _story(story, list(theirs), articles) for story, theirs in groupby(members, key=lambda member: member.story)
    ]


def _story(story: str, members: Sequence[Membership], articles: dict[str, Article]) -> Story:
    told = sorted((articles[member.article] for member in members), key=_when)
    days = [day for article in told if (day := day_of(article))]
    origins = sorted({member.origin for member in members}, key=lambda origin: (-_size(members, origin), origin))
    return Story(
        id=story,
        title=next((article.title for article in told if article.title), told[0].text[:120]),
        first=min(days, default=None),
        last=max(days, default=None),
        articles=len(told),
        outlets=len({article.outlet or article.url for article in told}),
        origins=[_origin(origin, members, articles) for origin in origins],
    )


def _size(members: Iterable[Membership], origin: str) -> int:
    return sum(member.origin == origin for member in members)


def _origin(origin: str, members: Sequence[Membership], articles: dict[str, Article]) -> Origin:
    theirs = [member for member in members if member.origin == origin]
    return Origin(
        origin=origin,
        reasons=sorted({member.origin_reason for member in theirs if member.origin_reason}),
        articles=sorted((articles[member.article] for member in theirs), key=_when),
    )


def _when(article: Article) -> tuple[str, str]:
    return str(article.published or ""), article.id


def day_of(article: Article) -> date | None:
    """The day an article was published."""
    moment = article.published
    return moment.date() if isinstance(moment, datetime) else moment


class Told(BaseModel):
    """One event as several articles tell it: the clearest telling, and how many articles and origins there are."""

    event: Event
    articles: int = 1
    origins: int = 1


def told_once(store: Store, events: Sequence[Event]) -> list[Told]:
    """`events` with the tellings of one thing folded into one: same story, type, status and parties, days close by."""
    ids = {event.article for event in events}
    members = {found.article: found for found in store.select(Membership, Select(where={"article": ids}))}
    gathered: dict[tuple[object, ...], list[list[Event]]] = {}
    folded: list[list[Event]] = []
    for event in events:
        member = members.get(event.article)
        alike = gathered.setdefault((member.story if member else event.id, *_gist(event)), [])
        same = next((tellings for tellings in alike if _close(tellings[0], event)), None)
        if same is not None:
            same.append(event)
            continue
        alike.append([event])
        folded.append(alike[-1])
    return [_folded(tellings, members) for tellings in folded]


def _gist(event: Event) -> tuple[object, ...]:
    sides = (parties(side) for side in (event.source, event.target))
    return (event.type, event.status, *sides)


def _close(one: Event, other: Event) -> bool:
    if one.date and other.date:
        return one.date == other.date
    if one.day is None or other.day is None:
        return one.day == other.day
    return abs((one.day - other.day).days) <= DAYS_APART


def _folded(tellings: Sequence[Event], members: dict[str, Membership]) -> Told:
    articles = {event.article for event in tellings}
    origins = {members[article].origin if article in members else article for article in articles}
    clearest = max(tellings, key=lambda event: (event.confidence, event.id))
    return Told(event=clearest, articles=len(articles), origins=len(origins))
