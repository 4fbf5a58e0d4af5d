"""A store as data frames: `tocsin.open("workspace").events(since="2023-01-01")` is a polars frame."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, overload

from tocsin.records import Watch
from tocsin.store.base import Select, Store, StoreError
from tocsin.store.flat import Codes, What, chunks, rows, schema
from tocsin.store.opening import open_store

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]

Day = str | date | None
As = Literal["polars", "pandas", "arrow"]


class Frames:
    """The events, observations and warnings of a store, each as a frame: polars, or with `as_` pandas or Arrow.

    `since` and `until` are days, as dates or in ISO form, both included; `watch` is a watch or the name of one; `text`
    is a full-text query; further arguments name a field and the value or values that it may have, for instance
    `type="MOBILIZE"`, `source_country=["CHN", "RUS"]`. Raises `StoreError` for an unknown field, watch or day.
    """

    def __init__(self, store: Store, watches: Iterable[Watch] = (), codes: Codes | None = None) -> None:
        self.store, self.codes = store, codes
        self.watches = {watch.name: watch for watch in watches}

    @overload
    def events(self, *, as_: Literal["polars"] = "polars", **which: Any) -> pl.DataFrame: ...
    @overload
    def events(self, *, as_: Literal["pandas"], **which: Any) -> pd.DataFrame: ...
    @overload
    def events(self, *, as_: Literal["arrow"], **which: Any) -> pa.Table: ...
    def events(self, *, as_: As = "polars", **which: Any) -> Any:
        """Who did what to whom, where and when: one row an event, with its quote and the article it stands in."""
        return _shaped(self._table("events", **which), as_)

    @overload
    def observations(self, *, as_: Literal["polars"] = "polars", **which: Any) -> pl.DataFrame: ...
    @overload
    def observations(self, *, as_: Literal["pandas"], **which: Any) -> pd.DataFrame: ...
    @overload
    def observations(self, *, as_: Literal["arrow"], **which: Any) -> pa.Table: ...
    def observations(self, *, as_: As = "polars", **which: Any) -> Any:
        """What issuers stated, one row a figure. A day that an issuer is silent about has no row: it is not zero."""
        return _shaped(self._table("observations", **which), as_)

    @overload
    def warnings(self, *, as_: Literal["polars"] = "polars", **which: Any) -> pl.DataFrame: ...
    @overload
    def warnings(self, *, as_: Literal["pandas"], **which: Any) -> pd.DataFrame: ...
    @overload
    def warnings(self, *, as_: Literal["arrow"], **which: Any) -> pa.Table: ...
    def warnings(self, *, as_: As = "polars", **which: Any) -> Any:
        """What was warned of, one row a warning as it stands now."""
        return _shaped(self._table("warnings", **which), as_)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def __enter__(self) -> Frames:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _table(
        self,
        what: What,
        *,
        since: Day = None,
        until: Day = None,
        watch: Watch | str | None = None,
        text: str | None = None,
        limit: int | None = None,
        newest_first: bool = False,
        **where: str | Collection[str],
    ) -> pa.Table:
        select = Select(
            where=where,
            since=_day("since", since),
            until=_day("until", until),
            text=text,
            limit=limit,
            newest_first=newest_first,
        )
        import pyarrow as pa

        columns = schema(what, self.codes)
        found = rows(self.store, what, select, self._watch(watch), self.codes)
        batches = [pa.RecordBatch.from_pylist(some, schema=columns) for some in chunks(found)]
        return pa.Table.from_batches(batches, schema=columns)

    def _watch(self, watch: Watch | str | None) -> Watch | None:
        if not isinstance(watch, str):
            return watch
        if watch not in self.watches:
            known = ", ".join(sorted(self.watches)) or "none"
            raise StoreError(f"There is no watch {watch!r}; known are: {known}.")
        return self.watches[watch]


def open_frames(where: str | os.PathLike[str], watches: Iterable[Watch] = (), codes: Codes | None = None) -> Frames:
    """Open the store at `where` (a file, a workspace folder or a postgresql:// address) to read frames from it.

    `codes` adds columns to events.
    """
    return Frames(open_store(where, readonly=True), watches, codes)


def _shaped(table: pa.Table, as_: As) -> Any:
    match as_:
        case "arrow":
            return table
        case "pandas":
            try:
                return table.to_pandas()
            except ModuleNotFoundError:
                raise StoreError("pandas is not installed: pip install pandas, or take polars or arrow.") from None
        case "polars":
            import polars as pl

            return pl.from_arrow(table)
    raise StoreError(f"A frame can be had as polars, pandas or arrow, not as {as_!r}.")


def _day(name: str, day: Day) -> date | None:
    if not isinstance(day, str):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise StoreError(f"{name}={day!r} is not a day: write it as 2023-04-08.") from error
