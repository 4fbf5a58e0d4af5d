"""Web archives as a source: WARC (CC-NEWS, Wget, browsers' captures) and ARC, streamed, taken up where it stopped."""

from __future__ import annotations

import gzip
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
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.records import Page, Problem, Record

_BATCH = 50
_LARGEST = 20_000_000  # bytes of one document
_TEXT = ("text/html", "application/xhtml", "text/plain", "application/json", "application/feed+json", "text/xml")
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
            record = self._record(path, captured, now)
            if record is not None:
                records.append(record)
            if len(records) >= _BATCH:
                yield records, place
                records = []
        yield records, place

    def _record(self, path: Path, captured: Captured, now: datetime) -> Page | Problem | None:
        if captured.damage:
            where = captured.url or f"record {captured.place.get('total', 0)}"
            subject = f"{path.name}#{captured.place.get('total', 0)}"
            return problem(self.name, subject, f"{path.name}: {where}: {captured.damage}.")
        if not captured.url:
            return None
        return make_page(
            canonical(captured.url), captured.body, captured.fetched or now, source=self.name, outlet=self._outlet,
            media_type=captured.media_type,
        )  # fmt: skip


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
        elif record.status == 200 and _is_text(record.media_type, record.body):
            yield Captured(place, record.url, record.fetched, record.media_type, record.body)
        else:
            yield Captured(place)


def _from_warc(file: Any, begun: dict[str, int], path: Path) -> Iterator[Captured]:
    start = begun.get("at", 0) if _begins_a_record(path, begun.get("at", 0)) else 0
    passed = begun.get("count" if start else "total", 0)
    total = begun.get("total", 0) - passed
    file.seek(start)
    at, count, seen = start, 0, 0
    for record in ArchiveIterator(file, parse_http=True, quirks_mode=True, auto_decode="all"):
        seen += 1
        offset = record.stream_pos if record.stream_pos >= start else start + record.stream_pos
        at, count = (at, count + 1) if offset == at else (offset, 1)
        if seen > passed:
            yield _captured(record, {"at": at, "count": count, "total": total + seen})
    if not seen and not start and path.stat().st_size:
        raise SourceError("it holds no record of a web archive")


def _begins_a_record(path: Path, at: int) -> bool:
    """Whether reading can start at `at`: in a file compressed as one piece it cannot, and has to start over."""
    with path.open("rb") as file:
        file.seek(at)
        return file.read(5)[:5] == b"WARC/" or (file.seek(at) == at and file.read(2) == b"\x1f\x8b")


def _captured(record: Any, place: dict[str, int]) -> Captured:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not record.record_type & _WANTED or record.content_length > _LARGEST or not url.startswith("http"):
        return Captured(place)
    status = record.http_headers.status_code if record.http_headers is not None else 200
    media_type = record.http_content_type or record.headers.get("Content-Type") or ""
    stated = record.content_length
    try:
        body = record.reader.read(_LARGEST)
    except (OSError, ValueError, RuntimeError) as error:
        return Captured(place, url, damage=f"its content is damaged: {' '.join(str(error).split())}")
    coded = record.http_headers is not None and (
        record.http_headers.get("Content-Encoding") or record.http_headers.get("Transfer-Encoding")
    )
    if not coded and len(body) < stated:
        return Captured(place, url, damage=f"it is cut off after {len(body)} of {stated} bytes")
    if status not in (200, None) or not _is_text(media_type, body):
        return Captured(place)
    return Captured(place, url, record.record_date, media_type, body)


def _is_text(media_type: str, body: bytes) -> bool:
    return bool(body.strip()) and (
        media_type.lower().startswith(_TEXT) or (not media_type and body.lstrip()[:1] == b"<")
    )


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
