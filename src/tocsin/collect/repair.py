"""What feeds break of XML, mended before it is parsed: entities that only HTML has, bare `&` and `<`."""

from __future__ import annotations

import re
from html import escape, unescape

_LOOSE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,30});|&|<(?![\w/!?:])",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml\b[^>]*>")


def repaired(text: str) -> str:
    """A feed's text as a parser may take it: from its first mark on, without declarations of encodings and entities.

    A document's own entities go undeclared: nested ones unfold without end, and no feed needs them. An entity nobody
    knows stays as the words it is written with.
    """
    text = _CONTROL.sub("", text[max(text.find("<"), 0) :])
    if declared := _DECLARATION.match(text):
        text = text[declared.end() :]
    if "<!ENTITY" in text[:20_000]:
        text = _without_entities(text)
    return _LOOSE.sub(_mended, text)


def _mended(found: re.Match[str]) -> str:
    piece = found[0]
    return piece if piece.startswith("<!") else escape(unescape(piece)).replace("&#x27;", "&apos;")


def _without_entities(text: str) -> str:
    start = text.find("<!DOCTYPE")
    end = text.find("]>", start)
    return text[:start] + text[end + 2 :] if 0 <= start < end else text.replace("<!ENTITY", "<!--", 1)
