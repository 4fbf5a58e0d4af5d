"""Logging in at an identity provider, a small one on the loopback that signs real tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tocsin.share.accounts import Account
from tocsin.share.gate import COOKIE as SESSION
from tocsin.share.oidc import COOKIE, Provider, oidc_router
from tocsin.share.opening import Share, open_share

CLIENT, SECRET = "tocsin", "s3cr:et/"


class Idp(HTTPServer):
    """The provider: what it would say is changed by the tests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signing: Any = self.key
        self.header = {"alg": "RS256", "kid": "one"}
        self.claims: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.metadata: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def says(self) -> dict[str, Any]:
        ends = ("authorization_endpoint", "/authorize"), ("token_endpoint", "/token"), ("jwks_uri", "/jwks")
        return {"issuer": self.issuer, **{name: self.issuer + path for name, path in ends}} | self.metadata

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser does there: log in, and be led back with a code."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        known = base64.b64decode(authorization.removeprefix("Basic ")).decode() == "tocsin:s3cr%3Aet%2F"
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or not known or challenge != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "u1", "exp": now + 300, "iat": now, "nonce": asked["nonce"]}
        claims |= {"email": "Ada@example.org", "email_verified": True} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"id_token": jwt.encode(self.header, claims, self.signing, algorithms=[self.header["alg"]])}


class _Handler(BaseHTTPRequestHandler):
    server: Idp

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {}))
        pages = {"/.well-known/openid-configuration": self.server.says(),
                 "/jwks": {"keys": [self.server.key.as_dict(private=False)]}}  # fmt: skip
        self._answer(pages.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._answer(self.server.token(form, self.headers.get("authorization", "")))

    def _answer(self, body: object) -> None:
        self.send_response(200 if body else 400)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def idp() -> Iterator[Idp]:
    server = Idp()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    opened = open_share(tmp_path / "s.db", tmp_path / "key", home="home")
    opened.accounts.add(Account("ada@example.org", "home", "analyst"), by="test")
    opened.accounts.add(Account("eve@example.org", "navy", "admin"), by="test")
    opened.accounts.add(Account("gone@example.org", "home", "viewer", disabled=True), by="test")
    yield opened
    opened.close()


def client_of(share: Share, idp: Idp, **more: Any) -> TestClient:
    settings = {"name": "house", "issuer": idp.issuer, "client": CLIENT, "secret": SECRET, "organisation": "home"}
    app = FastAPI()
    app.include_router(oidc_router(share, (Provider(**settings | {"inside": True} | more),)))
    return TestClient(app, base_url="https://desk.example", follow_redirects=False)


def begun(client: TestClient, idp: Idp) -> dict[str, str]:
    """Go to the provider, and come back with this."""
    sent = client.get("/oidc/house/start?to=/events")
    assert sent.status_code == 303
    return idp.authorize(sent.headers["location"])


def test_who_logs_in_at_the_provider_has_a_session_here(share: Share, idp: Idp) -> None:
    client = client_of(share, idp)
    answer = client.get("/oidc/house/back", params=begun(client, idp))
    assert (answer.status_code, answer.headers["location"]) == (303, "/events")
    login = share.accounts.by_session(client.cookies[SESSION])
    assert login is not None
    assert (login.account.name, login.account.role) == ("ada@example.org", "analyst")
    assert COOKIE not in client.cookies


def test_nothing_is_asked_before_somebody_logs_in(share: Share, idp: Idp) -> None:
    client_of(share, idp).get("/oidc/other/start")
    assert idp.asked == []


def test_a_code_is_good_once_and_for_the_browser_that_began(share: Share, idp: Idp) -> None:
    client = client_of(share, idp)
    back = begun(client, idp)
    stranger = client_of(share, idp)
    assert stranger.get("/oidc/house/back", params=back).status_code == 401  # login CSRF: no cookie
    begun(stranger, idp)
    assert stranger.get("/oidc/house/back", params=back).status_code == 401  # the cookie of another login
    assert client.get("/oidc/house/back", params=back | {"state": "x"}).status_code == 401
    assert client.get("/oidc/house/back", params={"error": "access_denied", "state": back["state"]}).status_code == 401
    assert client.get("/oidc/house/back", params=back).status_code == 303
    assert client.get("/oidc/house/back", params=back).status_code == 401


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [{"iss": "https://other.example"}, {"aud": "other"}, {"aud": ["tocsin", "other"]}, {"exp": NOW - 3600},
     {"exp": None}, {"iat": NOW + 7200}, {"nonce": "another"}, {"nonce": None}, {"sub": None}, {"nbf": NOW + 7200},
     {"iss": None}, {"aud": None}, {"sub": 3}, {"exp": "soon"}],
    ids=lambda claims: f"{list(claims)} {len(str(claims))}",
)  # fmt: skip
def test_a_token_that_is_not_for_us_now_is_refused(share: Share, idp: Idp, claims: dict[str, Any]) -> None:
    idp.claims = claims
    client = client_of(share, idp)
    assert client.get("/oidc/house/back", params=begun(client, idp)).status_code == 401
    assert SESSION not in client.cookies


