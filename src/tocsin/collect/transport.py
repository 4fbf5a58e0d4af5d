"""An HTTP transport that connects only to addresses it has checked itself."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2
import httpx2

from tocsin.collect.address import Permitted, Resolver, resolve


class CheckedBackend(httpcore2.NetworkBackend):
    """Resolves a host, checks every address it stands for, and connects to one of those very addresses."""

    def __init__(self, resolver: Resolver, permitted: Permitted) -> None:
        self._resolver = resolver
        self._permitted = permitted
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        """Connect to `host`. Raises `AddressRefused` before any packet is sent, or httpcore's ConnectError."""
        try:
            addresses = resolve(host, host, port, self._resolver, self._permitted)
        except OSError as error:
            raise httpcore2.ConnectError(f"{host} cannot be resolved: {error}") from error
        failure: Exception | None = None
        for address in addresses[:4]:
            try:
                return self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        """Never: a socket file is on this machine."""
        raise httpcore2.ConnectError("connections to local sockets are refused")


class CheckedTransport(httpx2.HTTPTransport):
    """httpx's transport with its pool on a `CheckedBackend`; TLS still verifies the name that was asked for."""

    def __init__(self, resolver: Resolver, permitted: Permitted, context: ssl.SSLContext | None = None) -> None:
        # httpx has no public way to hand its pool a network backend, hence the pool of our own
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context or httpx2.create_ssl_context(trust_env=False),
            max_connections=32,
            max_keepalive_connections=8,
            keepalive_expiry=15.0,
            network_backend=CheckedBackend(resolver, permitted),
        )
