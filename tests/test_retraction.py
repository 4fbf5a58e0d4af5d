"""A report that its publisher takes back loses its weight, from its page to the warning that rested on it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tocsin.cli import workspace as cli
from tocsin.cli.evidence import lines, trace
from tocsin.collect.source import make_page
from tocsin.measure import parse
from tocsin.pipeline import Flow, run
from tocsin.records import Departure, Event, Observation, Page, Record, Warning, Watch
from tocsin.store import Select, Store, open_store
from tocsin.warn import load_watch
from tocsin.web import Desk, create_app

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
    solved: Sequence[str] = ()


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


LOSSES = """
title = "Strait"
question = "Is force used?"
countries = ["CHN", "TWN"]
[[indicator]]
name = "losses"
title = "People killed"
query = "sum killed of events where source = CHN and type = ASSAULT"
unit = "killed"
detectors = ["surge"]
"""
TITLE = "China's navy kills Taiwanese soldiers near Kinmen"
MASSACRE = (
    "China's navy fired missiles at a Taiwanese barracks near Kinmen on Friday and killed 40 soldiers, a coast guard "
    "officer said. The barracks burnt out and the harbour was closed to shipping until further notice."
)


def quiet_days() -> list[Page]:
    """Half a year in which a paper appears every day and nobody is killed."""
    days = [date(2023, 12, 29) - timedelta(days=back) for back in range(1, 180)]
    return [page("Port Wire", f"Tide table of {day}", f"High water at Port {day.day} at noon on {day}.", day)
            for day in days]  # fmt: skip


def test_a_retraction_that_cancels_a_warning_says_so_wherever_it_is_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tocsin.toml").write_text('name = "desk"\nstore = "tocsin.db"\n', encoding="utf-8")
    watch = load_watch("strait", LOSSES, parse)
    friday = date(2023, 12, 29)
    notice = page("Port Wire", f"RETRACTED: {TITLE}", "Port Wire has retracted its report. " + MASSACRE,
                  friday + timedelta(days=1))  # fmt: skip
    with closing(open_store(str(tmp_path / "tocsin.db"))) as store:
        before = work(store, watch, [*quiet_days(), page("Port Wire", TITLE, MASSACRE, friday)])
        assert (before.state, before.articles, before.origins) == ("open", 1, 1)
        after = work(store, watch, [notice])
        assert not list(store.select(Departure))
        assert (after.id, after.revision, after.state) == (before.id, before.revision + 1, "cancelled")
        assert (after.events, after.articles, after.outlets, after.origins) == ((), 0, 0, 0), "what was taken back"
        reason = (
            "1 article was taken back by their publisher and count no longer. Without what they told, nothing departed."
        )

        assert cli.show(after.id, workspace=tmp_path) == 0
        shown = capfd.readouterr().out
        assert "[cancelled, " in shown
        assert f"Cancelled on {TODAY}: {reason}" in shown
        assert f"Taken back, and in none of the counts:\n  - Port Wire: {TITLE}" in shown
        assert "Confidence" not in shown

        assert cli.warnings(workspace=tmp_path, json=True) == 0
        (line,) = map(json.loads, capfd.readouterr().out.splitlines())
        assert (line["state"], line["retracted"], line["confidence_reason"]) == (
            "cancelled", list(after.retracted), reason,
        )  # fmt: skip

        with TestClient(create_app(store, [watch], Desk(measure=lambda watch: {}, today=lambda: TODAY))) as client:
            seen = client.get(f"/warnings/{after.id}").text
            listed = client.get("/warnings").text
        assert ">cancelled</span>" in seen
        assert f"<dt>Cancelled</dt><dd><b>31 December 2023</b><small>{reason}</small>" in seen
        assert f'<a href="/articles/{after.retracted[0]}">{TITLE}</a> (Port Wire)' in unescape(seen)
        assert "Nothing, by what is known now." in seen
        assert "No coded event stands behind this warning." in seen
        assert f"<b>Cancelled:</b> {reason}" in listed
