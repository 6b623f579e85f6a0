"""The adapter by itself, in the shop's Python, and the table of what does not apply to it."""

import re
import subprocess
from pathlib import Path

from tests.actions.orders import test_order_store_contract, test_product_contract
from tests.foreign_shop.serving import shop_environment
from tests.foreign_shop.world import DOES_NOT_APPLY

TIMEOUT_S = 60


def test_its_own_tests_pass(oscar_python: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [oscar_python, "-m", "django", "test", "order_store"],
        env=shop_environment(tmp_path, "", None),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^Ran [1-9]\d* tests", done.stderr, re.MULTILINE)


def test_what_does_not_apply_to_it_is_still_in_the_contract_tests() -> None:
    names = {
        name
        for module in (test_order_store_contract, test_product_contract)
        for group in vars(module).values()
        if isinstance(group, type) and group.__name__.startswith("Test")
        for name in vars(group)
    }
    assert set(DOES_NOT_APPLY) <= names
