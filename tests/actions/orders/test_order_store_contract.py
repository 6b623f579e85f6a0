"""What every order store promises, held against the fake, SQLite and PostgreSQL alike."""

from datetime import timedelta

import pytest

from actions.orders.model import (
    MAX_SELLER_MESSAGE_CHARS,
    SELLER_MESSAGES_PER_HOUR,
    CancelRule,
    OrderStatus,
)
from actions.orders.shop_file import Shop
from actions.orders.store import (
    MessageProblem,
    OrderNotCancellable,
    OrderNotCancelled,
    OrderNotFound,
    SellerMessageRejected,
    TooManySellerMessages,
)
from tests.actions.orders.worlds import NOW, World

ANA, BEN = "C100", "C101"
UNPAID, UNSHIPPED, SHIPPED, COMPLETED, CANCELLED = (f"810024000{n}" for n in range(1, 6))
BENS_ORDER = "8100240011"


def cancel(
    world: World, number: str = UNSHIPPED, *, customer_id: str = ANA, key: str = "m1"
) -> None:
    world.store.cancel_order(
        number,
        customer_id=customer_id,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key=key,
    )


def send(world: World, text: str = "Is it waterproof?", *, key: str = "m1") -> None:
    world.store.send_seller_message(UNSHIPPED, customer_id=ANA, text=text, idempotency_key=key)


class TestFindingAnOrder:
    def test_every_order_of_the_shop_is_found_exactly_as_it_is(
        self, world: World, shop: Shop
    ) -> None:
        found = [
            world.store.find_order(order.number, customer_id=order.customer_id)
            for order in shop.orders
        ]
        assert found == list(shop.orders)

    @pytest.mark.parametrize(
        "number", [BENS_ORDER, "8100249999", "", "8100\x00", "\ud800", "x" * 10**6]
    )
    def test_anothers_order_and_an_unknown_one_are_not_found(
        self, world: World, number: str
    ) -> None:
        with pytest.raises(OrderNotFound):
            world.store.find_order(number, customer_id=ANA)

    def test_a_customer_that_no_database_could_hold_has_no_order(self, world: World) -> None:
        with pytest.raises(OrderNotFound):
            world.store.find_order(UNSHIPPED, customer_id="C100\x00")

    @pytest.mark.parametrize("email", ["ana@example.com", "  ANA@Example.COM\n"])
    def test_a_guest_finds_an_order_by_its_email_in_any_case(
        self, world: World, email: str
    ) -> None:
        assert world.store.find_guest_order(SHIPPED, email=email).customer_id == ANA

    @pytest.mark.parametrize(
        ("number", "email"),
        [
            (SHIPPED, "ben@example.com"),
            (SHIPPED, ""),
            (SHIPPED, "%"),
            (SHIPPED, "ana@example.com\x00"),
            (SHIPPED, "ana@example.com\udfff"),
            ("8100249999", "ana@example.com"),
            ("", "ana@example.com"),
        ],
    )
    def test_a_wrong_email_and_an_unknown_number_are_told_apart_by_nothing(
        self, world: World, number: str, email: str
    ) -> None:
        with pytest.raises(OrderNotFound, match="is not known here"):
            world.store.find_guest_order(number, email=email)


class TestListingOrders:
    def test_the_newest_come_first(self, world: World) -> None:
        numbers = [order.number for order in world.store.list_orders(ANA)]
        assert numbers == [UNPAID, UNSHIPPED, SHIPPED, CANCELLED, COMPLETED]

    def test_no_more_come_than_asked_for(self, world: World) -> None:
        numbers = [order.number for order in world.store.list_orders(ANA, limit=2)]
        assert numbers == [UNPAID, UNSHIPPED]

    def test_listed_orders_are_complete(self, world: World) -> None:
        shipped = world.store.list_orders(ANA)[2]
        assert shipped == world.store.find_order(SHIPPED, customer_id=ANA)

    @pytest.mark.parametrize("customer_id", ["C104", "C999", "", "C100\x00", "\ud800"])
    def test_a_customer_without_orders_gets_none(self, world: World, customer_id: str) -> None:
        assert list(world.store.list_orders(customer_id)) == []


