"""Who acts, with which right, on what is shared: what the commands that share have in common."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from tocsin.config import ConfigError, Workspace

if TYPE_CHECKING:
    from tocsin.share import Login
    from tocsin.share.opening import Share

Level = Literal["clear", "green", "amber", "amber+strict", "red"]
To = Annotated[
    tuple[str, ...],
    Parameter(
        name="--to", help="Whom it is releasable to: `org:NAME`, `group:NAME`, `person:NAME`.", show_default=False
    ),
]
By = Annotated[
    str, Parameter(help="Who does this; it goes into the audit. By default your login name.", show_default=False)
]
Why = Annotated[str, Parameter(help="Why; it goes into the audit.", show_default=False)]


@contextmanager
def shared(desk: Workspace) -> Iterator[Share]:
    """The workspace's sharing, opened over its store."""
    from tocsin.share.opening import open_share
    from tocsin.store import open_store

    open_store(desk.store_location).close()
    where = desk.store_location if "://" in desk.store_location else Path(desk.store_location)
    share = open_share(where, desk.root / "share.key", home=desk.organisation)
    try:
        yield share
    finally:
        share.close()


def who(by: str) -> str:
    """Who acts, as the audit names them."""
    name = by or os.environ.get("USER") or getpass.getuser()
    return name if ":" in name else f"person:{name}"


def releaser(desk: Workspace, share: Share, by: str) -> Login:
    """The named person who releases: an account of the house with that right. Raises `ConfigError`."""
    from tocsin.share import RIGHTS, Login

    name = who(by).removeprefix("person:")
    found = share.accounts.get(name)
    rights = RIGHTS[found.role] if found and not found.disabled else frozenset[str]()
    if found is None or found.organisation != desk.organisation or "release" not in rights:
        raise ConfigError(
            f"{name} is no releaser of {desk.organisation}: name one with --by, or make one with"
            f" tocsin account add NAME --organisation {desk.organisation} --role releaser"
        )
    return Login(found, rights)
