"""A guest's conversation that goes on after sign-in, and whatever must not be reached that way."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from bot.db.engine import reading, writing
from bot.db.schema import conversations, sessions
from bot.gateway.clock import utc_now
from bot.gateway.errors import NotSignedIn
from bot.gateway.model import Customer, Session
from bot.gateway.session_store import Opening
from bot.gateway.sign_in import sign_in
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper, until, until_blocked
from tests.gateway.test_bad_input import assert_problem
from tests.gateway.test_sessions import sign
from tests.gateway.test_stream import listen, serving


async def post_session(gateway: Gateway, customer: str | None, token: str | None) -> httpx.Response:
    body = {"identity": sign(sub=customer, name=customer)} if customer else {}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await gateway.client.post("/api/v1/sessions", json=body, headers=headers)


async def continue_as(gateway: Gateway, customer: str, before: Shopper) -> Shopper:
    response = await post_session(gateway, customer, before.session["token"])
    assert response.status_code == 201, response.text
    return replace(before, session=response.json())


def conversation_of(shopper: Shopper) -> str:
    found: str = shopper.session["conversation_id"]
    return found


def owners(engine: Engine) -> dict[str, str | None]:
    with reading(engine) as connection:
        rows = connection.execute(select(conversations.c.id, conversations.c.customer_id))
        return {row.id: row.customer_id for row in rows}


async def test_conversation_goes_on_as_the_customers(
    start: Start, engine: Engine, brain: FakeBrain
) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        (reply,) = await guest.ask("hello")
        await guest.post("feedback", {"message_id": reply["id"], "helpful": True})
        before = await guest.history()
        customer = await continue_as(gateway, "C100", guest)
        kept = await customer.history()
        await customer.ask("where is my order")
        texts = await customer.texts()
    assert conversation_of(customer) == conversation_of(guest)
    assert customer.session["customer"] == {"name": "C100"}
    assert kept == before
    assert texts[2:] == ["shopper: where is my order", "bot: echo where is my order"]
    assert owners(engine) == {conversation_of(guest): "C100"}
    told = [turn.shopper for turn in brain.asked]
    assert [shopper["customer_id"] for shopper in told] == [None, "C100"]
    # What a guest proves is bound to the session, so another session ends it.
    assert told[0]["session_id"] != told[1]["session_id"]


async def test_guests_session_ends(start: Start) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        await guest.ask("hello")
        await continue_as(gateway, "C100", guest)
        answers = [
            await guest.get(),
            await guest.get("messages"),
            await guest.get("transcript"),
            await guest.send(text="hello"),
            await guest.post("restart", {}),
            await guest.post("close", {}),
        ]
    for answer in answers:
        assert_problem(answer, 401)


async def test_guests_event_stream_ends(gateway: Gateway) -> None:
    async with serving(gateway) as url:
        guest = await gateway.open()
        await guest.ask("hello")
        async with listen(url, guest) as ear:
            assert await ear.hear_messages(2) == [1, 2]
            customer = await continue_as(gateway, "C100", guest)
            await customer.ask("my secret")
            with pytest.raises(EOFError):
                await ear.hear_messages(1)


async def test_same_call_again_gives_the_same_conversation(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        lost = await continue_as(gateway, "C100", guest)
        again = await continue_as(gateway, "C100", guest)
        await lost.ask("from one tab")
        texts = await again.texts()
    assert conversation_of(again) == conversation_of(lost) == conversation_of(guest)
    assert texts == ["shopper: from one tab", "bot: echo from one tab"]
    assert owners(engine) == {conversation_of(guest): "C100"}


async def test_another_customer_never_gets_it(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        await continue_as(gateway, "C100", guest)
        refused = await post_session(gateway, "C200", guest.session["token"])
    assert_problem(refused, 401)
    assert refused.json()["type"] == "urn:problem:not-signed-in"
    assert owners(engine) == {conversation_of(guest): "C100"}


@pytest.mark.parametrize("other", ["C100", "C200"])
async def test_customers_token_carries_nothing_over(
    start: Start, engine: Engine, other: str
) -> None:
    async with start() as gateway:
        first = await gateway.open(identity=sign(sub="C100"))
        second = await continue_as(gateway, other, first)
        still_there = await first.get()
    assert still_there.status_code == 200
    assert owners(engine) == {conversation_of(first): "C100", conversation_of(second): other}


async def test_customer_never_becomes_a_guest(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        customer = await gateway.open(identity=sign(sub="C100"))
        guest = (await post_session(gateway, None, customer.session["token"])).json()
    assert guest["customer"] is None
    assert owners(engine) == {conversation_of(customer): "C100", guest["conversation_id"]: None}


async def test_other_conversations_of_the_customer_stay_out_of_reach(start: Start) -> None:
    async with start() as gateway:
        other = await gateway.open(identity=sign(sub="C100"))
        await other.ask("my secret")
        guest = await gateway.open()
        customer = await continue_as(gateway, "C100", guest)
        assert await customer.history() == []
        assert_problem(await guest.get("messages"), 401)


async def test_closed_conversation_is_left_as_it_is(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        await guest.post("close", {})
        customer = await continue_as(gateway, "C100", guest)
        readable = await guest.get()
    assert readable.json()["state"] == "closed"
    assert owners(engine) == {conversation_of(guest): None, conversation_of(customer): "C100"}


async def test_token_that_is_no_good_opens_nothing(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        with writing(engine) as connection:
            connection.execute(update(sessions).values(expires_at=utc_now() - timedelta(seconds=1)))
        refused = [
            await post_session(gateway, "C100", token)
            for token in (guest.session["token"], "nonsense", sign(), guest.session["token"] + "x")
        ]
    for answer in refused:
        assert_problem(answer, 401)
    assert owners(engine) == {conversation_of(guest): None}


async def test_token_without_an_identity_is_not_looked_at(gateway: Gateway) -> None:
    assert (await post_session(gateway, None, "nonsense")).status_code == 201


async def test_identity_that_proves_nothing_leaves_the_guest_alone(start: Start) -> None:
    async with start() as gateway:
        guest = await gateway.open()
        response = await gateway.client.post(
            "/api/v1/sessions", json={"identity": sign("x" * 64)}, headers=guest.headers
        )
        still_there = await guest.get()
    assert_problem(response, 401)
    assert response.json()["type"] == "urn:problem:identity-rejected"
    assert still_there.status_code == 200


async def test_question_that_waits_is_answered_as_the_guests(
    start: Start, brain: FakeBrain
) -> None:
    brain.open.clear()
    async with start(BOT_BRAIN_PATIENCE_S="60") as gateway:
        guest = await gateway.open()
        await guest.send(text="hello", wait_s=None)
        await until(lambda: brain.asked)
        customer = await continue_as(gateway, "C100", guest)
        brain.open.set()
        texts = await customer.wait_for_texts(2)
    assert texts == ["shopper: hello", "bot: echo hello"]
    assert brain.asked[0].shopper["customer_id"] is None


def sign_in_as(engine: Engine, session: Session, customer: str) -> Session:
    now = utc_now()
    who = Customer(id=customer, name=None)
    opening = Opening(who, "en", "UTC", now=now, expires_at=now + timedelta(hours=1))
    with writing(engine) as connection:
        return sign_in(connection, session.id, who, opening)


async def test_of_two_customers_at_once_one_gets_it(engine: Engine, session: Session) -> None:
    with writing(engine) as connection:
        connection.execute(
            select(conversations.c.id)
            .where(conversations.c.id == session.conversation_id)
            .with_for_update()
        )
        both = [
            asyncio.create_task(asyncio.to_thread(sign_in_as, engine, session, customer))
            for customer in ("C100", "C200")
        ]
        await until_blocked(engine)
    results = await asyncio.gather(*both, return_exceptions=True)
    (won,) = [result for result in results if isinstance(result, Session)]
    (lost,) = [result for result in results if not isinstance(result, Session)]
    assert isinstance(lost, NotSignedIn)
    assert won.conversation_id == session.conversation_id
    assert owners(engine) == {session.conversation_id: won.customer_id}


@given(
    calls=st.lists(st.tuples(st.sampled_from(["C1", "C2", None]), st.integers(0, 5)), max_size=8)
)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whatever_is_tried_no_conversation_changes_hands(
    gateway: Gateway, sqlite_engine: Engine, calls: list[tuple[str | None, int]]
) -> None:
    tokens = [(await gateway.open()).session["token"]]
    for customer, which in calls:
        before = owners(sqlite_engine)
        response = await post_session(gateway, customer, tokens[which % len(tokens)])
        if response.status_code == 201:
            tokens.append(response.json()["token"])
            opened = response.json()["conversation_id"]
            assert owners(sqlite_engine)[opened] == customer
            assert before.get(opened) in (None, customer)
        for conversation, owner in before.items():
            assert owner is None or owners(sqlite_engine)[conversation] == owner
