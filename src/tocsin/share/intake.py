"""Taking in what others send: read the JSON, check each object, keep what may be kept, and say what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NoReturn

import sqlalchemy as sa

from tocsin.share.database import ShareError
from tocsin.share.extensions import HANDLING, definitions
from tocsin.share.findings import publisher_id
from tocsin.share.handling import Stix, mark
from tocsin.share.objects import Item, RefusedError, digest, item_of
from tocsin.share.rule import Marking
from tocsin.share.shelf import CONFLICT, Collection, Outcome, Shelf
from tocsin.share.tables import account
from tocsin.share.views import ConflictError, joined

NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: an organisation, and whether it may pass on what belongs to others (a node)."""

    organisation: str
    relays: bool = False


def envelope(body: bytes) -> list[object]:
    """The objects of a TAXII envelope. Raises `ShareError` with one sentence for the sender."""
    try:
        found = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ShareError("The body is not JSON.") from error
    objects = found.get("objects", []) if isinstance(found, dict) else None
    if not isinstance(objects, list):
        raise ShareError("The body is not a TAXII envelope: an object with a list of objects.")
    return objects


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def take(
    shelf: Shelf,
    to: Collection,
    objects: Iterable[object],
    sender: Sender,
    *,
    home: str,
    now: datetime,
    source: str = "",
) -> list[Outcome]:
    """Keep what may be kept of `objects`; one outcome each, in order. `source` names the sender in the quarantine."""
    outcomes: list[Outcome | None] = []
    accepted: dict[tuple[str, str], list[tuple[int, Item]]] = {}
    names = _names_of_publishers(shelf, home)
    for place, one in enumerate(objects):
        outcomes.append(None)
        try:
            stix, owner, path = origin_of(one, sender)
            item = item_of(stix, unmarked=to.unmarked)
            _check_name(item, owner, names)
            if sender.organisation == owner == home and path == (home,):
                _check_is_new(shelf, item, home)
                accepted.setdefault((home, ""), []).append((place, item))
            elif home in path or owner == home:  # what belongs to us, or has been here, changes nothing on its return
                outcomes[place] = Outcome(item.id, item.version, "unchanged", "It came from here.")
            else:
                accepted.setdefault((owner, " ".join(path)), []).append((place, item))
        except RefusedError as error:
            outcomes[place] = Outcome(_name(one), "", "failure", str(error))
    for (owner, trail), placed in accepted.items():
        done = shelf.add(to, [item for _, item in placed], owner=owner, path=trail.split(), now=now)
        for (place, item), outcome in zip(placed, done, strict=True):
            clash = outcome.says == CONFLICT
            outcomes[place] = _reconcile(shelf, item, source or sender.organisation, now) if clash else outcome
    return [outcome for outcome in outcomes if outcome is not None]


def _check_is_new(shelf: Shelf, item: Item, home: str) -> None:
    """Raise `RefusedError` where an account of ours would change what is out: that takes a releaser."""
    held = shelf.held(item.id)
    if held is not None and (held[1] != home or held[0].digest != item.digest):
        raise RefusedError("It is published here already: publish, release or withdraw it to change it.")


def _check_name(item: Item, owner: str, names: dict[str, str]) -> None:
    """Raise `RefusedError` where the id stands for another organisation, or for one of tocsin's own definitions."""
    if names.get(item.id, owner) != owner or definitional().get(item.id, item.digest) != item.digest:
        raise RefusedError("This id stands for another publisher, or for tocsin's own words.")


@cache
def definitional() -> dict[str, str]:
    """The hash of every object that tocsin itself publishes, by id: the ids are known, so others might take them."""
    marked = [mark(one, Marking(tlp="clear")) if one["type"] == "identity" else one for one in definitions()]
    return {one["id"]: digest(one) for one in marked}


def _names_of_publishers(shelf: Shelf, home: str) -> dict[str, str]:
    """The organisation for which an id stands, of all that have accounts: nobody else speaks under it."""
    with shelf.database.reading() as connection:
        known = connection.execute(sa.select(account.c.organisation).distinct()).scalars().all()
    return {publisher_id(name): name for name in (*known, home)}


def _reconcile(shelf: Shelf, coming: Item, source: str, now: datetime) -> Outcome:
    """The same version with another content: a view that says more or less, or a contradiction for the quarantine."""
    held = shelf.held(coming.id, coming.version)
    known = held[0] if held else coming
    try:
        together = item_of(joined(known.payload, coming.payload))
    except (ConflictError, RefusedError):
        shelf.quarantine(coming, source, CONFLICT, now)
        return Outcome(coming.id, coming.version, "failure", CONFLICT)
    if together.digest == known.digest:
        return Outcome(coming.id, coming.version, "unchanged")
    shelf.complete(together, now)
    return Outcome(coming.id, coming.version, "success")


def origin_of(one: object, sender: Sender) -> tuple[object, str, Sequence[str]]:
    """The object without its travel notes, its owner, and the organisations it came through, the sender last."""
    own = (one, sender.organisation, (sender.organisation,))
    extensions = one.get("extensions") if isinstance(one, dict) else None
    said = extensions.get(HANDLING) if isinstance(extensions, dict) else None
    if not isinstance(one, dict) or not isinstance(said, dict) or not ("origin" in said or "path" in said):
        return own
    plain = without_travel_notes(one)
    if not sender.relays:
        return plain, sender.organisation, (sender.organisation,)
    origin, path = said.get("origin"), said.get("path", [])
    if not _is_name(origin) or not isinstance(path, list) or len(path) > 50 or not all(map(_is_name, path)):
        raise RefusedError("The object's origin and path are not names of organisations.")
    return plain, str(origin), tuple(dict.fromkeys([*path, sender.organisation]))


def with_travel_notes(stix: Stix, origin: str, path: Sequence[str]) -> Stix:
    """The object as it travels between nodes: with the organisation it belongs to and those it came through."""
    extensions = dict(stix.get("extensions", {}))
    said = extensions.get(HANDLING, {"extension_type": "property-extension"})
    extensions[HANDLING] = said | {"origin": origin, "path": list(path)}
    return stix | {"extensions": extensions}


def without_travel_notes(stix: Stix) -> Stix:
    """The object as it is kept."""
    said = {name: value for name, value in stix["extensions"][HANDLING].items() if name not in ("origin", "path")}
    extensions = stix["extensions"] | {HANDLING: said}
    if set(said) <= {"extension_type"}:
        del extensions[HANDLING]
    plain = stix | {"extensions": extensions}
    if not extensions:
        del plain["extensions"]
    return plain


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= NAME_LENGTH and value.isprintable() and " " not in value


def _name(one: object) -> str:
    """How to name an object that cannot be taken, in an answer and in the record."""
    id: Any = one.get("id") if isinstance(one, dict) else None
    return id[:NAME_LENGTH] if isinstance(id, str) and id.isprintable() and id.isascii() else "unnamed"
