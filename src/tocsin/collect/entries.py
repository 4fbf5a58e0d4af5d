"""Feeds taken apart: RSS 0.9–2.0, Atom, RDF and CDF by feedparser, JSON Feed by itself."""

from __future__ import annotations

import io
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

import feedparser  # type: ignore[import-untyped]

from tocsin.collect.canonical import canonical
from tocsin.collect.errors import SourceError
from tocsin.collect.moments import moment_of
from tocsin.collect.repair import repaired
from tocsin.data.charset import text_of
from tocsin.data.root import FEEDS, local, root_of

_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|div|em|font|i|img|mark|p|q|s|small|span|strong|sub|sup|tt|u|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_MARKED = re.compile(r"</(?:a|b|blockquote|div|em|h\d|i|li|p|span|strong|td)\s*>|<(?:br|p)\b[^<>]*>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.IGNORECASE)
_READABLE = ("text/plain", "text/html", "application/xhtml+xml", "")
LARGEST = 20_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `key` tells it from the others; its body is `html` or, where the feed has it so, `text`.

    `stated` is the date in the feed's own words, where these are in no form that feeds may use.
    """

    key: str
    url: str
    title: str
    html: str
    published: datetime | None
    author: str
    text: str = ""
    stated: str = ""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's title, language and entries; `cut` where it ends in the middle and only what is whole was taken."""

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    cut: bool = False


def parse_feed(body: bytes, address: str, media_type: str | None = None) -> Feed:
    """Take a feed apart; `media_type` is what its server calls it, which may name an encoding.

    Raises:
        SourceError: no feed is found in it; the message says why.
    """
    if not body.strip():
        raise SourceError(f"{address} is empty, not a feed.")
    if len(body) > LARGEST:
        raise SourceError(f"{address} is larger than {LARGEST // 1_000_000} MB, too large for a feed.")
    text = text_of(body, media_type).lstrip("\ufeff \t\r\n")
    return _from_json(text, address) if text.startswith("{") else _from_xml(text, address)


def as_json_feed(feed: Feed, entry: Entry) -> bytes:
    """One entry as a JSON Feed of its own (version 1.1): what is stored as its page, the same for the same entry."""
    item = {
        "id": entry.key,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_published": entry.published.isoformat() if entry.published else entry.stated,
        "authors": [{"name": entry.author}] if entry.author else None,
        "language": entry.language,
    }
    kept = {name: value for name, value in item.items() if value}
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "language": feed.language,
        "items": [kept],
    }
    return json.dumps(
        {name: value for name, value in document.items() if value}, ensure_ascii=False, sort_keys=True
    ).encode("utf-8", "replace")


def _from_json(text: str, address: str) -> Feed:
    try:
        about = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{address} is no feed: it is not complete JSON ({error}).") from error
    items = about.get("items")
    if not isinstance(items, list):
        raise SourceError(f'{address} is no feed: it is JSON without a list of "items".')
    base = _base(address, about.get("feed_url"), about.get("home_page_url"))
    entries = tuple(_from_item(item, address, base) for item in items if isinstance(item, dict))
    return Feed(_plain(_text(about.get("title"))), _text(about.get("language")) or None, entries)


def _from_item(item: dict[str, Any], address: str, base: str) -> Entry:
    """An item of JSON Feed (version 1 and 1.1), whose `id` may be a number although it should not."""
    link = _text(item.get("url")) or _text(item.get("external_url"))
    named = item.get("id")
    key = str(named) if isinstance(named, int | float) else _text(named)
    authors = item.get("authors") or [item.get("author")]
    names = [_text(author.get("name")) for author in authors if isinstance(author, dict)]
    html, title = _text(item.get("content_html")), _text(item.get("title"))
    stated = _text(item.get("date_published")) or _text(item.get("date_modified"))
    url = canonical(link, base) if link else address
    return Entry(
        key or link or title or url, url, _plain(title), html, moment_of(stated),
        "; ".join(name for name in names if name),
        text="" if html else _text(item.get("content_text")) or _text(item.get("summary")),
        stated=stated, language=_text(item.get("language")) or None,
    )  # fmt: skip


