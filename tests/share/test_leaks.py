"""No channel lets out what the rule keeps from a partner, and none keeps back what it allows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tocsin.share.database import open_database
from tocsin.share.rule import Subject
from tocsin.share.shelf import Collection, Shelf
from tocsin.share.window import EVERYTHING, LATEST, Window

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
    """A thousand objects and eight partners."""
    made = scene(tmp_path_factory.mktemp("small"), 1, 1000, 8)
    yield made
    made.shelf.database.close()


def listed(scene: Scene, who: Subject) -> str:
    return json.dumps([seen.stix for seen in Window(scene.shelf, who).all(scene.all, EVERYTHING)])


def manifest(scene: Scene, who: Subject) -> str:
    return " ".join(f"{seen.id} {seen.version}" for seen in Window(scene.shelf, who).all(scene.all, LATEST))


def got(scene: Scene, who: Subject) -> str:
    window = Window(scene.shelf, who)
    return json.dumps([window.get(scene.all, id) for id in list(scene.world.held)[:150]])


def told(scene: Scene, who: Subject) -> str:
    window = Window(scene.shelf, who)
    return json.dumps([one.stix for id in list(scene.world.held)[:150] for one in window.history(scene.all, id)])


def searched(scene: Scene, who: Subject) -> str:
    words = [held.field_word or held.word for held in list(scene.world.held.values())[-6:]]
    window = Window(scene.shelf, who)
    return json.dumps([list(window.search(scene.all, word)) for word in [*words, "what is said"]])


CHANNELS: dict[str, Callable[[Scene, Subject], str]] = {
    "list": listed,
    "manifest": manifest,
    "get": got,
    "history": told,
    "search": searched,
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
def test_ten_thousand_objects_and_fifty_partners_leak_nothing(tmp_path: Path) -> None:
    large = scene(tmp_path, 2, 10_000, 50)
    for who in large.world.partners:
        for channel in CHANNELS.values():
            assert not large.world.leaks(who, channel(large, who))
        assert Window(large.shelf, who).count(large.all) == len(large.world.ids(who))
    large.shelf.database.close()
