"""The first element of a marked-up document, which tells a feed from a page; nothing in its text can pass for it."""

from __future__ import annotations

import re

FEEDS = frozenset({"rss", "feed", "rdf", "channel"})
"""Local names, in lower case, of the elements that feeds begin with: RSS, Atom, RSS 1.0 in RDF, CDF."""

_BEFORE = re.compile(r"[\s\ufeff]*(?:<\?.*?\?>|<!--.*?-->|<![^\[>]*(?:\[[^\]]*\]\s*)?>)", re.DOTALL)
_OPEN = re.compile(r"[\s\ufeff]*<([A-Za-z_][\w.-]*(?::[\w.-]+)?)(?=[\s>/])")
_PAGE = re.compile(r"[\s\ufeff]*[{\[]|(?s:.*)<(?:html|head|body)\b", re.IGNORECASE)
_JUNK = 3000  # characters of a server's own complaints that may stand before the declaration


def root_of(text: str) -> str:
    """The qualified name of the first element after declarations and comments; "" where other text comes first."""
    at = max(text.find("<?xml", 0, _JUNK), 0)
    if _PAGE.match(text, 0, at):
        at = 0
    while before := _BEFORE.match(text, at):
        at = before.end()
    found = _OPEN.match(text, at)
    return found[1] if found else ""


def local(name: str) -> str:
    """A qualified name without its prefix, in lower case."""
    return name.rpartition(":")[2].lower()
