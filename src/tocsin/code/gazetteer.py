"""Who is named in a text: the longest known names, read by date and context.

One automaton over the folded spellings of `tocsin.code.names` finds candidates in a single pass; word boundaries,
case and `tocsin.code.ambiguity` decide which of them are meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.code.ambiguity import Context
from tocsin.code.names import Alias, Entry, aliases, fold


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, from `start` to `end` (code points), and whom it stands for.

    `sector` is a PLOVER sector where the name itself tells one; a bare country name has none. `kind` is one of
    `tocsin.code.names.KINDS`; `key` is the entry's stable id (an ISO3 code for a country).
    """

    start: int
    end: int
    text: str
    name: str
    country: str | None
    sector: str | None
    kind: str
    key: str


_GIVEN_TOO = frozenset({"country", "capital", "city", "region", "person", "demonym"})
_AND = frozenset(["and", "y", "e", "&"])


class Gazetteer:
    """All the names, ready to be found. Use `Gazetteer.load()`; it is built once."""

    def __init__(self) -> None:
        self._aliases = aliases()
        self._spellings = list(self._aliases)
        self._automaton = AhoCorasick(
            self._spellings, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )
        self._longest = max(map(len, self._spellings))

    @classmethod
    def load(cls) -> Gazetteer:
        """The one gazetteer of this process."""
        return _loaded()

    def find(self, text: str, on: date | None = None) -> list[Mention]:
        """The names in `text` in order, none overlapping, as they are to be read on a day (None: today's reading)."""
        context = Context(text)
        found: list[tuple[int, int, list[Alias]]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(context.folded):
            span = self._bounded(context, index, start, end)
            if span:
                found.append(span)
        sure = [s for s in found if any(a.form != "support" for a in s[2])]
        supporting = {a.entry.country for s in sure for a in s[2] if a.form != "support" and a.entry.country}
        named = {a.entry.key for s in sure for a in s[2] if a.entry.kind == "person" and a.form != "support"}
        mentions: list[Mention] = []
        for start, end, items in found:
            mention = self._read(context, start, end, items, on, supporting, named)
            if mention:
                mentions.append(mention)
        return mentions

    def _bounded(self, context: Context, index: int, start: int, end: int) -> tuple[int, int, list[Alias]] | None:
        """The match with what it may stand for, cut back to a word's end where it runs into a longer word."""
        folded = context.folded
        wordless = "\u2e80" <= folded[start] <= "\u9fff"
        if not wordless and start and (folded[start - 1].isalnum() or folded[start - 1] in "@_"):
            if not ("\u0620" <= folded[start] <= "\u06ff" and folded[start - 1] in "وبلفكال"):
                return None
        spelling = self._spellings[index]
        if not wordless and end < len(folded) and folded[end].isalnum() and folded[end - 1].isalnum():
            spelling = self._shorter(folded, start, end)
            end = start + len(spelling)
        if not spelling:
            return None
        items = [a for a in self._aliases[spelling] if _cased(context, a, start, end)]
        return (start, end, items) if items else None

    def _shorter(self, folded: str, start: int, end: int) -> str:
        """The longest shorter spelling that ends at a word's end; empty if there is none."""
        while (end := folded.rfind(" ", start + 1, end)) > start:
            if folded[start:end] in self._aliases:
                return folded[start:end]
        return ""

    def _read(
        self,
        context: Context,
        start: int,
        end: int,
        items: list[Alias],
        on: date | None,
        supporting: set[str | None],
        named: set[str],
    ) -> Mention | None:
        text, folded = context.text[start:end], context.folded[start:end]
        sense = context.sense(folded, start, end)
        if sense is not None:
            items = [a for a in items if a.entry.key == sense or f"{a.entry.kind}:{a.entry.country}" == sense]
        if " " not in folded:
            kinds = {a.entry.kind for a in items}
            if kinds & _GIVEN_TOO and not context.titled(start) and context.given(start):
                return None
        items = [
            a
            for a in items
            if a.form != "support" or a.entry.key in named or a.entry.country in supporting or context.titled(start)
        ]
        if not items:
            return None
        entry, held = _on(items, on, named)
        if entry.kind == "none":
            return None
        sector = entry.sector if held or entry.kind != "person" else None
        return Mention(start, end, text, entry.name, entry.country, sector, entry.kind, entry.key)


def _cased(context: Context, item: Alias, start: int, end: int) -> bool:
    """Whether a match is written as its spelling asks: capitals for names, all of them for acronyms."""
    entry, text = item.entry, context.text
    if entry.language == "es" and not context.spanish:
        return False
    if item.form == "plain":
        return True
    written = text[start:end]
    if item.form == "exact":
        return written == item.spelling
    if item.form == "acronym":
        letters = [c for c in written if c.isalpha()]
        if all(c.isupper() for c in letters):
            return True
        return len(letters) > 3 and letters[0].isupper() and item.spelling.isalpha()
    first = next((i for i, c in enumerate(item.spelling) if c.isupper()), 0)
    return first < len(written) and not written[first].islower()


def _on(items: list[Alias], on: date | None, named: set[str]) -> tuple[Entry, bool]:
    """Which entry a spelling stands for on a day, and whether it is valid then."""

    def rank(item: Alias) -> tuple[bool, bool, bool, date]:
        entry = item.entry
        valid = entry.holds(on) if on else entry.until is None
        return entry.key in named, valid, item.form != "support", entry.until or date.max

    best = max(items, key=rank).entry
    return best, best.holds(on) if on else True


@cache
def _loaded() -> Gazetteer:
    return Gazetteer()


__all__ = ["Gazetteer", "Mention", "fold"]
