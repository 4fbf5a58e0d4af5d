"""Why an event was coded: which words, which frame, which rule, what the model added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tocsin.code.choosing import chosen
from tocsin.code.coder import Unit, read_claims
from tocsin.code.features import features
from tocsin.code.model import model
from tocsin.code.parsing import Tree
from tocsin.code.sides import Claim
from tocsin.records import Actor


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
    """Why one claim was believed or not. `frame` says the sides in words; `weights` are the strongest features."""

    type: str
    status: str
    given: bool
    trigger: str
    rule: str
    rule_text: str
    frame: str
    under: tuple[str, ...]
    reported_by: str | None
    type_right: float
    confidence: float
    threshold: float
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One gated sentence or headline clause with its reading and its claims. Offsets count code points of the text."""

    start: int
    end: int
    text: str
    words: tuple[Reading, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every gated sentence of a text; sentences that name nobody or hold no trigger were not parsed and are absent."""

    sentences: tuple[Sentence, ...]

    def render(self) -> str:
        """The explanation as plain text."""
        return (
            "\n".join(line for sentence in self.sentences for line in _lines(sentence)) or "no sentence passed the gate"
        )


def explain(text: str, *, on: date | None, headline: bool = False) -> Explanation:
    """How `text` was read, sentence by sentence, with every claim the rules made and why the model took or left it."""
    return Explanation(tuple(_sentence(unit, text, headline) for unit in read_claims(text, on, headline)))


def rule_text(rule: str) -> str:
    """The line of the rule files that a rule's id (`accuse:4`) names."""
    from tocsin import data

    name, _, line = rule.partition(":")
    if name == "model":
        return f"the classifier behind the rules ({line})"
    if not line.isdigit():
        return f"event noun ({line})"
    return data.text(f"rules/{name}.txt").splitlines()[int(line) - 1]


def _sentence(unit: Unit, text: str, headline: bool) -> Sentence:
    given = chosen(unit, text, headline, model())
    reasons = tuple(_reason(claim, unit, text, headline, claim in given) for claim in unit.claims)
    return Sentence(unit.start, unit.end, text[unit.start : unit.end], _words(unit.tree, text), reasons)


def _words(tree: Tree, text: str) -> tuple[Reading, ...]:
    """The words as the text has them: the parser is shown more familiar names in their stead."""
    shown = [text[w.start : w.end] or w.text for w in tree]
    names = (w.mention.name if w.mention else None for w in tree)
    return tuple(
        Reading(word, w.tag, w.dep, shown[w.head], name) for word, w, name in zip(shown, tree, names, strict=True)
    )


def _reason(claim: Claim, unit: Unit, text: str, headline: bool, given: bool) -> Reason:
    names = list(features(claim, unit, text, headline))
    type_right, all_right = model().judge(names)
    return Reason(
        type=claim.type,
        status=claim.status,
        given=given,
        trigger=unit.tree[claim.trigger].text,
        rule=claim.rule,
        rule_text=rule_text(claim.rule),
        frame=f"{_side(claim.source)} > {_side(claim.target)}",
        under=claim.chain,
        reported_by=claim.reporter.name if claim.reporter else None,
        type_right=round(type_right, 3),
        confidence=round(all_right, 3),
        threshold=judges().threshold,
        weights=tuple((name, round(weight, 3)) for name, weight in model().reasons(names)),
    )


def _side(actors: list[Actor]) -> str:
    return ", ".join(f"{a.name} [{a.country or '-'} {a.sector or '-'}]" for a in actors) or "nobody"


def _lines(sentence: Sentence) -> list[str]:
    out = [sentence.text]
    out.append("  parsed: " + " ".join(f"{w.word}/{w.tag}:{w.dep}" for w in sentence.words))
    for r in sentence.reasons:
        out.append(f"  {'given' if r.given else 'left '} {r.type} {r.status}: {r.frame}")
        out.append(f"        word '{r.trigger}', rule {r.rule}: {r.rule_text[:160]}")
        if r.under:
            out.append(f"        governed by {', '.join(r.under)}")
        if r.reported_by:
            out.append(f"        reported by {r.reported_by}")
        out.append(
            f"        model: type right {r.type_right:.2f} (needs {r.threshold:.2f}), all right {r.confidence:.2f}"
        )
        out.append("        " + ", ".join(f"{name} {weight:+.2f}" for name, weight in r.weights))
    return out
