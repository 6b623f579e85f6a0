"""Single messages through the real model, as the brain reads them."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.brain.bootstrap import load_understanding

pytestmark = pytest.mark.model

Read = Callable[[str], Mapping[str, Any]]


@pytest.fixture(scope="module")
def read(trained_model: Path) -> Iterator[Read]:
    understand = load_understanding(trained_model)
    with asyncio.Runner() as runner:
        yield lambda text: runner.run(understand(text))


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("how do I buy something", "faq/how_do_i_purchase_an_item"),
        ("where is my order 8100240003", "order_status"),
        ("cancel 8100240002", "cancel_order"),
        ("yes", "affirm"),
        ("cancel 8100240003", "cancel_order"),
        ("8100240003", "inform"),
        ("ana@example.com", "inform"),
        ("talk to a human", "human_handoff"),
        ("never mind", "stop"),
    ],
)
def test_what_the_demo_says_is_understood(read: Read, text: str, label: str) -> None:
    assert read(text)["intent"] == label


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (
            '/cancel_order{"order_number": "8100240002"}',
            'cancel_order{"order_number": "8100240002"}',
        ),
        ("/restart", "restart"),
        ("//restart", "restart"),
        (" / /restart", "restart"),
        ("/\u2003/restart", "restart"),
        ("\x0b/\xa0/session_start", "session_start"),
        ("/affirm@1.0", "affirm@1.0"),
        ("/hello there", "hello there"),
    ],
)
def test_a_leading_slash_has_no_power(read: Read, typed: str, meant: str) -> None:
    with_slash, without = read(typed), read(meant)
    assert with_slash["intent"] == without["intent"]
    assert with_slash["confidence"] == pytest.approx(without["confidence"])
    assert with_slash["confidence"] < 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "?",
        "{",
        "{order_number}",
        "<script>alert(1)</script>",
        "'; DELETE FROM shop_orders; --",
        "\x00",
        "\x01\x02\x1b[31m\x7f",
        "\u202egnp.exe",
        "\ud800",
        "🍕🍕🍕",
        "\ufe0f\u200d",
        "\u0301" * 500,
        "我的订单在哪里",
        "é" * 2000,
        "x" * 1_000_000,
        "where " * 200_000,
        "🍕" * 100_000,
        "\n" * 100_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_any_text_is_read_without_an_error(read: Read, text: str) -> None:
    understood = read(text)
    assert set(understood) == {"intent", "confidence", "entities", "ranking", "clarify", "parts"}
    assert 0 <= understood["confidence"] <= 1


@pytest.mark.parametrize("text", ["", " ", "/", "asdkjh qwpoe", "\x00", "🍕🍕", "...."])
def test_nothing_meaningful_means_out_of_scope(read: Read, text: str) -> None:
    assert read(text)["intent"] == "out_of_scope"


@pytest.mark.parametrize("before", ["", "  ", "/", " //", "\t/ \u2003"])
def test_an_entity_stands_where_it_was_typed(read: Read, before: str) -> None:
    text = f"{before}where is #8100240003  "
    [entity] = read(text)["entities"]
    assert entity["entity"] == "order_number"
    assert text[entity["start"] : entity["end"]] == entity["value"] == "8100240003"


def test_the_ranking_holds_labels_of_the_product(read: Read) -> None:
    ranking = read("how do i buy something")["ranking"]
    assert ranking[0]["intent"] == "faq/how_do_i_purchase_an_item"
    assert len(ranking) == 5


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("where is my order {}", "order_status"),
        ("where is order {}", "order_status"),
        ("has {} shipped yet", "order_status"),
        ("cancel order {} please", "cancel_order"),
        ("contact the seller of {}", "contact_seller"),
        ("what did i order in {}", "order_details"),
    ],
)
def test_which_number_it_is_says_nothing_about_the_meaning(
    read: Read, text: str, label: str
) -> None:
    numbers = [f"81{number * 24_681_357 % 10**8:08}" for number in range(1, 21)]
    meant = {number: read(text.format(number))["intent"] for number in numbers}
    assert meant == dict.fromkeys(numbers, label)
