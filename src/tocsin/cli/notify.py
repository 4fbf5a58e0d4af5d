"""Who is told of a warning: each name in a watch's `tell` is a notifier, found by entry point `tocsin.notifiers`.

A notifier is a function of the watch and the warning, or has a method `of` that makes one for a workspace. It is
called before the warning is stored, so that a killed run tells twice rather than not at all; the warning's id and
revision tell a repetition.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from typing import Protocol

from tocsin.config import ConfigError, Workspace
from tocsin.records import Warning, Watch

GROUP = "tocsin.notifiers"
Notifier = Callable[[Watch, Warning], None]


def log(watch: Watch, warning: Warning) -> None:
    """One line on standard error."""
    told = f"{warning.opened} {watch.title}: {warning.title} ({warning.state}, {warning.level}) {warning.id}"
    print(f"{'revised' if warning.revision > 1 else 'warning'}: {told}", file=sys.stderr)


class Maker(Protocol):
    """A notifier that has settings in the workspace."""

    def of(self, workspace: Workspace) -> Notifier:
        """The notifier. Raises `ConfigError`."""


def teller(watches: Iterable[Watch], workspace: Workspace) -> Notifier:
    """A notifier that tells whom each watch names. Raises `ConfigError` where a watch names one that is not there.

    A warning that was over before it was first seen (history read in at once) is stored without telling anybody.
    """
    known = {entry.name: entry for entry in entry_points(group=GROUP)}
    loaded: dict[str, Notifier] = {}
    for watch in watches:
        for name in watch.tell:
            if name not in known:
                raise ConfigError(
                    f"{watch.name}.toml tells {name!r}, which is no notifier; there are {', '.join(known)}."
                )
            found: Notifier | Maker = known[name].load()
            loaded[name] = found.of(workspace) if hasattr(found, "of") else found

    def tell(watch: Watch, warning: Warning) -> None:
        if warning.state == "open" or warning.revision > 1:
            for name in watch.tell:
                loaded[name](watch, warning)

    return tell
