"""Which addresses tocsin may connect to: the public internet over HTTP, and nothing else, however it is written.

The check that counts is made on the resolved addresses, at connection time, on every redirect, and the connection goes
to the very address that was checked (so a name cannot resolve differently a second time). OWASP's "Server-Side
Request Forgery Prevention" lists the forms that naive checks let through.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from tocsin.collect.errors import AddressRefused

Resolver = Callable[[str, int], Iterable[str]]
"""From a host name and port to the textual addresses it stands for; raises OSError where it stands for none."""

_LOCAL_NAMES = re.compile(r"(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa)$")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_COMPATIBLE = IPv6Network("::/96")
# Special uses that Python's ipaddress counts as global in one version or another (RFC 6890 and IANA's registries)
_SPECIAL = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "fec0::/10", "100::/64", "2001:2::/48",
        "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20", "5f00::/16",
    )
)  # fmt: skip
_LOW_PORTS = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Permitted:
    """Networks that may be connected to although they are not public: an explicit opt-in, used by tests on loopback."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, *networks: str) -> Permitted:
        """From their textual form ("127.0.0.0/8")."""
        return cls(tuple(ip_network(network) for network in networks))

    def holds(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether `address` lies in one of the permitted networks."""
        return any(address.version == network.version and address in network for network in self.networks)


PUBLIC_ONLY = Permitted()


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of `host` by the system's resolver."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def vet_url(url: str, permitted: Permitted = PUBLIC_ONLY) -> tuple[str, int]:
    """Host and port of `url`, if its written form is acceptable.

    Raises:
        AddressRefused: not HTTP(S), holds a user name, a control character or no host, a port of another service, a
            local name, or an address that is not public.
    """
    if re.search(r"[\x00-\x20\x7f\\]", url.strip()) or url != url.strip():
        raise AddressRefused(f"{url!r} is refused: it holds a space, a control character or a backslash.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(f"{url!r} is refused: {error}.") from error
    if parts.scheme not in ("http", "https"):
        raise AddressRefused(f"{url!r} is refused: only http and https are fetched.")
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise AddressRefused(f"{url!r} is refused: it holds a user name before the host.")
    host = (parts.hostname or "").rstrip(".")
    port = port or (443 if parts.scheme == "https" else 80)
    vet_host(url, host, permitted)
    if port < 1024 and port not in _LOW_PORTS:
        raise AddressRefused(f"{url!r} is refused: port {port} belongs to another service.")
    return host, port


def vet_host(url: str, host: str, permitted: Permitted = PUBLIC_ONLY) -> None:
    """Refuse local names, and literal addresses that are not public in any notation that a resolver understands."""
    plain = unicodedata.normalize("NFKC", host.replace("。", ".").replace("｡", ".")).lower().strip("[]").rstrip(".")
    if not plain or "%" in plain:
        raise AddressRefused(f"{url!r} is refused: it names no host that can be checked.")
    literal = _literal(plain)
    if literal is not None:
        _vet_address(url, literal, permitted)
    elif _is_local_name(plain) and not (permitted.networks and plain == "localhost"):
        raise AddressRefused(f"{url!r} is refused: {host} is a name of a local network.")


def _is_local_name(host: str) -> bool:
    return _LOCAL_NAMES.search(host) is not None or not ("." in host or ":" in host)


def resolve(url: str, host: str, port: int, resolver: Resolver, permitted: Permitted = PUBLIC_ONLY) -> list[str]:
    """The addresses to connect to for `host`, every one of them checked.

    Raises:
        AddressRefused: any of them is not public (one private address among public ones is how names are rebound).
        OSError: the name stands for no address.
    """
    literal = _literal(unicodedata.normalize("NFKC", host).strip("[]").rstrip("."))
    found = [str(literal)] if literal is not None else list(resolver(host, port))
    if not found:
        raise OSError(f"{host} has no address")
    for text in found:
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError as error:
            raise AddressRefused(f"{url!r} is refused: {host} resolves to {text!r}, which is no address.") from error
        if "%" in text:
            raise AddressRefused(f"{url!r} is refused: {host} resolves to {text}, an address of this machine's links.")
        _vet_address(url, address, permitted)
    return found


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that `host` writes out, also in the octal, hexadecimal and shortened forms of inet_aton(3)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    if re.fullmatch(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}", host, re.IGNORECASE):
        try:
            return IPv4Address(socket.inet_aton(host))
        except OSError:
            return IPv4Address(0)  # looks like an address, is none: never leave it to a resolver
    return None


def _vet_address(url: str, address: IPv4Address | IPv6Address, permitted: Permitted) -> None:
    for inner in _meanings(address):
        if not is_public(inner) and not permitted.holds(inner):
            raise AddressRefused(f"{url!r} is refused: {inner} is not an address on the public internet.")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether `address` is reachable from anywhere and belongs to no special use (IANA registries)."""
    if address.is_multicast or address.is_reserved or address.is_unspecified or not address.is_global:
        return False
    return not any(address.version == network.version and address in network for network in _SPECIAL)


def _meanings(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """`address` and the IPv4 addresses that transition mechanisms hide in it."""
    if isinstance(address, IPv4Address):
        return [address]
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    hidden: list[IPv4Address] = []
    if any(address in network for network in (_NAT64, _NAT64_LOCAL, _TRANSLATED)):
        hidden.append(low)
    if address in _COMPATIBLE and int(address) > 1:
        hidden.append(low)
    if address.sixtofour is not None:
        hidden.append(address.sixtofour)
    if address.teredo is not None:
        hidden.extend(address.teredo)
    if (int(address) >> 32) & 0xFFFFFFFF in (0x00005EFE, 0x02005EFE):  # ISATAP, RFC 5214
        hidden.append(low)
    return [address, *hidden]
