"""What can be told without a database: `python -m django test order_store` in the shop's Python.

How the whole adapter behaves is tested from the bot's side, over HTTP.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test import SimpleTestCase, override_settings

from .checks import check_configuration
from .configuration import configuration
from .money import to_minor


def problems(**changes: Any) -> list[str]:
    """Give the ids of what is wrong with the shop's own settings after these changes."""
    changed: Mapping[str, Any] = {**settings.ORDER_STORE, **changes}
    with override_settings(ORDER_STORE=changed):
        return [problem.id or "" for problem in check_configuration()]


class ConfigurationTests(SimpleTestCase):
    def test_a_complete_one_has_no_problems(self) -> None:
        self.assertEqual(problems(), [])

    def test_a_missing_one_is_an_error(self) -> None:
        with override_settings(ORDER_STORE=None):
            self.assertEqual([one.id for one in check_configuration()], ["order_store.E001"])

    def test_what_cannot_be_used_is_an_error(self) -> None:
        for changes in (
            {"TOKEN": "short"},
            {"TOKEN": None},
            {"STATUSES": {"Cancelled": "gone"}},
            {"CANCELLED_STATUS": "Pending"},
            {"SHOP": {"id": "shop"}},
            {"COLOUR": "blue"},
            {"EXPECTED_DELIVERY": "shop.nowhere.expected"},
        ):
            with self.subTest(changes=changes):
                self.assertEqual(problems(**changes), ["order_store.E001"])

    def test_a_status_of_the_pipeline_without_a_meaning_is_an_error(self) -> None:
        statuses = {**settings.ORDER_STORE["STATUSES"]}
        del statuses["Complete"]
        self.assertEqual(problems(STATUSES=statuses), ["order_store.E002"])

    def test_a_status_that_the_pipeline_does_not_let_cancel_is_an_error(self) -> None:
        statuses = {**settings.ORDER_STORE["STATUSES"], "Shipped": "awaiting_shipping"}
        self.assertEqual(problems(STATUSES=statuses), ["order_store.E003"])

    def test_a_field_that_a_product_or_customer_does_not_have_is_an_error(self) -> None:
        self.assertEqual(problems(PRODUCT_ID="isbn"), ["order_store.E004"])
        self.assertEqual(problems(CUSTOMER_ID="membership"), ["order_store.E004"])

    def test_the_token_is_not_in_what_is_printed(self) -> None:
        self.assertNotIn(settings.ORDER_STORE["TOKEN"], repr(configuration()))


class MigrationTests(SimpleTestCase):
    def test_they_make_the_tables_that_the_models_have(self) -> None:
        made = MigrationLoader(None).project_state()
        wanted = ProjectState.from_apps(apps)
        changes = MigrationAutodetector(made, wanted).changes(MigrationLoader(None).graph)
        self.assertNotIn("order_store", changes)


class MoneyTests(SimpleTestCase):
    def test_amounts_are_counted_in_the_minor_units_of_iso_4217(self) -> None:
        for amount, currency, minor in (
            ("89.90", "USD", 8990),
            ("1200.00", "JPY", 1200),
            ("1.25", "KWD", 1250),
            ("7.00", "IQD", 7000),
            ("0.00", "EUR", 0),
        ):
            with self.subTest(currency=currency):
                self.assertEqual(to_minor(Decimal(amount), currency), minor)
