"""Web archives as a source: WARC (CC-NEWS, Wget, browsers' captures) and ARC, streamed, taken up where it stopped."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from tocsin.collect.arc import is_arc, open_arc, read_arc
from tocsin.collect.canonical import canonical
from tocsin.collect.errors import SourceError
from tocsin.collect.heartbeat import beat
from tocsin.collect.response import Response, parse_response
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.collect.unfold import unfold
from tocsin.records import Page, Problem, Record

_BATCH = 50
_LARGEST = 20_000_000  # bytes of one document
_TEXT = (
    "text/html", "application/xhtml", "text/plain", "application/json", "application/feed+json", "text/xml",
    "application/xml", "application/rss+xml", "application/atom+xml", "application/rdf+xml",
)  # fmt: skip
_BEGINNING = re.compile(rb"(?<=\n)WARC/\d\.\d+\r?\n|\x1f\x8b\x08")
_PIECE, _OVERLAP = 65_536, 32  # bytes of an archive searched at a time for a record's beginning
_WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion


@dataclass(frozen=True, slots=True)
class Captured:
    """What stands at one place of an archive: a document of text, or `damage`; one goes on after `place`."""

    place: dict[str, int]
    url: str = ""
    fetched: datetime | None = None
    media_type: str | None = None
    body: bytes = b""
    damage: str | None = None


class WarcSource:
    """`kind = "warc"`: `path` of an archive or a folder of archives, `glob` (which files of a folder; "**/*arc*")."""

    def __init__(self, settings: Settings) -> None:
        settings.only("path", "glob")
        self.name = settings.name
        self._path = settings.path()
        self._glob = settings.text("glob", "**/*arc*")
        self._outlet = settings.maybe("outlet")
        self._rhythm = rhythm_of(settings)

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """Every document of text in every archive, each archive from where `state` left it."""
        noted = load_state(state)
        ends = self._rhythm is None
        files = (
            [self._path] if self._path.is_file() else sorted(self._path.glob(self._glob)) if self._path.is_dir() else []
        )
        if not files:
            missing = f"there is no archive at {self._path}; set path of source {self.name!r}."
            failed = beat(noted, now, failure=missing, ends=ends, rhythm=self._rhythm)
            yield Batch((problem(self.name, self.name, missing),), dump_state(failed))
            return
        done: dict[str, Any] = dict(noted.get("done", {}))
        waiting = [path for path in files if path.is_file() and done.get(path.name) != _stamp(path)]
        noted = {**beat(noted, now, arrived=[now] if waiting else [], ends=ends, rhythm=self._rhythm), "done": done}
        for path in waiting:
            begun = noted.get("place", {}) if noted.get("file") == path.name else {}
            for records, place in self._batches(path, begun, now):
                noted = {**noted, "file": path.name, "place": place}
                yield Batch(tuple(records), dump_state(noted))
            done[path.name] = _stamp(path)
            noted = {**noted, "file": None, "place": {}}
            yield Batch((), dump_state(noted))
        if not waiting:
            yield Batch((), dump_state(noted))

    def _batches(
        self, path: Path, begun: dict[str, int], now: datetime
    ) -> Iterator[tuple[list[Record], dict[str, int]]]:
        records: list[Record] = []
        place = begun
        for captured in captures(path, begun):
            place = captured.place
            records.extend(self._records(path, captured, now))
            if len(records) >= _BATCH:
                yield records, place
                records = []
        yield records, place

    def _records(self, path: Path, captured: Captured, now: datetime) -> Iterator[Page | Problem]:
        """A document as a page, a feed's entries as a page each, damage as a problem."""
        subject = f"{path.name}#{captured.place.get('total', 0)}"
        where = captured.url or f"record {captured.place.get('total', 0)}"
        if captured.damage:
            yield problem(self.name, subject, f"{path.name}: {where}: {captured.damage}.")
        elif captured.url:
            page = make_page(
                canonical(captured.url), captured.body, captured.fetched or now, source=self.name, outlet=self._outlet,
                media_type=captured.media_type,
            )  # fmt: skip
            try:
                yield from unfold(page)
            except SourceError as error:
                yield problem(self.name, subject, error)


def captures(path: Path, begun: dict[str, int] | None = None) -> Iterator[Captured]:
    """Everything in an archive after the place `begun`: documents, damage, and empty marks where there is neither.

    A place is the file offset of a record (`at`), how many records beginning there were passed (`count`), and how many
    in all (`total`): where a file is compressed as one piece no offset helps, and the records passed are read again.
    """
    begun = begun or {}
    try:
        with path.open("rb") as file:
            if is_arc(_head(path)):
                yield from _from_arc(open_arc(file), begun)
                return
            yield from _from_warc(file, begun, path)
    except (OSError, EOFError, zlib.error, ValueError, RuntimeError) as error:
        complaint = " ".join(str(error).split()) or type(error).__name__
        yield Captured(begun, damage=f"the archive cannot be read further: {complaint}")


