"""Notices are signed, tried again and put aside; and nothing is called that must not be."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa

from tocsin.share import tables
from tocsin.share.accounts import RIGHTS, Account, Login
from tocsin.share.addresses import Outside, is_public, public_address
from tocsin.share.database import Database, ShareError
from tocsin.share.hooks import RETRIES, Hooks, genuine, signature
from tocsin.share.rule import Marking
from tocsin.share.shelf import Shelf

from .decisions import NOON
from .samples import an_identity, an_item

GREEN = Marking(tlp="green")


class Receiver(HTTPServer):
    """A partner's system."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer = 204
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.answer)
        self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


class Scene:
    """A shelf with one thing for the navy and one for nobody, and webhooks of the navy's."""

    def __init__(self, database: Database) -> None:
        self.now = NOON
        self.shelf = Shelf(database)
        self.to = self.shelf.keep_collection("open", "Open", GREEN)
        self.outside = Outside(inside=frozenset({"127.0.0.1"}))
        self.hooks = Hooks(database, self.outside, clock=lambda: self.now)
        navy = Marking(tlp="amber", releasable_to=frozenset({"org:navy"}))
        items = [an_item(an_identity("seen"), navy), an_item(an_identity("hidden"), Marking(tlp="red"))]
        self.shelf.add(self.to, items, owner="home", now=NOON)

    def login(self, name: str) -> Login | None:
        return Login(Account(name, "navy", "viewer"), RIGHTS["viewer"])

    def notice(self) -> int:
        return self.hooks.notice(self.shelf, self.login)


@pytest.fixture
def scene(database: Database) -> Iterator[Scene]:
    made = Scene(database)
    yield made
    made.outside.close()


def test_a_notice_is_signed_and_holds_only_ids_that_the_account_may_see(scene: Scene, receiver: Receiver) -> None:
    hook = scene.hooks.add("navy", receiver.url, "jane", "open")
    assert scene.notice() == 1
    assert scene.notice() == 0
    assert scene.hooks.deliver() == {"delivered": 1, "waiting": 0, "dead": 0}
    headers, body = receiver.got[0]
    assert [one["id"] for one in json.loads(body)["objects"]] == [an_identity("seen")["id"]]
    assert b"name-of" not in body
    said, now = headers["x-tocsin-signature"], int(NOON.timestamp())
    assert genuine(hook.secret, body, said, now)
    assert not genuine(hook.secret, body + b" ", said, now)
    assert not genuine("another", body, said, now)
    assert not genuine(hook.secret, body, said, now + 301)
    assert not any(
        genuine(hook.secret, body, wrong, now) for wrong in ("", "t=x,v1=y", "t=²,v1=", said.replace("v1", "v2"))
    )
    assert signature(hook.secret, body, now) == said


def test_what_fails_is_tried_again_and_then_put_aside(scene: Scene, receiver: Receiver) -> None:
    receiver.answer = 503
    scene.hooks.add("navy", receiver.url, "jane", "open")
    scene.notice()
    states = []
    for wait in (timedelta(0), *RETRIES):
        scene.now += wait
        states.append(scene.hooks.deliver())
        assert scene.hooks.deliver() == {"delivered": 0, "waiting": 0, "dead": 0}  # not before it is due
    assert [one["waiting"] for one in states] == [1, 1, 1, 1, 1, 0]
    dead = scene.hooks.deliveries("dead")
    assert [(one.attempts, one.says) for one in dead] == [(6, "It answered 503.")]
    receiver.answer = 200
    scene.hooks.revive(dead[0].id)
    assert scene.hooks.deliver()["delivered"] == 1


def test_when_an_embargo_ends_a_notice_is_written(scene: Scene, receiver: Receiver) -> None:
    scene.hooks.add("navy", receiver.url, "jane", "open")
    later = GREEN.model_copy(update={"not_before": NOON + timedelta(hours=1)})
    for name, marking in (("later", later), ("now", GREEN)):
        scene.shelf.add(scene.to, [an_item(an_identity(name), marking)], owner="home", now=NOON)
    assert (scene.notice(), scene.notice()) == (1, 0)
    scene.now += timedelta(hours=2)
    assert (scene.notice(), scene.notice()) == (1, 0)
    scene.hooks.deliver()
    assert json.loads(receiver.got[-1][1])["objects"][0]["id"] == an_identity("later")["id"]


def test_a_waiting_notice_does_not_go_to_an_account_that_was_disabled(
    scene: Scene, receiver: Receiver, database: Database
) -> None:
    scene.hooks.add("navy", receiver.url, "jane", "open")
    scene.notice()
    row = {"name": "jane", "organisation": "navy", "role": "viewer", "providers": "[]", "communities": "[]"}
    with database.writing() as connection:
        connection.execute(sa.insert(tables.account).values(row | {"disabled": True}))
    assert scene.hooks.deliver() == {"delivered": 0, "waiting": 0, "dead": 1}
    assert receiver.got == []
    assert [one.says for one in scene.hooks.deliveries("dead")] == ["Its account is disabled."]


def test_a_redirect_is_not_followed(scene: Scene, receiver: Receiver) -> None:
    receiver.answer = 302
    scene.hooks.add("navy", receiver.url, "jane", "open")
    scene.notice()
    assert scene.hooks.deliver()["waiting"] == 1
    assert len(receiver.got) == 1


def test_a_webhook_is_replaced_and_removed(scene: Scene, receiver: Receiver) -> None:
    first = scene.hooks.add("navy", receiver.url, "jane", "open")
    assert scene.hooks.add("navy", receiver.url, "jane", "open").secret != first.secret
    scene.notice()
    scene.hooks.remove("navy")
    assert scene.hooks.all() == []
    assert scene.hooks.deliveries("waiting") == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "::1",  # noqa: S104
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
     "2002:7f00:1::", "224.0.0.1", "ff02::1", "240.0.0.1", "255.255.255.255", "192.0.2.1"],
)  # fmt: skip
def test_addresses_inside_are_not_called(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(ShareError, match="leads inside"):
        public_address("https://partner.example/", resolver=lambda host, port: ["93.184.216.34", address])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_outside_are(address: str) -> None:
    assert public_address("https://partner.example:8443/x", resolver=lambda host, port: [address]) == address


@pytest.mark.parametrize(
    "url",
    ["http://partner.example/", "file:///etc/passwd", "gopher://x/", "//x", "", "https://", "https://u:p@x.example/",
     "https://x.example:99999/", "https://[::1", "https://x.example/ y", "https://x.example/\r\nHost: y", "https://\ud800.example/"],
)  # fmt: skip
def test_what_is_no_safe_address_is_refused(url: str) -> None:
    with pytest.raises(ShareError):
        public_address(url, resolver=lambda host, port: ["93.184.216.34"] if host.isascii() else [])


def test_an_unknown_name_and_a_numeric_loopback_are_refused(tmp_path: Path) -> None:
    for url in ("https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://localhost/", "https://[::1]/"):
        with pytest.raises(ShareError):
            public_address(url)


def test_a_name_is_looked_up_once_and_the_checked_address_is_called(receiver: Receiver) -> None:
    looked_up = []

    def resolver(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["169.254.169.254"]

    outside = Outside(inside=frozenset({"partner.test"}), resolver=resolver)
    answer = outside.call("POST", f"http://partner.test:{receiver.server_port}/hook", body=b"x")
    outside.close()
    assert answer.status == 204
    assert receiver.got[0][0]["host"] == f"partner.test:{receiver.server_port}"
    assert looked_up == ["partner.test"]
