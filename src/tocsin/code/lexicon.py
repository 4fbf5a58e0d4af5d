"""The rules as data: which verbs and nouns, with which company, make which event (`data/rules`, read and checked here).

A line of a type's file is `VERBS [{objects}] [@subj {nouns}] [@prep {objects}] [@inf|@that|@oprd {words}] [| slots]
[> flags]`; docs/reference/code.md explains it. Nouns in braces are literal (`nuclear_test`) or a type's nominals
(`ASSAULT`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import get_args

from tocsin import data
from tocsin.code.words import american, lemma
from tocsin.records import EventType

TYPES = frozenset(get_args(EventType))
FLAGS = frozenset(
    [
        "recip",
        "recip1",
        "swap",
        "weak",
        "place",
        "military",
        "crowd",
        "report",
        "needs",
        "domestic",
        "detect",
        "weapons",
        "jointly",
        "diplomatic",
        "speaker",
        "teller",
        "lending",
        "yielding",
    ]
)
_PART = re.compile(r"\s*(?:@(?P<prep>[a-z-]+)(?:\s*\{(?P<of>[^}]*)\})?|\{(?P<objects>[^}]*)\})")
PREPOSITIONS = frozenset(
    [
        "at",
        "on",
        "against",
        "with",
        "to",
        "for",
        "over",
        "from",
        "of",
        "in",
        "into",
        "upon",
        "about",
        "near",
        "toward",
        "towards",
        "behind",
        "between",
        "alongside",
        "under",
        "as",
        "off",
        "through",
        "after",
        "around",
        "by",
        "outside",
        "along",
        "past",
        "across",
        "out",
        "away",
        "onto",
    ]
)


_NO_CLASS: frozenset[str] = frozenset()


class RuleError(ValueError):
    """A rule file cannot be read; the message names the file and line."""


@dataclass(frozen=True, slots=True)
class VerbRule:
    """One way in which one verb makes an event of `type`. `id` is the file and line that says so."""

    id: str
    type: str
    verb: str
    company: tuple[str, ...] = ()
    objects: frozenset[str] | None = None
    preps: tuple[tuple[str, frozenset[str]], ...] = ()
    clause: str | None = None
    slots: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All the rules: verbs by lemma, event nouns by spelling, the operator classes of each word."""

    verbs: dict[str, tuple[VerbRule, ...]]
    nominals: dict[str, str]
    operators: dict[str, frozenset[str]]
    defaults: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def operator(self, *words: str) -> frozenset[str]:
        """The operator classes of a verb, given with and without its particle."""
        return _NO_CLASS.union(*(self.operators[w] for w in words if w in self.operators))

    def nominal(self, keys: Iterable[str]) -> str | None:
        """The type of an event noun by the longest of its `keys`; None where it names no event."""
        for key in keys:
            found = self.nominals.get(key)
            if found is not None:
                return None if found == "NONE" else found
        return None


def noun_key(phrase: str) -> str:
    """A noun phrase of the rule files (`peace_talks`) as it is looked up (`peace_talk`)."""
    return "_".join(lemma(american(part), "noun") for part in phrase.lower().split("_"))


@cache
def lexicon() -> Lexicon:
    """The shipped rules. Raises `RuleError` where a file is wrong."""
    files = dict(data.texts("rules", ".txt"))
    verbs: dict[str, list[VerbRule]] = {}
    defaults: dict[str, tuple[str, ...]] = {}
    for name, text in files.items():
        if name in ("nominals", "operators"):
            continue
        for rule in _rules(name, text, defaults):
            verbs.setdefault(rule.verb, []).append(rule)
    return Lexicon(
        {verb: tuple(rules) for verb, rules in verbs.items()},
        _nominals(files["nominals"]),
        _operators(files["operators"]),
        defaults,
    )


def _classes(name: str, text: str) -> Iterable[tuple[str, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            head, colon, words = line.partition(":")
            if not colon:
                raise RuleError(f"{name}:{number}: a line is 'name: word word …', found: {line[:60]}")
            yield head.strip(), words.split()


def _operators(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for class_, words in dict(_classes("operators", text)).items():
        for word in words:
            found[word] = found.get(word, _NO_CLASS) | {class_}
    return found


def _nominals(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for type_, words in _classes("nominals", text):
        if type_ not in TYPES and type_ != "NONE":
            raise RuleError(f"nominals: {type_} is no event type")
        for word in words:
            found.setdefault(noun_key(word), type_)
    return found


def _rules(name: str, text: str, defaults: dict[str, tuple[str, ...]]) -> Iterable[VerbRule]:
    type_, mode = "", None
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("type:"):
            type_ = line.removeprefix("type:").strip()
        elif line.startswith("targets:"):
            defaults[type_] = tuple(line.removeprefix("targets:").split())
        elif line.startswith("["):
            mode = line.strip("[]")
        else:
            yield from _line(line, f"{name}:{number}", type_, mode)


def _line(line: str, where: str, type_: str, mode: str | None) -> Iterable[VerbRule]:
    body, _, tail = line.partition(">")
    pattern, _, slots = body.partition("|")
    cut = min((pattern.find(c) for c in "{@" if c in pattern), default=len(pattern))
    objects, preps, clause = _company(pattern[cut:], where)
    flags = tail.split()
    settings = dict(flag.split("=", 1) for flag in flags if "=" in flag)
    bare = frozenset(flag for flag in flags if "=" not in flag)
    if bare - FLAGS or settings.keys() - {"mode", "type", "targets"}:
        raise RuleError(f"{where}: unknown flag in '{tail.strip()}'")
    type_ = settings.get("type", type_)
    if type_ not in TYPES and type_ != "NONE":
        raise RuleError(f"{where}: {type_} is no event type")
    chosen = settings.get("mode", mode)
    for verb in pattern[:cut].split(","):
        words = verb.split()
        if not words:
            raise RuleError(f"{where}: a rule begins with a verb")
        yield VerbRule(
            id=where,
            type=type_,
            verb=american(words[0]),
            company=tuple(words[1:]),
            objects=objects,
            preps=preps,
            clause=clause,
            slots=tuple(slots.split()) or tuple(settings.get("targets", "").replace(",", " ").split()),
            flags=bare,
            mode=None if chosen == "None" else chosen,
        )


def _company(text: str, where: str) -> tuple[frozenset[str] | None, tuple[tuple[str, frozenset[str]], ...], str | None]:
    objects: frozenset[str] | None = None
    preps: list[tuple[str, frozenset[str]]] = []
    clause, at = None, 0
    while text[at:].strip():
        found = _PART.match(text, at)
        if not found:
            raise RuleError(f"{where}: cannot read '{text[at:].strip()}'")
        if found["prep"] in ("inf", "ing") and (found["of"] or "*").strip() != "*":
            clause = f"{found['prep']}:" + ",".join(lemma(american(word), "verb") for word in found["of"].split())
        elif found["objects"] is not None:
            objects = _nouns(found["objects"])
        elif found["prep"] in ("inf", "that", "ing"):
            clause = found["prep"]
        else:
            preps.append((found["prep"], _nouns(found["of"] or "*")))
        at = found.end()
    return objects, tuple(preps), clause


def _nouns(text: str) -> frozenset[str]:
    return frozenset(word if word == "*" or word.isupper() else noun_key(word) for word in text.split())
