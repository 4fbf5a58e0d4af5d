"""The watches of a workspace, by all and by name."""

from __future__ import annotations

from tocsin.config import ConfigError, Workspace
from tocsin.records import Watch


def watches_of(workspace: Workspace) -> list[Watch]:
    """The workspace's watches, every query checked. Raises `WatchError`."""
    from tocsin.measure import parse
    from tocsin.warn import load_watches

    return load_watches(workspace.watch_texts(), parse)


def watch_of(workspace: Workspace, name: str) -> Watch:
    """The workspace's watch of that name. Raises `ConfigError`: a mistyped name must not look like calm."""
    watches = {watch.name: watch for watch in watches_of(workspace)}
    if name not in watches:
        raise ConfigError(f"no watch is called {name!r}; this workspace has {', '.join(sorted(watches)) or 'none'}.")
    return watches[name]
