"""Keeps every record exactly once, finds it again, and remembers how far each stage has come."""

from __future__ import annotations

from tocsin.store.base import EVERYTHING, Select, Store, StoreError
from tocsin.store.export import FORMATS, WHATS, export, pieces
from tocsin.store.fields import INDEXES
from tocsin.store.frames import Frames, open_frames
from tocsin.store.opening import FILE_NAME, open_store

__all__ = [
    "EVERYTHING",
    "FILE_NAME",
    "FORMATS",
    "INDEXES",
    "WHATS",
    "Frames",
    "Select",
    "Store",
    "StoreError",
    "export",
    "open_frames",
    "open_store",
    "pieces",
]
