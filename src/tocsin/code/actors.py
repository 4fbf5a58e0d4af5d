"""From the words of a noun phrase to the actor they name: country, PLOVER sector and name.

Sectors by title and common noun are `data/actors/sectors.tsv`; what each sector covers is in `docs/coding-guide.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from tocsin.code.gazetteer import Mention
from tocsin.code.names import fold, table
from tocsin.records import Actor

_TOKEN = re.compile(r"[^\W_](?:[\w.&-]|'(?!s\b))*|'s\b")
_JOINS = frozenset(["of", "for", "de", "del", "the", "a", "an", "la", "las", "los", "el", "'s"])
_PARTS = frozenset(
    "in at near from to with against over on by who whom that which after before during across inside outside as "
    "en contra con por sobre ante desde who's including amid under".split()
)
_MODIFIER = re.compile(
    r"-(?:backed|led|born|made|based|run|controlled|occupied|held|supported|funded|aligned|allied|linked|sponsored|"
    r"trained|friendly|supplied|brokered|mediated|imposed|annexed|administered|speaking|dominated|majority|appointed|"
    r"installed|owned|flagged|bound|besieged|ruled|built|language|style|era|proposed|drafted|origin|designated|claimed)\b",
    re.IGNORECASE,
)
_OUT_OF_OFFICE = re.compile(
    r"\b(?:former|ex|late|then|ousted|deposed|exiled|jailed|onetime|erstwhile|one-time)[ -]", re.I
)
_ARTICLE = re.compile(r"^(?:the|a|an|el|la|los|las|un|una)\s+", re.IGNORECASE)
_LONGEST = 5


@dataclass(frozen=True, slots=True)
class _Found:
    """Sector words at a place in a phrase: the index of the last token, the sector, whether they decide."""

    last: int
    sector: str | None
    strong: bool


@cache
def _lexicon() -> dict[str, tuple[str | None, bool]]:
    return {fold(r["words"]): (r["sector"] or None, r["strength"] == "strong") for r in table("actors/sectors")}


def _lookup(words: Sequence[str]) -> tuple[str | None, bool] | None:
    """The lexicon's answer for words, also in their singular."""
    lexicon, phrase = _lexicon(), " ".join(words)
    for form in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es"), phrase.removesuffix("ies") + "y"):
        if form in lexicon:
            return lexicon[form]
    return None


def _matches(words: Sequence[str]) -> list[_Found]:
    found, i = [], 0
    while i < len(words):
        for size in range(min(_LONGEST, len(words) - i), 0, -1):
            answer = _lookup(words[i : i + size])
            if answer:
                found.append(_Found(i + size - 1, *answer))
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
    segments: list[tuple[int, int]] = []
    begin = 0
    for i, word in enumerate([*words, "in"]):
        if word in _PARTS or word == "of":
            segments.append((begin, i))
            begin = i + 1
    matches = _matches(words)
    if matches and not matches[0].strong and len(matches) == 1:
        return matches[0]
    for begin, end in segments:
        inside = [m for m in matches if begin <= m.last and m.last < end or _spans(m, begin, end)]
        strong = [m for m in inside if m.strong]
        if strong:
            return strong[-1]
    return matches[0] if matches else None


def _spans(match: _Found, begin: int, end: int) -> bool:
    return match.last == end


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase with the names in it, parted into its head and what follows a preposition."""

    text: str
    start: int
    mentions: list[Mention]

    @property
    def head_end(self) -> int:
        """The offset at which the first prepositional part begins (not "of" and "for", which name the whole)."""
        for found in _TOKEN.finditer(self.text):
            if found.start() and fold(found[0]) in _PARTS and not self._inside(found.start()):
                return self.start + found.start()
        return self.start + len(self.text)

    def _inside(self, offset: int) -> bool:
        return any(m.start <= self.start + offset < m.end for m in self.mentions)

    def naming(self) -> Mention | None:
        """The mention that says who the phrase is about: the last of the head, else the first after it."""
        able = [m for m in self.mentions if not self._modifies(m)]
        head = [m for m in able if m.start < self.head_end]
        return _prevailing(head, self.text, self.start) if head else (able[0] if able else None)

    def _modifies(self, mention: Mention) -> bool:
        """Whether a name is only part of a compound such as "Iran-backed"."""
        return _MODIFIER.match(self.text, mention.end - self.start) is not None


def _prevailing(head: list[Mention], text: str, start: int) -> Mention:
    """Of the names in a head, the one it is about: "U.S. ally Israel" Israel, "president of Chad" Chad."""
    persons = [m for m in head if m.kind == "person"]
    if persons and persons[-1] is head[-1] and len(head) > 1 and persons[-1].country is None:
        return head[-2] if head[-2].kind == "org" else persons[-1]
    return head[-1]


def actor(phrase: str, start: int, mentions: Sequence[Mention], on: date | None = None) -> Actor | None:
    """Who a noun phrase names, or None where it names nobody political.

    `start` is the phrase's offset in the text, `mentions` the text's (or at least the phrase's) names as found for
    the day `on`. The actor's `name` is the name itself where the phrase is little more, else the phrase.
    """
    end = start + len(phrase)
    part = _Phrase(phrase, start, [m for m in mentions if start <= m.start and m.end <= end and m.kind != "outlet"])
    naming = part.naming()
    words = [fold(t) for t in _unnamed(part)]
    found = _sector(words)
    label = _ARTICLE.sub("", phrase.strip()) or phrase
    if naming is None:
        if found is None or not found.strong or found.sector is None:
            return None
        return Actor(name=label, country=None, sector=found.sector, start=start, end=end)
    name = naming.name if naming.kind in {"person", "org", "group"} or not words else label
    return Actor(name=name, country=naming.country, sector=_part(part, naming, found, words), start=start, end=end)


def _unnamed(part: _Phrase) -> list[str]:
    """The tokens of a phrase outside its names, possessives and articles aside."""
    return [
        t[0]
        for t in _TOKEN.finditer(part.text)
        if t[0] != "'s"
        and not part._inside(t.start())
        and not t[0].startswith("-")
        and fold(t[0]) not in {"the", "a", "an"}
    ]


def _part(part: _Phrase, naming: Mention, found: _Found | None, words: Sequence[str]) -> str | None:
    """The sector of the part of `naming` that a phrase is about."""
    if _OUT_OF_OFFICE.search(part.text) and (naming.kind == "person" or (found and found.sector in {"GOV", "MIL"})):
        return None
    own = naming.sector
    if own in {"IGO", "NGO"} and naming.country is None:
        return own
    if naming.kind == "group":
        return own
    if naming.kind == "person":
        follows = [fold(t[0]) for t in _TOKEN.finditer(part.text, naming.end - part.start) if t[0] != "'s"]
        after = _sector(follows)
        if after and after.strong:
            return after.sector
        return own or (found.sector if found and found.strong else None)
    if found and found.strong:
        return found.sector
    if own:
        return own
    if found:
        return found.sector
    if naming.kind == "demonym":
        plural = naming.text.endswith("s") and not re.match(r"the\s", part.text, re.I)
        return "CVL" if plural and not words else None
    return "GOV" if naming.kind == "country" and not words else None
