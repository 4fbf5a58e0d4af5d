"""The fetcher's address check: more than 500 ways of writing "this machine" or "this network", and all are refused."""
# ruff: noqa: E501, S104 - tables of addresses; none is listened on

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

import pytest

from tocsin.collect.address import Permitted, resolve, vet_url
from tocsin.collect.errors import AddressRefused

INSIDE = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.1",
    "192.168.0.1", "192.168.1.254", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.192",
    "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
]  # fmt: skip
INSIDE_SIX = [
    "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "0:0:0:0:0:0:0:1", "2001:db8::1", "::ffff:0:0",
]  # fmt: skip


def notations(address: str) -> Iterator[str]:
    """Everything that inet_aton and browsers take for the same IPv4 address."""
    a, b, c, d = (int(part) for part in address.split("."))
    whole = int(IPv4Address(address))
    yield address
    yield f"{address}."
    yield str(whole)
    yield hex(whole)
    yield f"0{whole:o}"
    yield f"0{a:o}.0{b:o}.0{c:o}.0{d:o}"
    yield f"{a:#x}.{b:#x}.{c:#x}.{d:#x}"
    yield f"{a:#x}.{b}.0{c:o}.{d}"
    yield f"{a}.{b}.{c << 8 | d}"
    yield f"{a}.{b << 16 | c << 8 | d}"
    yield f"0000{a:o}.{b}.{c}.{d}"
    yield "。".join(str(part) for part in (a, b, c, d))
    yield "".join(chr(0xFF10 + int(char)) if char.isdigit() else char for char in address)
    yield "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(char)] if char.isdigit() else char for char in address)
    yield f"[::ffff:{address}]"
    yield f"[::ffff:{whole >> 16:x}:{whole & 0xFFFF:x}]"
    yield f"[0:0:0:0:0:ffff:{address}]"
    yield f"[64:ff9b::{address}]"
    yield f"[2002:{whole >> 16:x}:{whole & 0xFFFF:x}::1]"
    yield f"[::{address}]" if whole > 1 else "[::]"
    yield f"[fe80::5efe:{address}]"


NAMES = [
    "localhost", "LOCALHOST", "localhost.", "foo.localhost", "localhost.localdomain", "printer.local", "metadata.google.internal",
    "intranet", "router.lan", "db.corp", "nas.home.arpa", "kubernetes.default.svc.cluster.local", "wiki.intranet",
]  # fmt: skip
TRICKS = [
    "http://example.com@127.0.0.1/", "http://127.0.0.1@example.com/", "http://user:password@example.com/", "http://@example.com/",
    "http://example.com\\@127.0.0.1/", "http://127.0.0.1\\.example.com/", "http:// 127.0.0.1/", "http://127.0.0.1\t/",
    "http://example.com\n.evil/", "http://example.com:22/", "http://example.com:25/", "http://example.com:6379x/",
    "file:///etc/passwd", "ftp://example.com/", "gopher://example.com:70/_x", "dict://example.com/", "data:text/html,hello",
    "javascript:alert(1)", "//example.com/", "http:///path", "http://", "", "http://[", "http://[::1", "http://[fe80::1%25eth0]/",
    "http://exa%6dple.com/", "http://127.0.0.1%00.example.com/", "http://0/", "http://127.1/", "http://0x7f.1/", "http://017700000001/",
    "http://1/", "http://99999999999/", "http://256.256.256.256/", "http://127.0.0.0x1/", "jar:http://example.com!/", "unix:/var/run/x",
]  # fmt: skip


def forms() -> list[str]:
    hosts = (
        [host for address in INSIDE for host in notations(address)] + [f"[{address}]" for address in INSIDE_SIX] + NAMES
    )
    urls = [f"http://{host}/latest/meta-data" for host in hosts]
    return [
        *urls,
        *(url.replace("http://", "https://").replace("/latest", ":8443/latest") for url in urls[::2]),
        *TRICKS,
    ]


def test_there_are_more_than_five_hundred_forms() -> None:
    assert len(set(forms())) > 500


@pytest.mark.parametrize("block", range(20))
def test_every_form_is_refused_before_anything_is_resolved(block: int) -> None:
    let_through = []
    for url in forms()[block::20]:
        try:
            vet_url(url)
        except AddressRefused:
            continue
        else:
            let_through.append(url)
    assert let_through == []


@pytest.mark.parametrize(
    "address", [*INSIDE, *INSIDE_SIX, "fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"]
)
def test_a_public_name_that_resolves_inside_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        resolve("http://rebound.example.org/", "rebound.example.org", 80, lambda host, port: [address])


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused):
        resolve("http://x.example.org/", "x.example.org", 80, lambda host, port: ["93.184.216.34", "127.0.0.1"])


def test_what_is_checked_is_what_is_connected_to() -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    assert resolve("http://x.example.org/", "x.example.org", 80, lambda host, port: next(answers)) == ["93.184.216.34"]


@pytest.mark.parametrize(
    "url",
    ["http://example.com/", "https://sub.example.co.uk:8443/path?q=1#x", "http://93.184.216.34/", "http://[2606:2800:220:1::1]/",
     "https://xn--fiqs8s.example/", "https://中文.example/"],
)  # fmt: skip
def test_the_public_internet_is_not_refused(url: str) -> None:
    vet_url(url)


def test_loopback_is_an_explicit_opt_in_and_opens_nothing_else() -> None:
    loopback = Permitted.of("127.0.0.0/8")
    assert vet_url("http://127.0.0.1:8080/", loopback) == ("127.0.0.1", 8080)
    for url in ("http://169.254.169.254/", "http://10.0.0.1/", "http://[::1]/", "http://user@127.0.0.1/"):
        with pytest.raises(AddressRefused):
            vet_url(url, loopback)
