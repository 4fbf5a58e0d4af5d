"""Which names are in the news again and again, and which are of one affair.

States, capitals, office holders, towns and people recur: two reports that name them weeks apart may tell of two like
events. A thing with a name of its own (a storm, a ship, a spacecraft, a school, a firm whose data was stolen) is mostly
in the news for one affair, and reports of it belong together for longer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from tocsin import data
from tocsin.data import geonames
from tocsin.group.concepts import forms
from tocsin.group.terms import fold, terms

SHORTEST = 4  # letters of a name that is taken for a thing's
_PAIR = re.compile(r"\b([A-Z]\w+) (?=([A-Z]\w+))")
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Oo]ff|[Aa]round|[Aa]cross|[Oo]utside|(?:east|west|north|south) of)\s+"
    r"(?:(?:the|central|(?:north|south|east|west)\w*)\s+){0,2}([A-Z][\w-]+(?:\s[A-Z][\w-]+)*)"
)


def things(names: Iterable[str], told: str) -> set[str]:
    """Those of the folded `names` in `told` (title and lead) that are neither standing nor a person's or a place's."""
    people = {fold(second.casefold()) for first, second in _PAIR.findall(told) if first in _given_names()}
    places = {word for place in _PLACE.findall(told) for word in terms(place)}
    apart = {name for name in names if len(name) >= SHORTEST} - people - places
    return {name for name in apart if _bare(name) not in _standing()}


def _bare(name: str) -> str:
    """A name without diacritics: GeoNames writes "Herāt"."""
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))


@cache
def common() -> frozenset[str]:
    """Words of ordinary news (`data/group/background.txt`), folded."""
    lines = data.text("group/background.txt").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split()[1:])


@cache
def _standing() -> frozenset[str]:
    """The words of every name in the actors' tables and the concepts, ordinary words, and towns of one word."""
    towns = (found[0] for name in geonames.names() if len(found := terms(_bare(name))) == 1)
    return common().union((term for _, form in forms() for term in terms(_bare(form))), towns)


@cache
def _given_names() -> frozenset[str]:
    lines = data.text("actors/given_names.txt").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
