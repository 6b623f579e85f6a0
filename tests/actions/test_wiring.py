import subprocess
import sys
from pathlib import Path

import pytest

from actions.orders.http_store import HttpOrderStore
from actions.orders.http_transport import CALL_DEADLINE_S
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import OrderStoreUrlError
from actions.wiring import (
    STORE_DEADLINE_S,
    TURN_DEADLINE_S,
    Services,
    configure,
    current_services,
    open_order_store,
    services_from_environment,
)
from bot.brain.in_process_actions import ACTION_DEADLINE_S


def test_the_configured_services_are_used(store: object) -> None:
    services = current_services()
    assert services.store is store
    other = Services(store=services.store, limiter=services.limiter)
    configure(other)
    assert current_services() is other


def test_without_configuration_the_environment_names_the_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orders.sqlite3'}"
    services = services_from_environment({"ORDER_STORE_URL": url})
    assert isinstance(services.store, SqlOrderStore)
    assert services.deadline_s == STORE_DEADLINE_S


def test_the_store_is_given_up_before_the_brain_gives_up_the_action(store: object) -> None:
    services = current_services()
    assert CALL_DEADLINE_S < STORE_DEADLINE_S <= TURN_DEADLINE_S < ACTION_DEADLINE_S
    assert services.turn_deadline_s == TURN_DEADLINE_S


def test_a_missing_store_url_is_named() -> None:
    with pytest.raises(OrderStoreUrlError, match="ORDER_STORE_URL"):
        services_from_environment({})


def test_an_address_of_the_web_is_a_shops_own_system() -> None:
    environ = {"ORDER_STORE_URL": "https://shop.test", "ORDER_STORE_TOKEN": "secret"}
    assert isinstance(services_from_environment(environ).store, HttpOrderStore)


def test_a_shops_own_system_without_a_token_is_refused() -> None:
    with pytest.raises(OrderStoreUrlError, match="ORDER_STORE_TOKEN"):
        services_from_environment({"ORDER_STORE_URL": "https://shop.test"})


def test_an_unknown_store_url_is_refused() -> None:
    with pytest.raises(OrderStoreUrlError):
        open_order_store("mongodb://localhost/orders")


def test_importing_and_building_the_actions_touches_nothing(tmp_path: Path) -> None:
    program = (
        "from rasa_sdk.executor import ActionExecutor\n"
        "executor = ActionExecutor()\n"
        "executor.register_package('actions')\n"
        "print(len(executor.actions))\n"
    )
    # The directory and environment are empty, so anything read or opened would fail.
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "13", result.stderr
