"""Why something cannot be ordered: the article's three checks, made for this shopper."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from actions.exchange import Exchange
from actions.orders.model import PURCHASE_WINDOW, ProductStock, PurchaseFacts
from actions.orders.purchase_rules import (
    BoughtBefore,
    ForeignCharacters,
    NoSuchVariant,
    Obstacle,
    OutOfStock,
    TakenDown,
    find_obstacles,
)
from actions.orders.store import OrderStoreUnavailable
from actions.state import Awaiting, State
from actions.turn import Article
from actions.wording import Source

MAX_PRODUCTS: Final = 3


async def explain_refusal(exchange: Exchange, state: State, article: Article) -> State:
    """Say which of the article's reasons applies, with what to do; else give the article.

    Without a product in the message the article comes first, and the product is asked for unless
    another question is open.
    """
    if not exchange.turn.products:
        return await _give_article_and_ask(exchange, state, article)
    try:
        checked = await _look_up(exchange, exchange.turn.products)
    except OrderStoreUnavailable:
        exchange.say(article.response)
        exchange.say("utter_purchase_not_checked")
        return state
    if not _tell(exchange, checked, article):
        exchange.say(article.response)
    return _ready_for_more(state)


async def check_product(exchange: Exchange, state: State) -> State:
    """Take the answer to which product; one that the shop does not have is asked for again."""
    turn = exchange.turn
    try:
        facts = await _look_up(exchange, turn.products or (turn.text,))
    except OrderStoreUnavailable:
        exchange.say("utter_purchase_not_checked")
        return state
    if not any(one.product for one in facts):
        exchange.say("utter_product_not_found")
        return replace(state, misunderstandings=turn.state.misunderstandings + 1)
    _tell(exchange, facts, None)
    return _ready_for_more(state.without_question())


def _ready_for_more(state: State) -> State:
    """The next product that is named is checked too, unless something else is open."""
    if state.awaiting or state.suspended:
        return state
    return replace(state, awaiting=Awaiting.MORE_PRODUCTS)


async def ask_product(exchange: Exchange, state: State) -> State:
    exchange.ask("utter_ask_product")
    return state


async def _give_article_and_ask(exchange: Exchange, state: State, article: Article) -> State:
    """What the shopper's addresses say needs no product, and is told at once; a guest has none."""
    exchange.say(article.response)
    if not exchange.shopper.is_guest:
        try:
            facts = await exchange.desk.purchase_facts(None)
        except OrderStoreUnavailable:
            exchange.say("utter_purchase_not_checked")
            return state
        for obstacle in find_obstacles(facts):
            _say(exchange, obstacle, facts, ())
    if state.awaiting:
        return state
    return await ask_product(exchange, replace(state, awaiting=Awaiting.PRODUCT))


async def _look_up(exchange: Exchange, titles: Sequence[str]) -> list[PurchaseFacts]:
    return [await exchange.desk.purchase_facts(title) for title in titles[:MAX_PRODUCTS]]


def _tell(exchange: Exchange, checked: Sequence[PurchaseFacts], article: Article | None) -> bool:
    """Say what was found out about each product; gives whether anything stands in the way."""
    sources = exchange.wording.sources(article.label) if article else ()
    told: list[Obstacle] = []
    for facts in checked:
        obstacles = find_obstacles(facts, exchange.turn.attributes)
        for obstacle in obstacles:
            # An address is the same for all products.
            if obstacle not in told or not isinstance(obstacle, ForeignCharacters):
                _say(exchange, obstacle, facts, () if told else sources)
                told.append(obstacle)
        if facts.product and not obstacles:
            _say_possible(exchange, facts.product)
    return bool(told)


def _say_possible(exchange: Exchange, product: ProductStock) -> None:
    is_guest = exchange.shopper.is_guest
    exchange.say(
        "utter_purchase_possible_guest" if is_guest else "utter_purchase_possible",
        product=product.title,
        window=_window(exchange),
    )


def _say(
    exchange: Exchange, obstacle: Obstacle, facts: PurchaseFacts, sources: Sequence[Source]
) -> None:
    product = facts.product.title if facts.product else ""
    response, values = _worded(exchange, obstacle)
    exchange.say(response, sources=sources, product=product, **values)


def _worded(exchange: Exchange, obstacle: Obstacle) -> tuple[str, dict[str, Any]]:
    show = exchange.show
    match obstacle:
        case TakenDown():
            return "utter_purchase_taken_down", {}
        case OutOfStock(_, ()) | NoSuchVariant(()):
            return "utter_purchase_sold_out", {}
        case OutOfStock(sold_out, in_stock):
            values = {"sold_out": show.variants(sold_out), "in_stock": show.variants(in_stock)}
            return "utter_purchase_variant_sold_out", values
        case NoSuchVariant(in_stock):
            values = {"wanted": show.enumeration(exchange.turn.attributes)}
            return "utter_purchase_no_such_variant", values | {"in_stock": show.variants(in_stock)}
        case BoughtBefore(purchases, possible_at):
            numbers = show.enumeration([purchase.order_number for purchase in purchases])
            values = {"orders": numbers, "window": _window(exchange)}
            return "utter_purchase_repeated", values | {"possible": show.moment(possible_at)}
        case ForeignCharacters(address, parts):
            values = {"label": address.label, "parts": show.enumeration(parts)}
            return "utter_purchase_address", values


def _window(exchange: Exchange) -> str:
    return exchange.show.hours(PURCHASE_WINDOW // timedelta(hours=1))
