"""Prints whether a guest could tell a wrong e-mail from an unknown number by the time it takes.

    python -m tests.benchmarks.guest_look_ups [--look-ups N] [--orders URL] [--bot URL]

Both kinds of look-up are made in turn, each in a session of its own, counted and all, on scratch
SQLite databases or on those that are named. No test depends on the figures: tests count the work.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from actions.lookup_limits import LookupAttempt
from actions.order_desk import LookupsLocked, OrderDesk, StoreCalls
from actions.orders.demo_shop import load_demo_shop
from actions.orders.migrations import upgrade_schema
from actions.orders.sql_engine import open_engine as open_orders
from actions.orders.sql_store import SqlOrderStore
from actions.seller_notices import NoNotices
from actions.shopper import Shopper
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.db.engine import open_engine
from bot.db.upgrade import upgrade
from tests.benchmarks.timing import summarise

WRONG_EMAIL = ("8100240003", "eve@example.com")
UNKNOWN_NUMBER = ("8100249999", "ana@example.com")
AMPLE_S = 600.0
WARM_UP = 20


async def time_look_up(desk: OrderDesk, number: str, email: str) -> float:
    """Return the seconds that one look-up took, from a session and an address seen never before."""
    attempt = LookupAttempt(secrets.token_hex(8), number, secrets.token_hex(8))
    begun = time.perf_counter()
    # A locked order takes as long, whether there is one or not.
    with suppress(LookupsLocked):
        await desk.find_by_proof(attempt, email)
    return time.perf_counter() - begun


async def measure(orders_url: str, bot_url: str, look_ups: int) -> dict[str, list[float]]:
    """Return the durations of both kinds in seconds."""
    orders_engine, bot_engine = open_orders(orders_url), open_engine(bot_url)
    upgrade_schema(orders_engine)
    load_demo_shop(orders_engine, now=datetime.now(UTC))
    upgrade(bot_engine)
    limiter = DatabaseLookupLimiter(bot_engine, key=b"bench", clock=lambda: datetime.now(UTC))
    durations: dict[str, list[float]] = {"wrong e-mail": [], "unknown number": []}
    with ThreadPoolExecutor(1) as thread:
        calls = StoreCalls(thread, call_deadline_s=AMPLE_S, turn_deadline_s=AMPLE_S)
        store = SqlOrderStore(orders_engine)
        desk = OrderDesk(store, limiter, NoNotices(), Shopper(None), calls)
        for number in range(WARM_UP + look_ups):
            kinds = [WRONG_EMAIL, UNKNOWN_NUMBER]
            names = list(durations)
            # Whichever comes first must not always be the same one.
            for index in (0, 1) if number % 2 else (1, 0):
                duration = await time_look_up(desk, *kinds[index])
                if number >= WARM_UP:
                    durations[names[index]].append(duration)
    orders_engine.dispose()
    bot_engine.dispose()
    return durations


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--look-ups", type=int, default=500, help="how many of each kind")
    parser.add_argument("--orders", help="URL of a scratch order database")
    parser.add_argument("--bot", help="URL of a scratch database of the bot")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        orders_url = options.orders or f"sqlite:///{Path(folder) / 'orders.sqlite3'}"
        bot_url = options.bot or f"sqlite:///{Path(folder) / 'bot.sqlite3'}"
        durations = asyncio.run(measure(orders_url, bot_url, options.look_ups))
    summaries = {name: summarise(seconds) for name, seconds in durations.items()}
    for name, summary in summaries.items():
        print(f"{name:16} median {summary.median_ms:.3f} ms, p99 {summary.p99_ms:.3f} ms")
    wrong, unknown = (summary.median_ms for summary in summaries.values())
    print(f"ratio of medians {wrong / unknown:.3f}")


if __name__ == "__main__":
    main()
