"""What every order store promises about products and what decides whether they can be ordered."""

from datetime import timedelta

import pytest

from actions.orders.model import OrderStatus, ProductStock, Purchase, VariantStock
from actions.orders.shop_file import Shop
from tests.actions.orders.worlds import NOW, World

ANA, CHEN = "C100", "C102"


class TestListingProducts:
    def test_every_product_is_listed_by_id_also_one_taken_down(
        self, world: World, shop: Shop
    ) -> None:
        listed = world.store.list_products()
        assert [product.id for product in listed] == sorted(one.id for one in shop.products)
        assert [product.title for product in listed] == [one.title for one in shop.products]
        assert any(not one.listed for one in shop.products)

    def test_a_product_has_what_its_variants_come_in(self, world: World) -> None:
        by_title = {product.title: product.attributes for product in world.store.list_products()}
        assert by_title["Trail Rain Jacket"] == {"color": ("Blue", "Red"), "size": ("L", "M", "S")}
        assert by_title["Wooden Train Set"] == {}


class TestWhatDecidesWhetherAProductCanBeOrdered:
    def test_a_product_is_found_by_its_title_with_the_stock_of_each_variant(
        self, world: World
    ) -> None:
        facts = world.store.purchase_facts(" wireless EARBUDS pro\n", customer_id=None)
        assert facts.product == ProductStock(
            "P04",
            "Wireless Earbuds Pro",
            listed=True,
            variants=(
                VariantStock({"color": "Black", "model": "Pro 2"}, 0),
                VariantStock({"color": "White", "model": "Pro 2"}, 45),
            ),
        )

    def test_a_product_taken_down_is_not_listed(self, world: World) -> None:
        product = world.store.purchase_facts("Retro Game Console", customer_id=None).product
        assert product is not None
        assert (product.listed, product.variants) == (
            False,
            (VariantStock({"model": "2nd edition"}, 31),),
        )

    @pytest.mark.parametrize(
        "title", [None, "", "Flying Carpet", "%", "Smart Desk", "\x00", "\ud800"]
    )
    def test_a_title_that_no_product_has_finds_none(self, world: World, title: str | None) -> None:
        facts = world.store.purchase_facts(title, customer_id=CHEN)
        assert (facts.product, facts.recent_purchases) == (None, ())

    def test_purchases_of_the_product_within_the_window_come_newest_first(
        self, world: World
    ) -> None:
        facts = world.store.purchase_facts("Smart Desk Lamp", customer_id=CHEN)
        assert facts.recent_purchases == (
            Purchase("8100240021", NOW - timedelta(hours=2)),
            Purchase("8100240022", NOW - timedelta(hours=3)),
        )

    def test_a_purchase_counts_no_more_once_the_window_has_passed(self, world: World) -> None:
        world.clock.advance(timedelta(hours=21))
        facts = world.store.purchase_facts("Smart Desk Lamp", customer_id=CHEN)
        assert [one.order_number for one in facts.recent_purchases] == ["8100240021"]

    def test_a_cancelled_purchase_does_not_count(self, world: World) -> None:
        world.store.cancel_order(
            "8100240021",
            customer_id=CHEN,
            expected_status=OrderStatus.AWAITING_SHIPPING,
            idempotency_key="m1",
        )
        facts = world.store.purchase_facts("Smart Desk Lamp", customer_id=CHEN)
        assert [one.order_number for one in facts.recent_purchases] == ["8100240022"]

    @pytest.mark.parametrize("customer_id", [ANA, "C999", "C102\x00", "\ud800", None])
    def test_the_purchases_of_another_are_not_found(
        self, world: World, customer_id: str | None
    ) -> None:
        facts = world.store.purchase_facts("Smart Desk Lamp", customer_id=customer_id)
        assert facts.product is not None
        assert facts.recent_purchases == ()

    def test_saved_addresses_come_with_the_default_one_first(
        self, world: World, shop: Shop
    ) -> None:
        facts = world.store.purchase_facts(None, customer_id=ANA)
        (ana,) = (one for one in shop.customers if one.id == ANA)
        assert [address.label for address in facts.addresses] == ["Home", "Work"]
        assert set(facts.addresses) == set(ana.addresses)

    @pytest.mark.parametrize("customer_id", ["C104", "C999", "C100\x00", "\ud800", None])
    def test_a_customer_without_addresses_has_none(
        self, world: World, customer_id: str | None
    ) -> None:
        assert world.store.purchase_facts(None, customer_id=customer_id).addresses == ()
