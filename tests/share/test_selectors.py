"""What may be hidden of a published record, and whom it may be released to: nothing that would be without effect."""

from __future__ import annotations

from typing import Any

import pytest

from tocsin.share.database import ShareError
from tocsin.share.extensions import FINDING
from tocsin.share.handling import addressees
from tocsin.share.selectors import SHAPES, check_selectors
from tocsin.share.stix import to_objects

from .records import PUBLISHER, all_clear, some_findings

WHICH = {"type", "spec_version", "id", "created_by_ref", "created", "modified", "object_marking_refs", "revoked"}
MADE_OF = {
    "event": {"note"},
    "observation": {"observed-data"},
    "departure": {"sighting", "indicator"},
    "warning": {"report", "note"},
}


def properties(kinds: set[str]) -> set[str]:
    made: list[dict[str, Any]] = list(to_objects(some_findings(), PUBLISHER, all_clear))
    return {name for one in made if one["type"] in kinds for name in one} - WHICH


@pytest.mark.parametrize("kind", SHAPES)
def test_every_property_that_is_published_may_be_hidden(kind: str) -> None:
    check_selectors(f"{kind}-0", properties(MADE_OF[kind]))


@pytest.mark.parametrize(
    "selector",
    ["external_references.[0].url", f"extensions.{FINDING}.value", f"extensions.{FINDING}", "object_refs.[1]"],
)
def test_parts_of_a_property_may_be_hidden(selector: str) -> None:
    check_selectors("observation-0", [selector])


@pytest.mark.parametrize(
    ("record", "selector", "says"),
    [
        ("event-0", "external_referenses", "did you mean 'external_references'"),
        ("event-0", "colour", "known are abstract"),
        ("event-0", "description", "no property of a published event"),
        ("event-0", f"extensions.{FINDING}.value", "no property"),
        ("observation-0", f"extensions.{FINDING}.valeu", "no property"),
        ("warning-0", "external_references.[0].link", "no property"),
        ("article-0", "external_references", "not published by itself"),
    ],
)
def test_what_would_hide_nothing_is_refused(record: str, selector: str, says: str) -> None:
    with pytest.raises(ShareError, match=says):
        check_selectors(record, [selector])


def test_those_it_is_released_to_are_named_with_their_kind() -> None:
    names = ("org:harbour.example", "group:coast", "person:ada")
    assert addressees(names) == frozenset(names)
    assert addressees(()) is None
    for given, says in (("harbour.example", "as org:harbour.example"), ("orgs:harbour", "as org:harbour"),
                        ("org:", "without blanks"), ("org:two words", "without blanks")):  # fmt: skip
        with pytest.raises(ShareError, match=says):
            addressees((given,))
