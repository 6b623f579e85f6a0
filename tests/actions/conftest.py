import pytest
from rasa_sdk.executor import ActionExecutor

from actions.lookup_limits import InMemoryLookupLimiter
from actions.orders.demo_shop import DEMO_SHOP_PATH
from actions.orders.shop_file import Shop, read_shop
from actions.wiring import Services, configure
from tests.actions.conversation import Conversation
from tests.actions.orders.worlds import NOW, ManualClock
from tests.actions.stores import TroubledStore

DEADLINE_S = 0.5


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture(scope="session")
def shop() -> Shop:
    return read_shop(DEMO_SHOP_PATH, now=NOW)


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture
def store(shop: Shop, clock: ManualClock) -> TroubledStore:
    """The demo shop, which the actions of this test work with."""
    store = TroubledStore(shop, clock=clock)
    limiter = InMemoryLookupLimiter(clock)
    configure(Services(store=store, limiter=limiter, clock=clock, deadline_s=DEADLINE_S))
    return store


@pytest.fixture
def ana(executor: ActionExecutor, store: TroubledStore) -> Conversation:
    """Ana, signed in, has one order in each status: 8100240001 to 8100240005."""
    return Conversation(executor, customer_id="C100")


@pytest.fixture
def guest(executor: ActionExecutor, store: TroubledStore) -> Conversation:
    return Conversation(executor)
