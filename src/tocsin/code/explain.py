"""Why an event was coded: which words, which frame, which rule, what the models added.

Two models speak. The rules' own judges each claim (`model`); the sentence model then judges the whole sentence
(`second_opinion`) and may take a claim away, bring one back that the rules had left, or add one that no rule made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tocsin.code.backstop import backstop, sentence_features
from tocsin.code.choosing import chosen
from tocsin.code.coder import Unit, read_claims
from tocsin.code.features import features
from tocsin.code.model import model
from tocsin.code.parsing import Tree
from tocsin.code.participants import Scene
from tocsin.code.second_opinion import reconsidered
from tocsin.code.settling import settle
from tocsin.code.sides import Claim
from tocsin.code.tongue import foreign_script, tongue
from tocsin.records import Actor, Event

MOST_TYPES = 5
"""Types of the sentence model's opinion that are shown."""
_SAID = {
    "taken away": "the sentence model took it away",
    "brought back": "the rules' model had left it; the sentence model brought it back",
    "added": "no rule made it; the sentence model added it, its sides read off the words around",
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

    `verdict` is `given` or `left` where both models agree, `taken away` where the sentence model took it from the
    rules, `brought back` where it gave what the rules had left, `added` where no rule made it.
    """

    type: str
    status: str
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
    threshold: float
    weights: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the sentence model holds of a whole sentence: the chance that it tells an event, and of which types."""

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
    """Every gated sentence of a text; sentences that name nobody or hold no trigger were not parsed and are absent."""

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
    believed = [chosen(unit, text, headline, model()) for unit in units]
    final = reconsidered(units, believed, text, headline, scene)
    for unit, claims in zip(units, final, strict=True):
        for claim in claims:
            settle(claim, unit, scene)
    opinions = _opinions(units, text, headline)
    rows = zip(units, believed, final, opinions, strict=True)
    return Explanation(tuple(_sentence(*row, text, headline) for row in rows))


def why(event: Event, text: str, *, on: date | None) -> tuple[str, ...]:
    """How an event came out of `text`, a line a step. Nothing where the text is read otherwise now."""
    if event.coder.startswith("tocsin-zh"):
        return (f"Word {event.rule.removeprefix('zh:')}, sides by the order of words",)
    for sentence in explain(text, on=on, headline=event.headline).sentences:
        if sentence.start <= event.quote.start and event.quote.end <= sentence.end:
            for reason in sentence.reasons:
                if reason.given and (reason.type, reason.rule) == (event.type, event.rule):
                    return tuple(_steps(reason, sentence.opinion))
    return ()


def rule_text(rule: str) -> str:
    """The line of the rule files that a rule's id (`accuse:4`) names."""
    from tocsin import data

    name, _, line = rule.partition(":")
    if name == "model":
        return f"the classifier behind the rules ({line})"
    if not line.isdigit():
        return f"event noun ({line})"
    return data.text(f"rules/{name}.txt").splitlines()[int(line) - 1]


def _opinions(units: Sequence[Unit], text: str, headline: bool) -> list[Opinion | None]:
    """The sentence model's view of each unit's sentence; the clauses of a headline share one."""
    judge = backstop()
    out: list[Opinion | None] = []
    for _, group in groupby(units, key=lambda unit: unit.start):
        clauses = list(group)
        if judge is None:
            out += [None] * len(clauses)
            continue
        found = judge.judge(sentence_features(clauses, text, headline))
        ranked = sorted(found.types.items(), key=lambda item: (-item[1], item[0]))[:MOST_TYPES]
        opinion = Opinion(round(found.relevance, 3), tuple((kind, round(chance, 3)) for kind, chance in ranked))
        out += [opinion] * len(clauses)
    return out


def _sentence(
    unit: Unit, believed: list[Claim], final: list[Claim], opinion: Opinion | None, text: str, headline: bool
) -> Sentence:
    rescued = {claim.rule: claim for claim in final if not any(claim is made for made in unit.claims)}
    reasons = [_reason(claim, unit, text, headline, _verdict(claim, believed, final)) for claim in unit.claims]
    reasons += [
        _reason(claim, unit, text, headline, "brought back" if _made(claim, unit) else "added")
        for claim in rescued.values()
    ]
    return Sentence(unit.start, unit.end, text[unit.start : unit.end], _words(unit.tree, text), tuple(reasons), opinion)


def _verdict(claim: Claim, believed: Sequence[Claim], final: Sequence[Claim]) -> str:
    had, has = any(claim is one for one in believed), any(claim is one for one in final)
    if has:
        return "given" if had else "brought back"
    return "taken away" if had else "left"


def _made(claim: Claim, unit: Unit) -> bool:
    """Whether a rule had made, and its model left, what the sentence model gives."""
    return any(made.trigger == claim.trigger and made.type == claim.type for made in unit.claims)


def _words(tree: Tree, text: str) -> tuple[Reading, ...]:
    """The words as the text has them: the parser is shown more familiar names in their stead."""
    shown = [text[w.start : w.end] or w.text for w in tree]
    names = (w.mention.name if w.mention else None for w in tree)
    return tuple(
        Reading(word, w.tag, w.dep, shown[w.head], name) for word, w, name in zip(shown, tree, names, strict=True)
    )


def _reason(claim: Claim, unit: Unit, text: str, headline: bool, verdict: str) -> Reason:
    names = list(features(claim, unit, text, headline))
    type_right, all_right = model().judge(names)
    return Reason(
        type=claim.type,
        status=claim.status,
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
        threshold=model().threshold,
        weights=tuple((name, round(weight, 3)) for name, weight in model().reasons(names)),
    )


def _side(actors: list[Actor]) -> str:
    return ", ".join(f"{a.name} [{a.country or '-'} {a.sector or '-'}]" for a in actors) or "nobody"


def _lines(sentence: Sentence) -> Iterator[str]:
    yield sentence.text
    yield "  parsed: " + " ".join(f"{w.word}/{w.tag}:{w.dep}" for w in sentence.words)
    if sentence.opinion is not None:
        yield f"  sentence model: {_said(sentence.opinion)}"
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
    if reason.reported_by:
        yield f"reported by {reason.reported_by}"
    yield f"model: type right {reason.type_right:.2f} (needs {reason.threshold:.2f}), all right {reason.confidence:.2f}"
    if reason.verdict in _SAID:
        yield _SAID[reason.verdict]
    if opinion is not None:
        yield f"sentence model: {_said(opinion)}"


def _said(opinion: Opinion) -> str:
    types = ", ".join(f"{kind} {chance:.2f}" for kind, chance in opinion.types)
    return f"tells an event {opinion.relevance:.2f}; if it does: {types}"
