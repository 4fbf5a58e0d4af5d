"""From the words of a noun phrase to the actor they name: country, PLOVER sector and name.

Sectors by title and common noun are `data/actors/sectors.tsv`; what each sector covers is in `docs/coding-guide.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from tocsin.code.gazetteer import Mention
from tocsin.code.names import fold, table
from tocsin.records import Actor

_TOKEN = re.compile(r"[^\W_](?:[\w.&-]|'(?!s\b))*|'s\b")
_PARTS = frozenset([
    "in", "at", "near", "from", "to", "with", "against", "over", "on", "by", "who", "whom", "that",
    "which", "after", "before", "during", "across", "inside", "outside", "as", "amid", "under",
    "including", "en", "contra", "con", "por", "sobre", "ante", "desde",
])  # fmt: skip
"""Words that begin a part of a phrase which does not say who is meant ("of" and "for" do)."""
_BARE = frozenset(["the", "a", "an", "and", "or", "y", "e", "el", "la", "los", "las", "both", "meanwhile"])
_SIDES = frozenset([
    "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central",
    "northeastern", "northwestern", "southeastern", "southwestern",
])  # fmt: skip
_MODIFIER = re.compile(
    r"-(?:backed|led|born|made|based|run|controlled|occupied|held|supported|funded|aligned|allied|linked|sponsored|"
    r"trained|friendly|supplied|brokered|mediated|imposed|annexed|administered|speaking|dominated|majority|appointed|"
    r"installed|owned|flagged|bound|besieged|ruled|built|language|style|era|proposed|drafted|origin|designated|claimed)\b",
    re.IGNORECASE,
)
"""What makes a name in a compound ("Iran-backed rebels") tell nothing of whose they are."""
_OUT_OF_OFFICE = re.compile(
    r"\b(?:former|ex|late|then|ousted|deposed|onetime|erstwhile|one-time|ex-?presidente)[ -]", re.IGNORECASE
)
_ARTICLE = re.compile(r"^(?:the|a|an|el|la|los|las|un|una)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """Sector words in a phrase: the index of their first token, the sector, whether they decide."""

    first: int
    sector: str | None
    strong: bool


@cache
def _lexicon() -> dict[str, tuple[str | None, bool]]:
    return {fold(r["words"]): (r["sector"] or None, r["strength"] == "strong") for r in table("actors/sectors")}


@cache
def _longest() -> dict[str, int]:
    """How many words the longest entry of the lexicon has, by the first of several."""
    found: dict[str, int] = {}
    for words in (phrase.split(" ") for phrase in _lexicon()):
        if len(words) > 1:
            found[words[0]] = max(len(words), found.get(words[0], 0))
    return found


@lru_cache(maxsize=50_000)
def _lookup(phrase: str) -> tuple[str | None, bool] | None:
    """The lexicon's answer for words, also in their singular."""
    lexicon = _lexicon()
    for form in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es"), phrase.removesuffix("ies") + "y"):
        if form in lexicon:
            return lexicon[form]
    return None


def _matches(words: Sequence[str]) -> list[_Found]:
    found, i = [], 0
    while i < len(words):
        for size in range(min(_longest().get(words[i], 1), len(words) - i), 0, -1):
            answer = _lookup(" ".join(words[i : i + size]))
            if answer:
                found.append(_Found(i, *answer))
                i += size
                break
        else:
            i += 1
    return found


def sector_of(words: Sequence[str]) -> str | None:
    """The PLOVER sector that titles and common nouns tell: `["fighter", "pilots"]` is MIL; None where they do not.

    The last deciding word before a preposition wins (the head of an English noun phrase), then those after "of".
    """
    found = _sector([fold(w) for w in words])
    return found.sector if found else None


