"""The short word lists that the English coder consults, by name: `data/lexicon/wordlists.txt`."""

from __future__ import annotations

from functools import cache

from tocsin import data


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for number, line in enumerate(data.text("lexicon/wordlists.txt").splitlines(), start=1):
        if line and not line.startswith("#"):
            name, colon, words = line.partition(":")
            if not colon or name in found:
                raise ValueError(f"wordlists.txt:{number}: a line is 'name: word word …', each name once")
            found[name] = frozenset(words.split())
    return found


def words(name: str) -> frozenset[str]:
    """The words of one list. Raises KeyError for a name that the file lacks."""
    return _lists()[name]
