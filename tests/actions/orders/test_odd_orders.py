"""What a shopper is told about orders that a shop's own system left in a strange state."""

import logging
from collections.abc import Callable

import pytest
from rasa_sdk.executor import ActionExecutor
from sqlalchemy import delete, insert, text, update

from actions.lookup_limits import InMemoryLookupLimiter
from actions.orders.model import OrderStatus
from actions.orders.sql_schema import order_items, orders
from actions.orders.store import OrderStoreError, OrderUnreadable
from actions.wiring import Services, configure
from tests.actions.conversation import Conversation, part
from tests.actions.orders.worlds import SqlWorld

ANA, UNPAID, UNSHIPPED, SHIPPED = "C100", "8100240001", "8100240002", "8100240003"
FLOWS = ["order_status", "order_details", "cancel_order", "contact_seller", "wrong_item"]


@pytest.fixture
def world(sql_world: SqlWorld) -> SqlWorld:
    """The shop that the actions work with."""
    limiter = InMemoryLookupLimiter(sql_world.clock)
    configure(Services(store=sql_world.store, limiter=limiter, clock=sql_world.clock))
    return sql_world


@pytest.fixture
def ana(executor: ActionExecutor, world: SqlWorld) -> Conversation:
    return Conversation(executor, customer_id=ANA)


def change_items(world: SqlWorld, **columns: object) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            update(order_items).where(order_items.c.order_number == UNSHIPPED).values(**columns)
        )


def empty(world: SqlWorld) -> None:
    with world.engine.begin() as connection:
        connection.execute(delete(order_items).where(order_items.c.order_number == UNSHIPPED))


class TestAnUnknownStatus:
    @pytest.fixture(autouse=True)
    def _lost_at_sea(self, world: SqlWorld) -> None:
        world.change_order(UNSHIPPED, status="lost_at_sea")

    @pytest.mark.parametrize("flow", FLOWS)
    async def test_the_shopper_is_told_so_and_offered_a_person(
        self, ana: Conversation, flow: str
    ) -> None:
        assert await ana.says(flow, order_number=UNSHIPPED) == ["utter_order_unreadable"]
        assert UNSHIPPED in ana.text
        assert ana.choices == ["Talk to a person"]
        assert await ana.taps("Talk to a person") == ["utter_no_person_here"]

    async def test_a_guest_who_proves_it_is_told_the_same(
        self, executor: ActionExecutor, world: SqlWorld
    ) -> None:
        guest = Conversation(executor)
        said = await guest.says("order_status", order_number=UNSHIPPED, email="ana@example.com")
        assert said == ["utter_order_unreadable"]

    async def test_a_guest_who_does_not_learns_nothing_of_it(
        self, executor: ActionExecutor, world: SqlWorld
    ) -> None:
        guest = Conversation(executor)
        said = await guest.says("order_status", order_number=UNSHIPPED, email="eve@example.com")
        assert said == ["utter_guest_not_matched"]

    async def test_the_other_orders_are_listed_and_a_number_is_asked_for(
        self, ana: Conversation
    ) -> None:
        assert await ana.says("order_details") == ["utter_ask_which_order"]
        assert not any(UNSHIPPED in choice for choice in ana.choices)
        assert "send me its number" in ana.text

    async def test_beside_another_question_each_gets_its_answer(self, ana: Conversation) -> None:
        said = await ana.asks_several(
            part("order_status", order_number=UNSHIPPED),
            part("order_status", order_number=SHIPPED),
        )
        assert said == ["utter_order_unreadable", "utter_status_shipped_expected"]

    async def test_one_that_takes_it_between_question_and_yes_is_not_cancelled(
        self, ana: Conversation, world: SqlWorld
    ) -> None:
        world.set_status(UNSHIPPED, OrderStatus.AWAITING_SHIPPING)
        await ana.says("cancel_order", order_number=UNSHIPPED)
        world.change_order(UNSHIPPED, status="lost_at_sea")
        assert await ana.says("affirm") == ["utter_order_unreadable"]
        assert list(world.audit(UNSHIPPED)) == []

    async def test_the_log_names_order_and_status_and_holds_no_traceback_for_the_shopper(
        self, ana: Conversation, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.ERROR):
            await ana.says("order_status", order_number=UNSHIPPED)
        assert f"order {UNSHIPPED}" in caplog.text
        assert "lost_at_sea" in caplog.text
        assert "Traceback" not in ana.text


