"""The model behind the rules: what it takes away, brings back and adds, and that the coder stands without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tocsin.code import code_text, second_opinion
from tocsin.code.backstop import (
    Backstop,
    Judgement,
    Limits,
    backstop,
    block_of,
    limits_array,
    model_of,
    scaled,
    sentence_features,
)
from tocsin.code.coder import Unit, read_claims
from tocsin.code.gold import TYPES
from tocsin.code.participants import Scene
from tocsin.code.second_opinion import built, settled, wanted
from tocsin.code.sides import Claim

DAY = date(2025, 6, 1)
OPEN = Limits(keep=0.3, typed=0.05, add=0.8, rescued=0.2, made=0.5)


def shipped() -> Backstop:
    model = backstop()
    assert model is not None
    return model


def read(text: str) -> tuple[list[Unit], Scene]:
    scene = Scene()
    return read_claims(text, DAY, False, scene), scene


def even(relevance: float, **types: float) -> Judgement:
    return Judgement(relevance, {kind: types.get(kind, 0.0) for kind in sorted(TYPES)})


def claim_on(unit: Unit, lemma: str, kind: str, scene: Scene) -> Claim:
    at = next(i for i, word in enumerate(unit.tree) if word.lemma == lemma)
    return built(unit, at, kind, scene)


def test_the_shipped_model_knows_every_type_and_its_numbers_are_finite() -> None:
    model = shipped()
    assert set(model.types) == TYPES
    assert model.weights.shape == (len(model.index), 1 + len(TYPES))
    assert np.isfinite(model.weights).all()
    assert np.isfinite(model.scale).all()


def test_calibration_rises_from_doubt_to_trust_and_stays_a_probability() -> None:
    shares = [shipped().calibrated(x) for x in np.linspace(0, 1, 30)]
    assert shares == sorted(shares)
    assert 0 <= shares[0] < shares[-1] <= 1


def test_a_sentence_of_states_is_more_relevant_than_one_of_sport() -> None:
    told, _ = read("Turkey's foreign minister accused Greece of arming islands in the Aegean.")
    sport, _ = read("Spain's striker attacked the Italian defence from the first minute of the final.")
    model = shipped()
    high = model.judge(sentence_features(told, "Turkey's foreign minister accused Greece of arming islands.", False))
    low = model.judge(
        sentence_features(
            sport, "Spain's striker attacked the Italian defence from the first minute of the final.", False
        )
    )
    assert high.relevance > low.relevance
    assert max(high.types, key=lambda kind: high.types[kind]) == "ACCUSE"


def test_each_block_of_features_has_length_one() -> None:
    values = scaled(np.array([3.0, 4.0, 2.0], dtype=np.float32), np.array([0, 0, 1], dtype=np.int8))
    assert values == pytest.approx([0.6, 0.8, 1.0])


def test_limits_and_blocks_survive_the_weights_file() -> None:
    arrays = {
        "names": np.array(["claim:none", "word:fire"]), "types": np.array(["AID"]), "scale": np.ones(2),
        "bias": np.zeros(2), "weights": np.zeros((2, 2)),
        "knots": np.array([[0, 0], [1, 1]]), "limits": limits_array(OPEN),
    }  # fmt: skip
    model = model_of(arrays)
    assert model.limits.add == pytest.approx(OPEN.add)
    assert model.block.tolist() == [block_of("claim:none"), block_of("word:fire")] == [2, 0]
    assert model.judge(["word:unseen"]).relevance == pytest.approx(0.5)


def test_only_likely_types_that_nobody_told_are_wanted_and_the_likeliest_comes_first() -> None:
    judgement = even(0.9, AID=0.6, REQUEST=0.3, ACCUSE=0.25, AGREE=0.9)
    assert wanted(judgement, {"AGREE"}, {"REQUEST"}, OPEN) == ["AID", "REQUEST"]


def test_a_claim_the_rules_believed_falls_where_the_sentence_tells_nothing() -> None:
    units, scene = read("Kenya accused Somalia of smuggling.")
    claims = [c for c in units[0].claims if c.type == "ACCUSE"]
    model = replace(shipped(), limits=OPEN)
    assert settled(units, [claims], even(0.1, ACCUSE=0.9), model, scene) == [[]]
    assert settled(units, [claims], even(0.5, ACCUSE=0.9), model, scene) == [claims]


def test_a_claim_the_rules_made_and_left_is_brought_back_with_their_sides() -> None:
    units, scene = read("Kenya accused Somalia of smuggling.")
    model = replace(shipped(), limits=OPEN)
    [[claim]] = settled(units, [[]], even(0.95, ACCUSE=0.9), model, scene)
    assert claim.rule == "model:ACCUSE"
    assert ([a.country for a in claim.source], [a.country for a in claim.target]) == (["KEN"], ["SOM"])


def test_nothing_is_added_below_the_relevance_that_adding_needs() -> None:
    units, scene = read("Kenya accused Somalia of smuggling.")
    model = replace(shipped(), limits=OPEN)
    assert settled(units, [[]], even(0.7, ACCUSE=0.9), model, scene) == [[]]


@pytest.mark.parametrize(
    ("text", "lemma", "source", "target"),
    [
        ("Norway rebuked Denmark over the ferry.", "rebuke", ["NOR"], ["DNK"]),
        ("Denmark was rebuked by Norway over the ferry.", "rebuke", ["NOR"], ["DNK"]),
        ("Norway talked with Denmark over the ferry.", "talk", ["NOR"], ["DNK"]),
    ],
)
def test_the_sides_of_an_added_claim_are_its_subject_and_its_object_or_partner(
    text: str, lemma: str, source: list[str], target: list[str]
) -> None:
    units, scene = read(text)
    claim = claim_on(units[0], lemma, "ACCUSE", scene)
    assert [a.country for a in claim.source] == source
    assert [a.country for a in claim.target] == target


def test_a_future_makes_an_added_event_planned() -> None:
    units, scene = read("Norway will rebuke Denmark.")
    assert claim_on(units[0], "rebuke", "ACCUSE", scene).status == "planned"


def test_without_a_model_the_rules_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "backstop", lambda: None)
    events = code_text("Kenya accused Somalia of smuggling.", on=DAY).events
    assert [e.type for e in events] == ["ACCUSE"]
    assert not any(e.rule.startswith("model:") for e in events)


def test_no_sentence_tells_one_type_twice_by_rule_and_by_model() -> None:
    text = "Egypt rebuked Ethiopia over the dam and urged Sudan to join talks. Poland criticised Hungary."
    events = code_text(text, on=DAY).events
    for event in events:
        if event.rule.startswith("model:"):
            same = [e for e in events if e.type == event.type and e.quote == event.quote]
            assert len(same) == 1
