"""Nodes that exchange what each may see, over a network that loses, repeats and shuffles, with clocks that differ."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tocsin.share import tables
from tocsin.share.accounts import RIGHTS, Account, Login
from tocsin.share.addresses import Answer
from tocsin.share.database import ShareError
from tocsin.share.findings import Publisher
from tocsin.share.handling import mark
from tocsin.share.limits import Limits
from tocsin.share.opening import Share, open_share
from tocsin.share.peers import Peer, Peers, Tally
from tocsin.share.publish import publish, put, withdraw
from tocsin.share.rule import Marking
from tocsin.share.taxii import TaxiiSettings, taxii_router
from tocsin.share.views import ConflictError, joined

from .records import some_findings
from .samples import a_note, a_relationship, an_id, an_identity

NAMES = ["a", "b", "c", "d", "e"]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
GREEN = Marking(tlp="green")


class Node:
    """A node with a server and peers."""

    def __init__(self, folder: Path, name: str, network: Network, skew: timedelta) -> None:
        self.name, self.skew = name, skew
        self.share: Share = open_share(
            folder / f"{name}.db", folder / f"{name}.key", home=name, requests=Limits(1e9, 10**9)
        )
        everybody = {f"org:{one}" for one in NAMES}
        self.to = self.share.shelf.keep_collection("exchange", "Exchange", GREEN, writers=everybody)
        self.peers = Peers(self.share, network, clock=self.clock)
        app = FastAPI()
        settings = TaxiiSettings(home=name, clock=self.clock)
        app.include_router(taxii_router(self.share.shelf, self.share.gate, self.share.audit, name.encode(), settings))
        self.client = TestClient(app)

    def clock(self) -> datetime:
        return NOW + self.skew

    def meet(self, other: Node, *, relays: bool = True) -> None:
        """Give the other node an account here, and make it a peer there."""
        self.share.accounts.add(Account(f"node.{other.name}", other.name, "node"), by="test")
        key = self.share.keys.issue(f"node.{other.name}", ["read", "write", "relay"], by="test")
        peer = Peer(
            name=self.name, root=f"http://{self.name}/taxii2/share/", collection="exchange", local="exchange", key=key,
            organisation=self.name, relays=relays,
        )  # fmt: skip
        other.peers.add(peer, by="test")

    def put(self, stix: dict[str, Any], marking: Marking) -> None:
        done = put(self.share, self.to, [mark(stix, marking)], by="test")
        assert (done.changed, done.refused) == (1, ())

    def state(self) -> dict[str, dict[str, Any]]:
        """What it holds, the newest version of each."""
        with self.share.database.reading() as connection:
            rows = connection.execute(sa.select(tables.item).order_by(tables.item.c.version)).mappings().all()
        return {row["id"]: json.loads(row["payload"]) for row in rows}

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.share.database.reading() as connection:
            every = tables.metadata.sorted_tables
            return {
                one.name: connection.execute(sa.select(sa.func.count()).select_from(one)).scalar_one() for one in every
            }


class Network:
    """Carries calls to nodes; loses requests and answers, sends twice, and shuffles what comes."""

    def __init__(self, seed: int = 0, trouble: float = 0.0) -> None:
        self.nodes: dict[str, Node] = {}
        self.chance, self.trouble = random.Random(seed), trouble

    def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        host = urlsplit(url).netloc
        path = url.partition(host)[2]
        if self.chance.random() < self.trouble:
            raise ShareError("The request was lost.")
        repeats = 2 if self.chance.random() < self.trouble else 1
        for _ in range(repeats):
            got = self.nodes[host].client.request(method, path, headers=dict(headers or {}), content=body)
        if self.chance.random() < self.trouble:
            raise ShareError("The answer was lost.")
        return Answer(got.status_code, dict(got.headers), self._shuffled(got.content))

    def _shuffled(self, content: bytes) -> bytes:
        body = json.loads(content)
        if self.trouble and "objects" in body:
            self.chance.shuffle(body["objects"])
        return json.dumps(body).encode()


def nodes(folder: Path, network: Network, names: list[str]) -> list[Node]:
    made = [Node(folder, name, network, timedelta(minutes=(n % 3 - 1) * 10)) for n, name in enumerate(names)]
    network.nodes = {node.name: node for node in made}
    return made


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    a, b = nodes(tmp_path, Network(), ["a", "b"])
    a.meet(b)
    b.meet(a)
    yield a, b
    for node in (a, b):
        node.share.close()


def for_all(*names: str, tlp: str = "amber+strict") -> Marking:
    return Marking(tlp=tlp, releasable_to=frozenset(f"org:{name}" for name in names))


def test_a_peer_gets_what_it_may_see_by_pull_or_push_once(pair: tuple[Node, Node]) -> None:
    a, b = pair
    a.put(an_identity("for-b"), for_all("a", "b"))
    a.put(an_identity("for-a"), for_all("a"))
    assert b.peers.pull("a") == Tally(taken=1)
    assert b.peers.pull("a") == Tally()
    assert b.state().keys() == {an_id("identity", "for-b")}
    assert a.peers.push("b") == Tally(taken=1)  # known there already, which the peer acknowledges
    assert a.peers.push("b") == Tally()
    assert [(id, version[:10]) for id, version, _ in a.peers.receipts("b")] == [
        (an_id("identity", "for-b"), "2026-02-01")
    ]
    assert b.peers.push("a") == Tally()  # it is not sent back to its owner
    assert b.state()[an_id("identity", "for-b")] == a.state()[an_id("identity", "for-b")]


def test_only_the_owner_changes_and_others_say_what_they_think(pair: tuple[Node, Node]) -> None:
    a, b = pair
    a.put(an_identity("x"), GREEN)
    b.peers.pull("a")
    theirs = mark(an_identity("x", modified="2026-02-05T00:00:00.000Z", description="better"), GREEN)
    assert "Only its owner" in put(b.share, b.to, [theirs], by="b").refused[0].says
    b.put(a_note("opinion", an_id("identity", "x")), GREEN)
    assert b.peers.push("a") == Tally(taken=1)
    assert an_id("note", "opinion") in a.state()


def test_two_nodes_that_tell_of_the_same_records_do_not_get_in_each_others_way(pair: tuple[Node, Node]) -> None:
    for node in pair:
        publisher = Publisher(name=node.name, organisation=node.name)
        assert publish(node.share, some_findings(), publisher, node.to, by="t", default=GREEN).refused == ()
    a, b = pair
    assert b.peers.pull("a").refused == 0
    assert b.peers.push("a").refused == 0
    kinds = [id.partition("--")[0] for id in b.state()]
    assert a.state().keys() == b.state().keys()
    assert (kinds.count("report"), kinds.count("extension-definition"), kinds.count("url")) == (2, 3, 2)


def test_another_content_under_the_same_version_is_put_aside(pair: tuple[Node, Node]) -> None:
    a, b = pair
    a.put(an_identity("x"), GREEN)
    b.peers.pull("a")
    with a.share.database.writing() as connection:  # somebody meddles
        forged = json.dumps(mark(an_identity("x", description="forged"), GREEN) | {"name": "forged"})
        connection.execute(sa.update(tables.item).values(payload=forged))
        connection.execute(sa.update(tables.entry).values(added="2027-01-01T00:00:00.000000Z"))
    for _ in range(2):
        with b.share.database.writing() as connection:
            connection.execute(sa.update(tables.peer).values(pulled=None))
        assert b.peers.pull("a") == Tally(conflicts=1)
    aside = b.peers.quarantined()
    assert [(one["id"], one["source"]) for one in aside] == [(an_id("identity", "x"), "peer:a")]
    assert b.state()[an_id("identity", "x")]["name"] == "name-of-x"


def test_a_peer_that_may_not_relay_cannot_speak_for_others(tmp_path: Path) -> None:
    a, b = nodes(tmp_path, Network(), ["a", "b"])
    b.meet(a, relays=False)
    b.put(an_identity("x"), GREEN)
    with b.share.database.writing() as connection:
        connection.execute(sa.update(tables.item).values(owner="c", path="c"))
    a.peers.pull("b")
    with a.share.database.reading() as connection:
        assert connection.execute(sa.select(tables.item.c.owner)).scalar_one() == "b"


def test_two_views_of_one_version_are_joined_to_the_fuller(pair: tuple[Node, Node]) -> None:
    a, b = pair
    hidden = for_all("a")
    marking = Marking(tlp="green", fields={"description": hidden})
    a.put(an_identity("x", description="the source"), marking)
    b.peers.pull("a")
    assert "description" not in b.state()[an_id("identity", "x")]
    assert "granular_markings" not in b.state()[an_id("identity", "x")]
    full = a.state()[an_id("identity", "x")]
    assert joined(b.state()[an_id("identity", "x")], full) == joined(full, b.state()[an_id("identity", "x")]) == full
    with pytest.raises(ConflictError):
        joined(full, full | {"description": "another source"})
    one, other = {"object_refs": ["x", "y"]}, {"object_refs": ["z", "y"]}
    assert joined(one, other) == joined(other, one) == {"object_refs": ["x", "y", "z"]}


def test_what_is_withdrawn_is_withdrawn_everywhere_and_the_peer_acknowledges(pair: tuple[Node, Node]) -> None:
    a, b = pair
    a.put(an_identity("x"), GREEN)
    b.peers.pull("a")
    releaser = Login(Account("ada", "a", "releaser"), RIGHTS["releaser"])
    withdraw(a.share, an_id("identity", "x"), by=releaser, reason="a mistake")
    a.peers.push("b")
    assert b.state()[an_id("identity", "x")]["revoked"] is True
    assert len(a.peers.receipts("b")) == 2


def test_a_wrong_key_or_address_is_one_sentence(pair: tuple[Node, Node]) -> None:
    a, b = pair
    peer = b.peers.get("a")
    b.peers.add(peer.model_copy(update={"key": "wrong"}), by="test")
    for act in (b.peers.pull, b.peers.sync):
        with pytest.raises(ShareError, match="answers 401"):
            act("a")
    a.put(an_identity("x"), GREEN)
    b.put(an_identity("y"), GREEN)
    with pytest.raises(ShareError, match="answers 401"):
        b.peers.push("a")
    with pytest.raises(ShareError, match="no peer"):
        b.peers.pull("nobody")
    b.peers.remove("a", by="test")
    assert b.peers.all() == []


def reachable(owner: str, may: set[str]) -> set[str]:
    """The nodes of the ring that an object can reach through nodes that may see it."""
    found, left = {owner}, [owner]
    while left:
        here = NAMES.index(left.pop())
        for neighbour in (NAMES[(here + 1) % 5], NAMES[here - 1]):
            if neighbour in may and neighbour not in found:
                found.add(neighbour)
                left.append(neighbour)
    return found


def ring(folder: Path, seed: int, trouble: float) -> tuple[list[Node], Network, dict[str, set[str]]]:
    """Five nodes in a ring, each with a few objects for some of them; what each object can reach."""
    network = Network(seed, trouble)
    made = nodes(folder, network, NAMES)
    for n, node in enumerate(made):
        made[(n + 1) % 5].meet(node)
        node.meet(made[(n + 1) % 5])
    chance, reaches = random.Random(seed), {}
    for node in made:
        for n in range(4):
            may = {node.name, *chance.sample(NAMES, chance.randint(1, 5))}
            name = f"{node.name}{n}"
            node.put(an_identity(name), for_all(*may))
            node.put(a_note(name, an_id("identity", name)), for_all(*may))
            reaches[an_id("identity", name)] = reaches[an_id("note", name)] = reachable(node.name, may)
        node.put(a_relationship(node.name, an_id("identity", "a0"), an_id("identity", f"{node.name}1")), GREEN)
    return made, network, reaches


def stir(made: list[Node], network: Network, rounds: int) -> None:
    """Every node syncs with its neighbours in any order; what fails, fails."""
    for _ in range(rounds):
        acts = [(node, peer.name) for node in made for peer in node.peers.all()]
        network.chance.shuffle(acts)
        for node, peer in acts:
            try:
                node.peers.sync(peer)
            except ShareError as error:
                assert "was lost" in str(error)  # noqa: PT017 - nothing else may go wrong


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
def test_five_nodes_in_a_ring_end_in_the_same_state_whatever_the_network_does(tmp_path: Path, seed: int) -> None:
    made, network, reaches = ring(tmp_path, seed, trouble=0.2)
    stir(made, network, 2)
    releaser = Login(Account("ada", "a", "releaser"), RIGHTS["releaser"])
    withdraw(made[0].share, an_id("identity", "a2"), by=releaser, reason="a mistake")
    newer = an_identity("b0", modified="2026-02-09T00:00:00.000Z", description="newer")
    made[1].put(newer, for_all(*reaches[an_id("identity", "b0")]))
    stir(made, network, 5)
    network.trouble = 0
    stir(made, network, 3)
    states = {node.name: node.state() for node in made}
    for id, where in reaches.items():
        assert {name for name, state in states.items() if id in state} == where, id
        assert len({json.dumps(states[name][id], sort_keys=True) for name in where}) == 1, id
    assert states["a"][an_id("identity", "a2")]["revoked"] is True
    for node in made:  # and nobody is shown what was withdrawn, at any node
        with node.share.database.reading() as connection:
            old = sa.and_(tables.item.c.id == an_id("identity", "a2"), sa.not_(tables.item.c.revoked))
            ends = connection.execute(sa.select(tables.item.c.not_after).where(old)).scalars().all()
        assert all(ends)
    assert all(node.peers.quarantined() == [] for node in made)

    before = [node.counts() for node in made]
    stir(made, network, 1)
    assert [node.counts() for node in made] == before
    for node in made:
        node.share.close()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_idle_syncs_create_nothing(pair: tuple[Node, Node]) -> None:
    a, b = pair
    for n in range(20):
        a.put(an_identity(f"a{n}"), GREEN)
        b.put(an_identity(f"b{n}"), GREEN)
    for node, peer in ((a, "b"), (b, "a"), (a, "b"), (b, "a")):
        node.peers.sync(peer)
    before = a.counts(), b.counts()
    for _ in range(500):
        assert a.peers.sync("b") == b.peers.sync("a") == (Tally(), Tally())
    assert (a.counts(), b.counts()) == before
