"""What issuers state: of all that was ever said about a day, the figure in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from tocsin.records import Article, Observation, Page
from tocsin.store.base import Select, Store

Moment = tuple[date, datetime]
NEVER: Moment = (date.min, datetime.min.replace(tzinfo=UTC))


def stated(store: Store, issuer: str, name: str, since: date | None, until: date | None) -> list[Observation]:
    """The figures of an issuer in force between two days, by day."""
    return in_force(store, store.select(Observation, Select({"issuer": issuer, "field": name}, since, until)))


def last_before(store: Store, issuer: str, name: str, day: date) -> Observation | None:
    """The figure in force of the last day before `day` that has one."""
    where = {"issuer": issuer, "field": name}
    while True:
        before = Select(where, until=day - timedelta(days=1), newest_first=True, limit=1)
        found = next(store.select(Observation, before), None)
        if found is None:
            return None
        day = found.day
        standing = stated(store, issuer, name, day, day)
        if standing:
            return standing[0]


def in_force(store: Store, observations: Iterable[Observation]) -> list[Observation]:
    """Of several figures of an issuer for one day the one stated last; none where that took the others back.

    Stated last is what was published on the latest day; of one day, or where nobody says, what was fetched last.
    """
    told: dict[tuple[str, str, date], list[Observation]] = defaultdict(list)
    for each in observations:
        told[each.issuer, each.field, each.day].append(each)
    moments = _moments(store, {each.article for found in told.values() if _differ(found) for each in found})
    last = (max(found, key=lambda each: (moments.get(each.article, NEVER), each.id)) for found in told.values())
    return [each for each in last if each.coverage > 0]


def _differ(observations: Sequence[Observation]) -> bool:
    return len({(each.value, each.regime, each.coverage) for each in observations}) > 1


def _moments(store: Store, cited: set[str]) -> dict[str, Moment]:
    """When what observations cite, articles or whole pages, was published, and when it was fetched."""
    if not cited:
        return {}
    articles = {each.id: each for each in store.select(Article, Select({"id": cited}))}
    pages = {each.page for each in articles.values()} | (cited - articles.keys())
    fetched = {page.id: (page.published, page.fetched) for page in store.select(Page, Select({"id": pages}))}
    moments: dict[str, Moment] = {}
    for id in cited:
        article = articles.get(id)
        listed, seen = fetched.get(article.page if article else id, (None, NEVER[1]))
        published = (article.published if article else None) or listed or seen
        moments[id] = published.date() if isinstance(published, datetime) else published, seen
    return moments
