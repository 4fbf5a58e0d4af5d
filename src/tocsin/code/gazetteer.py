"""Who is named in a text: the longest known names, read by date and context.

One automaton over the folded spellings of `tocsin.code.names` finds candidates in a single pass; word boundaries,
case and `tocsin.code.ambiguity` decide which of them are meant.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tocsin.code.ambiguity import Context, common_words, given_names, town_words
from tocsin.code.geonames import CITY, atlas, sizeable
from tocsin.code.names import Alias, Entry, aliases, fold, table


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, from `start` to `end` (code points), and whom it stands for.

    `sector` is a PLOVER sector where the name itself tells one; a bare country name has none. `kind` is one of
    `tocsin.code.names.KINDS`; `key` is the entry's stable id (an ISO3 code for a country).
    """

    start: int
    end: int
    text: str
    name: str
    country: str | None
    sector: str | None
    kind: str
    key: str


_LARGE = 12 * 5.18  # 150,000 people, in the atlas's twelfths of a power of ten
_LARGE_AMERICAN = 450_000  # smaller American cities are surnames too often
_APART = 2.0  # degrees from a capital, within which a place of its name is the same one
_ARABIC_PREFIXES = "وبلفكا"  # and, in, for, so, like; the article is part of the spellings
_PLACES = frozenset({"country", "capital", "city", "region"})
_LEADING = ("president-elect", "leader", "premier", "prime minister", "chancellor", "president", "supreme leader")
"""The offices of whoever leads a country; of two of one surname the later here is meant."""
_GIVEN_TOO = frozenset({"country", "capital", "city", "region", "person", "demonym"})


_TELLS_LITTLE = frozenset({"city", "outlet"})
"""Names that do not tell which country a text is about: large cities, and those who report it."""

_Span = tuple[int, int, list[Alias]]


class Gazetteer:
    """All the names, ready to be found. Use `Gazetteer.load()`; it is built once."""

    def __init__(self) -> None:
        self._aliases = aliases() | _cities()
        self._spellings = list(self._aliases)
        self._automaton = AhoCorasick(
            self._spellings, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )
        self._longest = max(map(len, self._spellings))

    @classmethod
    def load(cls) -> Gazetteer:
        """The one gazetteer of this process."""
        return _loaded()

    def find(self, text: str, on: date | None = None) -> list[Mention]:
        """The names in `text` in order, none overlapping, as they are to be read on a day (None: today's reading)."""
        context = Context(text)
        found = list(self._spans(context, 0, len(context.folded)))
        spelled = [a for *_, items in found for a in items if a.form != "support"]
        sure = [a.entry for a in spelled if a.entry.kind not in _TELLS_LITTLE]
        clues = _Clues(
            on,
            frozenset(e.country for e in sure if e.country),
            frozenset(
                (a.entry.country, context.folded[start:end])
                for start, end, items in found
                for a in items
                if a.entry.country
            ),
            frozenset(e.key for e in sure if e.kind == "person"),
        )
        mentions: list[Mention] = []
        for start, end, items in found:
            mention = _read(context, start, end, items, clues, mentions[-1].end if mentions else -9)
            if mention:
                mentions.append(mention)
        return mentions

    def _bounded(self, context: Context, index: int, start: int, end: int) -> _Span | None:
        """The match with what it may stand for, cut back to a word's end where it runs into a longer word."""
        folded = context.folded
        wordless = "\u2e80" <= folded[start] <= "\u9fff"
        arabic = "\u0620" <= folded[start] <= "\u06ff"
        glued = start and (folded[start - 1].isalnum() or folded[start - 1] in "@_")
        if glued and not wordless and not (arabic and folded[start - 1] in _ARABIC_PREFIXES):
            return None
        spelling = self._spellings[index]
        if not wordless and end < len(folded) and folded[end].isalnum() and folded[end - 1].isalnum():
            spelling = self._shorter(folded, start, end)
            end = start + len(spelling)
        if not spelling:
            return None
        items = [a for a in self._aliases[spelling] if _cased(context, a, start, end)]
        while not items and (spelling := self._shorter(folded, start, end)):  # "US steel" is no U.S. Steel, but US
            end = start + len(spelling)
            items = [a for a in self._aliases[spelling] if _cased(context, a, start, end)]
        return (start, end, items) if items else None

    def _spans(self, context: Context, begin: int, end: int) -> Iterator[_Span]:
        """The names that begin between two offsets, none overlapping, the longest of those that begin first.

        Where a match is refused or cut back, the words it leaves are read again, with those that follow it: "s africa"
        in "welcomes African Union" must not hide the union.
        """
        at = begin
        for index, first, last in self._automaton.find_matches_as_indexes(context.folded[begin : end + self._longest]):
            start, stop = begin + first, begin + last
            if start >= end:
                return
            span = self._bounded(context, index, start, stop) if start >= at else None
            if span:
                yield span
                at = span[1]
            if at >= stop or " " not in self._spellings[index]:
                continue
            word = context.folded.find(" ", max(at - 1, start), min(stop, end)) + 1
            for inner in self._spans(context, word, min(stop, end)) if word else ():
                yield inner
                at = inner[1]

    def _shorter(self, folded: str, start: int, end: int) -> str:
        """The longest shorter spelling that ends at a word's end; empty if there is none."""
        while (end := folded.rfind(" ", start + 1, end)) > start:
            if folded[start:end] in self._aliases:
                return folded[start:end]
        return ""


