from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, delete, inspect, table, text

from actions.orders.migrations import VERSION_TABLE, is_current, upgrade_schema
from actions.orders.sql_engine import open_engine
from actions.orders.sql_schema import metadata
from actions.orders.store import OrderStoreUnavailable


# SQLAlchemy cannot read an index on an expression back from SQLite; on PostgreSQL it is compared.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_the_migrations_make_the_tables_that_the_store_uses(empty_engine: Engine) -> None:
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_upgrading_again_changes_nothing(empty_engine: Engine) -> None:
    upgrade_schema(empty_engine)
    assert is_current(empty_engine)


def test_a_database_before_the_upgrade_is_not_current(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.execute(delete(table(VERSION_TABLE)))
    assert not is_current(empty_engine)


def test_a_database_shared_with_another_schema_keeps_both_versions(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('another')"))
    upgrade_schema(empty_engine)
    with empty_engine.connect() as connection:
        others = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        assert others.all() == ["another"]


def test_processes_that_start_together_upgrade_once(fresh_postgres_url: str) -> None:
    engine = open_engine(fresh_postgres_url)
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(upgrade_schema, [engine] * 3))
    assert is_current(engine)
    engine.dispose()


def test_an_upgrade_that_fails_leaves_no_table_behind(fresh_postgres_url: str) -> None:
    engine = open_engine(fresh_postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE shop_order_audit (id INTEGER)"))
    with pytest.raises(OrderStoreUnavailable):
        upgrade_schema(engine)
    assert inspect(engine).get_table_names() == ["shop_order_audit"]
    engine.dispose()


def test_a_database_that_is_away_is_our_own_error() -> None:
    with pytest.raises(OrderStoreUnavailable):
        upgrade_schema(open_engine("postgresql://postgres@127.0.0.1:1/orders"))
