"""Full text, the same in every store: which words a text has, and what a query asks of them.

Texts and queries are cut into words here rather than by the database, so that SQLite and PostgreSQL find the same.
Case, width and accents do not count. Scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese)
are cut into single characters, and a query in them is a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"
)
_ACCENTS = range(0x300, 0x370)
_PART = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


LONGEST = 100
"""Code points of a word that count; what is longer is no word."""


class _Letters(dict[int, str]):
    """Maps a code point to itself, to nothing (an accent), or to a space; learns each on first sight."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if point in _ACCENTS:
            kept = ""
        elif _UNSPACED.match(char):
            kept = f" {char} "
        else:
            kept = char if unicodedata.category(char)[0] in "LMN" else " "
        self[point] = kept
        return kept


_LETTERS = _Letters()


def words(text: str) -> list[str]:
    """The words of `text`, folded, in order."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    found = folded.translate(_LETTERS).split()
    return [word[:LONGEST] for word in found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One part of a query: words that must stand side by side, the last perhaps only begun; or must not."""

    words: tuple[str, ...]
    absent: bool = False
    begun: bool = False


def wanted(query: str) -> list[Wanted]:
    """What `query` asks for; empty where it names no word. No input is an error."""
    parts: list[Wanted] = []
    for minus, phrase, word in _PART.findall(query):
        found = tuple(words(phrase or word))
        if found:
            parts.append(Wanted(found, absent=bool(minus), begun=not phrase and word.endswith("*")))
    return parts
