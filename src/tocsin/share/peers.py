"""Other nodes and TAXII 2.1 servers: pulling what they share, pushing what they may see, without loops or doubles.

Both directions go on where they stopped, page by page, and may be repeated at any time: an object is known by its id,
version and content. What a peer may be sent is what its account's window shows. Only an object's owner changes it; a
node that passes it on is named in its path, and it is not sent back along it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import sqlalchemy as sa

from tocsin.records import Value
from tocsin.share import tables
from tocsin.share.addresses import Answer
from tocsin.share.compiled import instant
from tocsin.share.database import ShareError
from tocsin.share.intake import Sender, envelope, take, with_travel_notes
from tocsin.share.objects import as_text
from tocsin.share.opening import Share
from tocsin.share.rule import Subject, now
from tocsin.share.shelf import CONFLICT, Collection, Outcome
from tocsin.share.taxii import MEDIA
from tocsin.share.window import Match, Seen, Window

PAGE = 200

MOST_PAGES = 5000
"""Pages taken in one pull: a server that never comes to an end holds nobody up; the next pull goes on."""

_TIME = re.compile(r"[0-9T:.-]{10,40}Z", re.ASCII)


class Transport(Protocol):
    """Makes HTTP calls: `addresses.Outside`, or a network made of nothing in tests."""

    def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request."""


class Peer(Value):
    """A node or server. `root` is its TAXII API root, `collection` one of its, `local` the alias of ours.

    `organisation` runs it; `node` tells that it is a tocsin node, which names origins and paths, and `relays` that we
    take from it what belongs to others. `communities` and `providers` are those of its organisation.
    """

    name: str
    root: str
    collection: str
    local: str
    key: str
    organisation: str
    node: bool = True
    relays: bool = False
    communities: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tally:
    """What a pull or a push did."""

    taken: int = 0
    unchanged: int = 0
    refused: int = 0
    conflicts: int = 0

    def plus(self, outcomes: list[Outcome]) -> Tally:
        """The tally with these outcomes counted."""
        states = [one.state for one in outcomes]
        conflicts = sum(one.says == CONFLICT for one in outcomes)
        return Tally(
            self.taken + states.count("success"),
            self.unchanged + states.count("unchanged"),
            self.refused + states.count("failure") - conflicts,
            self.conflicts + conflicts,
        )


