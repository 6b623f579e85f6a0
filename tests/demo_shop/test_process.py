"""The demo's gateway as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.process import free_port


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("BOT_DEMO_SHOP_PATH", "/does/not/exist.json", "BOT_DEMO_SHOP_PATH"),
        ("BOT_ARTICLES_DIR", "/does/not/exist", "/does/not/exist"),
        ("ORDER_STORE_URL", "mysql://shop", "ORDER_STORE_URL"),
    ],
)
def test_wrong_setting_ends_the_start_with_one_line(
    tmp_path: Path, variable: str, value: str, told: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot.demo_shop", "--port", str(free_port())],
        env={**os.environ, "BOT_STATE_DIR": str(tmp_path), variable: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert ended.stderr.startswith("gateway: ")
    assert told in ended.stderr
