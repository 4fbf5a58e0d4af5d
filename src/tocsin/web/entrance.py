"""The pages at which somebody says who they are: log in, make the first administrator, one's own account."""

from __future__ import annotations

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from tocsin.share.accounts import Login
from tocsin.share.database import ShareError
from tocsin.share.opening import Share
from tocsin.web.door import HIDDEN, visitor
from tocsin.web.render import Renderer


def routes(share: Share, render: Renderer, providers: tuple[str, ...] = ()) -> APIRouter:
    """The pages of a person; what their forms send to is `Gate.session_router`."""
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/login")
    def log_in(request: Request, to: str = "/") -> HTMLResponse:
        return render(request, "login.html", to=to, providers=providers)

    @router.get("/first-admin")
    def first(request: Request) -> HTMLResponse:
        if share.accounts.all():
            raise HTTPException(404, HIDDEN)
        return render(request, "first_admin.html")

    @router.get("/me")
    def me(request: Request) -> HTMLResponse:
        login = _known()
        everybody = share.accounts.all() if visitor().may("admin") else []
        return render(request, "me.html", account=login.account, rights=sorted(login.rights), everybody=everybody)

    @router.post("/me/password")
    def new_password(old: str = Form(), password: str = Form()) -> Response:
        login = _known()
        name = login.account.name
        if not share.accounts.proves(name, old):
            raise HTTPException(403, "The old password is wrong.")
        try:
            share.accounts.set_password(name, password, by=f"person:{name}")
        except ShareError as error:
            raise HTTPException(400, str(error)) from error
        return RedirectResponse("/login", 303)

    @router.post("/me/disable/{name}")
    def disable(name: str) -> Response:
        login = _known()
        account = share.accounts.get(name)
        if not visitor().may("admin") or account is None:
            raise HTTPException(404, HIDDEN)
        if account.name == login.account.name:
            raise HTTPException(400, "You cannot disable yourself: ask another administrator.")
        changed = account.but(disabled=not account.disabled)
        share.accounts.change(changed, by=f"person:{login.account.name}")
        return RedirectResponse("/me", 303)

    return router


def _known() -> Login:
    login = visitor().login
    if login is None:
        raise HTTPException(401, "Log in to read this.")
    return login
