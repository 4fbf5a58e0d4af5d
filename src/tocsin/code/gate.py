"""Which sentences are worth parsing: those that name somebody and hold a word that some rule knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from tocsin.code.actors import sector_of
from tocsin.code.gazetteer import Mention
from tocsin.code.lexicon import VerbRule, lexicon
from tocsin.code.wordlists import words
from tocsin.code.words import lemma

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_ACTORS = words("gate.actors")


@cache
def _triggers() -> dict[str, int]:
    """What a word can do by itself: 1 is an event, 2 a verb that needs an object, 4 an object that needs a verb."""
    rules = lexicon()
    found: dict[str, int] = {}
    for key, type_ in rules.nominals.items():
        if type_ != "NONE":
            last = key.rsplit("_", 1)[-1]
            found[f"n:{last}"] = 1 if "_" not in key else found.get(f"n:{last}", 0) | 4
    for verb, items in rules.verbs.items():
        for rule in items:
            if rule.type == "NONE":
                continue
            if rule.company:
                found.setdefault(f"v:{verb}", 0)
                if verb == "*" and len(rule.company) == 1:
                    found[f"n:{rule.company[0]}"] = 1
                continue
            bare = rule.objects is None and not rule.preps
            found[f"v:{verb}"] = found.get(f"v:{verb}", 0) | (1 if bare else 2)
            for noun in (rule.objects or frozenset()) | frozenset(n for _, nouns in rule.preps for n in nouns):
                last = f"n:{noun.rsplit('_', 1)[-1]}"
                found[last] = found.get(last, 0) | 4
            if noun_free(rule):
                found[f"v:{verb}"] |= 4
    return found


def noun_free(rule: VerbRule) -> bool:
    """Whether a rule asks for no noun in particular."""
    return rule.objects is not None and "*" in rule.objects


@cache
def _companions() -> dict[str, frozenset[str]]:
    """The words that a verb needs beside it in some rule: "crack" needs "down"."""
    return {
        verb: frozenset(rule.company[0] for rule in items if rule.company and rule.type != "NONE")
        for verb, items in lexicon().verbs.items()
    }


@lru_cache(maxsize=50_000)
def _accompanied(word: str) -> frozenset[str]:
    return _companions().get(lemma(word, "verb"), frozenset())


@lru_cache(maxsize=50_000)
def _power(word: str) -> int:
    known = _triggers()
    return known.get(f"v:{lemma(word, 'verb')}", 0) | known.get(f"n:{lemma(word, 'noun')}", 0)


@lru_cache(maxsize=50_000)
def _is_actor(word: str) -> bool:
    return word in _ACTORS or sector_of([word]) is not None


def passes(sentence: str, mentions: Sequence[Mention], headline: bool = False) -> bool:
    """Whether a sentence may hold an event."""
    words = [w.lower() for w in _WORD.findall(sentence)]
    if not mentions and not headline and not any(_is_actor(w) for w in words):
        return False
    powers = 0
    for word in words:
        power = _power(word)
        if power & 1 or (power & 2 and powers & 4) or (power & 4 and powers & 2) or power & 6 == 6:
            return True
        powers |= power
    present = set(words)
    return any(not present.isdisjoint(_accompanied(word)) for word in present)
