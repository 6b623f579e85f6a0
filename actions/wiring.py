"""Composition root of the actions: which store and which limiter they work with."""

import os
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from actions.lookup_limits import InMemoryLookupLimiter, LookupLimiter
from actions.orders.sql_engine import OrderStoreUrlError, open_engine
from actions.orders.sql_store import SqlOrderStore
from actions.orders.store import Clock, OrderStore, utc_now
from actions.seller_notices import NoNotices, SellerNotices

STORE_DEADLINE_S: Final = 3.0
# Shorter than the brain waits for an action, which would say less about what came of it.
TURN_DEADLINE_S: Final = 6.0
STORE_THREADS: Final = 8


def _store_threads() -> Executor:
    return ThreadPoolExecutor(STORE_THREADS, thread_name_prefix="order-store")


@dataclass(frozen=True, slots=True)
class Services:
    """What the actions work with.

    `deadline_s` is the longest that a turn waits for one store call, `turn_deadline_s` for all of
    them; `threads` run these calls and nothing else.
    """

    store: OrderStore
    limiter: LookupLimiter
    notices: SellerNotices = field(default_factory=NoNotices)
    clock: Clock = utc_now
    deadline_s: float = STORE_DEADLINE_S
    turn_deadline_s: float = TURN_DEADLINE_S
    threads: Executor = field(default_factory=_store_threads)


class _Wiring:
    """Holds the one `Services` of the process: Rasa builds actions without arguments."""

    def __init__(self) -> None:
        self.services: Services | None = None


_WIRING: Final = _Wiring()


def configure(services: Services) -> None:
    """Set what every action uses from now on; the brain calls this before its first turn."""
    _WIRING.services = services


def current_services() -> Services:
    """Give the configured services; an unconfigured process reads its environment once."""
    if _WIRING.services is None:
        _WIRING.services = services_from_environment(os.environ)
    return _WIRING.services


def services_from_environment(environ: Mapping[str, str]) -> Services:
    """Build what stock `rasa run actions` needs, where nobody calls `configure`.

    Raises:
        OrderStoreUrlError: `ORDER_STORE_URL` is missing or names no store that can be opened.
    """
    url = environ.get("ORDER_STORE_URL", "")
    if not url:
        raise OrderStoreUrlError("ORDER_STORE_URL is not set; name the shop's order database")
    return Services(store=open_order_store(url), limiter=InMemoryLookupLimiter(utc_now))


def open_order_store(url: str) -> OrderStore:
    """Open the shop's order store behind a SQLAlchemy URL; connects to nothing yet.

    Raises:
        OrderStoreUrlError: The URL names no store that can be opened.
    """
    return SqlOrderStore(open_engine(url))
