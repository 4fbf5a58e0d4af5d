"""Where a reader goes on: stateless, sealed, and good only for the question it was given out for.

A cursor holds the number of an entry. Numbers count what is hidden as well, so they are encrypted (ChaCha20-Poly1305,
RFC 8439): a reader who could read them would learn how much there is between two things that it may see.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

NONCE = 12


class CursorError(ValueError):
    """This cursor was not given out for this question."""


def seal(secret: bytes, question: object, n: int) -> str:
    """A cursor for going on after entry `n` with `question` (anything JSON can hold)."""
    nonce = os.urandom(NONCE)
    sealed = _cipher(secret).encrypt(nonce, n.to_bytes(8, "big"), _said(question))
    return base64.urlsafe_b64encode(nonce + sealed).decode().rstrip("=")


def read(secret: bytes, question: object, cursor: str) -> int:
    """The entry to go on after. Raises `CursorError`."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = _cipher(secret).decrypt(raw[:NONCE], raw[NONCE:], _said(question))
    except (binascii.Error, InvalidTag, ValueError) as error:
        raise CursorError("The cursor was not given out for this question.") from error
    return int.from_bytes(place, "big")


def _cipher(secret: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.sha256(secret).digest())


def _said(question: object) -> bytes:
    return json.dumps(question, sort_keys=True, ensure_ascii=True, default=str).encode()
