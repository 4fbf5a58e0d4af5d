"""The TAXII 2.1 server, driven by the official client over a real connection, and by hand where the client is shy."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from taxii2client.common import TokenAuth
from taxii2client.v21 import ApiRoot, Collection, Server, as_pages

from tocsin.share.accounts import Account
from tocsin.share.handling import mark, marking_of
from tocsin.share.limits import Limits
from tocsin.share.objects import item_of
from tocsin.share.opening import Share, open_share
from tocsin.share.rule import Marking
from tocsin.share.taxii import MEDIA

from .samples import CLEAR, a_note, a_relationship, an_id, an_identity
from .serving import an_app, served

GREEN = Marking(tlp="green")
NAVY = Marking(tlp="amber", releasable_to=frozenset({"org:navy"}))
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    opened = open_share(tmp_path / "s.db", tmp_path / "key", home="home", requests=Limits(1e6, 10**6))
    opened.accounts.add(Account("jane", "navy", "analyst"), by="test")
    opened.accounts.add(Account("omar", "harbour", "analyst"), by="test")
    writers = {"org:navy", "org:harbour"}
    opened.shelf.keep_collection("open", "Open", GREEN, writers=writers)
    opened.shelf.keep_collection("navy", "For the navy", NAVY, writers=writers, unmarked=NAVY)
    yield opened
    opened.close()


@pytest.fixture
def keys(share: Share) -> dict[str, str]:
    return {name: share.keys.issue(name, ["read", "write"], by="test") for name in ("jane", "omar")}


class Caller:
    """An HTTP client that says who it is."""

    def __init__(self, share: Share, key: str | None) -> None:
        self.client = TestClient(an_app(share), raise_server_exceptions=True)
        self.client.headers.update({"Accept": MEDIA} | ({"Authorization": f"Bearer {key}"} if key else {}))

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/taxii2/{path}", params=query)

    def add(self, alias: str, *objects: Any) -> Any:
        content = json.dumps({"objects": list(objects)})
        return self.client.post(
            f"/taxii2/share/collections/{alias}/objects/", content=content, headers={"Content-Type": MEDIA}
        )


@pytest.fixture
def jane(share: Share, keys: dict[str, str]) -> Caller:
    return Caller(share, keys["jane"])


@pytest.fixture
def omar(share: Share, keys: dict[str, str]) -> Caller:
    return Caller(share, keys["omar"])


def shelved(share: Share, alias: str, *objects: Any, owner: str = "home", now: datetime = NOW) -> None:
    to = share.shelf.collection(alias)
    assert to is not None
    outcomes = share.shelf.add(to, [item_of(one) for one in objects], owner=owner, now=now)
    assert {one.state for one in outcomes} == {"success"}, outcomes


def test_the_official_client_finds_reads_adds_and_deletes(share: Share, keys: dict[str, str]) -> None:
    shelved(share, "open", *(mark(an_identity(f"i{n}"), CLEAR) for n in range(7)))
    with served(an_app(share)) as address:
        auth = TokenAuth(keys["jane"])
        root: ApiRoot = Server(f"{address}/taxii2/", auth=auth).default
        assert root.title == "tocsin"
        found = {one.title: one for one in root.collections}
        assert set(found) == {"Open", "For the navy"}
        collection: Collection = found["Open"]
        pages = list(as_pages(collection.get_objects, per_request=3))
        assert [len(page["objects"]) for page in pages] == [3, 3, 1]
        assert len({one["id"] for page in pages for one in page["objects"]}) == 7
        assert [len(page["objects"]) for page in as_pages(collection.get_manifest, per_request=5)] == [5, 2]

        note = mark(a_note("n", an_id("identity", "i1")), CLEAR)
        status = collection.add_objects({"objects": [note]})
        assert (status.status, status.success_count, status.failure_count) == ("complete", 1, 0)
        assert collection.get_object(note["id"])["objects"] == [note]
        assert collection.object_versions(note["id"])["versions"] == [note["modified"]]
        collection.delete_object(note["id"])
        assert "objects" not in collection.get_objects(id=note["id"])
        root.close()
        collection.close()


def test_each_sees_its_own_collections_and_nobody_sees_none(share: Share, jane: Caller, omar: Caller) -> None:
    titles = lambda caller: [one["title"] for one in caller.get("share/collections/").json().get("collections", [])]  # noqa: E731
    assert titles(jane) == ["For the navy", "Open"]
    assert titles(omar) == ["Open"]
    assert titles(Caller(share, None)) == []


def test_hidden_and_missing_answer_alike(share: Share, jane: Caller, omar: Caller) -> None:
    secret = mark(an_identity("secret"), NAVY)
    shelved(share, "open", secret)
    hidden, missing = secret["id"], an_id("identity", "missing")
    for path in ("share/collections/open/objects/{}/", "share/collections/open/objects/{}/versions/"):
        assert jane.get(path.format(hidden)).status_code == 200
        one, other = omar.get(path.format(hidden)), omar.get(path.format(missing))
        assert one.status_code == other.status_code == 404
        assert one.content == other.content
        assert one.headers.items() == other.headers.items()
    one = omar.client.delete(f"/taxii2/share/collections/open/objects/{hidden}/")
    other = omar.client.delete(f"/taxii2/share/collections/open/objects/{missing}/")
    assert (one.status_code, one.content) == (other.status_code, other.content) == (404, one.content)
    one, other = omar.get("share/collections/navy/"), omar.get("share/collections/nowhere/")
    assert (one.status_code, one.content) == (404, other.content)
    for path in ("objects", "manifest"):
        assert "objects" not in omar.get(f"share/collections/open/{path}/").json()


@pytest.mark.parametrize("many", [1500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_every_object_comes_exactly_once_when_all_share_a_time(share: Share, jane: Caller, many: int) -> None:
    shelved(share, "open", *(mark(an_identity(f"i{n}"), CLEAR) for n in range(many)))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = jane.get("share/collections/open/manifest/", limit=1000, **cursor).json()
        seen += [one["id"] for one in page["objects"]]
        if not page["more"]:
            break
        cursor = {"next": page["next"]}
    assert len(seen) == len(set(seen)) == many


def test_times_of_adding_differ_and_reading_after_one_goes_on_after_it(share: Share, jane: Caller) -> None:
    shelved(share, "open", *(mark(an_identity(f"i{n}"), CLEAR) for n in range(10)))
    shelved(share, "open", mark(an_identity("late"), CLEAR), now=NOW.replace(year=2020))  # a clock that went back
    first = jane.get("share/collections/open/objects/", limit=4)
    last = first.headers["x-taxii-date-added-last"]
    rest = jane.get("share/collections/open/objects/", added_after=last).json()["objects"]
    assert len({one["id"] for one in [*first.json()["objects"], *rest]}) == 11
    times = [one["date_added"] for one in jane.get("share/collections/open/manifest/").json()["objects"]]
    assert times == sorted(set(times))


def test_nothing_is_missed_or_doubled_while_others_write(share: Share, jane: Caller) -> None:
    done = threading.Event()

    def write(name: str) -> None:
        for n in range(40):
            shelved(share, "open", *(mark(an_identity(f"{name}-{n}-{m}"), CLEAR) for m in range(5)))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    seen: list[str] = []
    after: dict[str, str] = {}
    while not done.is_set() or len(seen) < 400:
        answer = jane.get("share/collections/open/objects/", limit=30, **after)
        found = answer.json().get("objects", [])
        seen += [one["id"] for one in found]
        if found:
            after = {"added_after": answer.headers["x-taxii-date-added-last"]}
        elif not any(writer.is_alive() for writer in writers):
            done.set()
            if len(seen) >= 400 or not found:
                break
    assert len(seen) == len(set(seen)) == 400


def test_versions_and_filters(share: Share, jane: Caller) -> None:
    times = [f"2026-02-0{n}T00:00:00.000Z" for n in (1, 2, 3)]
    shelved(share, "open", *(mark(an_identity("x", modified=time), CLEAR) for time in times))
    shelved(share, "open", mark(a_note("n", an_id("identity", "x")), CLEAR))
    path, id = "share/collections/open/objects/", an_id("identity", "x")
    versions = lambda **query: [one["modified"] for one in jane.get(path, **query).json()["objects"] if one["id"] == id]  # noqa: E731
    assert versions() == times[2:]
    assert versions(**{"match[version]": "first"}) == times[:1]
    assert versions(**{"match[version]": "all"}) == times
    assert versions(**{"match[version]": f"first,{times[1]}"}) == times[:2]
    assert jane.get(f"{path}{id}/versions/").json()["versions"] == times
    assert [one["type"] for one in jane.get(path, **{"match[type]": "note"}).json()["objects"]] == ["note"]
    assert [one["id"] for one in jane.get(path, **{"match[id]": id}).json()["objects"]] == [id]
    assert jane.get(path, **{"match[spec_version]": "2.0"}).json() == {"more": False}
    assert len(jane.get(path, **{"match[type]": "note,identity"}).json()["objects"]) == 2


def test_a_newer_version_that_is_hidden_does_not_hide_the_older(share: Share, jane: Caller, omar: Caller) -> None:
    shelved(share, "open", mark(an_identity("x"), CLEAR))
    shelved(share, "open", mark(an_identity("x", modified="2026-02-09T00:00:00.000Z"), NAVY))
    path = f"share/collections/open/objects/{an_id('identity', 'x')}/"
    assert jane.get(path).json()["objects"][0]["modified"] == "2026-02-09T00:00:00.000Z"
    assert omar.get(path).json()["objects"][0]["modified"] == "2026-02-01T00:00:00.000Z"


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "-1"}, {"limit": "x"}, {"added_after": "yesterday"}, {"next": "forged"}, {"next": ""},
     {"match[version]": "newest"}, {"added_after": "2026-02-30T00:00:00"}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(jane: Caller, query: dict[str, str]) -> None:
    answer = jane.get("share/collections/open/objects/", **query)
    assert answer.status_code == 400
    assert answer.json()["http_status"] == "400"


def test_a_cursor_is_good_for_its_own_question_and_person_alone(share: Share, jane: Caller, omar: Caller) -> None:
    shelved(share, "open", *(mark(an_identity(f"i{n}"), CLEAR) for n in range(5)))
    path = "share/collections/open/objects/"
    cursor = jane.get(path, limit=2).json()["next"]
    assert jane.get(path, limit=2, next=cursor).status_code == 200
    assert omar.get(path, limit=2, next=cursor).status_code == 400
    assert jane.get("share/collections/open/manifest/", next=cursor).status_code == 400
    assert jane.get(path, next=cursor, **{"match[type]": "note"}).status_code == 400
    assert jane.get(path, next=cursor[:-1] + ("A" if cursor[-1] != "A" else "B")).status_code == 400


def test_what_cannot_be_taken_is_named_with_the_reason(share: Share, jane: Caller, omar: Caller) -> None:
    mine = mark(an_identity("mine"), CLEAR)
    assert jane.add("open", mine).json()["success_count"] == 1
    assert jane.add("open", mine).json()["success_count"] == 1  # again changes nothing
    assert jane.get("share/collections/open/manifest/").json()["objects"].__len__() == 1
    unmarked, changed = an_identity("unmarked"), mine | {"name": "changed"}
    status = jane.add("open", unmarked, changed, "no object", mark(a_note("n"), CLEAR) | {"id": "note--1"}).json()
    assert [one["message"].split(":")[0] for one in status["failures"]] == [
        "The object has no TLP marking, so nobody could see it",
        "This version of the object is known with another content.",
        "A STIX object is a JSON object; this is something else.",
        "The object's id is not note-- followed by a UUID in lower case.",
    ]
    newer = mark(an_identity("mine", modified="2026-02-05T00:00:00.000Z"), CLEAR)
    assert "Only its owner" in omar.add("open", newer).json()["failures"][0]["message"]
    assert omar.client.delete(f"/taxii2/share/collections/open/objects/{mine['id']}/").status_code == 403
    assert jane.add("navy", unmarked).json()["success_count"] == 1
    assert jane.get(f"share/collections/navy/objects/{unmarked['id']}/").status_code == 200


def test_what_comes_unmarked_goes_on_with_the_marking_of_its_collection(share: Share, jane: Caller) -> None:
    for _ in range(2):
        assert jane.add("navy", an_identity("plain")).json()["success_count"] == 1
    (sent,) = jane.get("share/collections/navy/objects/").json()["objects"]
    assert marking_of(sent) == NAVY
    assert jane.add("navy", sent).json()["failure_count"] == 0
    assert len(jane.get("share/collections/navy/objects/").json()["objects"]) == 1


def test_a_key_that_may_not_read_adds_and_reads_nothing(share: Share, keys: dict[str, str]) -> None:
    sensor = Caller(share, share.keys.issue("jane", ["write"], by="test"))
    assert sensor.add("open", mark(an_identity("x"), GREEN)).json()["success_count"] == 1
    id = an_id("identity", "x")
    for path in ("", "open/", "open/objects/", "open/manifest/", f"open/objects/{id}/", f"open/objects/{id}/versions/"):
        assert sensor.get(f"share/collections/{path}").status_code == 403
    assert Caller(share, keys["jane"]).get("share/collections/open/objects/").status_code == 200


def test_what_the_house_adds_is_kept_and_what_is_out_is_not_changed_so(share: Share, jane: Caller) -> None:
    share.accounts.add(Account("ada", "home", "analyst"), by="test")
    share.shelf.keep_collection("open", "Open", GREEN, writers={"org:home"})
    ada = Caller(share, share.keys.issue("ada", ["read", "write"], by="test"))
    figure = mark(an_identity("x", description="first"), GREEN)
    for _ in range(2):
        assert ada.add("open", figure).json()["success_count"] == 1
    held = share.shelf.held(figure["id"])
    assert held is not None
    assert held[1] == "home"
    later = {"modified": "2026-02-05T00:00:00.000Z", "description": "second"}
    for changed in (later, {"description": "another"}):
        (failure,) = ada.add("open", mark(figure | changed, CLEAR)).json()["failures"]
        assert "is published here" in failure["message"]
    assert [one["description"] for one in jane.get("share/collections/open/objects/").json()["objects"]] == ["first"]


def test_a_status_is_shown_to_the_one_who_added(jane: Caller, omar: Caller) -> None:
    status = jane.add("open", mark(an_identity("x"), CLEAR)).json()
    assert jane.get(f"share/status/{status['id']}/").json() == status
    assert omar.get(f"share/status/{status['id']}/").status_code == 404


def test_the_media_types_are_those_of_the_standard(share: Share, jane: Caller) -> None:
    url = "/taxii2/share/collections/open/objects/"
    assert jane.client.get(url).headers["content-type"] == MEDIA
    assert jane.client.get(url, headers={"Accept": "text/html"}).status_code == 406
    assert jane.client.get(url, headers={"Accept": "application/taxii+json;version=2.0"}).status_code == 406
    assert jane.client.get(url, headers={"Accept": "application/taxii+json"}).status_code == 200
    assert jane.client.post(url, content="{}", headers={"Content-Type": "application/json"}).status_code == 415
    anonymous = Caller(share, None)
    assert anonymous.add("open").status_code == 401
    assert "www-authenticate" in anonymous.add("open").headers


def test_an_object_that_waits_for_another_comes_when_that_arrives(share: Share, jane: Caller) -> None:
    path = "share/collections/open/objects/"
    waiting = mark(a_relationship("r", an_id("identity", "a"), an_id("identity", "b")), CLEAR)
    shelved(share, "open", waiting, mark(an_identity("a"), CLEAR))
    first = jane.get(path)
    assert [one["type"] for one in first.json()["objects"]] == ["identity"]
    shelved(share, "open", mark(an_identity("b"), CLEAR))
    after = jane.get(path, added_after=first.headers["x-taxii-date-added-last"]).json()["objects"]
    assert [one["type"] for one in after] == ["identity", "relationship"]


def test_when_an_embargo_ends_the_object_comes_after_what_was_read(share: Share, jane: Caller) -> None:
    held_back = CLEAR.model_copy(update={"not_before": datetime(2026, 4, 1, tzinfo=UTC)})
    shelved(share, "open", mark(an_identity("later"), held_back), mark(an_identity("now"), CLEAR))
    manifest = jane.get("share/collections/open/manifest/").json()["objects"]
    assert [one["id"] for one in manifest] == [an_id("identity", "now"), an_id("identity", "later")]


def test_every_reading_by_a_partner_is_recorded(share: Share, jane: Caller) -> None:
    shelved(share, "open", mark(an_identity("x"), CLEAR))
    jane.get("share/collections/open/objects/")
    jane.get(f"share/collections/open/objects/{an_id('identity', 'x')}/")
    reads = [one for one in share.audit.entries(subject="collection:open") if one.action == "read"]
    assert [one.actor for one in reads] == ["person:jane", "person:jane"]
    assert reads[1].detail["id"] == an_id("identity", "x")
    assert share.audit.verify().sound
