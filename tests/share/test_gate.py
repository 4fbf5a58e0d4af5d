"""The door of the server: who asks, how often, from which page."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from tocsin.share.accounts import Account, Accounts, Login
from tocsin.share.audit import Audit
from tocsin.share.database import Database, ShareError
from tocsin.share.gate import COOKIE, HEADERS, Gate, SecurityHeaders, require_accounts
from tocsin.share.keys import Keys
from tocsin.share.limits import Limits

PASSWORD = "correct horse battery"  # noqa: S105 - of nobody


@pytest.fixture
def gate(database: Database) -> Gate:
    audit = Audit(database, Ed25519PrivateKey.generate())
    accounts = Accounts(database, audit)
    accounts.add(Account("jane", "navy", "analyst"), by="test", password=PASSWORD)
    return Gate(accounts, Keys(database, audit))


@pytest.fixture
def client(gate: Gate) -> TestClient:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.include_router(gate.session_router())

    @app.get("/who")
    def who(login: Login = Depends(gate.known)) -> str:  # noqa: B008 - FastAPI's way of asking
        return login.account.name

    @app.post("/change")
    def change(login: Login = Depends(gate.allowed("write"))) -> str:  # noqa: B008
        return login.account.name

    @app.post("/release")
    def release(login: Login = Depends(gate.allowed("release"))) -> str:  # noqa: B008
        return login.account.name

    return TestClient(app, base_url="http://testserver")


def test_a_key_says_who_asks_in_three_ways(client: TestClient, gate: Gate) -> None:
    key = gate.keys.issue("jane", ["read", "write"], by="test")
    basic = base64.b64encode(f"jane:{key}".encode()).decode()
    for said in (f"Bearer {key}", f"Token {key}", f"Basic {basic}"):
        assert client.get("/who", headers={"Authorization": said}).json() == "jane"
    assert client.post("/change", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert client.post("/release", headers={"Authorization": f"Bearer {key}"}).status_code == 403


@pytest.mark.parametrize("said", ["", "Bearer", "Basic !!!", "Basic amFuZTp4", "Digest x", "Bearer tocsin.a.b"])
def test_without_a_right_key_nobody_is_let_in(client: TestClient, said: str) -> None:
    answer = client.get("/who", headers={"Authorization": said})
    assert answer.status_code == 401
    assert "Basic" in answer.headers["www-authenticate"]
    assert client.get("/who").status_code == 401


def test_a_browser_logs_in_changes_things_with_its_token_and_logs_out(client: TestClient, gate: Gate) -> None:
    answer = client.post("/login", data={"name": "jane", "password": PASSWORD, "to": "/x"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/x")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert client.get("/who").json() == "jane"
    login = gate.accounts.by_session(client.cookies[COOKIE])
    assert login is not None
    assert client.post("/change").status_code == 403
    assert client.post("/change", headers={"X-CSRF-Token": "wrong"}).status_code == 403
    token = {"X-CSRF-Token": str(login.csrf)}
    assert client.post("/change", headers=token).json() == "jane"
    assert client.post("/change", headers=token | {"Origin": "https://evil.example"}).status_code == 403
    client.post("/logout", headers=token, follow_redirects=False)
    assert client.get("/who").status_code == 401


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"])
def test_login_leads_nowhere_else(client: TestClient, to: str) -> None:
    answer = client.post("/login", data={"name": "jane", "password": PASSWORD, "to": to}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_another_sites_form_does_not_log_in(client: TestClient) -> None:
    form = {"name": "jane", "password": PASSWORD}
    assert client.post("/login", data=form, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/login", data=form | {"password": "guess"}).status_code == 401


def test_guessing_is_slowed_down(client: TestClient, gate: Gate) -> None:
    gate._logins = Limits(rate=0.001, burst=2)
    answers = [client.post("/login", data={"name": "jane", "password": "guess"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert int(answers[2].headers["retry-after"]) > 1


def test_requests_are_slowed_down(client: TestClient, gate: Gate) -> None:
    gate._requests = Limits(rate=0.001, burst=1)
    assert [client.get("/who").status_code for _ in range(2)] == [401, 429]


def test_one_account_is_slowed_down_from_however_many_addresses(client: TestClient, gate: Gate) -> None:
    gate._requests = Limits(rate=0.001, burst=2)
    key = gate.keys.issue("jane", ["read"], by="test")
    app = client.app
    for number, status in enumerate([200, 200, 429]):
        elsewhere = TestClient(app, client=(f"192.0.2.{number}", 1))
        assert elsewhere.get("/who", headers={"Authorization": f"Bearer {key}"}).status_code == status


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for address in ("/who", "/nothing"):
        answer = client.get(address)
        assert all(answer.headers[name] == value for name, value in HEADERS.items())


def test_the_first_administrator_is_made_with_the_token_alone(database: Database) -> None:
    audit = Audit(database, Ed25519PrivateKey.generate())
    empty = Gate(Accounts(database, audit), Keys(database, audit))
    app = FastAPI()
    app.include_router(empty.session_router())
    client = TestClient(app)
    form = {"name": "ada", "organisation": "navy", "password": PASSWORD}
    token = empty.accounts.invite_first()
    assert client.post("/first-admin", data=form | {"token": "guess"}).status_code == 400
    assert client.post("/first-admin", data=form | {"token": token}, follow_redirects=False).status_code == 303
    found = empty.accounts.get("ada")
    assert found is not None
    assert found.role == "admin"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])  # noqa: S104 - to be refused
def test_nobody_else_is_served_without_accounts(database: Database, host: str) -> None:
    accounts = Accounts(database, Audit(database, Ed25519PrivateKey.generate()))
    with pytest.raises(ShareError, match="without accounts"):
        require_accounts(host, accounts)
    for loopback in ("127.0.0.1", "localhost", "::1", "127.8.8.8"):
        require_accounts(loopback, accounts)
    accounts.add(Account("jane", "navy", "viewer"), by="test")
    require_accounts(host, accounts)


def test_buckets_refill_and_are_forgotten() -> None:
    time = [0.0]
    limits = Limits(rate=1, burst=2, remembered=2, clock=lambda: time[0])
    assert [limits.take("a") for _ in range(3)] == [0, 0, 1]
    time[0] = 1.0
    assert limits.take("a") == 0
    limits.take("b")
    limits.take("c")
    assert limits.take("a") == 0  # forgotten, so new
