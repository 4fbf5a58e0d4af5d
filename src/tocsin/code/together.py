"""Several countries under one name: "both Koreas", "the Baltic states", "the foreign ministers of the E3".

The names are lines of `data/actors/together.tsv`.
"""

from __future__ import annotations

import re
from functools import cache

from tocsin.code.actors import sector_of
from tocsin.code.names import fold, table
from tocsin.code.parsing import Tree

_ARTICLE = re.compile(r"^(?:all |the )+")
_LONGEST = 4
"""How many words the longest name has."""
_ADJECTIVES = frozenset({"baltic", "asian"})
"""Names' last words that mean the countries only before a noun: "Baltic leaders", not "the Baltic"."""


@cache
def _members() -> dict[str, tuple[str, ...]]:
    return {fold(row["phrase"]): tuple(row["countries"].split()) for row in table("actors/together")}


@cache
def _last_words() -> frozenset[str]:
    return frozenset(phrase.rsplit(" ", 1)[-1] for phrase in _members())


def several(tree: Tree, head: int) -> bool:
    """Whether any word of a noun phrase can be the last of such a name: a quick look before the phrase is spelled."""
    kids = tree[head].kids
    around = [head, *kids, *(o for k in kids if tree[k].low == "of" for o in tree[k].kids)]
    return any(tree[i].low in _last_words() for i in around)


def together(phrase: str) -> tuple[tuple[str, ...], str]:
    """The countries that a noun phrase names at once and the sector of who acts for them; nobody: `((), "GOV")`."""
    told, _, named = fold(phrase).rpartition(" of ")
    words = _ARTICLE.sub("", named).split()
    if told.endswith("alliance") or not _last_words().intersection(words[:_LONGEST]):
        return (), "GOV"
    for size in range(min(len(words), _LONGEST), 0, -1):
        members = _members().get(" ".join(words[:size]))
        if members is None:
            continue
        office = [*words[size:], *told.split()]
        sector = (sector_of(office[-1:]) and sector_of(office)) if office else "GOV"
        adjective = not office and words[size - 1] in _ADJECTIVES
        return (members, sector) if sector and not adjective else ((), "GOV")
    return (), "GOV"
