"""Who a headline says it comes from: "X: …", "…, X says", "X to Y: …", and the topics and places that only look so."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.code.actors import sector_of
from tocsin.code.parsing import Piece
from tocsin.code.wordlists import words
from tocsin.code.words import is_noun_form, is_verb_form, lemma

SAY = words("headlines.say")
_SPEAKERS = words("headlines.speakers")
_CROWD = frozenset({"CVL", "LAB", "EDU", "ACT", "REL", "UAF", "REF"})
_OWN_WORDS = words("speakers.own_words")


def speaker(items: list[Piece]) -> tuple[tuple[int, int] | None, list[Piece], list[Piece]]:
    """Who speaks, what is said, and what is left (a topic before a colon)."""
    at = next((i for i, p in enumerate(items) if p.text == ":" and 0 < i < len(items) - 1), None)
    if at is not None:
        before, after = items[:at], items[at + 1 :]
        if (told := _told(before, after)) is not None:
            return None, told, []
        if _topic(before, after):
            return None, after, []
        if _names_somebody(before):
            return (before[0].start, before[-1].end), after, []
        if _names_somebody(after) or (
            len(after) <= 3 and not any(is_verb_form(p.text) and not is_noun_form(p.text) for p in after)
        ):
            return (after[0].start, after[-1].end), before, []
        return None, after, before if len(before) > 3 else []
    for i in range(len(items) - 1, max(0, len(items) - 8), -1):
        if items[i].text.lower() in SAY and i >= 4:
            tail = items[i + 1 :]
            if items[i - 1].text in (",", "”", '"', "'", "’") and 0 < len(tail) <= 6 and not _has_verb(tail):
                return (tail[0].start, tail[-1].end), _trim(items[:i]), []
            comma = next((j for j in range(i - 1, max(2, i - 7), -1) if items[j].text in (",", "”")), None)
            if comma is not None and not tail and _names_somebody(items[comma + 1 : i], 6) and finite(items[:comma]):
                return (items[comma + 1].start, items[i - 1].end), _trim(items[:comma]), []
    return None, items, []


def _told(before: list[Piece], after: list[Piece]) -> list[Piece] | None:
    """ "X to Y: pull back" as "X told Y to pull back"; None where no addressee stands before the colon."""
    to = next((i for i, p in enumerate(before) if p.text.lower() == "to"), 0)
    addressee = before[to + 1 :]
    if (
        not to
        or not addressee
        or len(addressee) > 3
        or addressee[0].mention is None
        or not _names_somebody(before[:to])
    ):
        return None
    said = [Piece(p.text, p.start, p.end, p.mention) for p in after]
    at = said[0].start
    first, following = said[0].text.lower(), said[1].text.lower() if len(said) > 1 else ""
    if first in ("don't", "don’t") or (first == "do" and following in ("n't", "n’t", "not")):
        said = [Piece("not", at, said[0].end), Piece("to", at, at), *said[1 if first != "do" else 2 :]]
    elif said[0].mention is None and bare(first) and not _governs(following):
        said = [Piece("to", at, at), *said]
    said[0].text = said[0].text if said[0].mention else said[0].text[:1].lower() + said[0].text[1:]
    return [*before[:to], Piece("told", before[to].start, before[to].end), *addressee, *said]


def _governs(low: str) -> bool:
    """Whether a word is the verb of the noun before it ("time is up"), so that the noun is no command."""
    return low in words("speakers.auxiliaries") or (low.endswith("s") and is_verb_form(low) and not is_noun_form(low))


def _topic(before: Sequence[Piece], after: Sequence[Piece]) -> bool:
    """Whether a place before a colon only says where: a town, a country of which others are told, a capital of crowds.

    "Singapore: US, Chinese chiefs meet" and "Manila: thousands rally" have no speaker, "Manila: China rams boat" has.
    """
    if len(before) != 1 or before[0].mention is None or not after:
        return False
    kind, first = before[0].mention.kind, after[0]
    if kind in ("city", "region", "sea", "strait"):
        return finite(after)
    word = first.text.lower()
    crowd = (
        word[:1].isdigit()
        or word in ("dozens", "hundreds", "thousands", "tens", "crowds")
        or (first.mention is None and sector_of([word]) in _CROWD)
    )
    if kind == "country":
        return word not in _OWN_WORDS and (first.mention is not None or crowd or sector_of([word]) is not None)
    return kind == "capital" and crowd and first.mention is None and not (len(after) > 1 and after[1].mention)


def _trim(items: list[Piece]) -> list[Piece]:
    while items and items[-1].text in (",", "”", '"', "’", "'", "-"):
        items = items[:-1]
    return items


def _names_somebody(items: Sequence[Piece], most: int = 5) -> bool:
    named = any(p.mention is not None and p.mention.kind not in ("city", "region", "sea", "strait") for p in items)
    office = any(p.text.lower() in _SPEAKERS for p in items)
    return 0 < len(items) <= most and (named or office) and not _has_verb(items)


def _has_verb(items: Sequence[Piece]) -> bool:
    return any(p.mention is None and is_verb_form(p.text) and not is_noun_form(p.text) for p in items)


def bare(word: str) -> bool:
    low = word.lower()
    return lemma(low, "verb") == low and is_verb_form(low)


def finite(items: Sequence[Piece]) -> bool:
    return any(p.mention is None and is_verb_form(p.text) and p.text.lower() not in ("to", "in") for p in items)
