"""The rule of access says what it must, and no small mistake in it would go unnoticed."""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tocsin.share import rule
from tocsin.share.rule import AUDIENCES, UNKNOWN, Marking, Subject, combine, visible, wider

from .decisions import DECISIONS, JANE, NOON, Case, Thing, failures, marked, unlisted
from .strategies import markings, subjects


@pytest.mark.parametrize("case", DECISIONS, ids=lambda case: case[0])
def test_the_rule_decides_as_it_must(case: Case) -> None:
    _, subject, marking, expected = case
    assert visible(subject, Thing(marking)) is expected


@given(st.lists(markings, min_size=1, max_size=4), subjects)
@settings(max_examples=200)
def test_what_rests_on_several_things_is_seen_only_by_those_who_see_them_all(
    bases: list[Marking], who: Subject
) -> None:
    if visible(who, Thing(combine(*bases))):
        assert all(visible(who, Thing(base)) for base in bases)


@given(markings, markings, subjects)
@settings(max_examples=200)
def test_a_marking_that_is_not_wider_shows_nothing_more(marking: Marking, than: Marking, who: Subject) -> None:
    if not wider(marking, than) and visible(who, Thing(marking)):
        assert visible(who, Thing(than))


@given(markings)
def test_combining_is_idempotent_and_a_marking_is_not_wider_than_itself(marking: Marking) -> None:
    assert combine(marking, marking) == combine(marking)
    assert not wider(marking, marking)


def test_what_rests_on_something_unmarked_is_seen_by_nobody() -> None:
    assert combine(unlisted("clear"), None) == UNKNOWN
    assert combine() == UNKNOWN


def test_to_name_more_people_or_to_lower_the_level_is_wider() -> None:
    assert wider(marked("amber", "org:navy", "org:x"), marked("amber", "org:navy"))
    assert wider(marked("amber", "org:navy"), marked("red", "org:navy"))
    assert wider(unlisted("clear"), unlisted("green"))
    assert not wider(marked("red", "org:navy"), marked("amber", "org:navy", "org:x"))


def test_nobody_has_no_memberships_and_times_have_zones() -> None:
    with pytest.raises(ValidationError):
        Subject(at=NOON, communities=frozenset({"coastal-watch"}))
    with pytest.raises(ValidationError):
        Subject(at=NOON, person="jane")
    with pytest.raises(ValidationError):
        Subject(at=NOON.replace(tzinfo=None))
    with pytest.raises(ValidationError):
        Marking(tlp="clear", not_before=NOON.replace(tzinfo=None))
    assert JANE.names("unheard-of") == frozenset()


# Mutants: every small change of the rule's own source must be caught by the decisions above.

FLIPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.NotIn: ast.In,
}


def mutants_of(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """One mutant for every place: comparisons turned, and/or swapped, not and conditions dropped, answers inverted."""
    for place, node in enumerate(ast.walk(tree)):
        for label, change in changes(node):
            mutant = copy.deepcopy(tree)
            change_node = list(ast.walk(mutant))[place]
            change(change_node)
            yield f"line {getattr(node, 'lineno', '?')}: {label}", ast.fix_missing_locations(mutant)


def changes(node: ast.AST) -> Iterator[tuple[str, object]]:
    """The small changes that can be made to one node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in FLIPS:
        yield "comparison turned", lambda n: n.ops.__setitem__(0, FLIPS[type(n.ops[0])]())
    if isinstance(node, ast.BoolOp):
        swapped, neutral = (ast.And, False) if isinstance(node.op, ast.Or) else (ast.Or, True)
        yield "and/or swapped", lambda n: setattr(n, "op", swapped())
        for index in range(len(node.values)):
            yield f"condition {index} dropped", lambda n, i=index: n.values.__setitem__(i, ast.Constant(neutral))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", lambda n: setattr(n, "op", ast.UAdd())
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
        yield "answer inverted", lambda n: setattr(n.value, "value", not n.value.value)
    if isinstance(node, ast.If):
        yield "check left out", lambda n: setattr(n, "test", ast.Constant(False))
    if isinstance(node, ast.Constant) and node.value in AUDIENCES:
        yield "another level", lambda n: setattr(n, "value", "elsewhere")
    if isinstance(node, ast.Tuple) and node.elts and all(isinstance(e, ast.Constant) for e in node.elts):
        for index in range(len(node.elts)):
            yield f"name {index} not looked at", lambda n, i=index: n.elts.pop(i)
        if len(node.elts) < 4:
            yield (
                "everybody reached",
                lambda n: setattr(
                    n, "elts", [ast.Constant(x) for x in ("person", "organisation", "providers", "communities")]
                ),
            )


def rule_tree() -> ast.Module:
    """The source of the rule alone: the levels, the names of a subject, the decision."""
    tree = ast.parse(inspect.getsource(rule))
    wanted = {"AUDIENCES", "visible"}
    kept: list[ast.stmt] = []
    for node in tree.body:
        name = node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else None
        name = node.name if isinstance(node, ast.FunctionDef) else name
        if name in wanted:
            kept.append(node)
        if isinstance(node, ast.ClassDef) and node.name == "Subject":
            kept += [part for part in node.body if isinstance(part, ast.FunctionDef) and part.name == "names"]
    assert len(kept) == 3
    future = ast.parse("from __future__ import annotations").body
    return ast.Module(body=[*future, *kept], type_ignores=[])


class Asker:
    """A subject whose names are found by the mutant's own function."""

    def __init__(self, who: Subject, names: object) -> None:
        self._who, self._names = who, names

    def __getattr__(self, name: str) -> object:
        return getattr(self._who, name)

    def names(self, tlp: str) -> frozenset[str]:
        return self._names(self._who, tlp)  # type: ignore[operator,no-any-return]


def failures_of(tree: ast.Module) -> list[str]:
    space: dict[str, object] = {}
    exec(compile(tree, "mutant", "exec"), space)  # noqa: S102 - the rule's own source, changed in one place
    decide, names = space["visible"], space["names"]
    return failures(lambda who, thing: decide(Asker(who, names), thing))  # type: ignore[operator,no-any-return]


MUTANTS = list(mutants_of(rule_tree()))


def test_the_rule_itself_passes_the_checker_that_mutants_must_fail() -> None:
    assert failures_of(rule_tree()) == []


def test_there_are_many_mutants() -> None:
    assert len(MUTANTS) >= 20


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant[0])
def test_every_mutant_of_the_rule_is_caught(mutant: tuple[str, ast.Module]) -> None:
    assert failures_of(mutant[1])
