"""Lets out to partners exactly what each may see: one rule of access, and the standards that carry it."""

from __future__ import annotations

from tocsin.share.database import Database, ShareError, open_database
from tocsin.share.rule import UNKNOWN, Marked, Marking, Subject, combine, visible, wider
from tocsin.share.shelf import Collection, Shelf
from tocsin.share.window import Window

__all__ = [
    "UNKNOWN",
    "Collection",
    "Database",
    "Marked",
    "Marking",
    "ShareError",
    "Shelf",
    "Subject",
    "Window",
    "combine",
    "open_database",
    "visible",
    "wider",
]
