"""The JSON API gives the records as they are, narrowed, paged and described."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from tocsin.records import Event, Warning
from tocsin.store import Select, Store


def test_the_description_names_every_list_and_its_filters(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    for name in ("watches", "warnings", "events", "articles", "stories", "observations", "departures"):
        assert f"/api/v1/{name}" in described["paths"]
    asked = {each["name"] for each in described["paths"]["/api/v1/events"]["get"]["parameters"]}
    assert {"since", "until", "q", "after", "limit", "type", "status", "source_country", "watch", "box"} <= asked
    assert not any(path.startswith(("/watches", "/export")) for path in described["paths"])


@pytest.mark.parametrize("name", ["warnings", "events", "articles", "observations", "departures"])
def test_a_list_is_paged_by_cursor_without_loss(client: TestClient, name: str) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = client.get(f"/api/v1/{name}", params={"limit": 3, "after": after}).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    whole = client.get(f"/api/v1/{name}", params={"limit": 500}).json()["items"]
    assert seen == [item["id"] for item in whole]
    assert len(seen) == len(set(seen)) > 0


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/stories", "/export/warnings.csv"])
def test_a_filter_that_does_not_exist_is_refused(client: TestClient, path: str) -> None:
    asked = client.get(path, params={"sourcecountry": "USA"})
    assert asked.status_code == 400
    assert "not narrowed by 'sourcecountry'" in asked.text


def test_a_page_does_not_mind_what_a_link_carries_besides_and_does_not_pass_it_on(client: TestClient) -> None:
    page = client.get("/events", params={"utm_source": "letter", "type": "MOBILIZE"})
    assert page.status_code == 200
    assert "utm_source" not in page.text
    assert "/api/v1/events?type=MOBILIZE" in page.text


def test_a_record_is_given_as_it_is_stored(client: TestClient, store: Store) -> None:
    for kind in (Event, Warning):
        for record in store.select(kind):
            given = client.get(f"/api/v1/{kind.kind}s/{record.id}")
            assert kind.model_validate_json(given.content) == record


@pytest.mark.parametrize(
    ("query", "types"),
    [
        ({"type": ["MOBILIZE", "ACCUSE"]}, {"MOBILIZE", "ACCUSE"}),
        ({"source_country": "USA"}, {"CONSULT"}),
        ({"status": "planned", "domain": "diplomatic"}, {"CONSULT"}),
        ({"since": "2023-04-08", "until": "2023-04-08"}, {"CONSULT", "ACCUSE", "MOBILIZE"}),
        ({"since": "2023-04-09"}, set()),
        ({"box": "118,23,120,25"}, {"MOBILIZE"}),
        ({"q": "irrational"}, {"ACCUSE"}),
        ({"watch": "taiwan-strait", "type": "MOBILIZE"}, {"MOBILIZE"}),
        ({"watch": "quiet"}, set()),
        ({"country": "FRA"}, set()),
    ],
)
def test_events_are_narrowed(client: TestClient, query: dict[str, str | list[str]], types: set[str]) -> None:
    assert {event["type"] for event in client.get("/api/v1/events", params=query).json()["items"]} == types


def test_a_watch_tells_how_it_stands(client: TestClient) -> None:
    states = {each["watch"]["name"]: each for each in client.get("/api/v1/watches").json()["items"]}
    assert (states["taiwan-strait"]["state"], states["quiet"]["state"]) == ("advisory", "blind")
    vessels = states["taiwan-strait"]["indicators"][1]
    assert vessels["last"]["creep_index"] == pytest.approx(1.79, abs=0.01)
    assert [found["detector"] for found in vessels["departures"]] == ["creep"]
    assert client.get("/api/v1/watches/quiet").json() == states["quiet"]


def test_a_series_is_whole_and_says_what_is_missing(client: TestClient) -> None:
    series = client.get("/api/v1/watches/taiwan-strait/aircraft").json()["items"]
    assert len(series) == 1095
    assert next(day["date"] for day in series if day["value"] is None) == "2021-02-03"
    assert {day["health"] for day in series} == {"ok", "missing", "warming-up"}


def test_stories_count_origins_apart_from_articles(client: TestClient) -> None:
    (story,) = client.get("/api/v1/stories").json()["items"]
    assert (story["articles"], story["outlets"], len(story["origins"])) == (4, 4, 3)
    assert client.get(f"/api/v1/stories/{story['id']}").json() == story
    assert len(client.get("/api/v1/stories", params={"until": "2023-04-08"}).json()["items"]) == 1
    assert client.get("/api/v1/stories", params={"until": "2023-04-01"}).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/v1/events/event-0", 404, "There is no event 'event-0'."),
        ("/api/v1/stories/story-0", 404, "There is no story 'story-0'."),
        ("/api/v1/watches/atlantis", 404, "There is no watch 'atlantis'."),
        ("/api/v1/watches/quiet/tea", 404, "The watch 'quiet' has no indicator 'tea'."),
        ("/api/v1/nothing", 404, "There is nothing at this address."),
        ("/api/v1/events?limit=0", 400, "limit cannot be read: input should be greater than or equal to 1."),
        ("/api/v1/events?after=event-0", 400, "There is no event 'event-0' to continue after"),
        ("/api/v1/stories?after=x", 400, "There is no article 'x' to continue after"),
        ("/api/v1/warnings?state=asleep", 400, "state cannot be read"),
    ],
)
def test_a_failure_is_one_sentence(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.json()) == {"detail"}
    assert answer.json()["detail"].startswith(words)
    assert answer.json()["detail"].endswith(".")


def test_only_reading_is_possible(client: TestClient) -> None:
    for call in (client.post, client.put, client.delete, client.patch):
        assert call("/api/v1/events").status_code == 405


def test_downloads_hold_what_the_list_holds(client: TestClient, store: Store) -> None:
    answer = client.get("/export/events.csv", params={"type": "MOBILIZE"})
    assert answer.headers["content-disposition"] == 'attachment; filename="tocsin-events.csv"'
    found = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert {row["id"] for row in found} == {
        event.id for event in store.select(Event, Select(where={"type": "MOBILIZE"}))
    }
    points = client.get("/export/events.geojson", params={"watch": "taiwan-strait"}).json()
    assert len(points["features"]) == 12
    assert client.get("/export/events.csv?watch=atlantis").status_code == 400
    assert client.get("/export/pages.csv").status_code == 404
    assert client.get("/export/events.exe").status_code == 400
