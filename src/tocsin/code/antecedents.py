"""Whom words point back to: pronouns, "the two sides", "the landlocked country", "the ministry", "its crew"."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from tocsin.code.gazetteer import Mention
from tocsin.code.nounphrases import prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.places import Located
from tocsin.code.wordlists import words
from tocsin.records import Actor, parties

PRONOUNS = words("participants.pronouns")
_COUNTED = frozenset({"two", "both", "three", "allies", "neither", "either"})
_SIDES = words("participants.sides")
STATES = frozenset({"country", "nation", "state", "kingdom", "republic", "island", "monarchy", "emirate"})
_BARE_TWO = frozenset({"two", "both", "pair", "duo"})
_ABOARD = frozenset({"crew", "captain", "skipper", "sailors", "crewmen", "passengers"})
_RULED = frozenset({"OPP", "PTY", "LEG", "LAB", "ACT", "CVL", "MED", "REL", "EDU"})
"""Sectors of those who speak of their government as "the government"."""
_NAMED_ONCE = frozenset({"IGO", "REB", "PTY"})
"""Sectors whose members are named once and then called "the rebels", "the bloc", "the party"."""


@dataclass(slots=True)
class Scene:
    """What is known around a sentence: who was last spoken of, which countries the text is about.

    `told` are the sides of the events of the sentence before, `surnames` whom names stand for that nobody else knows.
    """

    on: date | None = None
    countries: Counter[str] = field(default_factory=Counter)
    people: list[Actor] = field(default_factory=list)
    subject: list[Actor] = field(default_factory=list)
    pair: list[Actor] = field(default_factory=list)
    told: list[Actor] = field(default_factory=list)
    surnames: dict[str, Actor] = field(default_factory=dict)
    text: str = ""
    mentions: Sequence[Mention] = ()
    located: Sequence[Located] = ()


class Antecedents(ABC):
    """Resolves what points back in one tree, in one scene; who nouns name themselves, whoever inherits it tells."""

    def __init__(self, tree: Tree, scene: Scene) -> None:
        self.tree, self.scene = tree, scene
        self.speaker: list[Actor] = []

    @abstractmethod
    def actors(self, head: int) -> list[Actor]:
        """Everybody a noun phrase names: each of its joined nouns."""

    @abstractmethod
    def each(self, head: int) -> list[Actor]:
        """Who one noun names, without those joined to it."""

    @abstractmethod
    def span(self, head: int) -> tuple[int, int]:
        """The offsets of a noun phrase."""

    def relative(self, head: int) -> list[Actor]:
        """Whom "who", "which" and "that" stand for: the noun that their clause hangs on."""
        at = head
        for _ in range(6):
            if self.tree[at].dep == "relcl":
                return self.each(self.tree[at].head)
            if self.tree[at].head == at:
                break
            at = self.tree[at].head
        return []

    def of_whom(self, head: int) -> list[Actor]:
        """ "Both of whom", "all of which": everybody joined to the noun before, wherever the clause hangs."""
        before = next((k for k in range(head - 1, -1, -1) if self.tree[k].low != ","), -1)
        if before < 0 or not self.tree[before].is_noun:
            return []
        while self.tree[before].dep == "conj" and self.tree[self.tree[before].head].is_noun:
            before = self.tree[before].head
        return self.actors(before)

    def pronoun(self, head: int) -> list[Actor]:
        """Whom a pronoun stands for: who speaks, whose ship it is, who acts before it, or who was last spoken of."""
        word, scene = self.tree[head], self.scene
        if word.low in ("we", "i", "our", "my", "us", "me"):
            return self._speaking(head)
        if word.dep == "poss" and self.tree[word.head].low in _ABOARD and (flag := self._flag(head)):
            return [Actor(name=flag, country=flag, sector="CVL", start=word.start, end=word.end)]
        if word.dep in ("dobj", "dative") and (acting := self._acting(head)):
            previous = self._others(acting)
        elif local := self._local_antecedent(head):
            previous = local
        elif word.low in ("they", "them", "their", "themselves") and len(scene.pair) > 1:
            previous = scene.pair
        else:
            previous = scene.subject or scene.people[-1:]
        return [a.model_copy(update={"start": word.start, "end": word.end}) for a in previous]

    def _flag(self, head: int) -> str | None:
        """The ship's of "its crew": the country last spoken of, but for that of whoever stopped the ship."""
        told = [m.country for m in (self.tree[k].mention for k in range(head - 1, -1, -1)) if m is not None]
        told += [a.country for a in reversed(self.scene.people)]
        return self._last_but_for({a.country for a in self.scene.subject}, told)

    def _last_but_for(self, apart: Set[str | None], told: Iterable[str | None]) -> str | None:
        """The first country of those `told` that is none of some; else the only other one that the text names."""
        others = list(self.scene.countries.keys() - apart)
        return next((c for c in told if c and c not in apart), others[0] if len(others) == 1 else None)

    def _acting(self, head: int) -> list[Actor]:
        """Who does to a pronoun what its verb tells: the pronoun means somebody else."""
        if self.tree[head].low.endswith(("self", "selves")):
            return []
        return [a for k in kids(self.tree, self.tree[head].head, "nsubj") for a in self.actors(k)]

    def _others(self, acting: Sequence[Actor]) -> list[Actor]:
        """Who was last spoken of beside somebody."""
        mine = parties(acting)
        apart = [a for a in (*self.scene.subject, *self.scene.told) if not parties([a]) & mine]
        return apart[:1] or [a for a in reversed(self.scene.people) if a.sector and not parties([a]) & mine][:1]

    def _speaking(self, head: int) -> list[Actor]:
        """Whoever says "we": the subject of the verb of saying above, or the speaker a headline names."""
        at = head
        for _ in range(12):
            up = self.tree[at].head
            if up == at:
                break
            if self.tree[at].dep in ("ccomp", "parataxis"):
                for k in kids(self.tree, up, "nsubj"):
                    if self.tree[k].low not in PRONOUNS and (found := self.actors(k)):
                        return found
            at = up
        return list(self.speaker)

    def _local_antecedent(self, head: int) -> list[Actor]:
        """Whom the nearest subject before a pronoun names."""
        return next((found for k in self._subjects(head) if (found := self.actors(k))), [])

    def _subjects(self, head: int) -> Iterator[int]:
        """The subjects before a pronoun that are none themselves: those of the clauses above it, outwards, then all.

        All, to the left, since what is quoted stands below: "Japan and Korea will consult, their ministers said".
        """
        tree, at = self.tree, head
        found: list[int] = []
        for _ in range(12):
            up = tree[at].head
            if up == at:
                break
            found += tree[up].kids
            at = up
        for k in (*found, *range(head - 1, -1, -1)):
            word = tree[k]
            able = word.low not in PRONOUNS and word.tag not in ("WDT", "WP", "EX")
            if k < head and able and word.dep in ("nsubj", "nsubjpass"):
                yield k

    def two_sides(self, head: int) -> list[Actor]:
        """ "The two sides", "both countries", "the two leaders": whoever was last spoken of together."""
        word = self.tree[head]
        if word.mention is not None or (word.low not in _SIDES and not self._bare_two(head)):
            return []
        mods = {self.tree[k].low for k in word.kids}
        both = (mods | {word.low}) & _COUNTED or word.low in ("sides", "pair", "duo")
        if not both or any(self.tree[k].mention for k in word.kids) or prep_objects(self.tree, head, "of"):
            return []
        pair = self.scene.pair or ([] if "three" in mods else self._last_two())
        return [a.model_copy(update={"start": word.start, "end": word.end}) for a in pair]

    def _bare_two(self, head: int) -> bool:
        """ "The two", "both", "the pair" as a subject that nothing else describes."""
        word = self.tree[head]
        plain = not kids(self.tree, head, "prep", "relcl", "acl", "nummod", "amod", "poss", "compound", "appos")
        return plain and word.low in _BARE_TWO and word.dep in ("nsubj", "nsubjpass")

    def described(self, head: int) -> list[Actor]:
        """ "The South American country", "the landlocked state": that which was last spoken of outside the sentence."""
        word = self.tree[head]
        before = [self.tree[k] for k in word.kids if k < head]
        if word.low not in STATES or word.tag != "NN" or [w.low for w in before[:1]] != ["the"] or len(before) < 2:
            return []
        if any(w.mention is not None and w.mention.country for w in before):
            return []
        told = [a.country for a in (*self.scene.subject, *reversed(self.scene.people))]
        found = self._last_but_for({m.country for m in self.scene.mentions}, told)
        start, end = self.span(head)
        name = stripped(self.scene.text[start:end])
        return [Actor(name=name, country=found, sector="GOV", start=start, end=end)]

    def _last_two(self) -> list[Actor]:
        """The two countries last spoken of, where nothing joined them."""
        found: dict[str, Actor] = {}
        for one in reversed(self.scene.people):
            if one.country and one.country not in found and len(found) < 2:
                found[one.country] = one
        return list(reversed(found.values())) if len(found) > 1 else []

    def ruling(self, head: int) -> str | None:
        """Whose "the government" is of which its own people speak: "Danish opposition lawmakers slam its deal with"."""
        if not self._definite(head):
            return None
        at = head
        while self.tree[at].head != at and not self.tree[at].is_verb:
            at = self.tree[at].head
        acting = [a for k in kids(self.tree, at, "nsubj") if k < head for a in self.actors(k)]
        return next((a.country for a in acting if a.country and a.sector in _RULED), None)

    def antecedent(self, head: int, sector: str | None) -> Actor | None:
        """Whom a bare definite noun points back to: "the ministry", "the rebels", "the bloc"."""
        if not self._definite(head):
            return None
        word = self.tree[head].low
        for known in self._earlier(head):
            same = known.country and known.sector and _same_office(known.name, word)
            if same or (known.sector == sector and sector in _NAMED_ONCE):
                return known
        return None

    def _earlier(self, head: int) -> Iterator[Actor]:
        """Those whom a definite noun may point back to, the nearest first: of this sentence, then of those before."""
        for at in range(head - 1, -1, -1):
            m = self.tree[at].mention
            if m is not None and m.kind in ("group", "org"):
                yield Actor(name=m.name, country=m.country, sector=m.sector, start=m.start, end=m.end)
        yield from reversed(self.scene.people)

    def _definite(self, head: int) -> bool:
        """Whether a noun is "the …" and no more, so that it points back."""
        before = [self.tree[k].low for k in self.tree[head].kids if k < head]
        return before in (["the"], ["its"], [])


def stripped(text: str) -> str:
    """A noun phrase without quotes and article."""
    low = text.strip(" \"'“”‘’")
    for article in ("the ", "a ", "an ", "The ", "A ", "An "):
        if low.startswith(article):
            return low[len(article) :]
    return low


@lru_cache(maxsize=10_000)
def _same_office(name: str, word: str) -> bool:
    return word in name.lower().split()
