"""Where: the places that a text names, resolved to GeoNames with coordinates.

Countries, seas and regions come from the gazetteer's mentions; towns and subdivisions from `tocsin.code.geonames`,
looked up by capitalised words. A name that several places share is decided for all names of a text together
(`tocsin.code.toponyms`): by size, by what stands after a comma, and by what else the text names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, MatchKind

from tocsin.code.ambiguity import Context, given_names, town_words
from tocsin.code.gazetteer import Mention
from tocsin.code.geonames import Atlas, atlas
from tocsin.code.names import fold, split, table
from tocsin.code.toponyms import Candidate, Toponym, resolve
from tocsin.records import Place

GEOGRAPHIC = frozenset(["country", "capital", "city", "region", "sea", "strait"])
_WORD = re.compile(r"[^\W\d_](?:[\w'’.-]*\w)?\.?|[\u4e00-\u9fff]+")
_INNER = frozenset([
    "de", "del", "di", "da", "do", "dos", "das", "la", "las", "los", "el", "le", "les", "al", "of", "the",
    "upon", "on", "in", "am", "an", "der", "den", "und", "y", "e", "sur", "en", "aux", "du",
])  # fmt: skip
_NOT_AFTER = frozenset(["inc", "corp", "ltd", "llc", "jr", "sr"])
_AT = frozenset([
    "in", "at", "near", "from", "to", "outside", "of", "around", "between", "toward", "towards", "across",
    "over", "through", "into", "leaving", "reach", "reached", "en", "desde", "hacia", "cerca", "a",
    "nearby", "and", "or", "north", "south", "east", "west", "northern", "southern", "eastern", "western",
    "central",
])  # fmt: skip
_AREA = re.compile(r"county|township|creek|river|parish|heights|beach|,|^(?:new|fort|port|mount|lake) ")
_LONGEST = 5
_SMALL = 15_000  # people, from which a name without any cue counts
_CAPITAL = 4e7  # what a capital weighs as one, in people


@dataclass(frozen=True, slots=True)
class Located:
    """A place named in a text from `start` to `end`."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class _Country:
    iso2: str
    name: str
    lat: float
    lon: float
    geonames_id: int


@cache
def _countries() -> dict[str, _Country]:
    return {
        r["iso3"]: _Country(r["iso2"], r["name"], float(r["lat"]), float(r["lon"]), int(r["geonames_id"]))
        for r in table("actors/countries")
    }


@cache
def _iso3() -> dict[str, str]:
    return {c.iso2: iso3 for iso3, c in _countries().items()}


@cache
def _abbreviations() -> dict[str, str]:
    return {r["name"]: r["code"] for r in table("places/abbreviations")}


@cache
def _hidden() -> AhoCorasick:
    """The phrases that hold a place's name without meaning it, "Paris Hilton"; counties and such are places."""
    names = {fold(n) for r in table("actors/not_actors") for n in (r["name"], *split(r["aliases"]))}
    return AhoCorasick(sorted(n for n in names if " " in n and not _AREA.search(n)), MatchKind.LeftmostLongest)


@cache
def _waters() -> dict[str, Candidate]:
    """Seas, straits and regions with a point, by the key of their gazetteer entry."""
    found = {}
    for name in ("waters", "regions"):
        for r in table(f"places/{name}"):
            if r["lat"]:
                number = int(r["geonames_id"]) if r["geonames_id"] else None
                country = _countries()[r["iso3"]].iso2 if r["iso3"] else ""
                point = float(r["lat"]), float(r["lon"])
                found[f"places/{name}:{r['name'].lstrip('=~')}"] = Candidate(
                    r["name"].lstrip("=~"), r["kind"], country, "", *point, 1e7, number, True
                )
    return found


