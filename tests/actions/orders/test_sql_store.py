"""What only a database can get wrong: locks, rollbacks, rows nobody expected, outages."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, delete, event, insert, text, update

from actions.orders.model import Cancellation, CancelRule, OrderStatus
from actions.orders.sql_engine import open_engine
from actions.orders.sql_schema import metadata, order_items, orders, variants
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import (
    OrderNotCancellable,
    OrderNotFound,
    OrderStore,
    OrderStoreError,
    OrderStoreUnavailable,
    OrderUnreadable,
    TooManySellerMessages,
)
from tests.actions.orders.worlds import NOW, SqlWorld

ANA, UNPAID, UNSHIPPED, SHIPPED = "C100", "8100240001", "8100240002", "8100240003"
Answer = TypeVar("Answer")


def cancel(store: OrderStore, key: str = "m1", number: str = UNSHIPPED) -> Cancellation:
    return store.cancel_order(
        number,
        customer_id=ANA,
        expected_status=OrderStatus.AWAITING_SHIPPING,
        idempotency_key=key,
    )


def at_the_same_time(*calls: Callable[[], Answer]) -> list[Answer | OrderStoreError]:
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer | OrderStoreError:
        barrier.wait(timeout=10)
        try:
            return call()
        except OrderStoreError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@contextmanager
def noted_parameters(engine: Engine, beginning: str) -> Iterator[list[Any]]:
    noted: list[Any] = []

    def note(_connection: object, _cursor: object, statement: str, rows: Any, *_: object) -> None:
        if statement.startswith(beginning):
            noted.extend(rows)

    event.listen(engine, "before_cursor_execute", note)
    yield noted
    event.remove(engine, "before_cursor_execute", note)


class TestTwoAtOnce:
    def test_two_tabs_cancel_once(self, sql_world: SqlWorld) -> None:
        before = sql_world.stock("P01-M-BLU")
        answers = at_the_same_time(
            lambda: cancel(sql_world.store, "first tab"),
            lambda: cancel(sql_world.store, "second tab"),
        )
        (refused,) = [answer for answer in answers if isinstance(answer, OrderNotCancellable)]
        assert refused.rule is CancelRule.ALREADY_CANCELLED
        assert sql_world.stock("P01-M-BLU") == before + 1
        assert len(sql_world.audit(UNSHIPPED)) == 1

    def test_one_request_sent_twice_cancels_once_and_both_hear_so(
        self, sql_world: SqlWorld
    ) -> None:
        before = sql_world.stock("P01-M-BLU")
        first, second = at_the_same_time(*[lambda: cancel(sql_world.store)] * 2)
        assert first == second
        assert isinstance(first, Cancellation)
        assert (sql_world.stock("P01-M-BLU"), len(sql_world.audit(UNSHIPPED))) == (before + 1, 1)

    def test_an_order_is_shipped_or_cancelled_never_both(self, sql_world: SqlWorld) -> None:
        shipped, cancelled = at_the_same_time(
            lambda: sql_world.ship(UNSHIPPED),
            lambda: isinstance(cancel(sql_world.store), Cancellation),
        )
        assert (shipped is True) != (cancelled is True)

    def test_items_are_put_back_in_one_order_so_that_no_two_cancellations_deadlock(
        self, sql_world: SqlWorld
    ) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(update(order_items).values(position=order_items.c.position + 10))
            connection.execute(insert(order_items), [_item(UNSHIPPED, 1, "P10-FIG")])
        with noted_parameters(sql_world.engine, "UPDATE shop_variants") as parameters:
            cancel(sql_world.store)
        assert [_sku(row) for row in parameters] == ["P01-M-BLU", "P10-FIG"]

    def test_messages_sent_at_once_do_not_slip_past_the_limit(self, sql_world: SqlWorld) -> None:
        def send(key: str) -> str:
            return sql_world.store.send_seller_message(
                UNSHIPPED, customer_id=ANA, text="Hello", idempotency_key=key
            ).text

        answers = at_the_same_time(*[lambda key=f"m{n}": send(key) for n in range(8)])
        assert answers.count("Hello") == 5
        assert sum(isinstance(answer, TooManySellerMessages) for answer in answers) == 3


class TestFailingInTheMiddle:
    @pytest.fixture
    def world_without_audit(self, sql_world: SqlWorld) -> Iterator[SqlWorld]:
        """The database refuses the last write of a cancellation."""
        refuse, accept = {
            "sqlite": (
                "CREATE TRIGGER refuse BEFORE INSERT ON shop_order_audit "
                "BEGIN SELECT RAISE(ABORT, 'disk full'); END",
                "DROP TRIGGER refuse",
            ),
            "postgresql": (
                "ALTER TABLE shop_order_audit ADD CONSTRAINT refuse CHECK (false) NOT VALID",
                "ALTER TABLE shop_order_audit DROP CONSTRAINT refuse",
            ),
        }[sql_world.engine.dialect.name]
        with sql_world.engine.begin() as connection:
            connection.execute(text(refuse))
        yield sql_world
        with sql_world.engine.begin() as connection:
            connection.execute(text(accept))

    def test_nothing_is_half_done(self, world_without_audit: SqlWorld) -> None:
        world = world_without_audit
        before = world.stock("P01-M-BLU")
        with pytest.raises(OrderStoreUnavailable):
            cancel(world.store)
        order = world.store.find_order(UNSHIPPED, customer_id=ANA)
        assert (order.status, order.cancelled_at) == (OrderStatus.AWAITING_SHIPPING, None)
        assert world.stock("P01-M-BLU") == before


class TestRowsNobodyExpected:
    def test_an_unknown_status_is_our_own_error_and_named_in_the_log(
        self, sql_world: SqlWorld, caplog: pytest.LogCaptureFixture
    ) -> None:
        sql_world.change_order(UNSHIPPED, status="lost_at_sea")
        with caplog.at_level(logging.ERROR), pytest.raises(OrderUnreadable):
            sql_world.store.find_order(UNSHIPPED, customer_id=ANA)
        assert UNSHIPPED in caplog.text
        assert "lost_at_sea" in caplog.text

    def test_an_order_with_an_unknown_status_is_not_cancelled(self, sql_world: SqlWorld) -> None:
        sql_world.change_order(UNSHIPPED, status="lost_at_sea")
        with pytest.raises(OrderUnreadable):
            cancel(sql_world.store)

    def test_the_other_orders_are_still_listed(self, sql_world: SqlWorld) -> None:
        sql_world.change_order(UNSHIPPED, status="lost_at_sea")
        numbers = [order.number for order in sql_world.store.list_orders(ANA)]
        assert numbers == [UNPAID, SHIPPED, "8100240005", "8100240004"]

    @pytest.mark.parametrize("address", [{"street": "1"}, ["12 Alder Street"], "Home"])
    def test_an_address_of_another_shape_is_our_own_error(
        self, sql_world: SqlWorld, address: object
    ) -> None:
        sql_world.change_order(UNSHIPPED, address=address)
        with pytest.raises(OrderUnreadable):
            sql_world.store.find_order(UNSHIPPED, customer_id=ANA)

    def test_broken_json_in_a_column_is_our_own_error(self, sqlite_world: SqlWorld) -> None:
        with sqlite_world.engine.begin() as connection:
            connection.execute(text("UPDATE shop_orders SET address = '{'"))
        with pytest.raises(OrderUnreadable):
            sqlite_world.store.list_orders(ANA)

    def test_an_order_without_items_is_found_listed_and_cancelled(
        self, sql_world: SqlWorld
    ) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(delete(order_items).where(order_items.c.order_number == UNSHIPPED))
        assert sql_world.store.list_orders(ANA)[1].items == ()
        assert cancel(sql_world.store).order.items == ()

    def test_a_currency_without_minor_units_counts_whole_units(self, sql_world: SqlWorld) -> None:
        sql_world.change_order(UNSHIPPED, currency="JPY", total_minor=12_000_000_000)
        order = sql_world.store.find_order(UNSHIPPED, customer_id=ANA)
        assert (order.total_minor, order.currency) == (12_000_000_000, "JPY")

    def test_an_instant_without_a_time_zone_never_reaches_the_database(
        self, sql_world: SqlWorld
    ) -> None:
        local_clock_store = SqlOrderStore(sql_world.engine, clock=lambda: NOW.replace(tzinfo=None))
        with pytest.raises(OrderStoreUnavailable, match="an instant needs a time zone"):
            cancel(local_clock_store)

    def test_an_order_without_address_payment_or_shipment_says_so(
        self, sql_world: SqlWorld
    ) -> None:
        sql_world.change_order(SHIPPED, address=None, payment=None, carrier=None)
        order = sql_world.store.find_order(SHIPPED, customer_id=ANA)
        assert (order.address, order.payment, order.shipment) == (None, None, None)

    def test_two_lines_of_one_item_both_go_back_on_the_shelf(self, sql_world: SqlWorld) -> None:
        before = sql_world.stock("P01-M-BLU")
        with sql_world.engine.begin() as connection:
            connection.execute(insert(order_items), [_item(UNSHIPPED, 1, "P01-M-BLU")])
        cancel(sql_world.store)
        assert sql_world.stock("P01-M-BLU") == before + 1 + 2

    def test_an_item_no_longer_sold_does_not_keep_an_order_from_being_cancelled(
        self, sql_world: SqlWorld
    ) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(delete(variants).where(variants.c.sku == "P01-M-BLU"))
        assert cancel(sql_world.store).order.status is OrderStatus.CANCELLED

    def test_a_renamed_product_does_not_change_what_was_ordered(self, sql_world: SqlWorld) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(update(variants).values(attributes={"size": "XXL"}))
        (item,) = sql_world.store.find_order(UNSHIPPED, customer_id=ANA).items
        assert item.attributes == {"size": "M", "color": "Blue"}

    @pytest.mark.parametrize("attributes", [{"size": 26}, ["S"], "S", None, {"size": None}])
    def test_a_variant_of_another_shape_is_our_own_error_and_named(
        self, sql_world: SqlWorld, attributes: object
    ) -> None:
        with sql_world.engine.begin() as connection:
            broken = update(variants).where(variants.c.sku == "P01-M-BLU")
            connection.execute(broken.values(attributes=attributes))
        with pytest.raises(OrderUnreadable, match="variant P01-M-BLU"):
            sql_world.store.list_products()

    def test_a_product_without_variants_is_listed(self, sql_world: SqlWorld) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(delete(variants))
        assert {len(one.attributes) for one in sql_world.store.list_products()} == {0}


class TestWorkPerAnswer:
    def test_all_products_take_one_statement(self, sql_world: SqlWorld) -> None:
        with counted_statements(sql_world.engine) as statements:
            assert len(sql_world.store.list_products()) == 12
        assert len(statements) == 1

    def test_one_order_takes_one_statement(self, sql_world: SqlWorld) -> None:
        with counted_statements(sql_world.engine) as statements:
            sql_world.store.find_order(SHIPPED, customer_id=ANA)
        assert len(statements) == 1

    def test_a_list_of_orders_takes_one_statement(self, sql_world: SqlWorld) -> None:
        with counted_statements(sql_world.engine) as statements:
            sql_world.store.list_orders(ANA)
        assert len(statements) == 1

    @pytest.mark.parametrize(
        ("number", "email"), [(SHIPPED, "ben@example.com"), ("8100249999", "ana@example.com")]
    )
    def test_a_wrong_email_and_an_unknown_number_take_the_same_statement(
        self, sql_world: SqlWorld, number: str, email: str
    ) -> None:
        with counted_statements(sql_world.engine) as statements, pytest.raises(OrderNotFound):
            sql_world.store.find_guest_order(number, email=email)
        assert len(statements) == 1

    @pytest.mark.parametrize(
        "look_up",
        [
            lambda store: store.find_order(SHIPPED, customer_id=ANA),
            lambda store: store.find_guest_order(SHIPPED, email="ana@example.com"),
            lambda store: store.list_orders(ANA),
            lambda store: store.list_seller_messages(SHIPPED, customer_id=ANA),
        ],
    )
    def test_no_look_up_reads_a_whole_table(
        self, sqlite_world: SqlWorld, look_up: Callable[[OrderStore], object]
    ) -> None:
        with counted_statements(sqlite_world.engine) as statements:
            look_up(sqlite_world.store)
        assert "SCAN" not in _plan(sqlite_world.engine, statements[0])

    def test_what_decides_about_a_purchase_reads_no_whole_table(
        self, sqlite_world: SqlWorld
    ) -> None:
        with counted_statements(sqlite_world.engine) as statements:
            sqlite_world.store.purchase_facts("Smart Desk Lamp", customer_id="C102")
        plans = [_plan(sqlite_world.engine, statement) for statement in statements]
        assert len(plans) == 3
        assert not any("SCAN" in plan for plan in plans)

    def test_a_guests_wrong_email_ends_in_the_index(self, sqlite_world: SqlWorld) -> None:
        with counted_statements(sqlite_world.engine) as statements:
            sqlite_world.store.find_guest_order(SHIPPED, email="ana@example.com")
        assert "ix_shop_orders_guest (number=? AND email_key=?)" in _plan(
            sqlite_world.engine, statements[0]
        )


EVERY_CALL: list[Callable[[OrderStore], object]] = [
    lambda store: store.find_order(UNSHIPPED, customer_id=ANA),
    lambda store: store.find_guest_order(UNSHIPPED, email="ana@example.com"),
    lambda store: store.list_orders(ANA),
    cancel,
    lambda store: store.record_cancel_reason(UNSHIPPED, customer_id=ANA, reason="other"),
    lambda store: store.send_seller_message(
        UNSHIPPED, customer_id=ANA, text="Hello", idempotency_key="m1"
    ),
    lambda store: store.list_seller_messages(UNSHIPPED, customer_id=ANA),
]


class TestOutages:
    @pytest.mark.parametrize("call", EVERY_CALL)
    def test_a_database_without_our_tables_is_unavailable(
        self, empty_engine: Engine, call: Callable[[OrderStore], object]
    ) -> None:
        metadata.drop_all(empty_engine)
        with pytest.raises(OrderStoreUnavailable):
            call(SqlOrderStore(empty_engine))

    @pytest.mark.parametrize("call", EVERY_CALL)
    @pytest.mark.parametrize(
        "url", ["sqlite:////no/such/folder/orders.sqlite3", "postgresql://postgres@127.0.0.1:1/x"]
    )
    def test_a_database_that_is_away_is_unavailable(
        self, url: str, call: Callable[[OrderStore], object]
    ) -> None:
        with pytest.raises(OrderStoreUnavailable):
            call(SqlOrderStore(open_engine(url)))

    def test_an_order_locked_by_another_for_too_long_is_unavailable(
        self, sql_world: SqlWorld
    ) -> None:
        url = sql_world.engine.url.render_as_string(hide_password=False)
        impatient = open_engine(url, lock_timeout_s=0.05)
        with sql_world.engine.begin() as connection:
            connection.execute(
                update(orders).where(orders.c.number == UNSHIPPED).values(payment="PayPal")
            )
            with pytest.raises(OrderStoreUnavailable):
                cancel(SqlOrderStore(impatient))
        impatient.dispose()

    def test_looking_up_does_not_wait_for_a_change_in_progress(self, sql_world: SqlWorld) -> None:
        with sql_world.engine.begin() as connection:
            connection.execute(update(orders).values(status=OrderStatus.CANCELLED.value))
            order = sql_world.store.find_order(UNSHIPPED, customer_id=ANA)
            connection.rollback()
        assert order.status is OrderStatus.AWAITING_SHIPPING


def _item(number: str, position: int, sku: str) -> dict[str, object]:
    return {
        "order_number": number,
        "position": position,
        "sku": sku,
        "product_id": sku[:3],
        "title": "Anything",
        "attributes": {},
        "quantity": 2,
        "unit_price_minor": 100,
    }


def _sku(parameters: Any) -> object:
    """Find the sku among the parameters, which each driver orders in its own way."""
    values = parameters.values() if isinstance(parameters, dict) else parameters
    return next(value for value in values if isinstance(value, str))


def _plan(engine: Engine, statement: str) -> str:
    with engine.connect() as connection:
        parameters = ("x",) * statement.count("?")
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(row.detail for row in rows)
