"""Telling the shop's own system what happened, signed, and again until it says that it knows.

Signature and retries follow the Standard Webhooks specification (standardwebhooks.com, 1.0.0): the
headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, HMAC-SHA256 over all three parts,
a failed delivery tried again at growing distances for about three days.
"""

import asyncio
import random
from datetime import timedelta
from typing import Final

import httpx
import structlog
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from bot.db.database import Database, DatabaseAway
from bot.db.webhook_deliveries import (
    Delivery,
    claim_due,
    give_up,
    postpone,
    settle_delivered,
)
from bot.gateway.clock import Clock
from bot.gateway.metrics import Metrics

# The specification's example schedule: after the first try, in seconds.
RETRY_AFTER_S: Final = (
    5.0,
    300.0,
    1_800.0,
    7_200.0,
    18_000.0,
    36_000.0,
    50_400.0,
    72_000.0,
    86_400.0,
)
# Up to a fifth more, so that what failed together is not tried together.
JITTER: Final = 0.2
ANSWER_WITHIN_S: Final = 15.0
# Longer than a try may take: nobody else tries the same one meanwhile.
LEASE: Final = timedelta(seconds=60)
AT_ONCE: Final = 8
GONE: Final = 410
_EVERY_S: Final = 1.0

_log = structlog.get_logger("bot.gateway")


class Webhooks:
    """Sends what is queued in the database; any number of gateways may do so at once."""

    def __init__(
        self,
        database: Database,
        *,
        url: str,
        secret: SecretStr,
        clock: Clock,
        metrics: Metrics,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self._database = database
        self._url = url
        self._signer = Webhook(secret.get_secret_value())
        self._clock = clock
        self._metrics = metrics
        self._answer_within_s = answer_within_s

    async def run(self) -> None:
        """Send what is due, and look again every second, until cancelled."""
        async with httpx.AsyncClient(timeout=self._answer_within_s) as client:
            while True:
                try:
                    sent = await self.send_due(client)
                except DatabaseAway as error:
                    sent = 0
                    _log.warning("webhooks_not_read", error=str(error))
                if not sent:
                    await asyncio.sleep(_EVERY_S)

    async def send_due(self, client: httpx.AsyncClient) -> int:
        """Try each delivery that is due, a few at once; return how many were tried.

        Raises:
            DatabaseAway: the queue cannot be read or written; nothing is lost, but what has been
                sent may be sent again, with the same `webhook-id`.
        """
        claimed = await self._database.write(
            claim_due, now=self._clock(), lease=LEASE, limit=AT_ONCE
        )
        await asyncio.gather(*(self._deliver(client, delivery) for delivery in claimed))
        return len(claimed)

    async def _deliver(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        problem = await self._try(client, delivery)
        if problem is None:
            await self._database.write(settle_delivered, delivery.id, now=self._clock())
            self._count("delivered")
        elif problem == _status(GONE) or delivery.attempts >= len(RETRY_AFTER_S):
            await self._database.write(give_up, delivery.id, now=self._clock(), problem=problem)
            self._count("given_up")
            _log.error("webhook_given_up", webhook_id=delivery.id, problem=problem)
        else:
            wait_s = RETRY_AFTER_S[delivery.attempts] * random.uniform(1, 1 + JITTER)  # noqa: S311 - no secret
            due_at = self._clock() + timedelta(seconds=wait_s)
            await self._database.write(postpone, delivery.id, due_at=due_at, problem=problem)
            self._count("failed")
            _log.warning("webhook_failed", webhook_id=delivery.id, problem=problem)

    async def _try(self, client: httpx.AsyncClient, delivery: Delivery) -> str | None:
        """Send it once; return None if it arrived, else what went wrong in a few words."""
        try:
            async with (
                asyncio.timeout(self._answer_within_s),
                client.stream(
                    "POST",
                    self._url,
                    content=delivery.payload.encode(),
                    headers=self._headers(delivery),
                    follow_redirects=False,
                ) as response,
            ):
                # The answer's status is all that counts; what else it says is not read.
                return None if response.is_success else _status(response.status_code)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return type(error).__name__

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        now = self._clock()
        return {
            "content-type": "application/json",
            "user-agent": "shop-support-bot",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(delivery.id, now, delivery.payload),
        }

    def _count(self, result: str) -> None:
        self._metrics.webhook_attempts.labels(result).inc()


def _status(code: int) -> str:
    return f"HTTP {code}"
