"""Identity tokens: how the shop's server vouches for a signed-in customer.

The algorithms are pinned by which key is set, so that a public key can never be used as a shared
secret. Whatever is wrong with a token, its bearer is refused and never becomes a guest: a shopper
who should be signed in would otherwise be told that their orders do not exist.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import jwt

from bot.gateway.errors import IdentityRejected
from bot.gateway.model import Customer
from bot.gateway.typed_text import clean_line

AUDIENCE = "shop-support-bot"
MAX_LIFETIME_S = 3600
LEEWAY_S = 30
MAX_CUSTOMER_ID_CHARS = 128
MAX_NAME_CHARS = 100

_MALFORMED = (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError)


class IdentityKeys(Protocol):
    """Where the key of a token comes from."""

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Return the only algorithms that tokens may be signed with."""
        ...

    async def find(self, header: Mapping[str, Any]) -> Any:
        """Return the key that a token with this header must be signed with.

        Raises:
            IdentityRejected: there is none.
            IdentityKeysAway: the keys cannot be fetched now.
        """


class SharedSecret:
    """One secret that the shop's server has too (HS256)."""

    algorithms = ("HS256",)

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def find(self, header: Mapping[str, Any]) -> Any:
        return self._secret


class NoKeys:
    """No way to check identities is set up, so none is believed."""

    algorithms = ()

    async def find(self, header: Mapping[str, Any]) -> Any:
        raise IdentityRejected(
            "This bot has no key to check identities with: set BOT_IDENTITY_SECRET or "
            "BOT_IDENTITY_JWKS, or leave `identity` out for a guest."
        )


async def verify_identity(token: str, keys: IdentityKeys, *, now: datetime) -> Customer:
    """Return the customer whom the token names.

    Raises:
        IdentityRejected: anything about the token is wrong.
        IdentityKeysAway: it cannot be checked now.
    """
    try:
        header = jwt.get_unverified_header(token)
    except _MALFORMED as error:
        raise _rejected("it is not a JWT") from error
    if keys.algorithms and header.get("alg") not in keys.algorithms:
        raise _rejected(f"its algorithm must be {' or '.join(keys.algorithms)}")
    key = await keys.find(header)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=list(keys.algorithms),
            leeway=LEEWAY_S,
            options={"require": ["exp", "sub"], "verify_aud": False},
        )
    except _MALFORMED as error:
        raise _rejected(_explain(error)) from error
    _check_lifetime(claims["exp"], now)
    _check_audience(claims.get("aud"))
    return Customer(id=_customer_id(claims["sub"]), name=_name(claims.get("name")))


def _rejected(reason: str) -> IdentityRejected:
    return IdentityRejected(f"The identity token is not accepted: {reason}.")


def _explain(error: Exception) -> str:
    match error:
        case jwt.ExpiredSignatureError():
            return "it has expired"
        case jwt.InvalidSignatureError():
            return "its signature is wrong"
        case jwt.MissingRequiredClaimError():
            return f"the claim `{error.claim}` is missing"
        case _:
            return "its claims are not well formed"


def _check_lifetime(exp: object, now: datetime) -> None:
    latest = now + timedelta(seconds=MAX_LIFETIME_S + LEEWAY_S)
    if not isinstance(exp, int | float) or exp > latest.timestamp():
        raise _rejected("`exp` may be at most one hour ahead")


def _check_audience(audience: object) -> None:
    """A token may say nothing of an audience; one made for someone else is not for us."""
    if audience is None or audience == AUDIENCE:
        return
    if not isinstance(audience, list) or AUDIENCE not in audience:
        raise _rejected(f"`aud` must be `{AUDIENCE}` or left out")


def _customer_id(sub: object) -> str:
    if not isinstance(sub, str) or not 0 < len(sub) <= MAX_CUSTOMER_ID_CHARS:
        raise _rejected(f"`sub` must be a customer id of 1 to {MAX_CUSTOMER_ID_CHARS} characters")
    if sub != clean_line(sub):
        raise _rejected("`sub` must not hold control characters or outer white space")
    return sub


def _name(name: object) -> str | None:
    if name is None:
        return None
    if not isinstance(name, str) or len(name) > MAX_NAME_CHARS:
        raise _rejected(f"`name` must be a text of at most {MAX_NAME_CHARS} characters")
    return clean_line(name) or None