def _from_xml(text: str, address: str) -> Feed:
    found = _parsed(repaired(text))
    if not found.get("entries") and not found.get("version"):
        root = root_of(text)
        begins = f"it begins with <{root}>" if root else "it is not marked up as one"
        raise SourceError(f"{address} is no feed: {begins}, and no entry is in it.")
    about = found.get("feed") or {}
    base = _base(address, dict.get(about, "link"))
    entries = [_from_element(raw, address, base) for raw in found.get("entries") or []]
    if cut := _is_cut(text):
        entries = entries[: len(_ENTRY_END.findall(text))]
    return Feed(_title(about), _text(dict.get(about, "language")) or None, tuple(entries), cut)


def _is_cut(text: str) -> bool:
    """Whether a feed's first element is never closed: the connection broke, or the file was not written out."""
    root = root_of(text)
    return local(root) in FEEDS and not re.search(rf"</{re.escape(root)}\s*(?:>|$)", text, re.IGNORECASE)


def _parsed(text: str) -> dict[str, Any]:
    """What feedparser finds. It is given a stream: bytes by themselves it would first try as the name of a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = feedparser.parse(
                io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False
            )
        except Exception:  # noqa: BLE001 - a parser of strangers' bytes may raise anything, and there is no second
            return {}
    return found if found.get("version") or found.get("entries") else {}


def _from_element(raw: Any, address: str, base: str) -> Entry:
    """An entry as feedparser has it, read without its fallbacks from one field to another."""
    link = next((link for link in _links(raw) if link), "")
    key = _text(dict.get(raw, "id")) or link or _text(dict.get(raw, "title"))
    html, text = _body(raw)
    stated = [said for name in ("published", "updated", "created") if (said := _text(dict.get(raw, name)))]
    published = next((moment for said in stated if (moment := moment_of(said))), None)
    author = _text((dict.get(raw, "author_detail") or {}).get("name")) or _text(dict.get(raw, "author"))
    url = canonical(link, base) if link else address
    unread = "" if published else next(iter(stated), "")
    return Entry(key or url, url, _title(raw), html, published, author, text=text, stated=unread)


def _links(raw: Any) -> Iterator[str]:
    """An entry's addresses, the best first; a GUID that is said to be one is believed where it looks like one."""
    link = _text(dict.get(raw, "link"))
    if "://" in link or not dict.get(raw, "guidislink"):
        yield link
    for other in dict.get(raw, "links") or []:
        if other.get("rel", "alternate") == "alternate":
            yield _text(other.get("href"))


def _body(raw: Any) -> tuple[str, str]:
    """The longest of an entry's contents and summary: (as HTML, ""), or ("", as text) where the feed says so."""
    parts = [*(dict.get(raw, "content") or []), dict.get(raw, "summary_detail") or {"value": dict.get(raw, "summary")}]
    parts = [part for part in parts if _text(part.get("type")).partition(";")[0].lower() in _READABLE]
    longest: dict[str, Any] = max(parts, key=lambda part: len(_text(part.get("value"))), default={})
    value = _text(longest.get("value"))
    plain = longest.get("type") == "text/plain" and not _MARKED.search(value)
    return ("", value) if plain else (value, "")


def _title(about: Any) -> str:
    """A title in plain words: without markup where it may have some."""
    detail = dict.get(about, "title_detail") or {}
    value = _text(detail.get("value")) or _text(dict.get(about, "title"))
    return _plain(value if detail.get("type") == "text/plain" else _INLINE.sub(_gap, value))


def _gap(tag: re.Match[str]) -> str:
    return " " if re.match(r"</?(?:br|div|p)\b", tag[0], re.IGNORECASE) else ""


def _plain(title: str) -> str:
    """Character references are resolved even in plain titles: publishers encode twice, and mean none of them."""
    return " ".join(_REFERENCE.sub(lambda found: unescape(found[0]), title).split())


def _base(address: str, *stated: object) -> str:
    """What relative addresses are relative to: the feed's address, or what a saved feed says of its own."""
    return next((base for base in (address, *map(_text, stated)) if base.startswith(("http://", "https://"))), "")


def _text(value: object) -> str:
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""
