"""A folder of saved pages as a source."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tocsin.collect.heartbeat import beat
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.records import Record

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
        """Every file that is new or has changed (by size and time) since `state`, in order of name."""
        noted = load_state(state)
        ends = self._rhythm is None
        if not self._root.is_dir():
            missing = f"{self._root} is not a folder; make it, or set path of source {self.name!r}."
            failed = beat(noted, now, failure=missing, ends=ends, rhythm=self._rhythm)
            yield Batch((problem(self.name, str(self._root), missing),), dump_state(failed))
            return
        stamps: dict[str, str] = dict(noted.get("files", {}))
        waiting = [(path, stamp) for path, stamp in self._files() if stamps.get(self._key(path)) != stamp]
        noted = beat(noted, now, arrived=[now] if waiting else [], ends=ends, rhythm=self._rhythm)
        for first in range(0, max(len(waiting), 1), _BATCH):
            some = waiting[first : first + _BATCH]
            records = [self._record(path, now) for path, _ in some]
            stamps.update({self._key(path): stamp for path, stamp in some})
            yield Batch(tuple(records), dump_state({**noted, "files": stamps}))

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

    def _record(self, path: Path, now: datetime) -> Record:
        try:
            with path.open("rb") as file:
                body = file.read(_LARGEST + 1)
        except OSError as error:
            return problem(self.name, str(path), f"{path} cannot be read: {(error.strerror or 'failed').lower()}.")
        if len(body) > _LARGEST:
            return problem(self.name, str(path), f"{path} is larger than {_LARGEST // 1_000_000} MB; split it.")
        media_type = mimetypes.guess_type(path.name)[0]
        return make_page(
            path.resolve().as_uri(), body, now, source=self.name, outlet=self._outlet, media_type=media_type
        )
