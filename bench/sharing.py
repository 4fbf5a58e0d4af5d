"""How fast the TAXII server takes objects in and gives pages out, over a real connection on the loopback.

    python -m bench.sharing [objects ...]

Writes `bench/results/sharing.md`. Every object is checked, marked and indexed on the way in; every page goes through
the rule of access, and its reading is recorded in the audit, on the way out.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI

from tocsin.share.accounts import Account
from tocsin.share.handling import mark
from tocsin.share.limits import Limits
from tocsin.share.objects import item_of
from tocsin.share.opening import Share, open_share
from tocsin.share.rule import Marking, Subject
from tocsin.share.tables import entry
from tocsin.share.taxii import MEDIA, TaxiiSettings, taxii_router
from tocsin.share.window import Match, Window

RESULTS = Path(__file__).parent / "results" / "sharing.md"
TIME = "2026-02-01T00:00:00.000Z"
GREEN = Marking(tlp="green")
NAVY = Marking(tlp="amber", releasable_to=frozenset({"org:navy", "org:home"}))
SECRET = Marking(tlp="red", releasable_to=frozenset({"person:nobody"}))


def an_object(n: int) -> dict[str, Any]:
    """A note of about a kilobyte; one in ten is hidden from the reader."""
    stix = {
        "type": "note",
        "spec_version": "2.1",
        "id": f"note--{uuid.uuid5(uuid.NAMESPACE_OID, str(n))}",
        "created": TIME,
        "modified": TIME,
        "content": f"Eight vessels were seen on day {n}. " * 15,
        "object_refs": ["identity--" + str(uuid.uuid5(uuid.NAMESPACE_OID, "navy"))],
    }
    return mark(stix, SECRET if n % 10 == 0 else NAVY if n % 2 else GREEN)


def the_identity() -> dict[str, Any]:
    """What the notes are about."""
    stix = {
        "type": "identity",
        "spec_version": "2.1",
        "id": "identity--" + str(uuid.uuid5(uuid.NAMESPACE_OID, "navy")),
        "created": TIME,
        "modified": TIME,
        "name": "Navy",
    }
    return mark(stix, GREEN)


@contextmanager
def serving(share: Share) -> Iterator[str]:
    """The address of a server over `share`."""
    app = FastAPI()
    secret = share.secret("cursor")
    app.include_router(taxii_router(share.shelf, share.gate, share.audit, secret, TaxiiSettings(home="home")))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def fill(share: Share, first: int, last: int) -> None:
    """Put objects on the shelf without the network."""
    to = share.shelf.collection("open")
    assert to is not None
    for start in range(first, last, 5000):
        items = [item_of(an_object(n)) for n in range(start, min(start + 5000, last))]
        share.shelf.add(to, items, owner="home")


class Rate(NamedTuple):
    """How many a second by the clock, and how many a second of processor time: others may use the machine as well."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:,.0f} ({self.processor:,.0f})"


@contextmanager
def timed(many: int, rates: list[Rate]) -> Iterator[None]:
    """Measure how long `many` take."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    rates.append(Rate(many / (time.perf_counter() - clock), many / (time.process_time() - processor)))


def posted(client: httpx2.Client, address: str, first: int, many: int, rates: list[Rate]) -> None:
    """Objects, sent a thousand at a time."""
    bodies = [
        json.dumps({"objects": [an_object(n) for n in range(start, start + 1000)]})
        for start in range(first, first + many, 1000)
    ]
    with timed(many, rates):
        for body in bodies:
            answer = client.post(f"{address}objects/", content=body, headers={"Content-Type": MEDIA})
            assert answer.json()["success_count"] == 1000, answer.text[:300]


def paged(client: httpx2.Client, address: str, pages: int, match: str, rates: list[Rate]) -> None:
    """Pages of a hundred, from the beginning on."""
    cursor = ""
    with timed(pages, rates):
        for _ in range(pages):
            answer = client.get(f"{address}objects/?limit=100{match}{cursor}")
            body = answer.json()
            assert len(body["objects"]) == 100
            cursor = f"&next={body['next']}"


def looked_through(share: Share, pages: int) -> float:
    """Pages from the middle on a second of processor time, of the rule of access and the database alone."""
    to, after, added_after = share.shelf.collection("open"), 0, middle(share)
    assert to is not None
    window = Window(share.shelf, Subject(at=datetime.now(UTC), person="jane", organisation="navy"))
    begin = time.process_time()
    for _ in range(pages):
        found, _ = window.page(to, Match(added_after=added_after, after=after), 100)
        after = found[-1].n
    return pages / (time.process_time() - begin)


def middle(share: Share) -> str:
    """The time of adding of the entry in the middle."""
    with share.database.reading() as connection:
        ends = sa.select(sa.func.min(entry.c.n), sa.func.max(entry.c.n))
        first, last = connection.execute(ends).one()
        added = sa.select(entry.c.added).where(entry.c.n >= (first + last) // 2).order_by(entry.c.n).limit(1)
        return str(connection.execute(added).scalar_one())


def measured(sizes: list[int]) -> list[str]:
    """One line of the table for every size."""
    lines, filled = [], 0
    with tempfile.TemporaryDirectory() as folder:
        share = open_share(Path(folder) / "s.db", Path(folder) / "key", home="home", requests=Limits(1e9, 10**9))
        share.accounts.add(Account("jane", "navy", "analyst"), by="bench")
        to = share.shelf.keep_collection("open", "Open", GREEN, writers={"org:navy"})
        share.shelf.add(to, [item_of(the_identity())], owner="home")
        key = share.keys.issue("jane", ["read", "write"], by="bench")
        headers = {"Authorization": f"Bearer {key}", "Accept": MEDIA}
        for size in sizes:
            fill(share, filled, size)
            with serving(share) as host, httpx2.Client(headers=headers, timeout=300) as client:
                address = f"{host}/taxii2/share/collections/open/"
                rates: list[Rate] = []
                for match in ("", f"&added_after={middle(share)}", "&match[version]=all"):
                    paged(client, address, 40, match, rates)
                posted(client, address, size, 5000, rates)
            alone = looked_through(share, 40)
            filled = size + 5000
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            lines.append(f"| {size:,} | {' | '.join(map(str, rates))} | {alone:,.0f} | {memory:.0f} |")
            print(lines[-1], file=sys.stderr)
        share.close()
    return lines


def main() -> None:
    """Measure and write down."""
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or [10_000, 100_000]
    text = "\n".join(
        [
            "# TAXII server: speed",
            "",
            "One process serves and one client of the same process asks, on 2 cores; pages of 100 objects of about a",
            "kilobyte; a tenth of the objects is hidden from the reader. By the clock, and in brackets by the",
            "processor time of server and client together: other work was running on the machine.",
            "`without HTTP`: pages from the middle a second of processor time, of rule and database alone.",
            "Rerun with `python -m bench.sharing [objects ...]`; a million takes some four minutes.",
            "",
            "| objects | pages/s from the first | from the middle | every version | objects/s in | without HTTP | MB |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *measured(sizes),
            "",
        ]
    )
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
