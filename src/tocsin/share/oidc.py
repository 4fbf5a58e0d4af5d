"""Logging in at an identity provider: OpenID Connect Core 1.0, authorization code flow with PKCE (RFC 7636).

The provider says who somebody is; who may come in, and as what, is said here: there must be an account of that name, of
the organisation that the provider speaks for. Nothing is fetched before somebody logs in, and no state is kept: what
must be remembered between going and coming back is in a sealed cookie, good for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import Field

from tocsin.records import Value
from tocsin.share.accounts import Account
from tocsin.share.addresses import Answer, Outside
from tocsin.share.database import ShareError
from tocsin.share.gate import with_session
from tocsin.share.opening import Share
from tocsin.share.rule import now
from tocsin.share.sealed import seal, unseal

COOKIE = "tocsin_oidc"
LASTS = 600
"""Seconds between going to the provider and coming back."""

SKEW = 60
"""Seconds by which the provider's clock may differ."""

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
"""Signatures that only the provider can make; never one whose key we know as well."""

FAILED = "The identity provider's answer cannot be trusted: log in again, or tell whoever runs this server."


class Provider(Value):
    """A table `[[oidc]]` of `tocsin.toml`.

    `issuer` is the provider's address, `client` and `secret` what it knows us by. The account's name is the value of
    `claim`; an e-mail address counts only if the provider has verified it. Only accounts of `organisation` log in
    here. `inside` allows a provider on a private network, also unencrypted.
    """

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    issuer: str
    client: str
    secret: str = Field("", repr=False)
    claim: str = "email"
    organisation: str
    scope: str = "openid email profile"
    inside: bool = False


class Going(Value):
    """What is remembered of somebody who has gone to the provider."""

    state: str
    nonce: str
    verifier: str
    to: str
    at: float


class _Provider:
    """One provider, and how it is asked."""

    def __init__(self, settings: Provider, outside: Outside | None = None) -> None:
        host = urlsplit(settings.issuer).hostname or ""
        self.settings = settings
        self.outside = outside or Outside(inside=frozenset({host}) if settings.inside else frozenset())

    def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0). Raises `ShareError`."""
        said = self._json(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.settings.issuer:
            raise ShareError(f"{self.settings.issuer} says that it is {str(said.get('issuer'))[:100]!r}.")
        return said

    def claims(self, code: str, going: Going, back: str) -> Mapping[str, Any]:
        """Who has logged in, out of a token that the provider signed for us, now. Raises `ShareError`, `JoseError`."""
        metadata = self.metadata()
        token = self._token(str(metadata.get("token_endpoint")), code, going, back)
        keys = KeySet.import_key_set(dict(self._json(str(metadata.get("jwks_uri")))))  # type: ignore[arg-type]
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        rules = jwt.JWTClaimsRegistry(
            leeway=SKEW,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": going.nonce},
        )
        rules.validate(claims)
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self.settings.client:
            raise ShareError("The token was made for somebody else as well.")
        return claims

    def _token(self, endpoint: str, code: str, going: Going, back: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": going.verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.settings.secret:  # RFC 6749, section 2.3.1: both parts are encoded before they are joined
            pair = f"{quote(self.settings.client, safe='')}:{quote(self.settings.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form["client_id"] = self.settings.client
        answer = self.outside.call("POST", endpoint, headers=headers, body=urlencode(form).encode())
        token = _read(answer).get("id_token")
        if not isinstance(token, str):
            raise ShareError("The provider gave no token.")
        return token

    def _json(self, url: str) -> Mapping[str, Any]:
        return _read(self.outside.call("GET", url, headers={"Accept": "application/json"}))


def _read(answer: Answer) -> Mapping[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        said = None
    if answer.status != 200 or not isinstance(said, dict):
        raise ShareError(f"The provider answers {answer.status} with what is no answer.")
    return said


def oidc_router(share: Share, providers: tuple[Provider, ...], outside: Outside | None = None) -> APIRouter:
    """`GET /oidc/NAME/start` leads to the provider, `GET /oidc/NAME/back` comes from it with a session."""
    router = APIRouter(prefix="/oidc", tags=["session"])
    known = {one.name: _Provider(one, outside) for one in providers}
    secret = share.secret("oidc")

    def provider(name: str) -> _Provider:
        if name not in known:
            raise HTTPException(404, "There is no such provider here.")
        return known[name]

    @router.get("/{name}/start")
    def start(request: Request, name: str, to: str = "/") -> Response:
        asked = provider(name)
        share.gate.slow_down(request)
        going = Going(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            to=to[:2000],
            at=now().timestamp(),
        )
        try:
            endpoint = str(asked.metadata().get("authorization_endpoint"))
        except ShareError as error:
            raise HTTPException(502, "The identity provider cannot be reached: try again later.") from error
        if urlsplit(endpoint).scheme != "https" and not asked.settings.inside:
            raise HTTPException(502, FAILED)
        answer = RedirectResponse(f"{endpoint}{'&' if '?' in endpoint else '?'}{_question(asked, going, request)}", 303)
        word = seal(secret, name.encode(), going.model_dump_json().encode())
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, word, max_age=LASTS, path="/oidc", httponly=True, samesite="lax", secure=secure)
        return answer

    @router.get("/{name}/back")
    def back(request: Request, name: str, code: str = "", state: str = "") -> Response:
        asked = provider(name)
        share.gate.slow_down(request)
        going = _gone(secret, name, request.cookies.get(COOKIE, ""))
        if going is None or not code or not secrets.compare_digest(going.state.encode(), state.encode()):
            raise HTTPException(401, "This login was not begun here, or too long ago: log in again.")
        try:
            claims = asked.claims(code, going, _back(request, name))
        except (ShareError, JoseError, ValueError, KeyError, TypeError) as error:
            share.audit.note("node", "login refused", f"oidc:{name}", why=str(error)[:200])
            raise HTTPException(401, FAILED) from error
        account = _account(share, asked.settings, claims)
        if account is None:
            share.audit.note("node", "login refused", f"oidc:{name}", sub=str(claims.get("sub"))[:200])
            raise HTTPException(403, "You have no account here: ask whoever runs this server for one.")
        answer = with_session(request, share.accounts.open_session(account.name).token, going.to)
        answer.delete_cookie(COOKIE, path="/oidc", httponly=True, samesite="lax")
        return answer

    return router


def _question(asked: _Provider, going: Going, request: Request) -> str:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(going.verifier.encode()).digest()).decode().rstrip("=")
    return urlencode(
        {
            "response_type": "code",
            "client_id": asked.settings.client,
            "redirect_uri": _back(request, asked.settings.name),
            "scope": asked.settings.scope,
            "state": going.state,
            "nonce": going.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
    )


def _back(request: Request, name: str) -> str:
    """The address to come back to; the provider leads only to one that was registered with it."""
    return f"{str(request.base_url).rstrip('/')}/oidc/{name}/back"


def _gone(secret: bytes, name: str, word: str) -> Going | None:
    try:
        going = Going.model_validate_json(unseal(secret, name.encode(), word))
    except ValueError:
        return None
    return going if 0 <= now().timestamp() - going.at <= LASTS else None


def _account(share: Share, settings: Provider, claims: Mapping[str, Any]) -> Account | None:
    """The account that the claims name, if there is one that this provider may speak for."""
    said = claims.get(settings.claim)
    if not isinstance(said, str) or not said.isascii():
        return None
    if settings.claim == "email" and claims.get("email_verified") is not True:
        return None
    account = share.accounts.get(said.lower())
    if account is None or account.disabled or account.organisation != settings.organisation:
        return None
    return account