class TestCancelling:
    @pytest.mark.parametrize("number", [UNPAID, UNSHIPPED])
    def test_an_order_not_yet_shipped_is_cancelled(self, world: World, number: str) -> None:
        cancel(world, number)
        order = world.store.find_order(number, customer_id=ANA)
        assert (order.status, order.cancelled_at) == (OrderStatus.CANCELLED, NOW)

    def test_the_answer_is_the_order_as_the_store_now_holds_it(self, world: World) -> None:
        cancellation = world.store.cancel_order(
            UNSHIPPED,
            customer_id=ANA,
            expected_status=OrderStatus.AWAITING_SHIPPING,
            idempotency_key="m1",
        )
        assert cancellation.order == world.store.find_order(UNSHIPPED, customer_id=ANA)
        assert cancellation.happened_now

    @pytest.mark.parametrize(
        ("number", "rule"),
        [
            (SHIPPED, CancelRule.SHIPPED),
            (COMPLETED, CancelRule.DELIVERED),
            (CANCELLED, CancelRule.ALREADY_CANCELLED),
        ],
    )
    def test_any_other_order_is_refused_with_its_rule(
        self, world: World, number: str, rule: CancelRule
    ) -> None:
        with pytest.raises(OrderNotCancellable) as refusal:
            cancel(world, number)
        assert refusal.value.rule is rule
        assert refusal.value.order == world.store.find_order(number, customer_id=ANA)

    def test_a_refused_cancel_leaves_no_trace(self, world: World) -> None:
        before = world.stock("P04-WHT")
        with pytest.raises(OrderNotCancellable):
            cancel(world, SHIPPED)
        assert (world.stock("P04-WHT"), list(world.audit(SHIPPED))) == (before, [])

    def test_the_stock_is_put_back(self, world: World) -> None:
        before = world.stock("P01-M-BLU")
        cancel(world)
        assert world.stock("P01-M-BLU") == before + 1

    def test_the_audit_says_who_when_what_and_by_which_request(self, world: World) -> None:
        cancel(world)
        (entry,) = world.audit(UNSHIPPED)
        assert (entry.actor, entry.at, entry.action) == (ANA, NOW, "cancel")
        assert (entry.from_status, entry.to_status) == ("awaiting_shipping", "cancelled")
        assert (entry.idempotency_key, entry.detail) == ("m1", None)

    def test_the_same_request_again_gets_the_first_answer_and_changes_nothing(
        self, world: World
    ) -> None:
        before = world.stock("P01-M-BLU")
        cancel(world)
        world.clock.advance(timedelta(minutes=5))
        again = world.store.cancel_order(
            UNSHIPPED,
            customer_id=ANA,
            expected_status=OrderStatus.AWAITING_SHIPPING,
            idempotency_key="m1",
        )
        assert (again.happened_now, again.order.cancelled_at) == (True, NOW)
        assert (world.stock("P01-M-BLU"), len(world.audit(UNSHIPPED))) == (before + 1, 1)

    def test_another_request_is_told_that_it_is_cancelled_already(self, world: World) -> None:
        cancel(world, key="first tab")
        with pytest.raises(OrderNotCancellable) as refusal:
            cancel(world, key="second tab")
        assert refusal.value.rule is CancelRule.ALREADY_CANCELLED

    def test_one_request_may_cancel_two_orders(self, world: World) -> None:
        cancel(world, UNPAID, key="m1")
        cancel(world, UNSHIPPED, key="m1")
        assert world.store.find_order(UNSHIPPED, customer_id=ANA).status is OrderStatus.CANCELLED

    def test_an_order_shipped_since_it_was_shown_is_not_cancelled(self, world: World) -> None:
        world.set_status(UNSHIPPED, OrderStatus.AWAITING_DELIVERY)
        with pytest.raises(OrderNotCancellable) as refusal:
            cancel(world)
        assert refusal.value.rule is CancelRule.SHIPPED

    def test_an_order_paid_since_it_was_shown_is_cancelled(self, world: World) -> None:
        world.store.cancel_order(
            UNSHIPPED,
            customer_id=ANA,
            expected_status=OrderStatus.AWAITING_PAYMENT,
            idempotency_key="m1",
        )
        (entry,) = world.audit(UNSHIPPED)
        assert entry.detail == "shown as awaiting_payment"

    @pytest.mark.parametrize("number", [BENS_ORDER, "8100249999", "\ud800"])
    def test_nobody_cancels_the_order_of_another(self, world: World, number: str) -> None:
        with pytest.raises(OrderNotFound):
            cancel(world, number)


class TestTheReasonForCancelling:
    def test_it_is_kept_with_the_order_and_in_the_audit(self, world: World) -> None:
        cancel(world)
        world.store.record_cancel_reason(UNSHIPPED, customer_id=ANA, reason="too_slow")
        assert world.store.find_order(UNSHIPPED, customer_id=ANA).cancel_reason == "too_slow"
        assert [(e.action, e.detail) for e in world.audit(UNSHIPPED)][1:] == [
            ("cancel_reason", "too_slow")
        ]

    def test_the_same_reason_twice_is_audited_once(self, world: World) -> None:
        cancel(world)
        for _ in range(2):
            world.store.record_cancel_reason(UNSHIPPED, customer_id=ANA, reason="too_slow")
        assert len(world.audit(UNSHIPPED)) == 2

    def test_an_order_that_stands_takes_none(self, world: World) -> None:
        with pytest.raises(OrderNotCancelled):
            world.store.record_cancel_reason(UNSHIPPED, customer_id=ANA, reason="too_slow")

    def test_anothers_order_takes_none(self, world: World) -> None:
        with pytest.raises(OrderNotFound):
            world.store.record_cancel_reason(CANCELLED, customer_id=BEN, reason="too_slow")

    def test_a_reason_that_is_not_on_the_list_is_a_mistake_of_the_caller(
        self, world: World
    ) -> None:
        with pytest.raises(ValueError, match="boredom"):
            world.store.record_cancel_reason(CANCELLED, customer_id=ANA, reason="boredom")