class Peers:
    """The peers of a node."""

    def __init__(self, share: Share, transport: Transport, clock: Callable[[], datetime] = now) -> None:
        self._share, self._transport, self._clock = share, transport, clock

    def add(self, peer: Peer, *, by: str) -> None:
        """Make a peer, or change it; where pulling and pushing have come to is kept."""
        settings = peer.model_dump_json()
        with self._share.database.writing() as connection:
            same = tables.peer.c.name == peer.name
            if not connection.execute(sa.update(tables.peer).where(same).values(settings=settings)).rowcount:
                connection.execute(sa.insert(tables.peer).values(name=peer.name, settings=settings, pushed=0))
            detail = {"root": peer.root, "organisation": peer.organisation, "relays": peer.relays}
            self._share.audit.write(connection, [(by, "peer", f"peer:{peer.name}", detail)])

    def all(self) -> list[Peer]:
        """Every peer, by name."""
        with self._share.database.reading() as connection:
            rows = connection.execute(sa.select(tables.peer.c.settings).order_by(tables.peer.c.name)).scalars().all()
        return [Peer.model_validate_json(row) for row in rows]

    def get(self, name: str) -> Peer:
        """The peer of this name. Raises `ShareError`."""
        found = next((peer for peer in self.all() if peer.name == name), None)
        if found is None:
            raise ShareError(
                f"There is no peer {name!r}: tocsin peer list shows who there is, tocsin peer add makes one."
            )
        return found

    def remove(self, name: str, *, by: str) -> None:
        """Forget a peer; what came from it stays."""
        with self._share.database.writing() as connection:
            connection.execute(sa.delete(tables.peer).where(tables.peer.c.name == name))
            self._share.audit.write(connection, [(by, "peer removed", f"peer:{name}", {})])

    def sync(self, name: str) -> tuple[Tally, Tally]:
        """Pull, then push."""
        return self.pull(name), self.push(name)

    def pull(self, name: str) -> Tally:
        """Take what the peer shares and we have not seen. Raises `ShareError`; what came before it is kept."""
        peer = self.get(name)
        to, tally = self._local(peer), Tally()
        sender = Sender(peer.organisation, relays=peer.relays)
        after, cursor = self._progress(name)[0], None
        for _ in range(MOST_PAGES):
            answer = self._ask(peer, after, cursor)
            objects = envelope(answer.body) if answer.body else []
            outcomes = take(
                self._share.shelf, to, objects, sender, home=self._share.home, now=self._clock(), source=f"peer:{name}"
            )
            tally = tally.plus(outcomes)
            last = answer.headers.get("x-taxii-date-added-last", "")
            if objects and _TIME.fullmatch(last):
                self._keep(name, pulled=last)
            before, cursor = cursor, _next(answer.body)
            if cursor is None or cursor == before or not objects:
                break
        if tally.taken or tally.conflicts:
            self._share.audit.note("node", "pull", f"peer:{name}", taken=tally.taken, conflicts=tally.conflicts)
        return tally

    def push(self, name: str) -> Tally:
        """Send what the peer may see and has not been sent. Raises `ShareError`; what was sent before it is kept."""
        peer = self.get(name)
        of, tally = self._local(peer), Tally()
        self._share.shelf.lift_embargoes(self._clock())
        window = Window(self._share.shelf, self._subject(peer))
        while True:
            after = self._progress(name)[1]
            found, more = window.page(of, Match(versions=frozenset({"all"}), after=after), PAGE)
            sent = [one for one in found if not _came_from(peer, one)]
            if sent:
                outcomes = self._send(peer, sent)
                self._acknowledged(name, outcomes)
                tally = tally.plus(outcomes)
            if found:
                self._keep(name, pushed=found[-1].n)
            if not more:
                break
        if tally.taken:
            self._share.audit.note("node", "push", f"peer:{name}", sent=tally.taken, refused=tally.refused)
        return tally

    def receipts(self, name: str) -> list[tuple[str, str, str]]:
        """What the peer has acknowledged: (id, version, when)."""
        receipt = tables.receipt
        chosen = sa.select(receipt.c.id, receipt.c.version, receipt.c.at).where(receipt.c.peer == name)
        with self._share.database.reading() as connection:
            return [(row.id, row.version, row.at) for row in connection.execute(chosen.order_by(receipt.c.id))]

    def quarantined(self) -> list[dict[str, Any]]:
        """What contradicts what we hold, with where it came from; to be looked at by somebody."""
        with self._share.database.reading() as connection:
            rows = connection.execute(sa.select(tables.quarantine).order_by(tables.quarantine.c.at)).mappings().all()
        return [dict(row) for row in rows]

    def _ask(self, peer: Peer, after: str | None, cursor: str | None) -> Answer:
        query = {"limit": str(PAGE), "match[version]": "all"}
        query |= ({"added_after": after} if after else {}) | ({"next": cursor} if cursor else {})
        answer = self._transport.call("GET", f"{_objects(peer)}?{urlencode(query)}", headers=_headers(peer))
        if answer.status != 200:
            raise ShareError(f"{peer.name} answers {answer.status} to a pull: check its address, collection and key.")
        return answer

    def _send(self, peer: Peer, found: list[Seen]) -> list[Outcome]:
        texts = [as_text(with_travel_notes(one.stix, one.owner, one.path)) if peer.node else one.text for one in found]
        body = f'{{"objects":[{",".join(texts)}]}}'.encode()
        headers = _headers(peer) | {"Content-Type": MEDIA}
        answer = self._transport.call("POST", _objects(peer), headers=headers, body=body)
        if answer.status != 202:
            raise ShareError(f"{peer.name} answers {answer.status} to a push: check its address, collection and key.")
        return _outcomes(answer.body, found)

    def _acknowledged(self, name: str, outcomes: list[Outcome]) -> None:
        at = instant(self._clock())
        with self._share.database.writing() as connection:
            for one in outcomes:
                if one.state != "failure":
                    row = {"peer": name, "id": one.id, "version": one.version}
                    same = [tables.receipt.c[column] == value for column, value in row.items()]
                    if not connection.execute(sa.select(tables.receipt.c.at).where(*same)).first():
                        connection.execute(sa.insert(tables.receipt).values(row | {"at": at}))

    def _subject(self, peer: Peer) -> Subject:
        return Subject(
            at=self._clock(),
            person=f"node.{peer.name}",
            organisation=peer.organisation,
            providers=peer.providers,
            communities=peer.communities,
        )

    def _local(self, peer: Peer) -> Collection:
        found = self._share.shelf.collection(peer.local)
        if found is None:
            raise ShareError(f"There is no collection {peer.local!r} here for {peer.name}.")
        return found

    def _progress(self, name: str) -> tuple[str | None, int]:
        """The time of adding up to which we have pulled, and the entry up to which we have pushed."""
        one = sa.select(tables.peer.c.pulled, tables.peer.c.pushed).where(tables.peer.c.name == name)
        with self._share.database.reading() as connection:
            row = connection.execute(one).one()
        return row.pulled, row.pushed

    def _keep(self, name: str, **progress: Any) -> None:
        with self._share.database.writing() as connection:
            connection.execute(sa.update(tables.peer).where(tables.peer.c.name == name).values(progress))


def _next(body: bytes) -> str | None:
    """The cursor of the next page, where the envelope names one."""
    found = json.loads(body) if body else {}
    cursor = found.get("next") if found.get("more") is True else None
    return cursor if isinstance(cursor, str) else None


def _came_from(peer: Peer, one: Seen) -> bool:
    return peer.organisation == one.owner or peer.organisation in one.path


def _objects(peer: Peer) -> str:
    return f"{peer.root.rstrip('/')}/collections/{quote(peer.collection, safe='')}/objects/"


def _headers(peer: Peer) -> dict[str, str]:
    return {"Accept": MEDIA, "Authorization": f"Bearer {peer.key}"}


def _outcomes(body: bytes, found: list[Seen]) -> list[Outcome]:
    """What the status says of each object that was sent; what it does not name has arrived."""
    try:
        status = json.loads(body)
        failed = {str(one["id"]): str(one.get("message", "")) for one in status.get("failures", ())}
    except (ValueError, TypeError, KeyError, AttributeError):
        failed = {}
    return [
        Outcome(one.id, one.version, "failure", failed[one.id])
        if one.id in failed
        else Outcome(one.id, one.version, "success")
        for one in found
    ]
