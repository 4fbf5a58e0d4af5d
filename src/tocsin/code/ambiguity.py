"""What a name means here: evidence from the words around it and from the rest of the text.

Some names are also people (Jordan, Chad), goods (china, turkey), pronouns (us) or other places (Georgia, Washington).
`data/actors/senses.tsv` lists their senses with the words that speak for each; this module weighs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property

from tocsin import data
from tocsin.code.names import fold, split, table

_WORD = re.compile(r"[^\W\d_][\w'.-]*[\w]|[^\W\d_]")
_SENTENCE = re.compile(r"[.!?;]['\")\]]*\s+(?=[\"'(\[]*[^\W\d_a-z])|\n+")
_SPANISH = re.compile(r"\b(?:el|la|los|las|del|que|una|por|con|para|su|al|se|en|de|y)\b")
_BEFORE = re.compile(r"([\w'.-]+)(,?[ ]+)$")
_AFTER = re.compile(r"(?:'s)?[ ]+([\w'.-]+)")
_TITLE = re.compile(
    r"\b(?:president(?:-elect)?|premier|minister|chancellor|secretary|chief|leader|king|queen|prince|sultan|emir|"
    r"general|gen\.?|admiral|adm\.?|pm|mr\.?|mrs\.?|ms\.?|dr\.?|ambassador|envoy|taoiseach|ayatollah|commander|"
    r"chairman|chairwoman|chair|prez|spokesman|spokeswoman|spokesperson|sen\.?|vice-?president|presidente|"
    r"ministro|ministra|canciller|primer ministro|comandante|head|boss|czar|sheikh)[ ]+$",
    re.IGNORECASE,
)
NEAR = 5
"""How many words on either side count as beside a name; they weigh twice."""


@cache
def given_names() -> frozenset[str]:
    """Names that people are given, folded."""
    lines = data.text("actors/given_names.txt").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of an ambiguous name: `key` of the entry (`none`: nobody), its cues, its weight without any."""

    key: str
    prior: float
    before: frozenset[str]
    after: frozenset[str]
    anywhere: frozenset[str]


@cache
def senses() -> dict[str, tuple[Sense, ...]]:
    """The senses of each ambiguous name, by its folded spelling."""
    found: dict[str, list[Sense]] = {}
    for row in table("actors/senses"):
        cues = [frozenset(fold(c) for c in split(row[column])) for column in ("before", "after", "anywhere")]
        found.setdefault(fold(row["name"]), []).append(Sense(row["key"], float(row["prior"]), *cues))
    return {name: tuple(items) for name, items in found.items()}


class Context:
    """A text as its names are read in it; everything costly is worked out once and only when asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self._shape: dict[int, tuple[bool, bool]] = {}

    @cached_property
    def spanish(self) -> bool:
        """Whether Spanish small words are frequent enough to read Spanish adjectives."""
        sample = self.folded[:2000]
        return 6 * len(_SPANISH.findall(sample)) > len(sample.split())

    @cached_property
    def words(self) -> frozenset[str]:
        """All the words of the text, folded; enough of a long text to tell what it is about."""
        return frozenset(_WORD.findall(self.folded[:20_000]))

    @cached_property
    def _breaks(self) -> list[int]:
        return [0, *(m.end() for m in _SENTENCE.finditer(self.text)), len(self.text)]

    def sentence(self, at: int) -> tuple[int, int]:
        """The bounds of the sentence around an offset."""
        from bisect import bisect_right

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
        found = _BEFORE.search(self.text, max(0, start - 40), start)
        return (found[1], "," in found[2]) if found else ("", False)

    def after(self, end: int) -> str:
        """The word after an offset as written, past a possessive."""
        found = _AFTER.match(self.text, end, end + 40)
        return found[1] if found else ""

    def titled(self, start: int) -> bool:
        """Whether an office or form of address stands right before an offset."""
        return _TITLE.search(self.text, max(0, start - 30), start) is not None

    def given(self, start: int) -> bool:
        """Whether the word before an offset is somebody's given name, so that what follows is a surname."""
        word, comma = self.before(start)
        return not comma and word[:1].isupper() and fold(word) in given_names()

    def sense(self, spelling: str, start: int, end: int) -> str | None:
        """The key of the likeliest sense of an ambiguous name here; None where it is not ambiguous."""
        options = senses().get(spelling)
        if not options:
            return None
        left = frozenset(_WORD.findall(self.folded[max(0, start - 60) : start])[-NEAR:])
        right = frozenset(_WORD.findall(self.folded[end : end + 60])[:NEAR])
        nearest, following = fold(self.before(start)[0]), fold(self.after(end))

        def weight(sense: Sense) -> float:
            near = len(sense.anywhere & (left | right)) + 3 * (nearest in sense.before) + 3 * (following in sense.after)
            return sense.prior + 2 * near + len(sense.anywhere & self.words)

        return max(options, key=weight).key
