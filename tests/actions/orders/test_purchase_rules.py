"""What keeps a customer from ordering: each of the article's three reasons, and none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.orders.model import Address, ProductStock, Purchase, PurchaseFacts, VariantStock
from actions.orders.purchase_rules import (
    BoughtBefore,
    ForeignCharacters,
    NoSuchVariant,
    OutOfStock,
    TakenDown,
    find_obstacles,
)
from tests.actions.orders.worlds import NOW

SMALL_BLUE = VariantStock({"size": "S", "color": "Blue"}, 3)
LARGE_BLUE = VariantStock({"size": "L", "color": "Blue"}, 0)
SMALL_RED = VariantStock({"size": "S", "color": "Red"}, 1)
JACKET = ProductStock("P01", "Rain Jacket", listed=True, variants=(SMALL_BLUE,))
HOME = Address("Home", "Ana Torres", "12 Alder Street", "Portland", "OR", "97205", "US")


def facts(
    *variants: VariantStock,
    listed: bool = True,
    purchases: tuple[Purchase, ...] = (),
    addresses: tuple[Address, ...] = (HOME,),
) -> PurchaseFacts:
    product = replace(JACKET, listed=listed, variants=variants or (SMALL_BLUE,))
    return PurchaseFacts(product, purchases, addresses)


def test_a_product_in_stock_not_bought_lately_to_an_english_address_can_be_ordered() -> None:
    assert find_obstacles(facts()) == ()


def test_without_a_product_only_the_addresses_are_looked_at() -> None:
    assert find_obstacles(PurchaseFacts(None, (), (HOME,))) == ()


def test_a_product_taken_down_is_not_out_of_stock_besides() -> None:
    assert find_obstacles(facts(LARGE_BLUE, listed=False)) == (TakenDown(),)


def test_any_sold_out_variant_may_be_the_one_that_was_meant() -> None:
    found = find_obstacles(facts(SMALL_BLUE, LARGE_BLUE, SMALL_RED))
    assert found == (OutOfStock((LARGE_BLUE,), (SMALL_BLUE, SMALL_RED)),)


@pytest.mark.parametrize(
    ("wanted", "sold_out"),
    [(("l",), [LARGE_BLUE]), (("blue", "L"), [LARGE_BLUE]), (("S",), []), (("red",), [])],
)
def test_a_variant_that_was_named_is_the_one_that_counts(
    wanted: tuple[str, ...], sold_out: list[VariantStock]
) -> None:
    found = find_obstacles(facts(SMALL_BLUE, LARGE_BLUE, SMALL_RED), wanted)
    assert [one for o in found if isinstance(o, OutOfStock) for one in o.sold_out] == sold_out


@pytest.mark.parametrize("wanted", [("green",), ("L", "Red"), ("XL", "Blue")])
def test_a_variant_that_does_not_exist_is_said_to_be_none(wanted: tuple[str, ...]) -> None:
    found = find_obstacles(facts(SMALL_BLUE, LARGE_BLUE, SMALL_RED), wanted)
    assert found == (NoSuchVariant((SMALL_BLUE, SMALL_RED)),)


def test_a_product_without_variants_is_out_of_stock() -> None:
    bare = PurchaseFacts(replace(JACKET, variants=()), (), ())
    assert find_obstacles(bare) == (OutOfStock((), ()),)


def test_a_recent_purchase_stands_in_the_way_until_the_window_after_the_latest_has_passed() -> None:
    purchases = (
        Purchase("2", NOW - timedelta(hours=1)),
        Purchase("1", NOW - timedelta(hours=20)),
    )
    found = find_obstacles(facts(purchases=purchases))
    assert found == (BoughtBefore(purchases, NOW + timedelta(hours=23)),)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("recipient", "陈伟"),
        ("line1", "Königstraße 3"),
        ("city", "上海"),
        ("region", "Île-de-France"),
        ("postal_code", "١٢٣٤٥"),
    ],
)
def test_an_address_is_not_english_if_any_of_its_printed_parts_is_not(
    field: str, text: str
) -> None:
    address = replace(HOME, **{field: text})
    found = find_obstacles(facts(addresses=(HOME, address)))
    assert found == (ForeignCharacters(address, (text,)),)


def test_the_customers_own_name_for_an_address_is_not_printed_on_it() -> None:
    assert find_obstacles(facts(addresses=(replace(HOME, label="Zuhause ✿ Café"),))) == ()


def test_all_obstacles_are_found_at_once_the_products_own_first() -> None:
    purchase = Purchase("1", NOW)
    abroad = replace(HOME, city="上海")
    found = find_obstacles(facts(LARGE_BLUE, purchases=(purchase,), addresses=(abroad,)))
    assert [type(one) for one in found] == [OutOfStock, BoughtBefore, ForeignCharacters]
