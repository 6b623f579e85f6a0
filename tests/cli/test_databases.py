"""`bot db upgrade` and `bot demo load`, and what they say of databases that are not there."""

import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, update

from actions.orders.sql_schema import orders
from tests.cli.conftest import PASSWORD, SECRET, RunBot

UNREACHABLE = f"postgresql://bot:{PASSWORD}@127.0.0.1:1/shop"
NO_FOLDER = "sqlite:////nowhere/at/all/shop.sqlite3"
OTHER_KIND = f"mysql://bot:{PASSWORD}@127.0.0.1/shop"
SHOP_SYSTEM = "https://shop.example.com/api"
NO_URL = f"my database {PASSWORD}"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "BOT_STATE_DIR": str(tmp_path / "state"),
        "BOT_SECRET_KEY": SECRET,
        "ORDER_STORE_URL": f"sqlite:///{tmp_path / 'orders.sqlite3'}",
    }


def test_upgrading_makes_both_databases_and_may_be_repeated(bot: RunBot, tmp_path: Path) -> None:
    for _ in range(2):
        outcome = bot("db", "upgrade")
        assert (outcome.code, outcome.err) == (0, "")
    assert outcome.lines == ["BOT_DATABASE_URL: up to date", "ORDER_STORE_URL: up to date"]
    assert (tmp_path / "orders.sqlite3").exists()


def test_upgrading_works_on_postgresql(bot: RunBot, fresh_postgres_url: str) -> None:
    urls = {"BOT_DATABASE_URL": fresh_postgres_url, "ORDER_STORE_URL": fresh_postgres_url}
    assert bot("db", "upgrade", **urls).code == 0
    assert bot("db", "upgrade", **urls).code == 0


def test_a_shops_own_system_is_not_upgraded(bot: RunBot) -> None:
    outcome = bot("db", "upgrade", ORDER_STORE_URL=SHOP_SYSTEM, ORDER_STORE_TOKEN=PASSWORD)
    assert outcome.lines == [
        "BOT_DATABASE_URL: up to date",
        "ORDER_STORE_URL: a shop's own system, nothing to do",
    ]


@pytest.mark.parametrize(
    ("settings", "fix"),
    [
        ({"ORDER_STORE_URL": SHOP_SYSTEM}, "set ORDER_STORE_TOKEN to"),
        ({"ORDER_STORE_URL": SHOP_SYSTEM, "ORDER_STORE_TOKEN": "a b"}, "copy it again"),
        (
            {"ORDER_STORE_URL": "http://shop.example.com", "ORDER_STORE_TOKEN": PASSWORD},
            "use https://",
        ),
        (
            {"ORDER_STORE_URL": f"https://bot:{PASSWORD}@shop.test", "ORDER_STORE_TOKEN": "a"},
            "leave them out",
        ),
    ],
)
def test_a_shops_own_system_that_cannot_be_asked_is_one_line(
    bot: RunBot, settings: dict[str, str], fix: str
) -> None:
    outcome = bot("db", "upgrade", **settings)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert outcome.err.startswith("bot: ORDER_STORE_URL: ")
    assert fix in outcome.err
    assert PASSWORD not in outcome.err


@pytest.mark.parametrize("setting", ["BOT_DATABASE_URL", "ORDER_STORE_URL"])
@pytest.mark.parametrize("url", [UNREACHABLE, NO_FOLDER, OTHER_KIND, NO_URL])
def test_a_database_that_cannot_be_opened_is_one_line_without_its_password(
    bot: RunBot, setting: str, url: str
) -> None:
    outcome = bot("db", "upgrade", **{setting: url})
    assert outcome.code == 2
    assert outcome.err.startswith(f"bot: {setting}")
    assert (outcome.err.count("\n"), PASSWORD in outcome.err + outcome.out) == (1, False)


def test_settings_that_are_wrong_are_one_line_without_the_secret(bot: RunBot) -> None:
    outcome = bot("db", "upgrade", BOT_SECRET_KEY="short-secret", BOT_SESSION_TTL_S="soon")
    assert outcome.code == 2
    assert "BOT_SECRET_KEY" in outcome.err
    assert (outcome.err.count("\n"), "short-secret" in outcome.err) == (1, False)


def test_the_demo_shop_is_loaded_once_however_often(bot: RunBot, tmp_path: Path) -> None:
    first, again = bot("demo", "load"), bot("demo", "load")
    assert first.out.startswith("loaded: ")
    assert again.out.startswith("kept: ")
    assert count_orders(tmp_path) == 21


def test_a_reset_puts_the_demo_shop_back(bot: RunBot, tmp_path: Path) -> None:
    bot("demo", "load")
    change_status(tmp_path, "8100240002", "cancelled")
    assert bot("demo", "load").code == 0
    assert status(tmp_path, "8100240002") == "cancelled"
    assert bot("demo", "load", "--reset").out.startswith("reset: ")
    assert status(tmp_path, "8100240002") == "awaiting_shipping"


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"orders": [{}]})])
def test_a_shop_file_that_is_wrong_is_one_line(bot: RunBot, tmp_path: Path, content: str) -> None:
    (tmp_path / "shop.json").write_text(content)
    outcome = bot("demo", "load", "--shop", str(tmp_path / "shop.json"))
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert "shop.json" in outcome.err


def test_a_shop_file_that_is_missing_is_one_line(bot: RunBot, tmp_path: Path) -> None:
    outcome = bot("demo", "load", "--shop", str(tmp_path / "none.json"))
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)


def test_the_demo_shop_does_not_go_into_a_shops_own_system(bot: RunBot) -> None:
    outcome = bot("demo", "load", ORDER_STORE_URL=SHOP_SYSTEM)
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)


def count_orders(tmp_path: Path) -> int:
    with create_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}").connect() as connection:
        return connection.scalar(select(func.count()).select_from(orders)) or 0


def status(tmp_path: Path, number: str) -> str:
    with create_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}").connect() as connection:
        return str(connection.scalar(select(orders.c.status).where(orders.c.number == number)))


def change_status(tmp_path: Path, number: str, status: str) -> None:
    with create_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}").begin() as connection:
        connection.execute(update(orders).where(orders.c.number == number).values(status=status))
