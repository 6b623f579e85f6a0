"""Odd things that shoppers type, through the real model and the real order store."""

import pytest

from actions.orders.sql_store import SqlOrderStore
from tests.brain.conftest import StartTalk
from tests.brain.talk import Talk

pytestmark = pytest.mark.model

NUMBER = "8100240002"
EMAIL = "ana@example.com"


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("٨١٠٠٢٤٠٠٠٢", id="Arabic-Indic"),
        pytest.param("۸۱۰۰۲۴۰۰۰۲", id="Persian"),
        pytest.param("８１００２４０００２", id="full width"),
        pytest.param("८१००२४०००२", id="Devanagari"),
        pytest.param("81\u00a00024\u202f0002", id="no-break spaces"),
        pytest.param("\u200f٨١٠٠٢٤٠٠٠٢\u200f", id="with invisible marks"),
    ],
)
async def test_a_number_in_any_digits_means_that_order(ana: Talk, guest: Talk, number: str) -> None:
    said = await ana.says(f"where is my order {number}")
    assert NUMBER in said
    assert "Awaiting Shipping" in said
    await guest.says("where is my order")
    assert NUMBER in await guest.says(number)
    assert "Awaiting Shipping" in await guest.says(EMAIL)


@pytest.mark.parametrize("text", ["where is my order " + "8" * 200, "8" * 2000])
async def test_a_number_of_hundreds_of_digits_is_no_order_number(ana: Talk, text: str) -> None:
    assert "8" * 11 not in await ana.says(text)


@pytest.mark.parametrize(
    "email", ["anaexample.com", "ana@", "@example.com", "ana@example", "ana at example"]
)
async def test_what_is_no_email_is_asked_for_again(guest: Talk, email: str) -> None:
    await guest.says(f"where is my order {NUMBER}")
    assert f"Which e-mail address did you use for order {NUMBER}" in await guest.says(email)
    assert "Awaiting Shipping" in await guest.says(EMAIL)


async def test_a_message_to_the_seller_far_over_the_limit_is_not_taken(
    ana: Talk, order_store: SqlOrderStore
) -> None:
    """The gateway lets 2,000 characters through; who calls the brain otherwise may send more."""
    await ana.says(f"contact the seller of {NUMBER}")
    assert "too long for one message" in await ana.says("It does not fit me. " * 2500)
    assert list(order_store.list_seller_messages(NUMBER, customer_id="C100")) == []


@pytest.mark.parametrize("text", ["cancel 8100240002\x00", "\ud800cancel 8100240002\udfff"])
async def test_what_cannot_be_written_down_keeps_nobody_from_being_understood(
    ana: Talk, text: str
) -> None:
    assert "Shall I cancel order 8100240002" in await ana.says(text)


@pytest.mark.parametrize("text", ["where is my order", f"cancel {NUMBER}", "contact the seller"])
async def test_a_customer_whom_the_store_does_not_know_is_told_in_plain_words(
    talk: StartTalk, text: str
) -> None:
    said = await talk("C999").says(text)
    assert "I see no orders here" in said
    assert "went wrong" not in said
