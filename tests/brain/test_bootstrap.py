import asyncio
import shutil
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.brain.bootstrap import build_turn_runner, load_understanding
from bot.errors import ConfigurationError
from bot.settings import Settings, load_settings
from tests.brain.talk import Talk


@pytest.fixture
def settings(tmp_path: Path, orders_engine: Engine) -> Settings:
    url = orders_engine.url.render_as_string(hide_password=False)
    return load_settings({"BOT_STATE_DIR": str(tmp_path), "ORDER_STORE_URL": url}, demo=True)


@pytest.mark.model
def test_everything_is_put_together(
    trained_model: Path, bot_engine: Engine, settings: Settings
) -> None:
    runner = build_turn_runner(trained_model, bot_engine, settings)
    answer = asyncio.run(Talk(runner, "C100").says("where is my order 8100240003"))
    assert "Awaiting Delivery" in answer
    assert runner.model_id


def test_a_missing_model_is_named_with_the_fix(
    tmp_path: Path, bot_engine: Engine, settings: Settings
) -> None:
    missing = tmp_path / "model.tar.gz"
    with pytest.raises(ConfigurationError, match=r"model\.tar\.gz: no model here.*bot train"):
        build_turn_runner(missing, bot_engine, settings)
    with pytest.raises(ConfigurationError, match=r"model\.tar\.gz: no model here"):
        load_understanding(missing)


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b\x08\x00cut off"])
def test_a_broken_model_is_named_with_the_fix(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "model.tar.gz"
    broken.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"cannot be loaded.*bot train"):
        load_understanding(broken)


@pytest.mark.model
def test_a_model_cut_short_is_named_with_the_fix(tmp_path: Path, trained_model: Path) -> None:
    broken = tmp_path / "model.tar.gz"
    broken.write_bytes(trained_model.read_bytes()[:20_000])
    with pytest.raises(ConfigurationError, match=r"cannot be loaded.*bot train"):
        load_understanding(broken)


@pytest.mark.model
def test_a_model_that_lacks_a_part_is_named_with_the_fix(
    tmp_path: Path, trained_model: Path
) -> None:
    unpacked = tmp_path / "unpacked"
    with tarfile.open(trained_model) as archive:
        archive.extractall(unpacked, filter="data")
    for part in (unpacked / "components").glob("*Classifier*"):
        shutil.rmtree(part)
    lacking = tmp_path / "model.tar.gz"
    with tarfile.open(lacking, "w:gz") as archive:
        archive.add(unpacked, "")
    with pytest.raises(ConfigurationError, match=r"cannot be loaded.*bot train"):
        load_understanding(lacking)


@pytest.mark.parametrize("url", ["mysql://shop", "http://shop.example.com"])
def test_a_wrong_order_store_is_named(
    tmp_path: Path, bot_engine: Engine, settings: Settings, url: str
) -> None:
    wrong = settings.model_copy(update={"order_store_url": url})
    with pytest.raises(ConfigurationError, match="ORDER_STORE_URL"):
        build_turn_runner(tmp_path / "model.tar.gz", bot_engine, wrong)
