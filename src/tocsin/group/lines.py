"""The lines of `tocsin group`: from a line to its article and outlet, from a membership to its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from tocsin.records import Article, Membership, Outlet


def article_of(line: Mapping[str, Any]) -> Article:
    """The article that a line holds. Errors: ValueError, in one sentence, that names the field."""
    identifier = line.get("id")
    if not isinstance(identifier, str | int | float) or identifier == "":
        raise ValueError("the line has no id: every article needs one")
    try:
        return Article(
            id=_named(identifier),
            page=str(line.get("url") or identifier),
            url=line.get("url") or "",
            outlet=line.get("outlet") or None,
            title=line.get("title") or "",
            text=line.get("text") or "",
            published=_published(line.get("published")),
            language=line.get("lang") or None,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"field {first['loc'][0]!r}: {first['msg']}") from error


def outlet_of(line: Mapping[str, Any]) -> Outlet:
    """What a line tells of its outlet. Errors: ValueError, in one sentence, for what none can be."""
    try:
        return Outlet(name=line["outlet"], ownership=line.get("ownership"), country=line.get("outlet_country"))
    except ValidationError as error:
        raise ValueError(
            "field 'ownership' is one of state, public, private, agency; 'outlet_country' is ISO 3166-1 alpha-3"
        ) from error


def answer_of(membership: Membership) -> dict[str, Any]:
    """What a line says of an article's membership, without the article's id."""
    answer = membership.model_dump(include={"story", "copy_group", "origin", "origin_reason"})
    return answer | (
        {"amends": given_id(membership.amends), "amendment": membership.amendment} if membership.amends else {}
    )


def given_id(article: str) -> str | float:
    """The id of an article as its line gave it (`_named`)."""
    if not article.startswith("#"):
        return article
    return article[1:] if article.startswith("##") else json.loads(article[1:])


def _named(identifier: str | float) -> str:
    """A line's id as an article's: text as it is, a number with a mark before it, so that 7 and "7" are two."""
    if isinstance(identifier, str):
        return f"#{identifier}" if identifier.startswith("#") else identifier
    return f"#{json.dumps(identifier)}"


def _published(value: object) -> datetime | date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("field 'published' is an ISO 8601 date or date-time, or null")  # noqa: TRY004
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"field 'published': {value!r} is not an ISO 8601 date or date-time") from error
