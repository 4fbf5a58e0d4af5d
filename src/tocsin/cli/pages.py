"""What `tocsin read` is pointed at, as pages: files, folders of saved pages, addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tocsin.collect import fetch_page
from tocsin.config import ConfigError
from tocsin.records import Page

LARGEST_PAGE = 32 * 1024 * 1024
"""Bytes; what is larger is cut there, so that one file cannot fill the memory."""


def open_pages(named: Iterable[str]) -> Iterator[Page]:
    """The pages that `named` stand for, one at a time. Raises `ConfigError` for no name."""
    given = list(named)
    if not given:
        raise ConfigError("name a file, a folder or an address to read: tocsin read page.html")
    for name in given:
        if name.startswith(("http://", "https://")):
            yield fetch_page(name, now())
        elif (path := Path(name)).is_dir():
            yield from (_from_file(file) for file in sorted(path.rglob("*")) if file.is_file())
        else:
            yield _from_file(path)


def _from_file(path: Path) -> Page:
    with path.open("rb") as file:
        body = file.read(LARGEST_PAGE)
    return Page(
        url=path.resolve().as_uri(), source="file", fetched=now(), sha256=hashlib.sha256(body).hexdigest(), body=body
    )


def now() -> datetime:
    """This moment, with its time zone."""
    return datetime.now(UTC)
