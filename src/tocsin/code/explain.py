"""Why an event was coded: which words, which frame, which rule, what the models added.

Two models speak: the rules' own on each claim (`model`), and the encoder on the whole sentence (`encoder`). `choosing`
weighs them together; it may take a claim away that the rules' model was sure of, bring one back that it was not, or add
one that no rule made.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tocsin.code.antecedents import Scene
from tocsin.code.choosing import chosen, judges, likelihood, sentences
from tocsin.code.coder import Unit, read_claims
from tocsin.code.encoder import TYPES
from tocsin.code.features import features
from tocsin.code.model import model
from tocsin.code.parsing import Tree
from tocsin.code.settling import ruled, settle
from tocsin.code.sides import Claim
from tocsin.code.tongue import foreign_script, tongue
from tocsin.records import Actor, Event

MOST_TYPES = 5
"""Types of the encoder's opinion that are shown."""
SURE = 0.5
"""From this chance on, the rules' own model counts as sure of a claim's type."""
_SAID = {
    "taken away": "the rules' model was sure of it; with the encoder heard it is not given",
    "brought back": "the rules' model doubted it; with the encoder heard it is given",
    "added": "no rule made it; the encoder's word added it, its sides read off the words around",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One word of a parsed sentence: as the parser saw it, its tag, its dependency, its head, its name."""

    word: str
    tag: str
    dep: str
    head: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one claim was believed or not. `frame` says the sides in words; `weights` are the strongest features.

    `verdict` is `given` or `left` where the encoder agrees with the rules' model, `taken away` or `brought back` where
    its word decides, `added` where no rule made the claim. `chance` is that of the type, both models weighed. `ruled`
    is the status that the rules alone give, where the last word on it differs.
    """

    type: str
    status: str
    ruled: str | None
    given: bool
    verdict: str
    start: int
    end: int
    trigger: str
    rule: str
    rule_text: str
    frame: str
    under: tuple[str, ...]
    reported_by: str | None
    type_right: float
    confidence: float
    chance: float | None
    threshold: float
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the encoder holds of a whole sentence: the chance that it tells an event, and of which types."""

    relevance: float
    types: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One gated sentence or headline clause with its reading and its claims. Offsets count code points of the text."""

    start: int
    end: int
    text: str
    words: tuple[Reading, ...]
    reasons: tuple[Reason, ...]
    opinion: Opinion | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every sentence of a text that was parsed: those that name nobody, hold no trigger or promise nothing are not."""

    sentences: tuple[Sentence, ...]

    def render(self) -> str:
        """The explanation as plain text."""
        return (
            "\n".join(line for sentence in self.sentences for line in _lines(sentence)) or "no sentence passed the gate"
        )


def explain(text: str, *, on: date | None, headline: bool = False, language: str | None = None) -> Explanation:
    """How `text` was read, sentence by sentence, with every claim made and why the models took or left it.

    Empty where the text is not English.
    """
    if tongue(text, language) != "en" or foreign_script(text) is not None:
        return Explanation(())
    scene = Scene()
    units = read_claims(text, on, headline, scene)
    final = chosen(units, text, headline)
    changed: dict[int, str] = {}
    for unit, claims in zip(units, final, strict=True):
        for claim in claims:
            before = ruled(claim, unit)
            settle(claim, unit, scene, headline)
            if claim.status != before:
                changed[id(claim)] = before
    chances = _chances(units, text, headline)
    return Explanation(
        tuple(_sentence(*row, chances, changed, text, headline) for row in zip(units, final, strict=True))
    )


def _chances(units: Sequence[Unit], text: str, headline: bool) -> dict[int, float]:
    """The chance that each claim's type is told, both models weighed, by the claim's identity."""
    by = judges().claimed
    return {
        id(claim): likelihood(by, one.claimed(claim, unit))
        for one in sentences(units, text, headline)
        for unit in one.units
        for claim in unit.claims
    }


def why(event: Event, text: str, *, on: date | None) -> tuple[str, ...]:
    """How an event came out of `text`, a line a step. Nothing where the text is read otherwise now."""
    if event.coder.startswith("tocsin-zh"):
        return (f"Word {event.rule.removeprefix('zh:')}, sides by the order of words",)
    for sentence in explain(text, on=on, headline=event.headline).sentences:
        if sentence.start <= event.quote.start and event.quote.end <= sentence.end:
            alike = [r for r in sentence.reasons if r.given and (r.type, r.rule) == (event.type, event.rule)]
            for reason in sorted(alike, key=lambda r: abs(r.confidence - event.confidence)):  # one of two, perhaps
                return tuple(_steps(reason, sentence.opinion))
    return ()


def rule_text(rule: str) -> str:
    """The line of the rule files that a rule's id (`accuse:4`) names."""
    from tocsin import data

    name, _, line = rule.partition(":")
    if name == "model":
        return f"heard by the encoder ({line})"
    if not line.isdigit():
        return f"event noun ({line})"
    return data.text(f"rules/{name}.txt").splitlines()[int(line) - 1]


def _opinion(unit: Unit) -> Opinion | None:
    """The encoder's view of a unit's sentence, as chances."""
    heard = unit.impression
    if heard is None:
        return None
    ranked = sorted(((kind, _chance(heard.type(kind))) for kind in TYPES), key=lambda item: (-item[1], item[0]))
    return Opinion(_chance(heard.relevance()), tuple(ranked[:MOST_TYPES]))


def _chance(log_odds: float) -> float:
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 3)


