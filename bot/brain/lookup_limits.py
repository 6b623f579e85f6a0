"""Counts guests' failed order look-ups in the bot's database, so that a restart forgets none."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, bindparam, delete, insert, select
from sqlalchemy.exc import DBAPIError

from actions.lookup_limits import LOCK, LookupAttempt
from actions.orders.store import OrderStoreUnavailable
from bot.db.engine import reading, writing
from bot.db.schema import lookup_failures

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


class DatabaseLookupLimiter:
    """A `LookupLimiter` that all brains share; keys are stored as keyed hashes only."""

    def __init__(self, engine: Engine, *, key: bytes, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._key = key
        self._clock = clock

    def check(self, attempt: LookupAttempt) -> int:
        """Return the seconds until this look-up is allowed, 0 if it is allowed now.

        The lock runs from the failure that was one too many, not from the first one.
        """
        now = self._clock()
        waits = [0.0]
        try:
            with reading(self._engine) as connection:
                for name, limit in attempt.limits():
                    values = {**self._stored(name), "since": now - _MEMORY, "limit": limit}
                    failures = list(connection.scalars(_RECENT, values))
                    if len(failures) == limit and failures[0] - failures[-1] < LOCK:
                        waits.append((failures[0] + LOCK - now).total_seconds())
        except DBAPIError as error:
            raise OrderStoreUnavailable("failed look-ups cannot be counted") from error
        return math.ceil(max(waits))

    def record_failure(self, attempt: LookupAttempt) -> None:
        """Count a look-up that found nothing, and drop what no longer counts."""
        now = self._clock()
        rows = [{**self._stored(name), "at": now} for name, _ in attempt.limits()]
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(lookup_failures), rows)
                connection.execute(
                    delete(lookup_failures).where(lookup_failures.c.at <= now - _MEMORY)
                )
        except DBAPIError as error:
            raise OrderStoreUnavailable("failed look-ups cannot be counted") from error

    def _stored(self, name: str) -> dict[str, str]:
        kind = name.split(":", 1)[0]
        digest = hmac.digest(self._key, name.encode(), hashlib.sha256).hex()
        return {"kind": kind, "key_hash": digest}
