"""The invisible joiners that shape Persian and Indic words, kept through an extractor that drops the unprintable."""

from __future__ import annotations

import re
from html import unescape

_JOINERS = "\u200c\u200d"
_STAND_INS = "\ua7f7\ua7fb"  # letters of Roman inscriptions, which no page of news prints
_NAMED = re.compile(r"&(?:zwnj|zwj|#820[45]|#x200[cd]);", re.IGNORECASE)
_AWAY, _BACK = str.maketrans(_JOINERS, _STAND_INS), str.maketrans(_STAND_INS, _JOINERS)


def has_joiners(html: str) -> bool:
    """Whether some joiner stands in `html`, as a character or as a reference to one."""
    return any(joiner in html for joiner in _JOINERS) or _NAMED.search(html) is not None


def without_joiners(html: str) -> str:
    """`html` with a printable letter in place of each joiner."""
    return _NAMED.sub(lambda match: unescape(match.group().lower()), html).translate(_AWAY)


def with_joiners(text: str) -> str:
    """`text` out of such HTML, with its joiners back."""
    return text.translate(_BACK)
