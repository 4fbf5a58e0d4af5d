"""The one way to the network: checked addresses, robots.txt, a pause per host, conditional requests, bounded bodies."""

from __future__ import annotations

import random
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.metadata import version
from urllib.parse import urljoin, urlsplit

import httpx2

from tocsin.collect.address import PUBLIC_ONLY, Permitted, Resolver, system_resolver, vet_url
from tocsin.collect.errors import AddressRefused, FetchFailed
from tocsin.collect.robots import EVERYTHING, NOTHING, Robots, parse_robots
from tocsin.collect.transport import CheckedTransport

AGENT = "tocsin"
LARGEST = 20_000_000  # bytes of one body, after decompression
_REDIRECTS = 5
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_KNOWN_ROBOTS = 2000  # hosts whose rules are remembered


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered. `url` is where redirects led; `unchanged` means the copy we have is still good."""

    url: str
    body: bytes
    media_type: str | None = None
    etag: str | None = None
    modified: str | None = None
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Manners:
    """How politely to fetch. Seconds; `longest_wait` bounds what a server may ask for before we come back later."""

    pause: float = 1.0
    timeout: float = 20.0
    whole: float = 90.0
    tries: int = 3
    first_wait: float = 1.0
    longest_wait: float = 60.0
    per_host: int = 2
    at_once: int = 8


@dataclass
class _Host:
    slots: threading.Semaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_free: float = 0.0
    robots: Robots | None = None
    asked: float = 0.0


class Fetcher:
    """Fetches pages politely and safely; share one between all sources, it may be used from several threads."""

    def __init__(
        self,
        manners: Manners = Manners(),
        *,
        permitted: Permitted = PUBLIC_ONLY,
        resolver: Resolver = system_resolver,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._manners, self._permitted = manners, permitted
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._hosts: dict[str, _Host] = {}
        self._hosts_lock = threading.Lock()
        self._all = threading.Semaphore(manners.at_once)
        self._client = httpx2.Client(
            transport=CheckedTransport(resolver, permitted),
            timeout=manners.timeout,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": user_agent(), "Accept-Encoding": "gzip, deflate"},
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Fetched:
        """Fetch `url`, following redirects that lead to acceptable addresses, trying again where that may help.

        Raises:
            AddressRefused: the address, or one it redirects to, is not on the public internet.
            FetchFailed: robots.txt forbids it, the server refuses or fails, or the body is too large or too slow.
        """
        conditions = {
            name: value for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)) if value
        }
        for _ in range(_REDIRECTS + 1):
            self._respect_robots(url)
            answer = self._persist(url, conditions)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        raise FetchFailed(f"{url} was given up after {_REDIRECTS} redirects.")

    def robots(self, url: str) -> Robots:
        """The rules of the host of `url`; everything is allowed where there are none, nothing where it cannot say."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        host = self._host(site)
        with host.lock:
            if host.robots is None or self._clock() - host.asked > 3600:
                host.robots, host.asked = self._ask_robots(f"{site}/robots.txt"), self._clock()
            return host.robots

    def _respect_robots(self, url: str) -> None:
        vet_url(url, self._permitted)
        parts = urlsplit(url)
        path = parts.path or "/"
        if not self.robots(url).allows(f"{path}?{parts.query}" if parts.query else path):
            raise FetchFailed(f"{url} is not fetched: the site's robots.txt asks robots to leave it alone.")

    def _ask_robots(self, url: str) -> Robots:
        for _ in range(_REDIRECTS + 1):
            try:
                vet_url(url, self._permitted)
                answer = self._once(url, {}, paced=False)
            except FetchFailed as failure:
                # RFC 9309 section 2.3.1: "unavailable" (4xx) allows everything, "unreachable" (5xx) nothing
                return EVERYTHING if re.search(r"status 4(?!29)\d\d", str(failure)) else NOTHING
            if isinstance(answer, Fetched):
                return parse_robots(answer.body.decode("utf-8", "replace"), AGENT)
            url = answer
        return EVERYTHING

    def _persist(self, url: str, conditions: dict[str, str]) -> Fetched | str:
        """One request, or several with growing random pauses (full jitter, Brooker 2015), or the server's own."""
        manners = self._manners
        for attempt in range(1, manners.tries + 1):
            try:
                return self._once(url, conditions)
            except FetchFailed as failure:
                asked = failure.retry_after
                final = attempt == manners.tries or failure.lasting
                if final or (asked is not None and asked > manners.longest_wait):
                    raise
                backoff = self._chance() * min(manners.longest_wait, manners.first_wait * 2**attempt)
                self._sleep(asked if asked is not None else backoff)
        raise AssertionError("unreachable: the last try returns or raises")

    def _once(self, url: str, conditions: dict[str, str], *, paced: bool = True) -> Fetched | str:
        with self._turn(url, paced), self._answer(url, conditions) as response:
            status = response.status_code
            if status == 304:
                return Fetched(
                    url, b"", None, response.headers.get("etag"), response.headers.get("last-modified"), True
                )
            if status in (301, 302, 303, 307, 308) and response.headers.get("location"):
                return _target(url, response.headers["location"])
            if status != 200:
                passing = status in _TRY_AGAIN
                raise FetchFailed(
                    f"{url} answered with status {status}.",
                    _retry_after(response) if passing else None,
                    lasting=400 <= status < 500 and not passing,
                )
            return Fetched(
                url=url,
                body=self._body(url, response),
                media_type=response.headers.get("content-type"),
                etag=response.headers.get("etag"),
                modified=response.headers.get("last-modified"),
            )

    @contextmanager
    def _answer(self, url: str, conditions: dict[str, str]) -> Iterator[httpx2.Response]:
        try:
            with self._client.stream("GET", url, headers=conditions) as response:
                yield response
        except AddressRefused:
            raise
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise FetchFailed(f"{url} could not be fetched: {reason}.") from error

    def _body(self, url: str, response: httpx2.Response) -> bytes:
        """The decompressed body, never more than `LARGEST` bytes of it, nor longer in coming than the manners allow."""
        begun = self._clock()
        body = bytearray()
        for piece in _decompressed(response.iter_raw(65_536), response.headers.get("content-encoding", ""), url):
            body += piece
            if len(body) > LARGEST:
                raise FetchFailed(f"{url} is larger than {LARGEST // 1_000_000} MB and was given up.")
            if self._clock() - begun > self._manners.whole:
                raise FetchFailed(f"{url} was too slow and was given up after {self._manners.whole:.0f} seconds.")
        return bytes(body)

    @contextmanager
    def _turn(self, url: str, paced: bool) -> Iterator[None]:
        """Wait for a free slot, and, when `paced`, for the pause since this host was last asked."""
        parts = urlsplit(url)
        host = self._host(f"{parts.scheme}://{parts.netloc}")
        with self._all, host.slots:
            if paced:
                asked = host.robots.delay if host.robots and host.robots.delay else 0.0
                pause = max(self._manners.pause, min(asked, self._manners.longest_wait))
                with self._hosts_lock:
                    start = max(self._clock(), host.next_free)
                    host.next_free = start + pause
                if (wait := start - self._clock()) > 0:
                    self._sleep(wait)
            yield

    def _host(self, site: str) -> _Host:
        with self._hosts_lock:
            if len(self._hosts) > _KNOWN_ROBOTS:
                self._hosts.pop(next(iter(self._hosts)))
            return self._hosts.setdefault(site, _Host(threading.Semaphore(self._manners.per_host)))


