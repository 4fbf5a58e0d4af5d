"""A feed as a source: its new entries, and, where it gives only teasers, the pages they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tocsin.collect.entries import Entry, Feed, as_json_feed, parse_feed
from tocsin.collect.errors import SourceError
from tocsin.collect.fetch import Fetcher
from tocsin.collect.heartbeat import beat
from tocsin.collect.network import NETWORK_KEYS, fetcher_for, short
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.records import Page, Problem, Record

JSON_FEED = "application/feed+json"
_BATCH = 20
_REMEMBERED = 5000  # entries of one feed
_WHOLE = 1200  # characters of an entry's body that make fetching its page unnecessary


def cut_short(address: str, feed: Feed) -> str:
    """What is said of a feed that ends in the middle."""
    return f"{address} ends in the middle: {len(feed.entries)} entries before the cut were read, the rest is missing."


class FeedSource:
    """`kind = "feed"`: `url` (or `path` of a saved feed), `follow` (fetch the pages of teasers; off by default)."""

    def __init__(self, settings: Settings) -> None:
        settings.only("url", "path", "follow", *NETWORK_KEYS)
        self.name = settings.name
        self._outlet = settings.maybe("outlet")
        self._rhythm = rhythm_of(settings)
        self._path = settings.path() if "path" in settings.table else None
        self._url = settings.text("url", "" if self._path else None)
        self._follow = settings.flag("follow", False)
        self._fetcher: Fetcher | None = fetcher_for(settings) if self._url else None

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """The entries that are new since `state`, oldest first, each as a page of its own."""
        noted = load_state(state)
        try:
            body, media_type, headers = self._body(noted)
            feed = parse_feed(body, self._address, media_type) if body is not None else Feed("", None, ())
        except SourceError as error:
            failed = beat(noted, now, failure=str(error), rhythm=self._rhythm)
            yield Batch((problem(self.name, self.name, error),), dump_state(failed))
            return
        noted = {**noted, **({} if feed.cut else headers)}  # what was cut is asked for again
        seen: list[str] = list(noted.get("seen", []))
        new = [entry for entry in reversed(feed.entries) if short(entry.key) not in set(seen)]
        arrived = [entry.published or now for entry in new] or ([] if noted.get("heartbeat") else [now])
        noted = beat(noted, now, arrived=arrived, rhythm=self._rhythm)
        for first in range(0, max(len(new), 1), _BATCH):
            some = new[first : first + _BATCH]
            records = [record for entry in some for record in self._records(feed, entry, now)]
            if feed.cut and not first:
                records.append(problem(self.name, self.name, cut_short(self._address, feed)))
            seen += [short(entry.key) for entry in some]
            yield Batch(tuple(records), dump_state({**noted, "seen": seen[-_REMEMBERED:]}))

    @property
    def _address(self) -> str:
        return self._url or (self._path.as_uri() if self._path and self._path.is_absolute() else str(self._path))

    def _body(self, noted: dict[str, Any]) -> tuple[bytes | None, str | None, dict[str, Any]]:
        if self._fetcher is None:
            assert self._path is not None  # noqa: S101 - the constructor saw to it
            try:
                return self._path.read_bytes(), None, {}
            except OSError as error:
                said = (error.strerror or "failed").lower()
                raise SourceError(f"{self._path} cannot be read: {said}.") from None
        fetched = self._fetcher.fetch(self._url, etag=noted.get("etag"), modified=noted.get("modified"))
        headers = {"etag": fetched.etag or noted.get("etag"), "modified": fetched.modified or noted.get("modified")}
        return (None if fetched.unchanged else fetched.body), fetched.media_type, headers

    def _records(self, feed: Feed, entry: Entry, now: datetime) -> list[Record]:
        if (
            self._follow
            and self._fetcher is not None
            and len(entry.html or entry.text) < _WHOLE
            and entry.url != self._url
        ):
            try:
                fetched = self._fetcher.fetch(entry.url)
            except SourceError as error:
                return [self._page(feed, entry, now), self._problem(entry, error)]
            return [
                make_page(
                    fetched.url, fetched.body, now, source=self.name, outlet=self._outlet or feed.title or None,
                    media_type=fetched.media_type, published=entry.published,
                )
            ]  # fmt: skip
        return [self._page(feed, entry, now)]

    def _page(self, feed: Feed, entry: Entry, now: datetime) -> Page:
        return make_page(
            entry.url, as_json_feed(feed, entry), now, source=self.name, outlet=self._outlet or feed.title or None,
            media_type=JSON_FEED, published=entry.published,
        )  # fmt: skip

    def _problem(self, entry: Entry, error: Exception) -> Problem:
        return problem(self.name, entry.url, error)
