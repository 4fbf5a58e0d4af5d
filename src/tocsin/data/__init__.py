"""The files that experts edit: rules, actors, places, outlets, grammars, watches; found by folder and suffix."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def texts(folder: str, suffix: str) -> Iterator[tuple[str, str]]:
    """Every file `data/<folder>/*<suffix>` in order of name: (name without suffix, text)."""
    root = files(__name__).joinpath(folder)
    for entry in sorted(root.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(suffix):
            yield entry.name.removesuffix(suffix), entry.read_text(encoding="utf-8")


def text(path: str) -> str:
    """The text of `data/<path>`."""
    return files(__name__).joinpath(path).read_text(encoding="utf-8")


def blob(path: str) -> bytes:
    """The bytes of `data/<path>`."""
    return files(__name__).joinpath(path).read_bytes()
