"""Which parts of a published record may be marked by themselves: the properties of the objects that it becomes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tocsin.share.database import ShareError
from tocsin.share.extensions import EVENT, FINDING, schema

Shape = Mapping[str, Any]
"""The names that may come next in a selector; `[]` is an element of a list."""

_LIST: Shape = {"[]": {}}
_REFERENCES: Shape = {"[]": {"source_name": {}, "url": {}, "description": {}, "hashes": {"SHA-256": {}}}}


def _plain(*names: str) -> Shape:
    return {name: {} for name in names}


def _extension(id: str, name: str) -> Shape:
    return {id: {key: _LIST for key in schema(name)["properties"] if key != "extension_type"}}


_NOTE: Shape = {"abstract": {}, "content": {}, "object_refs": _LIST}

SHAPES: Mapping[str, Shape] = {
    "event": {
        **_NOTE,
        "confidence": {},
        "external_references": _REFERENCES,
        "extensions": _extension(EVENT, "event"),
    },
    "observation": {
        **_plain("first_observed", "last_observed", "number_observed"),
        "object_refs": _LIST,
        "external_references": _REFERENCES,
        "extensions": _extension(FINDING, "finding"),
    },
    "departure": {
        **_plain("description", "sighting_of_ref", "first_seen", "last_seen"),
        **_plain("name", "pattern", "pattern_type", "valid_from"),
        "indicator_types": _LIST,
        "extensions": _extension(FINDING, "finding"),
    },
    "warning": {
        **_NOTE,
        **_plain("name", "description", "published", "confidence"),
        "report_types": _LIST,
        "external_references": _REFERENCES,
        "extensions": _extension(FINDING, "finding"),
    },
}
"""By kind of record: what `stix` makes of it, without what says which object it is."""

_ELEMENT = re.compile(r"\[\d{1,9}\]")


def check_selectors(record: str, selectors: Iterable[str]) -> None:
    """Make sure that each selector names something in the objects that a record becomes: one that does not would hide
    nothing. Raises `ShareError`.
    """
    kind = record.partition("-")[0]
    for selector in selectors:
        if kind not in SHAPES:
            raise ShareError(
                f"{record} is not published by itself, so there is no {selector!r} to hide: hide it of the events and"
                " figures that rest on it."
            )
        if not _names(SHAPES[kind], selector):
            near = difflib.get_close_matches(selector, SHAPES[kind], n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(SHAPES[kind]))}."
            raise ShareError(f"{selector!r} is no property of a published {kind}; {hint}")


def _names(shape: Shape, selector: str) -> bool:
    for step in selector.split("."):
        key = "[]" if _ELEMENT.fullmatch(step) else step
        if key not in shape:
            return False
        shape = shape[key]
    return True
