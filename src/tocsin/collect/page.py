"""A single page as a source: looked at again and again, kept whenever it has changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tocsin.collect.errors import SourceError
from tocsin.collect.heartbeat import beat
from tocsin.collect.network import NETWORK_KEYS, fetcher_for
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem


class PageSource:
    """`kind = "page"`: `url`."""

    def __init__(self, settings: Settings) -> None:
        settings.only("url", *NETWORK_KEYS)
        self.name = settings.name
        self._url = settings.text("url")
        self._outlet = settings.maybe("outlet")
        self._rhythm = rhythm_of(settings)
        self._fetcher = fetcher_for(settings)

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """The page, if its content has changed since `state`."""
        noted = load_state(state)
        try:
            fetched = self._fetcher.fetch(self._url, etag=noted.get("etag"), modified=noted.get("modified"))
        except SourceError as error:
            failed = beat(noted, now, failure=str(error), rhythm=self._rhythm)
            yield Batch((problem(self.name, self.name, error),), dump_state(failed))
            return
        page = make_page(
            fetched.url, fetched.body, now, source=self.name, outlet=self._outlet, media_type=fetched.media_type
        )
        changed = not fetched.unchanged and page.sha256 != noted.get("sha256")
        noted = beat(noted, now, arrived=[now] if changed else [], rhythm=self._rhythm)
        if changed:
            noted = {**noted, "sha256": page.sha256, "etag": fetched.etag, "modified": fetched.modified}
        yield Batch((page,) if changed else (), dump_state(noted))
