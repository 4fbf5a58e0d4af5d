"""The door of the pages: who may come in, and who is inside for the length of a request.

On this machine alone, and without a proxy in front, whoever sits at it reads everything: nobody is asked. Everybody
else logs in. The desk's own pages are for the organisation that runs the node; to everybody else they are not there,
and what is shared with them stands under `/shared/`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from tocsin.share.accounts import Login
from tocsin.share.gate import is_loopback
from tocsin.share.opening import Share
from tocsin.share.rule import Subject, now
from tocsin.share.sight import Sight, sight_of

OPEN = ("/static/", "/login", "/logout", "/first-admin", "/oidc/", "/taxii2/", "/feeds/", "/cap/", "/misp/")
"""Addresses that need nobody, or ask for themselves."""

FOR_ALL = ("/shared", "/me")
"""Addresses for whoever has logged in, and (as far as the rule allows) for everybody else."""

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")

HIDDEN = "There is no such thing here that you may see."

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Answer = Callable[[Request, int, str], Response]


@dataclass(frozen=True)
class Visitor:
    """Who reads: `login` None is nobody, `sight` None sees the whole store (or, being no insider, is not shown it)."""

    login: Login | None = None
    sight: Sight | None = None
    inside: bool = False

    def subject(self) -> Subject:
        """Who asks, for the rule of access."""
        return self.login.subject(now()) if self.login else Subject(at=now())

    def may(self, right: str) -> bool:
        """Whether the visitor is of the house and has this right."""
        return self.inside and self.login is not None and right in self.login.rights

    @property
    def name(self) -> str:
        """The same for all who are shown the same pages."""
        return self.login.account.name if self.login else ""


AT_HOME = Visitor(inside=True)
"""Whoever sits at this machine."""

_VISITOR: ContextVar[Visitor] = ContextVar("visitor", default=AT_HOME)


def visitor() -> Visitor:
    """Who reads, in the request that is being answered."""
    return _VISITOR.get()


@dataclass(frozen=True)
class Door:
    """Whom to ask: everybody, or (`trusting`, for a server on the loopback) only those who come from elsewhere."""

    share: Share
    trusting: bool = False

    def sight(self) -> Sight | None:
        """What the visitor may see of the store."""
        return visitor().sight

    async def let_in(self, request: Request) -> Visitor:
        """Who comes in. Raises `HTTPException`: 401 for who must log in, 404 for who is shown nothing here."""
        path = request.url.path
        if under(path, OPEN):
            return Visitor()
        login = await run_in_threadpool(self.share.gate.login, request)
        if login is None and self.trusting and _from_here(request):
            return AT_HOME
        inside = login is not None and login.account.organisation == self.share.home and "read" in login.rights
        if login is not None and inside:
            subject = login.subject(now())
            sight = await run_in_threadpool(sight_of, self.share.database, self.share.home, subject)
            return Visitor(login, sight, inside=True)
        if under(path, FOR_ALL):
            return Visitor(login if login is not None and "read" in login.rights else None)
        if login is None:
            raise HTTPException(401, "Log in to read this.")
        raise HTTPException(404, HIDDEN)


def under(path: str, places: tuple[str, ...]) -> bool:
    """Whether an address is one of `places` or lies under one."""
    return any(path == place.rstrip("/") or path.startswith(place.rstrip("/") + "/") for place in places)


def _from_here(request: Request) -> bool:
    """Whether a request comes from this machine, to it by its own name, and through no proxy.

    The name matters: a page elsewhere may give itself a name that leads here (DNS rebinding).
    """
    address = request.client.host if request.client else ""
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return is_loopback(address) and is_loopback(host) and not any(name in request.headers for name in FORWARDED)


class Guard:
    """ASGI middleware: nobody comes past the door unseen. `answer` makes the page of a refusal."""

    def __init__(self, app: App, door: Door, answer: Answer) -> None:
        self._app, self._door, self._answer = app, door, answer

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let the request in, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            found = await self._door.let_in(request)
        except HTTPException as refusal:
            token = _VISITOR.set(Visitor())
            await self._refused(request, refusal)(scope, receive, send)
            _VISITOR.reset(token)
            return
        token = _VISITOR.set(found)
        try:
            await self._app(scope, receive, send)
        finally:
            _VISITOR.reset(token)

    def _refused(self, request: Request, refusal: HTTPException) -> Response:
        path = request.url.path
        page = request.method == "GET" and not path.startswith(("/api/", "/export/"))
        if refusal.status_code == 401 and page and "authorization" not in request.headers:
            asked = path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?to={quote(asked, safe='')}", 303)
        if refusal.status_code == 404 and path == "/" and page:
            return RedirectResponse("/shared/", 303)
        answered = self._answer(request, refusal.status_code, str(refusal.detail))
        for name, value in (refusal.headers or {}).items():
            if name.lower() != "www-authenticate" or not page:
                answered.headers[name] = value
        return answered