def _sector(words: Sequence[str]) -> _Found | None:
    """The sector words that decide in a folded phrase: of its first part that has strong ones, the last."""
    matches = _matches(words)
    ends = [i for i, word in enumerate(words) if word in _PARTS or word == "of"] + [len(words)]
    for begin, end in pairwise([0, *ends]):
        strong = [m for m in matches if m.strong and begin <= m.first < end]
        if strong:
            return strong[-1]
    return matches[0] if matches else None


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase, the names in it, and its folded words outside them with their places.

    At `head_end` begins its first prepositional part (not "of" and "for", which name the whole).
    """

    text: str
    start: int
    mentions: list[Mention]
    words: list[tuple[str, int]]
    head_end: int

    @classmethod
    def of(cls, text: str, start: int, mentions: list[Mention]) -> _Phrase:
        tokens = ((fold(t[0]), t.start()) for t in _TOKEN.finditer(text))
        words = [(w, at) for w, at in tokens if not any(m.start <= start + at < m.end for m in mentions)]
        cut = next((at for word, at in words if at and word in _PARTS), len(text))
        return cls(text, start, mentions, words, start + cut)

    def unnamed(self) -> list[str]:
        """The folded words outside the names, without articles, conjunctions and possessives."""
        return [w for w, _ in self.words if w != "'s" and w not in _BARE]

    def after(self, mention: Mention) -> list[str]:
        """The folded words after a name."""
        tokens = (fold(t[0]) for t in _TOKEN.finditer(self.text, mention.end - self.start))
        return [w for w in tokens if w != "'s"]

    def naming(self) -> Mention | None:
        """The mention that says who the phrase is about: the last of the head, else the first after it."""
        able = [m for m in self.mentions if not self._modifies(m)]
        head = [m for m in able if m.start < self.head_end]
        return _prevailing(head, self.text, self.start) if head else (able[0] if able else None)

    def _modifies(self, mention: Mention) -> bool:
        """Whether a name is only part of a compound such as "Iran-backed"."""
        return _MODIFIER.match(self.text, mention.end - self.start) is not None


def _prevailing(head: list[Mention], text: str, start: int) -> Mention:
    """Of the names in a head, the one it is about: "U.S. ally Israel" Israel, "Russia's invasion of Ukraine" Russia."""
    last = head[-1]
    if len(head) == 1 or last.kind != "person":
        of = re.compile(r"\bof\b")
        for one, two in pairwise(head):
            if two.kind != "person" and of.search(text, one.end - start, two.start - start):
                return one
        return last
    return head[-2] if last.country is None and head[-2].kind == "org" else last


def actor(
    phrase: str, start: int, mentions: Sequence[Mention], on: date | None = None, outlets: bool = False
) -> Actor | None:
    """Who a noun phrase names, or None where it names nobody political.

    `start` is the phrase's offset in the text, `mentions` the text's (or at least the phrase's) names as found for
    the day `on`. The actor's `name` is the name itself where the phrase is little more, else the phrase. A news outlet
    or social network is nobody unless `outlets` count: most texts name it because it reports.
    """
    end = start + len(phrase)
    inside = [m for m in mentions if start <= m.start and m.end <= end]
    part = _Phrase.of(phrase, start, [m for m in inside if outlets or m.kind != "outlet"])
    naming = part.naming()
    words = part.unnamed()
    found = _sector(words)
    label = _ARTICLE.sub("", phrase.strip()) or phrase
    if naming is None:
        if found is None or not found.strong or found.sector is None:
            return None
        return Actor(name=label, sector=found.sector, start=start, end=end)
    name = naming.name if naming.kind in {"person", "org", "group", "outlet"} or not words else label
    sector = _sector_in(part, naming, found, words, dated=on is not None)
    return Actor(name=name, country=naming.country, sector=sector, start=start, end=end)


def _sector_in(part: _Phrase, naming: Mention, found: _Found | None, words: Sequence[str], dated: bool) -> str | None:
    """The sector of the part of `naming` that a phrase is about; `found` are the sector words beside the name.

    Without a date a title in the text is worth more than the office that the person held last.
    """
    own, strong = naming.sector, found.sector if found and found.strong else None
    if _OUT_OF_OFFICE.search(part.text) and (naming.kind == "person" or strong in {"GOV", "MIL"}):
        return None
    if naming.kind in {"group", "outlet"} or (own in {"IGO", "NGO"} and naming.country is None):
        return own
    if naming.kind == "person":
        after = _sector(part.after(naming))
        if after and after.strong:
            return after.sector
        return own or strong if dated else strong or own
    if found and (strong or not own):
        return found.sector
    return own or _bare(part, naming, words)


def _bare(part: _Phrase, naming: Mention, words: Sequence[str]) -> str | None:
    """The sector of a country, people or place named without any sector word."""
    if naming.kind == "demonym":
        several = naming.text.endswith("s") and not part.text.lower().startswith("the ")
        return "CVL" if several and not words else None
    acts = naming.kind == "country" or naming.key.startswith("places/us:")
    return "GOV" if acts and naming.start < part.head_end and not _SIDES.intersection(words) else None
