"""What a TAXII request asks for: its filters and its limit, or why it makes no sense."""

from __future__ import annotations

import re

from fastapi import HTTPException, Request

from tocsin.share.objects import canonical_time
from tocsin.share.window import Match

LARGEST_PAGE = 1000
USUAL_PAGE = 100

_TIME = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?Z", re.ASCII
)


class Refusal(HTTPException):
    """A TAXII error message (section 3.6)."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(status, title, {})


def match_of(request: Request, id: str | None = None) -> Match:
    """The filters of a request (section 3.4); 400 for what cannot be one."""
    asked = request.query_params

    def several(name: str) -> frozenset[str]:
        values = [value for text in asked.getlist(f"match[{name}]") for value in text.split(",")]
        if len(values) > 500 or not all(value.isascii() and value.isprintable() for value in values):
            raise Refusal(400, f"match[{name}] is not a list of at most 500 values.")
        return frozenset(filter(None, values))

    def version(value: str) -> str:
        return value if value in ("first", "last", "all") else _time(value, "match[version]")

    added_after = asked.get("added_after")
    ids = several("id") if id is None else frozenset({id})
    return Match(
        ids=ids,
        types=several("type"),
        versions=frozenset(version(value) for value in several("version")),
        spec_versions=several("spec_version"),
        added_after=_time(added_after, "added_after") if added_after is not None else None,
    )


def _time(value: str, name: str) -> str:
    if not _TIME.fullmatch(value):
        raise Refusal(400, f"{name} is not a time such as 2026-01-31T12:00:00.000Z.")
    return canonical_time(value)


def limit_of(request: Request) -> int:
    """How many entries a page is to hold, at most `LARGEST_PAGE`; 400 for what is no number above 0."""
    asked = request.query_params.get("limit")
    if asked is None:
        return USUAL_PAGE
    if not re.fullmatch(r"[0-9]{1,9}", asked) or int(asked) == 0:
        raise Refusal(400, "limit is not a number above 0.")
    return min(int(asked), LARGEST_PAGE)
