"""The door of the HTTP server: who a request comes from, how often, from which page, and what every answer says.

Machines send an API key (`Authorization: Bearer KEY`, `Token KEY`, or Basic with the account's name and the key);
browsers hold a session cookie, and every request of theirs that changes something carries the session's CSRF token.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.share.accounts import Accounts, Login, same_secret
from tocsin.share.database import ShareError
from tocsin.share.keys import Keys
from tocsin.share.limits import Limits
from tocsin.share.rule import Subject, now

COOKIE = "tocsin_session"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """Tells who asks. One is made per server and shared by all routers."""

    def __init__(self, accounts: Accounts, keys: Keys, *, requests: Limits | None = None, logins: Limits | None = None):
        self.accounts, self.keys = accounts, keys
        self._requests = requests or Limits(rate=100, burst=400)
        self._logins = logins or Limits(rate=1 / 30, burst=10)
        self._sprays = Limits(rate=1 / 30, burst=40)

    def login(self, request: Request) -> Login | None:
        """Who asks, or None for nobody. Raises 401 for a wrong key, 403 for a missing CSRF token, 429 for too often."""
        said = request.headers.get("authorization")
        address = request.client.host if request.client else "?"
        if said is not None:
            self._slow_down(self._requests, f"address:{address}")
            found = self.keys.login(_key_in(said))
            if found is None:
                raise _unauthorized()
            self._slow_down(self._requests, f"account:{found.account.name}")  # from however many addresses
            if request.method not in SAFE:
                _check_origin(request)  # a browser keeps a key given as Basic and sends it along from any page
            return found
        token = request.cookies.get(COOKIE)
        found = self.accounts.by_session(token) if token else None
        self._slow_down(self._requests, f"address:{address}")
        if found is not None and request.method not in SAFE:
            _check_csrf(request, found)
        return found

    def reader(self, request: Request) -> Login | None:
        """Who asks and may read, or None for nobody: a key without the right to read shows what everybody sees."""
        found = self.login(request)
        return found if found is not None and "read" in found.rights else None

    def known(self, request: Request) -> Login:
        """Who asks; 401 for nobody."""
        found = self.login(request)
        if found is None:
            raise _unauthorized()
        return found

    def allowed(self, right: str) -> Callable[[Request], Login]:
        """A dependency: who asks, if they have this right, else 403."""

        def check(request: Request) -> Login:
            found = self.known(request)
            if right not in found.rights:
                raise HTTPException(403, f"This needs the right to {right}.")
            return found

        return check

    def subject(self, request: Request) -> Subject:
        """Who asks, for the rule of access; nobody is somebody who sees only what is CLEAR."""
        found = self.reader(request)
        return found.subject(now()) if found else Subject(at=now())

    def _slow_down(self, limits: Limits, name: str) -> None:
        wait = limits.take(name)
        if wait:
            raise HTTPException(429, "Too many requests.", {"Retry-After": str(math.ceil(wait))})

    def _slow_down_guessing(self, request: Request, name: str) -> None:
        """Ten guesses at one name from one address, forty at any, and then one in half a minute each."""
        address = request.client.host if request.client else "?"
        self._slow_down(self._sprays, address)
        self._slow_down(self._logins, f"{address} {name[:100]}")

    def slow_down(self, request: Request) -> None:
        """Count a request by its address. Raises 429 for too often."""
        self._slow_down(self._requests, f"address:{request.client.host if request.client else '?'}")

    def session_router(self) -> APIRouter:
        """`POST /login`, `POST /logout`, `POST /first-admin`: form fields in, a session cookie and a redirect out."""
        router = APIRouter(tags=["session"])

        @router.post("/login")
        def log_in(request: Request, name: str = Form(), password: str = Form(), to: str = Form("/")) -> Response:
            self._slow_down_guessing(request, name)
            _check_origin(request)
            session = self.accounts.log_in(name, password)
            if session is None:
                raise HTTPException(401, "Name or password is wrong.")
            return with_session(request, session.token, to)

        @router.post("/first-admin")
        def first(
            request: Request,
            token: str = Form(),
            name: str = Form(),
            organisation: str = Form(),
            password: str = Form(),
        ) -> Response:
            self._slow_down_guessing(request, "")
            _check_origin(request)
            try:
                account = self.accounts.accept_first(token, name, organisation, password)
            except ShareError as error:
                raise HTTPException(400, str(error)) from error
            return with_session(request, self.accounts.open_session(account.name).token, "/")

        @router.post("/logout")
        def log_out(request: Request) -> Response:
            self.known(request)
            self.accounts.log_out(request.cookies.get(COOKIE, ""))
            answer = RedirectResponse("/", 303)
            answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
            return answer

        return router


def _key_in(said: str) -> str:
    """The API key in an Authorization header; of Basic, the password is the key."""
    scheme, _, value = said.partition(" ")
    if scheme.lower() in ("bearer", "token"):
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
    return ""


def _unauthorized() -> HTTPException:
    return HTTPException(401, "Say who you are: an API key or a session is missing or wrong.", _CHALLENGE)


_CHALLENGE = {"WWW-Authenticate": 'Basic realm="tocsin", charset="UTF-8"'}


def _check_csrf(request: Request, login: Login) -> None:
    """The token comes in a header, or (forms without JavaScript) in the address of the form."""
    _check_origin(request)
    sent = request.headers.get("x-csrf-token") or request.query_params.get("csrf") or ""
    if login.csrf is None or not same_secret(sent, login.csrf):
        raise HTTPException(403, "The form is not this session's: reload the page and send it again.")


def _check_origin(request: Request) -> None:
    """A browser says from which page it comes; another site's page changes nothing here."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise HTTPException(403, "This request comes from another site's page.")


def with_session(request: Request, token: str, to: str) -> Response:
    """Lead to a page of this server's with the session in a cookie."""
    local = to if to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() else "/"
    answer = RedirectResponse(local, 303)
    same_site: Literal["lax"] = "lax"
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, path="/", httponly=True, samesite=same_site, secure=secure)
    return answer


def require_accounts(host: str, accounts: Accounts) -> None:
    """Refuse to serve others than this machine while nobody has an account. Raises `ShareError`."""
    if is_loopback(host) or accounts.all():
        return
    raise ShareError(
        f"tocsin does not serve {host} without accounts: make one with tocsin account add, or bind to 127.0.0.1."
    )


def is_loopback(host: str) -> bool:
    """Whether a name or address leads to this machine and nowhere else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class SecurityHeaders:
    """ASGI middleware: every answer carries `HEADERS`, unless the page sets its own, and HSTS over HTTPS."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                wanted = HEADERS | (_HSTS if scope.get("scheme") == "https" else {})
                added = [(name.encode(), value.encode()) for name, value in wanted.items()]
                message["headers"] = headers + [pair for pair in added if pair[0] not in present]
            await send(message)

        await self._app(scope, receive, send_with)


_HSTS = {"strict-transport-security": "max-age=31536000"}
