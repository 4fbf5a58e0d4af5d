"""What the model looks at in a claim: its rule and words, its two sides, its standing, the setting of the sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from tocsin import data
from tocsin.code.coder import Unit
from tocsin.code.sides import Claim
from tocsin.code.words import american
from tocsin.records import Actor

_WORD = re.compile(r"[a-z][a-z'’-]+|\d+-\d+")


@cache
def settings() -> dict[str, tuple[str, ...]]:
    """The settings (sport, film, market …) that each word of `data/lexicon/settings.txt` speaks for."""
    found: dict[str, tuple[str, ...]] = {}
    for line in data.text("lexicon/settings.txt").splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(":")
            for word in words.split():
                found[word] = (*found.get(word, ()), name)
    return found


def setting(text: str) -> Counter[str]:
    """How many words of each setting a text holds."""
    counts: Counter[str] = Counter()
    known = settings()
    for word in set(_WORD.findall(text.lower())):
        counts.update(known.get(word, ()))
    return counts


def features(claim: Claim, unit: Unit, text: str, headline: bool) -> Iterator[str]:
    """The names of a claim's features; each counts 1."""
    word = unit.tree[claim.trigger]
    kind = claim.type
    yield "bias"
    yield f"type={kind}"
    yield f"rule={claim.rule}"
    yield f"form={claim.form}"
    yield f"lemma={word.lemma}"
    yield f"type+lemma={kind}+{word.lemma}"
    yield f"type+form={kind}+{claim.form}"
    yield f"status={claim.status}"
    yield f"headline={headline}"
    yield f"score={min(int(claim.score), 7)}"
    yield f"dep={word.dep}"
    yield f"type+dep={kind}+{word.dep}"
    for step in claim.chain[:3]:
        yield f"under={step}"
    yield from _sides(claim)
    yield from _place_of(claim, unit)
    for name, count in setting(text[unit.start : unit.end]).items():
        yield f"setting={name}"
        if count > 1:
            yield f"setting={name}+"
        if count > 2:
            yield f"setting={name}++"
    for token in unit.tree:
        if token.mention is None and len(token.low) > 2 and token.low.isalpha():
            yield f"word={american(token.low)}"


def _sides(claim: Claim) -> Iterator[str]:
    source, target = claim.source, claim.target
    kind = claim.type
    yield f"source={_kind(source)}"
    yield f"target={_kind(target)}"
    yield f"type+source={kind}+{_kind(source)}"
    yield f"type+target={kind}+{_kind(target)}"
    yield f"sides={_known(source)}{_known(target)}"
    yield f"form+sides={claim.form}+{_known(source)}{_known(target)}"
    mine, theirs = {a.country for a in source} - {None}, {a.country for a in target} - {None}
    if mine and theirs:
        yield f"same={bool(mine & theirs)}"
        yield f"type+same={kind}+{bool(mine & theirs)}"
    yield f"many={len(source) > 1}{len(target) > 1}"
    yield f"reported={claim.reporter is not None}"
    yield f"how={claim.found}"
    yield f"type+how={kind}+{claim.found}"


def _kind(side: list[Actor]) -> str:
    return side[0].sector or "none" if side else "nobody"


def _known(side: list[Actor]) -> str:
    return "0" if not side else "c" if side[0].country else "s"


def _place_of(claim: Claim, unit: Unit) -> Iterator[str]:
    at = claim.trigger
    yield f"early={at <= 4}"
    yield f"clauses={min(4, sum(1 for w in unit.tree if w.is_verb))}"
    yield f"length={min(6, len(unit.tree) // 8)}"
    yield f"rivals={min(4, len(unit.claims))}"
