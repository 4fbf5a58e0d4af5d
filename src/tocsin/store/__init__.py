"""Keeps every record exactly once, finds it again, and remembers how far each stage has come."""

from __future__ import annotations

from tocsin.store.base import EVERYTHING, Select, Store, StoreError
from tocsin.store.fields import INDEXES
from tocsin.store.opening import FILE_NAME, open_store

__all__ = ["EVERYTHING", "FILE_NAME", "INDEXES", "Select", "Store", "StoreError", "open_store"]
