"""Where a reader goes on: stateless, sealed, and good only for the question it was given out for.

A cursor holds the number of an entry. Numbers count what is hidden as well, so they are encrypted: a reader who could
read them would learn how much there is between two things that it may see.
"""

from __future__ import annotations

import json

from tocsin.share.sealed import seal as sealed
from tocsin.share.sealed import unseal


class CursorError(ValueError):
    """This cursor was not given out for this question."""


def seal(secret: bytes, question: object, n: int) -> str:
    """A cursor for going on after entry `n` with `question` (anything JSON can hold)."""
    return sealed(secret, _said(question), n.to_bytes(8, "big"))


def read(secret: bytes, question: object, cursor: str) -> int:
    """The entry to go on after. Raises `CursorError`."""
    try:
        return int.from_bytes(unseal(secret, _said(question), cursor), "big")
    except ValueError as error:
        raise CursorError("The cursor was not given out for this question.") from error


def _said(question: object) -> bytes:
    return json.dumps(question, sort_keys=True, ensure_ascii=True, default=str).encode()
