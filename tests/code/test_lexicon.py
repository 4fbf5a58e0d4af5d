"""The rule files: every line loads, says what it means, and errors name the line."""

from __future__ import annotations

import pytest

from tocsin import data
from tocsin.code.gold import TYPES
from tocsin.code.lexicon import RuleError, _line, _nominals, lexicon, noun_key
from tocsin.code.themes import _contexts, _domains, _modes, modes


def test_every_rule_loads_and_has_a_known_type() -> None:
    rules = [rule for items in lexicon().verbs.values() for rule in items]
    assert len(rules) > 2500
    assert {rule.type for rule in rules} == TYPES | {"NONE"}


def test_a_rule_says_where_it_stands() -> None:
    for items in lexicon().verbs.values():
        for rule in items:
            name, _, line = rule.id.partition(":")
            assert rule.verb.split("-")[0][:3] in data.text(f"rules/{name}.txt").splitlines()[int(line) - 1]


def test_a_line_gives_verb_company_objects_prepositions_slots_and_flags() -> None:
    (rule,) = _line("walk out {talks} @of {AGREE} | with obj > weak mode=meet", "reject:1", "REJECT", None)
    assert (rule.verb, rule.company, rule.objects) == ("walk", ("out",), frozenset({"talk"}))
    assert rule.preps == (("of", frozenset({"AGREE"})),)
    assert (rule.slots, rule.flags, rule.mode) == (("with", "obj"), frozenset({"weak"}), "meet")


@pytest.mark.parametrize("line", ["sign {deal", "sign > shiny", "sign > type=NICE", " , sign"])
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(RuleError, match="agree:7"):
        list(_line(line, "agree:7", "AGREE", None))


def test_a_nominal_of_no_type_is_refused() -> None:
    with pytest.raises(RuleError, match="FEAST"):
        _nominals("FEAST: dinner")


@pytest.mark.parametrize(
    ("keys", "type_"),
    [
        (["joint_exercise", "exercise"], "COOPERATE"),
        (["exercise"], "MOBILIZE"),
        (["price_war", "war"], None),
        (["war"], "ASSAULT"),
        (["breakfast"], None),
    ],
)
def test_the_longest_known_spelling_of_a_noun_decides(keys: list[str], type_: str | None) -> None:
    assert lexicon().nominal(keys) == type_


def test_nouns_are_looked_up_in_american_singular() -> None:
    assert noun_key("defence_pacts") == "defense_pact"


def test_modes_and_contexts_of_the_lexicons_are_plovers() -> None:
    for type_, lines in _modes().items():
        assert {name for name, _ in lines} <= modes()[type_]
    known = set(data.text("ontology/contexts.csv").split())
    assert {name for name, _ in _contexts()} <= known
    assert {name for name, _ in _domains()} == {
        "air",
        "sea",
        "land",
        "cyber",
        "space",
        "information",
        "economic",
        "diplomatic",
        "nuclear",
    }
