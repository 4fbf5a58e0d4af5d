"""Web archives in bulk: every article in them as Parquet, a shard of documents at a time, on any engine.

What does the work is imported when the command runs: the readers of pages are heavy, and every command loads this file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from tocsin.cli.app import DONE, app
from tocsin.cli.saying import progress, say
from tocsin.config import ConfigError

DOCUMENTS = 250
"""Documents of an archive that make a shard."""


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
    from tocsin.cli.stretches import read_stretch, shards_of
    from tocsin.engine import Engine, InProcess, OnRay, Pool, run

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
