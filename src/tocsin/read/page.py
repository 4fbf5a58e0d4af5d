"""Read a page: the main article and every headline it lists, or an official bulletin."""

from __future__ import annotations

import re
from datetime import date, datetime

from tocsin.read.agency import agency_of
from tocsin.read.bulletin import is_bulletin
from tocsin.read.charset import decode
from tocsin.read.dates import plausible
from tocsin.read.errors import ReadError
from tocsin.read.html import read_html
from tocsin.read.jsonfeed import FeedItem, read_json_feed
from tocsin.read.language import language_of
from tocsin.read.plain import read_plain
from tocsin.records import Article, Page

MADE_BY = "read 1"
_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|article|div|p|meta|title|table|h[1-6]|br|span|a)\b", re.IGNORECASE
)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|channel|urlset|sitemapindex)\b", re.IGNORECASE)
_LONGEST_TEXT = 2_000_000  # characters of plain text that one page may be


def read(page: Page) -> list[Article]:
    """The articles that `page` holds: the main one first, then each listed headline as an item of its own.

    A bulletin is one item of form "bulletin". A page that holds no text (a picture gallery, an empty shell) gives [].

    Raises:
        ReadError: the page is empty, binary, cut-off JSON, or a feed or sitemap, which is a source's to take apart.
    """
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
    if _FEED.search(head) and not re.search(r"<(?:html|body)\b", head, re.IGNORECASE):
        return "feed"
    if "html" in stated or (head[:1] == "<" and _HTML.search(head)) or len(_HTML.findall(text[:20_000])) >= 3:
        return "html"
    return "plain"


def _from_plain(page: Page, text: str) -> list[Article]:
    if is_bulletin(text):
        return [_article(page, "bulletin", "", _lines(text), page.published, None, None)]
    found = read_plain(text)
    language = language_of(found.text or " ".join(found.headlines))
    published = plausible(found.published, page.fetched) or page.published
    articles = []
    if found.text:
        agency = agency_of(found.text, found.byline)
        articles = [_article(page, "article", found.title, found.text, published, language, agency)]
    return articles + [_headline(page, headline, page.url, language) for headline in found.headlines]


def _from_html(page: Page, html: str) -> list[Article]:
    found = read_html(html, page.url)
    about = found.metadata
    published = plausible(about.published, page.fetched) or page.published
    language = language_of(found.text, found.language) or found.language
    articles = []
    if found.text:
        bulletin = is_bulletin(found.text)
        agency = None if bulletin else agency_of(found.text, about.author)
        form = "bulletin" if bulletin else "article"
        articles = [_article(page, form, about.title, found.text, published, language, agency, found.links, about.site)]
    return articles + [_headline(page, title, address, language) for title, address in found.headlines]


def _from_item(page: Page, item: FeedItem) -> list[Article]:
    text = read_fragment(item.html) if item.html else item.text
    if not text and not item.title:
        return []
    published = plausible(item.published, page.fetched) or page.published
    language = language_of(f"{item.title}. {text}", item.language)
    if text and is_bulletin(text):
        return [_article(page, "bulletin", item.title, text, published, language, None, url=item.url)]
    form = "article" if text else "headline"
    agency = agency_of(text, item.byline)
    return [_article(page, form, item.title, text, published, language, agency, url=item.url)]


def read_fragment(html: str) -> str:
    """The text of a piece of HTML that is all content (a feed entry's body): nothing in it is thought away."""
    if "<" not in html and "&" not in html:
        return html.strip()
    from resiliparse.extract.html2text import extract_plain_text

    from tocsin.read.bounds import bounded

    return str(extract_plain_text(bounded(html), main_content=False, alt_texts=False, links=False)).strip()


def _article(
    page: Page, form: str, title: str, text: str, published: datetime | date | None, language: str | None,
    agency: str | None, links: tuple[str, ...] = (), site: str = "", url: str = "",
) -> Article:  # fmt: skip
    return Article(
        page=page.id, form=form, url=url or page.url, outlet=page.outlet or site or None, title=title, text=text,
        published=published, language=language or language_of(text), agency=agency, links=links, made_by=MADE_BY,
    )  # fmt: skip


def _headline(page: Page, title: str, address: str, language: str | None) -> Article:
    return Article(
        page=page.id, form="headline", url=address, outlet=page.outlet, title=title,
        language=language_of(title, language), made_by=MADE_BY,
    )  # fmt: skip


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())
