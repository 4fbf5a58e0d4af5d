"""tocsin: open early warning. News and official bulletins in, warnings with their evidence out.

import tocsin

with tocsin.open("desk") as frames:
    frames.events(since="2023-04-01", watch="taiwan-strait")   # a polars frame; as_="pandas" or "arrow"
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.store import Frames

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(where: str | os.PathLike[str]) -> Frames:  # noqa: A001 - tocsin.open, as one opens a file
    """Open a workspace, a store's file or a postgresql:// address to read frames from it.

    In a workspace, `watch="NAME"` narrows events to those that concern the watch. Raises `StoreError`, `ConfigError`.
    """
    from tocsin.code.cameo import COLUMNS
    from tocsin.config import FILE, load_workspace
    from tocsin.store import open_frames

    root = Path(where)
    if not (root / FILE).is_file():
        return open_frames(where, codes=COLUMNS)
    from tocsin.cli.watching import watches_of

    workspace = load_workspace(root)
    return open_frames(workspace.store_location, watches_of(workspace), COLUMNS)