@dataclass(frozen=True, slots=True)
class _Clues:
    """What a whole text says about whom its short names mean: the day, the countries and the persons it names.

    `named` are countries with a spelling that may stand for each.
    """

    on: date | None
    countries: frozenset[str]
    named: frozenset[tuple[str, str]]
    persons: frozenset[str]


def _read(context: Context, start: int, end: int, items: list[Alias], clues: _Clues, known: int) -> Mention | None:
    """What one match means here, or None. `known` is where the mention before it ends."""
    folded = context.folded[start:end]
    sense = context.sense(folded, start, end, clues.named)
    if sense is not None:
        items = [a for a in items if _meant(a.entry, sense)]
    title = context.title(start)
    if " " not in folded and not title:
        if context.given(start) and any(a.entry.kind in _GIVEN_TOO for a in items):
            return None
        if context.stranger(start, known):
            items = [a for a in items if a.entry.kind != "person"]
        if folded in given_names() and context.forename(start, end):
            items = [a for a in items if a.form != "support"]
        if folded in common_words() and known < start - 3:
            items = [a for a in items if a.form != "support" or a.entry.key in clues.persons]
    items = [a for a in items if a.form != "support" or title or _supported(context, start, a, clues)]
    if not items:
        return None
    entry, held = _on(items, clues, title)
    if entry.kind == "none" or (entry.kind in _PLACES and context.surname_or_street(start, end)):
        return None
    if entry.kind == "person" and context.landmark(end):
        return None
    if entry.kind == "city" and _namesake(folded, entry, clues.countries):
        return None
    if entry.kind == "capital" and context.within(start) and not context.abroad and _second(folded, entry, clues):
        return None
    sector = entry.sector if held or entry.kind != "person" else None
    return Mention(start, end, context.text[start:end], entry.name, entry.country, sector, entry.kind, entry.key)


def _namesake(folded: str, city: Entry, countries: frozenset[str]) -> bool:
    """Whether a country that the text names has a town of a large city's name: Palma is in Mozambique, too."""
    if city.country in countries:
        return False
    a = atlas()
    return any(_iso3().get(a.country_of(other)) in countries for other in a.candidates(folded) if a.kind[other] == CITY)


def _second(folded: str, capital: Entry, clues: _Clues) -> bool:
    """Whether a country that the text names has a sizeable place of a foreign capital's name: Tripoli is in Lebanon.

    That place's own name begins so (Santiago de Cuba). What else names the capital's own country speaks against it.
    """
    if any(country == capital.country and other != folded for country, other in clues.named):
        return False
    a = atlas()
    places = a.candidates(folded)
    own = next((i for i in places if _iso3().get(a.country_of(i)) == capital.country), None)
    return own is not None and any(
        _iso3().get(a.country_of(i)) in clues.countries - {capital.country}
        and sizeable(a.people(i), a.country_of(i), a.people(own))
        and fold(a.name(i)).replace(" ", "").startswith(folded.replace(" ", ""))
        and abs(a.lat[i] - a.lat[own]) + abs(a.lon[i] - a.lon[own]) > _APART
        for i in places
    )


