"""Whatever is sent, the server answers with a refusal and not with an error, and never tells what is hidden."""

from __future__ import annotations

import base64
import json
import random
import socket
import time
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.share.serving import served
from tocsin.share.cursors import seal
from tocsin.share.extensions import FINDING
from tocsin.share.handling import mark
from tocsin.share.rule import Marking
from tocsin.share.taxii import LARGEST_BODY, MEDIA

from .conftest import OPEN_ID, ROOT, SECRET_ID, SECRET_WORD, TIME, Target, an_app, an_identity

CALM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "type", "id", "spec_version", "created", "modified", "name", "revoked", "labels", "confidence", "extensions",
    "object_marking_refs", "granular_markings", "external_references", "created_by_ref", "object_refs",
]  # fmt: skip


def no_server_error(answer: Any) -> None:
    assert answer.status_code < 500, answer.text[:300]
    assert SECRET_WORD not in answer.text


@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
@CALM
def test_any_body_is_answered(target: Target, body: bytes) -> None:
    no_server_error(target.post(body))


@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=4), st.sets(st.sampled_from(FIELDS), max_size=2))
@CALM
def test_any_distortion_of_an_object_is_answered(target: Target, changed: dict[str, Any], gone: set[str]) -> None:
    stix = mark(an_identity(OPEN_ID.replace("2", "3", 1), "x"), Marking(tlp="green")) | changed
    answer = target.post(json.dumps({"objects": [{name: value for name, value in stix.items() if name not in gone}]}))
    no_server_error(answer)
    no_server_error(target.writer.get(f"{ROOT}/open/objects/?match[version]=all&limit=1000"))


REPORT_FIELDS = [
    "name",
    "description",
    "extensions",
    "external_references",
    "object_refs",
    "published",
    "lang",
    "confidence",
]
FINDING_FIELDS = ["state", "level", "probability", "detector", "watch"]


@given(
    st.dictionaries(st.sampled_from(REPORT_FIELDS), json_values, max_size=2),
    st.dictionaries(st.sampled_from(FINDING_FIELDS), json_values, max_size=3),
    st.lists(st.dictionaries(st.sampled_from(["url", "hashes", "source_name"]), json_values, max_size=2), max_size=2),
    st.uuids(version=4),
)
@CALM
def test_any_report_that_is_taken_can_be_told_in_every_form(
    target: Target, changed: dict[str, Any], finding: dict[str, Any], links: list[dict[str, Any]], id: Any
) -> None:
    stix = an_identity(f"report--{id}", "x") | {"type": "report", "published": TIME, "object_refs": [OPEN_ID]}
    stix |= {"extensions": {FINDING: {"extension_type": "property-extension", **finding}}}
    stix = mark(stix, Marking(tlp="green")) | changed
    if links:
        stix["external_references"] = links
    no_server_error(target.post(json.dumps({"objects": [stix]})))
    for path in (f"/cap/open/report--{id}", f"/misp/open/report--{id}", "/feeds/open.atom"):
        no_server_error(target.writer.get(path))


