"""Which address a redirect may lead to: no site may send us into somebody's private network.

Layer:   edge (asks the resolver).
Quirk:   a name may resolve anew between this look and the connection; whoever needs more than
         that closes private networks at the firewall.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def resolved(host: str) -> list[Address]:
    """Return every address of a host; none if it does not resolve."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        return []
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def refusal(
    configured: str, target: str, resolve: Callable[[str], list[Address]] = resolved
) -> str:
    """Return why a redirect from a configured URL to `target` is refused, or "".

    A configured private host may redirect within itself, a loopback one within loopback.
    """
    there = urlsplit(target)
    if there.scheme not in ("http", "https") or not there.hostname:
        return f"{there.scheme or 'an empty'} address instead of http or https"
    here = urlsplit(configured).hostname or ""
    private = [address for address in resolve(there.hostname) if not _is_public(address)]
    if not private:
        return ""
    home = resolve(here)
    if any(not _is_public(address) for address in home) and here == there.hostname:
        return ""
    if home and all(address.is_loopback for address in (*home, *private)):
        return ""
    return f"{private[0]} is a private address"


def _is_public(address: Address) -> bool:
    plain = getattr(address, "ipv4_mapped", None) or address
    return plain.is_global and not plain.is_multicast
