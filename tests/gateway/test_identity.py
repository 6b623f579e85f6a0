import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from bot.gateway.errors import IdentityKeysAway, IdentityRejected
from bot.gateway.identity import SharedSecret, verify_identity
from bot.gateway.key_set import MAX_SET_BYTES, KeySet, fetch_file, fetch_https

RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
ED_KEY = ed25519.Ed25519PrivateKey.generate()
JWKS = {
    "keys": [
        {**RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True), "kid": "rsa"},
        {**ECAlgorithm.to_jwk(EC_KEY.public_key(), as_dict=True), "kid": "ec"},
        {**OKPAlgorithm.to_jwk(ED_KEY.public_key(), as_dict=True), "kid": "ed"},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0" * 8},
    ]
}


def claims(**changes: object) -> dict[str, object]:
    return {"sub": "C100", "exp": int(time.time()) + 600, **changes}


def now() -> datetime:
    return datetime.now(UTC)


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Server:
    """Gives the key set over HTTPS, and counts how often."""

    def __init__(self, jwks: Mapping[str, Any] = JWKS, status: int = 200) -> None:
        self.jwks, self.status, self.fetched = jwks, status, 0

    def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.fetched += 1
        return httpx.Response(self.status, json=self.jwks)

    def keys(self, seconds: Seconds | None = None) -> KeySet:
        fetch = fetch_https("https://shop.test/keys", transport=httpx.MockTransport(self))
        return KeySet(fetch, monotonic_s=seconds or Seconds())


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"),
    [(RSA_KEY, "RS256", "rsa"), (EC_KEY, "ES256", "ec"), (ED_KEY, "EdDSA", "ed")],
)
async def test_each_public_key_proves_a_customer(key: Any, algorithm: str, kid: str) -> None:
    token = jwt.encode(claims(name=" Ana  Torres "), key, algorithm, {"kid": kid})
    customer = await verify_identity(token, Server().keys(), now=now())
    assert (customer.id, customer.name) == ("C100", "Ana Torres")


async def test_only_key_of_its_kind_needs_no_id() -> None:
    token = jwt.encode(claims(), RSA_KEY, "RS256")
    assert (await verify_identity(token, Server().keys(), now=now())).id == "C100"


async def test_public_key_is_never_a_shared_secret() -> None:
    public = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "kid": "rsa"}).encode())
    payload = jwt.utils.base64url_encode(json.dumps(claims()).encode())
    signing_input = header + b"." + payload
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    forged = signature.sign(signing_input, public)
    token = (signing_input + b"." + jwt.utils.base64url_encode(forged)).decode()
    with pytest.raises(IdentityRejected):
        await verify_identity(token, Server().keys(), now=now())


async def test_symmetric_key_in_a_public_set_proves_nothing() -> None:
    secret = jwt.utils.base64url_decode("c2VjcmV0" * 8)
    token = jwt.encode(claims(), secret, "HS256", {"kid": "shared"})
    with pytest.raises(IdentityRejected):
        await verify_identity(token, Server().keys(), now=now())


async def test_key_of_one_kind_does_not_sign_for_another() -> None:
    token = jwt.encode(claims(), EC_KEY, "ES256", {"kid": "rsa"})
    with pytest.raises(IdentityRejected):
        await verify_identity(token, Server().keys(), now=now())


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "soon"},
        {"exp": [1]},
        {"exp": 1e400},
        {"exp": float("nan")},
        {"exp": True},
        {"nbf": int(time.time()) + 86_400},
        {"iat": "yesterday"},
        {"sub": 100},
        {"sub": None},
        {"sub": ["C100"]},
        {"sub": " C100"},
        {"sub": "C\n100"},
        {"aud": ["somebody", "else"]},
        {"aud": 7},
        {"name": 7},
        {"name": "x" * 101},
    ],
)
async def test_strange_claims_are_rejected(changes: dict[str, object]) -> None:
    # Signed by hand, since the library would not write some of these.
    header = jwt.utils.base64url_encode(b'{"alg": "HS256", "typ": "JWT"}')
    payload = jwt.utils.base64url_encode(json.dumps(claims(**changes)).encode())
    signing_input = header + b"." + payload
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signed = jwt.utils.base64url_encode(signature.sign(signing_input, b"k" * 32))
    token = (signing_input + b"." + signed).decode()
    with pytest.raises(IdentityRejected):
        await verify_identity(token, SharedSecret("k" * 32), now=now())


