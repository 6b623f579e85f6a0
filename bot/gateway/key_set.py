"""The shop's public keys, from a JWKS file or an HTTPS address.

Policy when the shop's server is away: keys that we know go on being good for some hours, so signing
in does not stop with it; a key that we do not know is an outage and no rejection. The server is
asked once in ten seconds at most, however many ask us.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import jwt
import structlog

from bot.gateway.errors import IdentityKeysAway, IdentityRejected

FETCH_TIMEOUT_S = 5.0
KEEP_S = 300.0
# How old keys may be while no newer ones can be had.
KEEP_IN_AN_OUTAGE_S = 6 * 3600.0
# An unknown key id fetches the set again, but forged ids must not make us hammer the shop.
REFETCH_AFTER_S = 10.0
MAX_SET_BYTES = 262_144
_PUBLIC_KEY_TYPES = ("RSA", "EC", "OKP")

_log = structlog.get_logger("bot.gateway")

Fetch = Callable[[], Awaitable[bytes]]


def fetch_file(path: Path) -> Fetch:
    async def fetch() -> bytes:
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise IdentityKeysAway(f"the key set {path} cannot be read") from error

    return fetch


def fetch_https(url: str, *, transport: httpx.AsyncBaseTransport | None = None) -> Fetch:
    # Once in five minutes at most, so no connection is kept open for the next time.
    async def fetch() -> bytes:
        try:
            # The client's own time-out begins anew with each piece that comes in.
            async with (
                asyncio.timeout(FETCH_TIMEOUT_S),
                httpx.AsyncClient(timeout=FETCH_TIMEOUT_S, transport=transport) as client,
                client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response,
            ):
                response.raise_for_status()
                return await _read(response)
        except (httpx.HTTPError, TimeoutError) as error:
            raise IdentityKeysAway(f"the key set cannot be fetched: {error!r}") from error

    return fetch


async def _read(response: httpx.Response) -> bytes:
    content = b""
    async for piece in response.aiter_bytes():
        content += piece
        if len(content) > MAX_SET_BYTES:
            break  # refused where it is parsed
    return content


class KeySet:
    """Public keys by their id, kept for five minutes, and for hours when there are no others."""

    algorithms = ("RS256", "ES256", "EdDSA")

    def __init__(self, fetch: Fetch, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._monotonic_s = monotonic_s
        self._keys: list[jwt.PyJWK] = []
        self._fetched_at_s = -math.inf
        self._tried_at_s = -math.inf
        self._failure: str | None = None
        self._lock = asyncio.Lock()

    async def find(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        """Return the key that a token's header names.

        Raises:
            IdentityRejected: the shop has no such key.
            IdentityKeysAway: nobody can tell whether it has.
        """
        known = self._match(header)
        # While somebody fetches, the others go on with what is known.
        if known is not None and (self._age_s() < KEEP_S or self._lock.locked()):
            return known
        await self._refresh()
        key = self._match(header)
        if key is not None:
            return key
        if self._failure is not None:
            raise IdentityKeysAway(self._failure)
        raise IdentityRejected(
            "The identity token is not accepted: its key is not in the shop's key set."
        )

    def _match(self, header: Mapping[str, Any]) -> jwt.PyJWK | None:
        if self._age_s() >= KEEP_IN_AN_OUTAGE_S:
            return None
        wanted = header.get("kid")
        fitting = [key for key in self._keys if key.algorithm_name == header.get("alg")]
        if wanted is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.key_id == wanted), None)

    def _age_s(self) -> float:
        return self._monotonic_s() - self._fetched_at_s

    async def _refresh(self) -> None:
        async with self._lock:
            if self._monotonic_s() - self._tried_at_s < REFETCH_AFTER_S:
                return
            try:
                self._keys = _parse(await self._fetch())
                self._fetched_at_s = self._monotonic_s()
                self._failure = None
            except IdentityKeysAway as error:
                _log.warning("identity_keys_away", reason=str(error))
                self._failure = str(error)
            finally:
                self._tried_at_s = self._monotonic_s()


def _parse(content: bytes) -> list[jwt.PyJWK]:
    """Return the public signing keys; a symmetric key in a public set is nobody's secret."""
    if len(content) > MAX_SET_BYTES:
        raise IdentityKeysAway("the key set is too large")
    try:
        keys = jwt.PyJWKSet.from_json(content.decode("utf-8")).keys
    except (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IdentityKeysAway("the key set is not a JSON Web Key Set") from error
    return [
        key for key in keys if key.key_type in _PUBLIC_KEY_TYPES and key.public_key_use != "enc"
    ]
