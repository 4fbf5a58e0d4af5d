"""Bring in what is published: feeds, pages, sitemaps, archives, folders, event files and tables of counts."""

from __future__ import annotations

from tocsin.collect.errors import AddressRefused, FetchFailed, SourceError
from tocsin.collect.heartbeat import Pulse, pulse
from tocsin.collect.network import fetch_page
from tocsin.collect.source import Batch, Source, make_source
from tocsin.collect.unfold import unfold

__all__ = [
    "AddressRefused",
    "Batch",
    "FetchFailed",
    "Pulse",
    "Source",
    "SourceError",
    "fetch_page",
    "make_source",
    "pulse",
    "unfold",
]
