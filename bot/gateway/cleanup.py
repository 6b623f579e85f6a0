"""Deleting sessions that ended, and webhook deliveries that were settled, long ago.

What was said stays: how long conversations are kept is for the shop to decide.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, select

from bot.db.database import Database, DatabaseAway
from bot.db.schema import sessions
from bot.db.webhook_deliveries import delete_settled
from bot.gateway.clock import Clock

KEEP_EXPIRED = timedelta(days=30)
KEEP_SETTLED = timedelta(days=30)
_EVERY_S = 3600.0
# Small enough that no message waits for it.
_BATCH = 500

_log = structlog.get_logger("bot.gateway")


class Cleanup:
    """The hourly clearing up; any number of gateways may do it at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Clear up now and every hour, until cancelled."""
        while True:
            try:
                await self.clear_up()
            except DatabaseAway as error:
                _log.warning("cleanup_failed", error=str(error))
            await asyncio.sleep(_EVERY_S)

    async def clear_up(self) -> None:
        """Delete the sessions that expired, and the deliveries settled, more than 30 days ago."""
        before = self._clock() - KEEP_EXPIRED
        while await self._database.write(delete_sessions, expired_before=before) == _BATCH:
            pass
        settled = self._clock() - KEEP_SETTLED
        while (
            await self._database.write(delete_settled, settled_before=settled, limit=_BATCH)
            == _BATCH
        ):
            pass


def delete_sessions(connection: Connection, *, expired_before: datetime) -> int:
    """Delete one batch; return how many there were."""
    batch = select(sessions.c.id).where(sessions.c.expires_at < expired_before).limit(_BATCH)
    return connection.execute(delete(sessions).where(sessions.c.id.in_(batch))).rowcount
