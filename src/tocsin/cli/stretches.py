"""Stretches of a web archive: the shards in which it is read, and what a worker does with one."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]

from tocsin.collect.canonical import canonical
from tocsin.collect.errors import SourceError
from tocsin.collect.source import make_page
from tocsin.collect.unfold import unfold
from tocsin.collect.warc import Captured, captures
from tocsin.engine import Shard
from tocsin.read import ReadError, read
from tocsin.records import Article

FIELDS = ("id", "url", "outlet", "form", "title", "text", "published", "language", "agency")
SCHEMA = pa.schema([(name, pa.string()) for name in (*FIELDS, "problem")])


@dataclass(frozen=True, slots=True)
class Stretch:
    """The `many` documents of an archive that follow a place in it (see `collect.warc.captures`)."""

    path: str
    begun: dict[str, int]
    many: int


def shards_of(path: Path, documents: int) -> Iterator[Shard]:
    """An archive in stretches of `documents`; their names tell an archive of other size or place from this one."""
    unique = zlib.crc32(f"{path.resolve()} {path.stat().st_size} {documents}".encode())
    found = captures(path)
    begun: dict[str, int] = {}
    number = 0
    while stretch := list(islice(found, documents)):
        yield Shard(f"{path.stem.lstrip('.')}-{unique:08x}-{number:05}", Stretch(str(path), begun, len(stretch)))
        begun, number = stretch[-1].place, number + 1


def read_stretch(stretch: Stretch) -> pa.Table:
    """The articles of a stretch of an archive, in its order: what a worker does."""
    path = Path(stretch.path)
    rows = [row for found in islice(captures(path, stretch.begun), stretch.many) for row in _rows(path, found)]
    return pa.Table.from_pylist(rows, SCHEMA)


def _rows(path: Path, captured: Captured) -> Iterable[dict[str, Any]]:
    if captured.damage:
        yield {"url": captured.url, "problem": captured.damage}
        return
    if not captured.url:
        return
    fetched = captured.fetched or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    media = captured.media_type
    page = make_page(canonical(captured.url), captured.body, fetched, source=path.name, media_type=media)
    try:
        for part in unfold(page):
            yield from (_row(article) for article in read(part))
    except (ReadError, SourceError, ValueError, RecursionError) as error:
        yield {"url": page.url, "problem": " ".join(str(error).split()) or type(error).__name__}


def _row(article: Article) -> dict[str, str | None]:
    told = article.model_dump(mode="json")
    return {name: told[name] for name in FIELDS}
