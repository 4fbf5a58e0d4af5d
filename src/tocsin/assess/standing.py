"""Which events of a watch count: those whose articles stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from tocsin import group
from tocsin.records import Event, Membership, Watch
from tocsin.store.base import Select, Store

AT_ONCE = 400


def events_of(store: Store, watch: Watch, since: date | None, until: date | None) -> list[Event]:
    """The events that concern a watch between two days."""
    where = {"country": watch.countries} if watch.countries else {}
    return [event for event in store.select(Event, Select(where, since, until)) if watch.concerns(event)]


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """The first and the last day of each run of days without a gap."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] + timedelta(days=1) == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def standing(store: Store, events: Sequence[Event]) -> tuple[list[Event], dict[str, str]]:
    """The events whose articles stand; and the articles that were taken back, each with the notice that did.

    A notice tells again what it takes back: its own events do not count either.
    """
    told = {event.article for event in events}
    retracted, notices = _retracted(store, told)
    gone = retracted.keys() | notices
    return [event for event in events if event.article not in gone], {
        article: notice for article, notice in retracted.items() if article in told
    }


def fallen(store: Store, articles: Iterable[str]) -> set[str]:
    """Those of `articles` whose events do not count: taken back, or the notice that did."""
    asked = set(articles)
    retracted, notices = _retracted(store, asked)
    return asked & (retracted.keys() | notices)


def memberships(store: Store, articles: Iterable[str]) -> dict[str, Membership]:
    """The newest membership of each article."""
    return _members(store, "article", articles)


def copies(store: Store, articles: Iterable[str]) -> dict[str, Membership]:
    """The memberships of these articles and of all copies of them."""
    return _members(store, "copy_group", {member.copy_group for member in memberships(store, articles).values()})


def _members(store: Store, name: str, values: Iterable[str]) -> dict[str, Membership]:
    """The memberships with one of these values, by article; asked for some at a time, or a page costs what all do."""
    asked = sorted(values)
    found = (
        member
        for at in range(0, len(asked), AT_ONCE)
        for member in store.select(Membership, Select({name: asked[at : at + AT_ONCE]}))
    )
    return {member.article: member for member in found}


def _retracted(store: Store, articles: Iterable[str]) -> tuple[Mapping[str, str], set[str]]:
    """What has to do with `articles`: each article that lost its ground, with a notice, and all notices.

    Asked of one article or of many, the answer about an article is the same: looked at are the copies of each, what
    takes these back, and what these take back themselves.
    """
    members = copies(store, articles)
    members |= _members(store, "amends", members)
    notices = {member.article: member.amends for member in members.values() if member.amendment == "retraction"}
    members |= copies(store, {article for article in notices.values() if article} - members.keys())
    return group.withdrawn(members.values()), {notice for notice, article in notices.items() if article in members}
