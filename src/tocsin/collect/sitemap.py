"""A sitemap as a source (sitemaps.org 0.9, and Google's news extension): the pages that it lists."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from tocsin.collect.canonical import canonical
from tocsin.collect.errors import FetchFailed, SourceError
from tocsin.collect.heartbeat import beat
from tocsin.collect.network import NETWORK_KEYS, fetcher_for, short
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.records import Record

_LARGEST = 60_000_000  # bytes; sitemaps.org allows 50 MB
_REMEMBERED = 50_000
_BATCH = 10
_TRIES = 5  # passes in which a page that fails is asked for


@dataclass(frozen=True, slots=True)
class Listed:
    """One address of a sitemap; `outlet` and `published` where it is a news sitemap."""

    url: str
    published: datetime | None = None
    outlet: str | None = None


def parse_sitemap(body: bytes, address: str) -> tuple[list[Listed], list[str]]:
    """The pages and the further sitemaps that a sitemap lists; gzip and plain text lists are understood.

    Raises:
        SourceError: it is none.
    """
    if body[:2] == b"\x1f\x8b":
        try:
            body = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, _LARGEST)
        except (zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(f"{address} is a damaged gzip file: {error}.") from error
    if not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        lines = [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
        listed = [Listed(canonical(line)) for line in lines if line.startswith(("http://", "https://"))]
        if not listed:
            raise SourceError(f"{address} is no sitemap: neither XML nor a list of addresses.")
        return listed, []
    try:
        root = fromstring(body[:_LARGEST])
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise SourceError(f"{address} is no sitemap: {error}.") from error
    pages, further = [], []
    for element in root:
        location = _inner(element, "loc")
        if not location:
            continue
        if _local(element) == "sitemap":
            further.append(canonical(location))
        elif _local(element) == "url":
            news = next((child for child in element if _local(child) == "news"), None)
            published = _inner(news, "publication_date") if news is not None else None
            publication = (
                next((child for child in news if _local(child) == "publication"), None) if news is not None else None
            )
            outlet = _inner(publication, "name") if publication is not None else None
            pages.append(Listed(canonical(location), _moment(published or _inner(element, "lastmod")), outlet))
    return pages, further


class SitemapSource:
    """`kind = "sitemap"`: `url`, `limit` (pages fetched in one pass, 100), `depth` (sitemaps within sitemaps, 2)."""

    def __init__(self, settings: Settings) -> None:
        settings.only("url", "limit", "depth", *NETWORK_KEYS)
        self.name = settings.name
        self._url = settings.text("url")
        self._outlet = settings.maybe("outlet")
        self._limit = int(settings.number("limit", 100))
        self._depth = int(settings.number("depth", 2))
        self._rhythm = rhythm_of(settings)
        self._fetcher = fetcher_for(settings)

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """The pages that the sitemap lists and that were not yet fetched: the newest `limit`, oldest of them first.

        A page that fails is asked for again in later passes, unless its server says that there is none.
        """
        noted = load_state(state)
        seen: list[str] = list(noted.get("seen", []))
        try:
            listed = self._listed(self._url, self._depth)
        except SourceError as error:
            failed = beat(noted, now, failure=str(error), rhythm=self._rhythm)
            yield Batch((problem(self.name, self.name, error),), dump_state(failed))
            return
        known = set(seen)
        unseen = [page for page in {page.url: page for page in listed}.values() if short(page.url) not in known]
        unseen.sort(key=lambda page: (page.published is None, -(page.published or now).timestamp()))
        new = unseen[: self._limit][::-1]
        here = {short(page.url) for page in listed}
        failing: dict[str, int] = {key: n for key, n in noted.get("failed", {}).items() if key in here}
        arrived = [page.published or now for page in new if short(page.url) not in failing]
        noted = beat(noted, now, arrived=arrived, rhythm=self._rhythm)
        for first in range(0, max(len(new), 1), _BATCH):
            records: list[Record] = []
            for page in new[first : first + _BATCH]:
                key = short(page.url)
                record, again = self._record(page, now)
                tries = failing.pop(key, 0) + 1
                if again and tries < _TRIES:
                    failing[key] = tries
                else:
                    seen.append(key)
                records.append(record)
            yield Batch(tuple(records), dump_state({**noted, "seen": seen[-_REMEMBERED:], "failed": failing}))

    def _listed(self, url: str, depth: int) -> list[Listed]:
        pages, further = parse_sitemap(self._fetcher.fetch(url).body, url)
        if depth > 0:
            for address in further[:50]:
                pages += self._listed(address, depth - 1)
        return pages

    def _record(self, page: Listed, now: datetime) -> tuple[Record, bool]:
        """The page, or what is wrong with it; and whether to ask for it again."""
        try:
            fetched = self._fetcher.fetch(page.url)
        except SourceError as error:
            return problem(self.name, page.url, error), isinstance(error, FetchFailed) and not error.lasting
        found = make_page(
            fetched.url, fetched.body, now, source=self.name, outlet=self._outlet or page.outlet,
            media_type=fetched.media_type, published=page.published,
        )  # fmt: skip
        return found, False


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _inner(element: Element, name: str) -> str | None:
    child = next((child for child in element if _local(child) == name), None)
    return (child.text or "").strip() or None if child is not None else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)
