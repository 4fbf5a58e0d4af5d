"""What a source is, and how one is made from a `[[source]]` table of `tocsin.toml`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from tocsin.collect.errors import SourceError
from tocsin.records import Page, Problem, Record

GROUP = "tocsin.sources"


@dataclass(frozen=True, slots=True)
class Batch:
    """Records, and the state to go on from once they are stored. Failures are among the records, as `Problem`s.

    `solved` are the subjects of problems told before that last no longer. One whose subject is the source's own name
    need not be among them: it is solved by the next pass that goes without it.
    """

    records: tuple[Record, ...]
    state: bytes | None
    solved: tuple[str, ...] = ()


class Source(Protocol):
    """Somewhere records come from: a feed, an archive, a folder …

    `collect` takes the state of the last stored batch (None at first) and yields batches, each small enough for
    memory. What fails becomes a `Problem`; it does not raise. Killed between two batches, it continues after the first.
    """

    @property
    def name(self) -> str:
        """How the workspace calls it."""

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """What is new since `state`."""


Maker = Callable[["Settings"], Source]


@dataclass(frozen=True, slots=True)
class Settings:
    """One `[[source]]` table, read with errors that name the source and the key. `base` is the workspace's folder."""

    table: Mapping[str, Any]
    base: Path

    @property
    def name(self) -> str:
        """The source's name."""
        return str(self.table["name"])

    def text(self, key: str, otherwise: str | None = None) -> str:
        """A text that the table must hold, unless there is something to use `otherwise`."""
        value = self.table.get(key, otherwise)
        if not isinstance(value, str) or (not value and otherwise is None):
            raise self.wrong(f'needs {key} = "…"')
        return value

    def maybe(self, key: str) -> str | None:
        """A text that the table may hold."""
        return self.text(key) if key in self.table else None

    def number(self, key: str, otherwise: float) -> float:
        """A number of at least 0."""
        value = self.table.get(key, otherwise)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise self.wrong(f"{key} must be a number of at least 0")
        return float(value)

    def flag(self, key: str, otherwise: bool) -> bool:
        """true or false."""
        value = self.table.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.wrong(f"{key} must be true or false")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.table.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise self.wrong(f"{key} must be a list of texts")
        return tuple(values)

    def path(self, key: str = "path") -> Path:
        """A file or folder, looked for beside the workspace's file."""
        return self.base / Path(self.text(key)).expanduser()

    def only(self, *keys: str) -> None:
        """Refuse keys that this kind of source does not know."""
        known = {"name", "kind", "outlet", "rhythm", *keys}
        if unknown := sorted(set(self.table) - known):
            raise self.wrong(f"does not know {unknown[0]!r}; it knows {', '.join(sorted(known))}")

    def wrong(self, complaint: str) -> SourceError:
        """The error that says what is wrong with this table."""
        return SourceError(f"source {self.table.get('name', '?')!r}: {complaint}.")


def make_source(config: Mapping[str, Any], base: Path) -> Source:
    """The source that a `[[source]]` table describes; paths in it are looked for in `base`.

    Raises:
        SourceError: no name, an unknown kind or key, or a value that cannot be; the message says which.
    """
    settings = Settings(config, base)
    if not isinstance(config.get("name"), str) or not config["name"]:
        raise SourceError('a source has no name; every [[source]] needs name = "…".')
    kinds = _kinds()
    kind = config.get("kind")
    if kind not in kinds:
        raise settings.wrong(f"kind {kind!r} is unknown; known are {', '.join(sorted(kinds))}")
    maker: Maker = kinds[kind].load()
    return maker(settings)


@cache
def _kinds() -> dict[str, Any]:
    return {point.name: point for point in entry_points(group=GROUP)}


def make_page(
    url: str, body: bytes, now: datetime, *, source: str, outlet: str | None = None, media_type: str | None = None,
    published: datetime | date | None = None,
) -> Page:  # fmt: skip
    """A page of `body`, named by its content."""
    return Page(
        url=url, source=source, outlet=outlet, fetched=now, sha256=hashlib.sha256(body).hexdigest(),
        media_type=media_type, published=published, body=body,
    )  # fmt: skip


def problem(source: str, subject: str, error: Exception | str) -> Problem:
    """What could not be collected, kept: `subject` is the address or file, or the source's own name where it failed."""
    says = " ".join(str(error).split()) or type(error).__name__
    return Problem(stage=f"collect {source}", subject=subject, says=says)


def load_state(state: bytes | None) -> dict[str, Any]:
    """What a source noted at its last batch; an unreadable note is as none (the source starts over, safely)."""
    try:
        noted = json.loads(state) if state else {}
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}


def dump_state(noted: Mapping[str, Any]) -> bytes:
    """The note as bytes, the same for the same content."""
    return json.dumps(noted, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()
