"""Feeds and alerts over HTTP, each through the asker's window: `/feeds/COLLECTION.atom`, `/cap/…`, `/misp/…`."""

from __future__ import annotations

import json

from fastapi import APIRouter, HTTPException, Request, Response

from tocsin.share import atom, cap, misp
from tocsin.share.accounts import Login
from tocsin.share.opening import Share
from tocsin.share.rule import Subject, now
from tocsin.share.shelf import Collection
from tocsin.share.window import Window


def feed_router(share: Share, *, author: str) -> APIRouter:
    """The routes of feeds: `GET /feeds/{collection}.atom`, `/cap/{collection}/{id}`, `/misp/{collection}/{id}`."""
    router = APIRouter(tags=["feeds"])

    def look(request: Request) -> tuple[Window, Collection, Login | None]:
        login = share.gate.reader(request)
        at = now()
        share.shelf.lift_embargoes(at)
        window = Window(share.shelf, login.subject(at) if login else Subject(at=at))
        name = request.path_params["collection"]
        found = window.collection(name) if name.isascii() and name.isprintable() else None
        if found is None:
            raise _missing()
        return window, found, login

    def note(login: Login | None, action: str, subject: str) -> None:
        if login is not None:
            share.audit.note(f"person:{login.account.name}", action, subject)

    @router.get("/feeds/{collection}.atom")
    def atom_feed(request: Request, collection: str) -> Response:
        window, of, login = look(request)
        note(login, "read feed", f"collection:{of.alias}")
        base = str(request.base_url).rstrip("/")
        body = atom.feed(window, of, lambda id: f"{base}/cap/{of.alias}/{id}", str(request.url), author)
        return Response(body, media_type=atom.MEDIA)

    @router.get("/cap/{collection}/{id}")
    def cap_alert(request: Request, collection: str, id: str) -> Response:
        window, of, login = look(request)
        messages = cap.chain(window, of, id, share.home) if id.isascii() and id.isprintable() else []
        if not messages:
            raise _missing()
        note(login, "read alert", id)
        return Response(messages[-1].xml, media_type=cap.MEDIA)

    @router.get("/misp/{collection}/{id}")
    def misp_event(request: Request, collection: str, id: str) -> Response:
        window, of, login = look(request)
        made = misp.event(window, of, id, share.home) if id.isascii() and id.isprintable() else None
        if made is None:
            raise _missing()
        note(login, "read event", id)
        return Response(json.dumps(made, ensure_ascii=False), media_type="application/json")

    return router


def _missing() -> HTTPException:
    return HTTPException(404, "There is no such thing here that you may see.")