@cache
def _iso3() -> dict[str, str]:
    return {row["iso2"]: row["iso3"] for row in table("actors/countries")}


def _meant(entry: Entry, sense: str) -> bool:
    """Whether a sense's key is an entry's; a country's goes for its adjective, as in Spanish "china"."""
    kind = "country" if entry.kind == "demonym" and sense.startswith("country:") else entry.kind
    return sense in (entry.key, f"{kind}:{entry.country}")


def _supported(context: Context, start: int, item: Alias, clues: _Clues) -> bool:
    """Whether a text speaks for a surname without a title: by the full name, or an office holder's country.

    Whoever leads a country on the day of a text is known by surname alone beside the name of another country.
    """
    entry = item.entry
    if entry.key in clues.persons:
        return True
    if context.addressed(start):
        return False
    if clues.on is None:
        return entry.country in clues.countries
    known = clues.countries if entry.role in _LEADING else clues.countries & {entry.country}
    return bool(known) and entry.holds(clues.on)


def _cities() -> dict[str, tuple[Alias, ...]]:
    """The world's large cities by their main names, save those that are also words, given names or other actors."""
    a, found = atlas(), dict[str, tuple[Alias, ...]]()
    iso3 = _iso3()
    taken = aliases().keys() | common_words() | given_names() | town_words()
    for place in map(int, (a.population >= _LARGE).nonzero()[0]):
        name, country = a.name(place), a.country_of(place)
        folded = fold(name)
        american = country == "US" and a.people(place) < _LARGE_AMERICAN
        if a.kind[place] != CITY or folded in taken or american or country not in iso3:
            continue
        entry = Entry(f"geonames:{a.ids[place]}", name, iso3[country], None, "city")
        first, *others = [o for o in a.candidates(folded) if a.kind[o] == CITY]
        rivals = any(a.country_of(o) != country and 3 * a.people(o) > a.people(place) for o in others)
        if first == place and not rivals:
            found[folded] = (Alias(name, "name", entry),)
    return found


def _cased(context: Context, item: Alias, start: int, end: int) -> bool:
    """Whether a match is written as its spelling asks: capitals for names, all of them for acronyms."""
    entry, text = item.entry, context.text
    if entry.language == "es" and not context.spanish:
        return False
    if item.form == "plain":
        return True
    written = text[start:end]
    if item.form == "exact" and written != item.spelling:
        return False
    if item.form == "article" and context.folded[max(0, start - 4) : start] != "the ":
        return False
    if item.form in ("acronym", "support") and item.spelling.isupper() and any(c.islower() for c in written):
        return False
    if written.isupper() and context.folded[start:end] in common_words() and context.shape(start)[0]:
        return False
    first = next((i for i, c in enumerate(item.spelling) if c.isupper()), 0)
    return first < len(written) and not written[first].islower()


def _on(items: list[Alias], clues: _Clues, title: str) -> tuple[Entry, bool]:
    """Which entry a spelling stands for on a day, after a `title` if there is one, and whether it is valid then."""

    def rank(item: Alias) -> tuple[bool, bool, bool, bool, bool, int, date]:
        entry = item.entry
        valid = entry.holds(clues.on) if clues.on else entry.until is None
        return (
            entry.key in clues.persons,
            valid,
            bool(title) and title in entry.role,
            entry.country in clues.countries,
            item.form != "support",
            _LEADING.index(entry.role) if entry.role in _LEADING else -1,
            entry.until or date.max,
        )

    best = max(items, key=rank).entry
    return best, clues.on is None or best.holds(clues.on)


@cache
def _loaded() -> Gazetteer:
    """The shipped gazetteer, loaded once and set apart from garbage collection.

    Its 160,000 objects live as long as the process; a full collection walking them takes longer than coding an article.
    """
    shipped = Gazetteer()
    gc.collect()
    gc.freeze()
    return shipped