def _sentence(
    unit: Unit, final: list[Claim], chances: dict[int, float], changed: dict[int, str], text: str, headline: bool
) -> Sentence:
    made = {id(claim) for claim in unit.claims}
    verdicts: list[tuple[Claim, str, float | None]] = [
        (claim, _verdict(claim, final), chances[id(claim)]) for claim in unit.claims
    ]
    verdicts += [(claim, "added", None) for claim in final if id(claim) not in made]
    reasons = [
        _reason(claim, unit, text, headline, verdict, chance, changed.get(id(claim)))
        for claim, verdict, chance in verdicts
    ]
    words = _words(unit.tree, text)
    return Sentence(unit.start, unit.end, text[unit.start : unit.end], words, tuple(reasons), _opinion(unit))


def _verdict(claim: Claim, final: Sequence[Claim]) -> str:
    sure = claim.sure >= SURE
    if any(claim is one for one in final):
        return "given" if sure else "brought back"
    return "taken away" if sure else "left"


def _words(tree: Tree, text: str) -> tuple[Reading, ...]:
    """The words as the text has them: the parser is shown more familiar names in their stead."""
    shown = [text[w.start : w.end] or w.text for w in tree]
    names = (w.mention.name if w.mention else None for w in tree)
    return tuple(
        Reading(word, w.tag, w.dep, shown[w.head], name) for word, w, name in zip(shown, tree, names, strict=True)
    )


def _reason(
    claim: Claim, unit: Unit, text: str, headline: bool, verdict: str, chance: float | None, before: str | None
) -> Reason:
    names = list(features(claim, unit, text, headline))
    type_right, all_right = model().judge(names)
    return Reason(
        type=claim.type,
        status=claim.status,
        ruled=before,
        given=verdict in ("given", "brought back", "added"),
        verdict=verdict,
        start=unit.tree[claim.trigger].start,
        end=unit.tree[claim.trigger].end,
        trigger=text[unit.tree[claim.trigger].start : unit.tree[claim.trigger].end] or unit.tree[claim.trigger].text,
        rule=claim.rule,
        rule_text=rule_text(claim.rule),
        frame=f"{_side(claim.source)} > {_side(claim.target)}",
        under=claim.chain,
        reported_by=claim.reporter.name if claim.reporter else None,
        type_right=round(type_right, 3),
        confidence=round(all_right, 3),
        chance=None if chance is None else round(chance, 3),
        threshold=judges().threshold,
        weights=tuple((name, round(weight, 3)) for name, weight in model().reasons(names)),
    )


def _side(actors: list[Actor]) -> str:
    return ", ".join(f"{a.name} [{a.country or '-'} {a.sector or '-'}]" for a in actors) or "nobody"


def _lines(sentence: Sentence) -> Iterator[str]:
    yield sentence.text
    yield "  parsed: " + " ".join(f"{w.word}/{w.tag}:{w.dep}" for w in sentence.words)
    if sentence.opinion is not None:
        yield f"  encoder: {_said(sentence.opinion)}"
    for reason in sentence.reasons:
        yield f"  {reason.verdict} {reason.type} {reason.status}: {reason.frame}"
        yield from (f"        {step}" for step in _steps(reason, None))
        if reason.weights:
            yield "        " + ", ".join(f"{name} {weight:+.2f}" for name, weight in reason.weights)


def _steps(reason: Reason, opinion: Opinion | None) -> Iterator[str]:
    """A reason as sentences: word, rule, governors, reporter, and what each model said."""
    yield f"word '{reason.trigger}', rule {reason.rule}: {reason.rule_text[:160]}"
    yield f"frame: {reason.frame}"
    if reason.under:
        yield f"governed by {', '.join(reason.under)}"
    if reason.ruled:
        yield f"status: {reason.ruled} by the rules, {reason.status} by the words around it"
    if reason.reported_by:
        yield f"reported by {reason.reported_by}"
    yield f"rules' model: type right {reason.type_right:.2f}, type and sides {reason.confidence:.2f}"
    if reason.chance is not None:
        yield f"both weighed: {reason.chance:.2f} (needs {reason.threshold:.2f})"
    if reason.verdict in _SAID:
        yield _SAID[reason.verdict]
    if opinion is not None:
        yield f"encoder: {_said(opinion)}"


def _said(opinion: Opinion) -> str:
    types = ", ".join(f"{kind} {chance:.2f}" for kind, chance in opinion.types)
    return f"tells an event {opinion.relevance:.2f}; if it does: {types}"