def test_a_token_that_the_provider_did_not_sign_is_refused(share: Share, idp: Idp) -> None:
    public = idp.key.as_pem(private=False)
    forgeries: list[tuple[dict[str, str], Any]] = [
        ({"alg": "RS256", "kid": "one"}, RSAKey.generate_key(2048, {"kid": "one"})),
        ({"alg": "ES256", "kid": "one"}, ECKey.generate_key("P-256", {"kid": "one"})),
        ({"alg": "HS256", "kid": "one"}, OctKey.import_key(base64.b64encode(public), {"kid": "one"})),
    ]
    for idp.header, idp.signing in forgeries:
        client = client_of(share, idp)
        assert client.get("/oidc/house/back", params=begun(client, idp)).status_code == 401


def test_an_unsigned_token_is_refused(share: Share, idp: Idp, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsigned(form: dict[str, str], authorization: str) -> dict[str, str]:
        parts = [{"alg": "none"}, {"iss": idp.issuer, "aud": CLIENT, "sub": "u", "exp": NOW + 999, "iat": NOW}]
        words = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
        return {"id_token": ".".join([*words, ""])}

    monkeypatch.setattr(idp, "token", unsigned)
    client = client_of(share, idp)
    assert client.get("/oidc/house/back", params=begun(client, idp)).status_code == 401


@pytest.mark.parametrize(
    "claims",
    [{"email": "nobody@example.org"}, {"email": "gone@example.org"}, {"email_verified": False},
     {"email_verified": "true"}, {"email": None}, {"email": ["ada@example.org"]}, {"email": "\uff41da@example.org"},
     {"email": "eve@example.org"}],
    ids=str,
)  # fmt: skip
def test_only_an_account_of_the_providers_own_organisation_comes_in(
    share: Share, idp: Idp, claims: dict[str, Any]
) -> None:
    idp.claims = claims
    client = client_of(share, idp)
    assert client.get("/oidc/house/back", params=begun(client, idp)).status_code == 403
    assert SESSION not in client.cookies


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_logging_in_leads_nowhere_else(share: Share, idp: Idp, to: str) -> None:
    client = client_of(share, idp)
    sent = client.get("/oidc/house/start", params={"to": to})
    answer = client.get("/oidc/house/back", params=idp.authorize(sent.headers["location"]))
    assert answer.headers["location"] == "/"


def test_a_provider_that_says_it_is_another_or_leads_inside_is_not_followed(share: Share, idp: Idp) -> None:
    idp.metadata = {"issuer": "https://other.example"}
    assert client_of(share, idp).get("/oidc/house/start").status_code == 502
    idp.metadata = {}
    assert client_of(share, idp, inside=False).get("/oidc/house/start").status_code == 502
    idp.metadata = {"token_endpoint": "http://169.254.169.254/token"}
    client = client_of(share, idp)
    assert client.get("/oidc/house/back", params=begun(client, idp)).status_code == 401


def test_a_refused_login_is_in_the_record(share: Share, idp: Idp) -> None:
    idp.claims = {"nonce": "another"}
    client = client_of(share, idp)
    client.get("/oidc/house/back", params=begun(client, idp))
    assert [one.action for one in share.audit.entries(subject="oidc:house")] == ["login refused"]
    assert share.audit.verify().sound
