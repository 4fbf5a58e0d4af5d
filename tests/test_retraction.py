"""A report that its publisher takes back loses its weight, from its page to the warning that rested on it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tocsin.cli.evidence import lines, trace
from tocsin.collect.source import make_page
from tocsin.measure import parse
from tocsin.pipeline import Flow, run
from tocsin.records import Event, Observation, Page, Record, Warning, Watch
from tocsin.store import Select, Store, open_store
from tocsin.warn import load_watch

TODAY = date(2023, 12, 31)
WATCH = """
title = "Strait"
question = "Is force being prepared?"
countries = ["CHN", "TWN"]
[[indicator]]
name = "vessels"
title = "Vessels around the island"
query = "vessels from twn-mnd"
unit = "vessels"
detectors = ["surge"]
"""
WIRE = (
    "China's navy fired missiles at a Taiwanese patrol ship near Kinmen on Friday, a coast guard officer said. "
    "The ship was towed to port with its bridge burnt out and three sailors on stretchers. China said nothing."
)
OTHER = (
    "China threatened Taiwan with a blockade on Friday, the island's defence minister told the Island Daily. "
    "He said that all leave had been cancelled and that ships had put to sea from Keelung in the night."
)


@dataclass
class Batch:
    records: Sequence[Record]
    state: bytes | None


@dataclass
class Published:
    """A source that hands over what it is given, once."""

    records: Sequence[Record]
    name: str = "test"

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        yield Batch(self.records, b"")


def page(outlet: str, title: str, text: str, day: date) -> Page:
    url = f"https://{outlet.lower().replace(' ', '-')}.example/{day}"
    item = {"id": url, "url": url, "title": title, "content_text": text, "date_published": f"{day}T08:00:00Z"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet, "language": "en", "items": [item]}
    return make_page(
        url, json.dumps(feed).encode(), datetime(2024, 1, 1, tzinfo=UTC), source="test", outlet=outlet,
        media_type="application/feed+json",
    )  # fmt: skip


def counts() -> list[Observation]:
    """A quiet year of about five vessels a day, then nine days of thirty."""
    chance = random.Random(4)
    days = [TODAY - timedelta(days=back) for back in range(420, -1, -1)]
    return [
        Observation(
            article="article-bulletin", issuer="twn-mnd", field="vessels", day=day,
            value=30.0 if (TODAY - day).days < 9 else float(chance.randint(3, 7)),
        )
        for day in days
    ]  # fmt: skip


def work(store: Store, watch: Watch, records: Sequence[Record]) -> Warning:
    flow = Flow(store, [Published(records)], [watch], {}, today=TODAY, now=datetime(2024, 1, 1, tzinfo=UTC))
    run(flow)
    (warning,) = store.select(Warning)
    return warning


def reporting(store: Store, warning: Warning) -> set[str]:
    """The articles of the events that a warning shows."""
    return {event.article for event in store.select(Event, Select({"id": list(warning.events)}))}


def test_a_retracted_report_leaves_the_counts_and_the_warning_says_so(tmp_path: Path) -> None:
    watch = load_watch("strait", WATCH, parse)
    friday = date(2023, 12, 29)
    reports = [
        page("Port Wire", "China's navy fires at Taiwanese ship near Kinmen", WIRE, friday),
        page("Quay Journal", "Chinese navy fires on ship off Kinmen", WIRE, friday),
        page("Island Daily", "China threatens Taiwan with blockade", OTHER, friday),
    ]
    notice = page(
        "Port Wire", "RETRACTED: China's navy fires at Taiwanese ship near Kinmen",
        "Port Wire has retracted its report. " + WIRE, friday + timedelta(days=1),
    )  # fmt: skip
    with closing(open_store(str(tmp_path / "store.db"))) as store:
        before = work(store, watch, [*counts(), *reports])
        assert len(reporting(store, before)) == 3
        after = work(store, watch, [notice])
        left = reporting(store, after)
        shown = "\n".join(lines(trace(store, after.id) or {}))
    assert after.revision == before.revision + 1
    assert len(after.retracted) == 2, "the report and its copy"
    assert after.origins == before.origins - 1
    assert "2 articles were taken back" in after.confidence_reason
    assert len(left) == 1
    assert not left & set(after.retracted)
    assert "Taken back" in shown
    assert "Quay Journal: Chinese navy fires on ship off Kinmen" in shown