@pytest.mark.parametrize("audience", ["shop-support-bot", ["shop-support-bot", "other"]])
async def test_token_may_name_us_as_its_audience(audience: object) -> None:
    token = jwt.encode(claims(aud=audience), "k" * 32, "HS256")
    assert (await verify_identity(token, SharedSecret("k" * 32), now=now())).id == "C100"


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é.é.é", "e30.e30.", "\ud800"])
async def test_what_is_no_token_is_rejected(token: str) -> None:
    with pytest.raises(IdentityRejected):
        await verify_identity(token, SharedSecret("k" * 32), now=now())


async def test_key_set_is_fetched_once_in_five_minutes() -> None:
    server, seconds = Server(), Seconds()
    keys = server.keys(seconds)
    for _ in range(3):
        await keys.find({"alg": "RS256", "kid": "rsa"})
    seconds.now += 301
    await keys.find({"alg": "RS256", "kid": "rsa"})
    assert server.fetched == 2


async def test_new_key_is_found_and_made_up_ids_do_not_hammer_the_shop() -> None:
    server, seconds = Server({"keys": JWKS["keys"][:1]}), Seconds()
    keys = server.keys(seconds)
    await keys.find({"alg": "RS256", "kid": "rsa"})
    server.jwks = JWKS
    for _ in range(5):
        with pytest.raises(IdentityRejected):
            await keys.find({"alg": "ES256", "kid": "ec"})
    seconds.now += 11
    assert (await keys.find({"alg": "ES256", "kid": "ec"})).key_id == "ec"
    assert server.fetched == 2


@pytest.mark.parametrize("server", [Server(status=500), Server({"keys": []}), Server({})])
async def test_key_set_that_cannot_be_used_is_an_outage_and_no_rejection(server: Server) -> None:
    with pytest.raises(IdentityKeysAway):
        await server.keys().find({"alg": "RS256", "kid": "rsa"})


async def test_known_keys_stay_good_for_hours_while_the_shop_is_away() -> None:
    server, seconds = Server(), Seconds()
    keys = server.keys(seconds)
    await keys.find({"alg": "RS256", "kid": "rsa"})
    server.status = 500
    seconds.now += 3600
    assert (await keys.find({"alg": "RS256", "kid": "rsa"})).key_id == "rsa"
    seconds.now += 6 * 3600
    with pytest.raises(IdentityKeysAway):
        await keys.find({"alg": "RS256", "kid": "rsa"})


async def test_unknown_keys_do_not_hammer_a_shop_that_is_away() -> None:
    server, seconds = Server(status=500), Seconds()
    keys = server.keys(seconds)
    for kid in ("a", "b", "c"):
        with pytest.raises(IdentityKeysAway):
            await keys.find({"alg": "RS256", "kid": kid})
    assert server.fetched == 1
    seconds.now += 11
    with pytest.raises(IdentityKeysAway):
        await keys.find({"alg": "RS256", "kid": "a"})
    assert server.fetched == 2


async def test_known_key_is_not_kept_waiting_while_the_set_is_fetched() -> None:
    answer, seconds = asyncio.Event(), Seconds()
    fetched: list[float] = []

    async def fetch() -> bytes:
        fetched.append(seconds.now)
        if len(fetched) > 1:
            await answer.wait()
        return json.dumps(JWKS).encode()

    keys = KeySet(fetch, monotonic_s=seconds)
    await keys.find({"alg": "RS256", "kid": "rsa"})
    seconds.now += 301
    slow = asyncio.create_task(keys.find({"alg": "RS256", "kid": "rsa"}))
    await asyncio.sleep(0)
    assert (await keys.find({"alg": "ES256", "kid": "ec"})).key_id == "ec"
    answer.set()
    assert (await slow).key_id == "rsa"


async def test_key_set_without_end_is_given_up() -> None:
    given = 0

    async def pour() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 65_536
            yield b" " * 65_536

    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=pour()))
    with pytest.raises(IdentityKeysAway, match="too large"):
        await KeySet(fetch_https("https://shop.test/keys", transport=transport)).find({})
    assert given < 2 * MAX_SET_BYTES


async def test_key_set_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(JWKS))
    assert (await KeySet(fetch_file(path)).find({"alg": "EdDSA", "kid": "ed"})).key_id == "ed"


async def test_missing_key_file_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(IdentityKeysAway):
        await KeySet(fetch_file(tmp_path / "none")).find({"alg": "RS256"})
