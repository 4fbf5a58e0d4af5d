"""A server to attack, with a reader, a writer and an outsider."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tocsin.share.accounts import Account
from tocsin.share.feeds import feed_router
from tocsin.share.gate import SecurityHeaders
from tocsin.share.handling import Stix, mark
from tocsin.share.limits import Limits
from tocsin.share.objects import item_of
from tocsin.share.opening import Share, open_share
from tocsin.share.rule import Marking
from tocsin.share.taxii import MEDIA, TaxiiSettings, taxii_router

TIME = "2026-02-01T00:00:00.000Z"
SECRET_ID = "identity--5a3c8f0e-1111-5111-8111-000000000001"  # noqa: S105 - an id
OPEN_ID = "identity--5a3c8f0e-1111-5111-8111-000000000002"
SECRET_WORD = "zebra-secret-zebra"  # noqa: S105 - a word to be found, not a secret
ROOT = "/taxii2/share/collections"


def an_identity(id: str, name: str) -> Stix:
    """A valid object."""
    times = {"created": TIME, "modified": TIME}
    return {"type": "identity", "spec_version": "2.1", "id": id, **times, "name": name}


@dataclass
class Target:
    """The server under attack, as the writer, and without a key."""

    share: Share
    writer: TestClient
    nobody: TestClient
    key: str

    def clients(self) -> list[TestClient]:
        """Everybody who attacks."""
        return [self.writer, self.nobody]

    def post(self, content: bytes | str) -> Any:
        """Add whatever this is to the open collection."""
        return self.writer.post(f"{ROOT}/open/objects/", content=content, headers={"Content-Type": MEDIA})


def an_app(share: Share) -> FastAPI:
    """Everything that sharing serves."""
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.include_router(share.gate.session_router())
    settings = TaxiiSettings(home=share.home)
    app.include_router(taxii_router(share.shelf, share.gate, share.audit, share.secret("cursor"), settings))
    app.include_router(feed_router(share, author="Home"))
    return app


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A server with one object that everybody known may see, and one for nobody."""
    folder = tmp_path_factory.mktemp("target")
    share = open_share(folder / "s.db", folder / "key", home="home", requests=Limits(1e9, 10**9))
    share.accounts.add(Account("eve", "outside", "analyst"), by="test")
    green, red = Marking(tlp="green"), Marking(tlp="red", releasable_to=frozenset({"person:ada"}))
    to = share.shelf.keep_collection("open", "Open", green, writers={"org:outside"})
    share.shelf.keep_collection("secret", SECRET_WORD, red, writers={"org:outside"})
    items = [
        item_of(mark(an_identity(OPEN_ID, "open"), green)),
        item_of(mark(an_identity(SECRET_ID, SECRET_WORD), red)),
    ]
    share.shelf.add(to, items, owner="home")
    key = share.keys.issue("eve", ["read", "write"], by="test")
    app = an_app(share)
    writer = TestClient(app, raise_server_exceptions=True, headers={"Authorization": f"Bearer {key}", "Accept": MEDIA})
    yield Target(share, writer, TestClient(app, raise_server_exceptions=True), key)
    share.close()
