"""What an event is about: its mode, its PLOVER contexts, its domains, told by the words of its clause and sentence."""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import cast, get_args

from tocsin import data
from tocsin.code.words import american, lemma
from tocsin.records import Domain

_WORD = re.compile(r"[a-z][a-z0-9-]+")
_BY_TYPE = {"SANCTION": "economic", "CONSULT": "diplomatic"}
MOST_CONTEXTS = 3


def _classes(name: str) -> list[tuple[str, frozenset[str]]]:
    lines = data.text(f"lexicon/{name}.txt").splitlines()
    pairs = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return [(head.strip(), frozenset(words.split())) for head, _, words in pairs]


@cache
def _domains() -> list[tuple[str, frozenset[str]]]:
    return _classes("domains")


@cache
def _contexts() -> list[tuple[str, frozenset[str]]]:
    return [(name.lstrip("!"), words) for name, words in _classes("contexts")]


@cache
def _modes() -> dict[str, list[tuple[str, frozenset[str]]]]:
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for head, words in _classes("modes"):
        type_, mode = head.split()
        found.setdefault(type_, []).append((mode, words))
    return found


@cache
def modes() -> dict[str, frozenset[str]]:
    """The modes that PLOVER knows, by type."""
    rows = csv.DictReader(data.text("ontology/modes.csv").splitlines())
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["type"], set()).add(row["mode"])
    return {type_: frozenset(values) for type_, values in found.items()}


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))


def mode(type_: str, clause: str, ruled: str | None) -> str | None:
    """The mode of an event: the first whose words its clause holds, else what the rule says."""
    words = _words(clause)
    forms = words | {lemma(w, "verb") for w in words} | {american(w) for w in words}
    for name, cues in _modes().get(type_, ()):
        if forms & cues:
            return name
    return ruled if ruled in modes().get(type_, frozenset()) else None


def contexts(sentence: str) -> tuple[str, ...]:
    """Up to three contexts that a sentence's words speak for, the strongest first."""
    words = _words(sentence)
    counts = [(len(words & cues), name) for name, cues in _contexts()]
    ranked = sorted((c for c in counts if c[0]), key=lambda c: -c[0])
    return tuple(name for _, name in ranked[:MOST_CONTEXTS])


def domains(type_: str, clause: str) -> tuple[Domain, ...]:
    """The domains that an event's words name, in the order of the records' list; none where they name none."""
    words = _words(clause)
    words |= {american(w) for w in words}
    named = {name for name, cues in _domains() if words & cues}
    if not named and type_ in _BY_TYPE:
        named = {_BY_TYPE[type_]}
    return tuple(cast(Domain, d) for d in get_args(Domain) if d in named)
