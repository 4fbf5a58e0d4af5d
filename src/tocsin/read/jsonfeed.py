"""JSON Feed documents (https://www.jsonfeed.org/version/1.1/); `collect` writes the entries of every feed so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any
from urllib.parse import urljoin

from tocsin.read.dates import parse_iso
from tocsin.read.errors import ReadError


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One entry: `html` or `text` may be empty; `text` is plain; `feed` is the feed's title."""

    url: str
    title: str
    html: str
    text: str
    published: datetime | date | None
    language: str | None
    byline: str
    feed: str


def read_json_feed(text: str, url: str) -> list[FeedItem]:
    """The items of a JSON Feed.

    Raises:
        ReadError: not JSON, cut off, or JSON that is no feed.
    """
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{url} is not complete JSON ({error}).") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ReadError(f'{url} is JSON but no JSON Feed: it has no list of "items".')
    language = _text(feed.get("language")) or None
    title = _text(feed.get("title"))
    base = url if url.startswith("http") else _text(feed.get("feed_url")) or _text(feed.get("home_page_url"))
    return [_item(item, title, language, base) for item in items if isinstance(item, dict)]


def _item(item: dict[str, Any], feed: str, language: str | None, base: str) -> FeedItem:
    authors = item.get("authors") or [item.get("author")]
    names = [_text(author.get("name")) for author in authors if isinstance(author, dict)]
    stated = _text(item.get("language")) or language
    return FeedItem(
        url=_joined(base, _text(item.get("url")) or _text(item.get("external_url"))),
        title=" ".join(unescape(_text(item.get("title"))).split()),
        html=_text(item.get("content_html")),
        text=_text(item.get("content_text")) or _text(item.get("summary")),
        published=parse_iso(_text(item.get("date_published")) or _text(item.get("date_modified"))),
        language=stated[:2].lower() if stated else None,
        byline="; ".join(name for name in names if name),
        feed=feed,
    )


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return link


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