def _from_arc(stream: Any, begun: dict[str, int]) -> Iterator[Captured]:
    for count, record in enumerate(read_arc(stream, _LARGEST), start=1):
        if count <= begun.get("total", 0):
            continue
        place = {"total": count}
        if record.damage:
            yield Captured(place, url=record.url, damage=record.damage)
        else:
            yield _document(place, record.url, record.fetched, record.response)


def _from_warc(file: Any, begun: dict[str, int], path: Path) -> Iterator[Captured]:
    start = begun.get("at", 0) if _begins_a_record(path, begun.get("at", 0)) else 0
    passed = begun.get("count" if start else "total", 0)
    total = begun.get("total", 0) - passed
    at, count, seen = start, 0, 0
    for offset, found in _records(file, start, path.stat().st_size):
        seen += 1
        at, count = (at, count + 1) if offset == at else (offset, int(not isinstance(found, str)))
        place = {"at": at, "count": count, "total": total + seen}
        if seen > passed:
            yield Captured(place, damage=found) if isinstance(found, str) else _captured(found, place)
    if not seen and not start and path.stat().st_size:
        raise SourceError("it holds no record of a web archive")


def _records(file: Any, start: int, size: int) -> Iterator[tuple[int, Any]]:
    """Every record from `start` on, each with its offset in the file.

    Reading goes on at the next record behind one that is damaged, or whose stated length takes in those that follow. A
    record that cannot be begun is a sentence that says so, with the offset from which reading goes on.
    """
    following: int | None = start
    while following is not None:
        at, whole, begun, complaint = following, True, False, ""
        file.seek(at)
        try:
            for record in ArchiveIterator(file, parse_http=False, quirks_mode=True):
                begun = True
                at = record.stream_pos if record.stream_pos >= following else following + record.stream_pos
                whole = at + record.content_length <= size
                yield at, record
        except (OSError, EOFError, ValueError, RuntimeError) as error:
            complaint = " ".join(str(error).split()) or type(error).__name__
        following = None if whole and not complaint else _next_record(file, at + 1)
        if complaint and (following is None or not begun):
            yield at if following is None else following, f"a record is damaged: {complaint}"


def _next_record(file: Any, after: int) -> int | None:
    """Where the first record at or behind `after` begins, plain or compressed; None where there is none."""
    while True:
        file.seek(after)
        piece = file.read(_PIECE)
        for found in _BEGINNING.finditer(piece):
            place = after + found.start()
            if found[0][:1] == b"W" or _unpacks_to_a_record(file, place):
                return place
        if len(piece) < _PIECE:
            return None
        after += _PIECE - _OVERLAP


def _unpacks_to_a_record(file: Any, place: int) -> bool:
    file.seek(place)
    try:
        return zlib.decompressobj(wbits=31).decompress(file.read(512), 5) == b"WARC/"
    except zlib.error:
        return False


def _begins_a_record(path: Path, at: int) -> bool:
    """Whether reading can start at `at`: in a file compressed as one piece it cannot, and has to start over."""
    with path.open("rb") as file:
        file.seek(at)
        return file.read(5)[:5] == b"WARC/" or (file.seek(at) == at and file.read(2) == b"\x1f\x8b")


def _captured(record: Any, place: dict[str, int]) -> Captured:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    stated = record.content_length
    if not record.record_type & _WANTED or stated > _LARGEST or not url.lower().startswith("http"):
        return Captured(place)
    try:
        content = record.reader.read(stated)
    except (OSError, ValueError, RuntimeError) as error:
        return Captured(place, url, damage=f"its content is damaged: {' '.join(str(error).split())}")
    if len(content) < stated:
        return Captured(place, url, damage=f"it is cut off after {len(content)} of {stated} bytes")
    if record.is_http:
        return _document(place, url, record.record_date, parse_response(content, _LARGEST))
    media_type = record.headers.get("Content-Type") or ""
    return _document(place, url, record.record_date, Response(None, media_type, content))


def _document(place: dict[str, int], url: str, fetched: datetime | None, response: Response) -> Captured:
    """A response as what it captured: a document of text, damage, or nothing of interest."""
    if not response.whole or (response.damage and not _may_be_text(response.media_type)):
        return Captured(place)
    if response.damage:
        return Captured(place, url, damage=response.damage)
    if not _is_text(response.media_type, response.body):
        return Captured(place)
    return Captured(place, url, fetched, response.media_type or None, response.body)


def _may_be_text(media_type: str) -> bool:
    return not media_type or media_type.lower().startswith(_TEXT)


def _is_text(media_type: str, body: bytes) -> bool:
    return _may_be_text(media_type) and (body.lstrip()[:1] == b"<" or bool(media_type and body.strip()))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(512)
    if head[:2] != b"\x1f\x8b":
        return head
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(64)
    except (OSError, EOFError, zlib.error):
        return b""


def _stamp(path: Path) -> str:
    about = path.stat()
    return f"{about.st_size}:{about.st_mtime_ns}"
