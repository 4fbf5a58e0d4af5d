"""A workspace: the folder with `tocsin.toml`, its watches and its store.

    name = "Strait desk"
    organisation = "newsroom.example"  # who publishes, for sharing
    store = "tocsin.db"            # a file beside tocsin.toml, or postgresql://…
    today = 2024-01-01             # only to look at the past as of a day
    inside = ["10.0.0.7"]          # hosts on private networks that peers and hooks may lead to

    [[source]]
    name = "coast-guard"
    kind = "feed"                  # feed page sitemap warc folder eventfile counts
    url = "https://…"

    [[oidc]]                       # who logs in where: docs/reference/share.md
    name = "house"
    issuer = "https://id.newsroom.example"

    [mail]                         # for watches that tell "mail"
    server = "smtp.newsroom.example"

Watches are the files `watches/*.toml`, outlets that the catalogue does not know, or has otherwise, `outlets/*.toml`.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = "tocsin.toml"


class ConfigError(ValueError):
    """A workspace cannot be used as it is; the message says what is wrong, where, and what to do."""


class Workspace(BaseModel):
    """What `tocsin.toml` says, and where it lies. Sources stay tables: each kind of source reads its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    root: Path
    name: str = "tocsin"
    organisation: str = "tocsin"
    store: str = "tocsin.db"
    today: date | None = None
    sources: tuple[dict[str, Any], ...] = Field(default=(), alias="source")
    inside: tuple[str, ...] = ()
    oidc: tuple[dict[str, Any], ...] = ()
    mail: dict[str, Any] = Field(default_factory=dict)

    @property
    def store_location(self) -> str:
        """The store's address: a database URL as it stands, or a file's path made absolute."""
        return self.store if "://" in self.store else str(self.root / self.store)

    def watch_texts(self) -> Iterable[tuple[str, str]]:
        """Name and text of every watch of the workspace, in order of name."""
        return self._texts("watches")

    def outlet_texts(self) -> Iterable[tuple[str, str]]:
        """Name and text of every file of the workspace's own outlets."""
        return self._texts("outlets")

    def _texts(self, folder: str) -> Iterable[tuple[str, str]]:
        for path in sorted((self.root / folder).glob("*.toml")):
            try:
                yield path.stem, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                raise ConfigError(f"{path} is not UTF-8 text; save it as UTF-8.") from None


def load_workspace(root: Path) -> Workspace:
    """Read the workspace in `root`. Raises `ConfigError`."""
    path = root / FILE
    if not path.is_file():
        raise ConfigError(f"there is no workspace in {root} (no {FILE}); make one with: tocsin init {root}")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        workspace = Workspace.model_validate({"root": root, **table})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(error)}") from None
    names = [source.get("name") for source in workspace.sources]
    for position, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise ConfigError(f"{path}: source {position + 1} has no name; every [[source]] needs one.")
        if name in names[:position]:
            raise ConfigError(f"{path}: two sources are called {name!r}; rename one.")
    return workspace


def make_workspace(root: Path, text: str, watches: Iterable[tuple[str, str]]) -> None:
    """Lay out a new workspace: `tocsin.toml` with `text`, and the watches. Raises `ConfigError` where one is there."""
    if (root / FILE).exists():
        raise ConfigError(f"{root / FILE} is already there; nothing was changed.")
    add_watches(root, watches)
    try:
        (root / FILE).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _cannot_write(root, error) from None


def add_watches(root: Path, watches: Iterable[tuple[str, str]]) -> list[str]:
    """Write the watches that are not there yet; their names. Raises `ConfigError`."""
    added = []
    try:
        (root / "watches").mkdir(parents=True, exist_ok=True)
        for name, text in watches:
            target = root / "watches" / f"{name}.toml"
            if not target.exists():
                target.write_text(text, encoding="utf-8")
                added.append(name)
    except OSError as error:
        raise _cannot_write(root, error) from None
    return added


def _cannot_write(root: Path, error: OSError) -> ConfigError:
    return ConfigError(f"cannot write in {root}: {(error.strerror or 'failed').lower()}.")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = [field.alias or name for name, field in Workspace.model_fields.items() if name != "root"]
        near = difflib.get_close_matches(key, known, n=1)
        return f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}.")
    if first["type"].startswith("date_"):
        return f"{key}: {str(first['input'])[:40]!r} is no day; write it as 2023-04-09."
    return f"{key}: {first['msg'].lower()}."
