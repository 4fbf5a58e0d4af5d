"""The marking of a STIX object: read from it, written onto it, and what of the object somebody may see.

The level is the official TLP 2.0 marking definition. What STIX has no words for (`releasable_to`, embargo) is
tocsin's own property extension (its published definition is in `data/share/extensions.toml`): a client that does not
know it still reads the object. Fields are marked with STIX granular markings (STIX 2.1, section 7.2.3).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import ValidationError

from tocsin import data
from tocsin.share.database import ShareError
from tocsin.share.extensions import HANDLING
from tocsin.share.rule import UNKNOWN, Marked, Marking, Subject, combine, visible

Stix = dict[str, Any]

_NAME = re.compile(r"(person|org|group):[!-~]{1,200}")
_ELEMENT = re.compile(r"\[\d{1,9}\]")


class _Levels:
    """The facts of `data/share/tlp.toml`."""

    def __init__(self) -> None:
        facts = tomllib.loads(data.text("share/tlp.toml"))
        self.extension: str = facts["extension"]
        self.created: str = facts["created"]
        self.refs: dict[str, str] = facts["levels"]
        self.levels: dict[str, str] = {ref: level for level, ref in self.refs.items()} | facts["old"]


@cache
def levels() -> _Levels:
    """The official marking definitions by level, and back."""
    return _Levels()


def definition(level: str) -> Stix:
    """The official TLP 2.0 marking definition of a level."""
    facts = levels()
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": facts.refs[level],
        "created": facts.created,
        "name": f"TLP:{level.upper()}",
        "extensions": {facts.extension: {"extension_type": "property-extension", "tlp_2_0": level}},
    }


def marking_of(stix: Stix) -> Marking | None:
    """How an object says it may be handled; None where it says nothing; `UNKNOWN` where it says what we do not know."""
    refs = stix.get("object_marking_refs")
    if stix["type"] in ("marking-definition", "extension-definition"):
        return Marking(tlp="clear")  # they say how to read others, and nothing else
    if not refs:
        return None
    if not isinstance(refs, list) or any(ref not in levels().levels for ref in refs):
        return UNKNOWN
    said = (stix.get("extensions") or {}).get(HANDLING, {})
    try:
        whole = combine(*(_with_names(Marking(tlp=levels().levels[ref]), said) for ref in refs))
        return whole.model_copy(update={"fields": _fields(stix, said)})
    except (ValidationError, TypeError, AttributeError, KeyError):
        return UNKNOWN


def _with_names(marking: Marking, said: Mapping[str, Any]) -> Marking:
    return Marking(
        tlp=marking.tlp,
        releasable_to=_names(said.get("releasable_to")),
        not_before=said.get("not_before"),
        not_after=said.get("not_after"),
    )


def _names(said: object) -> frozenset[str] | None:
    """A list of names; what could be nobody's name reaches nobody and is left out."""
    if said is None:
        return None
    if not isinstance(said, list):
        raise TypeError("releasable_to is not a list of names")
    return frozenset(name for name in said if isinstance(name, str) and _NAME.fullmatch(name))


def addressees(given: Collection[str]) -> frozenset[str] | None:
    """Whom something is released to, as somebody wrote it down; None for nobody. Raises `ShareError`.

    A name without its kind would be stored and reach nobody.
    """
    for name in given:
        if not _NAME.fullmatch(name):
            bare = name.rpartition(":")[2]
            raise ShareError(
                f"{name!r} names nobody: write org:NAME, group:NAME or person:NAME"
                + (f", as org:{bare}." if _NAME.fullmatch(f"org:{bare}") else ", without blanks and in ASCII.")
            )
    return frozenset(given) or None


def _fields(stix: Stix, said: Mapping[str, Any]) -> dict[str, Marking]:
    """The marking of every selector. A field's own list of names is in the handling extension, by selector."""
    fields: dict[str, Marking] = {}
    for granular in stix.get("granular_markings", ()):
        for selector in granular["selectors"]:
            ref = granular.get("marking_ref")
            if not isinstance(selector, str):
                raise TypeError("a selector is text")
            if ref is None:
                continue  # the language of a field, which hides nothing
            known = levels().levels.get(ref)
            marking = Marking(tlp=known) if known else UNKNOWN
            names = _names((said.get("fields") or {}).get(selector))
            if names is not None:
                marking = marking.model_copy(update={"releasable_to": names})
            fields[selector] = combine(fields[selector], marking) if selector in fields else marking
    return fields


