"""Folders of articles to read, break and import into."""

from collections.abc import Callable
from pathlib import Path

import pytest

WriteFile = Callable[[str, str], Path]

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "placing-orders.txt"
SHIPPED = Path(__file__).parents[2] / "data" / "help_center"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of articles."""
    path = tmp_path / "help_center"
    path.mkdir()
    return path


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """Write a text under the temporary folder and return its path."""

    def write_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write_file
