"""ARC archives (Internet Archive, version 1), the format before WARC: read as a stream, gzip or plain."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from typing import IO, cast

from tocsin.collect.response import Response, parse_response

_HEADER = re.compile(
    rb"^(?P<url>\S.*?) (?P<ip>[0-9A-Fa-f.:]+) (?P<date>\d+) (?P<type>\S+)(?: .*)? (?P<length>-?\d+)\s*$"
)
_LARGEST_LINE = 65_536
_NO_TYPE = "no-type"  # what ARC writes where the server stated none


@dataclass(frozen=True, slots=True)
class ArcRecord:
    """One captured document; `damage` says what is wrong with it, if anything."""

    url: str
    fetched: datetime | None
    response: Response
    damage: str | None = None


def is_arc(head: bytes) -> bool:
    """Whether a file beginning with `head` (decompressed) is an ARC archive."""
    return head.startswith(b"filedesc://")


def open_arc(path_file: BufferedReader) -> IO[bytes]:
    """The decompressed stream of an ARC file."""
    return cast("IO[bytes]", gzip.GzipFile(fileobj=path_file)) if path_file.peek(2)[:2] == b"\x1f\x8b" else path_file


def read_arc(stream: IO[bytes], largest: int) -> Iterator[ArcRecord]:
    """The captured documents, one at a time; what is damaged says so and the stream goes on behind it."""
    pending = b""
    while True:
        try:
            line = pending or stream.readline(_LARGEST_LINE)
        except (OSError, EOFError, zlib.error) as error:
            yield ArcRecord("", None, Response(None, "", b""), f"the archive is damaged: {error}")
            return
        pending = b""
        if not line:
            return
        header = _HEADER.match(line)
        if header is None:
            continue
        length = int(header["length"])
        if header["url"].startswith(b"filedesc://"):
            continue
        if length < 0:
            yield _record(header, b"", "its length is not known", largest)
            continue
        if length > largest:
            yield _record(header, b"", f"it is larger than {largest // 1_000_000} MB", largest)
            _skip(stream, length)
            continue
        body = stream.read(length)
        yield _record(header, body, "it is cut off" if len(body) < length else None, largest)


def _skip(stream: IO[bytes], length: int) -> None:
    while length > 0 and (piece := stream.read(min(length, 1_000_000))):
        length -= len(piece)


def _record(header: re.Match[bytes], content: bytes, damage: str | None, largest: int) -> ArcRecord:
    url, fetched = header["url"].decode("utf-8", "replace"), _moment(header["date"])
    if content.startswith(b"HTTP/"):
        response = parse_response(content, largest)
        return ArcRecord(url, fetched, response, damage)
    media_type = header["type"].decode("latin-1")
    response = Response(None, "" if media_type == _NO_TYPE else media_type, content)
    return ArcRecord(url, fetched, response, damage)


def _moment(stamp: bytes) -> datetime | None:
    try:
        return datetime.strptime(stamp[:14].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
