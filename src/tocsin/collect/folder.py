"""A folder of saved pages as a source."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tocsin.collect.heartbeat import beat
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.records import Page, Problem, Record

_BATCH = 50
_LARGEST = 50_000_000  # bytes


class FolderSource:
    """`kind = "folder"`: `path`, `glob` (which files; "**/*")."""

    def __init__(self, settings: Settings) -> None:
        settings.only("path", "glob")
        self.name = settings.name
        self._root = settings.path()
        self._glob = settings.text("glob", "**/*")
        self._outlet = settings.maybe("outlet")
        self._rhythm = rhythm_of(settings)

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """Every file that is new or has changed since `state`, in order of name.

        Looked into is what has another size or time; bytes that were brought already, touched, moved or copied, are not
        brought again. What could not be read is tried again.
        """
        noted = load_state(state)
        ends = self._rhythm is None
        if not self._root.is_dir():
            missing = f"{self._root} is not a folder; make it, or set path of source {self.name!r}."
            failed = beat(noted, now, failure=missing, ends=ends, rhythm=self._rhythm)
            yield Batch((problem(self.name, self.name, missing),), dump_state(failed))
            return
        stamps: dict[str, str] = dict(noted.get("files", {}))
        brought: dict[str, None] = dict.fromkeys(noted.get("brought", ()))
        waiting = [(path, stamp) for path, stamp in self._files() if stamps.get(self._key(path)) != stamp]
        before: set[str] = set(noted.get("failing", ()))
        failing = before.intersection(str(path) for path, _ in waiting)
        for first in range(0, max(len(waiting), 1), _BATCH):
            records: list[Record] = []
            for path, stamp in waiting[first : first + _BATCH]:
                record = self._record(path, now)
                failing.discard(str(path))
                if isinstance(record, Problem):
                    failing.add(str(path))
                    records.append(record)
                    continue
                stamps[self._key(path)] = stamp
                if _short(record) not in brought:
                    brought[_short(record)] = None
                    records.append(record)
            arrived = [now] if any(isinstance(record, Page) for record in records) else []
            noted = beat(noted, now, arrived=arrived, ends=ends, rhythm=self._rhythm)
            noted |= {"files": stamps, "brought": list(brought), "failing": sorted(failing)}
            yield Batch(tuple(records), dump_state(noted), tuple(sorted(before - failing)))
            before = failing.copy()

    def _files(self) -> Iterator[tuple[Path, str]]:
        for path in sorted(self._root.glob(self._glob)):
            try:
                if path.is_file() and not path.name.startswith("."):
                    about = path.stat()
                    yield path, f"{about.st_size}:{about.st_mtime_ns}"
            except OSError:
                yield path, "unreadable"

    def _key(self, path: Path) -> str:
        return path.relative_to(self._root).as_posix()

    def _record(self, path: Path, now: datetime) -> Page | Problem:
        try:
            if path.stat().st_size > _LARGEST:
                return problem(self.name, str(path), f"{path} is larger than {_LARGEST // 1_000_000} MB; split it.")
            body = path.read_bytes()
        except OSError as error:
            return problem(self.name, str(path), f"{path} cannot be read: {(error.strerror or 'failed').lower()}.")
        media_type = mimetypes.guess_type(path.name)[0]
        return make_page(
            path.resolve().as_uri(), body, now, source=self.name, outlet=self._outlet, media_type=media_type
        )


def _short(page: Page) -> str:
    return page.sha256[:20]
