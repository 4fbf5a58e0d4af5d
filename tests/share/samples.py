"""STIX objects for tests, small and valid."""

from __future__ import annotations

import random
import uuid
from typing import Any

from tocsin.share.handling import Stix, mark
from tocsin.share.objects import Item, item_of
from tocsin.share.rule import Marking

TIME = "2026-02-01T00:00:00.000Z"


def an_id(kind: str, name: str) -> str:
    """The same id for the same name."""
    return f"{kind}--{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def a_note(name: str, *refs: str, modified: str = TIME, **more: Any) -> Stix:
    """A note about `refs`, or about an object that is nowhere."""
    return {
        "type": "note",
        "spec_version": "2.1",
        "id": an_id("note", name),
        "created": TIME,
        "modified": modified,
        "content": f"What is said about {name}.",
        "object_refs": list(refs) or [an_id("identity", "nobody")],
        **more,
    }


def a_report(name: str, *refs: str, **more: Any) -> Stix:
    """A report that refers to `refs`."""
    return a_note(name, *refs) | {
        "type": "report",
        "id": an_id("report", name),
        "name": f"name-of-{name}",
        "description": f"description-of-{name}",
        "published": TIME,
        "external_references": [{"source_name": "wire", "url": f"https://example.org/{name}"}],
        **more,
    }


def an_identity(name: str, *, modified: str = TIME, **more: Any) -> Stix:
    """An organisation. It refers to nothing."""
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": an_id("identity", name),
        "created": TIME,
        "modified": modified,
        "name": f"name-of-{name}",
        "identity_class": "organization",
        **more,
    }


def a_relationship(name: str, source: str, target: str, **more: Any) -> Stix:
    """A relationship between two objects."""
    return {
        "type": "relationship",
        "spec_version": "2.1",
        "id": an_id("relationship", name),
        "created": TIME,
        "modified": TIME,
        "relationship_type": "related-to",
        "source_ref": source,
        "target_ref": target,
        **more,
    }


CLEAR = Marking(tlp="clear")


def an_item(stix: Stix, marking: Marking = CLEAR) -> Item:
    """The object, marked and checked. An unknown level is given as it would arrive: as a marking nobody knows."""
    if marking.tlp in ("clear", "green", "amber", "amber+strict", "red"):
        return item_of(mark(stix, marking))
    strange = stix | {"object_marking_refs": [an_id("marking-definition", marking.tlp)]}
    return item_of(strange)


def chance(seed: int) -> random.Random:
    """A die that falls the same way every time."""
    return random.Random(seed)
