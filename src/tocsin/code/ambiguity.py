"""What a name means here: evidence from the words around it and from the rest of the text.

Some names are also people (Jordan, Chad), goods (china, turkey), pronouns (us) or other places (Georgia, Washington).
`data/actors/senses.tsv` lists their senses with the words that speak for each; this module weighs them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property

from tocsin import data
from tocsin.code.names import fold, split, table

_WORD = re.compile(r"[^\W\d_][\w'.-]*[\w]|[^\W\d_]")
_SENTENCE = re.compile(r"[.!?]['\")\]]*\s+(?=[\"'(\[]*[^\W\d_a-z])|\n+")
_SPANISH = re.compile(r"\b(?:el|la|los|las|del|que|una|por|con|para|su|al|se|en|de|y)\b")
_AFTER = re.compile(r"(?:'s)?[ ]+([\w'.-]+)")
_NEXT = re.compile(r" ([\w'.-]+)")
_TITLES = frozenset([
    "president", "president-elect", "premier", "minister", "chancellor", "secretary", "chief", "leader",
    "king", "queen", "prince", "sultan", "emir", "general", "gen", "admiral", "adm", "colonel", "col",
    "captain", "capt", "pm", "fm", "ambassador", "envoy",
    "taoiseach", "ayatollah", "commander", "chairman", "chairwoman", "chair", "spokesman", "spokeswoman",
    "spokesperson", "sen", "senator", "rep", "congressman", "congresswoman", "speaker", "governor", "gov",
    "mayor", "justice", "judge", "director", "pope", "vice-president", "presidente", "presidenta",
    "ministro", "ministra", "canciller", "comandante", "head", "boss", "czar", "sheikh", "administrator",
    "commissioner", "marshal", "adviser", "advisor", "candidate", "strongman", "ruler", "mullah", "imam",
    "princess", "deputy", "counterpart", "successor", "predecessor",
])  # fmt: skip
_ENOUGH = 20_000  # characters that tell what a text is about
_ADDRESS = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "prof", "judge", "officer", "sgt", "lt", "coach", "detective", "deputy", "det"]
)
ROADS = frozenset([
    "street", "st", "road", "rd", "avenue", "ave", "drive", "dr", "lane", "blvd", "boulevard", "court", "ct",
    "highway", "hwy", "circle", "route", "rte", "pike", "way", "terrace", "plaza",
])  # fmt: skip
"""What follows the name of a place in the name of a street."""
_LANDMARKS = ROADS | frozenset([
    "beach", "bridge", "stadium", "airport", "park", "square", "river", "lake", "mountain", "hospital", "university",
    "college", "school", "museum", "prize", "award", "cup", "island", "islands", "bay", "tower", "centre", "center",
])  # fmt: skip
"""What follows a person's name in the name of something else."""
_OF_PLACES = _LANDMARKS | frozenset([
    "province", "region", "county", "district", "state", "governorate", "oblast", "prefecture", "department", "port",
    "valley", "city", "town", "township", "village", "municipality", "parish", "canton",
    "peninsula", "reef", "shoal", "strait", "gulf", "desert", "mountains", "hills", "heights", "camp", "base", "dam",
    "plant", "prison", "border", "crossing", "metro", "area", "police", "army", "council", "mayor", "governor",
])  # fmt: skip
"""What follows the name of a place in a name that has it in front ("Idlib Province", "Lagos State")."""
_WITHIN = frozenset(["in", "near", "outside"])
_ABROAD = frozenset([
    "visit", "visits", "visited", "visiting", "trip", "tour", "talks", "summit", "meet", "meets", "met", "meeting",
    "counterpart", "counterparts", "bilateral", "arrive", "arrives", "arrived", "flies", "flew", "embassy", "consulate",
    "ambassador", "envoy", "envoys", "diplomat", "diplomats", "mission", "exile", "abroad", "condemns", "condemned",
    "urges", "urged", "calls", "called",
])  # fmt: skip
"""Words of a text whose places may well lie outside the country that it names."""
NEAR = 5
"""How many words on either side count as beside a name; they weigh twice."""


