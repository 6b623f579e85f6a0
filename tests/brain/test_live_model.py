import asyncio
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.brain.contract import FinishedTurn, ShopperContext, TurnRequest
from bot.brain.live_model import LiveModel
from bot.errors import ConfigurationError

LOOK_EVERY_S = 0.01
PATIENCE_S = 10.0

SHOPPER = ShopperContext("session", None, None, "address", "UTC", "en")


class FakeRunner:
    """A model that is called what its file says; a turn on it ends when it may."""

    def __init__(self, model_id: str) -> None:
        self.model_id = model_id
        self.may_end = asyncio.Event()

    async def run(self, request: TurnRequest) -> FinishedTurn:
        await self.may_end.wait()
        return FinishedTurn(request.message_id, [], {}, self.model_id)


def load(model: Path) -> FakeRunner:
    content = model.read_text()
    if content == "broken":
        raise ConfigurationError("model.tar.gz: this model cannot be loaded")
    if content == "terrible":
        raise MemoryError("of a library")
    return FakeRunner(content)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.tar.gz"
    put(path, "first")
    return path


def put(model: Path, content: str) -> None:
    """Make another file live in one step, as a promotion does."""
    file = model.with_name(f"{content}.tar.gz")
    file.write_text(content)
    draft = model.with_name("draft")
    draft.symlink_to(file.name)
    draft.replace(model)


@asynccontextmanager
async def followed(live: LiveModel) -> AsyncIterator[None]:
    await live.load_first()
    following = asyncio.create_task(live.follow())
    yield
    following.cancel()


def follow(model: Path) -> LiveModel:
    return LiveModel(model, lambda: load, look_every_s=LOOK_EVERY_S)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110 - what is followed is a file
            await asyncio.sleep(LOOK_EVERY_S)


def answering(live: LiveModel) -> str:
    assert live.runner is not None
    return live.runner.model_id


async def test_another_model_that_goes_live_answers(model: Path) -> None:
    live = follow(model)
    async with followed(live):
        for name in ("second", "third", "second"):
            put(model, name)
            await until(lambda name=name: answering(live) == name)  # type: ignore[misc]
    assert live.warning is None


async def test_a_turn_ends_on_the_model_it_began_with(model: Path) -> None:
    live = follow(model)
    async with followed(live):
        old = live.runner
        assert isinstance(old, FakeRunner)
        turn = asyncio.create_task(old.run(TurnRequest("conversation", "message", SHOPPER, "hi")))
        put(model, "second")
        await until(lambda: answering(live) == "second")
        old.may_end.set()
        assert (await turn).model_id == "first"


@pytest.mark.parametrize("kind", ["broken", "terrible"])
async def test_where_the_new_model_cannot_be_served_the_old_one_answers_on(
    model: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    live = follow(model)
    async with followed(live):
        put(model, kind)
        await until(lambda: live.warning is not None)
        assert answering(live) == "first"
        assert "first does" in str(live.warning)
        assert str(live.warning) in caplog.text
        put(model, "second")
        await until(lambda: answering(live) == "second")
        assert live.warning is None


async def test_a_model_that_cannot_be_served_is_tried_once(model: Path) -> None:
    tried: list[str] = []

    def count(path: Path) -> FakeRunner:
        tried.append(path.read_text())
        return load(path)

    live = LiveModel(model, lambda: count, look_every_s=LOOK_EVERY_S)
    async with followed(live):
        put(model, "broken")
        await until(lambda: live.warning is not None)
        await asyncio.sleep(10 * LOOK_EVERY_S)
    assert tried == ["first", "broken"]


async def test_while_the_file_is_away_the_model_stays(model: Path) -> None:
    live = follow(model)
    async with followed(live):
        await asyncio.to_thread(model.unlink)
        await asyncio.sleep(10 * LOOK_EVERY_S)
        assert (answering(live), live.warning) == ("first", None)
        put(model, "second")
        await until(lambda: answering(live) == "second")


async def test_the_old_model_is_let_go(model: Path) -> None:
    live = follow(model)
    async with followed(live):
        old = weakref.ref(live.runner)
        put(model, "second")
        await until(lambda: answering(live) == "second")
        await until(lambda: old() is None)
