"""Feeds taken apart: RSS 0.9–2.0, Atom, RDF and JSON Feed by fastfeedparser, CDF and the broken by feedparser."""

from __future__ import annotations

import calendar
import json
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import fastfeedparser  # type: ignore[import-untyped]
import feedparser  # type: ignore[import-untyped]
from resiliparse.parse.encoding import detect_encoding

from tocsin.collect.canonical import canonical
from tocsin.collect.errors import SourceError

_ROOT = re.compile(rb"<(rss|feed|(?:\w+:)?RDF|channel)(?=[\s>])", re.IGNORECASE)
_ENTRY_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
LARGEST = 20_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `key` tells it from the others; `html` is its body as the feed holds it."""

    key: str
    url: str
    title: str
    html: str
    published: datetime | None
    author: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's title, language and entries; `cut` where it ends in the middle and only what is whole was taken."""

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    cut: bool = False


def parse_feed(body: bytes, address: str) -> Feed:
    """Take a feed apart.

    Raises:
        SourceError: no parser finds a feed in it; the message says why.
    """
    if not body.strip():
        raise SourceError(f"{address} is empty, not a feed.")
    if len(body) > LARGEST:
        raise SourceError(f"{address} is larger than {LARGEST // 1_000_000} MB, too large for a feed.")
    body = _as_utf8(body)
    if b"<!ENTITY" in body[:20_000]:
        body = _without_entities(body)
    found, complaint = _fast(body)
    if not found or not found.get("entries"):
        slow = _slow(body)
        if slow.get("entries") or not found:
            found = slow
    if not found.get("entries") and not found.get("feed") and complaint:
        raise SourceError(f"{address} is no feed: {complaint}")
    about = found.get("feed") or {}
    entries = [_entry(raw, address) for raw in found.get("entries") or []]
    if cut := _is_cut(body):
        entries = entries[: len(_ENTRY_END.findall(body))]
    return Feed(_text(about.get("title")), _text(about.get("language")) or None, tuple(entries), cut)


def _is_cut(body: bytes) -> bool:
    """Whether an XML feed's first element is never closed: the connection broke, or the file was not written out."""
    root = _ROOT.search(body)
    return root is not None and not re.search(
        rb"</" + re.escape(root[1]) + rb"\s*(?:>|$)", body[root.end() :], re.IGNORECASE
    )


def as_json_feed(feed: Feed, entry: Entry) -> bytes:
    """One entry as a JSON Feed of its own (version 1.1): what is stored as its page, the same for the same entry."""
    item = {
        "id": entry.key,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published.isoformat() if entry.published else None,
        "authors": [{"name": entry.author}] if entry.author else None,
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


def _fast(body: bytes) -> tuple[dict[str, Any], str]:
    try:
        return fastfeedparser.parse(body, include_tags=False, include_media=False, include_enclosures=False), ""
    except Exception as error:  # noqa: BLE001 - a parser of strangers' bytes: whatever it raises, the other one tries
        return {}, " ".join(str(error).split())[:200] or type(error).__name__


def _slow(body: bytes) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
        except Exception:  # noqa: BLE001 - likewise, and there is no third
            return {}
    return found if found.get("version") or found.get("entries") else {}


def _as_utf8(body: bytes) -> bytes:
    """Bytes in an older encoding that nothing declares, recoded; what is valid or declared stays as it is."""
    if body[:4].strip(b"\xef\xbb\xbf\xfe\xff") != body[:4] or b"encoding=" in body[:300] or b"\x00" in body[:8]:
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(detect_encoding(body[:100_000]) or "utf-8", "replace").encode()
    return body


def _without_entities(body: bytes) -> bytes:
    """Drop a document's own entity declarations: nested ones unfold without end, and no feed needs them."""
    start = body.find(b"<!DOCTYPE")
    end = body.find(b"]>", start)
    return body[:start] + body[end + 2 :] if 0 <= start < end else body.replace(b"<!ENTITY", b"<!--", 1)


def _entry(raw: Any, address: str) -> Entry:
    link = _text(raw.get("link")) or next(iter(_links(raw.get("links") or [])), "")
    key = _text(raw.get("id")) or _text(raw.get("guid")) or link or _text(raw.get("title"))
    bodies = [_text(part.get("value")) for part in raw.get("content") or [] if isinstance(part, dict)]
    summary = _text(raw.get("summary")) or _text(raw.get("description"))
    html = max([*bodies, summary], key=len, default="")
    url = canonical(link, address if "://" in address else "") if link else address
    return Entry(
        key or url, url, " ".join(_text(raw.get("title")).split()), html, _published(raw), _text(raw.get("author"))
    )


def _links(links: Iterable[Any]) -> list[str]:
    return [
        _text(link.get("href"))
        for link in links
        if isinstance(link, dict) and link.get("rel", "alternate") == "alternate"
    ]


def _published(raw: Any) -> datetime | None:
    for name in ("published", "updated", "created"):
        parsed = raw.get(f"{name}_parsed")
        try:
            if parsed:
                return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            stated = datetime.fromisoformat(_text(raw.get(name)))
        except (ValueError, OverflowError, TypeError, OSError):
            continue
        return stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return None


def _text(value: object) -> str:
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""
