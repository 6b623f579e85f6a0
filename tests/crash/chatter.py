"""Shoppers who ask one question after another, each in a thread, for as long as a block runs."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx

NO_LIMITS = {
    "BOT_LIMIT_SESSIONS_PER_ADDRESS": "1000000/minute",
    "BOT_LIMIT_MESSAGES_PER_SESSION": "1000000/minute",
    "BOT_LIMIT_MESSAGES_PER_ADDRESS": "1000000/minute",
}
STATUS_BY_ORDER = {
    "8100240001": "Awaiting Payment",
    "8100240002": "Awaiting Shipping",
    "8100240003": "Awaiting Delivery",
    "8100240004": "Completed",
    "8100240005": "was cancelled",
}
ANSWERED_WITHIN_S = 30
PAUSE_S = 0.05


@dataclass(frozen=True)
class Exchange:
    """A question about an order, the answer that came back, and the seconds between them."""

    order: str
    message_id: str
    replies: list[dict[str, Any]]
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether there was one answer, and it tells the order's status."""
        texts = [reply["text"] for reply in self.replies]
        return (
            len(texts) == 1 and self.order in texts[0] and STATUS_BY_ORDER[self.order] in texts[0]
        )


class Chatter(threading.Thread):
    """Ana, who asks where each of her orders is, over and over, in one conversation.

    Attributes:
        exchanges: What was asked and answered, oldest first.
        transcript: Afterwards, all messages of the conversation as the bot has stored them.
        failure: What went wrong with asking.
    """

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._http = httpx.Client(base_url=url, timeout=2 * ANSWERED_WITHIN_S)
        identity = self._http.post("/demo/identity", json={"customer": "C100"}).json()
        session = self._http.post("/api/v1/sessions", json=identity).json()
        self._headers = {"Authorization": f"Bearer {session['token']}"}
        self._may_go_on = True
        self.exchanges: list[Exchange] = []
        self.transcript: list[dict[str, Any]] = []
        self.failure: Exception | None = None

    def run(self) -> None:
        """Ask until told to stop."""
        try:
            for order in itertools.cycle(STATUS_BY_ORDER):
                if not self._may_go_on:
                    return
                self.exchanges.append(self._ask(order))
                time.sleep(PAUSE_S)
        except (httpx.HTTPError, LookupError) as error:
            self.failure = error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop after the question that is being asked, and take the transcript."""
        self._may_go_on = False
        if self.ident is not None:
            self.join(2 * ANSWERED_WITHIN_S)
            self.transcript = self._read_transcript()
        self._http.close()

    def _read_transcript(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while True:
            after = messages[-1]["seq"] if messages else 0
            page = self._http.get(
                "/api/v1/conversation/messages", params={"after": after}, headers=self._headers
            ).json()["messages"]
            if not page:
                return messages
            messages += page

    def _ask(self, order: str) -> Exchange:
        begun = time.monotonic()
        answer = self._http.post(
            "/api/v1/conversation/messages",
            json={"client_id": str(uuid.uuid4()), "text": f"where is my order {order}"},
            headers={**self._headers, "Prefer": f"wait={ANSWERED_WITHIN_S}"},
        ).raise_for_status()
        body = answer.json()
        return Exchange(order, body["message"]["id"], body["replies"], time.monotonic() - begun)


@contextmanager
def chatting(url: str, conversations: int) -> Iterator[list[Chatter]]:
    """Keep this many conversations going while the block runs; they have ended after it."""
    with ExitStack() as stack:
        chatters = [stack.enter_context(Chatter(url)) for _ in range(conversations)]
        for chatter in chatters:
            chatter.start()
        yield chatters
