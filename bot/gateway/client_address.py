"""Which network address a request comes from, as far as it can be believed."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

Network = IPv4Network | IPv6Network
_UNKNOWN = "unknown"
_LOOPBACK = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
# One household or server usually has a whole IPv6 network of this size.
_IPV6_PREFIX = 64


def parse_networks(trusted_proxies: Sequence[str]) -> tuple[Network, ...]:
    """Read addresses and networks, such as `10.0.0.0/8`; raises ValueError for anything else."""
    return tuple(ip_network(entry, strict=False) for entry in trusted_proxies)


def find_client_address(request: Request, trusted: Sequence[Network]) -> str:
    """Return the nearest address that is not one of our own proxies.

    `X-Forwarded-For` counts only as far as trusted proxies wrote it; the rest is the client's word.
    """
    return _group(_find_nearest_stranger(request, trusted))


def is_internal(request: Request, trusted: Sequence[Network]) -> bool:
    """Tell whether a request comes from this machine or our own network, all the way.

    A proxy on this machine passes requests of strangers on, so what it says of them is heeded even
    when the settings do not name it.
    """
    ours = (*_LOOPBACK, *trusted)
    return _is_trusted(_find_nearest_stranger(request, ours), ours)


def _find_nearest_stranger(request: Request, trusted: Sequence[Network]) -> str:
    """Return the address of the first hop that is not trusted, or of the last if all are."""
    address = request.client.host if request.client else _UNKNOWN
    if trusted:
        forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        hops = [hop.strip() for hop in forwarded if hop.strip()]
        while hops and _is_trusted(address, trusted):
            address = hops.pop()
    return address


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return any(parsed in network for network in trusted)


def _group(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return _UNKNOWN
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed), _IPV6_PREFIX), strict=False))
    return str(parsed)
