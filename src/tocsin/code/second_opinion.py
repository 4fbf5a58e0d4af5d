"""The second opinion on a text's claims: what the sentence model takes away, brings back, or adds (ADR 0018)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from tocsin.code.backstop import Backstop, Judgement, Limits, backstop, predicate_features, sentence_features
from tocsin.code.choosing import PLAIN, plain
from tocsin.code.coder import Unit
from tocsin.code.context import complete
from tocsin.code.grammar import agents, complements, objects, passive
from tocsin.code.lexicon import lexicon
from tocsin.code.nounphrases import prep_objects
from tocsin.code.parsing import Tree, kids, subtree
from tocsin.code.participants import Participants, Scene
from tocsin.code.roles import roles
from tocsin.code.sides import Claim
from tocsin.code.status import standing
from tocsin.records import Actor

PREPOSITIONS = ("against", "with", "to", "on", "from", "at", "into", "over", "of", "for", "toward", "towards", "in")
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
SURE = 0.9
"""From this chance on, the rules' own model believes a claim firmly."""
_ELSEWHERE = frozenset({"ccomp", "advcl", "relcl", "parataxis", "acl"})


def reconsidered(
    units: Sequence[Unit], believed: Sequence[list[Claim]], text: str, headline: bool, scene: Scene
) -> list[list[Claim]]:
    """The claims of each unit after the sentence model was heard; `believed` itself where there is no model."""
    model = backstop()
    if model is None:
        return list(believed)
    out: list[list[Claim]] = []
    for _, group in groupby(zip(units, believed, strict=True), key=lambda pair: pair[0].start):
        pairs = list(group)
        clauses = [unit for unit, _ in pairs]
        judgement = model.judge(sentence_features(clauses, text, headline))
        told = _alone(scene) if len(units) > len(clauses) else scene
        out += settled(clauses, [claims for _, claims in pairs], judgement, model, told)
    return out


def settled(
    clauses: Sequence[Unit], believed: Sequence[list[Claim]], judgement: Judgement, model: Backstop, scene: Scene
) -> list[list[Claim]]:
    """The claims of one sentence, clause by clause: kept, brought back, added."""
    limits, chance = model.limits, judgement.types
    kept = [
        [c for c in claims if stands(c, unit, judgement, limits)]
        for unit, claims in zip(clauses, believed, strict=True)
    ]
    if judgement.relevance < limits.add:
        return kept
    had = {claim.type for claims in kept for claim in claims}
    for kind in wanted(judgement, had, {c.type for u in clauses for c in u.claims}, limits):
        found = proposed(clauses, kind, model, scene)
        if found is not None:
            where, claim = found
            claim.confidence = model.calibrated(judgement.relevance * chance[kind])
            kept[where] = sorted([*kept[where], claim], key=lambda c: c.trigger)
    return kept


def stands(claim: Claim, unit: Unit, judgement: Judgement, limits: Limits) -> bool:
    """Whether a claim survives the whole sentence's verdict; what the rules believe firmly needs less of it."""
    firm = plain(claim, unit) or claim.sure >= SURE
    return (
        judgement.relevance >= limits.keep * (PLAIN if firm else 1.0)
        and judgement.types.get(claim.type, 1.0) >= limits.typed
    )


def wanted(judgement: Judgement, had: set[str], claimed: set[str], limits: Limits) -> list[str]:
    """The types to add to a sentence that already tells `had`, the likeliest first."""
    ranked = sorted(judgement.types.items(), key=lambda item: (-item[1], item[0]))
    return [
        kind
        for kind, share in ranked
        if kind not in had and share >= (limits.rescued if kind in claimed else limits.made)
    ]


def proposed(clauses: Sequence[Unit], kind: str, model: Backstop, scene: Scene) -> tuple[int, Claim] | None:
    """A claim of a type and the clause it stands in: the surest that the rules made, else one built on the tree."""
    made = [(c.confidence, -i, -c.trigger, c) for i, u in enumerate(clauses) for c in u.claims if c.type == kind]
    if made:
        _, where, _, claim = max(made, key=lambda item: item[:3])
        return -where, replace(claim, rule=f"model:{kind}", flags=frozenset({claim.rule}))
    best: tuple[float, int, int] | None = None
    for i, unit in enumerate(clauses):
        for at in _predicates(unit.tree):
            pull = model.pull(predicate_features(unit.tree, at), kind) + (0.01 if unit.tree[at].dep == "ROOT" else 0)
            if best is None or pull > best[0]:
                best = pull, i, at
    if best is None:
        return None
    _, i, at = best
    claim = built(clauses[i], at, kind, scene)
    return (i, claim) if claim.source or claim.target else None


def _predicates(tree: Tree) -> Iterator[int]:
    """The words that may carry an event: full verbs, else the root of a sentence without any."""
    found = [i for i, w in enumerate(tree) if w.is_verb and w.mention is None and w.dep not in ("aux", "auxpass")]
    yield from found or [i for i, w in enumerate(tree) if w.dep == "ROOT" and w.is_noun]


def built(unit: Unit, at: int, kind: str, scene: Scene) -> Claim:
    """A claim on the word at `at` whose sides are read off its dependents, whatever its type."""
    tree = unit.tree
    scene.mentions, scene.located = unit.mentions, unit.located
    who = Participants(tree, scene)
    stand = standing(tree, at, lexicon())
    source = next((f for a in agents(tree, at) if (f := who.actors(a) or who.holder(a))), [])
    if not source and not tree[at].is_verb:
        source = who.holder(at)
    target = next(_others(tree, at, who, source), [])
    if kind in MUTUAL and not target and len({a.country or a.name for a in source}) > 1:
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
    roles().cast(claim, tree, who, scene)
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


def _alone(scene: Scene) -> Scene:
    """The scene without antecedents: those of the text's end are not those of the sentence looked at again."""
    return replace(scene, people=[], subject=[], pair=[])
