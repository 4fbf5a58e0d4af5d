"""Alerts, feeds and events: valid in their own standards, and no wider than the asker's window."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import etree

from tocsin.share import atom, cap
from tocsin.share.accounts import RIGHTS, Account, Login
from tocsin.share.feeds import feed_router
from tocsin.share.opening import Share, open_share
from tocsin.share.publish import publish, withdraw
from tocsin.share.rule import Marking, Subject
from tocsin.share.shelf import Collection
from tocsin.share.window import Window

from .records import PUBLISHER, some_findings

CAP_SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("cap12.xsd")))
GREEN = Marking(tlp="green")
NAVY = Marking(tlp="amber", releasable_to=frozenset({"org:navy", "org:home"}))
RELEASER = Login(Account("ada", "home", "releaser"), RIGHTS["releaser"])
CAP = f"{{{cap.NAMESPACE}}}"
ATOM = f"{{{atom.NAMESPACE}}}"


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    opened = open_share(tmp_path / "s.db", tmp_path / "key", home="home")
    opened.accounts.add(Account("jane", "navy", "viewer"), by="test")
    opened.accounts.add(Account("omar", "harbour", "viewer"), by="test")
    yield opened
    opened.close()


@pytest.fixture
def to(share: Share) -> Collection:
    return share.shelf.keep_collection("strait", "Taiwan Strait <&>", GREEN)


def seen_by(share: Share, organisation: str) -> Window:
    return Window(share.shelf, Subject(at=datetime.now(UTC), person="p", organisation=organisation))


def report_id(share: Share, to: Collection) -> str:
    return next(one.id for one in seen_by(share, "navy").all(to) if one.id.startswith("report--"))


def valid(xml: bytes) -> Any:
    CAP_SCHEMA.assertValid(etree.fromstring(xml))
    return ElementTree.fromstring(xml)


def test_a_chain_goes_from_alert_over_update_to_cancel(share: Share, to: Collection) -> None:
    for revision in (1, 2):
        publish(share, some_findings(revision=revision), PUBLISHER, to, by="a", default=NAVY)
    id = report_id(share, to)
    withdraw(share, id, by=RELEASER, reason="wrong figure")
    messages = cap.chain(seen_by(share, "navy"), to, id, "home, sweet <home>")
    alerts = [valid(one.xml) for one in messages]
    assert [one.findtext(f"{CAP}msgType") for one in alerts] == ["Alert", "Update", "Cancel"]
    assert alerts[0].find(f"{CAP}references") is None
    assert alerts[2].findtext(f"{CAP}references") == f"{messages[0].reference} {messages[1].reference}"
    assert alerts[0].findtext(f"{CAP}restriction") == "TLP:AMBER"
    info = alerts[0].find(f"{CAP}info")
    assert info.findtext(f"{CAP}certainty") == "Likely"
    assert info.find(f"{CAP}area").findtext(f"{CAP}circle") == "24.5,119.5 0"
    ack = cap.acknowledge(messages[0], "navy", datetime.now(UTC), "seen & noted")
    assert valid(ack.xml).findtext(f"{CAP}references") == messages[0].reference
    assert cap.chain(seen_by(share, "harbour"), to, id, "home") == []


def test_words_cannot_break_out_of_the_document(share: Share, to: Collection) -> None:
    evil = "</headline><x>\x00\x0b]]>&lt;\ufffe"
    publish(share, some_findings(title=evil, summary=evil), PUBLISHER, to, by="a", default=Marking(tlp="clear"))
    message = cap.chain(seen_by(share, "navy"), to, report_id(share, to), "home")[0]
    alert = valid(message.xml)
    assert alert.findtext(f"{CAP}scope") == "Public"
    assert "</headline><x>" in alert.find(f"{CAP}info").findtext(f"{CAP}headline")
    feed = atom.feed(seen_by(share, "navy"), to, str, "https://example.org/", "Home")
    assert "</headline><x>" in ElementTree.fromstring(feed).find(f"{ATOM}entry").findtext(f"{ATOM}title")


def test_a_feed_holds_what_its_reader_may_see(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="a", default=NAVY)
    feeds = {
        who: atom.feed(seen_by(share, who), to, str, "https://example.org/", "Home") for who in ("navy", "harbour")
    }
    entries = {who: ElementTree.fromstring(feed).findall(f"{ATOM}entry") for who, feed in feeds.items()}
    assert [len(found) for found in entries.values()] == [1, 0]
    entry = entries["navy"][0]
    assert uuid.UUID(entry.findtext(f"{ATOM}id").removeprefix("urn:uuid:"))
    for name in ("id", "title", "updated", "summary"):
        assert entry.findtext(f"{ATOM}{name}")


@pytest.fixture
def client(share: Share) -> TestClient:
    app = FastAPI()
    app.include_router(feed_router(share, author="Home"))
    return TestClient(app)


def test_over_http_each_gets_their_own_and_hidden_is_missing(share: Share, to: Collection, client: TestClient) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="a", default=NAVY)
    id = report_id(share, to)
    keys = {name: {"Authorization": f"Bearer {share.keys.issue(name, ['read'], by='t')}"} for name in ("jane", "omar")}
    for path in (f"/cap/strait/{id}", f"/misp/strait/{id}"):
        assert client.get(path, headers=keys["jane"]).status_code == 200
        hidden = client.get(path, headers=keys["omar"])
        missing = client.get(path[:-1] + "x", headers=keys["omar"])
        assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content) == (404, missing.content)
    assert client.get("/feeds/strait.atom", headers=keys["jane"]).headers["content-type"].startswith(atom.MEDIA)
    assert client.get("/feeds/strait.atom").status_code == 404  # nobody may not know of the collection
    assert "read alert" in [one.action for one in share.audit.entries(subject=id)]


def test_a_key_that_may_not_read_is_shown_what_nobody_in_particular_is(
    share: Share, to: Collection, client: TestClient
) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="a", default=NAVY)
    key = {"Authorization": f"Bearer {share.keys.issue('jane', ['write'], by='t')}"}
    id = report_id(share, to)
    for path in ("/feeds/strait.atom", f"/cap/strait/{id}", f"/misp/strait/{id}"):
        assert client.get(path, headers=key).status_code == client.get(path).status_code == 404


def test_a_misp_event_names_the_level_and_carries_the_evidence(
    share: Share, to: Collection, client: TestClient
) -> None:
    findings = some_findings()
    publish(share, findings, PUBLISHER, to, by="a", default=NAVY)
    key = {"Authorization": f"Bearer {share.keys.issue('jane', ['read'], by='t')}"}
    event = client.get(f"/misp/strait/{report_id(share, to)}", headers=key).json()["Event"]
    assert event["Tag"] == [{"name": "tlp:amber"}]
    assert event["distribution"] == "0"
    values = {one["value"] for one in event["Attribute"]}
    assert {page.sha256 for page in findings.pages.values()} <= values
    assert {page.url for page in findings.pages.values()} <= values
    assert all(uuid.UUID(one["uuid"]) for one in event["Attribute"])