@cache
def given_names() -> frozenset[str]:
    """Names that people are given, folded."""
    lines = data.text("actors/given_names.txt").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


@cache
def common_words() -> frozenset[str]:
    """English words that are also acronyms or surnames; in capitals they are taken for words."""
    return frozenset(w for line in data.text("actors/words.txt").splitlines() if line[:1] != "#" for w in line.split())


@cache
def town_words() -> frozenset[str]:
    """Town names, folded, that are also words or surnames."""
    lines = data.text("places/words.txt").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of an ambiguous name: `key` of the entry (`none`: nobody), its cues, its weight without any.

    `named` are ISO3 codes of countries that speak for it where the text names them.
    """

    key: str
    prior: float
    before: frozenset[str]
    after: frozenset[str]
    anywhere: frozenset[str]
    phrases: tuple[str, ...]
    named: frozenset[str]

    def near(self, nearest: str, following: str, beside: frozenset[str]) -> float:
        """How much speaks for this sense in the words right before and after and those beside the name."""
        return 2 * len(self.anywhere & beside) + 3 * (nearest in self.before) + 3 * (following in self.after)

    def far(self, words: frozenset[str], text: str, countries: frozenset[str]) -> float:
        """How much speaks for this sense in the whole of a text, with its weight without any evidence."""
        cues = len(self.anywhere & words) + sum(phrase in text for phrase in self.phrases)
        return self.prior + cues + bool(self.named & countries)


@cache
def senses() -> dict[str, tuple[Sense, ...]]:
    """The senses of each ambiguous name, by its folded spelling."""
    found: dict[str, list[Sense]] = {}
    for row in table("actors/senses"):
        named = frozenset(c for c in split(row["anywhere"]) if len(c) == 3 and c.isupper())
        before, after, anywhere = (
            [fold(c) for c in split(row[col]) if c not in named] for col in ("before", "after", "anywhere")
        )
        phrases = tuple(c for c in anywhere if " " in c)
        single = frozenset(anywhere) - set(phrases)
        sense = Sense(row["key"], float(row["prior"]), frozenset(before), frozenset(after), single, phrases, named)
        found.setdefault(fold(row["name"]), []).append(sense)
    return {name: tuple(items) for name, items in found.items()}


class Context:
    """A text as its names are read in it; everything costly is worked out once and only when asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self._shape: dict[int, tuple[bool, bool]] = {}
        self._far: dict[str, tuple[float, ...]] = {}

    @cached_property
    def spanish(self) -> bool:
        """Whether Spanish small words are frequent enough to read Spanish adjectives."""
        sample = self.folded[:2000]
        return 6 * len(_SPANISH.findall(sample)) > len(sample.split())

    @cached_property
    def words(self) -> frozenset[str]:
        """All the words of the text, folded; enough of a long text to tell what it is about."""
        return frozenset(_WORD.findall(self.folded[:_ENOUGH]))

    def within(self, start: int) -> bool:
        """Whether what is named at an offset is where something is or happens ("in Tripoli")."""
        word, comma = self.before(start)
        return not comma and fold(word) in _WITHIN

    @cached_property
    def abroad(self) -> bool:
        """Whether the text tells of somebody who travels, represents or speaks to other countries."""
        return not self.words.isdisjoint(_ABROAD)

    @cached_property
    def _breaks(self) -> list[int]:
        return [0, *(m.end() for m in _SENTENCE.finditer(self.text)), len(self.text)]

    def sentence(self, at: int) -> tuple[int, int]:
        """The bounds of the sentence around an offset."""
        i = bisect_right(self._breaks, at)
        return self._breaks[i - 1], self._breaks[min(i, len(self._breaks) - 1)]

    def shape(self, at: int) -> tuple[bool, bool]:
        """Whether the sentence around an offset is (in capitals, in title case), where case tells little."""
        start, end = self.sentence(at)
        if start not in self._shape:
            words = [w for w in _WORD.findall(self.text[start:end]) if len(w) > 3]
            upper = sum(w.isupper() for w in words)
            capital = sum(w[0].isupper() for w in words)
            many = len(words) > 2
            self._shape[start] = (many and upper > 0.7 * len(words), many and capital > 0.7 * len(words))
        return self._shape[start]

    def before(self, start: int) -> tuple[str, bool]:
        """The word before an offset as written, and whether a comma parts it off."""
        left = self.text[max(0, start - 40) : start]
        word = left.rstrip(" ,")
        if len(word) == len(left):
            return "", False
        return word[word.rfind(" ") + 1 :].lstrip("\"'(["), "," in left[len(word) :]

    def after(self, end: int) -> str:
        """The word after an offset as written, past a possessive."""
        found = _AFTER.match(self.text, end, end + 40)
        return found[1] if found else ""

    def title(self, start: int) -> str:
        """The office or form of address that stands right before an offset, folded; empty where none does."""
        word, comma = self.before(start)
        told = fold(word).rstrip(".")
        return told if not comma and told in _TITLES else ""

    def titled(self, start: int) -> bool:
        """Whether an office or form of address stands right before an offset."""
        return bool(self.title(start))

    def given(self, start: int) -> bool:
        """Whether the word before an offset is somebody's given name, so that what follows is a surname."""
        word, comma = self.before(start)
        return not comma and word[:1].isupper() and fold(word) in given_names()

    def surname_or_street(self, start: int, end: int) -> bool:
        """Whether a place's name is here somebody's ("Mr Washington") or a street's ("Oxford Street")."""
        following = self.after(end)
        return self.addressed(start) or (following[:1].isupper() and fold(following).rstrip(".") in ROADS)

    def landmark(self, end: int) -> bool:
        """Whether a name is part of that of a beach, a stadium or a prize ("Bondi Beach")."""
        following = self.after(end)
        possessive = self.text[end : end + 2] in ("'s", "’s")
        return not possessive and following[:1].isupper() and fold(following).rstrip(".") in _LANDMARKS

    def forename(self, start: int, end: int) -> bool:
        """Whether a word is, by the look of it, the first of somebody's name: another follows, no place or title."""
        word = self.following(end)
        return word[:1].isupper() and not self.shape(start)[1] and fold(word).rstrip(".") not in _OF_PLACES

    def following(self, end: int) -> str:
        """The word that follows an offset after nothing but a space, as written."""
        found = _NEXT.match(self.text, end, end + 40)
        return found[1] if found else ""

    def addressed(self, start: int) -> bool:
        """Whether a form of address stands right before an offset, as before private persons."""
        word, comma = self.before(start)
        return not comma and fold(word).rstrip(".") in _ADDRESS

    def stranger(self, start: int, known: int) -> bool:
        """Whether another capitalised word stands right before a surname: somebody else's first name, it seems.

        `known` is where the name found before this one ends; in a headline in title case this tells nothing.
        """
        word, comma = self.before(start)
        free = comma or not word[:1].isupper() or known >= start - 3 or word.endswith("'s") or self.shape(start)[1]
        return not free and start - len(word) - 1 > self.sentence(start)[0]

    def sense(self, spelling: str, start: int, end: int, named: frozenset[tuple[str, str]]) -> str | None:
        """The key of the likeliest sense of an ambiguous name here; None where it is not ambiguous.

        `named` are the countries that the text names, each with a spelling: a name is no evidence for itself.
        """
        options = senses().get(spelling)
        if not options:
            return None
        left = frozenset(_WORD.findall(self.folded[max(0, start - 60) : start])[-NEAR:])
        right = frozenset(_WORD.findall(self.folded[end : end + 60])[:NEAR])
        nearest, following = fold(self.before(start)[0]), fold(self.after(end))

        if spelling not in self._far:
            head = self.folded[:_ENOUGH]
            countries = frozenset(country for country, other in named if other != spelling)
            self._far[spelling] = tuple(option.far(self.words, head, countries) for option in options)
        weights = [
            option.near(nearest, following, left | right) + far
            for option, far in zip(options, self._far[spelling], strict=True)
        ]
        return options[weights.index(max(weights))].key
