"""Shows what is stored: pages that need neither script nor network, and a JSON API."""

from __future__ import annotations

from tocsin.web.app import create_app
from tocsin.web.desk import Desk, SourceHealth
from tocsin.web.door import Door
from tocsin.web.seen import SeenStore

__all__ = ["Desk", "Door", "SeenStore", "SourceHealth", "create_app"]
