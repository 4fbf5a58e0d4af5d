"""Permalinks: where each record is shown, and which addresses of others may be linked to."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode, urlsplit

FOLDERS = {
    "warning": "warnings",
    "departure": "departures",
    "event": "events",
    "observation": "observations",
    "article": "articles",
    "story": "stories",
}


def permalink(id: str) -> str:
    """The page of a record, told from its id; empty for a kind that has none."""
    folder = FOLDERS.get(id.partition("-")[0])
    return f"/{folder}/{quote(id, safe='')}" if folder else ""


def outward(url: str | None) -> str | None:
    """`url` if it leads to the web and nowhere else (no `javascript:`, no `data:`)."""
    if not url or any(char.isspace() or not char.isprintable() for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def query(pairs: Iterable[tuple[str, str]], **changed: str | None) -> str:
    """A query string of `pairs` with some replaced, or dropped where None."""
    kept = [(name, value) for name, value in pairs if value and name not in changed]
    return urlencode(kept + [(name, value) for name, value in changed.items() if value])
