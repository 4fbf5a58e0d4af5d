"""Downloads of what is listed, narrowed as the list is."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import StreamingResponse

from tocsin.web.desk import Board, Export
from tocsin.web.filters import AskedEvents, AskedObservations, AskedWarnings

Format = Literal["csv", "geojson"]
MEDIA = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}


def routes(board: Board, export: Export) -> APIRouter:
    """Downloads under /export."""
    router = APIRouter(prefix="/export")

    def download(
        what: str, form: Format, filters: AskedEvents | AskedObservations | AskedWarnings
    ) -> StreamingResponse:
        watch = filters.watch if isinstance(filters, AskedEvents) else None
        if watch is not None and watch not in board.watches:
            raise HTTPException(400, f"There is no watch {watch!r}.")
        pieces = export(what, form, filters.select(), board.watches[watch] if watch else None)
        name = f"tocsin-{what}.{form}"
        return StreamingResponse(
            pieces, media_type=MEDIA[form], headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    @router.get("/events.{form}")
    def events(form: Format, filters: Annotated[AskedEvents, Query()]) -> StreamingResponse:
        return download("events", form, filters)

    @router.get("/observations.{form}")
    def observations(form: Format, filters: Annotated[AskedObservations, Query()]) -> StreamingResponse:
        return download("observations", form, filters)

    @router.get("/warnings.{form}")
    def warnings(form: Format, filters: Annotated[AskedWarnings, Query()]) -> StreamingResponse:
        return download("warnings", form, filters)

    return router
