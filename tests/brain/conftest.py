from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.orders.demo_shop import load_demo_shop
from actions.orders.migrations import upgrade_schema
from actions.orders.sql_engine import open_engine as open_orders_engine
from actions.orders.sql_store import SqlOrderStore
from actions.wiring import Services, configure
from bot.brain.in_process_actions import InProcessActions
from bot.brain.lock_store import ConversationLockStore
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.brain.rasa_environment import prepare_rasa
from bot.brain.tracker_store import TurnTrackerStore
from bot.brain.turn_log import TurnLog
from bot.brain.turns import TurnRunner
from bot.db.engine import open_engine
from bot.db.upgrade import upgrade
from tests.brain.talk import Talk
from tests.brain.taught import TaughtProcessor
from tests.conftest import PostgresDatabase

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITER_KEY = b"a key for tests"

StartTalk = Callable[..., Talk]


class ManualClock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture(scope="session", autouse=True)
def _quiet_rasa() -> None:
    prepare_rasa()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    new_postgres_database: PostgresDatabase,
) -> Iterator[str]:
    """The bot's own database with its tables, one for the tests of a module."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('bot') / 'bot.sqlite3'}"
    else:
        with new_postgres_database() as url:
            yield url


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def bot_engine(tmp_path: Path) -> Iterator[Engine]:
    """The bot's own database for one test, where it does not matter which kind it is."""
    engine = open_engine(f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def orders_engine(tmp_path: Path) -> Iterator[Engine]:
    """An order database that holds the demo shop."""
    engine = open_orders_engine(f"sqlite:///{tmp_path / 'orders.sqlite3'}")
    upgrade_schema(engine)
    load_demo_shop(engine, now=NOW)
    yield engine
    engine.dispose()


@pytest.fixture
def order_store(orders_engine: Engine, bot_engine: Engine, clock: ManualClock) -> SqlOrderStore:
    """The demo shop, which the actions of this test work with."""
    store = SqlOrderStore(orders_engine, clock=clock)
    limiter = DatabaseLookupLimiter(bot_engine, key=LIMITER_KEY, clock=clock)
    configure(Services(store=store, limiter=limiter, clock=clock))
    return store


@pytest.fixture(scope="session")
def processor(trained_model: Path) -> TaughtProcessor:
    """The real model and the real actions; each test gives it a tracker store of its own."""
    return TaughtProcessor(
        str(trained_model),
        tracker_store=TurnTrackerStore(None, log=TurnLog(open_engine("sqlite://"), ManualClock())),
        lock_store=ConversationLockStore(),
        actions=InProcessActions("actions"),
    )


@pytest.fixture
def log(bot_engine: Engine, clock: ManualClock) -> TurnLog:
    return TurnLog(bot_engine, clock)


@pytest.fixture
def runner(processor: TaughtProcessor, log: TurnLog, order_store: SqlOrderStore) -> TurnRunner:
    store = TurnTrackerStore(processor.domain, log=log)
    processor.tracker_store = store
    return TurnRunner(processor, store, log, "model")


@pytest.fixture
def talk(runner: TurnRunner) -> StartTalk:
    """Start conversations with the bot: `talk("C100")` as Ana, `talk()` as a guest."""

    def start(customer_id: str | None = None, **details: str) -> Talk:
        return Talk(runner, customer_id, **details)

    return start


@pytest.fixture
def ana(talk: StartTalk) -> Talk:
    """Ana, signed in, has one order in each status: 8100240001 to 8100240005."""
    return talk("C100")


@pytest.fixture
def guest(talk: StartTalk) -> Talk:
    return talk()
