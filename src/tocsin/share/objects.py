"""A STIX object as it comes in: is it well-formed, what does it refer to, which version is it.

The check is structural: what every type must hold (`data/share/stix21.toml`), the kind of the common properties, and
bounds on size and depth. It is the gate of a server, fast and free of surprises; tests hold what tocsin itself makes
against the full `stix2-validator`.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from tocsin import data
from tocsin.share.database import ShareError
from tocsin.share.extensions import HANDLING
from tocsin.share.handling import Stix, mark, mark_what_is_left, marking_of
from tocsin.share.rule import UNKNOWN, Marking, combine

TIMELESS = "1970-01-01T00:00:00.000Z"
"""The version of an object that states no time (an observable): it has only one."""

DEEPEST = 32
LONGEST = 1_000_000
"""Bytes of one object's JSON."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_TYPE = re.compile(r"[a-z][a-z0-9-]{2,249}")
_ID = re.compile(rf"([a-z][a-z0-9-]{{2,249}})--{_UUID}")
_TIME = re.compile(
    r"\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?Z", re.ASCII
)


class RefusedError(ShareError):
    """An object cannot be taken; the message is one sentence for whoever sent it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one object, ready to be kept. `refs` are (id, need) with need each, some or none."""

    id: str
    type: str
    spec_version: str
    version: str
    revoked: bool
    digest: str
    marking: Marking
    payload: Stix
    refs: frozenset[tuple[str, str]]


class _Grammar:
    """The facts of `data/share/stix21.toml`."""

    def __init__(self) -> None:
        facts = tomllib.loads(data.text("share/stix21.toml"))
        families: dict[str, list[str]] = facts["families"]
        self.family = {kind: family for family, kinds in families.items() for kind in kinds}
        self.required: dict[str, list[str]] = facts["required"]
        self.one_of: dict[str, list[str]] = facts["one_of"]
        self.each: dict[str, list[str]] = facts["each"]
        self.some: dict[str, list[str]] = facts["some"]
        self.kinds: dict[str, str] = facts["kinds"]


@cache
def grammar() -> _Grammar:
    """What STIX 2.1 asks of every type."""
    return _Grammar()


def item_of(stix: object, *, unmarked: Marking | None = None) -> Item:
    """Check an object and make it ready to be kept. `unmarked` is written onto one that carries no marking.

    Raises `RefusedError`.
    """
    checked = kept = check(stix)
    marking = marking_of(checked)
    if marking is None and unmarked is not None:
        marking, kept = unmarked, mark(checked, unmarked)
    if marking is None:
        raise RefusedError("The object has no TLP marking, so nobody could see it: mark it and send it again.")
    return Item(
        id=checked["id"],
        type=checked["type"],
        spec_version=checked.get("spec_version", "2.0"),
        version=canonical_time(checked.get("modified") or checked.get("created") or TIMELESS),
        revoked=checked.get("revoked") is True,
        digest=digest(checked),
        marking=_fold(checked["type"], marking),
        payload=kept,
        refs=frozenset(references(checked)),
    )


def digest(stix: Stix) -> str:
    """The hash of an object's content: equal for the same content, however it is spelt. Raises `RefusedError`."""
    try:
        canonical = json.dumps(
            stix, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()
    except (UnicodeEncodeError, ValueError) as error:
        raise RefusedError("The object holds text that is not Unicode, or a number that is none.") from error
    if len(canonical) > LONGEST:
        raise RefusedError(f"The object is longer than {LONGEST} bytes.")
    return hashlib.sha256(canonical).hexdigest()


def as_text(stix: Stix) -> str:
    """An object as it is kept and sent."""
    return json.dumps(stix, ensure_ascii=False, separators=(",", ":"))


def canonical_time(time: str | datetime) -> str:
    """A STIX time to the microsecond, so that versions of one object sort as text. Finer digits are cut."""
    if isinstance(time, datetime):
        return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    whole, _, fraction = time.removesuffix("Z").partition(".")
    return f"{whole}.{fraction[:6]:0<6}Z"


def check(stix: object) -> Stix:
    """The object, if it is a well-formed STIX object. Raises `RefusedError` with what is wrong and where."""
    if not isinstance(stix, dict):
        raise RefusedError("A STIX object is a JSON object; this is something else.")
    kind, id = stix.get("type"), stix.get("id")
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind) or kind == "bundle":
        raise RefusedError("The object's type is missing or is not the name of a STIX type.")
    match = _ID.fullmatch(id) if isinstance(id, str) else None
    if match is None or match[1] != kind:
        raise RefusedError(f"The object's id is not {kind}-- followed by a UUID in lower case.")
    if _depth(stix) > DEEPEST:
        raise RefusedError(f"The object is nested deeper than {DEEPEST} levels.")
    _check_properties(kind, stix)
    return stix


def _check_properties(kind: str, stix: Stix) -> None:
    facts = grammar()
    family = facts.family.get(kind)
    required = list(facts.required.get(kind, ()))
    if family != "observable":
        required += ["spec_version", "created"]
    if family not in ("observable", "meta") or kind in ("extension-definition", "language-content"):
        required.append("modified")
    if family is None and stix.get("extensions"):
        required = [name for name in required if name != "modified"]  # a new observable type may lack the times
        required = [name for name in required if name != "created"]
    for name in required:
        if name not in stix:
            raise RefusedError(f"A {kind} needs the property {name}.")
    group = facts.one_of.get(kind)
    if group and not any(name in stix for name in group):
        raise RefusedError(f"A {kind} needs one of the properties {', '.join(group)}.")
    if stix.get("spec_version", "2.1") not in ("2.0", "2.1"):
        raise RefusedError("The property spec_version is neither 2.0 nor 2.1.")
    for name, value in stix.items():
        _check_kind(name, value, facts.kinds.get(name))
    modified, created = stix.get("modified"), stix.get("created")
    if modified and created and canonical_time(modified) < canonical_time(created):
        raise RefusedError("The object was modified before it was created.")


_KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "texts": lambda value: isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value),
    "yes-no": lambda value: isinstance(value, bool),
    "count": lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and -180 <= value <= 180,
    "time": lambda value: isinstance(value, str) and _is_time(value),
    "table": lambda value: isinstance(value, dict) and bool(value) and all(isinstance(v, dict) for v in value.values()),
    "tables": lambda value: isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value),
}


def _is_time(value: str) -> bool:
    if not _TIME.fullmatch(value):
        return False
    try:
        moment_of(value)
    except ValueError:
        return False  # the thirtieth of February
    return True


def moment_of(time: str) -> datetime:
    """The moment that a STIX time names; a leap second is the second before it."""
    return datetime.fromisoformat(time[:19].replace(":60", ":59") + "+00:00")


def _check_kind(name: str, value: object, kind: str | None) -> None:
    if name.endswith("_ref"):
        well = isinstance(value, str) and _ID.fullmatch(value) is not None
    elif name.endswith("_refs"):
        well = (
            isinstance(value, list)
            and bool(value)
            and all(isinstance(one, str) and _ID.fullmatch(one) for one in value)
        )
    else:
        well = kind is None or _KINDS[kind](value)
    if not well:
        raise RefusedError(f"The property {name[:50]} does not hold what STIX 2.1 says it holds.")


def _depth(value: object) -> int:
    """How deep a value is nested, without recursion: an attacker chooses the depth."""
    deepest, left = 0, [(value, 1)]
    while left:
        here, depth = left.pop()
        deepest = max(deepest, depth)
        if depth > DEEPEST:
            break
        if isinstance(here, dict):
            left += [(inner, depth + 1) for inner in here.values()]
        elif isinstance(here, list):
            left += [(inner, depth + 1) for inner in here]
    return deepest


def references(stix: Stix) -> Iterator[tuple[str, str]]:
    """Every object this one refers to, with the need it has of it; marking definitions do not count."""
    facts, kind = grammar(), stix["type"]
    for name, value in stix.items():
        if name == "object_marking_refs" or name == "granular_markings":
            continue
        need = "each" if name in facts.each.get(kind, ()) else "some" if name in facts.some.get(kind, ()) else "none"
        if name.endswith("_ref") and isinstance(value, str):
            yield value, need
        elif name.endswith("_refs") and isinstance(value, list):
            yield from ((one, need) for one in value if isinstance(one, str))
        else:
            yield from ((ref, "none") for ref in _nested(value))


def _nested(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _nested(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name.endswith("_ref") and isinstance(inner, str):
                yield inner
            elif name.endswith("_refs") and isinstance(inner, list):
                yield from (one for one in inner if isinstance(one, str))
            else:
                yield from _nested(inner)


def keep_references(stix: Stix, seen: set[str]) -> Stix:
    """The object with only those references left that lead to an object in `seen`."""
    cut: set[str] = set()
    left: Stix = {}
    for name, value in stix.items():
        kept = value if name in ("object_marking_refs", "granular_markings") else _kept(name, value, seen, name, cut)
        if kept is _CUT:
            cut.add(name)
        else:
            left[name] = kept
    return mark_what_is_left(left, cut) if cut else left


_CUT = object()
"""Stands for what is not left."""


def _kept(name: str, value: Any, seen: set[str], at: str, cut: set[str]) -> Any:
    """What is left of a value; the selectors of what is not, all under the selector `at`, are added to `cut`."""
    if name.endswith("_ref") and isinstance(value, str):
        return value if value in seen else _CUT
    if isinstance(value, dict):
        parts = {key: _kept(key, one, seen, f"{at}.{key}", cut) for key, one in value.items()}
        cut.update(f"{at}.{key}" for key, one in parts.items() if one is _CUT)
        inner = {key: one for key, one in parts.items() if one is not _CUT}
        return inner if inner or not value else _CUT
    if isinstance(value, list):
        each = "_ref" if name.endswith("_refs") else ""
        elements = [_kept(each, one, seen, f"{at}.[{n}]", cut) for n, one in enumerate(value)]
        cut.update(f"{at}.[{n}]" for n, one in enumerate(elements) if one is _CUT)
        left = [one for one in elements if one is not _CUT]
        return left if left or not value else _CUT
    return value


_IDENTIFYING = {"id", "type", "spec_version", "created", "modified", "object_marking_refs", "granular_markings"}


def _fold(kind: str, marking: Marking) -> Marking:
    """A field that the object cannot do without restricts the whole object."""
    facts = grammar()
    vital = _IDENTIFYING.union(facts.required.get(kind, ()), facts.one_of.get(kind, ()))
    fields: dict[str, Marking] = {}
    whole = marking
    for selector, part in marking.fields.items():
        first = selector.partition(".")[0]
        if first in vital or selector == "extensions" or selector.startswith(f"extensions.{HANDLING}"):
            whole = combine(whole, part) if whole.tlp != UNKNOWN.tlp else UNKNOWN
        else:
            fields[selector] = part
    return whole.model_copy(update={"fields": fields})
