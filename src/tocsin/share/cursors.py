"""Where a reader goes on: stateless, signed, and good only for the question it was given out for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json


class CursorError(ValueError):
    """This cursor was not given out for this question."""


def sign(secret: bytes, question: object, n: int) -> str:
    """A cursor for going on after entry `n` with `question` (anything JSON can hold)."""
    place = n.to_bytes(8, "big")
    return base64.urlsafe_b64encode(place + _tag(secret, question, place)).decode().rstrip("=")


def read(secret: bytes, question: object, cursor: str) -> int:
    """The entry to go on after. Raises `CursorError`."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise CursorError("The cursor is not one of ours.") from error
    place, tag = raw[:8], raw[8:]
    if not hmac.compare_digest(tag, _tag(secret, question, place)):
        raise CursorError("The cursor was not given out for this question.")
    return int.from_bytes(place, "big")


def _tag(secret: bytes, question: object, place: bytes) -> bytes:
    said = json.dumps(question, sort_keys=True, ensure_ascii=True, default=str).encode()
    return hmac.new(secret, place + hashlib.sha256(said).digest(), hashlib.sha256).digest()[:16]
