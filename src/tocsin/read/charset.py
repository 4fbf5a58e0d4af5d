"""From the bytes of a page to its text, and whether it is text at all."""

from __future__ import annotations

import re

from tocsin.data.charset import text_of
from tocsin.read.errors import ReadError

LARGEST = 50_000_000  # bytes
_SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode(body: bytes, media_type: str | None, url: str) -> str:
    """The text of `body` (see `tocsin.data.charset`) without control characters, its lines ended alike.

    Raises:
        ReadError: empty, larger than `LARGEST`, or not text.
    """
    if not body.strip(b"\x00 \t\r\n\x0c\xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{url} is empty.")
    if len(body) > LARGEST:
        raise ReadError(f"{url} is larger than {LARGEST // 1_000_000} MB; split it before reading.")
    for signature, name in _SIGNATURES:
        if body.startswith(signature):
            raise ReadError(f"{url} is {name}, not a page of text.")
    text = text_of(body, media_type)
    sample = text[:20_000]
    if len(_CONTROL.findall(sample)) + sample.count("\ufffd") > 0.1 * len(sample):
        raise ReadError(f"{url} is binary data, not a page of text.")
    return _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
