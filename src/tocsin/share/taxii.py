"""A TAXII 2.1 server (OASIS standard, 10 June 2021) over the shelf, as a router to be mounted at `/taxii2`.

Every answer is what the asker's window shows; what is hidden and what is not there answer alike, 404 with one body.
Reading goes by the number of an entry (`cursors`), so that every object comes exactly once however many are written
meanwhile, and however many share a time.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool

from tocsin.share import cursors, tables
from tocsin.share.accounts import Login
from tocsin.share.audit import Audit
from tocsin.share.compiled import instant
from tocsin.share.database import ShareError
from tocsin.share.gate import Gate
from tocsin.share.intake import Sender, envelope, take, with_travel_notes
from tocsin.share.objects import as_text
from tocsin.share.questions import Refusal, limit_of, match_of
from tocsin.share.rule import Subject, now
from tocsin.share.shelf import Collection, Outcome, Shelf
from tocsin.share.window import Match, Seen, Window

MEDIA = "application/taxii+json;version=2.1"
STIX_MEDIA = "application/stix+json;version=2.1"
ROOT = "share"
LARGEST_BODY = 32 * 1024 * 1024
MOST_OBJECTS = 20_000


@dataclass(frozen=True)
class TaxiiSettings:
    """What the server says of itself. `home` is the organisation that runs it."""

    home: str
    title: str = "tocsin"
    description: str = "Warnings with their evidence, for partners."
    contact: str = ""
    clock: Callable[[], datetime] = now


def taxii_router(shelf: Shelf, gate: Gate, audit: Audit, secret: bytes, settings: TaxiiSettings) -> APIRouter:
    """The server's routes. `secret` signs cursors: the same on every process that serves the same shelf."""
    server = _Server(shelf, gate, audit, secret, settings)
    router = APIRouter(prefix="/taxii2", tags=["taxii"], redirect_slashes=True)
    collection, one = f"/{ROOT}/collections/{{collection}}/", f"/{ROOT}/collections/{{collection}}/objects/{{object}}/"
    get: dict[str, Any] = {
        "/": server.discovery,
        f"/{ROOT}/": server.root,
        f"/{ROOT}/status/{{status}}/": server.status,
        f"/{ROOT}/collections/": server.collections,
        collection: server.collection,
        f"{collection}manifest/": server.manifest,
        f"{collection}objects/": server.objects,
        one: server.object,
        f"{one}versions/": server.versions,
    }
    for path, answer in get.items():
        router.add_api_route(path, _answering(answer), methods=["GET"], name=f"taxii {path}")
    router.add_api_route(f"{collection}objects/", server.add, methods=["POST"], name="taxii add")
    router.add_api_route(one, _answering(server.delete), methods=["DELETE"], name="taxii delete")
    return router


def _answering(method: Any) -> Any:
    """A route that runs in a thread and turns refusals into TAXII error messages."""

    def answer(request: Request) -> Response:
        try:
            _acceptable(request)
            done: Response = method(request)
        except HTTPException as refusal:
            return error_message(refusal)
        return done

    return answer


def error_message(refusal: HTTPException) -> Response:
    """The TAXII error message for a refusal."""
    body = {"title": str(refusal.detail), "http_status": str(refusal.status_code)}
    return Response(json.dumps(body), refusal.status_code, dict(refusal.headers or {}), MEDIA)


def _acceptable(request: Request) -> None:
    """The client must be ready for TAXII 2.1 (section 1.6.8.1)."""
    accepted = request.headers.get("accept", "*/*")
    for part in accepted.lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        versions = [piece.removeprefix("version=").strip('"') for piece in parameters if piece.startswith("version=")]
        if media in ("*/*", "application/*") or (media == "application/taxii+json" and versions in ([], ["2.1"])):
            return
    raise Refusal(406, f"This server speaks {MEDIA}.")


