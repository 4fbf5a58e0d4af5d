"""What the sources that read from the network share: one fetcher for all, so that its manners hold across them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache

from tocsin.collect.address import Permitted
from tocsin.collect.fetch import Fetcher, Manners
from tocsin.collect.source import Settings, make_page
from tocsin.records import Page

NETWORK_KEYS = ("allow_networks", "pause")


@cache
def _fetcher(networks: tuple[str, ...], pause: float) -> Fetcher:
    return Fetcher(Manners(pause=pause), permitted=Permitted.of(*networks))


def fetcher_for(settings: Settings) -> Fetcher:
    """A source's fetcher: `allow_networks` opts in to addresses that are not public, `pause` is seconds per host."""
    networks = settings.names("allow_networks")
    try:
        return _fetcher(networks, settings.number("pause", Manners().pause))
    except ValueError as error:
        raise settings.wrong(f"allow_networks: {error}") from error


def fetch_page(url: str, now: datetime) -> Page:
    """One page from the network, for a look without a workspace.

    Raises:
        SourceError: the address is refused, or could not be fetched.
    """
    fetched = _fetcher((), Manners().pause).fetch(url)
    return make_page(fetched.url, fetched.body, now, source="address", media_type=fetched.media_type)


def short(key: str) -> str:
    """A name of fixed size for an entry's key, to remember that it was seen."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
