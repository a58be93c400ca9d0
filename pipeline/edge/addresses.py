"""Which addresses may be asked: no site may send us into somebody's private network.

Layer:   edge (asks the resolver).
Quirk:   a name may resolve anew between this look and the connection: `refusal` gives the reason
         early and in words, wire.py looks again at the address that was really reached.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 6761, 6762, 8375 and ICANN's .internal; a name without a dot is never a public one.
_PRIVATE_NAMES = (".localhost", ".local", ".internal", ".home.arpa")


def parsed(address: str) -> Address:
    """Return an address as the socket library words it."""
    return ipaddress.ip_address(address.partition("%")[0])


def resolved(host: str) -> list[Address]:
    """Return every address of a host; none if it does not resolve."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return [parsed(str(entry[4][0])) for entry in found]


def refusal(
    configured: str, target: str, resolve: Callable[[str], list[Address]] = resolved
) -> str:
    """Return why a redirect from a configured URL to `target` is refused, or "".

    A configured private host may redirect within itself, a loopback one within loopback.
    """
    try:
        there = urlsplit(target)
        _ = there.port
    except ValueError as error:
        return f"no address: {error}"
    if there.scheme not in ("http", "https") or not there.hostname:
        return f"{there.scheme or 'an empty'} address instead of http or https"
    here = urlsplit(configured).hostname or ""
    private = [address for address in resolve(there.hostname) if not is_public(address)]
    if not private:
        return ""
    home = resolve(here)
    if any(not is_public(address) for address in home) and here == there.hostname:
        return ""
    if home and all(address.is_loopback for address in (*home, *private)):
        return ""
    return f"{private[0]} is a private address"


def is_private_by_name(host: str) -> bool:
    """Tell whether whoever wrote this host meant a private network: the name alone says so."""
    plain = host.strip("[]").rstrip(".").lower()
    try:
        return not is_public(parsed(plain))
    except ValueError:
        return "." not in plain or plain.endswith(_PRIVATE_NAMES)


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open internet."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return plain.is_global and not plain.is_multicast
