"""The bundled demo as a workspace: real daily figures of 2020–2023 and sample reports of public events."""

from __future__ import annotations

from pathlib import Path

from tocsin.config import FILE, Workspace, load_workspace, make_workspace
from tocsin.data import blob, texts

SETTINGS = """\
# The demo: the Taiwan Strait and the other shipped watches, as they stood on the last day of 2023.
name = "Demo: 2020 to 2023"
store = "tocsin.db"
today = 2023-12-31

# Figures of the Ministry of National Defense, Republic of China (Taiwan); see sources/SOURCES.md.
[[source]]
name = "twn-mnd-counts"
kind = "counts"
path = "sources/twn-mnd-counts.csv"
issuer = "twn-mnd"
fields = ["aircraft", "crossings", "vessels"]

# Sample reports, written for this project about real public events. The outlets do not exist.
[[source]]
name = "sample-wire"
kind = "feed"
path = "sources/sample-wire.json"

[[source]]
name = "sample-harbour-post"
kind = "feed"
path = "sources/sample-harbour-post.json"

[[source]]
name = "sample-island-radio"
kind = "feed"
path = "sources/sample-island-radio.json"
"""

FILES = (
    "SOURCES.md",
    "twn-mnd-counts.csv",
    "sample-wire.json",
    "sample-harbour-post.json",
    "sample-island-radio.json",
)


def make_demo(root: Path) -> Workspace:
    """The demo's workspace in `root`, made where it is not there yet."""
    if not (root / FILE).exists():
        (root / "sources").mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (root / "sources" / name).write_bytes(blob(f"demo/{name}"))
        make_workspace(root, SETTINGS, texts("watches", ".toml"))
    return load_workspace(root)
