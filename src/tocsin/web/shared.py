"""What is on the shelf, as pages: for partners, and for the house to see what partners see.

Every page looks through the visitor's window and nowhere else; every reading by somebody known goes into the audit.
A releaser of the house finds the forms here with which a thing is released more widely or withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from tocsin.share.accounts import Login
from tocsin.share.database import ShareError
from tocsin.share.extensions import FINDING
from tocsin.share.handling import Stix, addressees, marking_of
from tocsin.share.opening import Share
from tocsin.share.publish import release, withdraw
from tocsin.share.rule import Marking
from tocsin.share.shelf import Collection
from tocsin.share.window import Match, Window
from tocsin.web.door import HIDDEN, visitor
from tocsin.web.links import outward
from tocsin.web.render import Renderer

LISTED = 100
MOST_REFERENCES = 500
KINDS = {
    "report": "Warnings",
    "note": "Events and notes",
    "sighting": "Departures",
    "observed-data": "Official figures",
    "indicator": "Indicators",
    "identity": "Actors",
    "location": "Places",
    "url": "Addresses",
}
"""What a reader calls the types of STIX, in the order in which they are told."""


def routes(share: Share, render: Renderer) -> APIRouter:
    """The pages under /shared."""
    router = APIRouter(prefix="/shared", default_response_class=HTMLResponse)

    @router.get("/")
    def collections(request: Request) -> HTMLResponse:
        window = _window(share)
        return render(request, "shared.html", collections=window.collections())

    @router.get("/{collection}")
    def collection(request: Request, collection: str) -> HTMLResponse:
        window, of = _look(share, collection)
        found = window.newest(of, Match(types=frozenset({"report"})), LISTED)
        _note(share, "read page", f"collection:{of.alias}")
        reports = sorted((shown(seen.stix) for seen in found), key=lambda one: (one.day, one.modified), reverse=True)
        return render(request, "collection.html", collection=of, reports=reports, full=len(found) == LISTED)

    @router.get("/{collection}/{id}")
    def one(request: Request, collection: str, id: str) -> HTMLResponse:
        window, of = _look(share, collection)
        found = window.get(of, id) if id.isascii() and id.isprintable() else None
        if found is None:
            raise HTTPException(404, HIDDEN)
        _note(share, "read page", id)
        held = share.shelf.held(id)
        return render(
            request,
            "object.html",
            collection=of,
            one=shown(found),
            marking=marking_of(found),
            under=list(_by_kind(_referred(window, of, found))),
            versions=[seen.version for seen in window.history(of, id)],
            ours=held is not None and held[1] == share.home and not held[0].revoked,
        )

    _releases(router, share)
    return router


def _releases(router: APIRouter, share: Share) -> None:
    @router.post("/{collection}/{id}/withdraw")
    def take_back(collection: str, id: str, reason: str = Form("")) -> Response:
        login = _releaser(share, collection, id)
        with _Said():
            withdraw(share, id, by=login, reason=reason)
        return RedirectResponse(f"/shared/{collection}/{id}", 303)

    @router.post("/{collection}/{id}/release")
    def widen(collection: str, id: str, tlp: str = Form(), to: str = Form(""), reason: str = Form("")) -> Response:
        login = _releaser(share, collection, id)
        with _Said():
            release(share, id, Marking(tlp=tlp, releasable_to=addressees(to.split())), by=login, reason=reason)
        return RedirectResponse(f"/shared/{collection}/{id}", 303)


class _Said:
    """Turns what cannot be done into a sentence for the one who asked."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ShareError):
            raise HTTPException(400, str(error)) from error


def _releaser(share: Share, collection: str, id: str) -> Login:
    """Who may release this, which must be something that they see; to others there is no such form."""
    window, of = _look(share, collection)
    who = visitor()
    if who.login is None or not who.may("release") or window.get(of, id) is None:
        raise HTTPException(404, HIDDEN)
    return who.login


def _window(share: Share) -> Window:
    subject = visitor().subject()
    share.shelf.lift_embargoes(subject.at)
    return Window(share.shelf, subject)


def _look(share: Share, name: str) -> tuple[Window, Collection]:
    window = _window(share)
    found = window.collection(name) if name.isascii() and name.isprintable() else None
    if found is None:
        raise HTTPException(404, HIDDEN)
    return window, found


def _note(share: Share, action: str, subject: str) -> None:
    login = visitor().login
    if login is not None:
        share.audit.note(f"person:{login.account.name}", action, subject)


def _referred(window: Window, of: Collection, one: Stix) -> list[Stix]:
    """What an object refers to and is seen: of a report what it is made of, of a relationship its ends."""
    refs = [ref for name, value in one.items() if name.endswith("_refs") and isinstance(value, list) for ref in value]
    refs += [value for name, value in one.items() if name.endswith("_ref") and isinstance(value, str)]
    wanted = frozenset(ref for ref in refs[:MOST_REFERENCES] if not ref.startswith("marking-definition--"))
    return [seen.stix for seen in window.all(of, Match(ids=wanted))] if wanted else []


def _by_kind(objects: list[Stix]) -> Iterator[tuple[str, list[Shown]]]:
    for kind in [*KINDS, *sorted({one["type"] for one in objects} - {*KINDS})]:
        found = sorted((shown(one) for one in objects if one["type"] == kind), key=lambda one: (one.day, one.title))
        if found:
            yield KINDS.get(kind, kind), found


@dataclass(frozen=True, slots=True)
class Shown:
    """A STIX object as a page tells it; others made it, so nothing in it is taken for granted."""

    id: str
    type: str
    title: str
    texts: tuple[str, ...]
    day: str
    modified: str
    confidence: int | None
    withdrawn: bool
    evidence: tuple[tuple[str, str | None, str], ...]
    """Words, address (None where it does not lead to the web) and SHA-256 of each."""


def shown(stix: Stix) -> Shown:
    """How a page tells an object."""

    def text(name: str) -> str:
        value = stix.get(name)
        return value if isinstance(value, str) else ""

    confidence = stix.get("confidence")
    named = text("name") or text("abstract") or _figure(stix) or text("description")[:200] or text("value")
    return Shown(
        id=stix["id"],
        type=stix["type"],
        title=named or stix["type"],
        texts=tuple(filter(None, (text("description"), text("content"), text("value")))),
        day=(text("published") or text("first_observed") or text("first_seen"))[:10],
        modified=text("modified")[:16].replace("T", " "),
        confidence=confidence if isinstance(confidence, int) else None,
        withdrawn=stix.get("revoked") is True,
        evidence=tuple(_evidence(stix.get("external_references"))),
    )


def _evidence(references: object) -> Iterator[tuple[str, str | None, str]]:
    for one in references if isinstance(references, list) else ():
        said = one if isinstance(one, dict) else {}
        hashes = said.get("hashes")
        url, digest = said.get("url"), hashes.get("SHA-256") if isinstance(hashes, dict) else None
        words = str(said.get("description") or said.get("source_name") or "unnamed")
        yield words, outward(url) if isinstance(url, str) else None, str(digest or "")


def _figure(stix: Stix) -> str:
    """An official figure in a line."""
    found = (stix.get("extensions") or {}).get(FINDING)
    if stix["type"] != "observed-data" or not isinstance(found, dict) or "field" not in found:
        return ""
    return f"{found.get('issuer')}: {found['field']} {found.get('value')}, {str(stix['first_observed'])[:10]}"
