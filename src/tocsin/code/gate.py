"""Which sentences are worth parsing: those that name somebody and hold a word that some rule knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from tocsin.code.actors import sector_of
from tocsin.code.gazetteer import Mention
from tocsin.code.lexicon import lexicon
from tocsin.code.words import lemma

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_ACTORS = frozenset(
    "police troops protesters protestors demonstrators gunmen militants rebels soldiers government army military opposition court "
    "parliament minister president ministry forces union unions officials authorities navy lawmakers senate prosecutors "
    "workers farmers students prisoners hostages diplomats migrants refugees militia militias guerrillas insurgents junta "
    "coup he she they it his her their militant terrorist rally protest strike troops attackers assailants bandits gang gangs "
    "leader leaders activists senators judge judges".split()
)


@cache
def _triggers() -> frozenset[str]:
    rules = lexicon()
    nouns = {key.rsplit("_", 1)[-1] for key, type_ in rules.nominals.items() if type_ != "NONE"}
    return frozenset(rules.verbs) | nouns


@lru_cache(maxsize=50_000)
def _is_trigger(word: str) -> bool:
    known = _triggers()
    return lemma(word, "verb") in known or lemma(word, "noun") in known


@lru_cache(maxsize=50_000)
def _is_actor(word: str) -> bool:
    return word in _ACTORS or sector_of([word]) is not None


def passes(sentence: str, mentions: Sequence[Mention], headline: bool = False) -> bool:
    """Whether a sentence may hold an event."""
    words = [w.lower() for w in _WORD.findall(sentence)]
    if not mentions and not headline and not any(_is_actor(w) for w in words):
        return False
    return any(_is_trigger(w) for w in words)
