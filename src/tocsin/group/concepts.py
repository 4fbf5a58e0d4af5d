"""What reports in different languages share: countries, capitals, bodies, kinds of event, figures and dates.

The names come from `data/actors` (countries, seats, persons) and `data/group/concepts.txt`, in every language they
give; Chinese is read in traditional and simplified characters. It is a gazetteer, not a translation.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from tocsin import data
from tocsin.group.numbers import dates, figures
from tocsin.group.terms import is_cjk

_TRADE = frozenset({"BUS", "MED"})
"""Firms and media are called alike in every language that is read: their names are words like any other."""


def concepts(text: str) -> Counter[str]:
    """How often `text` names each concept, each date (`date:04-08`) and each figure (`number:42`)."""
    text = simplified(unicodedata.normalize("NFKC", text))
    automaton, names = _gazetteer()
    found: Counter[str] = Counter()
    for index, start, end in automaton.find_matches_as_indexes(text):
        if _whole(text, start, end):
            found[names[index]] += 1
    small = text.casefold()
    found.update(f"date:{date}" for date in dates(small))
    found.update(f"number:{figure}" for figure in figures(small))
    return found


def simplified(text: str) -> str:
    """`text` with traditional Chinese characters as simplified ones (`data/group/traditional.txt`)."""
    return text.translate(_characters())


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a match is a word of its own; Chinese words stand without spaces."""
    if is_cjk(text[start]):
        return True
    return not (start and text[start - 1].isalnum()) and not (end < len(text) and text[end].isalnum())


@cache
def _characters() -> dict[int, str]:
    pairs: dict[int, str] = {}
    for line in data.text("group/traditional.txt").splitlines():
        if line and not line.startswith("#"):
            old, new = line.split()
            pairs.update(zip(map(ord, old), new, strict=True))
    return pairs


@cache
def _gazetteer() -> tuple[AhoCorasick, list[str]]:
    """Names match as written, so that "US" is not "us"; common words also with a capital."""
    named: dict[str, str] = {}
    for concept, form in forms():
        written = simplified(unicodedata.normalize("NFKC", form.strip()))
        if len(written) > 1:
            named.setdefault(written, concept)
    return AhoCorasick(list(named), matchkind=MatchKind.LeftmostLongest), list(named.values())


def forms() -> Iterator[tuple[str, str]]:
    """Every concept with each form of its name, as the tables write it."""
    for line in data.text("group/concepts.txt").splitlines():
        if line and not line.startswith("#"):
            concept, _, written = line.partition(":")
            for form in written.split(","):
                yield from ((concept, cased) for cased in (form, form.strip().capitalize(), form.strip().title()))
    for country in _table("actors/countries.tsv"):
        for column in ("name", "aliases", "demonyms", "capitals", "es", "es_demonyms", "zh", "ar"):
            yield from (("country:" + country["iso3"], form) for form in country.get(column, "").split("|"))
    for table in ("persons", "organisations", "groups", "seats"):
        for row in _table(f"actors/{table}.tsv"):
            if row.get("sector") in _TRADE:
                continue
            concept = f"country:{row['iso3']}" if table == "seats" and row["iso3"] else f"name:{row['name']}"
            yield from ((concept, form) for form in (row["name"], *row["aliases"].split("|")))


def _table(path: str) -> Iterator[dict[str, str]]:
    rows = [line for line in data.text(path).splitlines() if line and not line.startswith("#")]
    columns = rows[0].split("\t")
    return (dict(zip(columns, row.split("\t"), strict=False)) for row in rows[1:])
