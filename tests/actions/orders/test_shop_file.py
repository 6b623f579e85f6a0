import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.model import OrderStatus
from actions.orders.shop_file import Shop, ShopFileError, read_shop
from tests.actions.orders.worlds import NOW


def order(shop: Shop, number: str) -> Any:
    return next(order for order in shop.orders if order.number == number)


def spoilt_shop(folder: Path, spoil: Callable[[Any], None]) -> Path:
    shop = json.loads(DEMO_SHOP_PATH.read_text(encoding="utf-8"))
    spoil(shop)
    path = folder / "shop.json"
    path.write_text(json.dumps(shop), encoding="utf-8")
    return path


def test_the_demo_shop_has_an_order_in_every_status(shop: Shop) -> None:
    assert {order.status for order in shop.orders} == set(OrderStatus)


def test_hours_count_from_the_moment_of_reading(shop: Shop) -> None:
    shipped = order(shop, "8100240003")
    assert shipped.placed_at == NOW - timedelta(hours=70)
    assert shipped.shipment.expected_at == NOW + timedelta(hours=26)


def test_an_order_carries_title_variant_and_address_of_its_references(shop: Shop) -> None:
    unshipped = order(shop, "8100240002")
    assert unshipped.items[0].title == "Trail Rain Jacket"
    assert unshipped.items[0].attributes == {"size": "M", "color": "Blue"}
    assert unshipped.address.line1 == "12 Alder Street"


def test_a_customer_may_have_no_address(shop: Shop) -> None:
    (elif_,) = [customer for customer in shop.customers if customer.id == "C104"]
    assert (elif_.addresses, elif_.default_address) == ((), None)


def test_an_order_may_have_no_address(tmp_path: Path) -> None:
    def take_the_address_away(shop: Any) -> None:
        shop["orders"][0]["address_label"] = None

    shop = read_shop(spoilt_shop(tmp_path, take_the_address_away), now=NOW)
    assert shop.orders[0].address is None


def _without_version(shop: Any) -> None:
    del shop["version"]


def _unknown_status(shop: Any) -> None:
    shop["orders"][3]["status"] = "lost"


def _negative_price(shop: Any) -> None:
    shop["products"][0]["variants"][0]["price_minor"] = -1


def _unknown_item(shop: Any) -> None:
    shop["orders"][0]["items"][0]["sku"] = "P99"


def _unknown_seller(shop: Any) -> None:
    shop["orders"][0]["seller_id"] = "S9"


def _unknown_seller_of_a_product(shop: Any) -> None:
    shop["products"][0]["seller_id"] = "S9"


def _unknown_customer(shop: Any) -> None:
    shop["orders"][0]["customer_id"] = "C9"


def _repeated_order(shop: Any) -> None:
    shop["orders"].append(shop["orders"][0])


def _unknown_address(shop: Any) -> None:
    shop["orders"][0]["address_label"] = "Boat"


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (_without_version, "version: Field required"),
        (_unknown_status, "orders.3.status: Input should be 'awaiting_payment'"),
        (_negative_price, "products.0.variants.0.price_minor: "),
        (_unknown_item, "item of 8100240001 is 'P99', which the file does not describe"),
        (_unknown_seller, "seller of 8100240001 is 'S9'"),
        (_unknown_seller_of_a_product, "seller of product P01 is 'S9'"),
        (_unknown_customer, "customer of 8100240001 is 'C9'"),
        (_repeated_order, "order '8100240001' is described twice"),
        (_unknown_address, "address of 8100240001 is 'Boat'"),
    ],
)
def test_a_file_that_describes_no_shop_is_refused_with_the_place(
    tmp_path: Path, spoil: Callable[[Any], None], problem: str
) -> None:
    path = spoilt_shop(tmp_path, spoil)
    with pytest.raises(ShopFileError) as refusal:
        read_shop(path, now=NOW)
    assert f"{path}: {problem}" in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Expecting value"),
        (b'{"version": 1,', "line 1 column 15"),
        (b"[]", "the whole file: Input should be a valid dictionary"),
        (b"\xff\xfe", "codec can't decode"),
    ],
)
def test_a_file_that_is_no_json_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "shop.json"
    path.write_bytes(content)
    with pytest.raises(ShopFileError, match=problem):
        read_shop(path, now=NOW)


def test_a_missing_file_is_named_together_with_the_fix(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.json"
    with pytest.raises(ShopFileError) as refusal:
        read_shop(path, now=NOW)
    assert str(refusal.value) == (
        f"cannot read the shop file {path}: No such file or directory; "
        "restore the file that came with the project or name a valid one"
    )
