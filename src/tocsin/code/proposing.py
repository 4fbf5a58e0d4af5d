"""Events that no rule claimed: built on the word that the encoder hears them in, sides read off its dependents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.code.coder import Unit
from tocsin.code.context import complete
from tocsin.code.grammar import agents, complements, objects, passive
from tocsin.code.lexicon import lexicon
from tocsin.code.matching import match
from tocsin.code.nounphrases import core, prep_objects
from tocsin.code.parsing import Tree, kids, subtree
from tocsin.code.participants import Participants
from tocsin.code.roles import Roles, roles
from tocsin.code.sides import MUTUAL, Claim
from tocsin.code.status import dismisses, standing
from tocsin.code.wordlists import words
from tocsin.records import Actor, parties

PREPOSITIONS = ("against", "with", "to", "on", "from", "at", "into", "over", "of", "for", "toward", "towards", "in")
LOUD = 2.0
"""Log-odds of the encoder at a word from which it may tell one more event of a type that its sentence tells.

From 0.5 on the dev part's triples are as good, by more claims that are mostly wrong, and 4 % more time.
"""
LITERAL, FIRM = 3.0, 6.5
"""The score above which a rule fits by a noun that it names, and by two of them."""
_DEEDS = frozenset({"AID", "ASSAULT", "COERCE", "COOPERATE", "MOBILIZE", "PROTEST", "RETREAT", "SANCTION"})
_TELLING = words("proposing.telling")
_ELSEWHERE = frozenset({"ccomp", "advcl", "relcl", "parataxis", "acl"})


def proposed(
    units: Sequence[Unit], kind: str, casting: Roles | None = None, told: Sequence[Sequence[Claim]] = ()
) -> tuple[int, Claim] | None:
    """A claim of a type and the number of the clause it stands in; None where nobody is named who could have a side.

    Nor where its word is one by whose subject and object a rule has `told` another event. For training, `casting`
    stands in for the shipped model of roles.
    """
    best: tuple[float, int, int] | None = None
    for i, unit in enumerate(units):
        for at in _predicates(unit.tree):
            word = unit.tree[at]
            heard = unit.impression.at(word.start, word.end, kind) if unit.impression is not None else 0.0
            if best is None or heard > best[0]:
                best = heard, i, at
    if best is None:
        return None
    _, i, at = best
    if standing(units[i].tree, at, lexicon()).refused or _nothing(units[i].tree, at, kind):
        return None
    if told and any(claim.trigger == at and claim.score > FIRM for claim in told[i]):
        return None
    claim = built(units[i], at, kind, casting or roles())
    return (i, claim) if claim.source or claim.target else None


def further(units: Sequence[Unit], kind: str, told: Sequence[Sequence[Claim]]) -> Iterator[tuple[int, Claim]]:
    """Claims of a type, and their units, on words that the encoder hears it in besides those `told` of each unit."""
    for i, (unit, claims) in enumerate(zip(units, told, strict=True)):
        taken = {claim.trigger for claim in claims}
        taken |= {
            core(unit.tree, o) for claim in claims for o in objects(unit.tree, claim.trigger) if kind == "CONSULT"
        }
        for at in _predicates(unit.tree):
            word = unit.tree[at]
            if at in taken or unit.impression is None or _nothing(unit.tree, at, kind):
                continue
            if unit.impression.at(word.start, word.end, kind) > LOUD:
                claim = built(unit, at, kind, roles())
                if claim.source or claim.target:
                    yield i, claim


def _nothing(tree: Tree, at: int, kind: str) -> bool:
    """Whether a word has no event of a type of its own, however loud it is heard there.

    Such are the word that only tells of a deed, the charge answered that nobody is said to make, the contract under
    which something is bought, and what is said to reporters.
    """
    word, over = tree[at], tree[tree[at].head]
    if word.is_verb:
        found = match(tree, at, lexicon()) if kind == "CONSULT" else None
        spoken = found is not None and found.rule.type == "NONE" and found.score > LITERAL
        return spoken or (kind in _DEEDS and word.lemma in _TELLING)
    if kind == "AGREE":
        return word.lemma == "contract" and word.dep == "pobj" and over.low == "under"
    if kind != "ACCUSE" or word.dep not in ("dobj", "nsubjpass") or not over.is_verb:
        return False
    owned = kids(tree, at, "poss") or prep_objects(tree, at, "by", "from", "of")
    owned = owned or [k for k in kids(tree, at, "amod", "compound", "nmod") if tree[k].mention is not None]
    return not owned and dismisses(tree, word.head, lexicon())


def _predicates(tree: Tree) -> Iterator[int]:
    """The words that may carry an event: full verbs and nouns that are no names."""
    for i, word in enumerate(tree):
        able = word.is_verb and word.dep not in ("aux", "auxpass")
        if word.mention is None and (able or word.tag[:2] == "NN") and word.end > word.start:
            yield i


def built(unit: Unit, at: int, kind: str, casting: Roles) -> Claim:
    """A claim on the word at `at` whose sides are read off its dependents, whatever its type."""
    tree, scene = unit.tree, unit.who.scene
    who = Participants(tree, scene) if unit.speaker else unit.who  # "we" of what no rule claims is not the speaker
    stand = standing(tree, at, lexicon())
    source = next((f for a in agents(tree, at) if (f := who.actors(a) or who.holder(a))), [])
    if not source and not tree[at].is_verb:
        source = who.holder(at)
    target = next(_others(tree, at, who, source), [])
    if kind in MUTUAL and not target and len(parties(source)) > 1:
        target = list(source)
    told = [] if stand.reporter is None else who.actors(stand.reporter) or who.holder(stand.reporter)
    claim = Claim(
        type=kind,
        rule=f"model:{kind}",
        trigger=at,
        source=source[:6],
        target=target[:6],
        status=stand.status,
        reporter=next(iter(told), None),
        extent=[at, *(i for i in subtree(tree, at, _ELSEWHERE) if i != at)],
        form="model",
    )
    complete(claim, tree, scene)
    casting.cast(claim, tree, who, scene, unit.impression)
    return claim


def _others(tree: Tree, at: int, who: Participants, source: Sequence[Actor]) -> Iterator[list[Actor]]:
    """Everybody but the source around a word, the closest to an object first."""
    direct = objects(tree, at) if tree[at].is_verb else []
    heads = [at, *direct]
    places = [*direct, *kids(tree, at, "dative", "attr")]
    places += [o for name in PREPOSITIONS for h in heads for o in prep_objects(tree, h, name)]
    for c in complements(tree, at) if tree[at].is_verb else []:
        places += kids(tree, c, "nsubj", "nsubjpass")
        places += [] if passive(tree, c) else objects(tree, c)
        places += [o for name in PREPOSITIONS for o in prep_objects(tree, c, name)]
    mine = {(a.country, None if a.country else a.name) for a in source}
    for place in places:
        for found in (who.actors(place), who.holder(place)):
            rest = [a for a in found if (a.country, None if a.country else a.name) not in mine]
            if rest:
                yield rest
