"""Letting things out: marking records, putting them on the shelf, widening a marking, and taking things back.

Nothing is shared that nobody has marked. What rests on other things is at most as widely shared as they are; only a
named releaser, with a reason that goes into the audit, may share it more widely.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.share.accounts import Login
from tocsin.share.database import ShareError
from tocsin.share.findings import Findings, Publisher
from tocsin.share.handling import Stix, mark, marking_of
from tocsin.share.names import stix_id
from tocsin.share.objects import digest, grammar, item_of
from tocsin.share.opening import Share
from tocsin.share.rule import AUDIENCES, UNKNOWN, Marking, combine, wider
from tocsin.share.selectors import check_selectors
from tocsin.share.shelf import Collection, Outcome
from tocsin.share.spelling import stamp
from tocsin.share.stix import Markings, to_objects
from tocsin.share.tables import entry, item, record_marking, reference

A_MILLISECOND = timedelta(milliseconds=1)

TAKES_AWAY = "This would take the object from somebody who has it: withdraw it first."

WIDENS = "This would share it more widely than before: that takes a releaser and a reason."


@dataclass(frozen=True, slots=True)
class Published:
    """How many objects were new or changed, how many stood there already, and which could not be put there."""

    changed: int
    unchanged: int
    refused: tuple[Outcome, ...] = ()


def mark_record(share: Share, record: str, marking: Marking, *, by: str, reason: str = "") -> None:
    """Say how a record of the store may be handled. Raises `ShareError` for an unknown level
    or field.

    What this widens needs a reason; who may do so is the caller's to check (`Login.rights` holds `release`).
    """
    if combine(marking) == UNKNOWN:
        raise ShareError(f"{marking.tlp!r} is not a level of TLP 2.0: clear, green, amber, amber+strict or red.")
    check_selectors(record, marking.fields)
    old = markings_of(share, [record]).get(record)
    widens = old is not None and shows_more(marking, old)
    if widens and not reason.strip():
        raise ShareError("To share something more widely than before, say why: it goes into the audit.")
    row = {"record": record, "marking": marking.model_dump_json(exclude_defaults=True)}
    with share.database.writing() as connection:
        connection.execute(sa.delete(record_marking).where(record_marking.c.record == record))
        connection.execute(sa.insert(record_marking).values(row))
        detail = {"tlp": marking.tlp, "releasable_to": sorted(marking.releasable_to or ()), "reason": reason}
        if marking.fields or (old and old.fields):
            detail["hidden"] = sorted(marking.fields)
        share.audit.write(connection, [(by, "downgrade" if widens else "mark", record, detail)])


def markings_of(share: Share, records: Iterable[str]) -> dict[str, Marking]:
    """The markings of those of `records` that have one."""
    wanted, found = sorted(set(records)), {}
    with share.database.reading() as connection:
        for start in range(0, len(wanted), 500):
            these = record_marking.c.record.in_(wanted[start : start + 500])
            for row in connection.execute(sa.select(record_marking).where(these)):
                found[row.record] = Marking.model_validate_json(row.marking)
    return found


def markings_for(share: Share, findings: Findings, default: Marking | None) -> Markings:
    """The markings of what is told: `default` for what nobody has marked, none for a page that nobody has marked."""
    records = [*findings.warnings, *findings.departures, *findings.events, *findings.observations]
    pages = {*findings.pages, *(article.page for article in findings.articles.values())}
    marked = markings_of(share, [*(one.id for one in records), *findings.articles, *pages])
    return lambda record: marked.get(record, None if record in pages else default)


def publish(
    share: Share,
    findings: Findings,
    publisher: Publisher,
    to: Collection,
    *,
    by: str,
    default: Marking | None = None,
    anew: bool = False,
    releaser: Login | None = None,
    reason: str = "",
) -> Published:
    """Put what may be shared of `findings` into a collection. Doing it again with the same findings changes nothing.

    `default` is the marking of records that nobody has marked; without one they are not shared. `anew` tells again
    what was withdrawn, which is a releaser's to decide. `releaser` and `reason` as in `put`.
    """
    objects = to_objects(findings, publisher, markings_for(share, findings, default))
    return put(share, to, objects, by=by, anew=anew, releaser=releaser, reason=reason)


def put(
    share: Share,
    to: Collection,
    objects: Iterable[Stix],
    *,
    by: str,
    anew: bool = False,
    releaser: Login | None = None,
    reason: str = "",
) -> Published:
    """Put objects of this node into a collection; one that has changed becomes a later version of itself.

    What was withdrawn stays withdrawn; only `anew` is it told again, as another object. What was released keeps the
    marking it was released with, as long as what it rests on is marked as it was then. What would be taken from
    somebody who has it is refused: it must be withdrawn. So is what would be shown to more than before, unless a
    `releaser` gives a `reason`; both go into the audit.
    """
    now = datetime.now(UTC)
    may_widen = _may_widen(releaser, reason)
    items, outcomes = [], []
    widened: list[tuple[str, str, str, Mapping[str, Any]]] = []
    for one in _renamed(share, list(objects), anew=anew, may_widen=may_widen):
        try:
            made, old = _as_next_version(share, one, now, may_widen=may_widen)
            items.append(item_of(made))
            if old is not None:
                detail = {"from": _said(old), "to": _said(marking_of(made) or UNKNOWN), "reason": reason}
                widened.append((by, "downgrade", made["id"], detail))
        except _StandsError as stands:
            outcomes.append(stands.outcome)
    outcomes += share.shelf.add(to, items, owner=share.home)
    states = [outcome.state for outcome in outcomes]
    refused = tuple(outcome for outcome in outcomes if outcome.state == "failure")
    done = Published(states.count("success"), states.count("unchanged"), refused)
    share.audit.note_all(widened)
    if done.changed or refused:
        counts = {"changed": done.changed, "refused": len(refused)} | ({"anew": True} if anew else {})
        share.audit.note(by, "publish", f"collection:{to.alias}", **counts)
    return done


def open_collection(
    share: Share,
    alias: str,
    title: str,
    marking: Marking,
    *,
    writers: Iterable[str] | None = None,
    releaser: Login | None = None,
    reason: str = "",
) -> Collection:
    """The collection to publish into: made, or changed so that nobody who knows of it loses it.

    `marking` is also that of objects that others send without one. To let more know of it than before takes a
    `releaser` and a `reason`. Raises `ShareError`.
    """
    old = share.shelf.collection(alias)
    kept = marking
    if old is not None and wider(old.marking, marking):
        kept = _together(old.marking, marking) if _may_widen(releaser, reason) else old.marking
    elif old is not None and wider(marking, old.marking) and not _may_widen(releaser, reason):
        raise ShareError(WIDENS)
    return share.shelf.keep_collection(alias, title, kept, writers=writers, unmarked=marking)


def _together(one: Marking, other: Marking) -> Marking:
    """A marking that reaches all whom `one` reaches, and those whom `other` names beside them."""
    if one.releasable_to is None or other.releasable_to is None:
        return one
    tlp = max(one.tlp, other.tlp, key=list(AUDIENCES).index)
    return one.model_copy(update={"tlp": tlp, "releasable_to": one.releasable_to | other.releasable_to})


def _may_widen(releaser: Login | None, reason: str) -> bool:
    return releaser is not None and "release" in releaser.rights and bool(reason.strip())


class _StandsError(Exception):
    """What is on the shelf stays as it is; `outcome` says why."""

    def __init__(self, id: str, version: str, state: str, says: str) -> None:
        super().__init__(says)
        self.outcome = Outcome(id, version, state, says)


def _as_next_version(share: Share, stix: Stix, now: datetime, *, may_widen: bool) -> tuple[Stix, Marking | None]:
    """The object as it stands on the shelf if nothing but the time has changed, else with a later time.

    With it, where it is shown to more than before, how it was marked then.
    """
    held = share.shelf.held(stix["id"])
    if held is None or "modified" not in stix:
        return stix, None
    old = held[0].payload
    if held[0].revoked and (stix.get("revoked") or _is_withdrawn(old)):
        raise _StandsError(stix["id"], held[0].version, "unchanged", "It was withdrawn.")
    if held[0].revoked:  # it would go on under another id
        raise _StandsError(stix["id"], held[0].version, "failure", WIDENS)
    marking, known = marking_of(stix) or UNKNOWN, marking_of(old) or UNKNOWN
    widens = False
    if shows_more(known, marking):
        if not _was_released_from(share, stix["id"], marking):
            raise _StandsError(stix["id"], held[0].version, "failure", TAKES_AWAY)
        stix = mark(stix, known)
    else:
        widens = shows_more(marking, known)
        if widens and not may_widen:
            raise _StandsError(stix["id"], held[0].version, "failure", WIDENS)
    if _but_time(old) == _but_time(stix):
        return old, None
    before = datetime.fromisoformat(held[0].version)
    own = datetime.fromisoformat(stix["modified"])
    later = stix | {"modified": stamp(own if own > before else max(now, before + A_MILLISECOND))}
    return later, known if widens else None


def _renamed(share: Share, objects: list[Stix], *, anew: bool, may_widen: bool) -> list[Stix]:
    """The objects, under another id where STIX has revoked the old one for good and it is told of again.

    That is done where what was withdrawn is told anew, and where what was over (a cancelled warning) goes on.
    """
    names: dict[str, str] = {}
    for one in objects:
        id = one["id"]
        while (held := share.shelf.held(id)) and held[0].revoked:
            after = stix_id(one["type"], "after", id)
            goes_on = not one.get("revoked") and not _is_withdrawn(held[0].payload)
            wide = shows_more(marking_of(one) or UNKNOWN, marking_of(held[0].payload) or UNKNOWN)
            if not anew and not (goes_on and (may_widen or not wide)) and share.shelf.held(after) is None:
                break
            id = names[one["id"]] = after
    if not names:
        return objects
    said = re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], json.dumps(objects))
    renamed: list[Stix] = json.loads(said)
    return renamed


def _is_withdrawn(stix: Stix) -> bool:
    """Whether a revoked object is one that was withdrawn, of which nothing else is left."""
    return _but_time(tombstone(stix)) == _but_time(stix)


def shows_more(marking: Marking, than: Marking) -> bool:
    """Whether `marking` could show an object, or a part of it, to somebody whom `than` keeps from it."""

    def of_part(name: str) -> Marking:
        parts = [part for own, part in marking.fields.items() if name == own or name.startswith(f"{own}.")]
        return combine(marking, *parts)

    return wider(marking, than) or any(wider(of_part(name), combine(than, part)) for name, part in than.fields.items())


def _was_released_from(share: Share, id: str, marking: Marking) -> bool:
    """Whether a named person has released the object from this very marking; the audit knows."""
    said = _said(marking)
    return any(deed.action == "downgrade" and deed.detail["from"] == said for deed in share.audit.entries(subject=id))


def _but_time(stix: Stix) -> str:
    return digest({name: value for name, value in stix.items() if name != "modified"})


def release(share: Share, id: str, marking: Marking, *, by: Login, reason: str) -> Stix:
    """Give an object of ours a new marking, wider or not, as a later version of itself. Raises `ShareError`.

    A widening is a downgrade: it needs a releaser and a reason, and both go into the audit. To share something with
    fewer than before is to withdraw it: who has it, has it, and must be told.
    """
    stix = _ours(share, id)
    old = marking_of(stix) or UNKNOWN
    if not reason.strip():
        raise ShareError("Say why the marking is changed: it goes into the audit.")
    if "release" not in by.rights:
        raise ShareError(f"{by.account.name} may not change what is shared with whom: a releaser may.")
    if combine(marking) == UNKNOWN:
        raise ShareError(f"{marking.tlp!r} is not a level of TLP 2.0: clear, green, amber, amber+strict or red.")
    if wider(old, marking):
        raise ShareError(TAKES_AWAY)
    marking = marking.model_copy(update={"fields": old.fields | marking.fields})  # what is hidden stays so unless named
    changed = mark(stix, marking)
    detail = {"from": _said(old), "to": _said(marking), "reason": reason}
    return _replace(share, changed, by, "downgrade", detail)


def withdraw(share: Share, id: str, *, by: Login, reason: str) -> Stix:
    """Take an object of ours back: a revoked version goes to everybody who could see it. Raises `ShareError`.

    With a report goes what we said about it alone: the note on how sure it is.
    """
    if "release" not in by.rights:
        raise ShareError(f"{by.account.name} may not withdraw what is shared: a releaser may.")
    if not reason.strip():
        raise ShareError("Say why it is withdrawn: it goes into the audit.")
    stix = _ours(share, id)
    gone = _replace(share, tombstone(stix), by, "withdraw", {"reason": reason})
    for note in _notes_on(share, stix):
        _replace(share, tombstone(note), by, "withdraw", {"reason": reason, "with": id})
    return gone


def _notes_on(share: Share, stix: Stix) -> list[Stix]:
    """Our notes about nothing but this report."""
    if stix["type"] != "report":
        return []
    about = sa.select(item.c.id).join(reference, reference.c.o == item.c.o)
    about = about.where(reference.c.ref == stix["id"], item.c.type == "note", item.c.owner == share.home).distinct()
    with share.database.reading() as connection:
        held = [share.shelf.held(id) for id in connection.execute(about).scalars().all()]
    notes = [one[0] for one in held if one is not None]
    return [note.payload for note in notes if not note.revoked and note.payload["object_refs"] == [stix["id"]]]


def tombstone(stix: Stix) -> Stix:
    """What is left of an object that is withdrawn: that it was, and what STIX cannot do without."""
    facts = grammar()
    kind = stix["type"]
    kept = {"type", "spec_version", "id", "created_by_ref", "created", "modified", *facts.required.get(kind, ())}
    kept |= {*facts.one_of.get(kind, ()), *facts.each.get(kind, ()), *facts.some.get(kind, ())}
    left = {name: value for name, value in stix.items() if name in kept}
    left |= {name: text for name, text in _BLANK.items() if name in left}
    if kind == "indicator" and stix["pattern_type"] == "tocsin":
        left["pattern"] = "withdrawn"
    handling = marking_of(stix) or UNKNOWN
    fields = {name: part for name, part in handling.fields.items() if name.split(".")[0] in left}
    return mark(left | {"revoked": True}, handling.model_copy(update={"fields": fields}))


_BLANK = {"name": "Withdrawn", "content": "Withdrawn."}


def _ours(share: Share, id: str) -> Stix:
    held = share.shelf.held(id)
    if held is None or held[1] != share.home:
        raise ShareError(f"{id} is not an object of this node's.")
    if held[0].revoked:
        raise ShareError(f"{id} was withdrawn before.")
    return dict(held[0].payload)


def _replace(share: Share, stix: Stix, by: Login, action: str, detail: Mapping[str, Any]) -> Stix:
    """Put a later version of an object into every collection that it stands in."""
    now = datetime.now(UTC)
    before = datetime.fromisoformat(stix["modified"])
    made = stix | {"modified": stamp(max(now, before + A_MILLISECOND))}
    standing = sa.select(entry.c.collection).where(entry.c.id == stix["id"]).distinct()
    with share.database.reading() as connection:
        names = list(connection.execute(standing).scalars())
    for name in names:
        to = share.shelf.collection(name)
        if to is not None:
            share.shelf.add(to, [item_of(made)], owner=share.home)
    share.audit.note(f"person:{by.account.name}", action, stix["id"], **detail)
    return made


def _said(marking: Marking) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(marking.model_dump_json(exclude_defaults=True))
    return said


__all__ = [
    "Published",
    "mark_record",
    "markings_for",
    "markings_of",
    "open_collection",
    "publish",
    "put",
    "release",
    "shows_more",
    "tombstone",
    "withdraw",
]
