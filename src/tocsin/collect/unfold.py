"""What a fetched or saved document holds as pages: a feed's entries, or the document itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.collect.entries import as_json_feed, parse_feed
from tocsin.collect.errors import SourceError
from tocsin.collect.feed import JSON_FEED, cut_short
from tocsin.collect.source import make_page
from tocsin.data.charset import text_of
from tocsin.data.root import FEEDS, local, root_of
from tocsin.records import Page

_HEAD = 50_000  # bytes in which a document's first element stands
_PAGE = re.compile(rb"\s*<(?:!doctype )?html\b", re.IGNORECASE)  # most of what an archive holds, known at a glance


def unfold(page: Page) -> Iterator[Page]:
    """The entries of an XML feed, each as a page of its own; any other page as it is.

    Raises:
        SourceError: it begins as a feed does, and no feed is found in it; or, after its entries, that it is cut.
    """
    if _PAGE.match(page.body) or local(root_of(text_of(page.body[:_HEAD], page.media_type))) not in FEEDS:
        yield page
        return
    feed = parse_feed(page.body, page.url, page.media_type)
    for entry in feed.entries:
        yield make_page(
            entry.url, as_json_feed(feed, entry), page.fetched, source=page.source, media_type=JSON_FEED,
            outlet=page.outlet or feed.title or None, published=entry.published,
        )  # fmt: skip
    if feed.cut:
        raise SourceError(cut_short(page.url, feed))
