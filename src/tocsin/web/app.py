"""The web application: pages, JSON API, static files, and what every answer carries."""

from __future__ import annotations

import hashlib
import http
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from tocsin import __version__
from tocsin.records import Watch
from tocsin.share.database import ShareError
from tocsin.store.base import Store, StoreError
from tocsin.web import api, entrance, evidence, exports, pages, shared
from tocsin.web.desk import Board, Desk
from tocsin.web.door import FOR_ALL, OPEN, Answer, Door, Guard, under, visitor
from tocsin.web.render import Renderer

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "private, no-cache",
}


def create_app(
    store: Store,
    watches: Sequence[Watch],
    desk: Desk,
    door: Door | None = None,
    providers: tuple[str, ...] = (),
) -> FastAPI:
    """The application over `store`, which it only reads. It needs no network and its pages no script.

    With a `door`, people log in (also at the OIDC `providers` named) and partners find what is shared with them; give
    `SeenStore(store, door.sight)` as the store. Without one, everybody who can reach the application reads everything.
    """
    app = FastAPI(
        title="tocsin",
        version=__version__,
        summary="Open early warning: watches, warnings and the evidence behind them.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    board, render = Board(store, watches, desk), Renderer(door=door is not None)
    app.include_router(api.routes(board))
    app.include_router(pages.routes(board, render), include_in_schema=False)
    app.include_router(evidence.routes(board, render), include_in_schema=False)
    if desk.export is not None:
        app.include_router(exports.routes(board, desk.export), include_in_schema=False)
    app.mount("/static", StaticFiles(packages=[("tocsin.web", "static")]), name="static")
    answer = _answering(render)
    _answer_failures(app, answer)
    _add_headers(app, board)
    if door is not None:
        app.include_router(door.share.gate.session_router(), include_in_schema=False)
        app.include_router(entrance.routes(door.share, render, providers), include_in_schema=False)
        app.include_router(shared.routes(door.share, render), include_in_schema=False)
        app.add_middleware(Guard, door=door, answer=answer)
    return app


def _answering(render: Renderer) -> Answer:
    """How a failure is told: JSON to programs, a page to readers."""

    def answer(request: Request, status: int, words: str) -> Response:
        if request.url.path.startswith(("/api/", "/export/")):
            told: Response = JSONResponse({"detail": words}, status_code=status)
        else:
            title = http.HTTPStatus(status).phrase
            told = render(request, "failure.html", status=status, title=title, words=words)
        for name, value in HEADERS.items():
            told.headers.setdefault(name, value)
        return told

    return answer


def _answer_failures(app: FastAPI, answer: Answer) -> None:
    """Every failure is one sentence."""

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        known = http.HTTPStatus(error.status_code).phrase
        words = "There is nothing at this address." if error.detail == "Not Found" else str(error.detail or known)
        told = answer(request, error.status_code, words)
        told.headers.update(error.headers or {})
        return told

    @app.exception_handler(RequestValidationError)
    def misread(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        name = str(first["loc"][-1]) if not isinstance(first["loc"][-1], int) else str(first["loc"][-2])
        if first["type"] == "extra_forbidden":
            return answer(request, 400, f"This is not narrowed by {name!r}; /api/openapi.json tells by what.")
        return answer(request, 400, f"{name} cannot be read: {first['msg'][0].lower()}{first['msg'][1:]}.")

    @app.exception_handler(ShareError)
    @app.exception_handler(StoreError)
    def unavailable(request: Request, error: Exception) -> Response:
        return answer(request, 503, str(error))


def _add_headers(app: FastAPI, board: Board) -> None:
    @app.middleware("http")
    async def headers(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        tag = _tag(board, request.url.path) if not under(request.url.path, (*OPEN, *FOR_ALL)) else None
        if tag is not None and request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={**HEADERS, "ETag": tag})
        response = await call(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if tag is not None and response.status_code == 200 and "etag" not in response.headers:
            response.headers["ETag"] = tag
        return response


def _tag(board: Board, path: str) -> str | None:
    """Changes when anything was stored, when the day turns, and when tocsin or a watch is another.

    The overview also tells how the sources do, which depends on the clock.
    """
    try:
        written = board.store.last_write()
    except StoreError:
        return None
    reader = f"{visitor().name} {board.desk.reader()}"
    health = board.desk.sources() if path == "/" else ()
    state = f"{written} {board.desk.today()} {__version__} {_looks()} {reader} {board.watching} {health}"
    return f'W/"{hashlib.sha256(state.encode()).hexdigest()[:20]}"'


def _looks() -> str:
    """The style sheet's size: enough to tell one release from the next while developing."""
    return str(len(files("tocsin.web").joinpath("static", "tocsin.css").read_bytes()))