@cache
def user_agent() -> str:
    """How tocsin presents itself to the sites it reads."""
    return f"{AGENT}/{version('tocsin')} (open early warning; reads robots.txt)"


def _target(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise AddressRefused(f"{url} redirects to {location!r}, which is no address.") from error


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds until the server wants to be asked again (RFC 9110 section 10.2.3), where it says so."""
    stated = response.headers.get("retry-after", "").strip()
    if stated.isdigit():
        return float(stated)
    try:
        return max(0.0, (parsedate_to_datetime(stated) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _decompressed(pieces: Iterable[bytes], encoding: str, url: str) -> Iterator[bytes]:
    """Undo gzip and deflate piece by piece: a small body that unfolds into a huge one is noticed on the way."""
    names = [name.strip().lower() for name in encoding.split(",") if name.strip() not in ("", "identity")]
    if not names:
        yield from pieces
        return
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"{url} is encoded as {encoding!r}, which was not asked for.")
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)
    first = True
    for piece in pieces:
        while piece:
            try:
                yield inflate.decompress(piece, 1_000_000)
            except zlib.error as error:
                if not first or names[0] != "deflate":
                    raise FetchFailed(f"{url} is damaged: {error}.") from error
                inflate = zlib.decompressobj(-zlib.MAX_WBITS)  # some servers send bare deflate (RFC 9110 8.4.1.2)
                yield inflate.decompress(piece, 1_000_000)
            first = False
            piece = inflate.unconsumed_tail
