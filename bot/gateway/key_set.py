"""The shop's public keys, from a JWKS file or an HTTPS address."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import jwt

from bot.gateway.errors import IdentityKeysAway, IdentityRejected

FETCH_TIMEOUT_S = 5.0
KEEP_S = 300.0
# An unknown key id fetches the set again, but forged ids must not make us hammer the shop.
REFETCH_AFTER_S = 10.0
MAX_SET_BYTES = 262_144
_PUBLIC_KEY_TYPES = ("RSA", "EC", "OKP")

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
            async with httpx.AsyncClient(timeout=FETCH_TIMEOUT_S, transport=transport) as client:
                response = await client.get(url)
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise IdentityKeysAway(f"the key set cannot be fetched: {error}") from error
        return response.content

    return fetch


class KeySet:
    """Public keys by their id, kept for five minutes."""

    algorithms = ("RS256", "ES256", "EdDSA")

    def __init__(self, fetch: Fetch, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._monotonic_s = monotonic_s
        self._keys: list[jwt.PyJWK] = []
        self._fetched_at_s = -KEEP_S
        self._lock = asyncio.Lock()

    async def find(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        key = self._match(header) if self._age_s() < KEEP_S else None
        if key is None:
            await self._refresh()
            key = self._match(header)
        if key is None:
            raise IdentityRejected(
                "The identity token is not accepted: its key is not in the shop's key set."
            )
        return key

    def _match(self, header: Mapping[str, Any]) -> jwt.PyJWK | None:
        wanted = header.get("kid")
        fitting = [key for key in self._keys if key.algorithm_name == header.get("alg")]
        if wanted is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.key_id == wanted), None)

    def _age_s(self) -> float:
        return self._monotonic_s() - self._fetched_at_s

    async def _refresh(self) -> None:
        async with self._lock:
            if self._age_s() < REFETCH_AFTER_S:
                return
            content = await self._fetch()
            self._keys = _parse(content)
            self._fetched_at_s = self._monotonic_s()


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
