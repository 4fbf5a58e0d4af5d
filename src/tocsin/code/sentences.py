"""Where sentences begin and end, in one pass over the text and without a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9\u00c0-\u017f])|\n+|[。！？]+[”」』]?")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Capt|Sgt|Adm|Sen|Rep|Gov|Pres|St|Ste|Mt|No|vs|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept?|Oct|Nov|Dec|Inc|Ltd|Corp|Co|Jr|Sr|Rev|Hon|Brig|Cmdr|Amb|Min|al|approx|est|Fig|Ft|Supt|Insp)"
    r"|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_ENDS_ANYWAY = re.compile(r"\b(?:U\.S|U\.N|U\.K|E\.U|a\.m|p\.m|D\.C)\.$")
_STARTER = re.compile(
    r"\s+[\"“'(]*(?:The|A|An|It|He|She|They|In|On|At|But|And|This|That|These|Those|We|I|His|Her|Its|Their|There|"
    r"However|Meanwhile|After|Before|While|When|As|According|Earlier|Last|For|Since|Both|Many|Some)\b"
)
LONGEST = 4000
"""Characters of a sentence that are read; a longer one is no sentence, and its rest is left alone."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The bounds of each sentence of `text`, without the white space around it."""
    start = 0
    for found in _END.finditer(text):
        end = found.end()
        if found[0][0] == "." and _goes_on(text, start, found.start() + 1):
            continue
        yield from _piece(text, start, end)
        start = end
    yield from _piece(text, start, len(text))


def _goes_on(text: str, start: int, dot: int) -> bool:
    """Whether the full stop that ends at `dot` only ends an abbreviation."""
    before = text[max(start, dot - 16) : dot]
    if not _ABBREVIATION.search(before):
        return False
    return not (_ENDS_ANYWAY.search(before) and _STARTER.match(text, dot, dot + 24))


def _piece(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    if end - start > LONGEST:
        end = text.rfind(" ", start + 1, start + LONGEST) + 1 or start + LONGEST
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
