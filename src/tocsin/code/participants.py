"""Who the words of a tree stand for: noun phrases to actors, pronouns and short names to their antecedents."""

from __future__ import annotations

from tocsin.code.actors import actor as named_actor
from tocsin.code.actors import sector_of
from tocsin.code.antecedents import PRONOUNS, Antecedents, Scene, stripped
from tocsin.code.joined import sharing
from tocsin.code.nounphrases import conjuncts, core, prep_objects
from tocsin.code.outlets import concerned
from tocsin.code.parsing import Tree, kids
from tocsin.code.together import several, together
from tocsin.code.wordlists import words
from tocsin.records import Actor, parties

PLACES = frozenset({"city", "region", "sea", "strait"})
_PREMODIFIERS = frozenset(
    {
        "det",
        "amod",
        "compound",
        "poss",
        "nmod",
        "nummod",
        "quantmod",
        "case",
        "punct",
        "advmod",
        "npadvmod",
        "predet",
        "dep",
    }
)
_EACH = frozenset({"both", "all", "neither", "each"})
WEAPONS = words("participants.weapons")
_PEERS = words("context.peers")
"""Who is of another country than whoever's he is."""


class Participants(Antecedents):
    """Resolves positions of one tree to actors, in one scene."""

    def __init__(self, tree: Tree, scene: Scene) -> None:
        super().__init__(tree, scene)
        self._known: dict[int, list[Actor]] = {}

    def actors(self, head: int) -> list[Actor]:
        """Everybody a noun phrase names: each of its joined nouns."""
        found: list[Actor] = []
        heads = conjuncts(self.tree, head)
        shared = {country for h in heads[1:] for country in sharing(self.tree, h)}
        for h in heads:
            named = self.tree[h].mention is not None  # "US and Israeli jets": the US by its jets
            for one in self.each(h):
                if one not in found and not (named and one.country in shared):
                    found.append(one)
        return _with_country(found)

    def group(self, head: int) -> list[Actor]:
        """Those whom a noun names beside each other, where they are several: "Iran and Iraq", "their leaders"."""
        word = self.tree[head]
        if word.mention is not None:
            found = [a for h in conjuncts(self.tree, head) for a in self.each(h)]
        else:
            found = self.each(head) if word.tag == "NNS" else []
        return found if len(parties(found)) > 1 else []

    def each(self, head: int) -> list[Actor]:
        """Who one noun names, without those joined to it."""
        if head not in self._known:
            self._known[head] = []
            self._known[head] = self._resolve(head)
        return self._known[head]

    def _resolve(self, head: int) -> list[Actor]:
        word = self.tree[head]
        if word.low in PRONOUNS and word.mention is None:
            return self.pronoun(head)
        small = word.tag in ("IN", "RB", "CC", ".", ",")
        if word.low in _EACH and [w.low for w in self.tree[head + 1 : head + 3]] in (["of", "whom"], ["of", "which"]):
            return self.of_whom(head)
        if word.mention is None and (small or (word.is_verb and word.tag != "JJ")):
            return []
        if word.tag in ("WDT", "WP") or word.low == "that":
            return self.relative(head)
        inner = core(self.tree, head)
        if inner != head:
            found = self.actors(inner)
            if found:
                return found
        joint = self.two_sides(head) or self.described(head) or self._together(head)
        if joint:
            return joint
        found_actor = self._phrase(head)
        return self._several(head, found_actor) if found_actor else self._introduced(head)

    def introduced(self, head: int) -> Actor | None:
        """Whom a name stands for from now on that the gazetteer lacks, where title and country stand with it."""
        word = self.tree[head]
        if word.low in PRONOUNS or sector_of([word.low]):
            return None
        if word.dep == "appos" and self.tree[word.head].tag == "NN":
            found = self.each(word.head)
        else:
            found = self.each(head) if self._titled(head) or kids(self.tree, head, "appos") else []
        return found[0] if len(found) == 1 and found[0].country else None

    def _introduced(self, head: int) -> list[Actor]:
        """Whom a name means that the gazetteer lacks: who the text said it is, or says beside it."""
        word = self.tree[head]
        if word.mention is not None or not word.tag.startswith("NNP"):
            return []
        beside = [a for k in kids(self.tree, head, "appos") if self.tree[k].tag[:3] != "NNP" for a in self.actors(k)]
        known = self.scene.surnames.get(word.text)
        found = beside[:1] or ([known] if known else [])
        return [a.model_copy(update={"start": word.start, "end": word.end}) for a in found]

    def _several(self, head: int, found: Actor) -> list[Actor]:
        """ "Thai and Cambodian leaders", "their ministers": one actor for each country."""
        countries = sharing(self.tree, head) or self._theirs(head)
        if found.country not in countries:
            return [found]
        return [found.model_copy(update={"country": c}) for c in countries]

    def _theirs(self, head: int) -> list[str]:
        """The countries of a plural noun's "their"."""
        owners = [k for k in kids(self.tree, head, "poss") if self.tree[k].low == "their"]
        if not owners or self.tree[head].tag != "NNS":
            return []
        return list(dict.fromkeys(a.country for a in self.pronoun(owners[0]) if a.country))

    def _together(self, head: int) -> list[Actor]:
        """ "Both Koreas", "Baltic leaders": one actor for each country of a name that several share."""
        if not several(self.tree, head):
            return []
        start, end = self.span(head)
        members, sector = together(self.scene.text[start:end])
        name = stripped(self.scene.text[start:end])
        return [Actor(name=name, country=c, sector=sector, start=start, end=end) for c in members]

    def span(self, head: int) -> tuple[int, int]:
        """The offsets of a noun phrase: its premodifiers, the noun, and an "of" part where the noun needs it."""
        tree = self.tree
        first, last = head, head
        for k in tree[head].kids:
            if k < head and tree[k].dep in _PREMODIFIERS:
                first = min(first, _leftmost(tree, k))
        for k in kids(tree, head, "prep"):
            if tree[k].low in ("of", "for") and tree[head].mention is None:
                for o in kids(tree, k, "pobj"):
                    last = max(last, o)
        for k in kids(tree, head, "appos"):
            mention = tree[k].mention
            if k == last + 1 and tree[head].mention is None and mention is not None and mention.kind == "person":
                last = k
        words = tree[first : last + 1]
        start = min((w.start for w in words if w.end > w.start), default=tree[head].start)
        return start, max(w.end for w in words)

    def _phrase(self, head: int) -> Actor | None:
        tree, scene = self.tree, self.scene
        word = tree[head]
        start, end = self.span(head)
        text = scene.text[start:end]
        if not text.strip(" \"'“”‘’"):
            return None
        found = named_actor(text, start, list(scene.mentions), scene.on, outlets=concerned(tree, head))
        if found is None:
            return self._common(head, start, end)
        if found.country is None and word.mention is None and (known := self.antecedent(head, found.sector)):
            return known.model_copy(update={"start": start, "end": end})
        return self._checked(head, found)

    def _checked(self, head: int, found: Actor) -> Actor | None:
        """The actor unless the noun itself is no actor ("Russian oil"); its name alone then, where it has forces."""
        word = self.tree[head]
        if word.mention is not None:
            if word.mention.kind in PLACES and word.mention.country is None:
                return None
            if word.mention.kind == "demonym" and word.tag.startswith("JJ") and word.dep in ("amod", "compound"):
                return None
            return found
        words = [w for w in word.low.split("-") if w]
        sector = sector_of([word.low]) or sector_of(words[-1:]) or self._compound(head)
        if sector:
            return self._placed(head, found)
        if word.low in WEAPONS:
            return (
                found.model_copy(update={"sector": found.sector if found.sector not in (None, "GOV") else "MIL"})
                if found.country
                else None
            )
        if self._title_of_name(head):
            return found
        return None

    def _compound(self, head: int) -> str | None:
        """The sector that only the words of a compound together tell: "rights group", "coast guard"."""
        before = [self.tree[k].low for k in self.tree[head].kids if k < head and self.tree[k].dep in _PREMODIFIERS]
        if not before or sector_of(before) is not None:
            return None
        return sector_of([*before[-2:], self.tree[head].low])

    def _title_of_name(self, head: int) -> bool:
        tree = self.tree
        beside = [
            tree[k].mention for k in tree[head].kids if tree[k].dep in ("compound", "appos") and abs(k - head) == 1
        ]
        return any(m is not None and m.kind == "person" for m in beside) or self._titled(head)

    def _titled(self, head: int) -> bool:
        """Whether a name that nobody knows has a title and a country before it: "Estonian lawmaker Mart Saar"."""
        tree = self.tree
        if not tree[head].tag.startswith("NNP"):
            return False
        before = [k for k in tree[head].kids if k < head and tree[k].dep in _PREMODIFIERS]
        titles = tree[min((_leftmost(tree, k) for k in before), default=head) : head]
        placed = any(word.mention is not None and word.mention.country for word in titles)
        return placed and bool(sector_of([word.low for word in titles if word.mention is None]))

    def _common(self, head: int, start: int, end: int) -> Actor | None:
        """A common noun that names somebody ("gunmen", "the ministry"): its sector, and the country of the scene."""
        text = self.scene.text[start:end]
        sector = sector_of(text.lower().replace("’", "'").split())
        if sector is None:
            return None
        if known := self.antecedent(head, sector):
            return known.model_copy(update={"start": start, "end": end})
        plain = Actor(name=stripped(text), country=None, sector=sector, start=start, end=end)
        return self._placed(head, plain)

    def _placed(self, head: int, found: Actor) -> Actor:
        """`found` with the country that the phrase's own "in", "from" or "of" gives, where it has none."""
        if found.country or found.sector in ("IGO", "NGO"):
            return found
        for k in kids(self.tree, head, "poss") if self.tree[head].low not in _PEERS else ():
            if self.tree[k].low in PRONOUNS and (
                whose := next((a.country for a in self.pronoun(k) if a.country), None)
            ):
                return found.model_copy(update={"country": whose})
        for o in prep_objects(self.tree, head, "in", "from", "of", "at", "near", "across"):
            mention = self.tree[o].mention
            if mention is not None and mention.country:
                return found.model_copy(update={"country": mention.country})
        for k in kids(self.tree, head, "appos"):
            mention = self.tree[k].mention
            if mention is not None and mention.country and mention.kind in ("person", "org", "group"):
                return found.model_copy(update={"country": mention.country})
        home = self.ruling(head) if found.sector == "GOV" else None
        return found.model_copy(update={"country": home}) if home else found

    def holder(self, head: int, agent: bool = True) -> list[Actor]:
        """Whose a thing or deed is: "Russia's invasion", "a Chinese plan", "the attack by M23"."""
        tree = self.tree
        for k in kids(tree, head, "poss") if tree[head].low not in _PEERS else ():
            found = self.actors(k)
            if found:
                return found
        if agent:
            for o in [*prep_objects(tree, head, "by"), *self._by_within(head)]:
                found = self.actors(o)
                if found:
                    return found
        for k in tree[head].kids:
            if k < head and tree[k].dep in ("amod", "compound", "nmod", "dep"):
                found = self.modifier(k)
                if found:
                    return found
        return []

    def _by_within(self, head: int) -> list[int]:
        """Whose deed it is where the parse hangs the "by" too low: "the sale of jets by Sweden to Thailand"."""
        return [o for of in prep_objects(self.tree, head, "of") for o in prep_objects(self.tree, of, "by")]

    def modifier(self, at: int) -> list[Actor]:
        """The actors a premodifier names: a demonym, a country, "government" (plans), "Chinese" (jets)."""
        word = self.tree[at]
        if word.mention is not None:
            m = word.mention
            if m.kind == "outlet" or (m.kind in PLACES and not m.country):
                return []
            sector = m.sector or ("GOV" if m.kind in ("country", "capital", "palace") else None)
            found = [Actor(name=m.name, country=m.country, sector=sector, start=word.start, end=word.end)]
            for k in kids(self.tree, at, "conj", "compound", "amod"):
                found += [a for a in self.modifier(k) if a not in found]
            return found
        if word.low in ("government", "state", "military", "army", "police", "opposition", "rebel", "militant"):
            sector = sector_of([word.low])
            return (
                [Actor(name=word.text, country=None, sector=sector, start=word.start, end=word.end)] if sector else []
            )
        return []


def _with_country(found: list[Actor]) -> list[Actor]:
    """In "the Russian president and defence minister" the country counts for both."""
    country = next((a.country for a in found if a.country), None)
    if country is None or len(found) < 2:
        return found
    return [
        a if a.country or a.sector in ("IGO", "NGO", None) else a.model_copy(update={"country": country}) for a in found
    ]


def _leftmost(tree: Tree, at: int) -> int:
    first = at
    todo = [at]
    while todo:
        i = todo.pop()
        first = min(first, i)
        todo += [k for k in tree[i].kids if k < i]
    return first
