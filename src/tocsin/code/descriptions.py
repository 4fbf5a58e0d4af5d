"""Countries by description: "the island" beside Taiwan, "the North" in a text about Korea.

The descriptions are lines of `data/actors/descriptions.tsv`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tocsin.code.gazetteer import Mention
from tocsin.code.names import table

_ARTICLE = "the "
_ANOTHER_NAME = r"(?![-\w]| [A-Z])"
"""A capitalised word after it makes a description part of another name: "North Carolina", "the South China Sea"."""


@dataclass(frozen=True, slots=True)
class Description:
    """A phrase that stands for a country in texts that name one of `needs`."""

    pattern: re.Pattern[str]
    country: str
    needs: frozenset[str]


@cache
def descriptions() -> tuple[Description, ...]:
    """Every line of the file."""
    found = []
    for row in table("actors/descriptions"):
        phrase = row["phrase"]
        words = re.escape(phrase.removeprefix(_ARTICLE))
        head = rf"\b[Tt]he ({words})" if phrase.startswith(_ARTICLE) else rf"\b({words})"
        found.append(Description(re.compile(head + _ANOTHER_NAME), row["iso3"], frozenset(row["needs"].split())))
    return tuple(found)


def described(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions` and, between them, the countries that the text describes, in order."""
    named = {m.country for m in mentions if m.country}
    taken = sorted((m.start, m.end) for m in mentions)
    found = list(mentions)
    for one in descriptions():
        if not one.needs & named:
            continue
        for match in one.pattern.finditer(text):
            start, end = match.span(1)
            at = bisect_right(taken, (end, 0))
            if not at or taken[at - 1][1] <= start:
                key = f"country:{one.country}"
                found.append(Mention(start, end, match[1], match[1], one.country, None, "country", key))
    return sorted(found, key=lambda m: m.start)
