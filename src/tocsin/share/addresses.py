"""Calling addresses that others have given us: only where the administrator allows, and nowhere inside.

A name is looked up once, every address it stands for is checked, and the call goes to the address that was checked:
a name that means something else a moment later gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from tocsin.share.database import ShareError

TIMEOUT = 20.0
LARGEST_ANSWER = 64 * 1024 * 1024

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """The addresses that a name stands for."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def public_address(url: str, *, inside: frozenset[str] = frozenset(), resolver: Resolver = resolve) -> str:
    """The IP address at which `url` may be called. `inside` names hosts that are allowed though they are not public.

    Raises `ShareError` for what is no web address, is not encrypted, or leads inside.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise ShareError("The address is not a web address.") from error
    if parts.scheme not in ("http", "https") or not host or parts.username or not url.isprintable() or " " in url:
        raise ShareError("The address is not a web address without a name and password in it.")
    trusted = host in inside
    if parts.scheme != "https" and not trusted:
        raise ShareError("The address is not encrypted: use https.")
    addresses = resolver(host, port)
    if not addresses:
        raise ShareError(f"The name {host} is not known.")
    if not trusted and not all(is_public(address) for address in addresses):
        raise ShareError(f"{host} leads inside a private network: allow it by name if that is meant.")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody may call, also if it is an IPv4 address in IPv6's clothes."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    within = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    teredo = getattr(ip, "teredo", None)
    inner = [one for one in (within, *(teredo or ())) if one is not None]
    if ip in _NAT64:
        inner.append(ipaddress.ip_address(int(ip) & 0xFFFFFFFF))
    return all(one.is_global and not one.is_multicast for one in (ip, *inner))


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Outside:
    """Makes calls, each to an address that has been checked."""

    def __init__(self, *, inside: frozenset[str] = frozenset(), resolver: Resolver = resolve) -> None:
        self._inside, self._resolver = inside, resolver
        self._client = httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request. Raises `ShareError` where it cannot be made or the answer is too large."""
        address = public_address(url, inside=self._inside, resolver=self._resolver)
        parts = urlsplit(url)
        host = str(parts.hostname)
        netloc = f"[{address}]" if ":" in address else address
        target = parts._replace(netloc=netloc + (f":{parts.port}" if parts.port else "")).geturl()
        sent = {**(headers or {}), "Host": parts.netloc}
        extensions = {"sni_hostname": host} if parts.scheme == "https" else {}
        try:
            with self._client.stream(method, target, headers=sent, content=body, extensions=extensions) as answer:
                read = bytearray()
                for chunk in answer.iter_bytes():
                    read += chunk
                    if len(read) > LARGEST_ANSWER:
                        raise ShareError(f"{host} answers with more than {LARGEST_ANSWER} bytes.")
                return Answer(answer.status_code, dict(answer.headers), bytes(read))
        except httpx2.HTTPError as error:
            raise ShareError(f"{host} cannot be reached: {type(error).__name__}.") from error

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
