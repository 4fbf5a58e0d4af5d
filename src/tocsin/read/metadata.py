"""What an HTML page says about itself: title, publication time, author, site name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from htmldate import find_date as find_html_date
from lxml.html import HtmlElement  # type: ignore[import-untyped]

from tocsin.read.dates import find_date, parse_iso
from tocsin.read.title import site_named, title_of

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "publishdate", "pubdate", "publish-date",
    "date", "dc.date.issued", "dc.date", "dcterms.created", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "og:published_time", "publication_date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published` has a time only where the page states one; empty strings are "not stated".

    `body` is the article's text as JSON-LD gives it (`articleBody`): plain text or a piece of HTML.
    """

    title: str
    published: datetime | date | None
    author: str
    site: str
    body: str = ""


def metadata_of(tree: HtmlElement, url: str) -> Metadata:
    """Read a page's own metadata: JSON-LD first, then meta elements, then its headings."""
    meta = _meta_elements(tree)
    linked = _linked_data(tree)
    site = meta.get("og:site_name") or meta.get("application-name") or linked.get("publisher") or site_named(tree)
    author = linked.get("author") or _author(tree, meta)
    title = title_of(tree, meta, linked, site, url)
    return Metadata(title, _published(tree, meta, linked), author, site, linked.get("body", ""))


def _meta_elements(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _linked_data(tree: HtmlElement) -> dict[str, str]:
    """`headline`, `datePublished`, `author` and `articleBody` of the first article that JSON-LD describes."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text or len(script.text) > 200_000:
            continue
        try:
            data = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            kind = str(item.get("@type", ""))
            if "Article" in kind or "Posting" in kind or "Report" in kind:
                body = item.get("articleBody")
                return {
                    "body": body.strip() if isinstance(body, str) else "",
                    "headline": _plain(item.get("headline")),
                    "published": _plain(item.get("datePublished")),
                    "author": _names(item.get("author")),
                    "publisher": _names(item.get("publisher")),
                }
    return {}


def _items(data: object) -> list[dict[str, object]]:
    queue: list[object] = [data]
    found: list[dict[str, object]] = []
    while queue and len(found) < 200:
        item = queue.pop(0)
        if isinstance(item, list):
            queue.extend(item[:50])
        elif isinstance(item, dict):
            found.append(item)
            queue.append(item.get("@graph"))
    return found


def _plain(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _names(value: object) -> str:
    people = value if isinstance(value, list) else [value]
    names = [_plain(person.get("name")) if isinstance(person, dict) else _plain(person) for person in people]
    return "; ".join(name for name in names if name and not name.startswith("http"))


def _author(tree: HtmlElement, meta: dict[str, str]) -> str:
    for name in ("author", "article:author", "dc.creator", "byl", "parsely-author", "sailthru.author"):
        if (stated := meta.get(name, "")) and not stated.startswith("http"):
            return stated
    marked = tree.xpath("(//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')])[1]")
    return " ".join(marked[0].text_content().split())[:120] if marked else ""


def _published(tree: HtmlElement, meta: dict[str, str], linked: dict[str, str]) -> datetime | date | None:
    stated = [linked.get("published", ""), *(meta.get(name, "") for name in _PUBLISHED)]
    marked = tree.xpath("//time[@pubdate or @itemprop='datePublished' or contains(@class, 'publish')]")
    stated += [element.get("datetime") or "" for element in marked[:3]]
    for text in stated:
        if (moment := parse_iso(text)) is not None:
            return moment
    return None


def guessed_date(tree: HtmlElement, url: str) -> datetime | date | None:
    """The date in a short line under the heading, else what htmldate makes of a page that states none."""
    for h1 in tree.iter("h1"):
        for below in islice(h1.itersiblings(), 4):
            line = " ".join(below.text_content().split()) if isinstance(below.tag, str) else ""
            if len(line) <= 80 and (found := find_date(line)) is not None:
                return found[0]
    return parse_iso(find_html_date(tree, url=url or None, original_date=True, extensive_search=True))
