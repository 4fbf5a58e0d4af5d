"""`tocsin run --every`: a long-running watch loses nothing and doubles nothing, however it is stopped."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.cli.conftest import Tocsin

from tocsin.records import Article, Event, Membership, Page
from tocsin.store import StoreError, open_store

STORY = (
    "Officials in town {n} said on day {n} that {n} trucks of grain had crossed the bridge at Ferry Road {n}, and "
    "that China had criticised Japan over shipment {n}. No one was hurt, and the bridge will be open until evening {n}."
)


class Paper:
    """A feed on the loopback that gains a story now and then, and always lists the last hundred."""

    def __init__(self) -> None:
        paper = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = paper.feed() if self.path == "/feed" else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "application/feed+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.stories = 1
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/feed"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def feed(self) -> bytes:
        items = [
            {"id": f"s{n}", "url": f"https://paper.example/{n}", "title": f"Grain convoy {n}",
             "content_text": STORY.format(n=n), "date_published": "2024-03-05T08:00:00Z"}
            for n in range(max(1, self.stories - 99), self.stories + 1)
        ]  # fmt: skip
        about = {"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "language": "en"}
        return json.dumps({**about, "items": items}).encode()


@pytest.fixture
def paper() -> Iterator[Paper]:
    made = Paper()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def desk(tocsin: Tocsin, tmp_path: Path, paper: Paper) -> Path:
    root = tmp_path / "desk"
    assert tocsin("init", root, "--watch", "taiwan-strait").status == 0
    with (root / "tocsin.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[[source]]\nname = "paper"\nkind = "feed"\nurl = "{paper.url}"\npause = 0\n')
        file.write('allow_networks = ["127.0.0.0/8"]\n')
    return root


def start(desk: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tocsin", "run", "-w", str(desk), "--every", "1s"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip


def counted(desk: Path) -> dict[str, int]:
    """How many records of each kind are stored; none before the store is made."""
    try:
        with closing(open_store(str(desk / "tocsin.db"), readonly=True)) as store:
            return {kind.kind: store.count(kind) for kind in (Page, Article, Membership, Event)}
    except StoreError:
        return {}


def wait_for(desk: Path, stories: int, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if counted(desk).get("membership", 0) >= stories:
            return
        time.sleep(0.3)
    raise AssertionError(f"{counted(desk)} after {seconds} s, where {stories} stories were published")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_goes_on_as_stories_come_and_ends_cleanly_when_asked(desk: Path, paper: Paper, sign: signal.Signals) -> None:
    running = start(desk)
    try:
        wait_for(desk, 1)
        paper.stories = 4
        wait_for(desk, 4)
        running.send_signal(sign)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert counted(desk)["page"] == counted(desk)["article"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("kills", [50])
def test_fifty_random_kills_lose_and_double_nothing(tocsin: Tocsin, desk: Path, paper: Paper, kills: int) -> None:
    chance = random.Random(kills)
    killed = 0
    for _ in range(kills):
        paper.stories += chance.randint(0, 2)
        running = start(desk)
        time.sleep(chance.uniform(0.3, 6))
        killed += running.poll() is None
        running.kill()
        running.communicate()
    assert killed == kills
    assert tocsin("run", "-w", desk).status == 0
    whole = counted(desk)
    assert whole["page"] == whole["article"] == whole["membership"] == paper.stories
    fresh = desk.parent / "fresh"
    assert tocsin("init", fresh, "--watch", "taiwan-strait").status == 0
    (fresh / "tocsin.toml").write_text((desk / "tocsin.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert tocsin("run", "-w", fresh).status == 0
    assert counted(fresh) == whole, "as one run that nobody stopped"
