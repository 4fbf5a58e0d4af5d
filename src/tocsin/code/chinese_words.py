"""The words of the coder for Chinese: `data/lexicon/zh.txt` and the countries' names, in simplified characters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import get_args

from tocsin import data
from tocsin.code.names import split, table
from tocsin.records import EventType

TYPES = frozenset(get_args(EventType))


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of `zh.txt`: event words by type, role words, country names, single characters, sector words."""

    triggers: dict[str, str]
    roles: dict[str, tuple[str, ...]]
    names: dict[str, str]
    letters: dict[str, str]
    sectors: dict[str, str]
    folding: dict[int, str]
    compounds: dict[str, str]
    bodies: frozenset[str]


@cache
def known_words() -> dict[str, tuple[str, str]]:
    """What a word is: an actor with its country, an event word with its type, or a role."""
    of = lists()
    found = {fold(name): ("actor", row["iso3"]) for row in table("actors/countries") for name in split(row["zh"])}
    found = {name: what for name, what in found.items() if len(name) > 1}
    found |= {name: ("actor", code) for name, code in of.names.items()}
    found |= {word: (type_, type_) for word, type_ in of.triggers.items()}
    found |= {word: (role, word) for role, words in of.roles.items() for word in words}
    return found | {word: ("body", word) for word in of.bodies}


@cache
def lists() -> Lists:
    """`data/lexicon/zh.txt`. Raises ValueError naming a line that cannot be read."""
    triggers: dict[str, str] = {}
    roles: dict[str, tuple[str, ...]] = {}
    named: dict[str, dict[str, str]] = {"names": {}, "countries": {}, "compound": {}}
    bodies: frozenset[str] = frozenset()
    sectors: dict[str, str] = {}
    folding = _traditional()
    for number, line in enumerate(data.text("lexicon/zh.txt").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        head, colon, words = line.partition(":")
        if not colon:
            raise ValueError(f"zh.txt:{number}: a line is 'class: word word …'")
        if head in TYPES:
            triggers.update(dict.fromkeys(words.split(), head))
        elif head in named:
            named[head].update((word[: word.index("=")], word[-3:]) for word in words.split())
        elif head == "bodies":
            bodies = frozenset(words.split())
        elif head == "fold":
            folding.update({ord(pair[0]): pair[1] for pair in words.split()})
        elif head.isupper():
            sectors.update(dict.fromkeys(words.split(), head))
        else:
            roles[head] = tuple(words.split())
    return Lists(triggers, roles, named["names"], named["countries"], sectors, folding, named["compound"], bodies)


def fold(text: str) -> str:
    """`text` in simplified characters, one for one."""
    return text.translate(lists().folding)


def _traditional() -> dict[int, str]:
    """The folding that `tocsin.group` uses too: two words of equal length a line."""
    found: dict[int, str] = {}
    for line in data.text("group/traditional.txt").splitlines():
        if line and not line.startswith("#"):
            old, new = line.split()
            found.update({ord(a): b for a, b in zip(old, new, strict=True)})
    return found
