"""Read a page: the main article and every headline it lists, or an official bulletin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from tocsin.data.catalogue import find_outlet, outlets
from tocsin.data.root import FEEDS, local, root_of
from tocsin.read.agency import agency_of
from tocsin.read.bulletin import is_bulletin
from tocsin.read.charset import decode
from tocsin.read.dates import plausible
from tocsin.read.errors import ReadError
from tocsin.read.html import read_fragment, read_html
from tocsin.read.jsonfeed import FeedItem, read_json_feed
from tocsin.read.language import language_of
from tocsin.read.plain import read_plain
from tocsin.records import Article, Outlet, Page

MADE_BY = "read 1"
Form = Literal["article", "headline", "bulletin"]
_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|article|div|p|meta|title|table|h[1-6]|br|span|a)\b", re.IGNORECASE
)
_LISTS = FEEDS | {"urlset", "sitemapindex"}
_LONGEST_TEXT = 1_000_000  # characters of plain text that one page may be


def read(page: Page, known: Mapping[str, Outlet] | None = None) -> list[Article]:
    """The articles that `page` holds: the main one first, then any that follow it, and each listed headline.

    An article is its source's outlet's, else that of the outlet `known` by its address (those of the shipped catalogue
    by default), else that of the one which the page names.

    A bulletin is one item of form "bulletin". A page that holds no article (an empty shell; a title without a text; a
    table of figures, whose source has already taken them) gives [], or its listed headlines alone.

    Raises:
        ReadError: the page is empty, binary, cut-off JSON, or a feed or sitemap, which is a source's to take apart.
    """
    if (page.media_type or "").startswith(("text/csv", "text/tab-separated-values")):
        return []
    found = _articles(page)
    return found if page.outlet else [_named(article, outlets() if known is None else known) for article in found]


def _named(article: Article, known: Mapping[str, Outlet]) -> Article:
    outlet = find_outlet(article.url, known) if article.url.startswith("http") else None
    return article if outlet is None else article.model_copy(update={"outlet": outlet.name})


def _articles(page: Page) -> list[Article]:
    text = decode(page.body, page.media_type, page.url)
    kind = _kind(text, page.media_type)
    if kind == "json":
        return [article for item in read_json_feed(text, page.url) for article in _from_item(page, item)]
    if kind == "feed":
        raise ReadError(f"{page.url} is a feed or sitemap; collect it as a source to read its entries.")
    return _from_html(page, text) if kind == "html" else _from_plain(page, text[:_LONGEST_TEXT])


def _kind(text: str, media_type: str | None) -> str:
    stated = (media_type or "").lower()
    head = text[:3000].lstrip("\ufeff \t\r\n")
    if "json" in stated or head[:1] == "{":
        return "json"
    if local(root_of(text)) in _LISTS:
        return "feed"
    if "html" in stated or (head[:1] == "<" and _HTML.search(head)) or len(_HTML.findall(text[:20_000])) >= 3:
        return "html"
    return "plain"


def _from_plain(page: Page, text: str) -> list[Article]:
    if is_bulletin(text, page.url):
        return [_article(page, "bulletin", text=_lines(text), published=page.published)]
    found = read_plain(text)
    language = language_of(found.text or " ".join(found.headlines))
    articles = []
    if found.text:
        published = plausible(found.published, page.fetched) or page.published
        agency = agency_of(found.text, found.byline)
        articles = [_article(page, "article", found.title, found.text, published, language=language, agency=agency)]
    return articles + [_headline(page, headline, page.url, language) for headline in found.headlines]


def _from_html(page: Page, html: str) -> list[Article]:
    found = read_html(html, page.url)
    about = found.metadata
    language = language_of(found.text, found.language) or found.language
    articles = []
    form: Form
    if found.text:
        form = "bulletin" if is_bulletin(found.text, page.url) else "article"
        published = plausible(about.published, page.fetched) or page.published
        agency = agency_of(found.text, about.author) if form == "article" else None
        articles = [
            _article(page, form, about.title, found.text, published, language=language, agency=agency,
                     links=found.links, outlet=about.site)
        ]  # fmt: skip
    for story in found.more:
        form = "bulletin" if is_bulletin(story.text, story.url) else "article"
        published = plausible(story.published, page.fetched) or page.published
        agency = agency_of(story.text) if form == "article" else None
        articles.append(
            _article(page, form, story.title, story.text, published, agency=agency, url=story.url, outlet=about.site)
        )
    return articles + [_headline(page, title, address, language) for title, address in found.headlines]


def _from_item(page: Page, item: FeedItem) -> list[Article]:
    text = read_fragment(item.html) if item.html else item.text.strip()
    if not text and not item.title:
        return []
    form: Form = "headline" if not text else "bulletin" if is_bulletin(text, item.url or page.url) else "article"
    published = plausible(item.published, page.fetched) or page.published
    language = language_of(f"{item.title}. {text}", item.language)
    agency = agency_of(text, item.byline) if form == "article" else None
    return [
        _article(page, form, item.title, text, published, language=language, agency=agency, url=item.url,
                 outlet=item.feed)
    ]  # fmt: skip


def _article(
    page: Page, form: Form, title: str = "", text: str = "", published: datetime | date | None = None, *,
    language: str | None = None, agency: str | None = None, links: tuple[str, ...] = (), url: str = "",
    outlet: str = "",
) -> Article:  # fmt: skip
    """An article of `page`; `outlet` is what the page itself says, the last to be believed."""
    return Article(
        page=page.id,
        form=form,
        url=url or page.url,
        outlet=page.outlet or outlet or None,
        title=title,
        text=text,
        published=published,
        language=language or language_of(text or title),
        agency=agency,
        links=links,
        made_by=MADE_BY,
    )


def _headline(page: Page, title: str, address: str, language: str | None) -> Article:
    return _article(page, "headline", title, url=address, language=language_of(title, language))


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
