"""What of an object is left when references are cut: nothing that was marked apart is shown to more than before."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.share.handling import Stix, mark, marking_of, redact
from tocsin.share.objects import item_of, keep_references
from tocsin.share.rule import Marking, Subject

from .decisions import NOON
from .samples import a_note, a_report, an_id, an_identity

HIDDEN, FIRST, SECOND = (an_id("identity", name) for name in ("hidden", "first", "second"))
SEEN = {FIRST, SECOND}
EXTENSION = "extension-definition--11111111-1111-4111-8111-111111111111"
ALLY = Marking(tlp="green", releasable_to=frozenset({"org:ally"}))
CLIENT = Marking(tlp="amber", releasable_to=frozenset({"org:ally"}))


def subject(organisation: str) -> Subject:
    return Subject(at=NOON, person="p", organisation=organisation)


def shown(stix: Stix, organisation: str) -> Stix:
    """What an organisation gets from a node that has only this view of the object."""
    return redact(subject(organisation), stix, item_of(stix).marking)


def extended(**properties: Any) -> Stix:
    return a_note("x", FIRST, extensions={EXTENSION: {"extension_type": "property-extension", **properties}})


@pytest.mark.parametrize("part", [ALLY, CLIENT])
def test_an_element_that_is_marked_stays_marked_in_a_shorter_list(part: Marking) -> None:
    note = extended(source_refs=[HIDDEN, FIRST, SECOND])
    marked = mark(note, Marking(tlp="clear", fields={f"extensions.{EXTENSION}.source_refs.[1]": part}))
    view = keep_references(marked, SEEN)
    assert view["extensions"][EXTENSION]["source_refs"] == [FIRST, SECOND]
    assert shown(view, "ally")["extensions"][EXTENSION]["source_refs"] == [FIRST, SECOND]
    assert FIRST not in str(shown(view, "other")["extensions"])


def test_the_names_of_an_element_go_with_its_marking() -> None:
    report = a_report("x", FIRST) | {"where_sighted_refs": [HIDDEN, FIRST, SECOND]}
    fields = {"where_sighted_refs.[1]": ALLY, "where_sighted_refs.[2]": CLIENT}
    view = keep_references(mark(report, Marking(tlp="clear", fields=fields)), SEEN)
    (part,) = (item_of(view).marking.fields).values()
    assert part == CLIENT
    assert "where_sighted_refs" not in shown(view, "other")


def test_elements_for_nobody_and_for_somebody_are_together_for_nobody() -> None:
    fields = {"where_sighted_refs.[1]": ALLY, "where_sighted_refs.[2]": Marking(tlp="amber")}
    report = a_report("x", FIRST) | {"where_sighted_refs": [HIDDEN, FIRST, SECOND]}
    view = keep_references(mark(report, Marking(tlp="clear", fields=fields)), SEEN)
    assert "where_sighted_refs" not in shown(view, "ally")


def test_what_only_referred_leaves_no_trace() -> None:
    note = extended(ends=[{"x_ref": HIDDEN}, {"x_ref": FIRST}], other=[{"x_ref": HIDDEN}], nothing=[None, {}])
    fields = {f"extensions.{EXTENSION}.ends.[0].x_ref": ALLY, f"extensions.{EXTENSION}.ends.[1]": CLIENT}
    view = keep_references(mark(note, Marking(tlp="clear", fields=fields)), SEEN)
    left = view["extensions"][EXTENSION]
    assert left == {"extension_type": "property-extension", "ends": [{"x_ref": FIRST}], "nothing": [None, {}]}
    assert item_of(view).marking.fields == {f"extensions.{EXTENSION}.ends": CLIENT}


def test_a_marking_of_a_reference_that_is_cut_goes_with_it() -> None:
    note = mark(a_note("x", FIRST, created_by_ref=HIDDEN), Marking(tlp="clear", fields={"created_by_ref": ALLY}))
    assert marking_of(keep_references(note, SEEN)) == Marking(tlp="clear")


def test_a_hidden_field_that_was_all_of_an_element_shortens_the_list() -> None:
    note = extended(ends=[{"x": "one"}, {"x": "two"}])
    whom = {"one": Marking(tlp="amber", releasable_to=frozenset({"org:home"})), "two": CLIENT}
    fields = {f"extensions.{EXTENSION}.ends.[{n}].x": part for n, part in enumerate(whom.values())}
    view = shown(mark(note, Marking(tlp="clear", fields=fields)), "ally")
    assert view["extensions"][EXTENSION]["ends"] == [{"x": "two"}]
    assert "two" not in str(shown(view, "other"))


@pytest.mark.parametrize("fields", [5, {"description": 5}, {"description": [{}]}])
def test_lists_of_names_that_are_none_trouble_nobody_else(fields: object) -> None:
    marked = mark(an_identity("x", created_by_ref=HIDDEN), ALLY)
    (said,) = marked["extensions"].values()
    said["fields"] = fields
    assert keep_references(marked, set())["id"] == marked["id"]
    selector = {"marking_ref": marked["object_marking_refs"][0], "selectors": [5]}
    assert item_of(mark(an_identity("y"), ALLY) | {"granular_markings": [selector]}).marking.tlp == "unknown"