def mark(stix: Stix, marking: Marking) -> Stix:
    """The object with this marking written onto it, and no other."""
    marked = {name: value for name, value in stix.items() if name not in ("object_marking_refs", "granular_markings")}
    extensions = {name: value for name, value in stix.get("extensions", {}).items() if name != HANDLING}
    marked["object_marking_refs"] = [levels().refs[marking.tlp]]
    granular = [{"marking_ref": levels().refs[part.tlp], "selectors": [name]} for name, part in marking.fields.items()]
    if granular:
        marked["granular_markings"] = granular
    said: Stix = {"extension_type": "property-extension"}
    if marking.releasable_to is not None:
        said["releasable_to"] = sorted(marking.releasable_to)
    for name in ("not_before", "not_after"):
        time: datetime | None = getattr(marking, name)
        if time is not None:
            said[name] = time.isoformat().replace("+00:00", "Z")
    named = {name: part.releasable_to for name, part in marking.fields.items()}
    lists = {name: sorted(names) for name, names in named.items() if names is not None}
    if lists:
        said["fields"] = lists
    if len(said) > 1:
        extensions[HANDLING] = said
    if extensions:
        marked["extensions"] = extensions
    else:
        marked.pop("extensions", None)
    return marked


class _Whole:
    """A field as the rule sees it: at least as restricted as the object it is a field of."""

    def __init__(self, marking: Marking) -> None:
        self.marking: Marking | None = marking


def whole(marking: Marking | None) -> Marked:
    """A thing with nothing but a marking, for asking the rule."""
    return _Whole(marking) if marking is not None else _Whole(UNKNOWN)


def redact(subject: Subject, stix: Stix, marking: Marking) -> Stix:
    """The object without the fields that `subject` may not see, and without a trace of there having been any."""
    hidden = {
        selector for selector, part in marking.fields.items() if not visible(subject, whole(combine(marking, part)))
    }
    if not hidden:
        return stix
    left = deepcopy(stix)
    removed = {_remove(left, selector) for selector in sorted(hidden, key=_order, reverse=True)}
    return mark_what_is_left(left, hidden | removed)


def _order(selector: str) -> list[tuple[int, str]]:
    """Later list elements first, so that removing one does not renumber the next."""
    return [(int(step[1:-1]), "") if _ELEMENT.fullmatch(step) else (-1, step) for step in selector.split(".")]


def _remove(stix: Stix, selector: str) -> str:
    """Take out what the selector names, and the container if nothing is left in it (STIX has no empty ones).

    Returns the selector of the outermost that went.
    """
    trail: list[tuple[Any, Any]] = []
    here: Any = stix
    for step in selector.split("."):
        key: Any = int(step[1:-1]) if _ELEMENT.fullmatch(step) else step
        there = key < len(here) if isinstance(here, list) and isinstance(key, int) else False
        if not there and not (isinstance(here, dict) and key in here):
            return selector
        trail.append((here, key))
        here = here[key]
    gone = selector.split(".")
    for container, key in reversed(trail):
        del container[key]
        if container:
            break
        gone.pop()
    return ".".join(gone)


def mark_what_is_left(stix: Stix, gone: set[str]) -> Stix:
    """Markings of what is gone go with it; one of an element of a shortened list becomes one of the list.

    The elements have other numbers now, and views of one version in which they differ are joined.
    """
    lists = {match[1] for selector in gone if (match := re.match(r"(.+)\.\[\d+\]\Z", selector))}
    shortened = sorted(lists, key=len)

    def moved(selector: str) -> str:
        return next((name for name in shortened if selector.startswith(f"{name}.[")), selector)

    granular, unnamed = [], set()
    said = stix.get("extensions", {}).get(HANDLING, {})
    named = said.pop("fields", {})
    named = named if isinstance(named, dict) else {}
    for one in stix.pop("granular_markings", ()):
        kept = {name for name in one["selectors"] if not any(_within(name, other) for other in gone)}
        if kept:
            granular.append(one | {"selectors": sorted({moved(name) for name in kept})})
        if "marking_ref" in one and levels().levels.get(one["marking_ref"]) not in ("clear", "green"):
            unnamed |= {moved(name) for name in kept if name not in named}
    if granular:
        stix["granular_markings"] = granular
    fields: dict[str, list[str]] = {}
    for name, names in named.items():
        if isinstance(names, list) and not any(_within(name, other) for other in gone):
            known = {one for one in names if isinstance(one, str)}
            common = known.intersection(fields.get(moved(name), known))
            fields[moved(name)] = [] if moved(name) in unnamed else sorted(common)
    if fields:
        said["fields"] = fields
    if said and set(said) == {"extension_type"}:
        del stix["extensions"][HANDLING]
        if not stix["extensions"]:
            del stix["extensions"]
    return stix


def _within(selector: str, other: str) -> bool:
    return selector == other or selector.startswith(f"{other}.")
