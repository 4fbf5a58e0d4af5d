"""What a fetched or saved document holds as pages: a feed's entries, or the document itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.collect.entries import as_json_feed, parse_feed
from tocsin.collect.errors import SourceError
from tocsin.collect.feed import JSON_FEED, cut_short
from tocsin.collect.source import make_page
from tocsin.records import Page

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)\b", re.IGNORECASE)
_HTML = re.compile(rb"<(?:html|body)\b", re.IGNORECASE)


def unfold(page: Page) -> Iterator[Page]:
    """The entries of a feed, each as a page of its own; any other page as it is.

    Raises:
        SourceError: it looks like a feed, and no parser finds one in it; or, after its entries, that it is cut.
    """
    head = page.body[:3000]
    if not _FEED.search(head) or _HTML.search(head):
        yield page
        return
    feed = parse_feed(page.body, page.url)
    for entry in feed.entries:
        yield make_page(
            entry.url, as_json_feed(feed, entry), page.fetched, source=page.source, media_type=JSON_FEED,
            outlet=page.outlet or feed.title or None, published=entry.published,
        )  # fmt: skip
    if feed.cut:
        raise SourceError(cut_short(page.url, feed))
