"""Shows what is stored: pages that need neither script nor network, and a JSON API."""

from __future__ import annotations

from tocsin.web.app import create_app
from tocsin.web.desk import Desk, SourceHealth

__all__ = ["Desk", "SourceHealth", "create_app"]
