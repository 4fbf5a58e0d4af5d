"""Web archives in bulk: every article in them as Parquet, a shard of documents at a time, on any engine."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

import pyarrow as pa  # type: ignore[import-untyped]
from cyclopts import Parameter

from tocsin.cli.app import DONE, app
from tocsin.cli.saying import progress, say
from tocsin.collect.canonical import canonical
from tocsin.collect.errors import SourceError
from tocsin.collect.source import make_page
from tocsin.collect.unfold import unfold
from tocsin.collect.warc import Captured, captures
from tocsin.config import ConfigError
from tocsin.engine import Engine, InProcess, OnRay, Pool, Shard, run
from tocsin.read import ReadError, read
from tocsin.records import Article

DOCUMENTS = 250
"""Documents of an archive that make a shard."""

FIELDS = ("id", "url", "outlet", "form", "title", "text", "published", "language", "agency")
SCHEMA = pa.schema([(name, pa.string()) for name in (*FIELDS, "problem")])


@dataclass(frozen=True, slots=True)
class Stretch:
    """The `many` documents of an archive that follow a place in it (see `collect.warc.captures`)."""

    path: str
    begun: dict[str, int]
    many: int


@app.command
def archive(
    *archives: Path, out: Path, engine: Literal["here", "pool", "ray"] = "here", workers: int | None = None,
    documents: int = DOCUMENTS, json: Annotated[bool, Parameter(help="The result as a JSON line.")] = False,
) -> int:  # fmt: skip
    """Read web archives (WARC, ARC) in bulk: the articles in them as Parquet files, one a shard of documents.

    Each file is written aside and renamed, and a `.done` beside it says that it is whole: a run that was stopped goes
    on where it was, and every engine makes the same files. What cannot be read is a row with its `problem`.

    Example: `tocsin archive CC-NEWS-20240101.warc.gz --out articles --engine pool --workers 4`

    Parameters
    ----------
    archives
        Archive files.
    out
        The folder for the Parquet files.
    engine
        In this process, on a pool of processes, or on Ray (`tocsin[ray]`).
    workers
        Processes of a pool or of Ray; as many as there are processors by default.
    documents
        Documents of an archive that make one shard.
    """
    if not archives or documents < 1 or (workers is not None and workers < 1):
        raise ConfigError("name at least one archive; --documents and --workers are 1 or more.")
    for path in archives:
        if not path.is_file():
            raise ConfigError(f"there is no archive at {path}.")
    engines: dict[str, Engine] = {"here": InProcess(), "pool": Pool(workers), "ray": OnRay(workers=workers)}
    shards = [shard for path in sorted(set(archives)) for shard in shards_of(path, documents)]
    try:
        files = run(read_stretch, shards, out, engines[engine], progress(json))
    except RuntimeError as error:
        raise ConfigError(f"{error}.") from None
    say({"shards": len(files), "out": str(out)}, json, f"{len(files):,} shards in {out}.")
    return DONE


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
