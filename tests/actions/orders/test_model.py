import pytest

from actions.orders.model import (
    CANCEL_REASONS,
    RULES,
    CancelRule,
    ChangeRule,
    OrderStatus,
    normalise_email,
)
from actions.orders.shop_file import Shop


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        (OrderStatus.AWAITING_PAYMENT, CancelRule.ALLOWED),
        (OrderStatus.AWAITING_SHIPPING, CancelRule.ALLOWED),
        (OrderStatus.AWAITING_DELIVERY, CancelRule.SHIPPED),
        (OrderStatus.COMPLETED, CancelRule.DELIVERED),
        (OrderStatus.CANCELLED, CancelRule.ALREADY_CANCELLED),
    ],
)
def test_an_order_can_be_cancelled_only_until_it_is_shipped(
    status: OrderStatus, rule: CancelRule
) -> None:
    assert RULES[status].cancel is rule


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        (OrderStatus.AWAITING_PAYMENT, ChangeRule.CANCEL_AND_REORDER),
        (OrderStatus.AWAITING_SHIPPING, ChangeRule.CANCEL_AND_REORDER),
        (OrderStatus.AWAITING_DELIVERY, ChangeRule.OFFER_SELLER),
        (OrderStatus.COMPLETED, ChangeRule.OFFER_SELLER),
        (OrderStatus.CANCELLED, ChangeRule.NOT_POSSIBLE),
    ],
)
def test_a_wrong_item_is_reordered_before_shipping_and_left_to_the_seller_after(
    status: OrderStatus, rule: ChangeRule
) -> None:
    assert RULES[status].change_item is rule


@pytest.mark.parametrize("status", list(OrderStatus))
def test_the_seller_can_be_reached_in_every_status(status: OrderStatus) -> None:
    assert RULES[status].contact_seller


def test_the_table_has_a_row_for_every_status_and_no_other() -> None:
    assert set(RULES) == set(OrderStatus)


def test_nobody_can_change_the_table_while_the_bot_runs() -> None:
    with pytest.raises(TypeError):
        RULES[OrderStatus.COMPLETED] = RULES[OrderStatus.CANCELLED]  # type: ignore[index]


def test_an_order_knows_its_row_of_the_table(shop: Shop) -> None:
    assert all(order.permissions is RULES[order.status] for order in shop.orders)


def test_reasons_for_cancelling_are_plain_words_for_the_audit() -> None:
    assert [str(reason) for reason in CANCEL_REASONS] == [
        "changed_mind",
        "wrong_item",
        "found_cheaper",
        "too_slow",
        "other",
    ]


@pytest.mark.parametrize("email", ["Ana@Example.COM", "  ana@example.com\t"])
def test_emails_are_compared_without_case_and_outer_spaces(email: str) -> None:
    assert normalise_email(email) == "ana@example.com"
