from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from bot.db.engine import reading, writing
from bot.db.schema import conversations, ratings
from bot.gateway.clock import utc_now
from tests.gateway.conftest import Start
from tests.gateway.fake_brain import FakeBrain
from tests.gateway.running import Gateway, Shopper
from tests.gateway.test_bad_input import assert_problem


def stored_ratings(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(ratings)))


def closed_since(engine: Engine, time: timedelta) -> None:
    with writing(engine) as connection:
        connection.execute(update(conversations).values(closed_at=utc_now() - time))


async def rate(shopper: Shopper, **rating: object) -> None:
    response = await shopper.post("rating", rating)
    assert (response.status_code, response.content) == (204, b""), response.text


async def told(shopper: Shopper) -> object:
    return (await shopper.get()).json()["rating"]


async def test_rating_is_stored_and_told_by_the_conversation(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        before = await told(shopper)
        await rate(shopper, stars=4, comment=" Quick,\r\nbut\x00 short.\x1b ")
        after = await told(shopper)
    assert before is None
    assert after == {"stars": 4, "comment": "Quick,\nbut short."}
    (stored,) = stored_ratings(engine)
    assert stored.conversation_id == shopper.session["conversation_id"]
    assert (stored.stars, stored.comment) == (4, "Quick,\nbut short.")


async def test_rating_takes_the_place_of_the_one_before(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        await rate(shopper, stars=1, comment="No.")
        await rate(shopper, stars=1)
        without_comment = await told(shopper)
        await rate(shopper, stars=5)
        before = stored_ratings(engine)
        await rate(shopper, stars=5, comment=" ")
    assert without_comment == {"stars": 1, "comment": None}
    assert [row.stars for row in before] == [5]
    assert stored_ratings(engine) == before


async def test_rating_may_be_changed_until_a_day_after_the_end(
    start: Start, engine: Engine
) -> None:
    async with start(BOT_SESSION_TTL_S="604800") as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        await rate(shopper, stars=2)
        closed = (await shopper.post("close", {})).json()
        closed_since(engine, timedelta(hours=23, minutes=59))
        await rate(shopper, stars=3)
        closed_since(engine, timedelta(hours=24, minutes=1))
        late = await shopper.post("rating", {"stars": 4})
        kept = await told(shopper)
    assert closed["rating"] == {"stars": 2, "comment": None}
    assert_problem(late, 409)
    assert late.json()["type"] == "urn:problem:rating-over"
    assert kept == {"stars": 3, "comment": None}


async def test_conversation_in_which_nobody_answered_is_not_rated(
    start: Start, engine: Engine, brain: FakeBrain
) -> None:
    brain.open.clear()
    async with start(BOT_BRAIN_PATIENCE_S="60") as gateway:
        shopper = await gateway.open()
        empty = await shopper.post("rating", {"stars": 1})
        await shopper.send(text="hello", wait_s=None)
        waiting = await shopper.post("rating", {"stars": 1})
        brain.open.set()
        await shopper.wait_for_texts(2)
        await rate(shopper, stars=1)
    for refused in (empty, waiting):
        assert_problem(refused, 409)
        assert refused.json()["type"] == "urn:problem:nothing-to-rate"
    assert len(stored_ratings(engine)) == 1


async def test_rating_is_of_the_own_conversation_only(start: Start, engine: Engine) -> None:
    async with start() as gateway:
        rater, other = await gateway.open(), await gateway.open()
        await rater.ask("hello")
        await other.ask("hello")
        await rate(rater, stars=1)
        assert await told(other) is None
    assert len(stored_ratings(engine)) == 1


@pytest.mark.parametrize("comment", ["<script>alert(1)</script>", "\u202e👩‍👩‍👧", "😀" * 1000])
async def test_comment_is_text_and_kept_as_such(start: Start, comment: str) -> None:
    async with start() as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        await rate(shopper, stars=5, comment=comment)
        assert await told(shopper) == {"stars": 5, "comment": comment}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"stars": 0},
        {"stars": 6},
        {"stars": -1},
        {"stars": 2**70},
        {"stars": 4.5},
        {"stars": "5"},
        {"stars": True},
        {"stars": None},
        {"stars": [5]},
        {"comment": "good"},
        {"stars": 5, "comment": "x" * 1001},
        {"stars": 5, "comment": 1},
        {"stars": 5, "comment": ["x"]},
        {"stars": 5, "conversation_id": "x"},
        [],
        5,
    ],
)
async def test_rating_of_the_wrong_shape_is_explained(shopper: Shopper, body: object) -> None:
    await shopper.ask("hello")
    assert_problem(await shopper.post("rating", body), 422)


async def test_rating_needs_a_session(gateway: Gateway) -> None:
    response = await gateway.client.post("/api/v1/conversation/rating", json={"stars": 5})
    assert_problem(response, 401)


async def test_ratings_count_against_the_limit_of_their_neighbours(start: Start) -> None:
    async with start(BOT_LIMIT_READS_PER_SESSION="1/minute") as gateway:
        shopper = await gateway.open()
        await shopper.ask("hello")
        answers = [await shopper.post("rating", {"stars": 5}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 429]


@given(
    given_ratings=st.lists(
        st.tuples(st.integers(1, 5), st.none() | st.sampled_from(["a", "b"])),
        min_size=1,
        max_size=6,
    )
)
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_row_of_ratings_ends_as_its_last(
    shopper: Shopper, given_ratings: list[tuple[int, str | None]]
) -> None:
    await shopper.ask("hello")
    for stars, comment in given_ratings:
        await rate(shopper, stars=stars, comment=comment)
    stars, comment = given_ratings[-1]
    assert await told(shopper) == {"stars": stars, "comment": comment}
