"""Two nodes on one machine, as two people would set them up: keys, publish, pull, push, release, withdraw, hooks."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Tocsin

from tocsin.share.hooks import genuine

COUNTS = ("taken", "unchanged", "refused", "conflicts")


def configured(root: Path, organisation: str) -> Path:
    """A workspace of this organisation that may call this machine."""
    config = root / "tocsin.toml"
    lines = [line for line in config.read_text().splitlines() if not line.startswith("organisation")]
    config.write_text("\n".join([f'organisation = "{organisation}"', 'inside = ["127.0.0.1"]', *lines, ""]))
    return root


@contextmanager
def serving(root: Path, *more: str) -> Iterator[str]:
    """The address of a server over a workspace."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "-w", str(root), "--port", str(port), *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def home(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return configured(Path(shutil.copytree(demo, tmp_path_factory.mktemp("home") / "desk")), "home.example")


@pytest.fixture(scope="module")
def relief(tocsin: Tocsin, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("relief") / "desk"
    assert tocsin("init", root).status == 0
    return configured(root, "relief.example")


def test_two_nodes_exchange_release_and_withdraw(tocsin: Tocsin, home: Path, relief: Path) -> None:
    """The whole of docs/how-to/share.md."""

    def at(root: Path, *words: str) -> list[dict[str, Any]]:
        done = tocsin(*words, "-w", root, "--json")
        assert done.status == 0, done.err
        return done.lines

    at(home, "account", "add", "ada", "--organisation", "home.example", "--role", "releaser")
    at(home, "account", "add", "node.relief", "--organisation", "relief.example", "--role", "node")
    (issued,) = at(home, "key", "issue", "node.relief", "--scope", "read", "--scope", "write", "--scope", "relay")
    to = ("--to", "org:relief.example", "--to", "org:home.example")
    assert at(home, "publish", "taiwan-strait", "--tlp", "amber", *to, "--writer", "org:relief.example")[0]["changed"]
    at(relief, "publish", "taiwan-strait", "--tlp", "green")
    with serving(home) as address:
        peer = ("peer", "add", "home", "--root", f"{address}/taxii2/share/", "--collection", "taiwan-strait")
        at(relief, *peer, "--local", "taiwan-strait", "--key", issued["key"], "--organisation", "home.example")
        (pulled,) = at(relief, "peer", "pull", "home")
        assert pulled["taken"] > 10
        assert (pulled["refused"], pulled["conflicts"]) == (0, 0)
        again = at(relief, "peer", "sync", "home")
        assert [line["way"] for line in again] == ["pulled", "pushed"]
        assert [line["conflicts"] + line["refused"] for line in again] == [0, 0]
        at(relief, "peer", "sync", "home")  # what was pushed is seen once more, and is known
        assert at(relief, "peer", "sync", "home") == [
            {"way": way, **dict.fromkeys(COUNTS, 0)} for way in ("pulled", "pushed")
        ]
        (warning, *_) = tocsin("warnings", "-w", home, "--json").lines
        bundle = tocsin("stix", warning["id"], "-w", home).lines[0]
        report = next(one["id"] for one in bundle["objects"] if one["type"] == "report")
        refused = tocsin("withdraw", report, "--reason", "x", "--by", "node.relief", "-w", home)
        assert (refused.status, "is no releaser of home.example" in refused.err) == (2, True)
        at(home, "release", report, "--tlp", "amber", *to, "--to", "org:un.example", "--reason", "asked", "--by", "ada")
        at(home, "withdraw", report, "--reason", "a source was named", "--by", "ada")
        assert at(home, "publish", "taiwan-strait", "--tlp", "amber", *to)[0]["changed"] == 0  # it stays withdrawn
        assert at(relief, "peer", "pull", "home")[0]["taken"] == 2  # the report, and the note on how sure it is
        assert at(relief, "peer", "conflicts") == []
    for root in (home, relief):
        kept = tocsin("audit", "head", "-w", root).out.strip()
        assert "sound" in tocsin("audit", "verify", "--kept", kept, "-w", root).out
    assert tocsin("audit", "verify", "--kept", f"3 {'0' * 64}", "-w", home).status == 2
    deeds = {(line["actor"], line["action"]) for line in at(home, "audit", "list", "--subject", report)}
    assert deeds >= {("person:ada", "downgrade"), ("person:ada", "withdraw")}


def test_a_narrower_publication_is_refused_in_a_sentence(tocsin: Tocsin, home: Path) -> None:
    done = tocsin("publish", "taiwan-strait", "--tlp", "red", "--to", "person:ada", "-w", home)
    assert done.status == 0
    assert "withdraw it first" in done.err
    assert "not all who are named now know of the collection" in done.err


def test_a_wider_publication_takes_a_releaser_and_a_reason(tocsin: Tocsin, home: Path) -> None:
    wider = ("publish", "taiwan-strait", "--tlp", "clear", "-w", home)
    done = tocsin(*wider)
    assert (done.status, "a releaser and a reason" in done.err) == (2, True)
    done = tocsin(*wider, "--reason", "the ministry has published it", "--by", "nobody")
    assert (done.status, "is no releaser" in done.err) == (2, True)


def test_a_record_is_marked_by_a_named_person(tocsin: Tocsin, home: Path) -> None:
    (warning, *_) = tocsin("warnings", "-w", home, "--json").lines
    done = tocsin("mark", warning["id"], "--tlp", "amber", "--to", "org:home.example", "--hide", "external_references",
                  "-w", home, "--json")  # fmt: skip
    assert done.lines[0]["hide"] == ["external_references"]
    wider = ("mark", warning["id"], "--tlp", "green", "-w", home)
    assert "is no releaser" in tocsin(*wider, "--by", "bob", "--reason", "x").err
    tocsin("account", "add", "ada", "--organisation", "home.example", "--role", "releaser", "-w", home)
    assert "say why" in tocsin(*wider, "--by", "ada").err
    assert tocsin(*wider, "--by", "ada", "--reason", "published by the ministry").status == 0
    assert "nothing here is called" in tocsin("mark", "event-x", "--tlp", "green", "-w", home).err
    narrow = ("mark", warning["id"], "--tlp", "amber", "-w", home)
    mistyped = tocsin(*narrow, "--to", "org:home.example", "--hide", "external_reference")
    assert (mistyped.status, "did you mean 'external_references'?" in mistyped.err) == (2, True)
    nobody = tocsin(*narrow, "--to", "home.example")
    assert (nobody.status, "as org:home.example" in nobody.err) == (2, True)


def test_what_is_published_to_nobody_is_refused(tocsin: Tocsin, home: Path) -> None:
    for option in ("--to", "--writer"):
        done = tocsin("publish", "taiwan-strait", "--tlp", "amber", option, "relief.example", "-w", home)
        assert (done.status, done.out, "names nobody: write org:NAME" in done.err) == (2, "", True)


def test_people_get_passwords_and_the_pages_ask_for_them(tocsin: Tocsin, relief: Path) -> None:
    token = tocsin("account", "first", "-w", relief).out.strip()
    assert len(token) > 30
    tocsin("account", "add", "bob", "--organisation", "relief.example", "--role", "viewer", "-w", relief)
    assert "somebody has an account" in tocsin("account", "first", "-w", relief).err
    assert "too short" in tocsin("account", "password", "bob", "-w", relief, stdin="short\n").err
    assert tocsin("account", "password", "bob", "-w", relief, stdin="correct horse battery\n").status == 0
    with serving(relief, "--login") as address:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{address}/api/v1/events", timeout=10)
        form = b"name=bob&password=correct+horse+battery&to=/events"
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(f"{address}/login", form, timeout=10) as page:
            assert (page.url, page.status) == (f"{address}/events", 200)
    changed = tocsin("account", "change", "bob", "--disabled", "--role", "analyst", "-w", relief, "--json").lines[0]
    assert changed == {"name": "bob", "role": "analyst", "disabled": True}
    assert tocsin("account", "change", "bob", "--enabled", "-w", relief, "--json").lines[0]["disabled"] is False


class Receiver(BaseHTTPRequestHandler):
    """A partner's system that takes notices."""

    got: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.got.append((self.headers["X-Tocsin-Signature"], body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_hooks_are_added_tried_delivered_and_removed(tocsin: Tocsin, home: Path) -> None:
    got: list[tuple[str, bytes]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Here", (Receiver,), {"got": got}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tocsin("account", "add", "liaison", "--organisation", "home.example", "-w", home)
    tocsin("publish", "taiwan-strait", "--tlp", "amber", "--to", "org:relief.example", "--to", "org:home.example",
           "-w", home)  # fmt: skip
    url = f"http://127.0.0.1:{server.server_port}/hook"
    add = ("hook", "add", "partner", "--account", "liaison", "--collection", "taiwan-strait", "-w", home)
    assert "not encrypted" in tocsin(*add, "--url", "http://partner.example/").err
    assert "inside a private network" in tocsin(*add, "--url", "https://10.0.0.1/").err
    secret = tocsin(*add, "--url", url).out.strip()
    assert tocsin("hook", "test", "partner", "-w", home).status == 0
    (sent,) = tocsin("hook", "deliver", "-w", home, "--json").lines
    assert (sent["delivered"] > 0, sent["waiting"], sent["dead"]) == (True, 0, 0)
    assert tocsin("hook", "deliver", "-w", home, "--json").lines == [{"delivered": 0, "waiting": 0, "dead": 0}]
    server.shutdown()
    server.server_close()
    assert [genuine(secret, body, said, int(time.time())) for said, body in got] == [True] * (1 + sent["delivered"])
    assert json.loads(got[0][1])["test"] is True
    assert json.loads(got[1][1])["objects"]
    assert tocsin("hook", "test", "partner", "-w", home).status == 1
    assert secret not in tocsin("hook", "list", "-w", home, "--json").out
    assert tocsin("hook", "remove", "partner", "-w", home).status == 0
    assert "no webhook" in tocsin("hook", "remove", "partner", "-w", home).err
