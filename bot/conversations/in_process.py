"""Conversations in this process, through the real brain with its real model."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete

from actions.orders.migrations import upgrade_schema
from actions.orders.sql_engine import open_engine as open_orders_engine
from actions.orders.sql_store import SqlOrderStore
from actions.wiring import Services, configure
from bot.brain.contract import AnswersTurns, Choice, FinishedTurn, ShopperContext, TurnRequest
from bot.brain.lookup_limits import DatabaseLookupLimiter
from bot.brain.turn_log import TurnLog
from bot.conversations.faulty_store import FaultyStore
from bot.conversations.format import Conversation, Later, Step, StoreIs
from bot.conversations.placeholders import read_duration
from bot.conversations.shown import Offer, Reply
from bot.conversations.sql_world import SqlWorld
from bot.conversations.stage import Refused
from bot.db.engine import open_engine, writing
from bot.db.schema import lookup_failures
from bot.db.upgrade import upgrade
from bot.gateway.typed_text import MAX_TEXT_CHARS, clean_text

BuildRunner = Callable[[TurnLog], AnswersTurns]


class ManualClock:
    """A clock that stands still until time passes."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class InProcessStage:
    """A `Stage` with databases of its own in a folder; one at a time in a process.

    The actions of this process work with its order store as long as it is used. Each conversation
    begins at `begins_at`.
    """

    def __init__(self, folder: Path, build: BuildRunner, *, begins_at: datetime) -> None:
        self.begins_at = begins_at
        self._clock = ManualClock(begins_at)
        self._bot_engine = open_engine(f"sqlite:///{folder / 'bot.sqlite3'}")
        self._orders_engine = open_orders_engine(f"sqlite:///{folder / 'orders.sqlite3'}")
        upgrade(self._bot_engine)
        upgrade_schema(self._orders_engine)
        self.world = SqlWorld(self._orders_engine, self._clock)
        self._store = FaultyStore(SqlOrderStore(self._orders_engine, clock=self._clock))
        limiter = DatabaseLookupLimiter(
            self._bot_engine, key=secrets.token_bytes(), clock=self._clock
        )
        self._services = Services(store=self._store, limiter=limiter, clock=self._clock)
        configure(self._services)
        self.runner = build(TurnLog(self._bot_engine, self._clock))

    def close(self) -> None:
        """Let go of the databases."""
        self._bot_engine.dispose()
        self._orders_engine.dispose()

    def reset(self) -> None:
        """Put the shop, the clock and what was counted back to the beginning."""
        configure(self._services)
        self._clock.now = self.begins_at
        self._store.mend()
        self.world.reset()
        with writing(self._bot_engine) as connection:
            connection.execute(delete(lookup_failures))

    @asynccontextmanager
    async def begin(self, conversation: Conversation) -> AsyncIterator[InProcessTabs]:
        self.reset()
        yield InProcessTabs(self.runner, conversation)

    def change(self, step: Step) -> None:
        match step:
            case Later():
                self._clock.now += read_duration(step.later)
            case StoreIs(the_store="is away"):
                self._store.is_away = True
            case StoreIs(the_store="loses its next answer"):
                self._store.loses_next_answer = True
            case _:
                self._store.mend()


class InProcessTabs:
    """The tabs of one conversation's shopper."""

    def __init__(self, runner: AnswersTurns, conversation: Conversation) -> None:
        self._runner = runner
        self._conversation = conversation

    async def open(self) -> InProcessTab:
        shopper = ShopperContext(
            session_id=str(uuid.uuid4()),
            customer_id=self._conversation.customer_id,
            customer_name=None,
            address_key="conversations",
            time_zone=self._conversation.time_zone,
            locale=self._conversation.locale,
        )
        return InProcessTab(self._runner, shopper)


class InProcessTab:
    """A session, with the texts refused that the gateway would refuse."""

    def __init__(self, runner: AnswersTurns, shopper: ShopperContext) -> None:
        self._runner = runner
        self._shopper = shopper
        self._conversation_id = str(uuid.uuid4())
        self._latest: TurnRequest | None = None
        self.finished: FinishedTurn | None = None

    async def says(self, text: str) -> Sequence[Reply]:
        typed = clean_text(text)
        if not 0 < len(typed) <= MAX_TEXT_CHARS:
            raise Refused(f"a text has 1 to {MAX_TEXT_CHARS} characters")
        return await self._answer(self._request(text=typed))

    async def taps(self, offer: Offer) -> Sequence[Reply]:
        return await self._answer(self._request(choice=Choice(offer.title, offer.handle)))

    async def sends_again(self) -> Sequence[Reply]:
        if self._latest is None:
            raise Refused("nothing was sent yet")
        return await self._answer(self._latest)

    def _request(self, *, text: str | None = None, choice: Choice | None = None) -> TurnRequest:
        return TurnRequest(
            self._conversation_id, str(uuid.uuid4()), self._shopper, text=text, choice=choice
        )

    async def _answer(self, request: TurnRequest) -> Sequence[Reply]:
        self._latest = request
        self.finished = await self._runner.run(request)
        return [Reply.parse(reply, "payload") for reply in self.finished.replies]
