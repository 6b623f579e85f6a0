import time

import jwt
import pytest

from tests.gateway.conftest import Start
from tests.gateway.running import IDENTITY_SECRET, SECRET, Gateway


def sign(secret: str = IDENTITY_SECRET, algorithm: str = "HS256", **claims: object) -> str:
    return jwt.encode({"sub": "C100", "exp": int(time.time()) + 600, **claims}, secret, algorithm)


async def test_guest_gets_a_session_without_a_customer(start: Start) -> None:
    async with start() as gateway:
        response = await gateway.client.post("/api/v1/sessions", json={})
    assert response.status_code == 201
    assert response.json()["customer"] is None


async def test_customer_of_the_shop_is_greeted_by_name(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open(identity=sign(name="Ana Torres"))
    assert shopper.session["customer"] == {"name": "Ana Torres"}


async def test_brain_is_told_the_customer_and_what_the_browser_said(gateway: Gateway) -> None:
    shopper = await gateway.open(identity=sign(), time_zone="Europe/Berlin", locale="en-GB")
    await shopper.ask("hello")
    told = gateway.services.brain.asked[0].shopper  # type: ignore[attr-defined] # the fake
    assert told["customer_id"] == "C100"
    assert (told["time_zone"], told["locale"]) == ("Europe/Berlin", "en-GB")


async def test_brain_is_told_an_address_key_and_no_address(gateway: Gateway) -> None:
    shopper = await gateway.open()
    await shopper.ask("hello")
    told = gateway.services.brain.asked[0].shopper  # type: ignore[attr-defined] # the fake
    assert len(str(told["address_key"])) == 32
    assert "127.0.0.1" not in str(told)


async def test_unknown_time_zone_counts_as_utc(gateway: Gateway) -> None:
    shopper = await gateway.open(time_zone="Mars/Olympus")
    await shopper.ask("hello")
    told = gateway.services.brain.asked[0].shopper  # type: ignore[attr-defined] # the fake
    assert told["time_zone"] == "UTC"


@pytest.mark.parametrize(
    "identity",
    [
        "",
        "not a token",
        sign("x" * 64),
        sign(exp=int(time.time()) - 120),
        sign(exp=int(time.time()) + 7200),
        sign(sub=""),
        sign(sub="x" * 129),
        sign(sub="C1\x0000"),
        sign(aud="somebody-else"),
        sign(name=["Ana"]),
        sign(algorithm="HS512"),
        jwt.encode({"sub": "C100", "exp": int(time.time()) + 60}, "", "none"),
        jwt.encode({"sub": "C100"}, IDENTITY_SECRET, "HS256"),
        jwt.encode({"exp": int(time.time()) + 60}, IDENTITY_SECRET, "HS256"),
    ],
)
async def test_identity_that_proves_nothing_is_refused_and_never_a_guest(
    gateway: Gateway, identity: str
) -> None:
    response = await gateway.client.post("/api/v1/sessions", json={"identity": identity})
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"


async def test_identity_is_refused_when_no_key_is_set_up(start: Start) -> None:
    async with start(BOT_IDENTITY_SECRET="") as gateway:
        response = await gateway.client.post("/api/v1/sessions", json={"identity": sign()})
    assert response.status_code == 401


async def test_session_token_is_no_identity(gateway: Gateway) -> None:
    shopper = await gateway.open()
    response = await gateway.client.post(
        "/api/v1/sessions", json={"identity": shopper.session["token"]}
    )
    assert response.status_code == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer nonsense",
        "Basic dXNlcjpwYXNz",
        f"Bearer {sign()}",
        "Bearer "
        + jwt.encode(
            {"aud": "shop-support-bot/session", "sid": "a", "cid": "b", "exp": 9_999_999_999},
            SECRET,
            "HS256",
        ),
        "Bearer "
        + jwt.encode(
            {"aud": "shop-support-bot/session", "sid": "a", "cid": "b", "exp": 9_999_999_999},
            "",
            "none",
        ),
    ],
)
async def test_calls_without_a_session_of_ours_are_refused(
    gateway: Gateway, authorization: str
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    response = await gateway.client.get("/api/v1/conversation", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


async def test_restart_gives_the_same_customer_a_new_conversation(start: Start) -> None:
    async with start() as gateway:
        shopper = await gateway.open(identity=sign(name="Ana"))
        await shopper.ask("hello")
        again = (await shopper.post("restart", {})).json()
        old = (await shopper.get()).json()
    assert again["conversation_id"] != shopper.session["conversation_id"]
    assert again["customer"] == {"name": "Ana"}
    assert old["state"] == "closed"
