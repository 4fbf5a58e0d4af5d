"""Who logs in reads what the rule lets them, and cannot tell what is hidden from what is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.share.records import PUBLISHER, some_findings
from tests.web.conftest import QUIET, STRAIT, measured
from tests.web.markup import Document
from tocsin.records import Article, Event, Membership, Observation, Record, Warning, Watch
from tocsin.share.accounts import Account
from tocsin.share.feeds import feed_router
from tocsin.share.limits import Limits
from tocsin.share.opening import Share, open_share
from tocsin.share.publish import mark_record, publish
from tocsin.share.rule import Marking, Subject
from tocsin.share.sight import sight_of
from tocsin.store import Select, Store, pieces
from tocsin.web import Desk, Door, SeenStore, create_app

PASSWORD = "correct horse battery"  # noqa: S105 - of nobody
ADA_ALONE = Marking(tlp="red", releasable_to=frozenset({"person:ada"}))
NAVY = Marking(tlp="amber", releasable_to=frozenset({"org:navy", "org:home"}))
PEOPLE = {"ada": ("home", "admin"), "bob": ("home", "viewer"), "eve": ("navy", "admin"), "omar": ("harbour", "viewer")}


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("tocsin.share.accounts.PasswordHasher", cheap)


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    opened = open_share(tmp_path / "s.db", tmp_path / "key", home="home", requests=Limits(1e9, 10**9))
    for name, (organisation, role) in PEOPLE.items():
        opened.accounts.add(Account(name, organisation, role), by="test", password=PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def app(share: Share, store: Store) -> FastAPI:
    door = Door(share)
    seen = SeenStore(store, door.sight)

    def measure(watch: Watch) -> Any:
        """A series whose length tells how many figures whoever asks can see."""
        if watch.name != STRAIT.name:
            return {}
        return {"aircraft": measured()["aircraft"][: seen.count(Observation)]}

    desk = Desk(
        measure=measure,
        today=lambda: date(2024, 1, 1),
        export=lambda what, form, select, watch: pieces(seen, what, form, select=select, watch=watch),
        reader=lambda: sight.name if (sight := door.sight()) else "",
    )
    made = create_app(seen, [STRAIT, QUIET], desk, door)
    made.include_router(feed_router(share, author="Home"))
    return made


def client_of(app: FastAPI, name: str | None = None) -> TestClient:
    client = TestClient(app, base_url="https://desk.example", follow_redirects=False)
    if name:
        assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
    return client


def csrf_in(page: str) -> str:
    found = re.search(r"csrf=([\w-]+)", page)
    assert found
    return found[1]


# Coming in


def test_nobody_is_asked_to_log_in_and_then_led_where_they_wanted(app: FastAPI) -> None:
    nobody = client_of(app)
    asked = nobody.get("/events?type=ACCUSE")
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?to=%2Fevents%3Ftype%3DACCUSE")
    for path in ("/api/v1/events", "/api/openapi.json", "/export/events.csv"):
        refused = nobody.get(path)
        assert (refused.status_code, refused.json()) == (401, {"detail": "Log in to read this."})
    form = nobody.get(asked.headers["location"])
    assert Document(form.text).faults == []
    assert 'value="/events?type=ACCUSE"' in form.text
    sent = nobody.post("/login", data={"name": "bob", "password": PASSWORD, "to": "/events?type=ACCUSE"})
    assert sent.headers["location"] == "/events?type=ACCUSE"
    assert "Secure" in sent.headers["set-cookie"]
    assert nobody.get("/events?type=ACCUSE").status_code == 200
    assert nobody.get("/static/tocsin.css").status_code == 200


def test_a_wrong_password_is_a_page_that_says_so(app: FastAPI) -> None:
    answer = client_of(app).post("/login", data={"name": "bob", "password": "guess"})
    assert answer.status_code == 401
    assert "Name or password is wrong." in answer.text
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/warnings", "/events", "/stories", "/reading", "/search?q=drills", "/me", "/shared/"]
)
def test_somebody_of_the_house_reads_every_page(app: FastAPI, path: str) -> None:
    answer = client_of(app, "bob").get(path)
    assert answer.status_code == 200
    assert Document(answer.text).faults == []
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_key_with_the_right_to_read_opens_the_api(app: FastAPI, share: Share) -> None:
    read, write = (share.keys.issue("bob", [scope], by="test") for scope in ("read", "write"))
    outside = share.keys.issue("eve", ["read"], by="test")
    ask = TestClient(app)
    answers = [
        ask.get("/api/v1/events", headers={"Authorization": f"Bearer {key}"}) for key in (read, write, outside, "x")
    ]
    assert [one.status_code for one in answers] == [200, 404, 404, 401]
    assert "events" not in answers[1].text


def test_logging_out_needs_the_sessions_own_form(app: FastAPI) -> None:
    bob = client_of(app, "bob")
    page = bob.get("/").text
    assert bob.post("/logout").status_code == 403
    assert bob.post(f"/logout?csrf={csrf_in(page)}", headers={"Origin": "https://evil.example"}).status_code == 403
    assert bob.post(f"/logout?csrf={csrf_in(page)}").status_code == 303
    assert bob.get("/").headers["location"].startswith("/login")


def test_the_first_administrator_is_made_in_the_browser(tmp_path: Path, store: Store) -> None:
    share = open_share(tmp_path / "s.db", tmp_path / "key", home="home")
    door = Door(share)
    client = client_of(create_app(SeenStore(store, door.sight), [], Desk(measure=lambda watch: {}), door))
    assert Document(client.get("/first-admin").text).faults == []
    form = {"name": "ada", "organisation": "home", "password": PASSWORD, "token": "guess"}
    assert client.post("/first-admin", data=form).status_code == 400
    token = str(share.accounts.invite_first())
    assert client.post("/first-admin", data=form | {"token": token}).status_code == 303
    assert client.get("/").status_code == 200
    assert client.get("/first-admin").status_code == 404
    share.close()


def test_a_password_is_changed_by_who_knows_the_old_one(app: FastAPI) -> None:
    bob = client_of(app, "bob")
    address = f"/me/password?csrf={csrf_in(bob.get('/me').text)}"
    assert bob.post("/me/password", data={"old": PASSWORD, "password": "another long one"}).status_code == 403
    assert bob.post(address, data={"old": "guess", "password": "another long one"}).status_code == 403
    assert bob.post(address, data={"old": PASSWORD, "password": "short"}).status_code == 400
    assert bob.post(address, data={"old": PASSWORD, "password": "another long one"}).status_code == 303
    assert bob.get("/").status_code == 303  # the session has ended
    assert client_of(app).post("/login", data={"name": "bob", "password": "another long one"}).status_code == 303


def test_an_administrator_of_the_house_lets_people_in_and_out(app: FastAPI, share: Share) -> None:
    ada, bob, eve = (client_of(app, name) for name in ("ada", "bob", "eve"))
    page = ada.get("/me").text
    assert Document(page).faults == []
    assert "omar" in page
    for other in (bob, eve):
        assert "omar" not in other.get("/me").text
        assert other.post(f"/me/disable/omar?csrf={csrf_in(other.get('/me').text)}").status_code == 404
    assert ada.post(f"/me/disable/bob?csrf={csrf_in(page)}").status_code == 303
    assert bob.get("/").status_code == 303
    assert ada.post(f"/me/disable/ada?csrf={csrf_in(page)}").status_code == 400


# A server on the loopback


def from_here(app: FastAPI, **headers: str) -> int:
    client = TestClient(app, base_url="http://127.0.0.1:8080", client=("127.0.0.1", 50000), follow_redirects=False)
    return client.get("/events", headers=headers).status_code


def test_who_sits_at_the_machine_is_not_asked_and_who_comes_through_a_proxy_is(share: Share, store: Store) -> None:
    def an_app(*, trusting: bool) -> FastAPI:
        door = Door(share, trusting=trusting)
        return create_app(SeenStore(store, door.sight), [STRAIT], Desk(measure=lambda watch: {}), door)

    app = an_app(trusting=True)
    assert from_here(app) == 200
    assert from_here(app, host="localhost:8080") == from_here(app, host="[::1]:8080") == 200
    for header in ({"x-forwarded-for": "203.0.113.9"}, {"forwarded": "for=x"}, {"host": "evil.example"}, {"host": "["}):
        assert from_here(app, **header) == 303
    elsewhere = TestClient(app, client=("203.0.113.9", 1), base_url="http://localhost", follow_redirects=False)
    assert elsewhere.get("/events").status_code == 303
    assert from_here(an_app(trusting=False)) == 303


# What is hidden from somebody of the house


@pytest.fixture
def hidden(share: Share, store: Store) -> Article:
    """An article that only Ada may know of."""
    found = next(one for one in store.select(Article) if one.outlet == "island-radio")
    mark_record(share, found.id, ADA_ALONE, by="ada")
    return found


def test_a_hidden_article_takes_all_that_rests_on_it_along(app: FastAPI, store: Store, hidden: Article) -> None:
    ada, bob = client_of(app, "ada"), client_of(app, "bob")
    events = list(store.select(Event, Select({"article": hidden.id})))
    warning = next(one for one in store.select(Warning) if events[0].id in one.events)
    for record in (hidden, *events, warning):
        page, api = f"/{record.kind}s/{record.id}", f"/api/v1/{record.kind}s/{record.id}"
        assert ada.get(page).status_code == ada.get(api).status_code == 200
        for path in (page, api):
            missing = path[:-4] + "0000"
            refused, nothing = bob.get(path), bob.get(missing)
            assert refused.status_code == nothing.status_code == 404
            assert refused.text.replace(path[-4:], "") == nothing.text.replace("0000", "")


PATHS = [
    "/", "/warnings", "/events?limit=500", "/articles?limit=500", "/stories", "/search?q=drills",
    "/api/v1/events?limit=500", "/api/v1/articles?limit=500", "/api/v1/warnings", "/api/v1/stories",
    "/export/events.csv", "/export/events.geojson", "/export/warnings.csv", "/stories/story-drills",
    "/api/v1/stories/story-drills", "/api/v1/watches", "/events?country=CHN", "/watches/taiwan-strait",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_list_count_search_or_export_tells_of_it(app: FastAPI, store: Store, hidden: Article, path: str) -> None:
    rest: list[Record] = [hidden, *store.select(Event, Select({"article": hidden.id}))]
    rest += [one for one in store.select(Warning) if {each.id for each in rest}.intersection(one.events)]
    said = client_of(app, "bob").get(path)
    assert said.status_code == 200
    for one in rest:
        assert one.id not in said.text
    assert hidden.title not in said.text


def test_a_copy_does_not_tell_of_a_hidden_original(app: FastAPI, share: Share, store: Store, hidden: Article) -> None:
    old = next(one for one in store.select(Membership) if one.origin == "Wire")
    reason = f"copy of {hidden.id}: credits Wire"
    amending = {"origin_reason": reason, "amends": hidden.id, "amendment": "correction"}
    store.put([old.model_copy(update=amending)])
    ada, bob = client_of(app, "ada"), client_of(app, "bob")
    for path in (f"/articles/{old.article}", "/stories/story-drills", "/api/v1/stories/story-drills"):
        assert reason in ada.get(path).text
        assert hidden.id not in bob.get(path).text
    sight = sight_of(share.database, "home", Subject(at=datetime.now(UTC), person="bob", organisation="home"))
    seen = SeenStore(store, lambda: sight)
    for told in (seen.get(Membership, old.id), *seen.select(Membership, Select({"article": old.article}))):
        assert told is not None
        assert (told.origin_reason, told.amends, told.amendment) == ("", None, None)


def test_counts_are_of_what_is_seen(app: FastAPI, share: Share, store: Store, hidden: Article) -> None:
    told = [client_of(app, name).get("/api/v1/stories/story-drills").json() for name in ("ada", "bob")]
    assert [one["articles"] for one in told] == [4, 3]
    bob = sight_of(share.database, "home", Subject(at=datetime.now(UTC), person="bob", organisation="home"))
    seen = SeenStore(store, lambda: bob)
    assert (store.count(Event), seen.count(Event)) == (12, 9)
    assert sum(seen.daily(Event).values()) == len(list(seen.select(Event))) == 9
    assert len(list(seen.select(Event, Select(limit=4)))) == 4


def test_a_series_is_measured_on_what_its_reader_sees(app: FastAPI, share: Share, store: Store) -> None:
    figure = next(iter(store.select(Observation)))
    mark_record(share, figure.id, ADA_ALONE, by="ada")
    lengths = [
        len(client_of(app, name).get("/api/v1/watches/taiwan-strait/aircraft").json()["items"])
        for name in ("ada", "bob", "ada")
    ]
    assert lengths == [6, 5, 6]


def test_a_page_kept_by_a_browser_is_not_good_for_who_logs_in_next(app: FastAPI, hidden: Article) -> None:
    ada, bob = client_of(app, "ada"), client_of(app, "bob")
    tag = ada.get("/events").headers["etag"]
    assert ada.get("/events", headers={"If-None-Match": tag}).status_code == 304
    assert bob.get("/events", headers={"If-None-Match": tag}).status_code == 200
    assert client_of(app).get("/events", headers={"If-None-Match": tag}).status_code == 303


def test_the_pages_write_nothing(share: Share, store: Store) -> None:
    from tocsin.store import StoreError

    seen = SeenStore(store, lambda: None)
    for act in (lambda: seen.put([]), lambda: seen.finish("x", []), lambda: seen.forget(Event, ["x"]), seen.exclusive):
        with pytest.raises(StoreError):
            act()


# What partners read


@pytest.fixture
def published(share: Share) -> None:
    to = share.shelf.keep_collection("strait", "Taiwan Strait", NAVY)
    publish(share, some_findings(), PUBLISHER, to, by="ada", default=NAVY)


def links(client: TestClient, path: str) -> set[str]:
    return {link for link in Document(client.get(path).text).links if link.startswith("/shared/")}


def test_a_partner_reads_what_is_shared_and_nothing_of_the_desk(app: FastAPI, published: None) -> None:
    eve = client_of(app, "eve")
    assert eve.get("/").headers["location"] == "/shared/"
    for path in ("/events", "/warnings", "/api/v1/events", "/export/events.csv", "/search?q=drills"):
        answer = eve.get(path)
        assert answer.status_code == 404
        assert "drills" not in answer.text.replace("q=drills", "")
    assert links(eve, "/shared/") >= {"/shared/strait"}
    report = next(link for link in links(eve, "/shared/strait") if "report--" in link)
    seen, left = set(), {report}
    while left:
        path = left.pop()
        page = eve.get(path)
        assert page.status_code == 200, path
        assert Document(page.text).faults == [], path
        seen.add(path)
        left |= links(eve, path) - seen
    assert any("sighting--" in path for path in seen)
    assert "Eight vessels where four were expected." in eve.get(report).text
    assert "https://example.org/one" in eve.get(report).text  # the evidence
    assert eve.get(report.replace("/shared/", "/cap/")).status_code == 200


def test_a_key_that_may_not_read_is_shown_what_nobody_is(app: FastAPI, share: Share, published: None) -> None:
    for name, scopes, status in (("eve", ["read"], 200), ("eve", ["write"], 404), ("ada", ["write"], 404)):
        key = {"Authorization": f"Bearer {share.keys.issue(name, scopes, by='t')}"}
        assert client_of(app).get("/shared/strait", headers=key).status_code == status


def test_another_partner_and_nobody_cannot_tell_that_it_is_there(app: FastAPI, share: Share, published: None) -> None:
    report = next(link for link in links(client_of(app, "eve"), "/shared/strait") if "report--" in link)
    for client in (client_of(app, "omar"), client_of(app)):
        assert "strait" not in client.get("/shared/").text.lower()
        hidden, missing = client.get("/shared/strait"), client.get("/shared/nothing")
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace("strait", "nothing") == missing.text
        assert client.get(report).text.replace(report, "x") == client.get("/shared/nothing/x").text.replace(
            "/shared/nothing/x", "x"
        )


def test_only_a_releaser_of_the_house_releases_and_withdraws(app: FastAPI, share: Share, published: None) -> None:
    ada, bob, eve = (client_of(app, name) for name in ("ada", "bob", "eve"))
    report = next(link for link in links(eve, "/shared/strait") if "report--" in link)
    for other in (bob, eve):
        assert "Withdraw" not in other.get(report).text
        token = csrf_in(other.get(report).text)
        assert other.post(f"{report}/withdraw?csrf={token}", data={"reason": "x"}).status_code == 404
    token = csrf_in(ada.get(report).text)
    assert ada.post(f"{report}/withdraw", data={"reason": "x"}).status_code == 403
    assert ada.post(f"{report}/withdraw?csrf={token}", data={"reason": " "}).status_code == 400
    wider = {"tlp": "amber", "to": "org:navy org:home org:harbour", "reason": "they asked"}
    assert ada.post(f"{report}/release?csrf={token}", data=wider).status_code == 303
    assert ada.post(f"{report}/release?csrf={token}", data={"tlp": "white", "reason": "x"}).status_code == 400
    assert ada.post(f"{report}/withdraw?csrf={token}", data={"reason": "the figure was wrong"}).status_code == 303
    assert "Eight vessels" not in eve.get(report).text
    assert "withdrawn" in eve.get(report).text
    deeds = {(one.actor, one.action) for one in share.audit.entries(subject=report.rsplit("/", 1)[1])}
    assert deeds >= {("person:ada", "downgrade"), ("person:ada", "withdraw"), ("person:eve", "read page")}


def test_hostile_objects_of_partners_are_only_text(app: FastAPI, share: Share) -> None:
    from tests.share.samples import an_identity
    from tocsin.share.handling import mark
    from tocsin.share.objects import item_of

    green = Marking(tlp="green")
    to = share.shelf.keep_collection("strait", "Strait", green)
    evil = an_identity("x") | {"name": "<script>alert(1)</script>", "description": "<img src=x onerror=alert(2)>"}
    evil |= {"external_references": [{"source_name": "x", "url": "javascript:alert(3)", "hashes": "x"}, {"url": 3}]}
    evil |= {"extensions": {"x": {"field": []}}, "object_refs": ["identity--" + evil["id"][10:]]}
    share.shelf.add(to, [item_of(mark(evil, green))], owner="navy")
    page = client_of(app, "omar").get(f"/shared/strait/{evil['id']}")
    assert page.status_code == 200
    assert Document(page.text).faults == []
    assert "javascript:" not in page.text.replace("javascript:alert(3)</", "")
