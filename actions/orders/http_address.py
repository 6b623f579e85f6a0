"""Where a shop's own system may be asked, and with which token."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import requests

from actions.orders.store import OrderStoreUrlError

SCHEMES: Final = ("https://", "http://")
_TOKEN: Final = re.compile(r"[\x21-\x7e]+")
_EXAMPLE: Final = "https://shop.example.com/bot-api"


def is_http(url: str) -> bool:
    """Tell whether the order store is a shop's own system, and not a database."""
    return url.lower().startswith(SCHEMES)


def check_address(url: str) -> str:
    """Give the address without a slash at its end.

    Raises:
        OrderStoreUrlError: It is none, would carry the token over a network in the clear, or holds
            what does not belong into it.
    """
    try:
        prepared = requests.Request("GET", url.strip()).prepare()
        parts = urlsplit(prepared.url or "")
    except ValueError as error:  # also what `requests` raises
        raise OrderStoreUrlError(
            f"this is no address of a shop's system; write it as {_EXAMPLE}"
        ) from error
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise OrderStoreUrlError(
            "the address is http:// on another machine, and the token could be read on the way; "
            "use https://"
        )
    _check_nothing_beside(parts)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def check_token(token: str | None) -> str:
    """Give the token.

    Raises:
        OrderStoreUrlError: There is none, or it cannot be sent in a header.
    """
    if not token:
        raise OrderStoreUrlError(
            "a shop's own system needs a token; set ORDER_STORE_TOKEN to the one that it expects "
            "of the bot"
        )
    if not _TOKEN.fullmatch(token):
        raise OrderStoreUrlError(
            "ORDER_STORE_TOKEN holds a space or a character that is not ASCII; copy it again"
        )
    return token


def _check_nothing_beside(parts: SplitResult) -> None:
    if "@" in parts.netloc:
        raise OrderStoreUrlError(
            "the address holds a user or password; leave them out, the shop knows the bot by "
            "ORDER_STORE_TOKEN"
        )
    if parts.path.rstrip("/").endswith("/v1"):
        raise OrderStoreUrlError("the address ends in /v1; leave that out, the bot adds it")
    if parts.query or parts.fragment:
        raise OrderStoreUrlError(
            f"the address holds a ? or #; write only what comes before /v1, as {_EXAMPLE}"
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
