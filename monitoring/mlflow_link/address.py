"""Which addresses may be connected to: what an administrator writes, and what the name turns out to mean.

A name is resolved once for each reading and every address behind it is judged; the connection then goes to the very
address that was judged, so that a name cannot mean something else a moment later.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from monitoring.mlflow_link.words import Trouble

LONGEST = 300
METADATA = frozenset(map(ip_address, ("100.100.100.200", "fd00:ec2::254", "192.0.0.192", "168.63.129.16")))
"""Where clouds tell a machine its secrets, outside the link-local range."""

Address = IPv4Address | IPv6Address


class Refused(Exception):
    """The address may not be connected to. trouble: why, as a page says it."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def shape_of(url: str) -> str:
    """The address as it is kept, without a slash at its end; "" for one that is no plain http or https address."""
    url = url.strip().rstrip("/")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return ""
    plain = parts.scheme in ("http", "https") and bool(host) and port != 0 and len(url) <= LONGEST
    bare = not (parts.username or parts.password or "@" in parts.netloc or parts.query or parts.fragment)
    printable = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    return url if plain and bare and printable else ""


def resolved(url: str, *, loopback: bool) -> Address:
    """The address that the host means now. loopback: whether this very machine may be meant.

    Raises Refused, also where only one of several addresses may not be connected to.
    """
    parts = urlsplit(url)
    return means(
        parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80), loopback=loopback
    )


def means(host: str, port: int, *, loopback: bool) -> Address:
    """The same for a host and a port, whatever is spoken there. Raises Refused."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as unknown:
        raise Refused(Trouble.UNKNOWN_HOST) from unknown
    addresses = [ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    if not addresses:
        raise Refused(Trouble.UNKNOWN_HOST)
    if any(is_refused(each, loopback=loopback) for each in addresses):
        raise Refused(Trouble.REFUSED_ADDRESS)
    return addresses[0]


def is_refused(address: Address, *, loopback: bool) -> bool:
    """Link-local and metadata addresses, and what is no address of one computer. Private networks are the usual case."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return not loopback
    odd = address.is_link_local or address.is_multicast or address.is_unspecified
    return odd or address in METADATA or (isinstance(address, IPv4Address) and address.is_reserved)
