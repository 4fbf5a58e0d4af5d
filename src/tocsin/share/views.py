"""Two views of one version of an object: do they agree, and what do they say together?

A node that may see less of an object holds a view of it with fields and references left out. Views agree where nothing
that both say differs; what they say together does not depend on which came first.
"""

from __future__ import annotations

import json
from typing import Any

from tocsin.share.handling import Stix


class ConflictError(ValueError):
    """Two views say different things."""


def joined(one: Stix, other: Stix) -> Stix:
    """What two views of one version say together. Raises `ConflictError` where they contradict each other."""
    result: Stix = _joined("", one, other)
    return result


def _joined(name: str, one: Any, other: Any) -> Any:
    if one == other:
        return one
    if isinstance(one, dict) and isinstance(other, dict):
        keys = [*one, *(key for key in other if key not in one)]
        return {
            key: _joined(key, one[key], other[key]) if key in one and key in other else one.get(key, other.get(key))
            for key in keys
        }
    if isinstance(one, list) and isinstance(other, list) and (name.endswith("_refs") or name in _SETS):
        if name == "object_marking_refs":
            raise ConflictError(name)
        return _together(one, other)
    raise ConflictError(name)


_SETS = {"granular_markings", "selectors"}


def _together(one: list[Any], other: list[Any]) -> list[Any]:
    """The fuller list where one holds the other, else both in a fixed order."""
    texts = [[json.dumps(item, sort_keys=True) for item in items] for items in (one, other)]
    if set(texts[0]) >= set(texts[1]):
        return one
    if set(texts[1]) >= set(texts[0]):
        return other
    return [json.loads(text) for text in sorted({*texts[0], *texts[1]})]