def _reply(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8"), status, dict(headers or {}), MEDIA)


class _Server:
    """The answers, each to one request."""

    def __init__(self, shelf: Shelf, gate: Gate, audit: Audit, secret: bytes, settings: TaxiiSettings) -> None:
        self.shelf, self.gate, self.audit, self.secret, self.settings = shelf, gate, audit, secret, settings

    def discovery(self, request: Request) -> Response:
        self.gate.login(request)
        at = str(request.url_for(f"taxii /{ROOT}/"))
        body = {
            "title": self.settings.title,
            "description": self.settings.description,
            "default": at,
            "api_roots": [at],
        }
        return _reply(body | ({"contact": self.settings.contact} if self.settings.contact else {}))

    def root(self, request: Request) -> Response:
        self.gate.login(request)
        return _reply({"title": self.settings.title, "versions": [MEDIA], "max_content_length": LARGEST_BODY})

    def status(self, request: Request) -> Response:
        login = self.gate.known(request)
        one = sa.select(tables.status.c.body).where(
            tables.status.c.id == _word(request, "status"), tables.status.c.person == login.account.name
        )
        with self.shelf.database.reading() as connection:
            body = connection.execute(one).scalar()
        if body is None:
            raise _missing()
        return _reply(json.loads(body))

    def collections(self, request: Request) -> Response:
        window, login = self._window(request)
        found = [_described(one, window.subject, login) for one in window.collections()]
        return _reply({"collections": found} if found else {})

    def collection(self, request: Request) -> Response:
        window, login = self._window(request)
        return _reply(_described(self._find(window, request), window.subject, login))

    def manifest(self, request: Request) -> Response:
        window, login = self._window(request)
        of = self._find(window, request)
        found, more = self._page(window, of, request, "manifest", match_of(request))
        entries = [
            {"id": one.id, "date_added": one.added, "version": _version(one), "media_type": STIX_MEDIA} for one in found
        ]
        self._note(login, "read manifest", of, found)
        return _reply(more | ({"objects": entries} if entries else {}), headers=_dates(found))

    def objects(self, request: Request) -> Response:
        window, login = self._window(request)
        of = self._find(window, request)
        found, more = self._page(window, of, request, "objects", match_of(request))
        self._note(login, "read", of, found)
        return _envelope(more, _as_sent(found, login), _dates(found))

    def object(self, request: Request) -> Response:
        window, login = self._window(request)
        of, id = self._find(window, request), _word(request, "object")
        found, more = self._page(window, of, request, "object", match_of(request, id))
        if not found and not self._is_there(window, of, id):
            raise _missing()
        self._note(login, "read", of, found)
        return _envelope(more, _as_sent(found, login), _dates(found))

    def versions(self, request: Request) -> Response:
        window, login = self._window(request)
        of, id = self._find(window, request), _word(request, "object")
        asked = match_of(request, id)
        every = Match(asked.ids, asked.types, frozenset({"all"}), asked.spec_versions, asked.added_after)
        found, more = self._page(window, of, request, "versions", every)
        if not found and not self._is_there(window, of, id):
            raise _missing()
        self._note(login, "read versions", of, found)
        return _reply(more | ({"versions": [_version(one) for one in found]} if found else {}), headers=_dates(found))

    def delete(self, request: Request) -> Response:
        window, login = self._window(request)
        of, id = self._find(window, request), _word(request, "object")
        asked = match_of(request, id)
        chosen = Match(asked.ids, asked.types, asked.versions or frozenset({"all"}), asked.spec_versions)
        found = list(window.all(of, chosen))
        if not found:
            raise _missing()
        mine = all(one.owner == login.account.organisation for one in found) if login else False
        if login is None or "write" not in login.rights or not of.writable(window.subject) or not mine:
            raise Refusal(403, "Only its owner may delete an object, in a collection that it may write to.")
        self.shelf.remove(of.id, id, [one.version for one in found])
        self._note(login, "delete", of, found)
        return _reply({})

    async def add(self, request: Request) -> Response:
        """POST objects: 202 with a status, which is complete at once."""
        try:
            _acceptable(request)
            media = request.headers.get("content-type", "").lower().replace(" ", "").replace('"', "")
            if media not in ("application/taxii+json", MEDIA):
                raise Refusal(415, f"Objects come as {MEDIA}.")
            login, to = await run_in_threadpool(self._may_add, request)
            body = await _body(request)
            return await run_in_threadpool(self._add, login, to, body)
        except HTTPException as refusal:
            return error_message(refusal)

    def _may_add(self, request: Request) -> tuple[Login, Collection]:
        login = self.gate.known(request)
        subject = login.subject(self.settings.clock())
        to = self._find(Window(self.shelf, subject), request)
        if "write" not in login.rights or not to.writable(subject):
            raise Refusal(403, "You may read this collection but not write to it.")
        return login, to

    def _add(self, login: Login, to: Collection, body: bytes) -> Response:
        try:
            objects = envelope(body)
        except ShareError as error:
            raise Refusal(400, str(error)) from error
        if len(objects) > MOST_OBJECTS:
            raise Refusal(413, f"Send at most {MOST_OBJECTS} objects at a time.")
        sender = Sender(login.account.organisation, relays="relay" in login.rights)
        at = self.settings.clock()
        outcomes = take(self.shelf, to, objects, sender, home=self.settings.home, now=at)
        status = _status(outcomes, at)
        row = {"id": status["id"], "person": login.account.name, "body": json.dumps(status), "at": instant(at)}
        counts = {"added": status["success_count"], "refused": status["failure_count"]}
        with self.shelf.database.writing() as connection:
            connection.execute(sa.insert(tables.status).values(row))
            self.audit.write(connection, [(f"person:{login.account.name}", "add", f"collection:{to.alias}", counts)])
        return _reply(status, 202)

    def _window(self, request: Request) -> tuple[Window, Login | None]:
        login = self.gate.login(request)
        if login is not None and "read" not in login.rights:
            raise Refusal(403, "This key may not read: it needs the scope read.")
        at = self.settings.clock()
        self.shelf.lift_embargoes(at)
        return Window(self.shelf, login.subject(at) if login else Subject(at=at)), login

    def _find(self, window: Window, request: Request) -> Collection:
        found = window.collection(_word(request, "collection"))
        if found is None:
            raise _missing()
        return found

    def _is_there(self, window: Window, of: Collection, id: str) -> bool:
        return bool(window.page(of, Match(ids=frozenset({id}), versions=frozenset({"all"})), 1)[0])

    def _page(
        self, window: Window, of: Collection, request: Request, kind: str, match: Match
    ) -> tuple[list[Seen], dict[str, Any]]:
        """One page and what the envelope says about the next."""
        limit = limit_of(request)
        question = [kind, of.id, window.subject.person, *(sorted(part) for part in (match.ids, match.types))]
        question += [sorted(match.versions), sorted(match.spec_versions), match.added_after]
        cursor = request.query_params.get("next")
        if cursor is not None:
            try:
                match = _going_on(match, cursors.read(self.secret, question, cursor))
            except cursors.CursorError as error:
                raise Refusal(400, str(error)) from error
        found, more = window.page(of, match, limit)
        if not more:
            return found, {"more": False}
        return found, {"more": True, "next": cursors.seal(self.secret, question, found[-1].n)}

    def _note(self, login: Login | None, action: str, of: Collection, found: list[Seen]) -> None:
        """Every reading by a partner is recorded: which entries of which collection."""
        if login is None or not found:
            return
        entries: dict[str, Any] = {"first": found[0].n, "last": found[-1].n, "objects": len(found)}
        if len(found) == 1:
            entries |= {"id": found[0].id}
        self.audit.note(f"person:{login.account.name}", action, f"collection:{of.alias}", **entries)


def _going_on(match: Match, n: int) -> Match:
    return Match(match.ids, match.types, match.versions, match.spec_versions, match.added_after, n)


def _missing() -> Refusal:
    return Refusal(404, "There is no such thing here that you may see.")


def _word(request: Request, name: str) -> str:
    """A part of the path, or what is nowhere if it could not be the name of anything."""
    value: str = request.path_params[name]
    if len(value) > 400 or not value.isascii() or not value.isprintable():
        raise _missing()
    return value


def _described(one: Collection, subject: Subject, login: Login | None) -> dict[str, Any]:
    writes = login is not None and "write" in login.rights and one.writable(subject)
    described = {"id": one.id, "title": one.title, "alias": one.alias, "can_read": True, "can_write": writes}
    return described | {"media_types": [STIX_MEDIA]} | ({"description": one.description} if one.description else {})


def _envelope(more: Mapping[str, Any], objects: list[str], headers: Mapping[str, str]) -> Response:
    """An envelope around objects that are JSON already."""
    rest = json.dumps(more, separators=(",", ":"))[1:]
    text = f'{{"objects":[{",".join(objects)}],{rest}' if objects else f"{{{rest}"
    return Response(text.encode("utf-8"), 200, dict(headers), MEDIA)


def _as_sent(found: list[Seen], login: Login | None) -> list[str]:
    """To another node an object goes with its origin and path, which stop loops; to others without."""
    if login is None or "relay" not in login.rights:
        return [one.text for one in found]
    return [as_text(with_travel_notes(one.stix, one.owner, one.path)) for one in found]


def _version(one: Seen) -> str:
    """The version as the object itself writes it."""
    stix = one.stix
    said: str = stix.get("modified") or stix.get("created") or one.added
    return said


def _dates(found: list[Seen]) -> dict[str, str]:
    if not found:
        return {}
    return {"X-TAXII-Date-Added-First": found[0].added, "X-TAXII-Date-Added-Last": found[-1].added}


def _status(outcomes: list[Outcome], at: datetime) -> dict[str, Any]:
    good = [{"id": one.id, "version": one.version} for one in outcomes if one.state != "failure"]
    bad = [{"id": one.id, "version": one.version, "message": one.says} for one in outcomes if one.state == "failure"]
    status: dict[str, Any] = {
        "id": _uuid4(),
        "status": "complete",
        "request_timestamp": instant(at),
        "total_count": len(outcomes),
        "success_count": len(good),
        "failure_count": len(bad),
        "pending_count": 0,
    }
    return status | ({"successes": good} if good else {}) | ({"failures": bad} if bad else {})


def _uuid4() -> str:
    import uuid

    return str(uuid.UUID(bytes=secrets.token_bytes(16), version=4))


async def _body(request: Request) -> bytes:
    """The body, up to the largest that is taken; a longer one is not read to its end."""
    stated = request.headers.get("content-length", "0")
    if stated.isascii() and stated.isdigit() and int(stated) > LARGEST_BODY:
        raise Refusal(413, f"The body is larger than {LARGEST_BODY} bytes.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise Refusal(413, f"The body is larger than {LARGEST_BODY} bytes.")
        parts.append(part)
    return b"".join(parts)
