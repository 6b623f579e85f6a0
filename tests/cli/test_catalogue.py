"""`bot catalogue`: the file it writes, and when it writes none."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, update

from actions.orders.sql_schema import products, variants
from tests.cli.conftest import PASSWORD, SECRET, RunBot
from tests.trained_model import ROOT

SHIPPED = (ROOT / "data" / "catalogue.yml").read_text("utf-8")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "BOT_STATE_DIR": str(tmp_path / "state"),
        "BOT_SECRET_KEY": SECRET,
        "ORDER_STORE_URL": f"sqlite:///{tmp_path / 'orders.sqlite3'}",
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def file(project: Path) -> Path:
    return project / "data" / "catalogue.yml"


@pytest.fixture
def loaded(bot: RunBot, tmp_path: Path) -> Path:
    """The order database with the demo shop in it."""
    assert bot("demo", "load").code == 0
    return tmp_path / "orders.sqlite3"


def change(database: Path, table: object, **columns: object) -> None:
    engine = create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.execute(update(table).values(**columns))  # type: ignore[arg-type]
    engine.dispose()


@pytest.mark.usefixtures("loaded")
def test_the_demo_shop_gives_the_file_that_is_shipped(bot: RunBot, file: Path) -> None:
    outcome = bot("catalogue")
    assert (outcome.code, outcome.err) == (0, "")
    assert "names of 12 products" in outcome.out
    assert file.read_text("utf-8") == SHIPPED
    assert [path.name for path in file.parent.iterdir()] == ["catalogue.yml"]


@pytest.mark.usefixtures("loaded")
def test_a_file_that_is_up_to_date_is_left_alone(bot: RunBot, file: Path) -> None:
    bot("catalogue")
    inode = file.stat().st_ino
    for arguments in (["catalogue"], ["catalogue", "--check"]):
        outcome = bot(*arguments)
        assert (outcome.code, outcome.lines) == (0, ["data/catalogue.yml: up to date"])
    assert file.stat().st_ino == inode


def test_a_check_fails_while_the_file_is_behind_and_writes_nothing(
    bot: RunBot, loaded: Path, file: Path
) -> None:
    assert bot("catalogue", "--check").code == 1
    assert not file.exists()
    bot("catalogue")
    change(loaded, products, title="Felt Hat")
    outcome = bot("catalogue", "--check")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "run: bot catalogue" in outcome.err
    assert file.read_text("utf-8") == SHIPPED
    assert bot("catalogue").code == 0
    assert "Felt Hats" in file.read_text("utf-8")


@pytest.mark.parametrize("arguments", [["catalogue"], ["catalogue", "--check"]], ids=" ".join)
@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        (f"postgresql://bot:{PASSWORD}@127.0.0.1:1/shop", 2, "ORDER_STORE_URL"),
        ("sqlite:////nowhere/at/all/shop.sqlite3", 2, "ORDER_STORE_URL"),
        ("https://shop.example.com/api", 2, "ORDER_STORE_TOKEN"),
        ("", 1, "no products"),
    ],
)
def test_a_store_without_an_answer_is_one_line_and_the_file_stays(
    bot: RunBot, file: Path, arguments: list[str], url: str, code: int, said: str
) -> None:
    file.write_text("as it was")
    outcome = bot(*arguments, ORDER_STORE_URL=url)
    assert (outcome.code, outcome.err.count("\n"), outcome.out) == (code, 1, "")
    assert said in outcome.err
    assert PASSWORD not in outcome.err
    assert file.read_text() == "as it was"


def test_a_variant_that_cannot_be_read_is_named(bot: RunBot, loaded: Path, file: Path) -> None:
    change(loaded, variants, attributes={"size": 26})
    outcome = bot("catalogue")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "its size is no text" in outcome.err
    assert not file.exists()


@pytest.mark.usefixtures("loaded")
def test_a_file_that_cannot_be_replaced_is_one_line(bot: RunBot, file: Path) -> None:
    file.mkdir()
    outcome = bot("catalogue")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "data/catalogue.yml" in outcome.err


def test_the_demo_needs_no_settings(bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOT_SECRET_KEY")
    bot("demo", "load")
    assert bot("catalogue").code == 2
    assert bot("catalogue", "--demo").code == 0
