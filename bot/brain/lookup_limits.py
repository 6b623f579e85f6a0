"""Counts guests' failed order look-ups in the bot's database, so that a restart forgets none.

Deciding and counting are one transaction, which only one of several about the same session, order
or address can be in: on SQLite it takes the write lock at its start, on PostgreSQL an advisory lock
for each key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from actions.lookup_limits import (
    LOCK,
    Decision,
    Limit,
    LookupAttempt,
    Reservation,
    decide,
    seconds_locked,
)
from actions.orders.store import OrderStoreUnavailable
from bot.db.engine import reading, writing
from bot.db.schema import lookup_failures

LOCK_TIMEOUT = "3s"
"""How long a look-up waits for others that are counted under one of its keys."""

_MEMORY = 2 * LOCK
"""A lock that began just now may rest on failures almost `LOCK` old, and runs for `LOCK` more."""

_RECENT = (
    select(lookup_failures.c.at)
    .where(
        lookup_failures.c.kind == bindparam("kind"),
        lookup_failures.c.key_hash == bindparam("key_hash"),
        lookup_failures.c.at > bindparam("since"),
    )
    .order_by(lookup_failures.c.at.desc())
    .limit(bindparam("limit"))
)
_COUNT = insert(lookup_failures).returning(lookup_failures.c.id)
_FORGET = delete(lookup_failures).where(lookup_failures.c.at <= bindparam("before"))
_RELEASE = delete(lookup_failures).where(
    lookup_failures.c.id.in_(bindparam("counted", expanding=True))
)


class DatabaseLookupLimiter:
    """A `LookupLimiter` that all brains share; keys are stored as keyed hashes only."""

    def __init__(self, engine: Engine, *, key: bytes, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._key = key
        self._clock = clock

    def check(self, attempt: LookupAttempt) -> int:
        """Return the seconds until this look-up is allowed, 0 if it is allowed now."""
        with _translated_errors(), reading(self._engine) as connection:
            return self._decide(connection, attempt, self._clock()).wait_s

    def reserve(self, attempt: LookupAttempt) -> Reservation:
        """Count a look-up as failed before it is made, and drop what no longer counts."""
        with _translated_errors(), writing(self._engine) as connection:
            self.lock(connection, attempt.limits)
            now = self._clock()
            decision = self._decide(connection, attempt, now)
            if not decision.count:
                return Reservation(decision.wait_s)
            rows = [{**self._stored(limit), "at": now} for limit in decision.count]
            counted = connection.scalars(_COUNT, rows).all()
            connection.execute(_FORGET, {"before": now - _MEMORY})
            return Reservation(0, tuple(map(str, counted)))

    def release(self, reservation: Reservation) -> None:
        """Take back the count of a look-up that found its order, or was never answered."""
        counted = [int(row_id) for row_id in reservation.counted]
        with _translated_errors(), writing(self._engine) as connection:
            connection.execute(_RELEASE, {"counted": counted})

    def _decide(self, connection: Connection, attempt: LookupAttempt, now: datetime) -> Decision:
        waits_s = {}
        for limit in attempt.limits:
            values = {**self._stored(limit), "since": now - _MEMORY, "limit": limit.failures}
            failures = connection.scalars(_RECENT, values).all()
            waits_s[limit.key] = seconds_locked(failures, limit, now)
        return decide(attempt, waits_s)

    def lock(self, connection: Connection, limits: Sequence[Limit]) -> None:
        """Let no other look-up that is counted under one of these decide before this commits."""
        if connection.dialect.name == "sqlite":
            return  # the whole database is locked already
        # In one order everywhere, so that no two look-ups wait for each other in a circle.
        keys = sorted(int.from_bytes(self._digest(limit)[:8], signed=True) for limit in limits)
        connection.execute(select(func.set_config("lock_timeout", LOCK_TIMEOUT, True)))
        connection.execute(select(*(func.pg_advisory_xact_lock(key) for key in keys)))

    def _stored(self, limit: Limit) -> dict[str, str]:
        return {"kind": limit.kind, "key_hash": self._digest(limit).hex()}

    def _digest(self, limit: Limit) -> bytes:
        # Half a surrogate pair is no reason to fail: it is counted like any other text.
        text = limit.key.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, text, hashlib.sha256)


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise OrderStoreUnavailable("failed look-ups cannot be counted") from error
