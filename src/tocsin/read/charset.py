"""From the bytes of a page to its text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

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
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode(body: bytes, media_type: str | None, url: str) -> str:
    """The text of `body`: by byte order mark, valid UTF-8, what the header or the page declares, else by detection.

    Valid UTF-8 comes before declarations, because text in another encoding is all but never valid UTF-8 by accident
    while declarations are often wrong (WHATWG Encoding names are understood).

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
    text = _decode(body, media_type)
    sample = text[:20_000]
    if len(_CONTROL.findall(sample)) + sample.count("\ufffd") > 0.1 * len(sample):
        raise ReadError(f"{url} is binary data, not a page of text.")
    return _CONTROL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def _decode(body: bytes, media_type: str | None) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    head = body[:4096]
    if head.count(0) > len(head) // 4:  # mostly ASCII in two bytes each
        return body.decode("utf-16-le" if head[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > 4096 and _almost_utf8(body):
            return body.decode("utf-8", "replace")
    for declared in _declared(media_type, head):
        try:
            return body.decode(declared)
        except (LookupError, UnicodeDecodeError):
            continue
    if _almost_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode(detect_encoding(body[:100_000]) or "utf-8", "replace")


def _almost_utf8(body: bytes) -> bool:
    """A stray or cut-off byte does not make a text foreign: fewer than 1 in 100 non-ASCII characters are broken."""
    text = body[:200_000].decode("utf-8", "replace")
    foreign = sum(char > "\x7f" for char in text)
    return text.count("\ufffd") * 100 < foreign


def _declared(media_type: str | None, head: bytes) -> list[str]:
    names = [match.group(1) for match in _DECLARED.finditer((media_type or "").encode())]
    names += [match.group(1) for match in _DECLARED.finditer(head)]
    return [
        map_encoding_to_html5(name.decode("ascii", "replace"), fallback_utf8=False) or name.decode() for name in names
    ]
