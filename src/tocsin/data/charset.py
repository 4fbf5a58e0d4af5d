"""From the bytes of a document to its text: which encoding they are in. Pages and feeds are decoded alike."""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_ANYTHING = frozenset({"cp1252", "latin-1", "iso8859-1"})  # every byte means something in them: they never fail
_HIGH, _RUNS = re.compile(rb"[\x80-\xff]"), re.compile(rb"[\x80-\xff]{3,}")
_SAMPLE = 100_000  # bytes that detection looks at


def text_of(body: bytes, media_type: str | None = None) -> str:
    """The text of `body`: by byte order mark, valid UTF-8, what the header or the document declares, else by detection.

    Valid UTF-8 comes before declarations, because text in another encoding is all but never valid UTF-8 by accident
    while declarations are often wrong (WHATWG Encoding names are understood). A declared Latin 1 fits any bytes, so it
    is believed only where these are written as Western languages are, with few letters beyond ASCII in a row.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    head = body[:4096]
    if head.count(0) > len(head) // 4:  # mostly ASCII in two or four bytes each
        size = "32" if head.count(0) > len(head) * 5 // 8 else "16"
        return body.decode(f"utf-{size}-{'be' if head[:1] == bytes(1) else 'le'}", "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > 4096 and _almost_utf8(body):
            return body.decode("utf-8", "replace")
    for declared in _declared(media_type, head):
        if declared in _ANYTHING and not _western(body):
            continue
        try:
            return body.decode(declared)
        except (LookupError, UnicodeDecodeError):
            continue
    if _almost_utf8(body):
        return body.decode("utf-8", "replace")
    return _detected(body)


def _detected(body: bytes) -> str:
    """By the statistics of its letters. Korean is not among what the detector knows; it says UTF-8, which failed."""
    encoding = detect_encoding(body[:_SAMPLE]) or "utf-8"
    try:
        return body.decode("cp949" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError:
        return body.decode(encoding, "replace")


def _almost_utf8(body: bytes) -> bool:
    """A stray or cut-off byte does not make a text foreign: fewer than 1 in 100 non-ASCII characters are broken."""
    text = body[:200_000].decode("utf-8", "replace")
    foreign = sum(char > "\x7f" for char in text)
    return text.count("\ufffd") * 100 < foreign


def _western(body: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone or in pairs, as accented letters do, and not in words of their own."""
    sample = body[:_SAMPLE]
    return sum(map(len, _RUNS.findall(sample))) * 2 <= len(_HIGH.findall(sample))


def _declared(media_type: str | None, head: bytes) -> list[str]:
    names = [match.group(1) for match in _DECLARED.finditer((media_type or "").encode())]
    names += [match.group(1) for match in _DECLARED.finditer(head)]
    return [
        map_encoding_to_html5(name.decode("ascii", "replace"), fallback_utf8=False) or name.decode() for name in names
    ]