async def test_who_has_nothing_but_unreadable_orders_does_not_hear_that_there_are_none(
    ana: Conversation, world: SqlWorld
) -> None:
    with world.engine.begin() as connection:
        connection.execute(update(orders).values(status="lost_at_sea"))
    assert await ana.says("order_status") == ["utter_orders_unreadable"]
    assert ana.choices == ["Talk to a person"]


async def test_who_has_only_one_order_hears_which_one_cannot_be_read(
    executor: ActionExecutor, world: SqlWorld
) -> None:
    (only,) = world.store.list_orders("C105")
    world.change_order(only.number, status="lost_at_sea")
    said = await Conversation(executor, customer_id="C105").says("order_status")
    assert said == ["utter_order_unreadable"]


@pytest.mark.parametrize("flow", FLOWS)
async def test_an_order_without_items_is_answered_like_any_other(
    ana: Conversation, world: SqlWorld, flow: str
) -> None:
    empty(world)
    said = await ana.says(flow, order_number=UNSHIPPED)
    assert said
    assert "unreadable" not in said[0]
    assert UNSHIPPED in ana.text


async def test_an_order_without_items_is_listed_and_cancelled(
    ana: Conversation, world: SqlWorld
) -> None:
    empty(world)
    await ana.says("cancel_order")
    assert await ana.taps(UNSHIPPED) == ["utter_ask_cancel_confirmation"]
    assert ana.cards[0]["items"] == []
    assert await ana.says("affirm") == ["utter_cancelled", "utter_ask_cancel_reason"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda world: change_items(world, attributes=["S"]),
        lambda world: change_items(world, attributes={"size": 26}),
        lambda world: change_items(world, attributes="S"),
        lambda world: world.change_order(UNSHIPPED, address={"street": "1"}),
        lambda world: world.change_order(UNSHIPPED, address={"line1": 1}),
    ],
)
async def test_values_of_another_shape_are_told_as_unreadable(
    ana: Conversation, world: SqlWorld, spoil: Callable[[SqlWorld], None]
) -> None:
    spoil(world)
    assert await ana.says("order_details", order_number=UNSHIPPED) == ["utter_order_unreadable"]


@pytest.mark.parametrize("column", ["total_minor", "shipping_minor"])
@pytest.mark.parametrize("value", ["'much'", "12.5"])
async def test_an_amount_that_is_no_whole_number_is_told_as_unreadable(
    executor: ActionExecutor, sqlite_world: SqlWorld, column: str, value: str
) -> None:
    configure(Services(store=sqlite_world.store, limiter=InMemoryLookupLimiter(sqlite_world.clock)))
    with sqlite_world.engine.begin() as connection:
        statement = f"UPDATE shop_orders SET {column} = {value} WHERE number = '{UNSHIPPED}'"  # noqa: S608
        connection.execute(text(statement))
    ana = Conversation(executor, customer_id=ANA)
    assert await ana.says("order_details", order_number=UNSHIPPED) == ["utter_order_unreadable"]


@pytest.mark.parametrize(
    ("currency", "total_minor", "shown"),
    [
        ("JPY", 8990, "¥8,990"),
        ("KWD", 8990, "KWD8.990"),
        ("USD", 0, "$0.00"),
        ("USD", -8990, "-$89.90"),
    ],
)
async def test_every_currency_and_amount_is_shown(
    ana: Conversation, world: SqlWorld, currency: str, total_minor: int, shown: str
) -> None:
    world.change_order(UNSHIPPED, currency=currency, total_minor=total_minor)
    assert await ana.says("order_details", order_number=UNSHIPPED) == ["utter_order_details"]
    assert shown in ana.text.replace("\u00a0", "")


