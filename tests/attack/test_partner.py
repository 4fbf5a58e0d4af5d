"""A partner with a true key, who wants to know what it may not: how much there is, about whom, what was taken back."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.share.records import PUBLISHER, some_findings
from tests.share.samples import a_note, an_id, an_identity
from tests.share.test_stix import faults
from tocsin.share import cap
from tocsin.share.accounts import RIGHTS, Account, Login
from tocsin.share.addresses import Answer
from tocsin.share.database import ShareError
from tocsin.share.extensions import definitions
from tocsin.share.findings import publisher_id
from tocsin.share.handling import mark
from tocsin.share.limits import Limits
from tocsin.share.objects import item_of
from tocsin.share.opening import Share, open_share
from tocsin.share.peers import Peer, Peers
from tocsin.share.publish import TAKES_AWAY, mark_record, publish, put, release, withdraw
from tocsin.share.rule import Marking, Subject
from tocsin.share.shelf import Collection
from tocsin.share.taxii import MEDIA
from tocsin.share.window import EVERYTHING, Match, Window

from .conftest import ROOT, an_app

GREEN = Marking(tlp="green")
NAVY = Marking(tlp="amber", releasable_to=frozenset({"org:navy", "org:home"}))
HIDDEN = Marking(tlp="red", releasable_to=frozenset({"person:ada"}))
ADA = Login(Account("ada", "home", "releaser"), RIGHTS["releaser"])


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    opened = open_share(tmp_path / "s.db", tmp_path / "key", home="home", requests=Limits(1e9, 10**9))
    for name, organisation in (("eve", "navy"), ("omar", "harbour")):
        opened.accounts.add(Account(name, organisation, "analyst"), by="test")
    yield opened
    opened.close()


@pytest.fixture
def to(share: Share) -> Collection:
    return share.shelf.keep_collection("open", "Open", GREEN, writers={"org:navy", "org:harbour"})


def client_of(share: Share, name: str) -> TestClient:
    key = share.keys.issue(name, ["read", "write"], by="test")
    return TestClient(an_app(share), headers={"Authorization": f"Bearer {key}", "Accept": MEDIA})


def window_of(share: Share, organisation: str) -> Window:
    return Window(share.shelf, Subject(at=datetime.now(UTC), person="p", organisation=organisation))


def told(share: Share, to: Collection, organisation: str) -> str:
    """Everything that is told, every version of it."""
    return json.dumps([one.stix for one in window_of(share, organisation).all(to, EVERYTHING)])


# How much is hidden


def a_world(share: Share, to: Collection, hidden: int) -> None:
    """Two open things with `hidden` others between them, added at once."""
    between = [(f"h{n}", HIDDEN) for n in range(hidden)]
    stix = [mark(an_identity(name), marking) for name, marking in [("first", GREEN), *between, ("last", GREEN)]]
    share.shelf.add(to, [item_of(one) for one in stix], owner="home")


def test_a_cursor_does_not_tell_how_much_lies_between(share: Share, to: Collection) -> None:
    a_world(share, to, 300)
    eve = client_of(share, "eve")
    cursors = [eve.get(f"{ROOT}/open/objects/?limit=1").json()["next"] for _ in range(40)]
    assert len(set(cursors)) == 40
    for raw in (base64.urlsafe_b64decode(one + "==") for one in cursors):
        numbers = {int.from_bytes(raw[at : at + 8], "big") for at in range(len(raw) - 7)}
        assert not numbers & set(range(1, 1000))
    assert eve.get(f"{ROOT}/open/objects/?limit=1&next={cursors[0]}").json()["objects"][0]["id"] == an_id(
        "identity", "last"
    )


def test_the_times_of_adding_do_not_tell_how_much_lies_between(tmp_path: Path) -> None:
    """The gap between two neighbours is drawn alike whether nothing or sixty things lie between them."""

    def gaps(hidden: int) -> list[int]:
        found = []
        for n in range(21):
            share = open_share(tmp_path / f"{hidden}-{n}.db", tmp_path / "key", home="home")
            to = share.shelf.keep_collection("open", "Open", GREEN)
            stix = [mark(an_identity("a"), GREEN), mark(an_identity("b"), GREEN)]
            stix += [mark(an_identity(f"h{m}"), HIDDEN) for m in range(hidden)]
            random.Random(n).shuffle(stix)
            share.shelf.add(to, [item_of(one) for one in stix], owner="home")
            first, last = (datetime.fromisoformat(one.added) for one in window_of(share, "navy").all(to))
            found.append(int((last - first) / timedelta(microseconds=1)))
            share.close()
        return sorted(found)

    none, many = gaps(0), gaps(60)
    # Two uniform draws from one span, either way: a third of the span apart at the median.
    assert 500 < none[10] < 5500
    assert 500 < many[10] < 5500


# What is told of, by trying out ids


def test_ids_cannot_be_worked_out_from_what_anybody_knows(share: Share, to: Collection) -> None:
    salted = PUBLISHER.model_copy(update={"salt": share.secret("ids").hex()})
    publish(share, some_findings(), salted, to, by="ada", default=NAVY)
    guesses = tmp_share_ids(some_findings())
    held = {one.id for one in window_of(share, "home").all(to)}
    assert held
    shared = {id for id in held & guesses if not id.startswith(("extension-definition--", "identity--"))}
    assert shared == set()
    assert salted.id == PUBLISHER.id  # who publishes is no secret
    again = publish(share, some_findings(), salted, to, by="ada", default=NAVY)
    assert again.changed == 0


def tmp_share_ids(findings: Any) -> set[str]:
    """The ids that somebody who reads the same articles, and our source, would work out."""
    from tocsin.share.stix import to_objects

    return {one["id"] for one in to_objects(findings, PUBLISHER, lambda record: NAVY)}


def test_a_page_of_evidence_is_not_found_out_by_its_address(share: Share, to: Collection) -> None:
    """The same observable, sent by somebody else, is another object: that it arrives tells nothing."""
    salted = PUBLISHER.model_copy(update={"salt": "secret"})
    publish(share, some_findings(), salted, to, by="ada", default=HIDDEN)
    from tocsin.share.stix import to_objects

    guess = next(o for o in to_objects(some_findings(), PUBLISHER, lambda record: GREEN) if o["type"] == "url")
    answer = client_of(share, "eve").post(
        f"{ROOT}/open/objects/", content=json.dumps({"objects": [guess]}), headers={"Content-Type": MEDIA}
    )
    assert answer.json()["success_count"] == 1


# What was taken back


def test_what_is_withdrawn_is_in_no_version_any_more(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)
    report = next(one.id for one in window_of(share, "navy").all(to) if one.id.startswith("report--"))
    alert = cap.chain(window_of(share, "navy"), to, report, "home")[-1]
    assert "Eight vessels" in told(share, to, "navy")
    withdraw(share, report, by=ADA, reason="a source was named")
    assert "Eight vessels" not in told(share, to, "navy")
    eve = client_of(share, "eve")
    every = eve.get(f"{ROOT}/open/objects/{report}/?match[version]=all").json()["objects"]
    assert [one["revoked"] for one in every] == [True]
    assert len(eve.get(f"{ROOT}/open/objects/{report}/versions/").json()["versions"]) == 1
    assert faults({"type": "bundle", "id": "bundle--" + report[8:], "objects": every}) == []
    cancel = cap.chain(window_of(share, "navy"), to, report, "home")[-1]
    assert alert.reference in cancel.xml.decode()  # it still says what it cancels
    assert "Eight vessels" not in cancel.xml.decode()


def test_an_earlier_version_that_arrives_after_its_revocation_is_not_shown(share: Share, to: Collection) -> None:
    old = mark(an_identity("x", description="zebra"), GREEN)
    gone = mark(an_identity("x", modified="2026-02-05T00:00:00.000Z", revoked=True), GREEN)
    for one in (gone, old):
        share.shelf.add(to, [item_of(one)], owner="home")
    assert "zebra" not in told(share, to, "navy")
    assert [one.stix["revoked"] for one in window_of(share, "navy").history(to, an_id("identity", "x"))] == [True]


def test_publishing_again_does_not_bring_back_what_was_withdrawn(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)
    report = next(one.id for one in window_of(share, "navy").all(to) if one.id.startswith("report--"))
    withdraw(share, report, by=ADA, reason="a source was named")
    for more in ({}, {"revision": 2, "summary": "Nine vessels."}):
        publish(share, some_findings(**more), PUBLISHER, to, by="ada", default=NAVY)
    assert "vessels where" not in told(share, to, "navy")
    assert "Nine vessels" not in told(share, to, "navy")


def test_what_was_withdrawn_is_told_to_fewer_only_anew_and_as_another_object(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=GREEN)
    for one in list(window_of(share, "navy").all(to)):
        sure = one.stix.get("abstract") == "How sure this is"  # it goes with its report
        if one.id.partition("--")[0] in ("report", "note", "sighting", "observed-data") and not sure:
            withdraw(share, one.id, by=ADA, reason="meant for the navy")
    assert "vessels where" not in told(share, to, "harbour")
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)
    assert "vessels where" not in told(share, to, "navy")
    for changed in (True, False):
        done = publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY, anew=changed)
        assert (done.changed > 0, done.refused) == (changed, ())
    revised = publish(share, some_findings(revision=2), PUBLISHER, to, by="ada", default=NAVY)
    assert revised.changed == 1  # what was told anew goes on under its new name
    assert "vessels where" in told(share, to, "navy")
    assert "vessels where" not in told(share, to, "harbour")
    report = next(one.stix for one in window_of(share, "navy").all(to, Match(types=frozenset({"report"})))
                  if not one.stix["revoked"])  # fmt: skip
    assert any(ref.startswith("sighting--") for ref in report["object_refs"])


def test_publishing_with_a_stricter_marking_is_refused_rather_than_left_half_done(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=GREEN)
    before = told(share, to, "harbour")
    done = publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)
    assert {one.says for one in done.refused} == {TAKES_AWAY}
    assert told(share, to, "harbour") == before


def test_to_hide_a_field_of_what_is_out_is_refused_too(share: Share, to: Collection) -> None:
    put(share, to, [mark(an_identity("x", description="the source"), GREEN)], by="ada")
    hiding = GREEN.model_copy(update={"fields": {"description": NAVY}})
    done = put(share, to, [mark(an_identity("x", description="the source"), hiding)], by="ada")
    assert [one.says for one in done.refused] == [TAKES_AWAY]


def test_a_release_shows_no_field_that_was_hidden(share: Share, to: Collection) -> None:
    hiding = NAVY.model_copy(update={"fields": {"description": HIDDEN}})
    put(share, to, [mark(an_identity("x", description="the source"), hiding)], by="ada")
    release(share, an_id("identity", "x"), GREEN, by=ADA, reason="asked")
    assert an_id("identity", "x") in told(share, to, "harbour")
    assert "the source" not in told(share, to, "harbour")
    named = GREEN.model_copy(update={"fields": {"description": GREEN}})
    release(share, an_id("identity", "x"), named, by=ADA, reason="the source agrees")
    assert "the source" in told(share, to, "harbour")


def test_a_release_stands_when_the_same_is_published_again(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)
    sighting = next(one.id for one in window_of(share, "navy").all(to) if one.id.startswith("sighting--"))
    indicator = next(one.id for one in window_of(share, "navy").all(to) if one.id.startswith("indicator--"))
    for id in (indicator, sighting):
        release(share, id, GREEN, by=ADA, reason="asked")
    again = publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)
    assert (again.changed, again.refused) == (0, ())
    assert sighting in told(share, to, "harbour")


# What something rests on


def test_a_departure_is_as_restricted_as_the_figures_it_was_measured_on(share: Share, to: Collection) -> None:
    findings = some_findings()
    figure = next(iter(findings.observations))
    mark_record(share, figure.id, HIDDEN, by="ada")
    publish(share, findings, PUBLISHER, to, by="ada", default=GREEN)
    said = told(share, to, "navy")
    assert "sighting--" not in said
    assert '"observed": 8.5' not in said


# Under whose name something is said


def test_nobody_takes_the_name_of_a_publisher_or_the_projects_own_words(share: Share, to: Collection) -> None:
    """Those ids anybody can work out; who came first would own them, and speak for us."""
    theirs = {"created": "2026-02-01T00:00:00.000Z", "modified": "2026-02-01T00:00:00.000Z"}
    claims = [mark(an_identity("x") | {"id": publisher_id(name)}, GREEN) for name in ("home", "harbour")]
    claims += [one | theirs | {"name": "evil"} for one in definitions()]
    claims = [mark(one, Marking(tlp="clear")) if one["type"] == "identity" else one for one in claims]
    eve = client_of(share, "eve")
    answer = eve.post(f"{ROOT}/open/objects/", content=json.dumps({"objects": claims}), headers={"Content-Type": MEDIA})
    assert answer.json()["success_count"] == 0
    own = mark(an_identity("x") | {"id": publisher_id("navy")}, GREEN)
    answer = eve.post(f"{ROOT}/open/objects/", content=json.dumps({"objects": [own]}), headers={"Content-Type": MEDIA})
    assert answer.json()["success_count"] == 1
    assert publish(share, some_findings(), PUBLISHER, to, by="ada", default=GREEN).refused == ()


# What others must read


def test_a_number_that_is_none_does_not_spoil_the_page_for_everybody(share: Share, to: Collection) -> None:
    text = json.dumps({"objects": [mark(an_identity("x", score=12345), GREEN)]}).replace("12345", "1e999")
    answer = client_of(share, "eve").post(f"{ROOT}/open/objects/", content=text, headers={"Content-Type": MEDIA})
    assert answer.json()["failure_count"] == 1
    assert "Infinity" not in client_of(share, "omar").get(f"{ROOT}/open/objects/").text


def test_large_objects_come_in_pages_of_bounded_size_each_once(share: Share, to: Collection) -> None:
    stix = [mark(an_identity(f"x{n}", description="y" * 900_000), GREEN) for n in range(12)]
    share.shelf.add(to, [item_of(one) for one in stix], owner="navy")
    seen, query = [], ""
    omar = client_of(share, "omar")
    while True:
        answer = omar.get(f"{ROOT}/open/objects/?limit=1000{query}")
        assert len(answer.content) < 10_000_000
        seen += [one["id"] for one in answer.json()["objects"]]
        if not answer.json()["more"]:
            break
        query = f"&next={answer.json()['next']}"
    assert len(seen) == len(set(seen)) == 12


def test_another_sites_form_does_nothing_with_a_key_that_a_browser_keeps(share: Share, to: Collection) -> None:
    put(share, to, [mark(an_identity("x"), GREEN)], by="ada")
    key = share.keys.issue("eve", ["read", "write"], by="test")
    basic = base64.b64encode(f"eve:{key}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Origin": "https://evil.example", "Content-Type": MEDIA}
    answer = TestClient(an_app(share)).post(f"{ROOT}/open/objects/", content='{"objects":[]}', headers=headers)
    assert answer.status_code == 403


def test_one_address_cannot_try_one_password_on_every_name(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share.accounts, "log_in", lambda name, password: None)  # what is tested is not argon2
    stranger = TestClient(an_app(share))
    answers = [stranger.post("/login", data={"name": f"n{n}", "password": "spring-2026-x"}) for n in range(60)]
    assert [one.status_code for one in answers].count(401) == 40
    assert {one.status_code for one in answers[40:]} == {429}


# Nothing is missed


@pytest.mark.parametrize("way", ["embargo", "release"])
def test_what_speaks_of_something_hidden_comes_when_that_is_shown(share: Share, to: Collection, way: str) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    marking = GREEN.model_copy(update={"not_before": later}) if way == "embargo" else HIDDEN
    put(share, to, [mark(an_identity("x"), marking), mark(a_note("n", an_id("identity", "x")), GREEN)], by="ada")
    put(share, to, [mark(an_identity("y"), GREEN)], by="ada")
    navy = window_of(share, "navy")
    read = list(navy.all(to))
    assert [one.id for one in read] == [an_id("identity", "y")]
    if way == "embargo":
        share.shelf.lift_embargoes(later)
        navy = Window(share.shelf, navy.subject.model_copy(update={"at": later}))
    else:
        release(share, an_id("identity", "x"), GREEN, by=ADA, reason="asked")
        navy = window_of(share, "navy")
    assert {one.id for one in navy.all(to, Match(after=read[-1].n))} == {an_id("identity", "x"), an_id("note", "n")}


# A server that we ask


class Endless:
    """A peer whose pages never end, or hold no JSON."""

    def __init__(self, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.body, self.headers, self.asked = body, headers or {}, 0

    def call(self, method: str, url: str, **more: Any) -> Answer:
        self.asked += 1
        assert self.asked < 20
        return Answer(200, self.headers, self.body)


def a_peer(share: Share, network: Endless) -> Peers:
    peers = Peers(share, network)
    peer = Peer(
        name="evil", root="http://evil/taxii2/share/", collection="c", local="open", key="k", organisation="evil"
    )
    peers.add(peer, by="test")
    return peers


def test_a_server_whose_pages_never_end_holds_nobody_up(share: Share, to: Collection) -> None:
    stix = json.dumps(mark(an_identity("x"), GREEN)).encode()
    for body in (b'{"more":true,"next":"again","objects":[' + stix + b"]}", b'{"more":true,"next":"again"}'):
        a_peer(share, Endless(body)).pull("evil")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"objects":3}', b'{"objects":[', b"\xff"])
def test_what_a_server_answers_instead_of_an_envelope_is_one_sentence(
    share: Share, to: Collection, body: bytes
) -> None:
    with pytest.raises(ShareError):
        a_peer(share, Endless(body)).pull("evil")


def test_a_servers_word_for_where_we_are_is_a_time_or_nothing(share: Share, to: Collection) -> None:
    stix = json.dumps(mark(an_identity("x"), GREEN)).encode()
    network = Endless(b'{"objects":[' + stix + b"]}", {"x-taxii-date-added-last": "x" * 5000})
    peers = a_peer(share, network)
    assert peers.pull("evil").taken == 1
    assert peers._progress("evil")[0] is None
