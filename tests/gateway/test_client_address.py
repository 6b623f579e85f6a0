import pytest
from starlette.requests import Request

from bot.gateway.client_address import find_client_address, is_internal, parse_networks


def request_from(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = (peer, 1234) if peer is not None else None
    return Request({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["nonsense"], "unknown"),
        (None, [], "unknown"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
    ],
)
def test_address_is_the_nearest_that_our_proxies_vouch_for(
    peer: str | None, forwarded: list[str], address: str
) -> None:
    trusted = parse_networks(["10.0.0.0/8"])
    assert find_client_address(request_from(peer, *forwarded), trusted) == address


@pytest.mark.parametrize(
    ("peer", "forwarded", "internal"),
    [
        ("127.0.0.1", [], True),
        ("::1", [], True),
        ("::ffff:127.0.0.1", [], True),
        ("10.0.0.1", [], True),
        ("127.0.0.1", ["10.0.0.9"], True),
        ("203.0.113.9", [], False),
        ("203.0.113.9", ["127.0.0.1"], False),
        ("127.0.0.1", ["198.51.100.1"], False),
        ("10.0.0.1", ["127.0.0.1, 198.51.100.1"], False),
        ("127.0.0.1", ["nonsense"], False),
        (None, [], False),
    ],
)
def test_stranger_behind_our_proxy_is_not_internal(
    peer: str | None, forwarded: list[str], internal: bool
) -> None:
    trusted = parse_networks(["10.0.0.0/8"])
    assert is_internal(request_from(peer, *forwarded), trusted) == internal