async def test_ten_thousand_items_make_no_bigger_card_than_fifty(
    ana: Conversation, world: SqlWorld
) -> None:
    names = {"order_number": UNSHIPPED, "sku": "P01-M-BLU", "product_id": "P01", "title": "A sock"}
    row: dict[str, object] = {**names, "attributes": {}, "quantity": 1, "unit_price_minor": 100}
    with world.engine.begin() as connection:
        rows = [{**row, "position": n} for n in range(10, 10_010)]
        connection.execute(insert(order_items), rows)
    assert await ana.says("order_details", order_number=UNSHIPPED) == ["utter_order_details"]
    (card,) = ana.cards
    assert (len(card["items"]), card["items_left_out"]) == (50, 9951)


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("customer_id", ["C999", "C100\x00", "x" * 10_000])
async def test_a_customer_whom_the_store_does_not_know_has_no_orders(
    executor: ActionExecutor, world: SqlWorld, flow: str, customer_id: str
) -> None:
    stranger = Conversation(executor, customer_id=customer_id)
    assert await stranger.says(flow) == ["utter_no_orders"]
    said = await stranger.says(flow, order_number=UNSHIPPED)
    assert said == ["utter_order_not_found", "utter_no_orders"]


@pytest.mark.parametrize("number", ["8" * 200, "8100\x00240002", "\ud800", "'; --", "٨١٠٠"])
@pytest.mark.parametrize("flow", FLOWS)
async def test_a_number_that_no_order_can_have_is_not_found(
    ana: Conversation, flow: str, number: str
) -> None:
    said = await ana.says(flow, order_number=number)
    assert said[0] == "utter_order_not_found"


def test_the_error_says_which_order_it_is(world: SqlWorld) -> None:
    world.change_order(UNSHIPPED, status="lost_at_sea")
    with pytest.raises(OrderUnreadable) as error:
        world.store.find_order(UNSHIPPED, customer_id=ANA)
    assert error.value.order_number == UNSHIPPED
    assert isinstance(error.value, OrderStoreError)


MARKUP = "**Free** [click](https://evil.example) <img src=x onerror=alert(1)> {draft} `x`"


async def test_a_message_with_markup_is_kept_as_typed_and_shown_escaped(
    ana: Conversation, world: SqlWorld
) -> None:
    await ana.says("contact_seller", order_number=UNSHIPPED)
    assert await ana.says("out_of_scope", MARKUP) == ["utter_ask_seller_confirmation"]
    assert r"\*\*Free\*\* \[click\](https\://evil.example)" in ana.text
    await ana.says("affirm")
    (kept,) = world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)
    assert kept.text == MARKUP


async def test_a_seller_who_writes_markup_is_shown_escaped(
    ana: Conversation, world: SqlWorld
) -> None:
    world.seller_writes(UNSHIPPED, MARKUP)
    await ana.says("contact_seller", order_number=UNSHIPPED)
    assert r"\*\*Free\*\* \[click\](https\://evil.example)" in ana.text


@pytest.mark.parametrize("message", ["x" * 50_000, "long words " * 5_000, "尺" * 2_001])
async def test_a_message_that_is_too_long_is_neither_kept_nor_repeated(
    ana: Conversation, world: SqlWorld, message: str
) -> None:
    await ana.says("contact_seller", order_number=UNSHIPPED)
    assert await ana.says("out_of_scope", message) == ["utter_seller_message_too_long"]
    assert len(ana.text) < 200
    assert ana.slots.get("seller_draft") is None
    assert await ana.says("out_of_scope", "Shorter") == ["utter_ask_seller_confirmation"]


@pytest.mark.parametrize("message", ["Hello\x00 there", "Hello\ud800 there", "Hello\x07 there"])
async def test_what_no_database_can_hold_is_left_out_of_a_message(
    ana: Conversation, world: SqlWorld, message: str
) -> None:
    await ana.says("contact_seller", order_number=UNSHIPPED)
    await ana.says("out_of_scope", message)
    assert "\n\nHello there\n\n" in ana.text
    assert await ana.says("affirm") == ["utter_seller_message_sent"]
    (kept,) = world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)
    assert kept.text == "Hello there"
