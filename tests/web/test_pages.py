"""Every page is valid, complete without script or network, linked by permalinks, and escapes what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import ATTACK, QUIET
from tests.web.markup import Document
from tocsin.records import (
    Article,
    Departure,
    Event,
    Indicator,
    Measurement,
    Observation,
    Problem,
    Record,
    Warning,
    Watch,
)
from tocsin.store import Select, Store, open_store
from tocsin.web import Desk, SourceHealth, create_app
from tocsin.web.desk import IndicatorNow, WatchNow
from tocsin.web.render import ago

PAGES = [
    "/", "/reading", "/scoreboard", "/warnings", "/events", "/stories", "/articles", "/search", "/search?q=drills",
    "/watches/taiwan-strait", "/watches/taiwan-strait?span=quarter", "/watches/quiet",
    "/watches/taiwan-strait/aircraft", "/watches/taiwan-strait/vessels?span=year", "/watches/quiet/talk",
    "/events?watch=taiwan-strait&type=MOBILIZE&since=2023-01-01&q=drills", "/events?box=118,23,120,25",
    "/warnings?state=open&watch=taiwan-strait", "/stories?q=drills", "/stories/story-drills",
]  # fmt: skip
KINDS: list[type[Record]] = [Warning, Departure, Event, Observation, Article]


def read(client: TestClient, path: str, status: int = 200) -> Document:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.text)
    return Document(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_valid(client: TestClient, path: str) -> None:
    assert read(client, path).faults == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_record_has_a_valid_page_at_its_permalink(client: TestClient, store: Store, kind: type[Record]) -> None:
    found = list(store.select(kind, Select(newest_first=True, limit=20)))
    assert found
    for record in found:
        page = read(client, f"/{kind.kind}s/{record.id}")
        assert page.faults == []
        assert f"/api/v1/{kind.kind}s/{record.id}" in page.links


def test_every_link_within_the_house_leads_somewhere(client: TestClient) -> None:
    seen: set[str] = set()

    def walk(path: str) -> Iterator[str]:
        for link in read(client, path).links:
            bare = link.partition("#")[0]
            if bare.startswith("/") and bare not in seen:
                seen.add(bare)
                yield bare

    queue = ["/"]
    while queue and len(seen) < 150:
        for link in list(walk(queue.pop(0))):
            answer = client.get(link)
            assert answer.status_code == 200, link
            if answer.headers["content-type"].startswith("text/html") and len(queue) < 40:
                queue.append(link)
    assert len(seen) > 60
    assert any(link.startswith("/export/") for link in seen)


def test_links_into_an_article_meet_the_words(client: TestClient, store: Store) -> None:
    event = next(iter(store.select(Event, Select(where={"type": "MOBILIZE"}))))
    assert f"/articles/{event.article}#{event.id}" in read(client, f"/events/{event.id}").links
    assert event.id in read(client, f"/articles/{event.article}").ids


def test_nothing_comes_from_elsewhere_and_nothing_is_inline(client: TestClient) -> None:
    for path in ("/", "/watches/taiwan-strait", "/stories/story-drills"):
        for tag, held in read(client, path).elements:
            source = held.get("src") or (held.get("href") if tag == "link" else None)
            assert source is None or source.startswith("/static/"), (path, tag, source)
            assert tag != "script"


@pytest.mark.parametrize("path", ["/static/tocsin.css", "/static/bell.svg"])
def test_what_pages_need_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_attacks_are_shown_as_text(client: TestClient, store: Store) -> None:
    evil = next(article for article in store.select(Article) if article.title == ATTACK)
    paths = [f"/articles/{evil.id}", "/stories/story-drills", "/articles", "/", "/search?q=alert"]
    paths += [f"/events/{event.id}" for event in store.select(Event, Select(where={"article": evil.id}))]
    for path in paths:
        answer = client.get(path)
        assert "<script" not in answer.text
        assert "<img src=x" not in answer.text
        assert "javascript:" not in answer.text
        assert Document(answer.text).faults == []
    assert ATTACK in read(client, f"/articles/{evil.id}").text


@pytest.mark.parametrize("query", [ATTACK, '"', "*", "a" * 500, "\x00", "NEAR(x y)", "國防部"])
def test_any_search_is_answered(client: TestClient, query: str) -> None:
    answer = client.get("/search", params={"q": query})
    assert answer.status_code == 200
    assert Document(answer.text).faults == []


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "There is nothing at this address."),
        ("/watches/atlantis", 404, "There is no watch 'atlantis'."),
        ("/watches/taiwan-strait/tea", 404, "The watch 'taiwan-strait' has no indicator 'tea'."),
        ("/events/event-0", 404, "There is no event 'event-0'."),
        ("/stories/story-0", 404, "There is no story 'story-0'."),
        ("/warnings/%3Cscript%3E", 404, "There is no warning '<script>'."),
        ("/events?since=yesterday", 400, "since cannot be read"),
        ("/events?type=DANCE", 400, "type cannot be read"),
        ("/events?after=event-0", 400, "There is no event 'event-0' to continue after"),
        ("/events?watch=atlantis", 400, "There is no watch 'atlantis'."),
        ("/events?box=1,2,3", 400, "box cannot be read"),
        ("/events?limit=100000", 400, "limit cannot be read"),
        ("/watches/taiwan-strait?span=decade", 400, "span cannot be read"),
        ("/stories?after=article-0", 400, "There is no article 'article-0' to continue after"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(client: TestClient, path: str, status: int, words: str) -> None:
    page = read(client, path, status)
    assert page.faults == []
    assert words in page.text


def test_empty_fields_of_a_form_ask_for_nothing(client: TestClient) -> None:
    filled = "/events?watch=&type=&status=&domain=&source_country=&target_country=&since=&until=&q="
    assert read(client, filled).text == read(client, "/events").text


def test_lists_are_paged_without_loss(client: TestClient) -> None:
    path, titles = "/articles?limit=25", []
    while path:
        page = read(client, path)
        titles += [link for link in page.links if link.startswith("/articles/")]
        path = next((link for link in page.links if link.startswith("/articles?")), "")
    assert len(titles) == len(set(titles)) == 65


def test_the_watch_page_says_what_it_shows_also_to_who_cannot_see(client: TestClient) -> None:
    page = read(client, "/watches/taiwan-strait")
    assert "Creeping normal: Vessels reported around Taiwan" in page.text
    assert "days of surge" in page.text
    labels = [held["aria-label"] for tag, held in page.elements if tag == "svg"]
    assert any("the highest is" in label for label in labels)
    assert any("12 events at 2 places" in label for label in labels)
    assert "/departures/" in " ".join(page.links)


def test_a_rebase_stands_on_every_chart_of_its_indicator_and_on_no_other(client: TestClient) -> None:
    for path in ("/watches/taiwan-strait", "/watches/taiwan-strait/vessels"):
        assert "re-based by A. Analyst" in client.get(path).text
    assert "a new radar counts more of the same ships" in client.get("/watches/taiwan-strait/vessels").text
    assert "re-based" not in client.get("/watches/taiwan-strait/aircraft").text


def test_the_watch_page_judges_its_indicators_together(client: TestClient) -> None:
    said = " ".join(client.get("/watches/taiwan-strait").text.split())
    assert "1 of 2 indicators stands above expectation: Aircraft reported around Taiwan (adjusted p 0.004)" in said


def test_the_scoreboard_says_how_forecasts_did_and_where_none_is_kept(client: TestClient) -> None:
    said = client.get("/scoreboard").text
    assert "Reliability" in said
    assert "+0.07" in said
    assert "No forecast is kept yet" in said


def test_the_overview_tells_calm_from_blind(client: TestClient) -> None:
    page = read(client, "/")
    assert "Blind" in page.text
    assert "Advisory" in page.text
    assert "failing" in page.text


def test_the_warning_page_holds_the_whole_argument(client: TestClient, store: Store) -> None:
    warning = next(iter(store.select(Warning, Select(where={"detector": "surge"}))))
    page = read(client, f"/warnings/{warning.id}")
    for words in ("likely", "72 %", "moderate", "A scheduled exercise season.", "Two weeks within the band.",
                  "2 independent origins", "China's military began three days of drills", "credits Wire"):  # fmt: skip
        assert words in page.text, words
    assert any(link.startswith("/articles/") for link in page.links)
    assert any(link.startswith("/observations/") for link in page.links)


def test_a_warnings_events_say_their_order(client: TestClient, store: Store) -> None:
    cited = next(warning for warning in store.select(Warning) if warning.events)
    assert "The most confident first." in client.get(f"/warnings/{cited.id}").text


def test_the_age_of_data_is_told_from_the_last_whole_day(client: TestClient) -> None:
    assert "Last data 31 December 2023 (1 day before the last whole day)" in client.get("/watches/taiwan-strait").text
    assert ago(date(2024, 3, 2), date(2024, 3, 2)) == "the last whole day"
    assert ago(date(2024, 3, 1), date(2024, 3, 4)) == "3 days before the last whole day"


def test_one_event_told_four_times_is_listed_once(client: TestClient) -> None:
    page = read(client, "/watches/taiwan-strait")
    assert page.text.count("China's military began three days of drills around Taiwan") == 1
    assert "3 origins, 4 articles" in page.text


def test_every_answer_carries_the_headers_that_protect_it(client: TestClient) -> None:
    for path in ("/", "/nowhere", "/api/v1/events", "/static/tocsin.css", "/export/events.csv"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/watches/quiet")
    again = client.get("/watches/quiet", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_is_sent_again_when_a_watch_or_a_source_is_another(store: Store) -> None:
    health = [SourceHealth("island-radio", "ok", "had something new 2 hours ago.")]
    desk = Desk(measure=lambda watch: {}, today=lambda: date(2024, 1, 1), sources=lambda: tuple(health))

    def answer(path: str, watch: Watch, **headers: str) -> Any:
        return TestClient(create_app(store, [watch], desk)).get(path, headers=headers)

    kept = {"if-none-match": answer("/watches/quiet", QUIET).headers["etag"]}
    assert answer("/watches/quiet", QUIET, **kept).status_code == 304
    assert answer("/watches/quiet", QUIET.model_copy(update={"title": "Less quiet"}), **kept).status_code == 200
    kept = {"if-none-match": answer("/", QUIET).headers["etag"]}
    assert answer("/", QUIET, **kept).status_code == 304
    health[0] = SourceHealth("island-radio", "late", "last answered 3 days ago.")
    assert answer("/", QUIET, **kept).status_code == 200


@pytest.mark.parametrize(
    ("age", "interval", "state"),
    [(0, (1.0, 5.0), "calm"), (7, (1.0, 5.0), "calm"), (8, (1.0, 5.0), "unknown"), (0, None, "unknown")],
)
def test_calm_is_said_only_of_what_was_looked_at_lately(
    age: int, interval: tuple[float, float] | None, state: str
) -> None:
    end = date(2023, 5, 1)
    days = [
        Measurement(date=end - timedelta(days=back), value=2.0 if back == age else None, expected=3.0,
                    interval=interval, health="ok")
        for back in reversed(range(10))
    ]  # fmt: skip
    last = next(day for day in days if day.value is not None)
    watch = Watch(name="w", title="W", question="?")
    indicator = Indicator(name="i", title="I", query="q")
    assert WatchNow(watch, (), [IndicatorNow(indicator, days, last, ())]).state == state
    assert WatchNow(watch, (), [IndicatorNow(indicator, (), None, ())]).state == "unknown"


def test_a_text_that_was_not_read_is_told_from_one_without_events(tmp_path: Path) -> None:
    spanish, english, undated = (
        Article(page="page-0", form=form, title=title, text="Text.", language=language)
        for form, title, language in [
            ("article", "Puerto", "es"),
            ("article", "Port", "en"),
            ("bulletin", "News", "en"),
        ]
    )
    problem = Problem(stage="observe", subject=undated.id, says="this bulletin states no day.")
    with closing(open_store(str(tmp_path / "t.db"))) as store:
        store.put([spanish, english, undated, problem])
        desk = Desk(measure=lambda watch: {}, unread=lambda one: "no coder for it" if one.language == "es" else None)
        client = TestClient(create_app(store, [], desk))
        said = [client.get(f"/articles/{one.id}").text for one in (spanish, english, undated)]
    assert "Nothing was taken from this text: no coder for it.<" in said[0]
    assert "no event was found in this text" in said[1]
    assert "Nothing was taken from this text: this bulletin states no day.<" in said[2]
