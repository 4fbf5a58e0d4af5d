"""Map a pure function over shards: in this process, on a process pool, or on Ray; the files that come out are the same.

A shard is a name and whatever the function needs to find its input. Its result, an Arrow table, becomes one Parquet
file, written beside its place and renamed; an empty `.done` beside it says that the file is whole. A run that was
killed, at any point, goes on with the shards that have no marker; running again does nothing twice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeVar

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Shard:
    """One piece of the input: `name` names its output file; `source` is what the function gets, and can be pickled."""

    name: str
    source: Any


Work = Callable[[Any], pa.Table]
Progress = Callable[[str, int], None]
"""Called as each shard is finished, with its name and its number of rows (as they are finished, in any order)."""


class Engine(Protocol):
    """Somewhere to run a function on many items; results come as they are ready, in any order."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`function` of each item, at least once each. What it raises is raised here, and the rest is not started."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """Here, one after the other."""

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """See `Engine`."""
        return map(function, items)


@dataclass(frozen=True, slots=True)
class Pool:
    """On a pool of processes (as many as there are processors, unless `workers` says otherwise)."""

    workers: int | None = None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """See `Engine`. Twice as many items as workers are under way, however many there are."""
        waiting = iter(items)
        with ProcessPoolExecutor(self.workers, get_context("forkserver"), _end_with_parent) as pool:
            many = 2 * (self.workers or os.cpu_count() or 1)
            running: set[Future[Result]] = {pool.submit(function, item) for item in islice(waiting, many)}
            try:
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    running |= {pool.submit(function, item) for item in islice(waiting, len(done))}
                    for future in done:
                        yield future.result()
            finally:
                pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """In a worker: stop when the process that started the pool is gone, even by kill -9."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=watch, daemon=True).start()


def _apply(function: Callable[[Item], Result], item: Item) -> Result:
    return function(item)


QUIET_RAY = {
    "RAY_USAGE_STATS_ENABLED": "0",  # no telemetry
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # what makes Ray listen on loopback alone, whatever the system
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
}


@dataclass(frozen=True, slots=True)
class OnRay:
    """On Ray (the [ray] extra): on this machine, or on the cluster at `address` ("auto", "ray://host:10001")."""

    address: str | None = None
    workers: int | None = None

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """See `Engine`. Errors: RuntimeError where the [ray] extra is not installed."""
        for name, value in QUIET_RAY.items() if self.address is None else ():
            os.environ.setdefault(name, value)
        try:
            import ray
        except ImportError as error:
            raise RuntimeError("Ray is not installed: pip install 'tocsin[ray]'") from error
        if started := not ray.is_initialized():
            self._start(ray)
        try:
            yield from self._drain(ray, function, iter(items))
        finally:
            if started:
                ray.shutdown()

    def _start(self, ray: Any) -> None:
        """Start Ray here, or join the cluster. A busy machine may miss Ray's fixed time limit: it is tried again."""
        if self.address:
            ray.init(address=self.address, log_to_driver=False)
            return
        for left in (2, 1, 0):
            try:
                ray.init(
                    num_cpus=self.workers or os.cpu_count() or 1,
                    include_dashboard=False,
                    log_to_driver=False,
                    object_store_memory=128 << 20,
                )
            except Exception as error:
                ray.shutdown()
                if not left or "timed out during startup" not in str(error):
                    raise
            else:
                return

    def _drain(self, ray: Any, function: Callable[[Item], Result], waiting: Iterator[Item]) -> Iterator[Result]:
        remote, shared = (
            ray.remote(_apply),
            ray.put(function),
        )  # Ray takes functions alone, not things that can be called
        many = 2 * int(ray.cluster_resources().get("CPU", 1))
        running = [remote.remote(shared, item) for item in islice(waiting, many)]
        while running:
            done, running = ray.wait(running)
            running += [remote.remote(shared, item) for item in islice(waiting, len(done))]
            yield from ray.get(done)


def run(
    work: Work,
    shards: Iterable[Shard],
    folder: Path,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """`work(shard.source)` of every shard as `folder/<name>.parquet`; returns the files, in order of name.

    Shards that are done already are left alone. `work` is pure and can be pickled: a module's own function. Two runs
    into one folder at once are harmless (each writes under a name of its own, and renames).
    Errors: whatever `work` raises; ValueError for two shards of one name or a name that is no file name; OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    every = list(shards)
    names = [shard.name for shard in every]
    if len(set(names)) < len(names):
        raise ValueError("two shards have one name: each needs its own file")
    for name in names:
        if not name or name.startswith(".") or any(sign in name for sign in "/\\\0"):
            raise ValueError(f"{name!r} cannot name a file: a shard's name is letters, digits, dots and dashes")
    todo = [shard for shard in every if not _done(folder, shard.name).exists()]
    for name, rows in (engine or InProcess()).map(_Task(work, folder), todo):
        if progress:
            progress(name, rows)
    return [folder / f"{name}.parquet" for name in sorted(names)]


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker does with one shard: work, write, rename, mark."""

    work: Work
    folder: Path

    def __call__(self, shard: Shard) -> tuple[str, int]:
        table = self.work(shard.source)
        final = self.folder / f"{shard.name}.parquet"
        unique = hashlib.sha256(f"{os.uname().nodename} {os.getpid()}".encode()).hexdigest()[:12]
        unfinished = self.folder / f".{shard.name}.{unique}.part"
        try:
            pq.write_table(table, unfinished, compression="zstd")
            _flush(unfinished)
            unfinished.replace(final)
        finally:
            unfinished.unlink(missing_ok=True)
        marker = _done(self.folder, shard.name)
        marker.touch()
        _flush(self.folder)
        return shard.name, table.num_rows


def _done(folder: Path, name: str) -> Path:
    return folder / f"{name}.done"


def _flush(path: Path) -> None:
    """Bring a file, or a folder's names, to the disk before what follows claims that they are there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
