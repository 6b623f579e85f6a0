"""Folders of articles to read, break and import into."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.nlu.encoder import SentenceEncoder

WriteFile = Callable[[str, str], Path]

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "placing-orders.txt"
ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "help_center"


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The encoder that the bot is shipped with."""
    return SentenceEncoder.load(ROOT / "models" / "encoder")


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
