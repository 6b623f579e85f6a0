from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select

from actions.orders.demo_shop import load_demo_shop
from actions.orders.model import OrderStatus
from actions.orders.shop_file import Shop, ShopFileError
from actions.orders.sql_schema import metadata, order_items, orders
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderNotCancellable, OrderStoreUnavailable
from tests.actions.orders.worlds import NOW, SqlWorld

ANA, UNSHIPPED = "C100", "8100240002"


def cancel(world: SqlWorld, key: str = "m1") -> None:
    world.store.cancel_order(
        UNSHIPPED,
        customer_id=ANA,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key=key,
    )


def rows_per_table(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


class TestLoading:
    def test_an_empty_database_gets_the_whole_shop(self, empty_engine: Engine, shop: Shop) -> None:
        report = load_demo_shop(empty_engine, now=NOW)
        store = SqlOrderStore(empty_engine)
        assert (report.outcome, report.orders, report.customers) == ("loaded", 21, 8)
        assert [store.find_order(o.number, customer_id=o.customer_id) for o in shop.orders] == list(
            shop.orders
        )

    def test_loading_twice_gives_one_shop(self, empty_engine: Engine) -> None:
        load_demo_shop(empty_engine, now=NOW)
        before = rows_per_table(empty_engine)
        again = load_demo_shop(empty_engine, now=NOW + timedelta(days=1))
        assert again.outcome == "kept"
        assert rows_per_table(empty_engine) == before

    def test_loading_again_keeps_what_a_shopper_changed(self, sql_world: SqlWorld) -> None:
        cancel(sql_world)
        load_demo_shop(sql_world.engine, now=NOW + timedelta(days=1))
        order = sql_world.store.find_order(UNSHIPPED, customer_id=ANA)
        assert (order.status, order.cancelled_at) == (OrderStatus.CANCELLED, NOW)

    def test_two_that_load_at_once_load_one_shop(self, postgres_engine: Engine) -> None:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: load_demo_shop(postgres_engine, now=NOW), range(2)))
        assert rows_per_table(postgres_engine)["shop_orders"] == 21

    def test_a_bad_file_changes_nothing(self, empty_engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(ShopFileError):
            load_demo_shop(empty_engine, tmp_path / "nowhere.json", now=NOW, reset=True)
        assert set(rows_per_table(empty_engine).values()) == {0}

    def test_a_database_without_our_tables_is_our_own_error(self, empty_engine: Engine) -> None:
        metadata.drop_all(empty_engine)
        with pytest.raises(OrderStoreUnavailable):
            load_demo_shop(empty_engine, now=NOW)


class TestResetting:
    def test_an_empty_database_gets_the_whole_shop(self, empty_engine: Engine) -> None:
        assert load_demo_shop(empty_engine, now=NOW, reset=True).outcome == "reset"
        assert rows_per_table(empty_engine)["shop_orders"] == 21

    def test_orders_stock_audit_and_messages_are_as_they_were(
        self, sql_world: SqlWorld, shop: Shop
    ) -> None:
        before = rows_per_table(sql_world.engine), sql_world.stock("P01-M-BLU")
        cancel(sql_world)
        sql_world.seller_writes(UNSHIPPED, "Why?")
        load_demo_shop(sql_world.engine, now=NOW, reset=True)
        assert sql_world.store.find_order(UNSHIPPED, customer_id=ANA) in shop.orders
        assert (rows_per_table(sql_world.engine), sql_world.stock("P01-M-BLU")) == before

    def test_an_order_placed_since_is_removed(self, sql_world: SqlWorld) -> None:
        _copy_order(sql_world, UNSHIPPED, "8100249000")
        load_demo_shop(sql_world.engine, now=NOW, reset=True)
        assert len(sql_world.store.list_orders(ANA, limit=50)) == 5

    def test_a_line_added_to_an_order_is_removed(self, sql_world: SqlWorld) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(insert(order_items), [_item(UNSHIPPED, 1)])
        load_demo_shop(sql_world.engine, now=NOW, reset=True)
        assert len(sql_world.store.find_order(UNSHIPPED, customer_id=ANA).items) == 1

    def test_the_same_request_may_cancel_again_afterwards(self, sql_world: SqlWorld) -> None:
        cancel(sql_world)
        load_demo_shop(sql_world.engine, now=NOW, reset=True)
        cancel(sql_world)
        assert len(sql_world.audit(UNSHIPPED)) == 1

    def test_a_shop_without_anything_in_it_is_no_special_case(
        self, empty_engine: Engine, tmp_path: Path
    ) -> None:
        path = tmp_path / "empty.json"
        path.write_text('{"version":1,"sellers":[],"products":[],"customers":[],"orders":[]}')
        assert load_demo_shop(empty_engine, path, now=NOW).outcome == "kept"
        assert load_demo_shop(empty_engine, path, now=NOW, reset=True).orders == 0

    def test_a_bot_that_runs_meanwhile_always_finds_its_orders(self, sql_world: SqlWorld) -> None:
        def use_the_store(turn: int) -> int:
            with suppress(OrderNotCancellable):  # cancelled by an earlier turn, not reset since
                cancel(sql_world, key=f"m{turn}")
            return len(sql_world.store.list_orders(ANA))

        with ThreadPoolExecutor(4) as threads:
            listed = threads.map(use_the_store, range(20))
            resets = threads.map(
                lambda _: load_demo_shop(sql_world.engine, now=NOW, reset=True).outcome, range(5)
            )
            assert set(listed) == {5}
            assert set(resets) == {"reset"}


def _copy_order(world: SqlWorld, number: str, new_number: str) -> None:
    with world.engine.begin() as connection:
        row = connection.execute(select(orders).where(orders.c.number == number)).mappings().one()
        connection.execute(insert(orders), {**row, "number": new_number})
        connection.execute(insert(order_items), [_item(new_number, 0)])


def _item(number: str, position: int) -> dict[str, object]:
    return {
        "order_number": number,
        "position": position,
        "sku": "P02-GRY",
        "product_id": "P02",
        "title": "Anything",
        "attributes": {},
        "quantity": 1,
        "unit_price_minor": 100,
    }
