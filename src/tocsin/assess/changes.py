"""What has changed about a watch since it was last assessed: the days whose figures, or evidence, may be others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime

from tocsin import measure
from tocsin.assess.standing import copies, fallen
from tocsin.records import Article, Event, Indicator, Membership, Observation, Watch
from tocsin.store.base import Select, Store


@dataclass(frozen=True, slots=True)
class Known:
    """How far the last assessment saw: up to which writing and day, of what, and which articles had lost their ground.

    `made_by` names the watch, the re-bases and the code that it was made by.
    """

    written: int
    today: str
    made_by: str
    fallen: tuple[str, ...]

    @property
    def day(self) -> date:
        """`today` as a date."""
        return date.fromisoformat(self.today)

    def to_bytes(self) -> bytes:
        """As a stage's state."""
        content = {"written": self.written, "today": self.today, "made_by": self.made_by, "fallen": self.fallen}
        return json.dumps(content, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, state: bytes | None) -> Known | None:
        """The state that `to_bytes` wrote; None where it is another's, so that everything is looked at anew."""
        try:
            content = json.loads(state or b"")
            return cls(**{**content, "fallen": tuple(content["fallen"])})
        except (ValueError, TypeError, KeyError):
            return None


def last_day(state: bytes | None) -> date | None:
    """The day up to which the assessment that left `state` measured; None where there was none."""
    known = Known.from_bytes(state)
    return None if known is None else known.day


@dataclass(frozen=True, slots=True)
class Changes:
    """The days touched, by what touched them; `fallen` are the articles that have lost their ground by now.

    `events` are those stored, or become others, since.
    """

    events: Set[str]
    reported: Set[date]
    covered: Set[date]
    stated: Set[tuple[str, str, date]]
    fallen: Set[str]

    def of(self, indicator: Indicator) -> set[date]:
        """The days on which the figures of an indicator may be others."""
        query = measure.parse(indicator.query)
        fields = measure.fields(query)
        told = {day for issuer, name, day in self.stated if (issuer, name) in fields}
        return told | self.reported | self.covered if measure.counts_events(query) else told

    def evidence(self, watch: Watch) -> set[date]:
        """The days on which what the watch's warnings rest on may be another."""
        fields = set().union(*(measure.fields(measure.parse(each.query)) for each in watch.indicators))
        return {day for issuer, name, day in self.stated if (issuer, name) in fields} | self.reported


def changes(store: Store, watch: Watch, known: Known) -> Changes | None:
    """What has changed since the last assessment; None where nothing at all has."""
    since = known.written
    articles = {day for each in store.changed(Article, since) if (day := _day_of(each)) is not None}
    stated = {(each.issuer, each.field, each.day) for each in store.changed(Observation, since)}
    events = list(store.changed(Event, since))
    members = list(store.changed(Membership, since))
    if not (articles or stated or events or members):
        return None
    before = frozenset(known.fallen)
    now = fallen(store, before | _reached(store, members)) if members else before
    other = {member.article for member in members} | (before ^ now)
    regrouped = store.select(Event, Select({"article": sorted(other)})) if other else ()
    reported = {event.day for event in (*events, *regrouped) if event.day is not None and watch.concerns(event)}
    return Changes({event.id for event in events}, reported, articles, stated, now)


def all_fallen(store: Store) -> set[str]:
    """Every article that has lost its ground."""
    notices = (each for each in store.select(Membership) if each.amends and each.amendment == "retraction")
    return fallen(store, _reached(store, notices))


def _reached(store: Store, members: Iterable[Membership]) -> set[str]:
    """The articles that these memberships may take the ground from, or give it back: themselves, and all copies."""
    found = {article for member in members for article in (member.article, member.amends) if article}
    return found | copies(store, found).keys()


def _day_of(article: Article) -> date | None:
    when = article.published
    return when.date() if isinstance(when, datetime) else when