GRANULAR = [
    {"selectors": ["name"], "marking_ref": "marking-definition--x"},
    {"selectors": "name"},
    {"marking_ref": 3},
    {"selectors": ["labels.[99999999999999]", "a." * 500, "labels.[-1]", "", "extensions"], "marking_ref": None},
    {"selectors": [["x"]], "marking_ref": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"},
    [],
]


@pytest.mark.parametrize("granular", GRANULAR)
def test_strange_granular_markings_hide_rather_than_show(target: Target, granular: object) -> None:
    id = f"identity--00000000-0000-4000-8000-{GRANULAR.index(granular):012d}"
    stix = mark(an_identity(id, "x"), Marking(tlp="green")) | {"granular_markings": [granular], "labels": ["zebra"]}
    no_server_error(target.post(json.dumps({"objects": [stix]})))
    for client in target.clients():
        no_server_error(client.get(f"{ROOT}/open/objects/{id}/"))


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"objects":' * 5000, b'{"objects":[' + b"[" * 900 + b"]" * 900 + b"]}",
     b'{"objects":[1e999,NaN]}', b'{"objects":[' + b"9" * 10_000 + b"]}", b"\xff\xfe{}", b"", b"null",
     b'{"objects":{}}', b'{"objects":[{"type":"\\ud800"}]}',
     b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>"],
    ids=range(11),
)  # fmt: skip
def test_bombs_do_not_go_off(target: Target, body: bytes) -> None:
    begin = time.monotonic()
    no_server_error(target.post(body))
    assert time.monotonic() - begin < 5


def test_a_deep_or_long_object_is_refused(target: Target) -> None:
    deep: Any = "x"
    for _ in range(60):
        deep = {"x": deep}
    id = "identity--00000000-0000-4000-8000-0000000000aa"
    for extra in ({"x": deep}, {"x": "y" * 1_100_000}, {"name": "\ud800"}, {"x": float("inf")}):
        stix = mark(an_identity(id, "x"), Marking(tlp="green")) | extra
        answer = target.post(json.dumps({"objects": [stix]}))
        no_server_error(answer)
        assert answer.status_code == 400 or answer.json()["failure_count"] == 1
    assert target.writer.get(f"{ROOT}/open/objects/{id}/").status_code == 404


def test_too_large_a_body_is_not_read(target: Target) -> None:
    answer = target.writer.post(
        f"{ROOT}/open/objects/", content=b"{}", headers={"Content-Type": MEDIA, "Content-Length": str(LARGEST_BODY + 1)}
    )
    assert answer.status_code == 413
    chunks = (b" " * 1_000_000 for _ in range(40))
    answer = target.writer.post(f"{ROOT}/open/objects/", content=chunks, headers={"Content-Type": MEDIA})
    assert answer.status_code == 413


PATHS = ["/taxii2/{}/", "/taxii2/share/status/{}/", f"{ROOT}/{{}}/", f"{ROOT}/{{}}/objects/",
         f"{ROOT}/open/objects/{{}}/",
         f"{ROOT}/open/objects/{{}}/versions/", "/feeds/{}.atom", "/cap/open/{}", "/misp/{}/x"]  # fmt: skip
WORDS = ["%2e%2e", "%2e%2e%2f", "%00", "%ff%fe", "%0d%0aX-Evil:1", "'; DROP TABLE share_item;--", "a" * 5000,
         "*", "%25", "\u202e", "{}", "$(id)", "secret", SECRET_ID, "-1", "1e9"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_any_name_in_a_path_is_answered(target: Target, path: str) -> None:
    for client in target.clients():
        for word in WORDS:
            answer = client.get(path.format(word))
            no_server_error(answer)
            assert answer.status_code in (400, 401, 404), (path, word, answer.status_code)
            assert "x-evil" not in answer.headers


@given(st.dictionaries(
    st.sampled_from([
        "limit", "next", "added_after", *(f"match[{name}]" for name in ("id", "type", "version", "spec_version"))
    ]),
    st.text(max_size=40) | st.sampled_from(["all", "first", "1", "9" * 30, SECRET_ID, "\x00", "²"]), max_size=4,
))  # fmt: skip
@CALM
def test_any_question_is_answered(target: Target, query: dict[str, str]) -> None:
    for kind in ("objects", "manifest", f"objects/{OPEN_ID}", f"objects/{OPEN_ID}/versions"):
        no_server_error(target.writer.get(f"{ROOT}/open/{kind}/", params=query))


def test_no_id_of_somebody_elses_opens_anything(target: Target) -> None:
    secret = target.share.shelf.collection("secret")
    assert secret is not None
    for path in (f"{ROOT}/secret/", f"{ROOT}/{secret.id}/", f"{ROOT}/{secret.id}/objects/",
                 f"{ROOT}/{secret.id}/manifest/",
                 f"{ROOT}/open/objects/{SECRET_ID}/", f"{ROOT}/open/objects/{SECRET_ID}/versions/",
                 f"/cap/open/{SECRET_ID}", f"/misp/open/{SECRET_ID}", f"/feeds/{secret.id}.atom"):  # fmt: skip
        for client in target.clients():
            assert client.get(path).status_code == 404, path
    assert target.writer.delete(f"{ROOT}/open/objects/{SECRET_ID}/").status_code == 404
    assert target.writer.delete(f"{ROOT}/open/objects/{OPEN_ID}/").status_code == 403
    answer = target.writer.post(f"{ROOT}/secret/objects/", content="{}", headers={"Content-Type": MEDIA})
    assert answer.status_code == 404


def test_to_claim_a_hidden_id_tells_no_more_than_to_claim_a_foreign_one(target: Target) -> None:
    """An id is its owner's; that one is taken is told, who has it and what it holds is not."""
    answers = []
    for id in (SECRET_ID, OPEN_ID):
        stix = mark(an_identity(id, "mine now"), Marking(tlp="green"))
        answers.append(target.post(json.dumps({"objects": [stix]})).json()["failures"][0]["message"])
    assert answers[0] == answers[1]


def test_forged_cursors_are_refused(target: Target) -> None:
    chance = random.Random(0)
    forged = [base64.urlsafe_b64encode(chance.randbytes(24)).decode().rstrip("=") for _ in range(200)]
    forged += [seal(b"guess", ["objects"], 0), "A" * 32, "=", "A" * 10_000, "\u00e9"]
    for cursor in forged:
        assert target.writer.get(f"{ROOT}/open/objects/", params={"next": cursor}).status_code == 400


@pytest.mark.parametrize(
    "header", ["Authorization", "Accept", "Origin", "Cookie", "Content-Type", "Host", "X-CSRF-Token"]
)
def test_any_header_is_answered(target: Target, header: str) -> None:
    values = [
        "",
        "\x7f",
        "a" * 8000,
        "Basic " + "A" * 5000,
        "Bearer tocsin.%00.x",
        "tocsin_session=\xff",
        ";;;,,,q=",
        "http://[::1",
    ]
    for value in values:
        for method, path in (("GET", "/taxii2/"), ("POST", f"{ROOT}/open/objects/"), ("POST", "/logout")):
            sent = value.encode("latin-1")
            answer = target.nobody.request(method, path, headers={header: sent})
            assert answer.status_code < 500


def test_names_cannot_forge_lines_of_the_record(target: Target) -> None:
    before = target.share.audit.head().n
    name = 'eve\n{"n":1,"actor":"person:admin"}\x1b[2J\x00'
    target.nobody.post("/login", data={"name": name, "password": "x" * 12})
    entries = list(target.share.audit.entries(after=before))
    assert len(entries) == 1
    assert target.share.audit.verify().sound


@pytest.mark.parametrize(
    "form",
    [{}, {"name": "a"}, {"name": "a" * 100_000, "password": "b" * 100_000}, {"name": "\ud7ff", "password": "\x00"}],
)
def test_any_login_is_answered(target: Target, form: dict[str, str]) -> None:
    assert target.nobody.post("/login", data=form).status_code in (401, 422, 429)


def test_a_slow_client_does_not_stop_the_others(target: Target) -> None:
    with served(an_app(target.share)) as address:
        host, port = address.removeprefix("http://").split(":")
        slow = [socket.create_connection((host, int(port))) for _ in range(60)]
        for one in slow:
            head = f"POST {ROOT}/open/objects/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {target.key}\r\n"
            one.sendall(f"{head}Content-Type: {MEDIA}\r\nContent-Length: 1000\r\n\r\n{{".encode())
        headers = {"Authorization": f"Bearer {target.key}", "Accept": MEDIA}
        begin = time.monotonic()
        assert httpx2.get(f"{address}{ROOT}/open/objects/", headers=headers, timeout=10).status_code == 200
        assert time.monotonic() - begin < 5
        for one in slow:
            one.close()


def test_the_time_of_an_answer_does_not_tell_hidden_from_missing(target: Target) -> None:
    """Medians of many: hidden and missing take the same path through the database."""
    missing = SECRET_ID[:-1] + "9"
    times: dict[str, list[float]] = {SECRET_ID: [], missing: []}
    for _ in range(60):
        for id, taken in times.items():
            begin = time.perf_counter()
            target.writer.get(f"{ROOT}/open/objects/{id}/")
            taken.append(time.perf_counter() - begin)
    hidden, none = (sorted(taken)[len(taken) // 4] for taken in times.values())
    assert 0.6 < hidden / none < 1.67


def test_times_are_checked(target: Target) -> None:
    for bad in ("2026-13-01T00:00:00Z", "2026-02-01", TIME + "x", "٢٠٢٦-02-01T00:00:00Z", "2026-02-30T00:00:00Z"):
        stix = mark(an_identity("identity--00000000-0000-4000-8000-0000000000bb", "x"), Marking(tlp="green"))
        answer = target.post(json.dumps({"objects": [stix | {"modified": bad}]}))
        assert answer.json()["failure_count"] == 1
