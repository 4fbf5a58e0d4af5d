"""Countries that share one noun: "French, German and British officials", "the leaders of Japan and South Korea".

The parser often hangs the first of such names elsewhere, so that they are read off the row of words.
"""

from __future__ import annotations

from tocsin.code.nounphrases import conjuncts
from tocsin.code.parsing import Tree, kids, owns

_NAMES = frozenset({"demonym", "country"})
HOMES = _NAMES | {"capital", "city", "region"}
"""Kinds of names that tell the country of what stands in or comes from them."""
_COMMAS = frozenset({",", "/", "-", "–"})
_AND = frozenset({"and", "&"})
_MODIFYING = frozenset({"amod", "compound", "nmod", "poss", "nummod", "advmod"})
_LONGEST = 6


def sharing(tree: Tree, head: int) -> list[str]:
    """The countries that a noun without a name of its own belongs to, where they are several; else none."""
    if tree[head].mention is not None:
        return []
    plural = tree[head].tag in ("NNS", "NNPS")
    ways = (_before, _beneath, _after) if plural else (_before,)
    return next((found for way in ways if len(found := way(tree, head)) > 1), [])


def _before(tree: Tree, head: int) -> list[str]:
    """Those in a row before the noun, the last of them next to it or to its adjectives."""
    last = head - 1
    while last > 0 and tree[last].mention is None and tree[last].head == head and tree[last].dep in _MODIFYING:
        last -= 1
    if last < 0 or not _is(tree, last, _NAMES) or tree[last].dep == "pobj":
        return []
    row, joined = [last], False
    while len(row) < _LONGEST:
        at = row[0] - 1
        if at >= 1 and tree[at].low in _AND:
            joined, at = True, at - 1
            at -= at >= 1 and tree[at].low in _COMMAS
        elif at >= 1 and tree[at].low in _COMMAS:
            at -= 1
        else:
            break
        if not _is(tree, at, _NAMES):
            break
        row.insert(0, at)
    if _apart(tree, row):
        row = row[1:]
    singular = tree[head].tag in ("NN", "NNP")
    return _countries(tree, row) if joined or not singular else []


def _apart(tree: Tree, row: list[int]) -> bool:
    """Whether the first of a row is a place by itself: "In Norway, Swedish and Finnish officials"."""
    first = row[0]
    if len(row) < 2 or first == 0 or tree[first - 1].tag not in ("IN", "TO", "DT"):
        return False
    adjective = _is(tree, row[1], frozenset({"demonym"})) or _short(tree, row[1])
    return adjective and _is(tree, first, frozenset({"country"})) and not _short(tree, first)


def _short(tree: Tree, at: int) -> bool:
    """Whether a name is one that stands as an adjective, too: "US", "UK"."""
    mention = tree[at].mention
    return mention is not None and mention.text.isupper()


def _beneath(tree: Tree, head: int) -> list[str]:
    """Those whom the tree hangs on the noun, before it."""
    tops = [k for k in kids(tree, head, "amod", "compound", "poss", "nmod") if k < head]
    row = [k for top in tops for k in (top, *kids(tree, top, "conj", "compound", "amod", "nmod", "appos"))]
    return _countries(tree, row)


def _after(tree: Tree, head: int) -> list[str]:
    """Those of whom the noun is said to be: after "of", else "from", else "in"."""
    objects = next((found for name in ("of", "from", "in") if (found := _objects(tree, head, name))), [])
    row = [at for at in objects if _is(tree, at, HOMES) and not owns(tree, at)]
    if not row or row != objects:
        return []
    at, joined, ended = row[-1], len(row) > 1, False
    while len(row) < _LONGEST and not ended and at + 2 < len(tree):
        comma = tree[at + 1].low in _COMMAS
        step = at + 1 + comma
        ended = step < len(tree) and tree[step].low in _AND
        step += ended
        step += step < len(tree) and tree[step].low == "the"
        if not (comma or ended) or step >= len(tree) or not _is(tree, step, HOMES) or owns(tree, step):
            break
        row.append(step)
        at, joined = step, joined or (ended and len(row) > 2)
    named = _countries(tree, row)
    return named if joined and len(named) == len(row) else []  # "Goma, Congo" is one place


def _objects(tree: Tree, head: int, name: str) -> list[int]:
    preps = [p for p in kids(tree, head, "prep") if tree[p].low == name]
    return [o for p in preps for top in kids(tree, p, "pobj") for o in conjuncts(tree, top)]


def _is(tree: Tree, at: int, kinds: frozenset[str]) -> bool:
    mention = tree[at].mention
    return mention is not None and mention.country is not None and mention.kind in kinds


def _countries(tree: Tree, row: list[int]) -> list[str]:
    named = [mention.country for at in row if (mention := tree[at].mention) is not None]
    return list(dict.fromkeys(country for country in named if country))