class TestMessagesToTheSeller:
    def test_a_message_is_kept_with_the_order(self, world: World) -> None:
        sent = world.store.send_seller_message(
            UNSHIPPED, customer_id=ANA, text="  Is it waterproof?\n", idempotency_key="m1"
        )
        assert (sent.author, sent.text, sent.sent_at) == ("shopper", "Is it waterproof?", NOW)
        assert list(world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)) == [sent]

    def test_the_same_request_again_sends_nothing(self, world: World) -> None:
        send(world, key="m1")
        send(world, "Edited meanwhile", key="m1")
        messages = world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)
        assert [message.text for message in messages] == ["Is it waterproof?"]

    def test_question_and_answer_are_listed_oldest_first(self, world: World) -> None:
        send(world, "One", key="m1")
        world.clock.advance(timedelta(hours=3))
        world.seller_writes(UNSHIPPED, "Two")
        world.clock.advance(timedelta(hours=3))
        send(world, "Three", key="m2")
        messages = world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)
        assert [(m.author, m.text) for m in messages] == [
            ("shopper", "One"),
            ("seller", "Two"),
            ("shopper", "Three"),
        ]

    @pytest.mark.parametrize("number", [BENS_ORDER, "8100249999", "\x00"])
    def test_messages_of_anothers_order_are_neither_sent_nor_shown(
        self, world: World, number: str
    ) -> None:
        with pytest.raises(OrderNotFound):
            world.store.list_seller_messages(number, customer_id=ANA)
        with pytest.raises(OrderNotFound):
            world.store.send_seller_message(
                number, customer_id=ANA, text="Hello", idempotency_key="m1"
            )

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", MessageProblem.EMPTY),
            (" \n\x00\x07 ", MessageProblem.EMPTY),
            ("x" * (MAX_SELLER_MESSAGE_CHARS + 1), MessageProblem.TOO_LONG),
        ],
    )
    def test_an_empty_or_over_long_message_is_rejected(
        self, world: World, text: str, problem: MessageProblem
    ) -> None:
        with pytest.raises(SellerMessageRejected) as rejection:
            send(world, text)
        assert rejection.value.problem is problem

    def test_a_message_of_the_greatest_length_in_any_script_is_kept_whole(
        self, world: World
    ) -> None:
        text = ("尺寸错了 👟\n" * 400)[: MAX_SELLER_MESSAGE_CHARS - 1] + "!"
        send(world, text)
        (kept,) = world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)
        assert kept.text == text

    def test_the_sixth_message_in_an_hour_must_wait_until_the_first_is_an_hour_old(
        self, world: World
    ) -> None:
        for n in range(SELLER_MESSAGES_PER_HOUR):
            send(world, key=f"m{n}")
            world.clock.advance(timedelta(minutes=1))
        with pytest.raises(TooManySellerMessages) as refusal:
            send(world, key="one more")
        assert refusal.value.retry_after_s == 55 * 60

    def test_after_the_wait_the_next_message_is_sent(self, world: World) -> None:
        for n in range(SELLER_MESSAGES_PER_HOUR):
            send(world, key=f"m{n}")
        world.clock.advance(timedelta(hours=1))
        send(world, key="one more")
        assert len(world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)) == 6

    def test_the_limit_counts_all_orders_of_the_shopper_and_no_other_shopper(
        self, world: World
    ) -> None:
        for n in range(SELLER_MESSAGES_PER_HOUR):
            send(world, key=f"m{n}")
        with pytest.raises(TooManySellerMessages):
            world.store.send_seller_message(
                SHIPPED, customer_id=ANA, text="Hello", idempotency_key="m9"
            )
        bens = world.store.send_seller_message(
            BENS_ORDER, customer_id=BEN, text="Hello", idempotency_key="m9"
        )
        assert bens.text == "Hello"

    def test_what_the_seller_wrote_does_not_count(self, world: World) -> None:
        for n in range(SELLER_MESSAGES_PER_HOUR - 1):
            send(world, key=f"m{n}")
        world.seller_writes(UNSHIPPED, "Yes")
        send(world, key="the fifth")
        assert len(world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)) == 6

    def test_a_repeated_request_is_answered_even_at_the_limit(self, world: World) -> None:
        for n in range(SELLER_MESSAGES_PER_HOUR):
            send(world, key=f"m{n}")
        send(world, key="m0")
        assert len(world.store.list_seller_messages(UNSHIPPED, customer_id=ANA)) == 5