class Places:
    """Finds and resolves places. Use `Places.load()`; the atlas behind it is read once."""

    def __init__(self) -> None:
        self._atlas: Atlas = atlas()
        self._codes = {code: i for i, code in enumerate(self._atlas.regions)}

    @classmethod
    def load(cls) -> Places:
        """The one of this process."""
        return _loaded()

    def find(self, text: str, mentions: Sequence[Mention], context: Collection[str] = ()) -> list[Located]:
        """The places that `text` names, in order.

        `mentions` are the gazetteer's of the same text. `context` are ISO3 codes of countries, or GeoNames codes of
        subdivisions such as `US.KY`, that the text is likely to be about (those of its outlet, or of its article).
        """
        toponyms = list(self._toponyms(text, mentions))
        iso2 = {_countries()[c].iso2 for c in context if c in _countries()} | {c for c in context if "." in c}
        near = {_countries()[m.country].iso2 for m in mentions if m.country and m.kind == "demonym"}
        chosen = resolve(text, toponyms, iso2, near)
        return [Located(t.start, t.end, _place(c)) for t, c in chosen if not t.silent]

    def _toponyms(self, text: str, mentions: Sequence[Mention]) -> Iterator[Toponym]:
        """Every span that may name a place, with its candidates."""
        context = Context(text)
        hidden = [span[1:] for span in _hidden().find_matches_as_indexes(context.folded)]
        at = 0
        for mention in [*mentions, None]:
            end = mention.start if mention else len(text)
            for toponym in self._spans(context, at, end):
                if not any(start <= toponym.start < stop for start, stop in hidden):
                    yield toponym
            if mention is None:
                return
            at = max(at, mention.end)
            if mention.kind in GEOGRAPHIC:
                candidates = self._of(mention, context)
                if candidates:
                    yield Toponym(mention.start, mention.end, tuple(candidates), True)

    def _of(self, mention: Mention, context: Context) -> list[Candidate]:
        """What a mention may be: the place it names, and others of that name."""
        if mention.key in _waters():
            return [_waters()[mention.key]]
        folded = fold(mention.text)
        others = [self._candidate(i, folded) for i in self._atlas.candidates(folded)]
        if mention.kind == "country" and mention.country:
            c = _countries()[mention.country]
            return [Candidate(c.name, "country", c.iso2, "", c.lat, c.lon, 1e8, c.geonames_id, True), *others]
        home = _countries()[mention.country].iso2 if mention.country else ""
        if mention.kind == "capital" and folded not in {fold(o.name) for o in others if o.country == home}:
            others += [self._candidate(i, fold(mention.name)) for i in self._atlas.candidates(fold(mention.name))]
        at_home = [o for o in others if o.country == home and o.kind == "city"]
        if mention.kind == "capital" and at_home:
            capital = max(at_home, key=lambda o: o.weight)
            others = [o._replace(weight=max(o.weight, _CAPITAL)) if o is capital else o for o in others]
        return others

    def _candidate(self, place: int, folded: str) -> Candidate:
        a = self._atlas
        name = a.name(place)
        return Candidate(
            name, ("city", "region", "district")[int(a.kind[place])], a.country_of(place), a.region_of(place),
            float(a.lat[place]), float(a.lon[place]), a.people(place), int(a.ids[place]), fold(name) == folded,
        )  # fmt: skip

    def _spans(self, context: Context, start: int, end: int) -> Iterator[Toponym]:
        """Capitalised words between two mentions that are the name of some place, the longest first."""
        words = list(_WORD.finditer(context.text, start, end))
        i = 0
        while i < len(words):
            taken = 1
            if "\u4e00" <= words[i][0][0] <= "\u9fff":
                yield from self._han(words[i])
            elif not words[i][0][0].islower():
                for size in range(_longest(words, i), 0, -1):
                    toponym = self._named(context, words[i : i + size])
                    if toponym:
                        taken = size
                        if toponym.candidates:
                            yield toponym
                        break
            i += taken

    def _han(self, run: re.Match[str]) -> Iterator[Toponym]:
        """The names in a run of Chinese characters, which has no word boundaries; only names of two or more."""
        text, i = run[0], 0
        while i < len(text) - 1:
            size = next((n for n in range(min(8, len(text) - i), 1, -1) if text[i : i + n] in self._atlas.first), 0)
            if size:
                name, at = text[i : i + size], run.start() + i
                candidates = [self._candidate(c, name)._replace(main=True) for c in self._atlas.candidates(name)]
                yield Toponym(at, at + size, tuple(candidates), size > 2)
            i += size or 1

    def _named(self, context: Context, words: list[re.Match[str]]) -> Toponym | None:
        """The toponym of a run of words, if they are one; one without candidates is a name of something else."""
        start, end = words[0].start(), words[-1].end()
        text = context.text
        if words[-1][0][0].islower():
            return None
        after_comma = text[max(0, start - 2) : start] in {", ", "s,"} or text[max(0, start - 1) : start] == "("
        if len(words) == 1 and words[0][0] in _abbreviations() and after_comma:
            return Toponym(start, end, (self._state(_abbreviations()[words[0][0]]),), True)
        written = text[start:end].rstrip(".") if not text[start:end].rstrip(".").endswith(".") else text[start:end]
        written = written.removesuffix("'s").removesuffix("’s")
        folded = fold(written)
        candidates = [self._candidate(i, folded) for i in self._atlas.candidates(folded)]
        if not candidates:
            return None
        sure = self._credible(context, start, start + len(written), folded, candidates)
        home = context.within(start) and not context.abroad
        found = tuple(candidates) if sure is not None else ()
        return Toponym(start, start + len(written), found, bool(sure), home=home)

    def _state(self, code: str) -> Candidate:
        a = self._atlas
        wanted = self._codes[code]
        places = [i for i in (a.region == wanted).nonzero()[0] if a.kind[i] == 1]
        return self._candidate(int(places[0]), fold(a.name(int(places[0]))))

    def _credible(
        self, context: Context, start: int, end: int, folded: str, candidates: list[Candidate]
    ) -> bool | None:
        """Whether a capitalised word is a place: True surely, False only with support, None not at all."""
        before, comma = context.before(start)
        after = fold(context.after(end)).rstrip(".")
        low = fold(before)
        if (
            context.surname_or_street(start, end)
            or after in _NOT_AFTER
            or (not comma and context.given(start))
            or context.titled(start)
        ):
            return None
        cued = low in _AT and not comma
        biggest = max(c.weight for c in candidates)
        if " " not in folded:
            if not cued and context.forename(start, end) and biggest < 10 * _SMALL:
                return None
            if folded in given_names() and context.after(end)[:1].isupper() and not context.shape(start)[1]:
                return None
            if context.within(start) and folded in given_names() and biggest >= 10 * _SMALL:
                return True
            if folded in town_words() or folded in given_names():
                return False if cued and context.text[start].isupper() else None
            if not before or start == context.sentence(start)[0]:
                return biggest >= _SMALL
        if cued:
            return True
        if before[:1].isupper() and not comma and not context.shape(start)[1] and start != context.sentence(start)[0]:
            return biggest >= 10 * _SMALL
        return biggest >= _SMALL


def _longest(words: Sequence[re.Match[str]], first: int) -> int:
    """How many words from the first one on may make one name: close together, capitalised or as in "Rio de Janeiro"."""
    size = 1
    for before, word in pairwise(words[first : first + _LONGEST]):
        if word.start() - before.end() > 1 or (word[0][0].islower() and word[0].lower() not in _INNER):
            break
        size += 1
    return size


def _place(c: Candidate) -> Place:
    return Place(
        name=c.name,
        country=_iso3().get(c.country),
        lat=round(c.lat, 4),
        lon=round(c.lon, 4),
        geonames_id=c.geonames_id,
        precision="region" if c.kind == "district" else c.kind,
    )


@cache
def _loaded() -> Places:
    return Places()
