"""No channel lets out what the rule keeps from a partner, and none keeps back what it allows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tocsin.share import atom, cap, misp
from tocsin.share.accounts import Account
from tocsin.share.addresses import Outside
from tocsin.share.audit import Audit
from tocsin.share.database import open_database
from tocsin.share.hooks import Hooks
from tocsin.share.rule import Subject
from tocsin.share.shelf import Collection, Shelf
from tocsin.share.taxii import TaxiiSettings, taxii_router
from tocsin.share.window import EVERYTHING, LATEST, Match, Window

from .world import World, a_world, shelve


@dataclass
class Scene:
    """A world on a shelf."""

    world: World
    shelf: Shelf
    all: Collection


def scene(folder: Path, seed: int, objects: int, partners: int) -> Scene:
    world, stix = a_world(seed, objects, partners)
    shelf = Shelf(open_database(folder / "world.db"))
    return Scene(world, shelf, shelve(shelf, stix))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Four hundred objects and five partners."""
    made = scene(tmp_path_factory.mktemp("small"), 1, 400, 5)
    yield made
    made.shelf.database.close()


def listed(scene: Scene, who: Subject) -> str:
    return json.dumps([seen.stix for seen in Window(scene.shelf, who).all(scene.all, EVERYTHING)])


def manifest(scene: Scene, who: Subject) -> str:
    return " ".join(f"{seen.id} {seen.version}" for seen in Window(scene.shelf, who).all(scene.all, LATEST))


def got(scene: Scene, who: Subject) -> str:
    window = Window(scene.shelf, who)
    return json.dumps([window.get(scene.all, id) for id in list(scene.world.held)[:80]])


def told(scene: Scene, who: Subject) -> str:
    window = Window(scene.shelf, who)
    return json.dumps([one.stix for id in list(scene.world.held)[:80] for one in window.history(scene.all, id)])


def searched(scene: Scene, who: Subject) -> str:
    words = [held.field_word or held.word for held in list(scene.world.held.values())[-2:]]
    window = Window(scene.shelf, who)
    return json.dumps([list(window.search(scene.all, word)) for word in [*words, "what is said"]])


class Door:
    """A gate that knows everybody by sight."""

    def __init__(self, who: Subject) -> None:
        self.account, self.rights = Account(str(who.person), str(who.organisation), "viewer"), frozenset({"read"})
        self.who = who

    def login(self, request: object) -> Door:
        return self

    known = login

    def subject(self, at: object) -> Subject:
        return self.who


def over_taxii(scene: Scene, who: Subject, paths: list[str]) -> str:
    """Everything that a TAXII client gets: bodies, headers and errors, page after page."""
    door: Any = Door(who)
    audit = Audit(scene.shelf.database, Ed25519PrivateKey.generate())
    app = FastAPI()
    app.include_router(taxii_router(scene.shelf, door, audit, b"secret", TaxiiSettings(home="home")))
    client, said = TestClient(app), []
    for path in paths:
        cursor: dict[str, str] = {}
        while True:
            answer = client.get(f"/taxii2/share/collections/all/{path}", params={"limit": "400", **cursor})
            said.append(answer.text.replace(path, "") + str(answer.headers))
            body = answer.json()
            if not body.get("more"):
                break
            cursor = {"next": body["next"]}
    return " ".join(said)


def taxii_lists(scene: Scene, who: Subject) -> str:
    return over_taxii(scene, who, ["objects/", "manifest/", "objects/?match[version]=all", ""])


def taxii_objects(scene: Scene, who: Subject) -> str:
    ids = list(scene.world.held)[:30]
    return over_taxii(scene, who, [f"objects/{id}/" for id in ids] + [f"objects/{id}/versions/" for id in ids[:10]])


def asked_for(scene: Scene, who: Subject) -> str:
    """What filters by hidden ids tell, apart from the ids that were asked."""
    window, ids = Window(scene.shelf, who), frozenset(list(scene.world.held)[:400])
    return json.dumps([one.stix for one in window.all(scene.all, Match(ids=ids))])


def reports(scene: Scene, many: int) -> list[str]:
    return [id for id in scene.world.held if id.startswith("report--")][:many]


def exported(scene: Scene, who: Subject) -> str:
    return json.dumps(Window(scene.shelf, who).bundle(scene.all))


def fed(scene: Scene, who: Subject) -> str:
    return atom.feed(Window(scene.shelf, who), scene.all, str, "https://example.org/", "Home").decode()


def alerted(scene: Scene, who: Subject) -> str:
    window = Window(scene.shelf, who)
    return " ".join(one.xml.decode() for id in reports(scene, 60) for one in cap.chain(window, scene.all, id, "home"))


def as_misp(scene: Scene, who: Subject) -> str:
    window = Window(scene.shelf, who)
    return json.dumps([misp.event(window, scene.all, id, "home") for id in reports(scene, 30)])


def notified(scene: Scene, who: Subject) -> str:
    """The notices that a webhook of the partner's would be sent."""
    hooks = Hooks(scene.shelf.database, cast("Outside", None), clock=lambda: who.at)
    hooks.add("partner", "https://example.org/", "partner", "all")
    known: Any = Door(who)
    assert hooks.notice(scene.shelf, lambda name: known) == (1 if Window(scene.shelf, who).count(scene.all) else 0)
    said = " ".join(one.body for one in hooks.deliveries("waiting"))
    hooks.remove("partner")
    return said


CHANNELS: dict[str, Callable[[Scene, Subject], str]] = {
    "list": listed,
    "manifest": manifest,
    "get": got,
    "history": told,
    "search": searched,
    "filter": asked_for,
    "export": exported,
    "atom": fed,
    "cap": alerted,
    "misp": as_misp,
    "notification": notified,
    "taxii lists": taxii_lists,
    "taxii objects and errors": taxii_objects,
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_lets_out_nothing_that_the_rule_keeps_back(small: Scene, channel: str) -> None:
    for who in small.world.partners:
        assert not small.world.leaks(who, CHANNELS[channel](small, who))


def test_everything_that_the_rule_allows_is_shown_once(small: Scene) -> None:
    for who in [*small.world.partners, Subject(at=small.world.partners[0].at)]:
        window = Window(small.shelf, who)
        ids = [seen.id for seen in window.all(small.all)]
        assert len(ids) == len(set(ids))
        assert set(ids) == small.world.ids(who)
        assert window.count(small.all) == len(ids)


def test_the_test_would_see_a_leak(small: Scene) -> None:
    who = small.world.partners[0]
    hidden = next(held for held in small.world.held.values() if not small.world.may(who, held.id))
    assert small.world.leaks(who, f"so {hidden.word} it is") == {hidden.word}
    assert small.world.leaks(who, json.dumps({"ref": hidden.id})) == {hidden.id}


def test_hidden_and_missing_are_answered_alike(small: Scene) -> None:
    who = small.world.partners[0]
    window = Window(small.shelf, who)
    hidden = next(held.id for held in small.world.held.values() if not small.world.may(who, held.id))
    missing = f"note--{'0' * 8}-0000-4000-8000-{'0' * 12}"
    assert window.get(small.all, hidden) is window.get(small.all, missing) is None
    assert window.history(small.all, hidden) == window.history(small.all, missing) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_thousand_objects_and_fifty_partners_leak_nothing(tmp_path: Path) -> None:
    large = scene(tmp_path, 2, 10_000, 50)
    for who in large.world.partners:
        for channel in CHANNELS.values():
            assert not large.world.leaks(who, channel(large, who))
        assert Window(large.shelf, who).count(large.all) == len(large.world.ids(who))
    large.shelf.database.close()
